#!/usr/bin/env bash
# `make soak`: the long proof on the release build, and docs/proof.md out of it. Hours; settings:
#   ROUNDS=300   kills on each database, and power cuts
#   MINUTES=60   of steady work; overload takes a twelfth of it, schemathesis a third, each decoder under libFuzzer a sixtieth
#   ONLY=        names of fault tests (kill9 powercut …), all if empty; the lines of the others stay in docs/proof.jsonl as they are
#   TABLES=docs/bench  folder of text files that measurements left, to be shown in docs/proof.md
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/postgres.sh

scratch=$(mktemp -d /tmp/weiwang-soak.XXXXXX)
chmod 755 "$scratch"
trap 'postgres_stop; rm -rf "$scratch"' EXIT
trap 'exit 143' INT TERM HUP

scripts/setup.sh soak || exit 1
postgres_start "$scratch/postgres" || exit 1
only=()
for name in ${ONLY:-}; do only+=(--only "$name"); done
/usr/bin/python3 Tests/faults/run.py --long --weiwang .build/release/weiwang --postgres "$WEIWANG_TEST_POSTGRES" --scratch "$scratch/faults" \
    --proof "$scratch/proof.jsonl" --rounds "${ROUNDS:-300}" --minutes "${MINUTES:-60}" "${only[@]}"
result=$?
/usr/bin/python3 scripts/proof-page.py --lines "$scratch/proof.jsonl" --kept docs/proof.jsonl --tables "${TABLES:-docs/bench}" --out docs/proof.md &&
    echo "docs/proof.md is written"
exit "$result"
