# SPDX-License-Identifier: GPL-3.0-or-later
"""What themes/README.md and themes/recipes.md tell themers to type is typed here: the first theme as written, and each
recipe put into a new theme, checked, drawn, and looked at for what it promises."""
import os
import re
import shutil
import subprocess
import sys

import pytest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
from mailboy import find_program  # noqa: E402

COMMENT = re.compile(r"^\s*(?:\{#|/\*|<!--|--|#)\s*(harbour/[\w./-]+)")


def read(name):
    with open(os.path.join(ROOT, "themes", name), encoding="utf-8") as file:
        return file.read()


def blocks(text):
    """The code blocks of a section: (language, text)."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S)


def write_files(section, folder):
    """The blocks that name a file in their first line; gives their paths."""
    made = []
    for _, text in blocks(section):
        named = COMMENT.match(text)
        if named:
            path = os.path.join(folder, named.group(1))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if path.endswith(".svg"):
                text = text.partition("\n")[2]
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            made.append(named.group(1))
    return made


@pytest.fixture
def shell(tmp_path):
    os.symlink(find_program(release=True), tmp_path / "mailboy")

    def run(line, status=0):
        done = subprocess.run(["sh", "-ec", line], cwd=tmp_path, capture_output=True, text=True, timeout=120,
                              env={"PATH": f"{tmp_path}:/usr/bin:/bin", "MAILBOY_CONF": "/nonexistent/mailboy.conf"})
        assert done.returncode == status, line + done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout
    return run


def test_the_first_theme_as_the_readme_says(shell, tmp_path):
    section = read("README.md").partition("## The first theme in five minutes")[2].partition("\n## ")[0]
    files = lines = 0
    for language, text in blocks(section):
        if language == "sh":
            for line in text.splitlines():
                shell(line)
                lines += 1
        else:
            made = write_files(f"```{language}\n{text}```\n", tmp_path)
            assert made, text
            files += len(made)
            assert shell("mailboy theme check ./harbour --level warning")
    assert files >= 3 and lines >= 3
    assert (tmp_path / "harbour-0.1.0.tar.gz").is_file()
    page = (tmp_path / "pages" / "mailboxes.list.usual.html").read_text()
    assert re.search(r'href="assets/harbour/tokens-\w+\.css"', page)


RECIPES = {title: text for title, text in re.findall(r"^## (\d+ [^\n]+)\n(.*?)(?=^## |\Z)", read("recipes.md"), re.M | re.S)}


class Drawn:
    def __init__(self, shell, folder):
        self.shell, self.folder = shell, folder

    def page(self, name, case="usual", options=""):
        out = f"out{options.replace(' ', '')}-{name}-{case}"
        if not (self.folder / out).is_dir():
            self.shell(f"mailboy theme render ./harbour {name} {case} --out {out} {options}")
        return (self.folder / out / f"{name}.{case}.html").read_text()

    def styles(self, name):
        """The child's styles that this page links, as text."""
        page, text = self.page(name), ""
        for url in re.findall(r'<link rel="stylesheet" href="(assets/harbour/[^"]+)"', page):
            text += (self.folder / f"out-{name}-usual" / url).read_text()
        return text


def accent(drawn):
    assert "#9a3412" in drawn.styles("login")


def logo(drawn):
    for page in ("login", "overview"):
        url = re.search(r'<header.*?<img src="([^"]+)" alt="" width="32" height="32">', drawn.page(page), re.S).group(1)
        assert "<circle" in (drawn.folder / f"out-{page}-usual" / url).read_text()


def column(drawn):
    page = drawn.page("mailboxes.list")
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page)
    assert heads == ["Mailbox", "Storage", "Messages", "State", "Last sign-in"]
    row = re.search(r'<tr id="mb-1">.*?</tr>', page, re.S).group(0)
    assert re.search(r'<td class="num" data-l="Messages">[\d,]+</td>', row)
    assert row.count("<td") + row.count("<th") == len(heads)


def empty(drawn):
    assert '<div class="empty calm">' in drawn.page("mailboxes.list", "empty")
    assert 'class="empty' not in drawn.page("mailboxes.list")


def note(drawn):
    page = drawn.page("login")
    assert page.index("</form>") < page.index("room 12, in the mornings") < page.index("</main>")
    assert "room 12" not in drawn.page("overview")


def icons(drawn):
    assert "clip-path: inset(50%)" in drawn.styles("overview")
    page = drawn.page("overview")
    assert '<details class="menu">' in page and re.search(r'<nav class="nav".*?<a [^>]*>.*?<span>\w+</span></a>', page, re.S)


def bigger(drawn):
    assert "36rem" in drawn.styles("login")
    assert re.search(r'<div class="plain">.*?<main [^>]*class="card"', drawn.page("login"), re.S)


def words(drawn):
    page = drawn.page("login")
    assert "<h1>Come aboard</h1>" in page and "<h1>Sign in</h1>" not in page


def motto(drawn):
    assert "<p>Fair winds and full sails</p>" in drawn.page("overview")
    german = drawn.page("overview", options="--locale de")
    assert "<p>Guter Wind und volle Segel</p>" in german and "Fair winds" not in german


def script(drawn):
    page = drawn.page("logout")
    assert '<p class="lead">Until the next tide.</p>' in page and '<form method="post" action="/logout">' in page
    assert '<div class="plain">' in page and 'name="token"' in page


def component(drawn):
    page = drawn.page("mailboxes.list")
    assert '<span class="tag nickname" title="Ada Lovelace">ADA<' in page
    assert page.count('class="tag nickname"') == 10


def setting(drawn):
    assert "<p>Help: Harbour office</p>" in drawn.page("overview")


CLAIMS = {"1": accent, "2": logo, "3": column, "4": empty, "5": note, "6": icons, "7": bigger, "8": words, "9": motto,
          "10": script, "11": component, "12": setting}


def test_each_recipe_has_its_claim():
    assert [title.split()[0] for title in RECIPES] == list(CLAIMS)


@pytest.mark.parametrize("title", RECIPES)
def test_recipe(title, shell, tmp_path):
    shell("mailboy theme new ./harbour")
    assert write_files(RECIPES[title], tmp_path)
    shell("mailboy theme check ./harbour --level warning")
    CLAIMS[title.split()[0]](Drawn(shell, tmp_path))
    shutil.rmtree(tmp_path / "harbour")
