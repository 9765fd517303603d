# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailboy check`: a sound site has nothing to mend; each thing that it claims to see is broken, one by one, and it has to
find exactly that. Where its mend is a command of ours, the mend is tried.
"""
import json
import os
import re
import shutil
import socket
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from conf import cool  # noqa: E402
from dovecot import is_new as dovecot_is_new  # noqa: E402
from visitor import ROOT, Site  # noqa: E402

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="the daemons' files belong to others")
DOVECOT = ("conf.d/99-mailboy.conf",) if dovecot_is_new() else ("conf.d/99-mailboy.conf", "mailboy-sql.conf.ext", "mailboy-dict.conf.ext")
REAL = ("postfix", "dovecot", "amavis", "nginx", "lighttpd")


class House:
    def __init__(self, folder):
        self.etc = folder / "etc"
        self.mail = folder / "vmail"
        self.kept = folder / "kept"
        self.nowhere = folder / "nowhere"
        self.nowhere.mkdir()
        self.before = []   # words before the command
        self.listening = []
        self.mail.mkdir()
        os.chown(self.mail, 5000, 5000)
        self.etc.mkdir()
        for name in REAL:
            subprocess.run(["cp", "-a", f"/etc/{name}", self.etc / name], check=True)
        self.site = Site(kind="release", mail_root=self.mail, insecure_http="off", hosts="localhost")

    def start(self):
        site = self.site
        site.db.start()
        site.configure()
        self.setup("--admin", "admin@example.org", "--generate")
        for name in REAL:
            site.run("conf", name, "--write", self.etc / name, "--yes", check=True)
        shutil.copytree(self.etc, self.kept, symlinks=True)
        subprocess.run(["cp", "-a", f"{self.etc}/.", self.kept], check=True)

    def setup(self, *words):
        self.site.run("setup", "--socket", self.site.db.socket, *words, check=True)

    def check(self, code=None):
        """(codes found, exit status, the answer); of what is in the database alone without the files, which take longer."""
        etc = self.nowhere if code in IN_THE_DATABASE else self.etc
        cool(self.etc / "postfix")
        done = subprocess.run([*self.before, self.site.program, "check", "--json", "--config", self.site.config, "--socket",
                               self.site.db.socket, "--etc", etc], text=True, capture_output=True, timeout=120, check=False)
        answer = json.loads(done.stdout)
        assert all(one["text"] and one["mend"] and "%s" not in one["text"] + one["mend"] for one in answer["findings"])
        return [one["code"] for one in answer["findings"]], done.returncode, answer

    def heal_files(self):
        for name in REAL:
            shutil.rmtree(self.etc / name)
            subprocess.run(["cp", "-a", self.kept / name, self.etc / name], check=True)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    one = House(tmp_path_factory.mktemp("check"))
    try:
        one.start()
        yield one
    finally:
        one.site.stop()


def replace(path, old, new):
    text = path.read_text()
    assert old in text, path
    path.write_text(text.replace(old, new))   # keeps owner and mode


def remove_owner(house):
    house.site.sql("DROP USER mailboy_owner@localhost")


def edit_trigger(house):
    site = house.site
    body = site.one("SELECT action_statement FROM information_schema.triggers WHERE trigger_schema = 'mailboy'"
                    " AND trigger_name = 'tr_users_before_delete'")
    site.sql("DROP TRIGGER tr_users_before_delete")
    site.sql("CREATE DEFINER=mailboy_owner@localhost TRIGGER tr_users_before_delete BEFORE DELETE ON virtual_users"
             " FOR EACH ROW " + re.sub(r"BEGIN", "BEGIN SET @seen = 1;", body, count=1).replace("%", "%%"))


def without_triggers(table, statement):
    """Rows written around the triggers, as a dump loaded half would."""
    def write(house):
        site = house.site
        names = [name for (name,) in site.sql("SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema ="
                                              " 'mailboy' AND event_object_table = %s", table)]
        for name in names:
            site.sql(f"DROP TRIGGER {name}")
        site.sql(statement)
        house.setup()
    return write


def old_password(stored):
    return lambda house: house.site.sql("UPDATE virtual_users SET password = %s WHERE user = 'admin'", stored)


def options(**changed):
    return lambda house: house.site.configure(**changed)


def add_file(path, text):
    return lambda house: (house.etc / path).write_text(text)


def postconf(*words):
    return lambda house: subprocess.run(["postconf", "-c", house.etc / "postfix", *words], check=True)


def queue_without_quotas(house):
    """Postfix runs, Dovecot answers who may sign in and takes mail; at the third socket nobody listens any more."""
    queue = house.mail.parent / "queue"
    for name in ("public/cleanup", "private/mailboy-auth", "private/mailboy-lmtp", "private/mailboy-quota"):
        (queue / name).parent.mkdir(parents=True, exist_ok=True)
        one = socket.socket(socket.AF_UNIX)
        one.bind(str(queue / name))
        one.listen()
        house.listening.append(one)
    house.listening.pop().close()
    postconf("-e", f"queue_directory = {queue}")(house)


def doveadm_that_refuses(house):
    """Of another release, say: it stands in the program's place for that one run."""
    refuses = house.mail.parent / "doveadm"
    refuses.write_text("#!/bin/sh\nexit 1\n")
    refuses.chmod(0o755)
    house.before += ["unshare", "--mount", "sh", "-c", f'mount --bind {refuses} "$(realpath /usr/bin/doveadm)" && exec "$@"', "sh"]


SHIFTED = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *at)
{
    int status = ((int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime"))(id, at);
    at->tv_sec += id == CLOCK_REALTIME ? 100 : 0;
    return status;
}
"""


def a_clock_that_is_wrong(house):
    """The program's, for that one run: to the two of them it is the same."""
    library = house.mail.parent / "shifted.so"
    if not library.exists():
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-o", library, "-"], input=SHIFTED, text=True, check=True)
    house.before += ["env", f"LD_PRELOAD={library}"]


def a_disk_that_is_full(house):
    house.before += ["unshare", "--mount", "sh", "-c", f"mount -t tmpfs -o size=64k,uid=5000,gid=5000,mode=750 none {house.mail} && head -c 63k"
                     f' /dev/zero > {house.mail}/mail && exec "$@"', "sh"]


# code: [(how it is broken, SQL that makes it whole again, or a function), ...]
BREAKS = {
    "database": [(lambda house: os.rename(house.site.db.socket, f"{house.site.db.socket}.away"),
                  lambda house: os.rename(f"{house.site.db.socket}.away", house.site.db.socket))],
    "schema": [(lambda house: house.site.sql("UPDATE schema_version SET version = 2"), "UPDATE schema_version SET version = 1")],
    "read-only": [(lambda house: house.site.sql("SET GLOBAL read_only = 1"), "SET GLOBAL read_only = 0")],
    "clock": [(a_clock_that_is_wrong, lambda house: house.before.clear())],
    "space": [(a_disk_that_is_full, lambda house: house.before.clear())],
    "missing": [(lambda house: house.site.sql("DROP TRIGGER tr_aliases_before_insert"), House.setup),
                (lambda house: house.site.sql("DROP VIEW view_addresses"), House.setup),
                (lambda house: house.site.sql("ALTER TABLE virtual_aliases DROP KEY k_aliases_email"),
                 "ALTER TABLE virtual_aliases ADD KEY k_aliases_email (email)"),
                (lambda house: house.site.sql("ALTER TABLE virtual_users DROP CONSTRAINT ck_users_admin"),
                 "ALTER TABLE virtual_users ADD CONSTRAINT ck_users_admin CHECK (admin IN (0, 1, 2))"),
                (lambda house: house.site.sql("ALTER TABLE domain_access DROP COLUMN comment"),
                 "ALTER TABLE domain_access ADD comment VARCHAR(255) NOT NULL DEFAULT '', ADD CONSTRAINT ck_domain_access_comment"
                 " CHECK (comment NOT REGEXP '[[:cntrl:]]')")],
    "changed": [(edit_trigger, House.setup),
                (lambda house: house.site.sql("CREATE OR REPLACE DEFINER=mailboy_owner@localhost SQL SECURITY DEFINER VIEW view_addresses AS"
                                              " SELECT email, active, id FROM virtual_users WHERE active = 1"), House.setup),
                (lambda house: house.site.sql("CREATE OR REPLACE DEFINER=mailboy_owner@localhost SQL SECURITY INVOKER VIEW view_addresses AS"
                                              " SELECT u.email AS email, u.active AS active, u.id AS id FROM virtual_users u"), House.setup)],
    "collation": [(lambda house: house.site.sql("ALTER TABLE ip_access MODIFY ip VARCHAR(253) CHARACTER SET ascii NOT NULL"),
                   "ALTER TABLE ip_access MODIFY ip VARCHAR(253) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL")],
    "login": [(lambda house: house.site.sql("ALTER USER mailuser@localhost IDENTIFIED BY 'another'"), House.setup),
              (lambda house: house.site.sql("ALTER USER mailpostfix@localhost ACCOUNT LOCK"),
               "ALTER USER mailpostfix@localhost ACCOUNT UNLOCK")],
    "definer": [(remove_owner, House.setup)],
    "grant": [(lambda house: house.site.sql("REVOKE SELECT ON view_users FROM mailuser@localhost"), House.setup),
              (lambda house: house.site.sql("REVOKE SELECT (active) ON virtual_users FROM mailpostfix@localhost"), House.setup),
              (lambda house: house.site.sql("REVOKE SELECT ON mailboy.* FROM mailboy_owner@localhost"), House.setup)],
    "grant-more": [(lambda house: house.site.sql("GRANT SELECT (password) ON virtual_users TO mailpostfix@localhost"),
                    "REVOKE SELECT (password) ON virtual_users FROM mailpostfix@localhost"),
                   (lambda house: house.site.sql("GRANT CREATE ON mailboy.* TO mailadmin@localhost"),
                    "REVOKE CREATE ON mailboy.* FROM mailadmin@localhost"),
                   (lambda house: house.site.sql("GRANT PROCESS ON *.* TO mailuser@localhost"),
                    "REVOKE PROCESS ON *.* FROM mailuser@localhost")],
    "row": [(without_triggers("virtual_users", "UPDATE virtual_users SET email = 'other@example.org' WHERE user = 'admin'"),
             lambda house: without_triggers("virtual_users", "UPDATE virtual_users SET email = 'admin@example.org' WHERE"
                                            " user = 'admin'")(house)),
            (lambda house: house.site.sql("SET STATEMENT foreign_key_checks = 0 FOR INSERT INTO domain_admins (user_id, domain_id) VALUES (99, 1)"),
             "DELETE FROM domain_admins WHERE user_id = 99"),
            (lambda house: house.site.sql("UPDATE domain_counts SET mailboxes = mailboxes + 1"),
             "UPDATE domain_counts SET mailboxes = mailboxes - 1")],
    "weak-hash": [(old_password("{PLAIN-MD5}5f4dcc3b5aa765d61d8327deb882cf99"), None),
                  (old_password("$1$abcdefgh$kAq0u5c5yC2nC5pGLgIEY1"), None)],
    "no-super-admin": [(without_triggers("virtual_users", "UPDATE virtual_users SET admin = 1 WHERE user = 'admin'"),
                        lambda house: house.setup("--admin", "admin@example.org"))],
    "privacy": [(options(privacy_level=2), options(privacy_level=0))],
    "http": [(options(insecure_http="on"), options(insecure_http="off"))],
    "unset": [(lambda house: [os.remove(house.etc / "dovecot" / name) for name in DOVECOT], House.heal_files)],
    "file-missing": [(lambda house: os.remove(house.etc / "postfix/mailboy/sender_login.cf"), House.heal_files)],
    "file": [(lambda house: replace(house.etc / "postfix/mailboy/relay_domains.cf", "='%s'", " LIKE '%s'"), House.heal_files),
             (lambda house: replace(house.etc / "postfix/main.cf", "smtpd_helo_required = yes", "smtpd_helo_required = no"),
              House.heal_files),
             (lambda house: replace(house.etc / "amavis/conf.d/60-mailboy", "view_users_policies", "policies"), House.heal_files),
             (options(mail_uid=5001), options(mail_uid=5000))],
    "overridden": [(add_file("dovecot/conf.d/99-more.conf", "auth_username_format = %{user | username}\n" if dovecot_is_new() else
                             "auth_username_format = %Ln\n"), House.heal_files),
                   (lambda house: replace(house.etc / "dovecot/dovecot.conf", "!include conf.d/*.conf", ""), House.heal_files),
                   (add_file("amavis/conf.d/70-more", "$sql_select_policy = undef;\n1;\n"), House.heal_files),
                   (postconf("-P", "smtp/inet/receive_override_options=no_address_mappings"), House.heal_files),
                   (postconf("-P", "smtp/inet/smtpd_recipient_restrictions="), House.heal_files)],
    "silent": [(queue_without_quotas, House.heal_files)],
    "delivered-here": [(postconf("-e", "mydestination = localhost, example.org"), House.heal_files)],
    "mode": [(lambda house: os.chmod(house.etc / "postfix/mailboy/identity.cf", 0o644), House.heal_files),
             (lambda house: os.chmod(house.etc / "postfix/mailboy", 0o700), House.heal_files),
             (lambda house: os.chown(house.etc / "dovecot" / DOVECOT[-1], 1, 0), House.heal_files)],
    "untold": [(lambda house: (os.remove(house.etc / "postfix/main.cf"), os.mkdir(house.etc / "postfix/main.cf")), House.heal_files)],
    "catch-all": [(lambda house: subprocess.run(
        ["postconf", "-c", house.etc / "postfix", "-e", f"virtual_alias_maps = proxy:mysql:{house.etc}/postfix/mailboy/virtual_alias_maps.cf"],
        check=True), House.heal_files)],
    "hash": [(doveadm_that_refuses, lambda house: house.before.clear())],
    "mail-root": [(lambda house: os.chown(house.mail, 0, 0), lambda house: os.chown(house.mail, 5000, 5000)),
                  (lambda house: os.chmod(house.mail, 0o777), lambda house: os.chmod(house.mail, 0o750))],
}
IN_THE_DATABASE = ("database", "schema", "missing", "changed", "definer", "grant", "grant-more", "row", "weak-hash", "no-super-admin",
                   "collation", "login", "read-only", "clock")
# What comes with it, since one thing leads to another.
BESIDE = {"catch-all": {"file"}, "database": set(), "untold": {"catch-all"}, "file": {"mail-root"}}


def codes():
    with open(os.path.join(ROOT, "core", "cli", "check.def"), encoding="utf-8") as file:
        return dict(re.findall(r'^FINDING\("([\w-]+)", (\w+),', file.read(), re.M))


def test_a_sound_site_has_nothing_to_mend(house):
    found, status, answer = house.check()
    assert (found, status) == ([], 0), answer
    done = house.site.run("check", "--socket", house.site.db.socket, "--etc", house.etc)
    assert (done.stdout, done.returncode) == ("Everything fits.\n", 0)


def test_every_finding_is_broken_here():
    assert set(BREAKS) == set(codes())


@pytest.mark.parametrize("code,number", [(code, i) for code, ways in BREAKS.items() for i in range(len(ways))])
def test_it_finds_exactly_that(house, code, number):
    breaks, mend = BREAKS[code][number]
    stored = house.site.sql("SELECT id, password FROM virtual_users") if mend is None else None
    breaks(house)
    try:
        found, status, answer = house.check(code)
        assert code in found and set(found) <= {code} | BESIDE.get(code, set()), answer
        assert status == {"WARNING": 1, "ERROR": 2}[max((codes()[c] for c in found), key=["WARNING", "ERROR"].index)]
    finally:
        if isinstance(mend, str):
            house.site.sql(mend)
        elif mend is not None:
            mend(house)
        else:
            house.site.sql("UPDATE virtual_users SET password = %s WHERE id = %s", stored[0][1], stored[0][0])
    if mend is not House.heal_files:   # else the next one would find it too
        found, status, answer = house.check(code)
        assert (found, status) == ([], 0), answer
