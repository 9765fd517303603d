# SPDX-License-Identifier: GPL-3.0-or-later
"""What themes bring, as the web servers that Mailboy has files for give it to a browser: real nginx and lighttpd
before a real pool, with a stranger's theme beside an honest one."""
import gzip
import hashlib
import http.client
import os
import shutil
import struct
import subprocess
import urllib.parse
import zlib

import pytest
import visitor
from lighttpd import Lighttpd
from nginx import Nginx

PREFIX = "/mail"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b""))


MANIFEST = """return {{ name = "{0}", title = "{0}", version = "1.0.0", license = "MIT", extends = "base",
  contract = "1.0", api = 1, schemes = {{ "light", "dark" }}, tokens = "tokens.css" }}
"""
HONEST = {
    "tokens.css": b":root { --radius: .25rem; } /* \xc3\xa4 */\n" * 40,
    "assets/logo.svg": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">'
                       b'<path d="M0 0h8v8z" fill="url(#g)"/></svg>\n',
    "assets/photo.png": png(),
    "assets/photo.jpg": b"\xff\xd8\xff\xe0" + bytes(40),
    "assets/photo.webp": b"RIFF\x10\0\0\0WEBPVP8 " + bytes(8),
    "assets/tab.ico": b"\0\0\1\0" + bytes(20),
    "assets/type.woff2": b"wOF2" + bytes(60),
}
TYPES = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg",
         "webp": "image/webp", "ico": "image/x-icon", "woff2": "font/woff2", "js": "text/javascript; charset=utf-8"}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">%s</svg>'
EVIL = {   # name: (bytes, what is said)
    "script.svg": (SVG % "<script>alert(1)</script>", "the element <script> is not allowed"),
    "handler.svg": (SVG % '<path onclick="alert(1)"/>', "the attribute 'onclick' is not allowed"),
    "foreign.svg": (SVG % "<foreignObject/>", "the element <foreignObject> is not allowed"),
    "style.svg": (SVG % "<style>*{}</style>", "the element <style> is not allowed"),
    "animate.svg": (SVG % '<set attributeName="href"/>', "the element <set> is not allowed"),
    "link.svg": (SVG % '<use xlink:href="https://evil.example/x.svg#a"/>', "may only name a part of this file"),
    "data.svg": (SVG % '<use href="data:image/svg+xml;base64,AAAA"/>', "may only name a part of this file"),
    "fill.svg": (SVG % '<path fill="URL(//evil.example/a)"/>', "may only name a part of this file"),
    "escape.svg": (SVG % '<path fill="u\\72 l(//evil.example)"/>', "may hold neither"),
    "entity.svg": ('<!DOCTYPE svg [<!ENTITY x "y">]>' + SVG % "&x;", "document types"),
    "html.svg": ("<html><body>hello</body></html>", "the element <html> is not allowed"),
    "open.svg": (SVG.partition('%')[0] + "<g>", "does not end"),
    "space.svg": ('<svg xmlns="http://www.w3.org/1999/xhtml"/>', "is not SVG's"),
    "page.png": ("<html><script>alert(1)</script></html>", "this is no png file"),
    "page.html": ("<h1>hello</h1>", "no kind of file that a theme may bring"),
    "logo.svgz": (gzip.compress(b"<svg/>", mtime=0), "no kind of file that a theme may bring"),
    "own.js": ("alert(1)", "no kind of file that a theme may bring"),
    "latin.css": (b"a{content:'\xe4'}", "this is not UTF-8"),
    "deep/logo.svg": (SVG % "", "no folders of their own"),
}


def fingerprint(name, data):
    name = os.path.basename(name)
    stem, _, ending = name.rpartition(".")
    data = data.encode() if isinstance(data, str) else data
    return f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}.{ending}"


def write_theme(folder, name, files):
    for path, data in {"theme.lua": MANIFEST.format(name), **files}.items():
        whole = os.path.join(folder, name, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)


@pytest.fixture(scope="module")
def house():
    """A site whose themes were published, and are gone from the folder where the pool reads them: what is still
    answered comes from the web server alone."""
    with visitor.Site(prefix=PREFIX, kind="release", workers=1) as site:
        site.assets = site.folder / "assets"
        site.configure(assets_dir=site.assets)
        themes = site.options["themes_dir"]
        write_theme(themes, "honest", HONEST)
        write_theme(themes, "evil", {"tokens.css": "", **{f"assets/{n}": data for n, (data, _) in EVIL.items()}})
        site.build = site.run("theme", "build", check=True)
        shutil.rmtree(themes)
        os.mkdir(themes)
        site.conf = {}
        for kind in ("nginx", "lighttpd"):
            site.conf[kind] = site.folder / f"conf-{kind}"
            os.mkdir(site.conf[kind])
            os.chmod(site.conf[kind], 0o755)
            site.run("conf", kind, "--write", site.conf[kind], "--yes", check=True)
        yield site


@pytest.fixture(scope="module", params=["nginx", "lighttpd"])
def front(request, house):
    if request.param == "nginx":
        server = Nginx("", prefix=PREFIX, templates=house.conf["nginx"])
    else:
        server = Lighttpd(house.conf["lighttpd"], prefix=PREFIX)
    with server:
        yield server


class Reply:
    def __init__(self, answer):
        self.status, self.body = answer.status, answer.read()
        self.headers = answer.getheaders()

    def header(self, name):
        """All of that name, joined: one that comes twice is seen."""
        return ", ".join(v for k, v in self.headers if k.lower() == name)


def fetch(front, path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=20)
    try:
        connection.request(method, PREFIX + path, headers={"Host": "localhost", **headers})
        return Reply(connection.getresponse())
    finally:
        connection.close()


@pytest.mark.parametrize("name", sorted(HONEST))
def test_each_type(front, name):
    """Its own type, a year, a policy under which it runs nothing; and not a byte changed."""
    got = fetch(front, f"/assets/honest/{fingerprint(name, HONEST[name])}")
    assert got.status == 200 and got.body == HONEST[name]
    assert got.header("content-type") == TYPES[name.rpartition(".")[2]]
    assert got.header("content-security-policy") == POLICY
    assert got.header("x-content-type-options") == "nosniff"
    assert got.header("cache-control") == "public, max-age=31536000, immutable"
    assert got.header("content-encoding") == ""


@pytest.mark.parametrize("name", ["tokens.css", "assets/logo.svg"])
def test_texts_come_pressed(front, name):
    path = f"/assets/honest/{fingerprint(name, HONEST[name])}"
    got = fetch(front, path, **{"Accept-Encoding": "gzip"})
    assert got.status == 200 and got.header("content-encoding") == "gzip"
    assert gzip.decompress(got.body) == HONEST[name]
    assert got.header("content-type") == TYPES[name.rpartition(".")[2]]
    assert got.header("content-security-policy") == POLICY
    assert got.header("vary") == "Accept-Encoding"


def test_brotli(front, house):
    """lighttpd by its rules; nginx where its module is: the file lies beside in any case, and is smaller."""
    file = fingerprint("tokens.css", HONEST["tokens.css"])
    sizes = {end: os.path.getsize(f"{house.assets}/honest/{file}{end}") for end in ("", ".gz", ".br")}
    assert sizes[".br"] < sizes[""] and sizes[".gz"] < sizes[""]
    got = fetch(front, f"/assets/honest/{file}", **{"Accept-Encoding": "gzip, deflate, br"})
    assert got.status == 200 and got.header("content-type") == TYPES["css"]
    if isinstance(front, Lighttpd):
        assert got.header("content-encoding") == "br" and len(got.body) == sizes[".br"]
    else:
        assert got.header("content-encoding") == "gzip" and len(got.body) == sizes[".gz"]


def test_what_is_not_there(front, house):
    """Neither lists nor other folders nor files beside; the pool answers what it can and refuses the rest."""
    known = fingerprint("tokens.css", HONEST["tokens.css"])
    wrong = ["/assets/", "/assets/honest", "/assets/honest/", "/assets/.ages", f"/assets/honest/tokens-00000000.css",
             f"/assets/honest/../honest/nothing", "/assets/honest/theme.lua", f"/assets/HONEST/{known}",
             f"/assets/honest/{known}%00", f"/assets/honest/%2e%2e/.ages", "/assets/honest/tokens.css",
             "/assets/none/app-12345678.css"]
    for path in wrong:
        got = fetch(front, path)
        assert got.status in (400, 404), (path, got.status)
        assert b"tokens-" not in got.body and b".ages" not in got.body, path


def test_a_link_leads_nowhere(front, house):
    """Somebody who can write into the folder cannot make the web server read another file."""
    secret = house.folder / "secret-file"
    with open(secret, "w", encoding="ascii") as file:
        file.write("the secret")
    os.chmod(secret, 0o644)
    link = f"{house.assets}/honest/secret-12345678.css"
    os.symlink(secret, link)
    try:
        got = fetch(front, "/assets/honest/secret-12345678.css")
        assert got.status in (403, 404) and b"the secret" not in got.body
    finally:
        os.unlink(link)


def test_only_reading(front):
    path = f"/assets/honest/{fingerprint('tokens.css', HONEST['tokens.css'])}"
    head = fetch(front, path, "HEAD")
    assert head.status == 200 and head.body == b"" and head.header("content-type") == TYPES["css"]
    for method in ("POST", "PUT", "DELETE"):
        assert fetch(front, path, method).status in (403, 404, 405, 501), method


def test_base_without_a_published_folder(front, house):
    """What the folder lacks the pool gives, with the same policy."""
    page = fetch(front, "/login").body.decode()
    path = next(word for word in page.replace('"', " ").split() if "/assets/base/app-" in word and word.endswith(".css"))
    path = urllib.parse.urlsplit(path).path.removeprefix(PREFIX)
    moved = house.folder / "away"
    os.rename(f"{house.assets}/base", moved)
    try:   # first without: a web server may remember for a second that a file was there
        before = fetch(front, path)
    finally:
        os.rename(moved, f"{house.assets}/base")
    after = fetch(front, path)
    for name in ("content-type", "content-security-policy", "x-content-type-options", "cache-control"):
        assert before.header(name) == after.header(name) != "", name
    assert before.status == after.status == 200 and before.body == after.body


def test_pages_still_come(front):
    """The pool behind that server: a page, its policy, the address it was asked by."""
    page = fetch(front, "/login?x=1")
    assert page.status == 200 and b"<form" in page.body
    assert "script-src 'self'" in page.header("content-security-policy")
    assert page.header("cache-control") == "no-store"
    assert fetch(front, "/domains").status == 303


@pytest.mark.parametrize("name", sorted(EVIL))
def test_what_is_not_published(front, house, name):
    data, said = EVIL[name]
    lines = [line for line in house.build.stderr.splitlines() if line.startswith(f"evil/assets/{name}: ")]
    assert len(lines) == 1 and said in lines[0], house.build.stderr
    path = "/".join(["evil", *name.split("/")[:-1], fingerprint(name, data)])
    assert not os.path.exists(f"{house.assets}/{path}")
    assert fetch(front, f"/assets/{path}").status == 404


LYING = {"script-01234567.svg": (200, b"<svg><script>alert(1)</script></svg>"), "page-01234567.png": (200, b"<html><script>alert(1)</script>"),
         "far-01234567.css": (200, b"@import url(//evil.example/a.css);"), "page-01234567.html": (404, b"<script>alert(1)</script>"),
         "logo-01234567.svgz": (404, b"\x1f\x8b"), "own-01234567.php": (404, b"<?php"), ".htaccess": (404, b"x")}


@pytest.mark.parametrize("name", LYING)
def test_what_lies_there_without_a_check(front, house, name):
    """Put there by hand: of the kinds that are served, under the policy in which nothing runs; nothing else at all."""
    status, data = LYING[name]
    path = f"{house.assets}/honest/{name}"
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, 0o644)
    try:
        got = fetch(front, f"/assets/honest/{name}")
    finally:
        os.unlink(path)
    assert got.status == status and (got.body == data) == (status == 200), got.body
    assert got.header("x-content-type-options") == "nosniff"
    assert got.header("content-type") == (TYPES[name.rpartition(".")[2]] if status == 200 else "text/html; charset=utf-8")
    assert got.header("content-security-policy").startswith(POLICY if status == 200 else "default-src 'none'; script-src 'self';")


def test_a_second_build_keeps_old_names_for_a_while(house):
    """A page that was made before finds its files; what nobody has any more goes at the second build after."""
    folder = house.folder / "ages"
    themes = house.folder / "more"
    write_theme(themes, "grey", {"tokens.css": "a{}"})
    old, new = fingerprint("tokens.css", "a{}"), fingerprint("tokens.css", "b{}")
    config = house.folder / "ages.conf"
    with open(os.open(config, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
        file.write(f"hosts = localhost\nthemes_dir = {themes}\nassets_dir = {folder}\n")

    def build():
        subprocess.run([house.program, "theme", "build", "--config", config], check=True, timeout=60,
                       stdout=subprocess.DEVNULL)
        return set(os.listdir(f"{folder}/grey")) if os.path.isdir(f"{folder}/grey") else set()

    with_forms = {name + end for name in (old,) for end in ("", ".gz", ".br")}
    assert build() == with_forms
    write_theme(themes, "grey", {"tokens.css": "b{}"})
    assert build() > with_forms
    assert build() == {new + end for end in ("", ".gz", ".br")}
    shutil.rmtree(f"{themes}/grey")
    assert new in build()
    assert build() == set()
    assert not os.path.isdir(f"{folder}/grey") and os.path.isdir(f"{folder}/base")
