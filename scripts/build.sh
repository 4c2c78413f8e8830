#!/usr/bin/env bash
# The release binary. Always without colours: with them SwiftPM takes other flags, and a terminal would build anew what a script built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec swift build -c release --no-color-diagnostics --product weiwang
