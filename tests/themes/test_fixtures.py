# SPDX-License-Identifier: GPL-3.0-or-later
"""The invented models of lua/theme/fixtures.lua: true to the contract, and drawn by every theme so that a hostile text
changes no element."""
import os
import subprocess
import sys
from html.parser import HTMLParser

import pytest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
from mailboy import find_program  # noqa: E402

THEMES = ["base"] + sorted(os.path.join(ROOT, "themes", name) for name in os.listdir(os.path.join(ROOT, "themes"))
                           if name != "base" and os.path.isdir(os.path.join(ROOT, "themes", name)))


class Tree(HTMLParser):
    """Elements and the names of their attributes, in order; values where the program writes them."""

    def __init__(self, text):
        super().__init__()
        self.steps = []
        self.feed(text)

    def handle_starttag(self, name, attributes):
        fixed = {"type", "method", "name", "id", "class", "rel", "role", "autocomplete"}
        self.steps.append((name, [(key, value if key in fixed else None) for key, value in attributes]))

    def handle_endtag(self, name):
        self.steps.append("/" + name)


def test_fixtures_and_contract():
    done = subprocess.run(["/usr/bin/lua5.4", os.path.join(ROOT, "tests/themes/fixtures_test.lua")], capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[-2]) > 200


@pytest.mark.parametrize("theme", THEMES, ids=os.path.basename)
def test_hostile_texts_change_no_element(theme, tmp_path):
    done = subprocess.run([find_program(release=True), "theme", "render", theme, "--out", str(tmp_path)],
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and done.stderr == "", done.stderr[-2000:]
    pages = [path.name[:-len(".hostile.html")] for path in tmp_path.glob("*.hostile.html")]
    assert len(pages) > 20
    seen = 0
    for page in pages:
        hostile = (tmp_path / (page + ".hostile.html")).read_text()
        benign = Tree((tmp_path / (page + ".whole.html")).read_text()).steps
        assert Tree(hostile).steps == benign, page
        assert "<script>alert" not in hostile and "<b onclick" not in hostile
        seen += "&lt;script&gt;alert(1)" in hostile
    assert seen == len(pages)


def test_invented_pages_speak_the_language(tmp_path):
    """The program's own words in a model are what the worker would say; names and addresses stay."""
    pages = {}
    for locale in ("fr", "de", "en-XA"):
        done = subprocess.run([find_program(release=True), "theme", "render", "base", "--locale", locale,
                               "--out", str(tmp_path / locale)], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0 and done.stderr == "", done.stderr[-2000:]
        pages[locale] = "".join((tmp_path / locale / f"{page}.usual.html").read_text() for page in ("mailboxes.list", "overview"))
    for locale, words in (("fr", ("Vue d’ensemble", "Filtrer", "La boîte aux lettres grace@example.org a été ajoutée.")),
                          ("de", ("Übersicht", "Filtern", "Das Postfach grace@example.org wurde hinzugefügt.")),
                          ("en-XA", ("grace@example.org", "~]"))):
        for word in words:
            assert word in pages[locale], (locale, word)
        assert ">Overview<" not in pages[locale] and ">Filter<" not in pages[locale]
        assert "Ada Lovelace" in pages[locale] and "alan.turing@example.org" in pages[locale]
