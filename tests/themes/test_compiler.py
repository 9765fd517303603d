# SPDX-License-Identifier: GPL-3.0-or-later
"""The template compiler, case by case: compiler_test.lua runs them all at once, here each is a test."""
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent


def run_cases():
    done = subprocess.run(["/usr/bin/lua5.4", str(HERE / "compiler_test.lua")],
                          capture_output=True, text=True, timeout=300)
    cases, order = {}, []
    for line in done.stdout.splitlines():
        if line.startswith(("ok ", "not ok ")):
            good, _, name = line.partition("ok ")
            order.append(name)
            cases[name] = None if good == "" else ""
        elif order:
            cases[order[-1]] = (cases[order[-1]] or "") + line + "\n"
    return cases, done


CASES, DONE = run_cases()


def test_every_case_ran():
    assert DONE.stderr == ""
    assert len(CASES) > 120


@pytest.mark.parametrize("name", sorted(CASES))   # two workers collect the same order
def test_compiler(name):
    assert CASES[name] is None, CASES[name]
