# SPDX-License-Identifier: GPL-3.0-or-later
"""The gallery of `mailboy theme dev` as a browser meets it: it shows every page, follows the files, tells mistakes
with the lines around them, and answers nobody else. tests/browser/test_gallery.py looks at it."""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib")))
from gallery import MANIFEST, PROGRAM, Gallery  # noqa: E402

BROKEN = '{% extends "plain" %}\n{% block main() %}\n<h1>{{ t("Sign in") }}</h1>\n<p>{{ vm.problm }}</p>\n{% end %}\n'


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    with Gallery(tmp_path_factory.mktemp("dev")) as made:
        yield made


def test_its_own_page_and_parts(gallery):
    page = gallery.get("/")
    assert page.status == 200 and page.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    for path in re.findall(r'(?:href|src)="(/[^"]+)"', page.text):
        part = gallery.get(path)
        assert part.status == 200 and part.body, path
        assert part.headers["x-content-type-options"] == "nosniff"
    assert gallery.get("/gallery/nothing.js").status == 404


def test_every_page_and_case_is_drawn(gallery):
    state = gallery.get("/state.json").json
    assert state["title"] == "Harbour" and not state["findings"] and not state["beneath"]
    assert {"login", "mailboxes.list", "error"} <= {page["name"] for page in state["pages"]}
    for page in state["pages"]:
        for case in page["cases"]:
            got = gallery.page(page["name"], case)
            assert got.status == 200 and got.text.startswith("<!doctype html>"), (page["name"], case, got.text[:200])


def test_role_language_scheme(gallery):
    state = gallery.get("/state.json").json
    tags = [one["tag"] for one in state["locales"]]
    assert {"en", "fr", "de", "en-XA", "ar-XB"} <= set(tags)
    for tag in tags:
        got = gallery.page("login", "usual", locale=tag)
        assert f'<html lang="{tag}"' in got.text
    assert 'dir="rtl"' in gallery.page("login", "usual", locale="ar-XB").text
    assert 'data-scheme="dark"' in gallery.page("login", "usual", scheme="dark").text
    roles = next(page["roles"] for page in state["pages"] if page["name"] == "mailboxes.list").split()
    assert len({gallery.page("mailboxes.list", "usual", role=role).text for role in roles}) == len(roles) > 1


@pytest.mark.parametrize("query", ["", "page=login", "case=usual", "page=none&case=usual", "page=login&case=none",
                                   "page=login&case=usual&locale=xx", "page=%ff&case=%ff"])
def test_what_there_is_not(gallery, query):
    got = gallery.get("/page?" + query)
    assert got.status == 404 and got.headers["content-type"].startswith("text/plain")


def test_its_assets(gallery):
    page = gallery.page("login", "usual")
    links = re.findall(r'(?:href|src)="(/assets/[^"#]+)', page.text)
    assert any("/assets/harbour/tokens-" in link for link in links) and any("/assets/base/" in link for link in links)
    for link in links:
        got = gallery.get(link)
        assert got.status == 200 and "sandbox" in got.headers["content-security-policy"], link
    assert gallery.get("/assets/harbour/theme.lua").status == 404
    assert gallery.get("/assets/../theme.lua").status == 404


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Host": "127.0.0.1"}, {"Host": "127.0.0.1:1"},
                                     {"Host": "localhost.evil.example:80"}, {"Host": ""},
                                     {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
def test_it_answers_to_its_own_name_only(gallery, headers):
    """A page elsewhere whose name leads to 127.0.0.1, or that asks across, learns nothing."""
    for path in ("/", "/state.json", "/page?page=login&case=usual", "/events"):
        got = gallery.get(path, **headers)
        assert got.status == 421 and "theme" not in got.text, path
    assert gallery.get("/state.json", Host=f"localhost:{gallery.port}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_it_only_reads(gallery, method):
    got = gallery.get("/state.json", method=method, body=b"x" * 100000 if method in ("POST", "PUT") else None)
    assert got.status == 405 and got.headers["allow"] == "GET, HEAD"
    assert gallery.get("/state.json", method="HEAD").status == 200


def test_it_listens_on_loopback_alone(gallery):
    with open("/proc/net/tcp", encoding="ascii") as file:
        local = [line.split()[1] for line in file.readlines()[1:] if line.split()[3] == "0A"]
    assert f"0100007F:{gallery.port:04X}" in local
    assert not [one for one in local if one.endswith(f":{gallery.port:04X}") and not one.startswith("0100007F")]


def test_it_follows_the_files(gallery):
    before = gallery.get("/state.json").json["generation"]
    with gallery.events() as events:
        assert events.next()["generation"] == before   # where it stands, so that nothing is missed
        gallery.write("tokens.css", ":root { --accent: light-dark(#123456, #abcdef); }\n")
        news = events.next()
        assert news["kind"] == "styles" and news["generation"] > before and news["errors"] == 0
        link = re.search(r'/assets/harbour/tokens-[^"]+', gallery.page("login", "usual").text).group(0)
        assert "#123456" in gallery.get(link).text
        gallery.write("components/count.html", "{# count c one many #}\n<em>counted</em>\n")
        assert events.next()["kind"] == "pages"    # a folder made while it runs
        gallery.write("blocks/shell/foot.html", '<footer class="foot"><p>of the harbour</p></footer>\n')
        assert events.next()["kind"] == "pages"
        while "of the harbour" not in gallery.page("mailboxes.list", "usual").text:
            events.next()
        for path in ("blocks/shell/foot.html", "components/count.html"):
            gallery.remove(path)
        while "of the harbour" in gallery.page("mailboxes.list", "usual").text:
            events.next()


def test_what_editors_write_beside_is_no_change(gallery):
    with gallery.events() as events:
        first = events.next()["generation"]
        for name in ("tokens.css.swp~", ".tokens.css.swp", "4913~", "#tokens.css#"):
            with open(os.path.join(gallery.folder, name), "w", encoding="ascii") as file:
                file.write("x")
            os.unlink(os.path.join(gallery.folder, name))
        gallery.write("tokens.css", ":root { --radius: 0; }\n")
        assert events.next()["generation"] == first + 1


def test_a_mistake_is_told_with_its_lines_and_the_parent_stands_in(gallery):
    with gallery.events() as events:
        events.next()
        gallery.write("pages/login.html", BROKEN)
        while not (news := events.next())["errors"]:
            pass
        assert news["kind"] == "pages"
        state = gallery.get("/state.json").json
        finding = state["findings"][0]
        assert (finding["theme"], finding["path"], finding["line"]) == ("harbour", "pages/login.html", 4)
        assert finding["column"] > 0 and finding["level"] == "error" and "problm" in finding["message"]
        assert "problem" in finding["message"] + finding["mend"]    # what was meant
        assert finding["lines"] == BROKEN.splitlines()[1:5 + 1] and finding["first"] == 2
        assert "<form" in gallery.page("login", "usual").text       # base's
        gallery.remove("pages/login.html")
        while events.next()["errors"]:
            pass
        assert gallery.get("/state.json").json["findings"] == []


def test_mistakes_stand_in_the_order_of_their_lines(gallery):
    with gallery.events() as events:
        events.next()
        gallery.write("pages/login.html", BROKEN.replace("</p>", "</p>\n<a hrf='/'>x</a>\n<p>{{ vm.nothing }}</p>"))
        while events.next()["errors"] != 3:
            pass
        assert [one["line"] for one in gallery.get("/state.json").json["findings"]] == [4, 5, 6]
        gallery.remove("pages/login.html")
        while events.next()["errors"]:
            pass


def test_a_folder_that_goes_and_comes_again(gallery):
    """Renamed, and deleted: base is drawn meanwhile; what is made in its place is watched as the first was."""
    away = gallery.folder + ".away"
    with gallery.events() as events:
        events.next()
        os.rename(gallery.folder, away)
        while not events.next()["errors"]:
            pass
        assert gallery.get("/state.json").json["beneath"] and gallery.page("login", "usual").status == 200
        shutil.copytree(away, gallery.folder)
        while events.next()["errors"]:
            pass
        shutil.rmtree(gallery.folder)
        while not events.next()["errors"]:
            pass
        os.rename(away, gallery.folder)
        while events.next()["errors"]:
            pass
        gallery.write("tokens.css", ":root { --accent: light-dark(#012345, #abcdef); }\n")
        while "#012345" not in gallery.get(re.search(r"/assets/harbour/tokens-[^\"]+", gallery.page("login", "usual").text).group(0)).text:
            events.next()
        assert not gallery.get("/state.json").json["findings"]


def test_a_theme_that_cannot_be_used(gallery):
    """Base is drawn, and the browser is told so; mended, all is as before."""
    with gallery.events() as events:
        events.next()
        gallery.write("theme.lua", "return { name = }\n")
        assert events.next()["errors"] > 0
        assert any(finding["path"] == "theme.lua" for finding in gallery.get("/state.json").json["findings"])
        assert gallery.page("login", "usual").status == 200
        gallery.write("theme.lua", MANIFEST.format("harbour", "nobody"))
        assert events.next()["errors"] > 0
        state = gallery.get("/state.json").json
        assert state["beneath"] and "nobody" in state["findings"][0]["message"]
        page = gallery.page("login", "usual")
        assert page.status == 200 and "/assets/harbour/" not in page.text
        gallery.write("theme.lua", MANIFEST.format("harbour", "base"))
        assert events.next()["errors"] == 0
        assert "/assets/harbour/" in gallery.page("login", "usual").text


def test_the_whole_check(gallery):
    assert gallery.get("/state.json").json["checked"] is False
    assert gallery.get("/check.json").json["checked"] is True


def test_a_change_of_the_parent_is_seen_too(tmp_path):
    parent = Gallery(tmp_path, "parent")
    with Gallery(tmp_path, "child", "parent") as child, child.events() as events:
        events.next()
        parent.write("blocks/shell/foot.html", '<footer class="foot"><p>of the parent</p></footer>\n')
        while "of the parent" not in child.page("mailboxes.list", "usual").text:
            events.next()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_told(tmp_path, by):
    with Gallery(tmp_path) as gallery, gallery.events() as events:
        events.next()
        assert gallery.stop(by) == 0
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", gallery.port)) != 0


def test_a_port_that_is_taken(gallery, tmp_path):
    for port, status in ((str(gallery.port), 69), ("many", 69), ("99999", 69)):
        done = subprocess.run([PROGRAM, "theme", "dev", gallery.folder, "--port", port], capture_output=True, text=True,
                              timeout=60, check=False)
        assert done.returncode == status and "port" in done.stderr, (port, done)
