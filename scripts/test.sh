#!/usr/bin/env bash
# `make test`: set-up, debug build, Swift tests on both databases, fault tests, browser walks.
# The last line is plain: "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/postgres.sh

say() { printf '→ %s\n' "$*"; }
passed=0
failed=0

scratch=$(mktemp -d /tmp/weiwang-test.XXXXXX)
chmod 755 "$scratch"
finish() {
    postgres_stop
    rm -rf "$scratch"
}
trap finish EXIT
trap 'interrupt 130' INT
trap 'interrupt 143' TERM HUP

# Long commands run beside the script, so that it can answer an interrupt at once.
child=
run() {
    "$@" &
    child=$!
    wait "$child"
}
interrupt() {
    if [ -n "$child" ]; then kill "$child" 2>/dev/null; wait "$child" 2>/dev/null; fi
    exit "$1"
}

# Takes "passed failed" from the file that a part of the run leaves; a part that left none has failed as a whole.
add_up() {
    local part=$1 more_passed=0 more_failed=1
    if [ -s "$scratch/$part.sum" ]; then read -r more_passed more_failed <"$scratch/$part.sum"; fi
    passed=$((passed + more_passed))
    failed=$((failed + more_failed))
}

run scripts/setup.sh test || exit 1

say "build (debug, with tests)"
run swift build --build-tests || { echo "0 passed, 1 failed"; exit 1; }

say "PostgreSQL 15 in a scratch folder"
postgres_start "$scratch/postgres" || { echo "0 passed, 1 failed"; exit 1; }

say "Swift tests"
# A trace of each error that is thrown would be a sixth of the run, and refusals are thrown by the thousand.
export SWT_SWIFT_ERROR_BACKTRACING_ENABLED=0
run swift test --skip-build --event-stream-output-path "$scratch/events.jsonl"
/usr/bin/python3 scripts/count.py "$scratch/events.jsonl" --sum "$scratch/swift.sum"
add_up swift

# Each stands on its own: it starts its servers, and stops them.
if [ -f Tests/faults/run.py ]; then
    say "faults: kill -9, power cut, failing and full disk, lost replies, absent database, overload, costly bodies, a short while of steady work, two nodes"
    run /usr/bin/python3 Tests/faults/run.py --weiwang .build/debug/weiwang --postgres "$WEIWANG_TEST_POSTGRES" \
        --scratch "$scratch/faults" --sum "$scratch/faults.sum"
    add_up faults
fi
if [ -f Tests/browser/run.py ]; then
    say "browser walks"
    run .venv/bin/python3 Tests/browser/run.py --weiwang .build/debug/weiwang --scratch "$scratch/browser" --sum "$scratch/browser.sum"
    add_up browser
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
