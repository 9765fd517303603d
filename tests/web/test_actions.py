# SPDX-License-Identifier: GPL-3.0-or-later
"""perform(), permit() and the log-in against a real, private MariaDB: whose account one may touch, races,
exactly once, lost commits, what is written to the audit log. Drives tests/unit/actions_driver.c."""
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import threading

import pytest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
from mariadb import PrivateMariaDB  # noqa: E402

PROGRAM = os.path.join(os.environ.get("MAILBOY_BUILD", os.path.join(ROOT, "build")), "tests/unit/actions_driver")
SUPER, SUPER2, SERVER, SERVER2 = "super@home.example", "super2@home.example", "server@home.example", "server2@b.example"
ADMIN_A, ADMIN_AB, USER_A, USER_B = "admin@a.example", "both@a.example", "user@a.example", "user@b.example"
MD5_OF_SECRET = "5ebe2294ecd0e0f08eab7690d2a6ee69"   # md5("secret")


class Driver:
    def __init__(self, socket, database="mailboy"):
        self.process = subprocess.Popen(
            [PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "MAILBOY_TEST_SOCKET": socket, "MAILBOY_TEST_DATABASE": database})

    def write(self, *words):
        self.process.stdin.write("\t".join(words) + "\n")
        self.process.stdin.flush()

    def read(self):
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        words = line.rstrip("\n").split("\t")
        return {"outcome": words[0], **dict(w.split("=", 1) for w in words[1:])}

    def ask(self, *words):
        self.write(*words)
        return self.read()

    def actor(self, who, *more):
        self.ask("as", who, *more)
        return self

    def do(self, action, on="-", *keys, **fields):
        return self.ask("do", action, on, *keys, *(f"{k}={v}" for k, v in fields.items()))

    def close(self):
        self.process.stdin.close()
        errors = self.process.stderr.read()
        assert self.process.wait(20) == 0, errors
        assert "ERROR: AddressSanitizer" not in errors and "runtime error" not in errors, errors


@pytest.fixture(scope="module")
def db():
    with PrivateMariaDB() as server:
        server.load_schema("mailboy")
        yield server


@pytest.fixture
def sql(db):
    """A fresh small world: home, a and b; two super admins, two server admins, two domain admins, two users."""
    connection = db.connect(db="mailboy")

    def run(statement, *values):
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    run("SET FOREIGN_KEY_CHECKS=0")   # TRUNCATE asks no trigger: the last super admin goes too
    for table in ("virtual_users", "virtual_domains", "domain_names", "domain_counts", "domain_admins", "session",
                  "mail_folder", "maildir_used", "audit", "operation", "throttle", "relay_domains"):
        run(f"TRUNCATE {table}")
    run("SET FOREIGN_KEY_CHECKS=1")
    for name in ("home.example", "a.example", "b.example"):
        run("INSERT INTO virtual_domains (name) VALUES (%s)", name)
    for email, level in ((SUPER, 2), (SUPER2, 2), (SERVER, 1), (SERVER2, 1), (ADMIN_A, 0), (ADMIN_AB, 0),
                         (USER_A, 0), (USER_B, 0)):
        user, domain = email.split("@")
        run("INSERT INTO virtual_users (domain_id, user, password, admin)"
            " SELECT id, %s, %s, %s FROM virtual_domains WHERE name=%s", user, MD5_OF_SECRET, level, domain)
    for email, domain in ((ADMIN_A, "a.example"), (ADMIN_AB, "a.example"), (ADMIN_AB, "b.example")):
        run("INSERT INTO domain_admins (user_id, domain_id) SELECT u.id, d.id FROM virtual_users u, virtual_domains d"
            " WHERE u.email=%s AND d.name=%s", email, domain)
    yield run
    connection.close()


@pytest.fixture
def driver(db, sql):
    d = Driver(db.socket)
    yield d
    d.close()


@pytest.fixture
def drivers(db, sql):
    made = []

    def make(n):
        made.extend(Driver(db.socket) for _ in range(n))
        return made

    yield make
    for d in made:
        d.close()


def together(drivers, *requests):
    """Each driver its request, at once; their answers."""
    barrier, answers = threading.Barrier(len(requests)), [None] * len(requests)

    def one(i):
        barrier.wait()
        answers[i] = drivers[i].ask(*requests[i])

    threads = [threading.Thread(target=one, args=(i,)) for i in range(len(requests))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return answers


def audits(sql, action=None):
    rows = sql("SELECT actor, action, object, outcome, before_json, after_json FROM audit ORDER BY id")
    return [r for r in rows if action in (None, r[1])]


def level(sql, email):
    return sql("SELECT admin FROM virtual_users WHERE email=%s", email)[0][0]


# --- one change, all the way ---

def test_a_domain_and_a_mailbox_with_their_audit_lines(driver, sql):
    driver.actor(SERVER)
    r = driver.do("domain.add", "-", name="Neu.Example.", description="new")
    assert (r["outcome"], r["name"]) == ("ok", "neu.example")
    r = driver.do("mailbox.add", "d:neu.example", local_part="Ada", name="Ada L", quota="1 GB",
                  password="a rather good one")
    assert (r["outcome"], r["name"], r["secret"]) == ("ok", "ada@neu.example", "")
    stored = sql("SELECT password, quota_kb, active FROM virtual_users WHERE email='ada@neu.example'")[0]
    assert stored[0].startswith("{ARGON2ID}$argon2id$v=19$") and stored[1:] == (1048576, 1)
    (who, _, what, outcome, before, after), = audits(sql, "mailbox.add")
    assert (who, what, outcome, before) == (SERVER, "ada@neu.example", "done", None)
    after = json.loads(after)
    assert after["password"] == "(hidden)" and after["local_part"] == "ada" and after["quota"] == "1 GB"
    assert "rather" not in str(audits(sql))


def test_an_audit_line_tells_only_what_changed(driver, sql):
    driver.actor(SERVER)
    assert driver.do("mailbox.edit", "m:" + USER_A, name="New Name", quota="0")["outcome"] == "ok"
    (_, _, _, _, before, after), = audits(sql)
    assert json.loads(before) == {"name": ""} and json.loads(after) == {"name": "New Name"}
    assert driver.do("mailbox.edit", "m:" + USER_A, name="New Name")["outcome"] == "ok"
    assert len(audits(sql)) == 1   # nothing changed, nothing to tell


def test_a_generated_password_is_told_once(driver, sql):
    r = driver.actor(SERVER).do("mailbox.add", "d:a.example", "generate", "op=g1", local_part="gen")
    assert r["outcome"] == "ok" and len(r["secret"]) == 20
    assert driver.ask("login", "gen@a.example", r["secret"], "192.0.2.7")["outcome"] == "ok"
    again = driver.do("mailbox.add", "d:a.example", "generate", "op=g1", local_part="gen")
    assert (again["outcome"], again["repeated"], again["secret"], again["name"]) == ("ok", "1", "", "gen@a.example")


def test_wrong_input_stands_at_its_field(driver):
    driver.actor(SERVER)
    assert driver.do("mailbox.add", "d:a.example", local_part="x y", password="good enough 4")["error.local_part"]
    assert driver.do("password.set", "m:" + USER_A)["error.password"] == "required"
    assert driver.do("mailbox.add", "d:a.example", local_part="w", active="0")["error.active"] == "link_needs_active"
    assert driver.do("mailbox.add", "d:a.example", "no_password", local_part="x")["outcome"] == "ok"
    r = driver.do("mailbox.add", "d:a.example", local_part="y", password="password1")
    assert (r["outcome"], r["error.password"]) == ("wrong", "password_common")
    r = driver.do("mailbox.add", "d:a.example", local_part="robinson", password="Robinson77")
    assert r["error.password"] == "password_like_address"
    r = driver.do("mailbox.add", "d:a.example", "no_password", local_part="user")
    assert (r["outcome"], r["error.local_part"], r["theirs"]) == ("conflict", "mailbox_taken", "0")
    r = driver.do("domain.add", "-", name="a.example")
    assert (r["outcome"], r["error.name"]) == ("conflict", "domain_taken")


def test_a_relayed_name_is_refused_as_such(driver, sql):
    sql("INSERT INTO relay_domains (domain) VALUES ('relay.example')")
    r = driver.actor(SERVER).do("domain.add", "-", name="relay.example")
    r2 = driver.do("domain.edit", "d:a.example", name="relay.example")
    sql("DELETE FROM relay_domains")
    assert (r["outcome"], r["error.name"]) == ("conflict", "domain_relayed")
    assert (r2["outcome"], r2["error.name"]) == ("conflict", "domain_relayed")


# --- whose account one may touch ---

TOUCH = (("mailbox.edit", {"name": "x"}), ("mailbox.edit", {"active": "0"}), ("mailbox.delete", {}),
         ("password.set", {"password": "a rather good one"}))
MAY_TOUCH = {   # actor -> object -> may he edit, disable, delete, set the password? "-": he does not know of it
    SUPER: {SUPER: "ynnn", SUPER2: "nnnn", SERVER: "yyyy", ADMIN_A: "yyyy", ADMIN_AB: "yyyy", USER_A: "yyyy"},
    SERVER: {SUPER: "nnnn", SERVER: "ynnn", SERVER2: "nnnn", ADMIN_AB: "yyyy", USER_B: "yyyy"},
    ADMIN_A: {SUPER: "----", SERVER2: "----", ADMIN_A: "ynnn", ADMIN_AB: "nnnn", USER_A: "yyyy", USER_B: "----"},
    ADMIN_AB: {SUPER: "----", SERVER2: "nnnn", ADMIN_A: "yyyy", USER_A: "yyyy", USER_B: "yyyy"},
    USER_A: {SUPER: "----", ADMIN_A: "----", USER_A: "nnnn", USER_B: "----"},
    "console": {SUPER: "nnny", SERVER: "yyyy", ADMIN_AB: "yyyy", USER_A: "yyyy"},
    "nobody": {SUPER: "nnnn", USER_A: "nnnn"},
}
CELLS = [(who, whom) for who in MAY_TOUCH for whom in MAY_TOUCH[who]]


@pytest.mark.parametrize("who,whom", CELLS, ids=lambda v: v.replace(".example", ""))
def test_whose_account_one_may_touch(driver, sql, who, whom):
    for (action, fields), may in zip(TOUCH, MAY_TOUCH[who][whom]):
        before = sql("SELECT id, password, name, active, version FROM virtual_users ORDER BY id")
        r = driver.actor(who).do(action, "m:" + whom, **fields)
        assert r["outcome"] == {"y": "ok", "n": "denied", "-": "absent"}[may], (action, fields, r)
        after = sql("SELECT id, password, name, active, version FROM virtual_users ORDER BY id")
        assert (before == after) == (may != "y")
        refused = [a for a in audits(sql, action) if a[3] == "refused"]
        assert len(refused) <= 2 and (may == "y" or who == "nobody" or refused)
        if action == "mailbox.edit" and "active" in fields:
            sql("UPDATE virtual_users SET active=1")
        if action == "mailbox.delete" and may == "y":
            user, domain = whom.split("@")
            sql("INSERT INTO virtual_users (domain_id, user) SELECT id, %s FROM virtual_domains WHERE name=%s",
                user, domain)
            if whom == ADMIN_AB or whom == ADMIN_A:
                sql("INSERT INTO domain_admins SELECT u.id, d.id, NOW() FROM virtual_users u, virtual_domains d"
                    " WHERE u.email=%s AND d.name='a.example'", whom)


def test_a_domain_with_a_protected_account_stays_and_keeps_its_name(driver, sql):
    driver.actor(SERVER)
    for action, fields in (("domain.delete", {"name": "home.example"}), ("domain.edit", {"name": "new.example"})):
        r = driver.do(action, "d:home.example", **fields)
        assert (r["outcome"], r["refusal"], r["arg"]) == ("denied", "domain_protected", SUPER2)
    r = driver.do("domain.delete", "d:b.example", name="b.example")
    assert (r["outcome"], r["arg"]) == ("denied", SERVER2)
    assert driver.actor(SUPER).do("domain.delete", "d:home.example", name="home.example")["outcome"] == "denied"
    assert driver.actor("console").do("domain.delete", "d:home.example", name="home.example")["outcome"] == "denied"
    assert driver.actor(SUPER).do("domain.delete", "d:b.example", name="b.example")["outcome"] == "ok"
    assert driver.actor(SERVER).do("domain.edit", "d:home.example", description="only words")["outcome"] == "ok"
    assert driver.do("domain.delete", "d:a.example", name="b.example.org")["error.name"] == "typed_name_differs"


def test_a_domain_admin_edits_words_but_not_the_name(driver, sql):
    driver.actor(ADMIN_A)
    assert driver.do("domain.edit", "d:a.example", name="mine.example", description="ours")["outcome"] == "ok"
    assert sql("SELECT name, description FROM virtual_domains WHERE name LIKE '%%a.example'") == \
        (("a.example", "ours"),)
    assert driver.do("domain.edit", "d:b.example", description="x")["outcome"] == "absent"
    assert driver.do("domain.delete", "d:a.example", name="a.example")["outcome"] == "denied"
    assert driver.do("domain.add", "-", name="c.example")["outcome"] == "denied"


def test_rights_are_given_by_those_who_have_them(driver, sql):
    for who in (ADMIN_A, SERVER, USER_A):
        driver.actor(who)
        for action in ("admin.add", "admin.super.add"):
            assert driver.do(action, "m:" + USER_A)["outcome"] == "denied"
    assert driver.actor(SUPER).do("admin.add", "m:" + USER_A)["outcome"] == "ok"
    assert level(sql, USER_A) == 1
    assert driver.do("admin.add", "m:" + USER_A)["refusal"] == "level_already"
    assert driver.do("admin.remove", "m:" + SUPER2)["outcome"] == "denied"
    assert driver.do("admin.super.remove", "m:" + SUPER2)["outcome"] == "denied"
    assert driver.do("admin.remove", "m:" + USER_A)["outcome"] == "ok"
    assert driver.do("admin.remove", "m:" + USER_A)["refusal"] == "level_absent"
    driver.actor("console")
    assert driver.do("admin.super.add", "m:" + USER_A)["outcome"] == "ok"
    assert level(sql, USER_A) == 2
    for email in (USER_A, SUPER2):
        assert driver.do("admin.super.remove", "m:" + email)["outcome"] == "ok"
        assert level(sql, email) == 1
    r = driver.do("admin.super.remove", "m:" + SUPER)
    assert (r["outcome"], r["refusal"], level(sql, SUPER)) == ("denied", "last_super_admin", 2)


def test_domain_admins_are_made_within_the_makers_rights(driver, sql):
    driver.actor(SERVER)
    r = driver.do("domain.admin.add", "d:b.example", address=USER_A)
    assert r["outcome"] == "ok"
    assert driver.do("domain.admin.add", "d:b.example", address=USER_A)["error.address"] == "admin_already"
    assert driver.do("domain.admin.add", "d:b.example", address="nobody@b.example")["error.address"] == \
        "mailbox_unknown"
    assert driver.do("domain.admin.add", "d:b.example", address=SUPER)["refusal"] == "mailbox_protected"
    assert driver.do("domain.admin.add", "d:b.example", address=SERVER2)["refusal"] == "mailbox_protected"
    # the user now administers elsewhere: his own domain's admin may not touch him any more
    assert driver.actor(ADMIN_A).do("password.set", "m:" + USER_A, "generate")["outcome"] == "denied"
    assert driver.actor(SERVER).do("domain.admin.remove", "d:b.example", address=USER_A)["outcome"] == "ok"
    assert driver.do("domain.admin.remove", "d:b.example", address=USER_A)["error.address"] == "admin_absent"
    assert driver.actor(ADMIN_A).do("password.set", "m:" + USER_A, "generate")["outcome"] == "ok"
    assert driver.actor(ADMIN_A).do("domain.admin.add", "d:a.example", address=USER_A)["outcome"] == "denied"


def test_the_super_admin_of_the_configuration(driver, sql):
    user = sql("SELECT id FROM virtual_users WHERE email=%s", USER_A)[0][0]
    driver.ask("super", str(user))
    for who in (SERVER, ADMIN_A, SUPER):
        assert driver.actor(who).do("password.set", "m:" + USER_A, "generate")["outcome"] == "denied"
        assert driver.do("mailbox.delete", "m:" + USER_A)["outcome"] == "denied"
    assert driver.actor(SUPER).do("domain.delete", "d:a.example", name="a.example")["refusal"] == "domain_protected"
    assert driver.actor("console").do("domain.delete", "d:a.example", name="a.example")["arg"] == USER_A
    assert driver.actor("console").do("mailbox.delete", "m:" + USER_A)["refusal"] == "super_admin_stays"
    assert driver.actor(USER_A).do("admin.add", "m:" + USER_B)["outcome"] == "ok"


# --- the limits of a domain ---

GB = 1024 * 1024


def limits(sql, **columns):
    sql("UPDATE virtual_domains SET " + ", ".join(f"{c}={n}" for c, n in columns.items()) + " WHERE name='a.example'")


def test_a_domain_takes_as_many_mailboxes_as_it_may(driver, sql):
    r = driver.actor(SERVER).do("domain.edit", "d:a.example", limit_mailboxes="4", quota_most="2 GB")
    assert r["outcome"] == "ok"   # three live there
    assert '"limit_mailboxes":"4"' in audits(sql, "domain.edit")[-1][5]
    assert driver.actor(ADMIN_A).do("mailbox.add", "d:a.example", "no_password", local_part="four")["outcome"] == "ok"
    for who in (ADMIN_A, SERVER, "console"):   # whoever asks: the limit is the domain's
        r = driver.actor(who).do("mailbox.add", "d:a.example", "no_password", local_part="five")
        assert (r["outcome"], r["error"], r["arg"]) == ("wrong", "domain_full_mailboxes", "4"), who
    assert driver.actor(SERVER).do("mailbox.edit", "m:four@a.example", active="0")["outcome"] == "ok"
    assert driver.do("mailbox.add", "d:a.example", "no_password", local_part="five")["outcome"] == "wrong"
    assert driver.do("mailbox.edit", "m:four@a.example", active="1")["outcome"] == "ok"
    # its admin does not lift it: what he may not set was not sent
    assert driver.actor(ADMIN_A).do("domain.edit", "d:a.example", limit_mailboxes="0", description="x")["outcome"] == "ok"
    assert sql("SELECT limit_mailboxes, description FROM virtual_domains WHERE name='a.example'") == ((4, "x"),)
    assert driver.actor(SERVER).do("domain.edit", "d:a.example", limit_mailboxes="2")["outcome"] == "ok"   # none goes
    assert driver.do("mailbox.edit", "m:four@a.example", name="Four")["outcome"] == "ok"
    assert driver.do("mailbox.delete", "m:four@a.example")["outcome"] == "ok"
    assert driver.do("mailbox.add", "d:a.example", "no_password", local_part="four")["arg"] == "2"


def test_a_mailbox_gets_what_its_domain_has_to_give(driver, sql):
    limits(sql, limit_quota_kb=10 * GB, quota_most_kb=4 * GB, quota_default_kb=GB)
    driver.actor(ADMIN_A)

    def tried(r):
        return r["outcome"], r.get("error.quota"), r["arg"]

    assert driver.do("mailbox.add", "d:a.example", "no_password", local_part="one")["outcome"] == "ok"
    assert sql("SELECT quota_kb FROM virtual_users WHERE user='one'") == ((GB,),)
    for size, answer in (("5 GB", ("wrong", "quota_over_most", "4 GB")), ("0", ("wrong", "quota_needed", "4 GB")),
                         ("4 GB", ("ok", None, ""))):
        assert tried(driver.do("mailbox.add", "d:a.example", "no_password", local_part="two", quota=size)) == answer
    assert driver.do("mailbox.edit", "m:one@a.example", quota="3 GB")["outcome"] == "ok"
    assert tried(driver.do("mailbox.add", "d:a.example", "no_password", local_part="three", quota="3.5 GB")) == \
        ("wrong", "quota_over_left", "3 GB")
    assert driver.do("mailbox.add", "d:a.example", "no_password", local_part="three", quota="3 GB")["outcome"] == "ok"
    assert tried(driver.do("mailbox.add", "d:a.example", "no_password", local_part="four")) == ("wrong", "quota_none_left", "")
    assert tried(driver.actor("console").do("mailbox.edit", "m:one@a.example", quota="3.5 GB")) == \
        ("wrong", "quota_over_left", "3 GB")
    # what is too much already may shrink, and stay beside another change
    limits(sql, limit_quota_kb=GB, quota_most_kb=2 * GB)
    driver.actor(ADMIN_A)
    assert driver.do("mailbox.edit", "m:one@a.example", quota="3 GB", name="One")["outcome"] == "ok"
    assert driver.do("mailbox.edit", "m:one@a.example", quota="2.5 GB")["outcome"] == "ok"
    assert tried(driver.do("mailbox.edit", "m:one@a.example", quota="0")) == ("wrong", "quota_none_left", "")
    assert tried(driver.do("mailbox.edit", "m:" + USER_A, quota="1 MB")) == ("wrong", "quota_none_left", "")
    assert driver.do("mailbox.edit", "m:" + USER_A, quota_messages="5")["outcome"] == "ok"


def test_the_default_fits_below_the_most(driver, sql):
    driver.actor(SERVER)
    r = driver.do("domain.add", "-", name="c.example", quota_default="2 GB", quota_most="1 GB")
    assert (r["outcome"], r["error.quota_default"], r["arg"]) == ("wrong", "quota_default_over_most", "1 GB")
    assert driver.do("domain.add", "-", name="c.example", quota_most="1 GB", limit_aliases="3")["outcome"] == "ok"
    assert driver.do("mailbox.add", "d:c.example", "no_password", local_part="one")["outcome"] == "ok"
    assert sql("SELECT quota_kb FROM virtual_users WHERE email='one@c.example'") == ((GB,),)
    r = driver.do("domain.edit", "d:c.example", quota_default="1.5 GB")
    assert (r["outcome"], r["error.quota_default"]) == ("wrong", "quota_default_over_most")


# --- confirmation, passwords, sessions ---

def test_a_change_that_confirms(driver, sql):
    driver.actor(SERVER, "unconfirmed")
    r = driver.do("domain.delete", "d:a.example", name="a.example")
    assert (r["outcome"], r["refusal"]) == ("denied", "reauthenticate")
    r = driver.do("domain.delete", "d:a.example", name="a.example", current="not this one")
    assert (r["outcome"], r["error.current"]) == ("wrong", "password_wrong")
    assert driver.do("domain.delete", "d:a.example", name="a.example", current="secret")["outcome"] == "ok"


def test_ones_own_password(driver, sql):
    driver.actor(USER_A)
    r = driver.do("password.change", "-", current="wrong", password="a rather good one")
    assert (r["outcome"], r["error.current"]) == ("wrong", "password_wrong")
    for _ in range(2):   # the form sent twice
        r = driver.do("password.change", "-", "op=p1", current="secret", password="a rather good one")
        assert r["outcome"] == "ok"
    assert r["repeated"] == "1"
    assert driver.ask("login", USER_A, "a rather good one", "192.0.2.9")["outcome"] == "ok"
    assert driver.ask("login", USER_A, "secret", "192.0.2.9")["outcome"] == "denied"
    assert len(audits(sql, "password.change")) == 1


def test_guesses_at_the_current_password_are_counted(driver, sql):
    driver.actor(USER_A)
    outcomes = [driver.do("password.change", "-", current=f"guess {i}", password="a rather good one")["outcome"]
                for i in range(12)]
    assert outcomes[:5] == ["wrong"] * 5 and outcomes.count("busy") >= 5


def sessions(sql, email, n=2):
    for i in range(n):
        sql("INSERT INTO session (token_hash, user_id, csrf, expires) SELECT UNHEX(SHA2(CONCAT(email, %s), 256)), id,"
            " UNHEX(SHA2('c', 256)), UTC_TIMESTAMP() + INTERVAL 1 HOUR FROM virtual_users WHERE email=%s", str(i), email)


@pytest.mark.parametrize("who,action,fields", [
    (SERVER, "mailbox.edit", {"active": "0"}), (SERVER, "password.set", {"password": "a rather good one"}),
    (SERVER, "mailbox.delete", {}), (SUPER, "admin.add", {}), ("console", "admin.super.add", {})])
def test_sessions_end_with_what_they_rest_on(driver, sql, who, action, fields):
    sessions(sql, USER_A)
    sessions(sql, USER_B)
    assert driver.actor(who).do(action, "m:" + USER_A, **fields)["outcome"] == "ok"
    left = sql("SELECT DISTINCT u.email FROM session s JOIN virtual_users u ON u.id = s.user_id")
    assert left == ((USER_B,),)


# --- log-in ---

def test_log_in_renews_an_old_hash_and_says_so(driver, sql):
    r = driver.ask("login", "User@A.example", "secret", "192.0.2.9")
    assert r["outcome"] == "ok"
    version, password = sql("SELECT version, password FROM virtual_users WHERE email=%s", USER_A)[0]
    assert password.startswith("{ARGON2ID}") and version == 1
    (_, _, what, outcome, before, after), = audits(sql, "password.rehash")
    assert (what, outcome, before) == (USER_A, "done", '{"password":"(hidden)"}')
    assert driver.ask("login", USER_A, "secret", "192.0.2.9")["outcome"] == "ok"
    assert len(audits(sql, "password.rehash")) == 1


def test_unknown_disabled_and_wrong_look_alike(driver, sql):
    sql("UPDATE virtual_users SET active=0 WHERE email=%s", USER_B)
    answers = [driver.ask("login", email, "secreto", "192.0.2.9")
               for email in (USER_A, USER_B, "nobody@a.example", "no address")]
    assert [a["outcome"] for a in answers] == ["denied"] * 4
    assert driver.ask("login", USER_B, "secret", "192.0.2.9")["outcome"] == "denied"


def test_guessing_is_throttled_but_the_owner_gets_in(driver, sql):
    outcomes = [driver.ask("login", USER_A, f"guess {i}", f"198.51.100.{i}")["outcome"] for i in range(40)]
    assert outcomes[:5] == ["denied"] * 5 and outcomes.count("denied") <= 8
    assert driver.ask("login", USER_A, "secret", "203.0.113.9")["outcome"] == "busy"
    sql("INSERT INTO session (token_hash, user_id, csrf, remote, expires) SELECT UNHEX(SHA2('x', 256)), id,"
        " UNHEX(SHA2('c', 256)), '203.0.113.9', UTC_TIMESTAMP() + INTERVAL 1 HOUR FROM virtual_users WHERE email=%s",
        USER_A)
    assert driver.ask("login", USER_A, "secret", "203.0.113.9")["outcome"] == "ok"


# --- at the same moment ---

def test_two_edits_of_one_version(drivers, sql):
    pair = drivers(2)
    for d in pair:
        d.actor(SERVER)
    for i in range(20):
        version = sql("SELECT version FROM virtual_users WHERE email=%s", USER_A)[0][0]
        answers = together(pair, *(("do", "mailbox.edit", "m:" + USER_A, f"version={version}", f"name=round {i} {k}")
                                   for k in (0, 1)))
        assert sorted(a["outcome"] for a in answers) == ["conflict", "ok"], answers
        winner = [a["outcome"] for a in answers].index("ok")
        assert answers[1 - winner]["theirs"] == "1"
        assert sql("SELECT name, version FROM virtual_users WHERE email=%s", USER_A) == \
            ((f"round {i} {winner}", version + 1),)


def test_no_two_at_once_pass_a_limit(drivers, sql):
    many = drivers(6)
    for d, who in zip(many, (ADMIN_A, SERVER, ADMIN_AB, "console", SUPER, ADMIN_A)):
        d.actor(who)
    limits(sql, limit_mailboxes=5, limit_quota_kb=10 * GB)
    answers = together(many, *(("do", "mailbox.add", "d:a.example", "no_password", f"local_part=n{i}", "quota=1 GB")
                               for i in range(6)))
    assert sorted(a["outcome"] for a in answers) == ["ok"] * 2 + ["wrong"] * 4, answers
    assert sql("SELECT COUNT(*) FROM virtual_users WHERE email LIKE '%%@a.example'") == ((5,),)
    made = [r[0] for r in sql("SELECT email FROM virtual_users WHERE quota_kb > 0")]
    limits(sql, limit_mailboxes=0)
    answers = together(many, *(("do", "mailbox.edit", "m:" + made[i % 2], "quota=7 GB") for i in range(2)),
                       *(("do", "mailbox.add", "d:a.example", "no_password", f"local_part=m{i}", "quota=4 GB")
                         for i in range(4)))
    assert {a["outcome"] for a in answers} == {"ok", "wrong"}, answers
    assert sql("SELECT SUM(u.quota_kb) <= %s, SUM(u.quota_kb) = MAX(c.quota_kb) FROM virtual_users u"
               " JOIN domain_counts c USING (domain_id) WHERE u.email LIKE '%%@a.example'", 10 * GB) == ((1, 1),)


def test_a_rename_beside_new_mailboxes(drivers, sql):
    """Whoever comes first: every address carries the name that the domain has then."""
    trio = drivers(3)
    for d, who in zip(trio, (SERVER, SUPER, "console")):   # none of them lives there
        d.actor(who)
    sessions(sql, USER_A, 1)
    names = ["a.example", *(f"racer{i}.example" for i in range(8))]
    for i, (old, new) in enumerate(zip(names, names[1:])):
        answers = together(trio, ("do", "domain.edit", "d:" + old, "name=" + new),
                           ("do", "mailbox.add", "d:" + old, "no_password", f"local_part=n{i}"),
                           ("do", "mailbox.edit", f"m:user@{old}", f"name=round {i}"))
        assert answers[0]["outcome"] == "ok", answers
        assert {a["outcome"] for a in answers[1:]} <= {"ok", "absent"}, answers   # absent: came after it
        assert sql("SELECT COUNT(*) FROM virtual_users u JOIN virtual_domains d ON d.id = u.domain_id"
                   " WHERE u.email <> CONCAT(u.user, '@', d.name)") == ((0,),)
    assert sql("SELECT COUNT(*) FROM session") == ((1,),)


def test_the_last_super_admin_stays_in_any_order(drivers, sql):
    pair = drivers(2)
    for _ in range(10):
        sql("UPDATE virtual_users SET admin=2 WHERE email IN (%s, %s)", SUPER, SUPER2)
        answers = together(pair, ("do", "admin.super.remove", "m:" + SUPER),
                           ("do", "admin.super.remove", "m:" + SUPER2))
        assert sorted(a["outcome"] for a in answers) == ["denied", "ok"], answers
        assert sql("SELECT COUNT(*) FROM virtual_users WHERE admin=2") == ((1,),)


def test_fifty_equal_submits_have_one_effect(drivers, sql):
    many = drivers(50)
    for d in many:
        d.actor(SERVER)
    answers = together(many, *([("do", "mailbox.add", "d:a.example", "op=same", "local_part=once",
                                 "password=a rather good one")] * 50))
    assert {a["outcome"] for a in answers} == {"ok"}, answers
    assert sorted(a["repeated"] for a in answers) == ["0"] + ["1"] * 49
    assert {a["name"] for a in answers} == {"once@a.example"} and len({a["id"] for a in answers}) == 1
    assert len(audits(sql, "mailbox.add")) == 1
    # the same id with other fields is another change (the driver hashes nothing, so another id here)
    assert many[0].do("mailbox.add", "d:a.example", "op=other", "no_password", local_part="once")["outcome"] == \
        "conflict"


def test_a_domain_goes_while_mailboxes_come(drivers, sql):
    some = drivers(4)
    for d in some:
        d.actor(SERVER)
    for i in range(10):
        name = f"racer{i}.example"
        assert some[0].do("domain.add", "-", name=name)["outcome"] == "ok"
        answers = together(some, ("do", "domain.delete", "d:" + name, "name=" + name),
                           *(("do", "mailbox.add", "d:" + name, "no_password", f"local_part=u{k}")
                             for k in range(3)))
        assert answers[0]["outcome"] == "ok", answers
        assert {a["outcome"] for a in answers[1:]} <= {"ok", "absent"}, answers
    assert sql("SELECT COUNT(*) FROM virtual_users u LEFT JOIN virtual_domains d ON d.id=u.domain_id"
               " WHERE d.id IS NULL") == ((0,),)
    done = sum(a[3] == "done" for a in audits(sql, "mailbox.add"))
    assert sql("SELECT COUNT(*) FROM mail_folder WHERE email LIKE 'u%%@r%%.example'")[0][0] == done


def test_a_domain_does_not_take_a_fresh_admin_with_it(drivers, sql):
    pair = drivers(2)
    for i in range(10):
        name = f"s{i}.example"
        pair[0].actor(SERVER).do("domain.add", "-", name=name)
        pair[0].do("mailbox.add", "d:" + name, "no_password", local_part="rising")
        pair[1].actor(SUPER)
        answers = together(pair, ("do", "domain.delete", "d:" + name, "name=" + name),
                           ("do", "admin.add", "m:rising@" + name))
        assert [a["outcome"] for a in answers] in (["ok", "absent"], ["denied", "ok"]), answers


def test_rights_taken_away_are_gone_in_the_transaction(driver, sql):
    driver.actor(SERVER)
    driver.write("do", "mailbox.edit", "m:" + USER_A, "hold", "name=too late")
    assert driver.process.stdout.readline() == "HOLD\n"
    sql("UPDATE virtual_users SET admin=0 WHERE email=%s", SERVER)
    driver.write("go")
    assert driver.read()["outcome"] == "absent"
    driver.actor(ADMIN_A)
    driver.write("do", "mailbox.edit", "m:" + USER_A, "hold", "name=too late")
    assert driver.process.stdout.readline() == "HOLD\n"
    sql("UPDATE virtual_users SET active=0 WHERE email=%s", ADMIN_A)
    driver.write("go")
    assert driver.read()["outcome"] == "denied"
    assert sql("SELECT name FROM virtual_users WHERE email=%s", USER_A) == (("",),)


# --- what the world does ---

class CommitCutter(threading.Thread):
    """Stands between the driver and the server; armed, it cuts the connection at the next COMMIT: before the
    server sees it, or after it has answered."""

    def __init__(self, target, path):
        super().__init__(daemon=True)
        self.target, self.mode, self.cut = target, None, 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(16)

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.target)
            threading.Thread(target=self.serve, args=(client, server), daemon=True).start()

    def serve(self, client, server):
        try:
            while True:
                for s in select.select([client, server], [], [])[0]:
                    data = s.recv(65536)
                    if not data:
                        return
                    if s is client and self.mode and data.endswith(b"\x03COMMIT"):
                        mode, self.mode, self.cut = self.mode, None, self.cut + 1
                        if mode == "after":
                            server.sendall(data)
                            server.recv(65536)
                        return
                    (server if s is client else client).sendall(data)
        except OSError:
            pass
        finally:
            client.close()
            server.close()


@pytest.fixture
def cutter(db, tmp_path):
    c = CommitCutter(db.socket, str(tmp_path / "s"))
    c.start()
    c.driver = Driver(str(tmp_path / "s"))
    yield c
    c.driver.close()
    c.listener.close()


@pytest.mark.parametrize("mode,told", [("after", "ok"), ("before", "unavailable")])
def test_a_lost_commit_is_told_as_it_was(cutter, sql, mode, told):
    d = cutter.driver.actor(SERVER)
    for i in range(40):
        cutter.mode = mode
        r = d.do("mailbox.add", "d:a.example", *(["op=cut%d" % i] if i % 2 else []), "no_password",
                 local_part=f"cut{i}")
        there = sql("SELECT COUNT(*) FROM virtual_users WHERE email=%s", f"cut{i}@a.example")[0][0]
        assert (r["outcome"], there, r.get("repeated")) == (told, int(told == "ok"), "0"), r
    assert cutter.cut == 40
    assert len(audits(sql, "mailbox.add")) == (40 if told == "ok" else 0)


def test_who_waits_too_long_for_a_lock_is_told_so(db, driver, sql):
    other = db.connect(db="mailboy", autocommit=False)
    with other.cursor() as cursor:
        cursor.execute("SELECT * FROM virtual_users WHERE email=%s FOR UPDATE", (USER_A,))
        r = driver.actor(SERVER).do("mailbox.edit", "m:" + USER_A, name="x")
        assert r["outcome"] == "busy"
    other.rollback()
    other.close()
    assert driver.do("mailbox.edit", "m:" + USER_A, name="x")["outcome"] == "ok"


def test_accounts_that_lock_each_other_are_all_served(drivers, sql):
    """Two server admins exchange the rights over each other's domains: deadlocks, and each is tried again."""
    pair = drivers(2)
    for d in pair:
        d.actor(SERVER)
    for i in range(15):
        verb = "add" if i % 2 == 0 else "remove"
        answers = together(pair, ("do", f"domain.admin.{verb}", "d:b.example", "address=" + USER_A),
                           ("do", f"domain.admin.{verb}", "d:a.example", "address=" + USER_B))
        assert {a["outcome"] for a in answers} == {"ok"}, answers


@pytest.mark.parametrize("scheme", ["ARGON2ID", "SHA512-CRYPT", "BLF-CRYPT", "PLAIN-MD5"])
def test_dovecot_and_we_agree_about_hashes(driver, sql, scheme):
    doveadm = shutil.which("doveadm") or "/usr/bin/doveadm"
    if not os.path.exists(doveadm):
        pytest.skip("Dovecot is not installed")
    word = "a räther gööd one $x"
    theirs = subprocess.run([doveadm, "pw", "-s", scheme, "-p", word], capture_output=True, text=True, check=True)
    sql("UPDATE virtual_users SET password=%s WHERE email=%s", theirs.stdout.strip(), USER_A)
    assert driver.ask("login", USER_A, word + "!", "192.0.2.1")["outcome"] == "denied"
    assert driver.ask("login", USER_A, word, "192.0.2.1")["outcome"] == "ok"
    ours = sql("SELECT password FROM virtual_users WHERE email=%s", USER_A)[0][0]   # renewed
    assert ours.startswith("{ARGON2ID}")
    check = subprocess.run([doveadm, "pw", "-t", ours, "-p", word], capture_output=True, text=True)
    assert "(verified)" in check.stdout, check



def test_equal_submits_again_and_again(drivers, sql):
    some = drivers(8)
    for d in some:
        d.actor(SERVER)
    for i in range(12):
        answers = together(some, *([("do", "mailbox.delete", "m:" + USER_A, f"op=del{i}")] * 8))
        assert {a["outcome"] for a in answers} <= {"ok", "absent"}, answers
        assert [a["repeated"] for a in answers if a["outcome"] == "ok"].count("0") == 1
        assert len(audits(sql, "mailbox.delete")) >= i + 1
        done = [a for a in audits(sql, "mailbox.delete") if a[3] == "done"]
        assert len(done) == i + 1
        sql("INSERT INTO virtual_users (domain_id, user) SELECT id, 'user' FROM virtual_domains WHERE name='a.example'")


def test_a_refusal_tells_its_reason(driver, sql):
    driver.actor(SERVER).do("password.set", "m:" + SUPER, "generate")
    (who, _, what, outcome, before, after), = audits(sql)
    assert (who, what, outcome, before) == (SERVER, SUPER, "refused", None)
    assert "may do things that you may not" in json.loads(after)["reason"]
