# SPDX-License-Identifier: GPL-3.0-or-later
"""Each page of base, drawn from the invented models, in Chromium: axe-core, sideways scrolling, and
what the script does. Needs the packages that package-lock.json names (npm ci).
"""
import json
import os
import subprocess
from pathlib import Path

import pytest
from mailboy import find_program

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

pytestmark = pytest.mark.skipif(not (HERE / "node_modules/puppeteer-core").is_dir(),
                                reason="npm ci --prefix tests/browser was not run")


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    out = tmp_path_factory.mktemp("pages")
    subprocess.run(["lua5.4", ROOT / "tests/themes/preview.lua", ROOT / "themes/base", out], check=True, timeout=30)
    return sorted(out.glob("*.html"))


def look(pages, *looks, axe="on"):
    done = subprocess.run(["node", HERE / "axe.mjs", "--axe", axe, "--looks", ",".join(looks), *pages], capture_output=True, text=True,
                          timeout=900)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(pages) * len(looks), done.stderr
    return [{"page": Path(one["page"]).name, **{key: one[key] for key in
             ("look", "sideways", "clipped", "twice", "h1", "console", "violations")}} for one in found if not one["ok"]]


def of_texts(page):
    return page.name.endswith((".long.html", ".hostile.html"))


def test_accessible(pages):
    assert look([page for page in pages if not of_texts(page)], "1280:light", "1280:dark", "320:light", "320:dark") == []


def test_texts_have_room(pages):
    """What texts do to a page shows where it is narrow, and in one scheme."""
    assert look([page for page in pages if of_texts(page)], "320:light") == []


def lists_of(pages):
    return [page for page in pages if page.name.endswith((".list.usual.html", ".list.long.html"))]


def test_lists_have_room(pages):
    """A table is at its narrowest just before its rows become cards."""
    assert look(lists_of(pages), "960:light", axe="off") == []


@pytest.mark.parametrize("locale", ["fr", "de"])
def test_lists_of_other_languages_have_room(locale, tmp_path):
    """Their words are longer than the English ones."""
    lists = subprocess.run([find_program(release=True), "theme", "render", ROOT / "themes/base", "--locale", locale, "--out", tmp_path],
                           capture_output=True, text=True, timeout=60)
    assert lists.returncode == 0, lists.stderr
    lists = lists_of(sorted(tmp_path.glob("*.html")))
    assert len(lists) >= 16
    assert look(lists, "960:light", "320:light", axe="off") == []


def test_script():
    done = subprocess.run(["node", "--test", HERE / "script.test.mjs"], capture_output=True, text=True,
                          timeout=300, env={**os.environ, "NO_COLOR": "1"})
    assert done.returncode == 0, done.stdout
