# SPDX-License-Identifier: GPL-3.0-or-later
"""Themes by strangers who mean harm (hostile/NN-name), each named with the wall that stops it and with how its
evil would show. Every one runs twice through a real renderer process of the release build: with all walls, where
a harmless page comes in time and the worker lives on; and with its wall taken away (two where either alone holds), where it must succeed,
else it proves nothing."""
import os
import re
import select
import subprocess

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HOSTILE = os.path.join(HERE, "hostile")
CASES = sorted(os.listdir(HOSTILE))


@pytest.fixture(scope="session")
def demo():
    """The walls are those of the release build: sanitizers need a wider list of system calls."""
    release = os.environ.get("MAILBOY_RELEASE", os.path.join(ROOT, "build", "release"))
    program = os.path.join(release, "tests", "unit", "render_demo")
    if not os.path.exists(program):
        folder = os.path.join(ROOT, "build", "walls")
        program = os.path.join(folder, "tests", "unit", "render_demo")
        subprocess.run(["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                        "-DMAILBOY_TESTS=ON"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["ninja", "-C", folder, "render_demo"], check=True, stdout=subprocess.DEVNULL)
    return program


class Drawn:
    def __init__(self, status, page, said):
        self.status, self.page, self.said = status, page, said
        self.by = re.findall(r"^by: (.*)$", said, re.M)
        self.us = [int(us) for us in re.findall(r"^us: (.*)$", said, re.M)]
        self.note = "\n".join(re.findall(r"^note: (.*)$", said, re.M))
        self.worker_rss = int(re.search(r"^worker rss: (\d+)$", said, re.M).group(1)) if status == 0 else 0


class Demo:
    """Has prepared what renderers share, without those walls; each drawing is by a worker and a renderer born for it.
    The clock on the wall is given much time, since the tests' machine may be busy; CPU time is not."""

    def __init__(self, program, folder, walls):
        off = [word for wall in walls for word in ("--without", wall)]
        self.path = os.path.join(folder, "page")
        self.process = subprocess.Popen([program, "--lines", "--wall-ms", "20000", "--themes", HOSTILE, "--page", "login", *off],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def draw(self, theme, rounds):
        self.process.stdin.write(f"{theme} {rounds} {self.path}\n".encode())
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], 120)
        assert ready, f"{theme}: no answer"
        status = int(self.process.stdout.readline())
        page, said = (self.read(self.path + end) for end in ("", ".said"))
        return Drawn(status, page, said)

    @staticmethod
    def read(path):
        with open(path, "rb") as file:
            return file.read().decode("utf-8", "replace")

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:   # it waits for one that hangs
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="session")
def draw(demo, tmp_path_factory):
    """draw(theme, walls taken away, rounds): by the demo that was prepared without these, or by a new one."""
    demos, every = {}, []

    def drawn(theme, without=(), rounds=1, new=False):
        key = tuple(sorted(without))
        if new or key not in demos:
            demos[key] = Demo(demo, tmp_path_factory.mktemp("demo"), key)
            every.append(demos[key])
        return demos[key].draw(theme, rounds)
    yield drawn
    for each in every:
        each.stop()


def header(case, word):
    files = [os.path.join(HOSTILE, case, name) for name in ("pages/login.lua", "theme.lua")]
    for name in filter(os.path.exists, files):
        with open(name, "rb") as f:
            found = re.search(rf"^-- {word}: (.*)$", f.read().decode("utf-8", "replace"), re.M)
        if found:
            return found.group(1)
    raise AssertionError(f"{case}: no '-- {word}:' line")


def succeeds(evil, drawn, again):
    """Does what was drawn show the evil that the theme's header describes?"""
    kind, _, rest = evil.partition(" ")
    word, _, what = rest.partition(" ")
    if kind == "page":
        return what in drawn.page
    if kind == "note":
        return drawn.note != "" and what not in drawn.note
    if kind == "us":
        return max(drawn.us) > int(what)
    if kind == "size":
        return len(drawn.page) > int(what)
    if kind == "second":
        return what in drawn.page
    if kind == "differs":
        return drawn.page != again().page
    raise AssertionError(f"'{evil}' is no way to tell")


@pytest.fixture(scope="session")
def base_page(draw):
    return draw("base").page


def body(page):
    return page[page.index("<body"):]


@pytest.mark.parametrize("case", CASES)
def test_walls_hold(draw, base_page, case):
    evil = header(case, "evil")
    drawn = draw(case, rounds=2)
    assert drawn.status == 0, drawn.said
    assert set(drawn.by) <= {"base", "theme"}, drawn.said
    assert max(drawn.us) < 15_000_000, drawn.said   # less than --wall-ms: another wall ended it
    assert drawn.worker_rss < 40_000, drawn.said
    assert not succeeds(evil, drawn, lambda: draw(case, rounds=2, new=True)), drawn.page[:3000] + drawn.said
    if drawn.by[-1] == "base":
        assert body(drawn.page) == body(base_page)
        assert drawn.note, drawn.said


@pytest.mark.parametrize("case", CASES)
def test_succeeds_without_its_wall(draw, case):
    evil, walls = header(case, "evil"), header(case, "wall").split()
    drawn = draw(case, walls, rounds=2 if evil.startswith("second") else 1)
    assert succeeds(evil, drawn, lambda: draw(case, walls, new=True)), drawn.page[:3000] + drawn.said


@pytest.mark.parametrize("how", ["deaf", "silent", "gone", "empty", "endless", "twice", "large", "slots", "slow"])
def test_a_renderer_that_was_taken_over(demo, how):
    """It does not read, never answers, ends, lies about its answer's length, answers twice, fills the worker's memory,
    has it look for hundreds of secrets' places in a page of 2 MB, sends a byte now and then: the page comes without it, in the
    time of a page and of base's once more."""
    ran = subprocess.run([demo, "--stranger", how, "--rounds", "3"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=True)
    drawn = Drawn(0, ran.stdout.decode(), ran.stderr.decode())
    assert drawn.by == ["plain"] * 3 and "<h1>" in drawn.page, drawn.said
    assert max(drawn.us) < 5_000_000, drawn.said   # 1.2 s by its own clock, on a busy machine
    assert drawn.worker_rss < 40_000, drawn.said
    if how == "slots":
        assert min(drawn.us) < 300_000, drawn.said   # 25 ms; 670 where each place is looked for from the page's end


WRITTEN_BY_BASE = {"html", "head", "body", "title", "meta", "link", "form", "svg", "use"}


def test_the_worker_knows_the_same_elements():
    """What themes may write by the compiler's list, and what base writes itself: the worker's list is no other."""
    listed = subprocess.run(["lua5.4", "-e", 'package.path = "lua/?.lua" for name in pairs(require("template.html").elements) do print(name) end'],
                            cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="ascii").stdout.split()
    with open(os.path.join(ROOT, "core", "view", "markup.c"), encoding="utf-8") as f:
        text = f.read()
    tables = re.findall(r"static const char \*const (?:elements|leading)\[\] = \{(.*?)\}", text, re.S)
    assert len(tables) == 2
    known = re.findall(r'"([a-z]+)"', "".join(tables))
    assert len(known) == len(set(known))
    assert set(known) == {re.sub(r"^h[1-6]$", "h", name) for name in listed} | WRITTEN_BY_BASE
