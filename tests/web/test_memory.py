# SPDX-License-Identifier: GPL-3.0-or-later
"""What a worker and its renderer hold of their own levels off: after many requests of all kinds as many more cost nothing."""
import json
import os
import re
import subprocess

import pytest

from visitor import ROOT, Site

REQUESTS = 125   # of each kind, in each turn
MOST_KB = 512    # what one leaks that forgets 210 bytes with each request of a turn is more
PATHS = ("/", "/domains", "/domains/m.example", "/domains/m.example/mailboxes", "/domains/m.example/mailboxes/ada",
         "/domains/m.example/mailboxes/ada/edit", "/domains/m.example/aliases", "/mailboxes?q=ada", "/audit", "/me")


@pytest.fixture(scope="module")
def load(tmp_path_factory):
    """The bench's own client."""
    made = tmp_path_factory.mktemp("memory") / "load"
    subprocess.run(["gcc", "-O2", "-std=gnu11", "-D_GNU_SOURCE", os.path.join(ROOT, "tests", "bench", "load.c"),
                    "-o", made], check=True)
    return made


def own_kb(site):
    """Of each process: what it has written to and shares with none."""
    found = {}
    for pid in site.pids():
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            found[pid] = int(re.search(r"^Private_Dirty:\s+(\d+)", file.read(), re.M)[1])
    return found


def ask(load, front, cookie):
    for path in PATHS:
        for accept in ("text/html", "application/json"):
            done = subprocess.run([load, str(front.port), "4", "60", str(REQUESTS), path, accept, cookie, "200"],
                                  capture_output=True, text=True, check=True, timeout=90)
            found = json.loads(done.stdout)
            assert found["requests"] >= REQUESTS and found["failed"] == 0, (path, found)


def test_no_process_grows(site, load):
    site.make_domain("m.example")
    for n in range(60):
        site.make_mailbox(f"user{n}@m.example" if n else "ada@m.example")
    pool = Site(kind="release", database=site.db, workers=1, requests_per_worker=1000000)
    pool.configure()
    try:
        with pool.serve().nginx() as front:
            admin = site.sign_in()
            cookie = "; ".join(f"{name}={value}" for name, value in admin.cookies.items())
            turns = []
            for _ in range(3):
                ask(load, front, cookie)
                turns.append(own_kb(pool))
    finally:
        pool.stop()
    assert turns[0].keys() == turns[1].keys() == turns[2].keys()
    grown = {pid: turns[2][pid] - turns[1][pid] for pid in turns[2]}
    assert max(grown.values()) <= MOST_KB, turns
