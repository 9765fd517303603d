#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/run bench: builds a release of its own below build/bench, with the renderer's demo, and measures it.
set -eu
cd "$(dirname "$0")/../.."
for word in "$@"; do
    [[ $word == -h || $word == --help ]] && exec /usr/bin/python3 tests/bench/bench.py --help
done
if (( EUID != 0 )); then
    command -v sudo >/dev/null && exec sudo -- "$0" "$@"
    echo "tests/run bench: run this as root (nginx and the pool have users of their own)." >&2
    exit 77
fi
# shellcheck source=../../contrib/packages.sh
. contrib/packages.sh
packages_install yes build run nginx lighttpd mail test
log=build/bench/build.log
mkdir -p build/bench
if ! { cmake -S . -B build/bench/release -G Ninja -DCMAKE_BUILD_TYPE=Release -DMAILBOY_TESTS=ON &&
    ninja -C build/bench/release mailboy render_demo; } >"$log" 2>&1; then
    tail -40 "$log"
    exit 1
fi
export PYTHONDONTWRITEBYTECODE=1
exec /usr/bin/python3 tests/bench/bench.py "$@"
