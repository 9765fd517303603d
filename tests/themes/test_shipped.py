# SPDX-License-Identifier: GPL-3.0-or-later
"""What the three themes beside base promise: small children, light pages, readable colours with each of their settings, a
foot with manual and version; and a working page whatever part of them fails."""
import gzip
import json
import os
import re
import shutil
import subprocess
import sys

import pytest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path[:0] = [os.path.join(ROOT, "tests", "lib"), os.path.join(ROOT, "tests", "browser")]
from mailboy import find_program  # noqa: E402
from test_ui_theme import PAIRS, contrast  # noqa: E402

CHILDREN = ["funky-tandy", "plain", "purplehaze"]


def mailboy(*words, status=0):
    done = subprocess.run([find_program(release=True), *words], capture_output=True, text=True, timeout=300,
                          env={**os.environ, "MAILBOY_CONF": "/nonexistent/mailboy.conf"})
    assert done.returncode == status, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def files_of(theme):
    """Path below the theme -> bytes."""
    top = os.path.join(ROOT, "themes", theme)
    made = {}
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                made[os.path.relpath(path, top)] = file.read()
    return made


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """theme -> folder with each page of an ordinary day."""
    made = {}
    for theme in CHILDREN:
        made[theme] = tmp_path_factory.mktemp(theme)
        mailboy("theme", "render", os.path.join(ROOT, "themes", theme), "--out", str(made[theme]))
    return made


def usual(folder):
    return {path.name[:-len(".usual.html")]: path.read_text() for path in folder.glob("*.usual.html")}


@pytest.mark.parametrize("theme", CHILDREN)
def test_small(theme):
    files = files_of(theme)
    assert sum(text.count(b"\n") for path, text in files.items() if path.endswith(".html")) < 200
    assert b"GPL-3.0-or-later" in files["theme.lua"]


@pytest.mark.parametrize("theme", CHILDREN)
def test_light(theme, drawn):
    folder = drawn[theme]
    for page in ("mailboxes.list.full", "domains.list.full", "overview.usual", "login.usual"):
        text = (folder / f"{page}.html").read_text()
        weights = {url: len(gzip.compress((folder / url).read_bytes(), 9))
                   for url in set(re.findall(r'="(assets/[^"#]+)', text))}
        assert sum(n for url, n in weights.items() if url.endswith(".css")) <= 10 * 1024
        assert sum(weights.values()) + len(gzip.compress(text.encode(), 6)) <= 25 * 1024, (page, weights)


@pytest.mark.parametrize("theme", ["base", *CHILDREN])
def test_same_pages_whether_written_in_place_or_called(theme, tmp_path):
    """What the compiler writes into one run prints what functions and branches print."""
    def draw(*how):
        out = tmp_path.joinpath("pages", *how)
        subprocess.run(["/usr/bin/lua5.4", os.path.join(ROOT, "tests/themes/preview.lua"),
                        os.path.join(ROOT, "themes", theme), str(out), "auto", *how], check=True, timeout=120)
        return {path.name: path.read_text() for path in out.glob("*.html")}
    inlined, apart = draw(), draw("apart")
    assert len(inlined) > 200
    assert [name for name in inlined if inlined[name] != apart[name]] == []


@pytest.mark.parametrize("theme", CHILDREN)
def test_foot_and_frame(theme, drawn):
    pages = usual(drawn[theme])
    assert len(pages) > 20
    for name, text in pages.items():
        foot = text[text.rindex("<footer"):]
        assert re.search(r'<a href="/help"[^>]*>Manual</a> Mailboy [\d.]+', foot), name
        assert text.count("<h1") == 1 and text.count('<main id="main"') == 1 and 'id="said"' in text, name


def test_plain_has_no_script_and_no_parents_styles(drawn):
    pages = usual(drawn["plain"])
    assert len(pages) > 20
    for name, text in pages.items():
        assert "<script" not in text and "app.js" not in text, name
        assert re.findall(r'<link rel="stylesheet" href="assets/(\w+)/', text) == ["plain"], name
    files = files_of("plain")
    assert b"class=" not in b"".join(text for path, text in files.items() if path.endswith(".html"))
    assert not re.search(r"(^|[\s,}])[.][a-z]", re.sub(r"/\*.*?\*/", "", files["app.css"].decode(), flags=re.S))


def test_each_link_of_funky_tandy_says_where_it_leads(drawn):
    parts = [(name, part) for name, text in usual(drawn["funky-tandy"]).items()
             for part in re.findall(r"<header.*?</header>|<nav.*?</nav>|<footer.*?</footer>", text, re.S)]
    links = [(name, link) for name, part in parts for link in re.findall(r"<a [^>]*>", part)]
    assert len(links) > 200 and [found for found in links if " title=" not in found[1]] == []


def colours(text):
    return {name: pair for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", text)}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("tube", ["", "amber", "white"])
def test_phosphor_is_readable(tube, scheme):
    base, own = files_of("base")["app.css"].decode(), files_of("funky-tandy")["tokens.css"].decode()
    sets = dict(re.findall(r"^:root(?::has\(\[data-tube=(\w+)\]\))? \{(.*?)^\}", own, re.M | re.S))
    assert set(sets) == {"", "amber", "white"}
    known = {**colours(base), **colours(sets[""]), **colours(sets[tube])}
    for ink, on, least in PAIRS:
        assert contrast(known[ink][scheme], known[on][scheme]) >= least, (ink, on)


FAULT = b"half{{ 1 // 0 }}"


@pytest.mark.parametrize("kinds", [("blocks",), ("components", "slots")], ids=" ".join)
@pytest.mark.parametrize("theme", CHILDREN)
def test_whatever_part_fails_the_page_works(theme, kinds, drawn, tmp_path):
    """A fault in each such part: the parent's stand in, and each fault is told with its place."""
    parts = [path for path in files_of(theme) if path.split("/")[0] in kinds and path.endswith(".html")]
    if not parts:
        return
    folder = tmp_path / theme
    shutil.copytree(os.path.join(ROOT, "themes", theme), folder)
    for path in parts:
        text = (folder / path).read_bytes()
        head = re.match(rb"(?:\{#.*?#\}\s*)*", text, re.S).end()
        (folder / path).write_bytes(text[:head] + FAULT + text[head:])
    mailboy("theme", "render", str(folder), "--out", str(tmp_path / "out"))
    for name, text in usual(tmp_path / "out").items():
        assert text.count("<h1") == 1 and text.count('<main id="main"') == 1 and "half" not in text, name
        assert text.count("<form") == usual(drawn[theme])[name].count("<form"), name
    told = json.loads(mailboy("theme", "check", str(folder), "--format", "json", status=1))
    said = " ".join(one["path"] + " " + one["message"] for one in told)
    assert [path for path in parts if path not in said] == []


def test_layouts_that_fail_leave_the_page_of_base(tmp_path):
    folder = tmp_path / "plain"
    shutil.copytree(os.path.join(ROOT, "themes", "plain"), folder)
    for path in folder.glob("layouts/*.html"):
        path.write_text(path.read_text() + FAULT.decode())
    mailboy("theme", "render", str(folder), "login", "--out", str(tmp_path / "out"))
    page = usual(tmp_path / "out")["login"]
    assert 'class="plain"' in page and "assets/base/app-" in page and "half" not in page
