#!/usr/bin/env bash
# Makes ready what Weiwang needs: system packages, browser libraries; for the tests PostgreSQL and a browser; for `make soak` Patroni and
# etcd, which no service manager starts.
# Quick and without network when all is there. Usage: scripts/setup.sh [run|test|soak]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

purpose=${1:-run}
needed_to_run=(
    ca-certificates git tzdata binutils libc6-dev libstdc++-12-dev zlib1g-dev pkg-config
    libsqlite3-dev libpq-dev libgeos-dev libqrencode-dev libxlsxwriter-dev
    gdal-bin libvips-tools python3 python3-venv
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk
)
needed_to_test=(postgresql-15 chromium zbar-tools)
needed_to_soak=(patroni etcd-server python3-etcd)

say() { printf '→ %s\n' "$*"; }
fail() { printf 'weiwang set-up: %s\n' "$*" >&2; exit 1; }

case $purpose in
    run) packages=("${needed_to_run[@]}") ;;
    test) packages=("${needed_to_run[@]}" "${needed_to_test[@]}") ;;
    soak) packages=("${needed_to_run[@]}" "${needed_to_test[@]}" "${needed_to_soak[@]}") ;;
    *) fail "unknown purpose \"$purpose\"; use run, test or soak" ;;
esac

command -v swift >/dev/null || fail "swift is not on PATH. Install the Swift 6.3 toolchain for Debian 12 (swift.org/install) and put its usr/bin on PATH."

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
    local missing=() name
    for name in "${packages[@]}"; do
        case $(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null || true) in
            installed) ;;
            *) missing+=("$name") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "system packages still to install: ${missing[*]}"
    command -v apt-get >/dev/null || fail "these packages are missing and there is no apt-get here: ${missing[*]}"
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        fail "not root and no sudo. Ask whoever may: apt-get install --no-install-recommends ${missing[*]}"
    fi
    # No cluster of PostgreSQL's own may start beside the one that the tests make.
    local cluster=/etc/postgresql-common/createcluster.conf
    if [[ " ${missing[*]} " == *" postgresql-15 "* ]] && ! grep -qs '^create_main_cluster *= *false' "$cluster"; then
        as_root mkdir -p "${cluster%/*}"
        echo 'create_main_cluster = false' | as_root tee -a "$cluster" >/dev/null
    fi
    # The tests start their own: what is installed here starts no service.
    local policy=/usr/sbin/policy-rc.d ours=
    if [ "$purpose" != run ] && ! [ -e "$policy" ]; then
        ours=yes
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        # shellcheck disable=SC2064  # the path as it is now
        trap "as_root rm -f '$policy'" EXIT
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Dpkg::Options::=--force-confold "${missing[@]}"
    if [ -n "$ours" ]; then
        as_root rm -f "$policy"
        trap - EXIT
    fi
    # Nor at the next start of the machine.
    for name in patroni:patroni etcd-server:etcd; do
        if [[ " ${missing[*]} " == *" ${name%:*} "* ]] && command -v systemctl >/dev/null; then
            as_root systemctl disable -q "${name#*:}" || true
        fi
    done
}

# Debian's own Python, so that a version manager on PATH changes nothing.
python=/usr/bin/python3

make_venv() {
    .venv/bin/python3 -m pip --version >/dev/null 2>&1 && return 0
    say "Python environment .venv"
    rm -rf .venv
    "$python" -m venv .venv
}

# From inside a wheel to a name in vendor/.
take() { cp "$unpacked/$1" "vendor.part/$2"; }

unpack_vendor() {
    local mark
    mark=$({ cat vendor.lock; declare -f unpack_vendor; } | sha256sum | cut -d' ' -f1)
    [ "$(cat vendor/.from 2>/dev/null || true)" = "$mark" ] && return 0
    make_venv
    say "browser libraries (MapLibre, htmx, Vue, ECharts…) into vendor/"
    local scratch unpacked wheel
    scratch=$(mktemp -d)
    unpacked=$scratch/unpacked
    .venv/bin/python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
        -d "$scratch/wheels" -r vendor.lock ||
        fail "the browser libraries could not be fetched from the Python package index; see vendor.lock"
    mkdir -p "$unpacked"
    for wheel in "$scratch"/wheels/*.whl; do "$python" -m zipfile -e "$wheel" "$unpacked"; done
    rm -rf vendor.part
    mkdir vendor.part
    take maplibre/srcjs/maplibre-gl.js maplibre-gl.js
    take maplibre/srcjs/maplibre-gl.css maplibre-gl.css
    take django_htmx/static/django_htmx/htmx-2.min.js htmx.js
    take django_htmx/static/django_htmx/ext/hx-sse-2.min.js hx-sse.js
    take nicegui/static/vue.esm-browser.prod.js vue.js
    # echarts.js imports its big neighbour by that neighbour's hashed name.
    take nicegui/elements/echart/dist/index.js echarts.js
    take nicegui/elements/echart/dist/index-DlVyZyb_.js index-DlVyZyb_.js
    echo "$mark" >vendor.part/.from
    rm -rf vendor "$scratch"
    mv vendor.part vendor
}

# Python packages of a list into .venv: install_python LIST WHAT
install_python() {
    local mark kept=.venv/.from-$1
    mark=$(sha256sum "$1" | cut -d' ' -f1)
    [ "$(cat "$kept" 2>/dev/null || true)" = "$mark" ] && return 0
    make_venv
    say "$2 into .venv"
    .venv/bin/python3 -m pip install -q --disable-pip-version-check -r "$1" ||
        fail "$2 could not be installed from the Python package index; see $1"
    echo "$mark" >"$kept"
}

install_packages
unpack_vendor
install_python requirements.txt "WeasyPrint (PDF)"
if [ "$purpose" != run ]; then install_python requirements-test.txt "Playwright"; fi
if [ "$purpose" = soak ]; then install_python requirements-soak.txt "schemathesis"; fi
