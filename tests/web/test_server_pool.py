# SPDX-License-Identifier: GPL-3.0-or-later
"""The pool under faults: slow, silent and broken peers, killed and hanging processes, signals.

Drives the program `pool_demo` (tests/unit/pool_demo.c), whose house is a few lines long, through
raw FastCGI. MAILBOY_BUILD names the build folder (default: build/ in the tree).
"""
import os
import random
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time

import pytest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
import fastcgi  # noqa: E402
from daemon import free_port  # noqa: E402

PROGRAM = os.path.join(os.environ.get("MAILBOY_BUILD", os.path.join(ROOT, "build")), "tests/unit/pool_demo")


class Pool:
    def __init__(self, **options):
        self.folder = tempfile.TemporaryDirectory(prefix="pool-")
        os.chmod(self.folder.name, 0o755)
        self.socket = os.path.join(self.folder.name, "s")
        self.options = {"listen": self.socket, **options}
        self.log = open(os.path.join(self.folder.name, "log"), "w+b")
        self.process = None
        self.born = set()

    def write(self, **options):
        self.options.update(options)
        path = os.path.join(self.folder.name, "options")
        with open(path + ".new", "w") as f:
            f.writelines(f"{k} {v}\n" for k, v in self.options.items())
        os.rename(path + ".new", path)
        return path

    def start(self, wait=True, **how):
        self.process = subprocess.Popen([PROGRAM, self.write()], stderr=self.log, **how)
        if wait:
            self.wait_up()
        return self

    def wait_up(self):
        eventually(lambda: self.get("/up")[0] == 200)

    def get(self, uri="/", body=b"", timeout=60.0):
        status, headers, answer = fastcgi.request(self.socket, {"REQUEST_URI": uri}, body, timeout)
        return status, dict(headers), answer

    def seats(self):
        rows = [line.split() for line in self.get("/seats")[2].decode().splitlines()]
        found = [(kind, int(pid), int(n), int(again)) for kind, pid, n, again in rows]
        self.born.update(pid for _, pid, _, _ in found)
        return found

    def pids(self, kind):
        return [pid for k, pid, _, _ in self.seats() if k == kind]

    def hup(self, **options):
        self.write(**options)
        self.process.send_signal(signal.SIGHUP)

    def log_text(self):
        with open(self.log.name, "rb") as f:
            return f.read().decode()

    def begins(self, uri):
        """A connection whose request is in a worker's hands."""
        s, before = fastcgi.connect(self.socket, 60), self.log_text().count(f"begins {uri}")
        s.sendall(fastcgi.whole({"REQUEST_URI": uri}))
        eventually(lambda: self.log_text().count(f"begins {uri}") > before)
        return s

    def end(self):
        """SIGTERM; the exit status."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
        return self.process.returncode

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.end()
        self.log.close()
        self.folder.cleanup()


def eventually(question, seconds=60.0, pause=0.02):
    """Asks until it is true; connection trouble counts as not yet. The time is for the busiest of machines."""
    end = time.monotonic() + seconds
    while True:
        try:
            if question():
                return
        except (OSError, fastcgi.Closed):
            pass
        assert time.monotonic() < end, "it did not become true"
        time.sleep(pause)


def alive(pid):
    """Runs, and is no zombie that only waits to be buried."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def is_worker(pid):
    try:
        with open(f"/proc/{pid}/comm") as f:
            return f.read().startswith("worker")
    except (FileNotFoundError, ProcessLookupError):
        return False


def kill_if_there(pid, sig=signal.SIGKILL):
    try:
        os.kill(pid, sig)
    except ProcessLookupError:
        pass


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            return [int(p) for p in f.read().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def family(pid):
    return [pid] + [p for child in children(pid) for p in family(child)]


def cpu_ticks(pid):
    """0 of one that has ended."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            words = f.read().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(words[11]) + int(words[12])


class Load:
    """Clients that ask without pause; counts what they got."""

    def __init__(self, pool, clients=3, uri="/load", is_good=lambda body: b"/load" in body):
        self.pool, self.uri, self.is_good = pool, uri, is_good
        self.good, self.bad, self.slowest = 0, [], 0.0
        self.stopping = False
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(clients)]

    def run(self):
        while not self.stopping:
            begun = time.monotonic()
            try:
                status, _, body = self.pool.get(self.uri)
                assert status == 200 and self.is_good(body), body
                self.good += 1
            except Exception as e:   # noqa: BLE001
                self.bad.append(repr(e))
            self.slowest = max(self.slowest, time.monotonic() - begun)

    def __enter__(self):
        for t in self.threads:
            t.start()
        return self

    def __exit__(self, *_):
        self.stopping = True
        for t in self.threads:
            t.join(20)


@pytest.fixture
def pool():
    with Pool() as p:
        yield p


# Good requests

def test_echo(pool):
    status, headers, body = pool.get("/a?b=c")
    assert (status, body) == (200, b"/a?b=c 0 ")
    assert len(headers["x-id"]) == 12 and headers["x-id"].isalnum() and headers["x-id"].islower()
    assert pool.get("/a")[1]["x-id"] != headers["x-id"]


@pytest.mark.parametrize("size", [1, 8191, 8192, 65535, 65536, 1 << 20])
def test_bodies_arrive_whole(pool, size):
    body = random.Random(size).randbytes(size)
    assert pool.get("/x", body)[2] == b"/x %d " % size + body


def test_long_answer(pool):
    assert len(pool.get("/big/3000000")[2]) >= 3000000


def test_split_anyhow(pool):
    """Every cut of the stream gives the same answer."""
    data = fastcgi.whole({"REQUEST_URI": "/cut"}, b"body")
    for cut in range(1, len(data), 7):
        with fastcgi.connect(pool.socket) as s:
            s.sendall(data[:cut])
            time.sleep(0.001)
            s.sendall(data[cut:])
            assert fastcgi.answer(s)[2] == b"/cut 4 body"


def test_padding_and_request_id(pool):
    data = (fastcgi.begin(request_id=65535, padding=255)
            + fastcgi.record(fastcgi.PARAMS, fastcgi.pair("REQUEST_URI", "/pad"), 65535, padding=7)
            + fastcgi.record(fastcgi.PARAMS, b"", 65535, padding=1)
            + fastcgi.record(fastcgi.STDIN, b"", 65535, padding=3))
    with fastcgi.connect(pool.socket) as s:
        s.sendall(data)
        assert fastcgi.answer(s)[2] == b"/pad 0 "


def test_body_too_large(pool):
    status, _, body = pool.get("/large", b"x" * (1 << 20) + b"y" * 4000000)
    assert (status, body) == (413, b"/large 0 ")


def test_answer_is_missing(pool):
    assert pool.get("/empty")[0] == 500


# Bad peers

def params_of(*pairs):
    return b"".join(fastcgi.pair(k, v) for k, v in pairs)


def with_params(raw, body=b""):
    return (fastcgi.begin() + fastcgi.stream(fastcgi.PARAMS, raw) + fastcgi.stream(fastcgi.STDIN, body))


def with_length(said, body):
    return with_params(params_of(("REQUEST_URI", "/lie"), ("CONTENT_LENGTH", said)), body)


URI = params_of(("REQUEST_URI", "/"))
BROKEN = {
    "nothing": b"",
    "garbage": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "zeros": b"\0" * 64,
    "version 2": fastcgi.begin(version=2) + fastcgi.params({}) + fastcgi.stream(fastcgi.STDIN, b""),
    "no begin": fastcgi.params({"REQUEST_URI": "/"}) + fastcgi.stream(fastcgi.STDIN, b""),
    "begin of length 0": fastcgi.record(fastcgi.BEGIN_REQUEST, b""),
    "begin of length 9": fastcgi.record(fastcgi.BEGIN_REQUEST, b"\0\1\0\0\0\0\0\0\0"),
    "id 0": fastcgi.whole({}, request_id=0),
    "authorizer": fastcgi.begin(fastcgi.AUTHORIZER) + fastcgi.params({}) + fastcgi.stream(fastcgi.STDIN, b""),
    "filter": fastcgi.begin(fastcgi.FILTER) + fastcgi.params({}) + fastcgi.stream(fastcgi.STDIN, b""),
    "role 0": fastcgi.begin(0) + fastcgi.params({}) + fastcgi.stream(fastcgi.STDIN, b""),
    "begin twice": fastcgi.begin() + fastcgi.begin() + fastcgi.params({}),
    "abort": fastcgi.begin() + fastcgi.record(fastcgi.ABORT_REQUEST),
    "abort in body": with_length("9", b"half")[:-8] + fastcgi.record(fastcgi.ABORT_REQUEST),
    "management": fastcgi.record(fastcgi.GET_VALUES, fastcgi.pair("FCGI_MAX_CONNS", ""), 0),
    "management, overflowing": fastcgi.record(
        fastcgi.GET_VALUES, fastcgi.pair("FCGI_MPXS_CONNS", "") * 200, 0),
    "management in between": fastcgi.begin() + fastcgi.record(
        fastcgi.GET_VALUES, fastcgi.pair("FCGI_MPXS_CONNS", "") * 200, 0),
    "unknown type": fastcgi.begin() + fastcgi.record(77, b"abc"),
    "foreign id": fastcgi.begin() + fastcgi.record(fastcgi.PARAMS, URI, 2) + fastcgi.record(fastcgi.PARAMS),
    "no params": fastcgi.begin() + fastcgi.record(fastcgi.PARAMS) + fastcgi.record(fastcgi.STDIN),
    "2 GB name": with_params(b"\xff\xff\xff\xff\x01xy"),
    "2 GB value": with_params(b"\x01\xff\xff\xff\xffxy"),
    "value past the end": with_params(b"\x01\x09xy"),
    "half a length": with_params(b"\x80\x00"),
    "name only": with_params(b"\x05"),
    "NUL in a value": with_params(params_of(("REQUEST_URI", b"/a\0b"))),
    "= in a name": with_params(params_of(("CONTENT_LENGTH=5", "x"))),
    "empty name": with_params(params_of(("", "x"))),
    "too many params": with_params(b"".join(fastcgi.pair(f"A{i}", "") for i in range(600))),
    "too long params": with_params(params_of(*[(f"A{i}", "x" * 1000) for i in range(70)])),
    "length above body": with_length("9", b"half"),
    "length below body": with_length("2", b"half"),
    "length of no number": with_length("4x", b"half"),
    "length below zero": with_length("-4", b"half"),
    "length with blank": with_length(" 4", b"half"),
    "length of 40 digits": with_length("4" * 40, b"half"),
    "length twice": with_params(params_of(("CONTENT_LENGTH", "4"), ("CONTENT_LENGTH", "5")), b"half"),
    "body without length": with_params(URI, b"half"),
    "params in body": with_params(URI)[:-8] + fastcgi.params({"A": "b"}),
    "half a header": fastcgi.begin()[:5],
    "half a request": with_length("4", b"half")[:-8],
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_is_closed(pool, name):
    with fastcgi.connect(pool.socket) as s:
        try:
            s.sendall(BROKEN[name])
            s.shutdown(socket.SHUT_WR)
            assert s.recv(100) == b""
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert pool.get("/after")[0] == 200
    assert all(again == 0 for _, _, _, again in pool.seats())


def test_thousand_bad_peers_between_good_requests():
    """Broken ones, silent ones and ones that go away: none delays the good ones or costs a process."""
    with Pool(peer_ms=400) as pool:
        before, kinds, silent, slowest = pool.seats(), sorted(BROKEN), [], 0.0
        dice = random.Random(1)
        for n in range(1000):
            s = fastcgi.connect(pool.socket)
            data = BROKEN[dice.choice(kinds)] if n % 3 else fastcgi.whole({}, b"x" * 50)
            try:
                s.sendall(data[:dice.randrange(len(data) + 1)])
            except (BrokenPipeError, ConnectionResetError):
                pass
            if n % 2:
                s.close()
            else:
                silent.append(s)
            if n % 10 == 0:
                begun = time.monotonic()
                assert pool.get("/good")[0] == 200
                slowest = max(slowest, time.monotonic() - begun)
            for old in silent[:-40]:
                old.close()
            del silent[:-40]
        assert slowest < 8.0   # one after the other, the silent ones alone would take that long
        assert [row[:2] for row in pool.seats()] == [row[:2] for row in before]
        assert pool.log_text().count("ended") == 0


def test_silent_peers_are_closed_in_time():
    with Pool(peer_ms=3000) as pool:
        begun = time.monotonic()
        peers = [fastcgi.connect(pool.socket, 60) for _ in range(8)]
        assert pool.get("/beside")[0] == 200
        assert time.monotonic() - begun < 3.0
        for s in peers:
            assert s.recv(1) == b""
        assert time.monotonic() - begun > 2.5


def test_dripping_peer(pool):
    """One byte within each time limit: closed after twice the limit all the same."""
    data, begun = fastcgi.whole({}, b"x" * 500), time.monotonic()
    with fastcgi.connect(pool.socket) as s, pytest.raises((BrokenPipeError, ConnectionResetError)):
        for byte in data:
            s.sendall(bytes([byte]))
            time.sleep(0.05)
    assert time.monotonic() - begun < 20.0   # all of it takes 30


def test_peer_that_does_not_read(pool):
    with fastcgi.connect(pool.socket) as s:
        s.sendall(fastcgi.whole({"REQUEST_URI": "/big/8000000"}))
        time.sleep(0.2)
        for _ in range(10):
            assert pool.get("/beside")[0] == 200
        eventually(lambda: "did not take the answer" in pool.log_text())
    assert all(again == 0 for _, _, _, again in pool.seats())


def test_client_gone(pool):
    for _ in range(20):
        with fastcgi.connect(pool.socket) as s:
            s.sendall(fastcgi.whole({"REQUEST_URI": "/big/500000"}))
    assert pool.get("/after")[0] == 200
    assert all(again == 0 for _, _, _, again in pool.seats())


def test_descriptors_stay_constant():
    with Pool(workers=1) as pool:
        pool.get("/renderer")
        before = pool.get("/fds")[2]
        for n in range(1000):
            if n % 4 == 0:
                with fastcgi.connect(pool.socket) as s:
                    s.sendall(b"\1\1" if n % 8 else b"nonsense")
            pool.get("/renderer" if n % 50 == 0 else "/x", b"b" * (n % 7))
        # A second spool may have been needed, and is kept.
        assert len(pool.get("/fds")[2].split()) <= len(before.split()) + 16
        middle = pool.get("/fds")[2]
        for n in range(1000):
            pool.get("/y")
        assert pool.get("/fds")[2] == middle


# Processes

def test_killed_worker_is_replaced(pool):
    victims = pool.pids("worker")
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: len(now := pool.pids("worker")) == 2 and not set(now) & set(victims))


def test_crash_costs_one_answer(pool):
    with pytest.raises(fastcgi.Closed):
        pool.get("/crash")
    for _ in range(10):
        assert pool.get("/after")[0] == 200
    eventually(lambda: len(pool.pids("worker")) == 2)


def test_kill_loop_under_load():
    """One worker each 100 ms: each kill may cost the request in hand, no more; the pool stays full."""
    with Pool(workers=4) as pool, Load(pool, 2) as load:
        end, kills = time.monotonic() + 5, 0
        while time.monotonic() < end:
            workers = [p for p in children(pool.process.pid) if is_worker(p)]
            if workers:
                kill_if_there(random.choice(workers))
                kills += 1
            time.sleep(0.1)
        load.__exit__()
        assert kills > 5 and len(load.bad) <= kills and load.good > kills
        eventually(lambda: len(pool.pids("worker")) == 4)


@pytest.mark.parametrize("how", ["/hang", "stop"])
def test_overdue_worker_is_killed(how):
    with Pool(request_seconds=1) as pool:
        begun = time.monotonic()
        if how == "/hang":
            with pytest.raises(fastcgi.Closed):
                pool.get("/hang")
        else:
            victim = pool.pids("worker")[0]
            os.kill(victim, signal.SIGSTOP)
            eventually(lambda: not alive(victim))
        assert time.monotonic() - begun > 0.8
        eventually(lambda: len(pool.pids("worker")) == 2)


def test_workers_retire():
    with Pool(requests_per_worker=5) as pool:
        pids = {pool.get("/x")[1]["x-pid"] for _ in range(100)}
        assert len(pids) >= 15
        assert "ended" not in pool.log_text()


def test_backoff_when_starting_fails():
    with Pool() as pool:
        old = set(pool.pids("worker"))
        pool.hup(fail_start=1)
        eventually(lambda: pool.log_text().count("before it was ready") >= 6)
        time.sleep(2)
        # 3 posts; 50, 100, 200, 400, 800 ms ...: about 6 tries each in 3 s, not hundreds.
        tries = pool.log_text().count("before it was ready")
        assert tries < 36
        assert old
        pool.hup(fail_start=0)
        pool.wait_up()


@pytest.mark.parametrize("uri", ["/fork", "/exec", "/setuid"])
def test_worker_starts_no_process(pool, uri):
    with pytest.raises(fastcgi.Closed):
        pool.get(uri)
    eventually(lambda: f"by signal {signal.SIGSYS:d}" in pool.log_text())
    eventually(lambda: len(pool.pids("worker")) == 2)


def test_zygote_alone_ends_with_its_process():
    done = subprocess.run([PROGRAM, "alone"], capture_output=True, timeout=60, check=True)
    pid, _, *fds = done.stdout.split()
    assert fds == [b"0", b"1", b"2", b"3"]
    eventually(lambda: not alive(int(pid)))


def test_renderer_has_nothing(pool):
    pid, shared, *fds = pool.get("/renderer")[2].split()
    assert shared == b"0"
    assert fds == [b"0", b"1", b"2", b"3"]
    assert int(pid) in children(pool.pids("zygote")[0])


def test_renderer_of_dead_worker_dies():
    with Pool(workers=1) as pool:
        renderer = int(pool.get("/renderer")[2].split()[0])
        os.kill(renderer, signal.SIGSTOP)   # it will not notice by itself
        os.kill(pool.pids("worker")[0], signal.SIGKILL)
        eventually(lambda: not alive(renderer))
        assert int(pool.get("/renderer")[2].split()[0]) != renderer


def test_killed_renderer_is_born_again(pool):
    for _ in range(10):
        renderer = int(pool.get("/renderer")[2].split()[0])
        os.kill(renderer, signal.SIGKILL)
        eventually(lambda: not alive(renderer))
    assert pool.get("/renderer")[2] != b"no renderer"


def test_dead_zygote_starts_the_pool_anew(pool):
    for _ in range(3):
        old = pool.seats()
        zygote = [pid for kind, pid, _, _ in old if kind == "zygote"][0]
        workers = [pid for kind, pid, _, _ in old if kind == "worker"]
        os.kill(zygote, signal.SIGKILL)
        eventually(lambda: not any(alive(p) for p in workers + [zygote]))
        eventually(lambda: pool.get("/renderer")[2] != b"no renderer")
        eventually(lambda: len(pool.pids("worker")) == 2 and len(pool.pids("zygote")) == 1)
        assert pool.pids("zygote") != [zygote]
    assert pool.process.poll() is None
    assert pool.end() == 0 and not os.path.exists(pool.socket)


def test_dead_zygote_loses_no_request(pool):
    """Not even pages: the renderers that are there outlive it until their workers are done."""
    with Load(pool, uri="/renderer", is_good=lambda body: b"0 1 2 3" in body) as load:
        time.sleep(0.5)
        os.kill(pool.pids("zygote")[0], signal.SIGKILL)
        time.sleep(1.5)
    assert load.good > 10 and load.bad == []


def test_standard_descriptors_closed_at_start():
    p = Pool()
    script = f'exec "{PROGRAM}" "{p.write()}" <&- >&- 2>&-'
    p.process = subprocess.Popen(["sh", "-c", script])
    p.wait_up()
    for fd in "012":
        assert os.readlink(f"/proc/{p.process.pid}/fd/{fd}") == "/dev/null"
    assert p.end() == 0


# Signals

def test_reload_loses_nothing(pool):
    with Load(pool) as load:
        for n in range(20):
            pool.hup(greeting=f"g{n}", workers=2 + n % 2)
            time.sleep(0.15)
    assert load.bad == [] and load.good > 50
    eventually(lambda: pool.get("/x")[2].startswith(b"g19"))
    eventually(lambda: len(pool.pids("worker")) == 3)


def test_reload_of_mistakes_changes_nothing(pool):
    before = pool.pids("worker")
    pool.hup(broken=1)
    eventually(lambda: "has mistakes" in pool.log_text())
    assert pool.pids("worker") == before
    assert pool.get("/x")[0] == 200


def test_term_with_silent_half_and_busy_connections():
    with Pool(drain_seconds=40, peer_ms=60000, request_seconds=60) as pool:
        pool.get("/renderer")
        everybody = family(pool.process.pid)
        silent = [fastcgi.connect(pool.socket) for _ in range(5)]
        for s in silent[:3]:
            s.sendall(fastcgi.whole({}, b"body")[:40])
        busy = pool.begins("/sleep/1500")
        begun = time.monotonic()
        pool.process.terminate()
        time.sleep(0.7)
        spent = {p: cpu_ticks(p) for p in everybody if alive(p)}
        time.sleep(0.4)
        for p, ticks in spent.items():
            if alive(p):
                assert cpu_ticks(p) - ticks <= 5, "a process spins"
        assert fastcgi.answer(busy)[0] == 200
        assert pool.process.wait(60) == 0
        assert time.monotonic() - begun < 30
        assert not any(alive(p) for p in everybody)
        assert not os.path.exists(pool.socket) and not os.path.exists(pool.socket + ".lock")


def test_term_kills_after_the_deadline():
    with Pool(drain_seconds=1, request_seconds=60) as pool:
        everybody = family(pool.process.pid)
        held = pool.begins("/hang")
        begun = time.monotonic()
        assert pool.end() == 0
        assert 0.9 < time.monotonic() - begun < 15
        held.close()
        assert not any(alive(p) for p in everybody)


def test_term_to_the_whole_group():
    """As systemd does: every process gets the signal, the request in hand still gets its renderer."""
    with Pool() as pool:
        s = pool.begins("/late/500")
        for p in family(pool.process.pid):
            kill_if_there(p, signal.SIGTERM)   # an idle one may have heard it from the supervisor
        assert b"0 1 2 3" in fastcgi.answer(s)[2]
        assert pool.process.wait(60) == 0


def test_killed_supervisor():
    """All go, the one in hand is answered, and a new start takes the socket over."""
    with Pool() as pool:
        pool.get("/renderer")
        everybody = family(pool.process.pid)
        s = pool.begins("/sleep/800")
        pool.process.kill()
        pool.process.wait()
        pool.start()
        assert fastcgi.answer(s)[0] == 200
        eventually(lambda: not any(alive(p) for p in everybody))
        assert pool.get("/x")[0] == 200


# The socket

def test_socket_mode_and_second_start():
    with Pool(socket_group="www-data") as pool:
        st = os.stat(pool.socket)
        assert stat.S_IMODE(st.st_mode) == 0o660
        if os.geteuid() == 0:
            import grp
            assert st.st_gid == grp.getgrnam("www-data").gr_gid
        second = subprocess.run([PROGRAM, pool.write()], capture_output=True, timeout=60)
        assert second.returncode == 71 and b"another Mailboy" in second.stderr
        assert pool.get("/x")[0] == 200


@pytest.mark.parametrize("listen,status", [
    ("0.0.0.0:9", 78), ("192.0.2.1:9000", 78), ("localhost", 78), ("127.0.0.1:0", 78), ("127.0.0.1:x", 78),
    ("/" + "x" * 120, 78), ("/nowhere/at/all", 71)])
def test_listen_refused(listen, status):
    p = Pool(listen=listen)
    p.start(wait=False)
    assert p.process.wait(60) == status


def test_foreign_file_and_foreign_socket_are_left_alone():
    p = Pool()
    with open(p.socket, "w") as f:
        f.write("mine")
    assert p.start(wait=False).process.wait(60) == 71
    assert open(p.socket).read() == "mine"
    os.unlink(p.socket)
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(p.socket)
        other.listen()
        os.unlink(p.socket + ".lock") if os.path.exists(p.socket + ".lock") else None
        assert p.start(wait=False).process.wait(60) == 71
        assert b"answers there" in p.log_text().encode()


def test_tcp_on_loopback():
    port = free_port()
    p = Pool(listen=f"127.0.0.1:{port}")
    p.socket = ("127.0.0.1", port)
    p.start()
    assert p.get("/tcp")[2] == b"/tcp 0 "
    assert p.end() == 0


@pytest.mark.parametrize("number", [0, 3])
def test_socket_handed_over(number):
    """spawn-fcgi gives it as descriptor 0, systemd as 3 with LISTEN_FDS."""
    p = Pool(listen="/nonexistent")
    path = os.path.join(p.folder.name, "given")
    with socket.socket(socket.AF_UNIX) as given:
        given.bind(path)
        given.listen()
        if number == 0:
            p.start(wait=False, stdin=given.fileno())
        else:
            script = f'export LISTEN_PID=$$ LISTEN_FDS=1; exec "{PROGRAM}" "{p.write()}" 3<&0 0</dev/null'
            p.process = subprocess.Popen(["sh", "-c", script], stdin=given.fileno(), stderr=p.log)
    p.socket = path
    p.wait_up()
    assert p.get("/given")[2] == b"/given 0 "
    zygote = p.pids("zygote")[0]
    os.kill(zygote, signal.SIGKILL)
    eventually(lambda: p.pids("zygote") not in ([], [zygote]))
    assert p.end() == 0
    assert os.path.exists(path)   # not ours to remove


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_becomes_the_user():
    import pwd
    uid = pwd.getpwnam("nobody").pw_uid
    with Pool(user="nobody") as pool:
        renderer = int(pool.get("/renderer")[2].split()[0])
        pids = pool.pids("worker") + pool.pids("zygote") + pool.pids("jobs") + [renderer]
        for pid in pids:
            with open(f"/proc/{pid}/status") as f:
                lines = dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
            assert lines["Uid"].split() == [str(uid)] * 4
            assert lines["Groups"].strip() == ""
            assert lines["NoNewPrivs"] == "1"
            assert int(lines["CapEff"], 16) == 0
            with open(f"/proc/{pid}/limits") as f:
                core = [line for line in f if line.startswith("Max core file size")]
            assert core[0].split()[4:6] == ["0", "0"]
            assert os.stat(f"/proc/{pid}/mem").st_uid == 0, "it can be dumped"
    p = Pool(user="nobody-of-that-name")
    assert p.start(wait=False).process.wait(60) == 78


def test_job_runner_ticks_and_is_replaced(pool):
    jobs = pool.pids("jobs")[0]
    first = [n for kind, _, n, _ in pool.seats() if kind == "jobs"][0]
    eventually(lambda: [n for kind, _, n, _ in pool.seats() if kind == "jobs"][0] > first + 3)
    os.kill(jobs, signal.SIGKILL)
    eventually(lambda: pool.pids("jobs") not in ([], [jobs]))


def test_a_slow_zygote_of_a_wrong_configuration_ends_alone(tmp_path):
    """It is killed, and nobody else of the process group: the shell that started all of it lives on."""
    options = tmp_path / "options"
    options.write_text("listen localhost\n", encoding="ascii")
    done = subprocess.run(["sh", "-c", '"$0" "$1"; echo "it ended with $?"', PROGRAM, options], capture_output=True, text=True,
                          env=dict(os.environ, POOL_DEMO_PREPARE_MS="3000"), start_new_session=True, timeout=120, check=False)
    assert done.stdout == "it ended with 78\n", done.stderr
