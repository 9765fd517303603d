# SPDX-License-Identifier: GPL-3.0-or-later
"""Themes that loop, eat memory, flood or break, worn by a running site (the release build): each page still comes,
from base and in time; server admins are told file and line, nobody else anything; who is killed three times is
set aside; other workers go on; a good theme shows on all workers at the next request."""
import os
import re
import shutil
import signal
import sys
import threading
import time

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.normpath(os.path.join(HERE, "..", "lib")))
import visitor  # noqa: E402
from daemon import wait_for  # noqa: E402

HOSTILE = ["01-endless-loop", "03-pcall-and-boast", "05-slow-steps", "09-pattern-backtracking", "13-rep-bomb",
           "15-table-bomb", "16-memory-in-pcall", "17-deep-recursion", "19-output-flood", "21-nesting", "24-load",
           "32-fork", "39-script-element", "51-javascript-url", "59-forged-form"]
USER = "ada@here.example"
IN_TIME = 30   # on the busiest of machines; what loops for ever never comes


@pytest.fixture(scope="module")
def site():
    with visitor.Site(kind="release", workers=3, request_timeout="60s") as made:
        made.make_domain("here.example")
        made.make_mailbox(USER)
        yield made


@pytest.fixture
def themes(site):
    yield Themes(site)
    site.run("theme", "activate", "base", check=True)
    shutil.rmtree(site.options["themes_dir"], ignore_errors=True)
    os.mkdir(site.options["themes_dir"])


class Themes:
    def __init__(self, site):
        self.site = site

    def write(self, name, path, text):
        path = os.path.join(self.site.options["themes_dir"], name, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def make(self, name, tokens=""):
        self.write(name, "theme.lua", f'return {{ name = "{name}", title = "{name}", version = "1.0.0", license ='
                                      f' "MIT", extends = "base", contract = "1.0", api = 1, {tokens} }}\n')

    def copy(self, case):
        """A theme of the collection, whose page is the log-in, the overview and the own account as well."""
        self.make(case)
        with open(os.path.join(HERE, "hostile", case, "pages", "login.lua"), encoding="utf-8") as file:
            text = file.read()
        for page in ("login", "overview", "me.show"):
            self.write(case, f"pages/{page}.lua", text)

    def wear(self, name):
        self.site.run("theme", "activate", name, "--force", check=True)


def calm(text):
    """A page without what differs each time."""
    return re.sub(r'name="(token|operation)" value="[^"]*"|<code>[^<]*</code>|<time[^>]*>[^<]*</time>', "", text)


def at_once(n, ask):
    """What ask() gave n times, more than there are workers, all at the same time."""
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(ask())) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def clock(act):
    began = time.monotonic()
    act()
    return time.monotonic() - began


def body(answer):
    return calm(answer.text[answer.text.index("<body"):])


@pytest.mark.parametrize("case", HOSTILE)
def test_the_page_comes_from_base_in_time(site, themes, case):
    admin, ada, nobody = site.sign_in(), site.sign_in(USER), site.visitor()
    login = body(nobody.get("/login"))
    account = re.sub(r"(?s)<h2>.*", "", body(ada.get("/me")))
    themes.copy(case)
    themes.wear(case)
    workers = set(site.pids())
    for _ in range(2):
        answer = nobody.get("/login", timeout=IN_TIME)
        assert answer.status == 200 and body(answer) == login
        answer = ada.get("/me", timeout=IN_TIME)
        assert re.sub(r"(?s)<h2>.*", "", body(answer)) == account and case not in answer.text
    seen = [admin.get("/", timeout=IN_TIME).text for _ in range(4)]
    assert any(re.search(rf"has a fault: .*{case}/pages/overview\.lua:", page) for page in seen), \
        site.log_text()[-1500:]
    for path in ("/domains", "/mailboxes", "/audit", "/status", "/domains/here.example/mailboxes/ada"):
        assert admin.get(path).status == 200
    assert {pid for pid in workers if os.path.exists(f"/proc/{pid}")} >= {site.process.pid}
    assert "worker" not in "".join(line for line in site.log_text().splitlines() if " ended " in line)
    themes.wear("base")
    answer = nobody.get("/login")
    assert body(answer) == login
    assert case not in admin.get("/").text


def test_three_kills_set_it_aside(site, themes):
    """With little time for a page the renderer is killed before its own budget ends the theme."""
    site.end()
    site.configure(render_cpu="20ms")
    site.serve()
    try:
        admin, nobody = site.sign_in(), site.visitor()
        themes.copy("05-slow-steps")
        themes.wear("05-slow-steps")
        for _ in range(4):
            assert nobody.get("/login").status == 200
        log = site.log_text()
        assert "set aside" in log, log[-2000:]
        assert log.count("took too long") <= 3 + 3   # each worker may have been at it already
        before = log.count("took too long")
        for _ in range(20):
            assert nobody.get("/login").status == 200
        assert site.log_text().count("took too long") == before
        assert all("05-slow-steps" in admin.get("/").text for _ in range(6))   # on every worker
        wait_for(lambda: any("set aside" in page for page in at_once(6, lambda: admin.get("/").text)), site.log_text)
        assert "05-slow-steps" not in nobody.get("/login").text
    finally:
        themes.wear("base")
        site.end()
        site.configure(render_cpu="300ms")
        site.serve()


def send(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:   # killed meanwhile, as late
            pass


def processors(pid):
    try:
        return os.sched_getaffinity(pid)
    except ProcessLookupError:   # replaced meanwhile
        return set()


def niceness(pids):
    found = []
    for pid in pids:
        try:
            found.append(os.getpriority(os.PRIO_PROCESS, pid))
        except ProcessLookupError:   # replaced meanwhile
            pass
    return found


def test_who_did_harm_gives_way(site, themes):
    """From its second page on, since the first one burnt what it could; base is drawn as before."""
    own, nobody = niceness(site.named("worker"))[0], site.visitor()
    themes.copy("05-slow-steps")
    themes.wear("05-slow-steps")

    def lowered():
        assert nobody.get("/login", timeout=IN_TIME).status == 200
        return own + 10 in niceness(site.named("renderer"))
    wait_for(lowered, site.log_text)
    assert set(niceness(site.named("worker"))) == {own}
    themes.wear("base")

    def even():
        assert all(answer.status == 200 for answer in at_once(6, lambda: nobody.get("/login", timeout=IN_TIME)))
        return set(niceness(site.named("renderer"))) == {own}
    wait_for(even, site.log_text)


def test_a_machine_without_a_processor_is_no_fault_of_the_theme(site, themes):
    """The renderer is stopped, as if others had all processors: while it takes the theme in, and while it draws."""
    site.end()
    site.configure(render_wall="1s", workers=1)
    site.serve()
    try:
        nobody = site.visitor()
        for number in (signal.SIGSTOP, signal.SIGKILL):   # base's own renderer hangs, or dies: another draws the page
            stopped = site.named("renderer")
            send(stopped, number)
            answer = nobody.get("/login", timeout=IN_TIME)
            assert answer.status == 200 and 'name="token"' in answer.text, site.log_text()[-2000:]
            send(stopped, signal.SIGCONT)

        def side_by_side():   # a worker and its renderer share a processor for a page, and the worker has all again
            assert nobody.get("/login").status == 200
            return any(len(processors(pid)) == 1 for pid in site.named("renderer"))
        wait_for(side_by_side, "the renderer is never put beside its worker")
        assert all(processors(pid) == processors(0) for pid in site.named("worker"))
        themes.make("slow")
        themes.write("slow", "pages/login.html", '{% extends "shell" %}{% block title() %}L{% end %}\n'
                     '{% block main() %}<h1>Come in, slowly</h1>{% use "form" form=vm.form %}{% end %}\n')
        themes.wear("slow")

        def page():
            return nobody.get("/login", HTTP_ACCEPT_LANGUAGE="de", timeout=IN_TIME)
        wait_for(lambda: "slowly" in nobody.get("/login").text, site.log_text)   # in English; German it takes in again
        for _ in ("taking in", "drawing"):
            stopped = site.named("renderer")   # the job runner's is among them
            send(stopped, signal.SIGSTOP)
            answer = page()
            assert answer.status == 200 and "slowly" not in answer.text, site.log_text()[-2000:]
            send(stopped, signal.SIGCONT)
            wait_for(lambda: "slowly" in page().text, site.log_text)
        told = [line.partition("theme slow: ")[2] for line in site.log_text().splitlines() if "theme slow: " in line]
        assert set(told) == {"login: no processor in time"}
        assert "a fault" not in site.sign_in().get("/").text
    finally:
        site.end()
        site.configure(render_wall="8s", workers=3)
        site.serve()


def test_on_a_busy_machine_it_is_set_aside_too(site, themes):
    """Its renderer gives way to others, who want the processors: the little that it gets is much for one that may have a tenth."""
    site.end()
    site.configure(render_wall="1s", workers=1)
    site.serve()
    own, nobody, stop = niceness(site.named("worker"))[0], site.visitor(), threading.Event()
    themes.copy("05-slow-steps")
    themes.wear("05-slow-steps")

    def lowered():
        assert nobody.get("/login", timeout=IN_TIME).status == 200
        return own + 10 in niceness(site.named("renderer"))
    wait_for(lowered, site.log_text)

    def others():   # a twentieth is left to who is nicer
        while not stop.is_set():
            lower = [pid for pid in site.named("renderer") if own + 10 in niceness([pid])]
            send(lower, signal.SIGSTOP)
            time.sleep(0.057)
            send(lower, signal.SIGCONT)
            time.sleep(0.003)
    busy = threading.Thread(target=others)
    busy.start()

    def set_aside():
        assert nobody.get("/login", timeout=IN_TIME).status == 200
        return "set aside" in site.log_text().rpartition("activate")[2]
    try:
        wait_for(set_aside, lambda: site.log_text()[-2000:], seconds=20)
    finally:
        stop.set()
        busy.join()
        site.end()
        site.configure(render_wall="8s", workers=3)
        site.serve()
    assert "it failed too often and is set aside" in site.log_text()


def test_others_go_on(site, themes):
    """While one page loops for ever, pages that are not the theme's come as quickly as before."""
    admin = site.sign_in()
    themes.make("loop")
    themes.write("loop", "pages/login.lua", "return function(vm, h) while true do end end\n")
    themes.wear("loop")
    admin.get("/domains")
    stop = threading.Event()

    def knock(visitor_):
        while not stop.is_set():
            visitor_.get("/login")

    knocker = threading.Thread(target=knock, args=(site.visitor(),))
    knocker.start()
    try:
        times = sorted(clock(lambda: admin.get("/domains", timeout=IN_TIME)) for _ in range(40))
    finally:
        stop.set()
        knocker.join()
    assert times[20] < 0.9   # what a renderer may take of the clock on the wall


def test_one_broken_page_falls_back_alone(site, themes):
    admin = site.sign_in()
    plain = body(admin.get("/domains"))
    themes.make("half")
    themes.write("half", "pages/status.html", '{% extends "shell" %}{% block title() %}S{% end %}\n'
                 '{% block main() %}<h1>Half a theme</h1><p>{{ vm.nothing }}</p>{% end %}\n')
    themes.write("half", "pages/logout.html", '{% extends "shell" %}{% block title() %}Leave{% end %}\n'
                 '{% block main() %}<h1>Half a theme says farewell</h1>{% use "form" form=vm.form %}{% end %}\n')
    themes.wear("half")
    assert "Half a theme says farewell" in admin.get("/logout").text
    answer = admin.get("/status")
    assert answer.status == 200 and "Half a theme<" not in answer.text and "<h1>Status" in answer.text
    assert re.sub(r"(?s)<div class=\"flash warn\">.*?</div>\s*", "", body(admin.get("/domains"))) == plain
    pages = "".join(admin.get("/").text for _ in range(6))
    assert "pages/status.html:2:" in pages


def test_a_good_child_shows_at_once_on_all_workers(site, themes):
    admin, nobody = site.sign_in(), site.visitor()
    themes.make("harbour", 'tokens = "tokens.css"')
    themes.write("harbour", "tokens.css", ":root { --accent: light-dark(#0b6470, #7fd6e0); }\n")
    themes.write("harbour", "pages/logout.html", '{% extends "shell" %}{% block title() %}Leave{% end %}\n'
                 '{% block main() %}<h1>Leave the harbour</h1>{% use "form" form=vm.form %}{% end %}\n')
    themes.write("harbour", "blocks/mailboxes.list/row.html",
                 '<tr id="mb-{{ m.id }}"><th scope="row">Pier {{ m.email }}</th></tr>\n')
    for _ in range(8):
        assert "Leave the harbour" not in admin.get("/logout").text
    themes.wear("harbour")
    for _ in range(12):
        assert "Leave the harbour" in admin.get("/logout").text
        assert f"Pier {USER}" in admin.get("/domains/here.example/mailboxes").text
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', nobody.get("/login").text)
    own = [url for url in styles if url.startswith("/assets/harbour/")]
    assert own and len(styles) == 2
    for _ in range(6):
        answer = nobody.get(own[0])
        assert answer.status == 200 and "0b6470" in answer.text and answer.header("content-type").startswith("text/css")
    assert not [line for line in site.log_text().splitlines() if "harbour" in line and not line.startswith("info")]
    themes.wear("base")
    for _ in range(12):
        assert "Leave the harbour" not in admin.get("/logout").text


def test_without_the_folder_every_page_works(site, themes):
    admin = site.sign_in()
    themes.make("gone")
    themes.wear("gone")
    assert admin.get("/").status == 200
    shutil.rmtree(site.options["themes_dir"])
    site.end()
    site.serve()
    admin = site.sign_in()
    for path in ("/", "/domains", "/domains/here.example", "/mailboxes", "/audit", "/status", "/me", "/logout",
                 "/domains/new", "/nothing"):
        answer = admin.get(path)
        assert answer.status in (200, 404) and 'data-mb-page="' in answer.text, path
    assert "a fault: gone:" in "".join(admin.get("/").text for _ in range(6))
    style = re.search(r'href="(/assets/base/app-[^"]+\.css)"', admin.get("/").text).group(1)
    assert admin.get(style).status == 200
    os.makedirs(site.options["themes_dir"])
    themes.wear("base")
    assert "a fault: gone:" not in admin.get("/").text
