# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a page by the ids of their elements: the renderer makes the page and sends these elements alone, a theme's
own block among them, with the secrets in their places."""
import os
import pathlib
import re
import subprocess

import pytest

DEMO = pathlib.Path(os.environ.get("MAILBOY_BUILD", pathlib.Path(__file__).parents[2] / "build/debug")) / "tests/unit/render_demo"


def draw(*options):
    done = subprocess.run([str(DEMO), *options], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def page():
    return draw("--page", "mailboxes.list")


def test_rows_alone(page):
    got = draw("--page", "mailboxes.list", "--fragment", "mb-1003 mb-1001")
    assert re.findall(r"<(/?tr)\b", got) == ["tr", "/tr", "tr", "/tr"]
    assert got.startswith('<tr id="mb-1003">') and '<tr id="mb-1001">' in got
    assert len(re.findall(r'name="token" value="[^"]+"', got)) == 2, "each row has its own form, with the token in it"
    for row in re.split(r"(?<=</tr>)", got)[:2]:
        assert re.sub(r'value="[^"]*"', "", row) in re.sub(r'value="[^"]*"', "", page)


def test_what_is_not_there_leaves_the_page():
    got = draw("--page", "mailboxes.list", "--fragment", "mb-none")
    assert got.startswith("<!doctype html>")
    assert got.rstrip().endswith("</html>")


def test_a_theme_answers_with_its_own_block(tmp_path):
    theme = tmp_path / "mine"
    (theme / "blocks/mailboxes.list").mkdir(parents=True)
    (theme / "theme.lua").write_text('return { name = "mine", extends = "base" }')
    (theme / "blocks/mailboxes.list/row.html").write_text('<tr id="mb-{{ m.id }}"><td>mine</td></tr>')
    got = draw("--themes", str(tmp_path), "--theme", "mine", "--page", "mailboxes.list", "--fragment", "mb-1002")
    assert got == '<tr id="mb-1002"><td>mine</td></tr>'
