#!/usr/bin/env bash
# `make run`: set up, build, fill the demo once, serve it, and say what to open.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

host=${HOST:-127.0.0.1}
port=${PORT:-8080}
weiwang=.build/release/weiwang

scripts/setup.sh run
scripts/build.sh

# With PostgreSQL the folder holds files only; each database has a folder of its own.
if [ -n "${DATABASE:-}" ]; then
    folder=data/demo-$(printf %s "$DATABASE" | sha256sum | cut -c1-12)
    where=(--data "$folder" --database "$DATABASE")
else
    folder=data/demo
    where=(--data "$folder")
fi
signins=$folder.signins
mkdir -p data

if [ ! -s "$signins" ]; then
    # A demo that was cut short is half a demo: what this script began, it may begin again.
    if [ -e "$folder.filling" ]; then rm -rf "$folder"; fi
    : >"$folder.filling"
    "$weiwang" demo "${where[@]}" | tee "$signins.part"
    mv "$signins.part" "$signins"
    rm "$folder.filling"
fi

# Once the server answers, the last words on the screen are what to open.
announce() {
    local address=http://localhost:$port tries=0
    until /usr/bin/python3 -c "import urllib.request; urllib.request.urlopen('$address/health', timeout=2)" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt 150 ] || return 0
        sleep 0.2
    done
    if [ "$public" != "$address" ]; then printf '\n  On a phone in the same network: %s/ (without HTTPS it gives no position)\n' "$public"; fi
    printf '\n  Open     %s/          report a problem, follow it (no account)\n' "$address"
    printf '           %s/field     micro-grid leader, grid worker\n' "$address"
    printf '           %s/desk      community, department, operations center\n' "$address"
    printf '           %s/command   the figures of the day\n' "$address"
    printf '           %s/admin     units, posts, grids\n\n' "$address"
    printf '  Demo sign-ins (role, name, password):\n'
    awk 'NF == 3 { printf "    %-20s %-12s %s\n", $1, $2, $3 }' "$signins"
    printf '\n  Ctrl-C ends it. The data stays in %s.\n' "$folder"
}
# A phone in the network needs links that lead here by this machine's own address.
public=http://localhost:$port
if [ "$host" = 0.0.0.0 ]; then
    own=$(hostname -I 2>/dev/null | awk '{ print $1 }')
    public=http://${own:-localhost}:$port
fi
announce &
exec "$weiwang" serve "${where[@]}" --host "$host" --port "$port" --public-url "${WEIWANG_PUBLIC_URL:-$public}"
