# SPDX-License-Identifier: GPL-3.0-or-later
"""What a wrong configuration gets, and a database that another version of the program made: refused with all
that is wrong, and whatever runs already runs on."""
import os
import re
import signal

import pytest
import visitor
from daemon import wait_for

WRONG = """listen = {socket}
database_socket = {database}
database_password = secret-of-the-database
workers = many
prot = 1
render_cpu = 1ms
super_admin on
hosts = local host:80
workers = 3
"""


@pytest.fixture(scope="module")
def own_site():
    """One of one's own: its configuration and schema are changed."""
    with visitor.Site(kind="release") as made:
        yield made


def write(path, text):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def test_all_mistakes_are_told_with_their_lines(own_site):
    path = own_site.folder / "wrong.conf"
    write(path, WRONG.format(socket=own_site.folder / "other", database=own_site.db.socket))
    for command in (["serve"], ["mailbox", "list"]):
        done = own_site.run(*command, "--config", path)
        assert done.returncode == 78, done.stderr
        lines = {int(n) for n in re.findall(rf"^{re.escape(path)}:(\d+): ", done.stderr, re.M)}
        assert {4, 5, 6, 7, 9} <= lines, done.stderr
        assert "secret-of-the-database" not in done.stderr
    assert not os.path.exists(own_site.folder / "other")


def test_a_file_that_others_read_is_refused(own_site):
    path = own_site.folder / "open.conf"
    write(path, "database_password = secret-of-the-database\n")
    os.chmod(path, 0o644)
    done = own_site.run("serve", "--config", path)
    assert done.returncode == 78 and path in done.stderr and "secret-of" not in done.stderr
    assert own_site.run("serve", "--config", own_site.folder / "none.conf").returncode == 78


def test_a_reload_with_mistakes_changes_nothing(own_site):
    admin = own_site.sign_in()
    with open(own_site.config, encoding="utf-8") as file:
        good = file.read()
    pids = set(own_site.pids())
    try:
        write(own_site.config, good + "workers = none\nnonsense = 1\n")
        own_site.process.send_signal(signal.SIGHUP)
        last = len(good.splitlines())
        wait_for(lambda: f"{own_site.config}:{last + 2}: " in own_site.log_text(), own_site.log_text)
        assert f"{own_site.config}:{last + 1}: " in own_site.log_text()
        assert admin.get("/domains").status == 200
        assert pids <= set(own_site.pids())
    finally:
        write(own_site.config, good)
    own_site.process.send_signal(signal.SIGHUP)
    wait_for(lambda: len(pids & set(own_site.pids())) < len(pids) - 1, own_site.log_text)
    assert wait_for(lambda: admin.get("/domains").status == 200, own_site.log_text)


@pytest.mark.parametrize("version, mend", [(7, "newer"), (0, "mailboy upgrade")])
def test_another_schema_is_not_touched(own_site, version, mend):
    """Both numbers in the log and on the command line; 503 for everybody, and back without a restart."""
    admin = own_site.sign_in()
    known = own_site.one("SELECT version FROM schema_version")
    own_site.sql("UPDATE schema_version SET version = %s", version)
    try:
        own_site.end()
        own_site.process = None
        own_site.serve()
        before = own_site.sql("SELECT COUNT(*) FROM audit")
        for path in ("/login", "/domains"):
            answer = admin.get(path)
            assert answer.status == 503 and answer.header("retry-after")
            assert "schema" not in answer.text
        log = own_site.log_text()
        assert f"version {version}" in log and f"version {known}" in log and mend in log
        for command in (["domain", "add", "late.example"], ["mailbox", "list"], ["page", "/status", "--as", visitor.ADMIN]):
            done = own_site.run(*command)
            assert done.returncode == 78, (command, done.returncode, done.stderr)
            assert str(version) in done.stderr and str(known) in done.stderr and mend in done.stderr
        assert own_site.sql("SELECT COUNT(*) FROM audit") == before
    finally:
        own_site.sql("UPDATE schema_version SET version = %s", known)
    assert wait_for(lambda: admin.get("/domains").status == 200, own_site.log_text, 10)
