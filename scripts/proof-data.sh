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

# proof NAME: a check of proof.py.
proof() { /usr/bin/python3 scripts/proof.py "$1" "$weiwang" "$shared" "$scratch"; }

# The sentences that are looked for are the English ones.
export LC_ALL=C.UTF-8

boston=$shared/boston311
if [ -d "$boston" ]; then
    . scripts/proof-boston.sh
else
    echo "absent: $boston — Boston's 311 export and boundaries were not checked"
fi

if [ -d "$shared/geo" ]; then
    check "published conversions of GCJ-02, through import and export" proof vectors
else
    echo "absent: $shared/geo — conversions were not checked against published ones"
fi

if [ -d "$shared/zhengzhou" ]; then
    check "Zhengzhou's twelve districts, GCJ-02 said and unsaid" proof zhengzhou
    check "Kunming's buildings: each found by its middle; shifted, the import stops" proof kunming
else
    echo "absent: $shared/zhengzhou — Zhengzhou's districts and Kunming's buildings were not checked"
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
