# SPDX-License-Identifier: GPL-3.0-or-later
"""What the private daemons of the tests share: free ports, waiting for a condition, stopping."""
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time


taken_ports = []


def free_port():
    """One that nobody else gets before a daemon listens on it: below those that the kernel hands out by itself, and
    kept from other processes that ask here by a name that ends with this one."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        end = int(file.read().split()[0])
    for _ in range(1000):
        port = random.SystemRandom().randrange(10000, end if end > 20000 else 32768)
        name = socket.socket(socket.AF_UNIX)
        try:
            name.bind(f"\0mailboy-test-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            name.close()
            continue
        taken_ports.append(name)
        return port
    raise AssertionError("no free port")


def wait_for(condition, what, seconds=60, step=0.02):
    """Asks until condition() is true, and gives its value; raises with what() or the text what."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(what() if callable(what) else what)
        time.sleep(step)


def answers(port, host="127.0.0.1"):
    """Whether somebody on that port greets or at least lets us in."""
    try:
        with socket.create_connection((host, port), 1):
            return True
    except OSError:
        return False


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):   # the second: it went while it was read
        return False


class WebServer:
    """What nginx.py and lighttpd.py have in common: one process on a high port of 127.0.0.1, with a folder of its own
    or (`directory`) one that is given."""

    def __init__(self, name, prefix="", port=None, directory=None):
        self.folder = Folder(name) if directory is None else None
        self.directory = directory or self.folder.path
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}{prefix}/"
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def launch(self, command, log):
        """Starts it, what it says added to that file, and waits until it lets somebody in."""
        with open(log, "ab") as said:
            self.process = subprocess.Popen(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL)
        wait_for(lambda: answers(self.port) or self.process.poll() is not None, "")
        assert self.process.poll() is None, f"{command[0]} does not start:\n" + tail(log)
        return self

    def stop(self):
        if self.process:
            stop_process(self.process)
            self.process = None
        if self.folder:
            self.folder.remove()


class Folder:
    """A temporary folder that the daemons' own users can enter, with a short path (sockets: 107)."""

    def __init__(self, name):
        self.path = tempfile.mkdtemp(prefix=f"mb{name}.", dir="/tmp")
        os.chmod(self.path, 0o755)

    def __truediv__(self, name):
        return os.path.join(self.path, name)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


def stop_process(process, seconds=20):
    """SIGTERM to a child of ours, then SIGKILL; its exit status."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return process.returncode


def tail(path, lines=30):
    try:
        with open(path, errors="replace", encoding="utf-8") as file:
            return "".join(file.readlines()[-lines:])
    except OSError as error:
        return str(error)


def read_pid(path):
    try:
        with open(path, encoding="ascii") as file:
            return int(file.read().strip() or 0)
    except (OSError, ValueError):
        return 0


def end(pid, seconds=15):
    """SIGTERM, then SIGKILL; waits for the end."""
    if not pid or not alive(pid):
        return
    os.kill(pid, signal.SIGTERM)
    try:
        wait_for(lambda: not alive(pid), "", seconds)
    except AssertionError:
        os.kill(pid, signal.SIGKILL)
