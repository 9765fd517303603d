#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/run coverage: line and branch coverage by room, of the unit, themes and web parts. Built by clang, whose
# counters lie in a file that is mapped, shared by all forks: gcov's are written when a process ends, and ours
# may open no file then (the renderer), are nobody (the worker) or are killed.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
if (( EUID != 0 )); then
    command -v sudo >/dev/null && exec sudo -- "$0" "$@"
    echo "tests/run coverage: run this as root, as the tests." >&2
    exit 77
fi
parts=("$@")
(( ${#parts[@]} )) || parts=(unit themes web)
for part in "${parts[@]}"; do
    [[ $part =~ ^(unit|themes|web)$ ]] || { echo "usage: tests/run coverage [unit] [themes] [web]" >&2; exit 64; }
done
# shellcheck source=../../contrib/packages.sh
. contrib/packages.sh
packages_install yes build run nginx lighttpd mail test
build=build/coverage log=build/coverage/log
mkdir -p "$build" && rm -rf "$build/raw" && mkdir -m 777 "$build/raw"
counted="-fprofile-instr-generate -fcoverage-mapping -mllvm -runtime-counter-relocation"
# Debug's flags; not its sanitizers, which want gcc's word for the same things
if ! { CC=clang cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Coverage -DMAILBOY_TESTS=ON \
    -DCMAKE_C_FLAGS="-O1 -g $counted -Wno-error" -DCMAKE_EXE_LINKER_FLAGS="-fprofile-instr-generate" &&
    ninja -C "$build"; } >"$log" 2>&1; then
    grep -A8 -E 'error|FAILED' "$log" | head -40
    exit 1
fi
export LLVM_PROFILE_FILE=$root/$build/raw/%m%c.profraw PYTHONDONTWRITEBYTECODE=1
export MAILBOY_BUILD=$root/$build MAILBOY_RELEASE=$root/$build
for part in "${parts[@]}"; do
    echo "== $part"
    case $part in
    unit) ctest --test-dir "$build" --timeout 300 -j 2 2>&1 | grep -E 'tests passed|\(Failed\)|Timeout' || true ;;
    *) /usr/bin/python3 -m pytest -q -p no:cacheprovider "tests/$part" 2>&1 | tail -15 || true ;;
    esac
done
llvm-profdata merge -sparse -o "$build/profile" "$build"/raw/*.profraw
objects=()
for program in "$build"/tests/unit/*; do
    [[ -f $program && -x $program ]] && objects+=(-object "$program")
done
llvm-cov export "$build/mailboy" "${objects[@]}" -instr-profile="$build/profile" -summary-only \
    -ignore-filename-regex='(^|/)(build|tests)/' >"$build/coverage.json"
exec /usr/bin/python3 tests/bench/coverage.py "$build/coverage.json"
