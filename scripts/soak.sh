#!/usr/bin/env bash
# `make soak`: kill -9 under load a hundred times on each database (ROUNDS=…), on the release build.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/postgres.sh

scratch=$(mktemp -d /tmp/weiwang-soak.XXXXXX)
chmod 755 "$scratch"
trap 'postgres_stop; rm -rf "$scratch"' EXIT
trap 'exit 143' INT TERM HUP

scripts/setup.sh test || exit 1
postgres_start "$scratch/postgres" || exit 1
/usr/bin/python3 Tests/faults/kill9.py --weiwang .build/release/weiwang --postgres "$WEIWANG_TEST_POSTGRES" \
    --scratch "$scratch/faults" --rounds "${ROUNDS:-100}"
