# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped themes, drawn by the program from the invented models, in Chromium: axe-core, sideways scrolling, the
console. A child on the pages that its blocks and tokens change; with MAILBOY_ALL in the environment (tests/run browser
--all) every theme on every page and case."""
import json
import os
import subprocess
from pathlib import Path

import pytest
from mailboy import find_program

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CHILDREN = ["funky-tandy", "plain", "purplehaze"]
PAGES = ["login.errors", "overview.usual", "domains.list.empty", "mailboxes.list.usual", "mailboxes.list.long",
         "mailboxes.form.errors", "mailboxes.show.usual", "relays.recipients.long", "status.hostile", "help.anonymous"]

pytestmark = pytest.mark.skipif(not (HERE / "node_modules/puppeteer-core").is_dir(),
                                reason="npm ci --prefix tests/browser was not run")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    made = {}

    def draw(theme):
        if theme not in made:
            made[theme] = tmp_path_factory.mktemp(theme)
            name = theme if theme == "base" else ROOT / "themes" / theme
            subprocess.run([find_program(release=True), "theme", "render", name, "--out", made[theme]], check=True,
                           timeout=120, stdout=subprocess.DEVNULL)
        return made[theme]
    return draw


def look(folder, pages, *looks, timeout=600):
    done = subprocess.run(["node", HERE / "axe.mjs", "--root", folder, "--looks", ",".join(looks),
                           *(folder / f"{page}.html" for page in pages)], capture_output=True, text=True, timeout=timeout)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(pages) * len(looks), done.stderr
    return [{"page": Path(one["page"]).name, **{key: one[key] for key in
             ("look", "sideways", "clipped", "twice", "h1", "console", "violations")}} for one in found if not one["ok"]]


@pytest.mark.parametrize("theme", CHILDREN)
def test_accessible(drawn, theme):
    assert look(drawn(theme), PAGES, "1280:light", "320:dark", "390:dark:forced") == []


@pytest.mark.skipif(not os.environ.get("MAILBOY_ALL"), reason="tests/run browser --all")
@pytest.mark.parametrize("theme", ["base", *CHILDREN])
def test_each_page_and_case(drawn, theme):
    """Each width and each scheme; the usual case in all four pairs and in forced colours."""
    folder = drawn(theme)
    pages = sorted(path.name[:-len(".html")] for path in folder.glob("*.*.html"))
    usual = [page for page in pages if page.endswith(".usual")]
    assert look(folder, usual, "1280:light", "1280:dark", "320:light", "320:dark", "390:dark:forced", timeout=1800) == []
    assert look(folder, [page for page in pages if page not in usual], "1280:dark", "320:light", timeout=3600) == []
