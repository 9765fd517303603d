# SPDX-License-Identifier: GPL-3.0-or-later
"""All hostile themes (hostile/), one after the other, worn by a running site of four workers (the release build), eight
pages each and one in Chromium: every page comes, no worker dies or grows, no script runs, no request leaves, and
afterwards all pages are what they were. And: a theme draws the same page at every worker, every time, and what a
renderer holds is no secret."""
import os
import re
import shutil
import signal
import socketserver
import sys
import threading

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
import visitor  # noqa: E402
from browser import Browser  # noqa: E402
from daemon import wait_for  # noqa: E402
from mariadb import PASSWORDS  # noqa: E402

HOSTILE = os.path.join(HERE, "hostile")
CASES = sorted(os.listdir(HOSTILE))
EACH = 8
PAGES = ("/", "/domains", "/domains/here.example", "/mailboxes", "/domains/here.example/mailboxes/ada/edit", "/me", "/help")
IN_TIME = 30
WATCH = "window.alert = () => { document.documentElement.dataset.ran = 'yes' }"


@pytest.fixture(scope="module")
def site():
    with visitor.Site(kind="release", workers=4, request_timeout="60s") as made:
        made.make_domain("here.example")
        made.make_mailbox("ada@here.example")
        yield made


class Proxy:
    """Where Chromium would send what is meant for another host than this machine; it only takes notes."""

    def __init__(self):
        proxy = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                proxy.asked.append(self.rfile.readline().decode("latin-1"))
        self.asked = []
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.argument = f"--proxy-server=127.0.0.1:{self.server.server_address[1]}"

    def foreign(self):
        return [line for line in self.asked if "evil.example" in line]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def chromium(site):
    proxy = Proxy()
    with site.nginx() as front:
        browser = Browser(front, arguments=[proxy.argument, "--proxy-bypass-list=127.0.0.1"])
        browser.proxy = proxy
        browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        yield browser
        browser.quit()
    proxy.stop()


def has_run(browser):
    return browser.driver.execute_script("return document.documentElement.dataset.ran")


def wear(site, theme):
    """By the row itself: `theme activate` would check, and refuse."""
    site.sql("UPDATE site SET value = %s, generation = generation + 1 WHERE name = 'theme'", theme)


def install(site, folder):
    target = os.path.join(site.options["themes_dir"], os.path.basename(folder))
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder, target)
    return os.path.basename(folder)


def calm(answer):
    """A page without what differs each time."""
    assert answer.status == 200, answer
    return re.sub(r'name="(token|operation)" value="[^"]*"|<code>[^<]*</code>|<time[^>]*>[^<]*</time>', "", answer.text)


def rss_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1])


def test_the_watch_sees_what_it_is_for(chromium):
    chromium.go("login")
    assert not has_run(chromium)
    chromium.driver.execute_script("alert(1)")
    assert has_run(chromium) == "yes"
    chromium.driver.get("http://evil.example/")
    assert chromium.proxy.foreign()
    chromium.proxy.asked.clear()


def test_they_leave_no_trace(site, chromium):
    admin, nobody = site.sign_in(), site.visitor()
    before = {path: calm(admin.get(path)) for path in PAGES} | {"/login": calm(nobody.get("/login"))}
    workers = site.named("worker")
    assert len(workers) == 4
    warm = {}
    for i, case in enumerate(CASES):
        wear(site, install(site, os.path.join(HOSTILE, case)))
        for _ in range(EACH):
            assert nobody.get("/login", timeout=IN_TIME).status == 200, case
        chromium.go("login")
        assert not has_run(chromium), case
        if i == 10:
            warm = {pid: rss_kb(pid) for pid in workers}
    assert EACH * len(CASES) >= 1000
    assert chromium.proxy.foreign() == []
    assert site.named("worker") == workers, "a worker died"
    grown = {pid: rss_kb(pid) - warm[pid] for pid in workers}
    assert max(grown.values()) <= 4096, grown
    assert max(rss_kb(pid) for pid in site.named("renderer")) <= 64 * 1024
    wear(site, "base")
    for _ in range(8):   # every worker has its turn
        assert calm(nobody.get("/login")) == before["/login"]
        assert {path: calm(admin.get(path)) for path in PAGES} == {path: before[path] for path in PAGES}


STYLES = """@import url(http://evil.example/a.css);
@font-face { font-family: thief; src: url(http://evil.example/b.woff2), local("Arial") }
:root { --worn: yes }
body { font-family: thief, serif; background: url(//evil.example/c.png); cursor: url(http://evil.example/d.cur), auto }
input[name="login"], input { background: image-set("http://evil.example/e.png" 1x); list-style: url(http://evil.example/f.png) }
h1::before { content: url(http://evil.example/g.svg) }
main { mask: url(http://evil.example/h.svg#m); filter: url(http://evil.example/i.svg#f); clip-path: url(//evil.example/j.svg#c) }
"""
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">
<script>alert(1)</script><image xlink:href="http://evil.example/k.png" width="9" height="9"/></svg>"""
EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="red"/></svg>'


def test_styles_and_pictures_reach_nobody(site, chromium, tmp_path):
    """What a theme's files load from elsewhere is not asked for, in a page and where a file is opened by its own link; a
    picture that does more than draw is not there at all."""
    folder = tmp_path / "stylish"
    (folder / "assets").mkdir(parents=True)
    (folder / "pages").mkdir()
    (folder / "theme.lua").write_text('return { name = "stylish", title = "S", version = "1.0.0", license = "MIT", extends = "base",'
                                      ' contract = "1.0", api = 1 }\n')
    (folder / "app.css").write_text(STYLES)
    (folder / "assets" / "evil.svg").write_text(PICTURE)
    (folder / "assets" / "good.svg").write_text(EMPTY)
    (folder / "pages" / "login.html").write_text(
        '{% extends "plain" %}{% block title() %}S{% end %}{% block main() %}<h1>Stylish</h1><img class="evil" alt="" '
        'src="{{ asset("evil.svg") }}"><img class="good" alt="" src="{{ asset("good.svg") }}">{% use "form" form=vm.form %}{% end %}')
    wear(site, install(site, str(folder)))
    driver = chromium.driver
    for _ in range(4):
        chromium.go("login")
    worn = "return getComputedStyle(document.documentElement).getPropertyValue('--worn').trim()"
    assert driver.execute_script(worn) == "yes", site.log_text()[-2000:]
    sizes = driver.execute_script("return [...document.images].map(image => image.naturalWidth)")
    assert sizes == [0, 9]
    links = driver.execute_script("return [...document.images].map(image => image.src)"
                                  ".concat([...document.styleSheets].map(sheet => sheet.href))")
    assert len(links) == 4
    for link in links:
        driver.get(link)
        assert not has_run(chromium), link
    assert chromium.proxy.foreign() == []
    wear(site, "base")


@pytest.mark.parametrize("theme", [os.path.join(ROOT, "themes", "funky-tandy"), os.path.join(HOSTILE, "36-order")],
                         ids=os.path.basename)
def test_the_same_page_each_time(site, theme):
    """A hundred times, at four workers, across two restarts."""
    wear(site, install(site, theme))
    seen = set()
    for _ in range(3):
        nobody, admin = site.visitor(), site.sign_in()
        answers = []

        def ask():
            for _ in range(9):
                answers.append((calm(nobody.get("/login")), calm(admin.get("/domains"))))
        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 36
        seen |= set(answers)
        site.end()
        site.serve()
    assert len(seen) == 1
    wear(site, "base")


def processor_seconds(pid):
    with open(f"/proc/{pid}/limits", encoding="ascii") as file:
        soft = re.search(r"^Max cpu time\s+(\S+)", file.read(), re.M)[1]
    return int(soft) if soft.isdigit() else float("inf")


def test_a_renderer_has_a_minute_of_processor_time(site):
    """Or what it may need until it is looked at, whatever it does when nobody waits for it."""
    nobody, renderers = site.visitor(), site.named("renderer")
    assert renderers
    before = {pid: processor_seconds(pid) for pid in renderers}
    assert all(20 <= seconds <= 120 for seconds in before.values()), before
    for _ in range(100 * len(renderers)):
        assert nobody.get("/login").status == 200
    after = {pid: processor_seconds(pid) for pid in site.named("renderer")}
    assert set(after) == set(before) and all(20 <= seconds <= 120 for seconds in after.values()), after


def test_a_page_without_any_renderer(site):
    """Nor one that could be born: a page made without, with the policy of all answers, and soon the pages of before."""
    nobody = site.visitor()
    policy = nobody.get("/login").header("content-security-policy")
    zygotes = site.named("zygote")
    assert policy and zygotes
    for pid in zygotes:
        os.kill(pid, signal.SIGSTOP)
    try:
        for pid in site.named("renderer"):
            os.kill(pid, signal.SIGKILL)
        answers = [nobody.get("/login", timeout=IN_TIME) for _ in range(4)]
    finally:
        for pid in zygotes:
            os.kill(pid, signal.SIGCONT)
    assert {answer.status for answer in answers} == {500}, site.log_text()[-2000:]
    for answer in answers:
        assert [value for name, value in answer.headers if name == "content-security-policy"] == [policy]
        assert answer.header("x-content-type-options") == "nosniff" and "<h1>" in answer.text
    wait_for(lambda: nobody.get("/login", timeout=IN_TIME).status == 200, site.log_text)


def readable_memory(pid):
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            low, high = (int(end, 16) for end in span.split("-"))
            if rights[0] == "r" and not line.rstrip().endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                memory.seek(low)
                yield memory.read(high - low)


def test_a_renderer_holds_nothing(site):
    admin = site.sign_in()
    for path in PAGES * 2:
        assert admin.get(path).status == 200
    stored = site.one("SELECT password FROM virtual_users WHERE email = %s", visitor.ADMIN)
    secrets = [PASSWORDS["mailadmin"], visitor.PASSWORD, admin.cookies["mailboy"], stored.rpartition("$")[2]]
    worker = b"".join(readable_memory(site.named("worker")[0]))
    assert secrets[0].encode() in worker, "a worker holds this one: the search works"
    renderers = site.named("renderer")
    assert renderers
    for pid in renderers:
        held = b"".join(readable_memory(pid))
        assert len(held) > 1 << 20
        for secret in secrets:
            assert secret.encode() not in held, secret
        opened = sorted(int(fd) for fd in os.listdir(f"/proc/{pid}/fd"))
        assert opened == [0, 1, 2, 3] and os.readlink(f"/proc/{pid}/fd/3").startswith("socket:")
