# SPDX-License-Identifier: GPL-3.0-or-later
"""Every parser of strangers' bytes has a fuzz target (parsers.txt), and every target its corpus. What none of the
targets calls, tests/fuzz/run finds when it has run them."""
import importlib.machinery
import importlib.util
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FEWEST = 50


def load(path):
    loader = importlib.machinery.SourceFileLoader("fuzz_run", str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("fuzz_run", loader))
    loader.exec_module(module)
    return module


RUN = load(HERE / "run")
TARGETS = dict(RUN.parsers())
COUNTED = {word for words in TARGETS.values() for word in words}
EXCUSED = {word for mark, *words in RUN.rows() if mark == "-" for word in words}


def of_rows(path, rows):
    return any(path == row or path.startswith(row + "/") for row in rows)


def defined():
    """The functions that are written in the files whose lines are counted."""
    text = "\n".join((ROOT / path).read_text() for path in COUNTED if path.endswith(".c"))
    return set(re.findall(r"^[a-z][\w *]*?\b(\w+)\([^;{]*\)\n\{", text, re.M))


def test_each_header_that_speaks_of_strangers_is_counted_or_excused():
    known = defined()
    for header in sorted((ROOT / "core").rglob("*.h")):
        path, text = header.relative_to(ROOT).as_posix(), header.read_text()
        if re.search(r"\bstranger", text) and path not in EXCUSED:
            declared = set(re.findall(r"\b(\w+)\(", re.sub(r"/\*.*?\*/", "", text, flags=re.S)))
            assert declared & known, f"{path} has no row in parsers.txt"


def test_each_file_of_lua_is_counted_or_excused():
    files = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "lua").rglob("*.lua"))]
    assert [f for f in files if not of_rows(f, COUNTED | EXCUSED)] == []
    assert [f for f in files if of_rows(f, COUNTED) and of_rows(f, EXCUSED)] == []


def test_the_list_names_what_there_is():
    for mark, *words in RUN.rows():
        for word in words:
            if "/" in word:
                assert (ROOT / word).exists(), word
        for name in words[1:] if mark == "!" else ():
            assert re.search(rf"\b{name}\(", (ROOT / words[0]).read_text()), f"{words[0]} has no {name}"


def test_targets_and_list_agree():
    assert {p.stem.removeprefix("fuzz_") for p in HERE.glob("fuzz_*.c")} == set(TARGETS)


def test_each_target_has_a_corpus():
    for target in TARGETS:
        folder = HERE / "corpus" / target
        found = list(folder.iterdir()) if folder.is_dir() else []
        assert len(found) >= FEWEST, f"{target}: {len(found)} files"


def test_the_corpus_is_small():
    assert sum(p.stat().st_size for p in (HERE / "corpus").rglob("*") if p.is_file()) < 2_500_000


def test_a_function_that_takes_bytes_is_seen(tmp_path):
    header = tmp_path / "new.h"
    header.write_text("/* note_parse(const char *x, size_t n); */\nbool note_parse(struct arena *a, const char *text);\n"
                      "int take(int kind,\n         const unsigned char *bytes, size_t n);\nbool message_decode(struct wire_reader r);\n"
                      "void note_write(const char *text);\n")
    assert RUN.takers(header) == {"note_parse", "take", "message_decode"}
