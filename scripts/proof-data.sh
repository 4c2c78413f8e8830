#!/usr/bin/env bash
# `make proof-data SHARED=folder`: checks on real data that is not ours to ship. What is absent is said, not failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

shared=${SHARED:-../shared/data}
weiwang=$PWD/.build/release/weiwang
scratch=$(mktemp -d /tmp/weiwang-proof.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 143' INT TERM HUP
passed=0
failed=0

# check "what should hold" command…
check() {
    local what=$1
    shift
    if "$@" >"$scratch/out" 2>&1; then
        passed=$((passed + 1))
        printf 'ok      %s\n' "$what"
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$what"
        tail -n 20 "$scratch/out" | sed 's/^/        /'
    fi
}

boston=$shared/boston311
if [ -d "$boston" ]; then
    . scripts/proof-boston.sh
else
    echo "absent: $boston — Boston's 311 export and boundaries were not checked"
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
