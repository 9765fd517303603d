# SPDX-License-Identifier: GPL-3.0-or-later
"""Every parser of strangers' bytes has a fuzz target, and every target its corpus."""
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FEWEST = 50


def rows():
    for line in (HERE / "parsers.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            target, *words = line.split()
            yield target, words


def promised():
    return {word for _, words in rows() for word in words if word.endswith(".h")}


def strangers():
    """Headers whose opening comment speaks of strangers' bytes."""
    for header in sorted((ROOT / "core").rglob("*.h")):
        if re.search(r"\bstranger", header.read_text()):
            yield header.relative_to(ROOT).as_posix()


def test_each_header_that_says_stranger_has_a_target():
    assert [h for h in strangers() if h not in promised()] == []


def test_the_list_names_what_there_is():
    for _, words in rows():
        for word in words:
            if "/" in word:
                assert (ROOT / word).exists(), word


def test_targets_and_list_agree():
    there = {p.stem.removeprefix("fuzz_") for p in HERE.glob("fuzz_*.c")}
    assert there == {target for target, _ in rows() if target != "-"}


def test_each_target_has_a_corpus():
    for target, _ in rows():
        if target != "-":
            found = list((HERE / "corpus" / target).iterdir())
            assert len(found) >= FEWEST, f"{target}: {len(found)} files"


def test_the_corpus_is_small():
    assert sum(p.stat().st_size for p in (HERE / "corpus").rglob("*") if p.is_file()) < 1_500_000
