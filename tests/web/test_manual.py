# SPDX-License-Identifier: GPL-3.0-or-later
"""Manual pages, --help and the tables they are made from tell the same: core/cli/commands.def and exits.def,
core/settings/options.def."""
import os
import re
import subprocess

import pytest
import visitor

CORE = os.path.join(visitor.ROOT, "core")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def c_text(source):
    """Adjacent C literals as one text."""
    return "".join(STRING.findall(source)).replace('\\n', "\n").replace('\\"', '"').replace("\\\\", "\\")


def rows(path, macro):
    """The arguments of each row, split where a comma stands outside of texts."""
    with open(os.path.join(CORE, path), encoding="utf-8") as file:
        source = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    for found in re.finditer(rf"^{macro}\(((?:[^\"()]|\"(?:[^\"\\]|\\.)*\")*)\)", source, re.M):
        parts = re.split(r',(?=(?:[^"]*"(?:[^"\\]|\\.)*")*[^"]*$)', found[1])
        yield [part.strip() for part in parts]


COMMANDS = [(c_text(noun), c_text(verb) if verb != "NULL" else None, c_text(usage), c_text(text))
            for noun, verb, _, usage, text in rows("cli/commands.def", "COMMAND") if text != "NULL"]
OPTIONS = [(name, c_text(fallback), c_text(prose)) for name, _, fallback, _, _, prose in rows("settings/options.def", "OPTION")]
GROUPS = [c_text(title) for title, in rows("settings/options.def", "GROUP")]
EXITS = [(status, c_text(prose)) for _, status, prose in rows("cli/exits.def", "LEAVE")]


def mailboy(*words):
    done = subprocess.run([visitor.program("release"), *words], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def words_of(text):
    return " ".join(text.split())


@pytest.fixture(scope="module", params=["mailboy", "mailboy.conf"])
def page(request):
    return mailboy("man", request.param)


def shown(page):
    """As a reader sees it, on one line: without bold, breaks and the blanks that justify."""
    done = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=1000"], input=page, capture_output=True, text=True, timeout=60,
                          check=True)
    return words_of(re.sub(".\b", "", done.stdout))


def test_the_tables_were_read():
    for path, macro, found in (("cli/commands.def", "COMMAND", COMMANDS), ("settings/options.def", "OPTION", OPTIONS)):
        with open(os.path.join(CORE, path), encoding="utf-8") as file:
            lines = [line for line in file if line.startswith(f"{macro}(") and not line.rstrip().endswith("NULL)")]
        assert len(lines) == len(found), path
    assert len(COMMANDS) > 30 and len(OPTIONS) > 30 and len(GROUPS) > 4 and len(EXITS) > 7


def test_mandoc_has_nothing_to_say(page):
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "style"], input=page, capture_output=True, text=True, timeout=60, check=False)
    said = [line for line in done.stdout.splitlines() if "referenced manual not found" not in line]   # not installed here
    assert said == []


def test_groff_has_nothing_to_say(page):
    done = subprocess.run(["groff", "-ww", "-mdoc", "-z"], input=page, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("", "")


def test_each_command_is_in_the_manual():
    text = shown(mailboy("man", "mailboy"))
    for noun, verb, usage, prose in COMMANDS:
        assert words_of(f"mailboy {noun} {verb or ''} {usage}") in text
        assert words_of(prose) in text, prose
    for status, prose in EXITS:
        assert words_of(f"{status} {prose}") in text


def test_each_option_is_in_the_manual():
    text = shown(mailboy("man", "mailboy.conf"))
    for name, fallback, prose in OPTIONS:
        assert words_of(f"{name} {prose} Allowed: ") in text, name
        assert not fallback or f"Default: {words_of(fallback)}" in text, name
    for title in GROUPS:
        assert title in text


def test_help_names_every_command():
    text = mailboy("--help")
    for noun, verb, usage, _ in COMMANDS:
        assert f"\n  {' '.join(word for word in ('mailboy', noun, verb, usage) if word)}\n" in text
    everywhere = text.partition("\nEverywhere: ")[2]
    with open(os.path.join(CORE, "cli/commands.c"), encoding="utf-8") as file:
        common = re.search(r"common_options\[\] = \{(.*?)\n\};", file.read(), re.S)[1]
    names = re.findall(r'\{"(--[a-z]*)"', common)
    assert len(names) == 5 and all(name in everywhere for name in names)


@pytest.mark.parametrize("noun, verb, usage, prose", COMMANDS, ids=[f"{c[0]}-{c[1]}" for c in COMMANDS])
def test_help_of_each_command(noun, verb, usage, prose):
    text = mailboy(*(word for word in (noun, verb) if word), "--help")
    assert text.startswith(f"  {' '.join(word for word in ('mailboy', noun, verb, usage) if word)}\n\n{prose}\n\nEverywhere: ")


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["man", "mailboy"], ["matrix"]], ids=" ".join)
def test_an_answer_that_is_lost_is_no_success(words):
    """A full disk behind `>`."""
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([visitor.program("release"), *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (73, "mailboy: the output could not be written: No space left on device\n")


def model_fields():
    """The words of every table of fields in core/model, whatever macro a row is written with."""
    for name in os.listdir(os.path.join(CORE, "model")):
        if name.endswith(".c"):
            done = subprocess.run(["cc", "-E", "-P", "-I", CORE, os.path.join(CORE, "model", name)], capture_output=True, text=True,
                                  timeout=60, check=True)
            yield from re.findall(r'\.name = \(?"([a-z0-9_]+)"\)?,\s*\.type', done.stdout)


def test_each_option_in_a_usage_is_known():
    """What the usage promises the program takes: an option of its own, or a field of the model."""
    with open(os.path.join(CORE, "cli/cli.c"), encoding="utf-8") as file:
        known = set(re.findall(r'\{"([a-z-]+)", offsetof', file.read()))
    fields = {name.replace("_", "-") for name in model_fields()}
    assert len(fields) > 60
    for noun, verb, usage, _ in COMMANDS:
        for option in re.findall(r"--([a-z-]+)", usage):
            assert option in known or option in fields, (noun, verb, option)
