# SPDX-License-Identifier: GPL-3.0-or-later
"""Up from Mailboy 0.5 and down again: no row lost, and the result is what schema.sql makes."""
import itertools
import os
import re

import pytest

from mariadb import OWNER, SQL

HERE = os.path.dirname(os.path.abspath(__file__))
UP = os.path.join(SQL, "upgrades", "0001-from-mailboy-0.5.up.sql")
DOWN = os.path.join(SQL, "upgrades", "0001-from-mailboy-0.5.down.sql")
ROWS = (
    "INSERT INTO virtual_domains (id, name) VALUES (3, 'Old.example'), (9, 'two.example')",
    "INSERT INTO policies (id, policy_name, spam_lover, bypass_virus_checks, spam_modifies_subj,"
    " spam_tag2_level) VALUES (4, 'Lax', 'Y', '0', 'N', 6.3), (5, NULL, NULL, NULL, NULL, NULL)",
    "INSERT INTO virtual_users (id, domain_id, user, password, admin, active, quota_kb,"
    " quota_messages, policy_id) VALUES"
    " (42, 3, 'John', '14CBFB845AF1F030E372B1CB9275E6DD', 1, 1, 500, 10, 4),"
    " (43, 9, 'kim', '$6$salt$hash', 0, 0, 0, 0, NULL)",
    "INSERT INTO virtual_aliases (id, domain_id, source, destination) VALUES"
    " (7, 3, '', 'john@old.example'), (8, 3, 'Sales', 'Kim@two.example'),"
    " (9, 9, 'x', 'A.B@foreign.example')",
    "INSERT INTO relay_domains VALUES ('Backup.example')",
    "INSERT INTO domain_access VALUES ('Spam.example', 'reject no, thanks'),"
    " ('good.example', 'OK')",
    "INSERT INTO ip_access VALUES ('198.51.100', 'REJECT'), ('unknown', 'dunno')",
)


numbers = itertools.count(1)


def rows(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.fixture
def old(server):
    name = f"old{next(numbers)}"
    with server.connect() as root:
        rows(root, f"CREATE DATABASE {name} CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci")
    connection = server.connect(db=name)
    server.execute_file(connection, os.path.join(HERE, "mailboy-0.5.sql"))
    for sql in ROWS:
        rows(connection, sql)
    yield connection
    connection.close()


def shape(connection):
    """Everything there is, without counters and the database's own name."""
    result = {}
    for name, kind in rows(connection, "SHOW FULL TABLES"):
        if name.startswith("old05_"):
            continue
        text = rows(connection, f"SHOW CREATE TABLE {name}")[0][1]
        result[name] = re.sub(r" AUTO_INCREMENT=\d+", "", text)
    for row in rows(connection, "SELECT trigger_name, action_timing, event_manipulation,"
                    " event_object_table, action_statement, definer, sql_mode,"
                    " character_set_client, collation_connection FROM information_schema.triggers"
                    " WHERE trigger_schema=DATABASE()"):
        result[row[0]] = row[1:]
    return result


def broken(connection):
    with open(os.path.join(SQL, "integrity.sql"), encoding="utf-8") as file:
        return rows(connection, file.read().replace("--;;", ""))


def test_up_loses_nothing(server, old):
    server.execute_file(old, UP, OWNER=OWNER, DB=old.db.decode())
    assert broken(old) == ()
    assert rows(old, "SELECT id, email, password, admin, active, quota_kb, quota_messages,"
                " policy_id FROM virtual_users ORDER BY id") == (
        (42, "john@old.example", "{PLAIN-MD5}14cbfb845af1f030e372b1cb9275e6dd", 1, 1, 500, 10, 4),
        (43, "kim@two.example", "$6$salt$hash", 0, 0, 0, 0, None))
    assert rows(old, "SELECT id, email, destination FROM virtual_aliases ORDER BY id") == (
        (7, "@old.example", "john@old.example"), (8, "sales@old.example", "kim@two.example"),
        (9, "x@two.example", "A.B@foreign.example"))
    assert rows(old, "SELECT domain FROM relay_domains") == (("backup.example",),)
    assert rows(old, "SELECT domain, state FROM domain_access ORDER BY domain") == (
        ("good.example", "OK"), ("spam.example", "REJECT no, thanks"))
    assert rows(old, "SELECT ip, state FROM ip_access ORDER BY ip") == (
        ("198.51.100", "REJECT"), ("unknown", "DUNNO"))
    assert rows(old, "SELECT policy_name, spam_lover, bypass_virus_checks, spam_tag2_level"
                " FROM policies ORDER BY id") == (("Lax", "Y", "N", 6.3),
                                                  ("policy 5", None, None, None))
    assert rows(old, "SELECT version FROM schema_version") == ((1,),)


def test_up_gives_the_shape_of_a_fresh_database(server, old):
    server.execute_file(old, UP, OWNER=OWNER, DB=old.db.decode())
    # The database's own default (utf8 here) must not have leaked into anything.
    server.load_schema("fresh_shape", grants=False)
    with server.connect(db="fresh_shape") as fresh:
        assert shape(old) == shape(fresh)


def test_down_and_up_again(server, old):
    before = shape(old)
    server.execute_file(old, UP, OWNER=OWNER, DB=old.db.decode())
    rows(old, "INSERT INTO virtual_users (domain_id, user, admin) VALUES (9, 'later', 2)")
    server.execute_file(old, DOWN)
    assert {k: v for k, v in shape(old).items() if not k.startswith("view_")} == {
        k: v for k, v in before.items() if not k.startswith("view_")}
    assert rows(old, "SELECT email, password FROM view_users ORDER BY email") == (
        ("john@old.example", "14cbfb845af1f030e372b1cb9275e6dd"), ("later@two.example", ""))
    assert rows(old, "SELECT destination FROM view_aliases WHERE email='@old.example'") == (
        ("john@old.example",),)
    assert rows(old, "SELECT policy_name FROM view_users_policies") == (("Lax",),)
    server.execute_file(old, UP, OWNER=OWNER, DB=old.db.decode())
    assert broken(old) == ()
    assert rows(old, "SELECT COUNT(*) FROM virtual_users") == ((3,),)


@pytest.mark.parametrize("sql,word", [
    ("INSERT INTO virtual_domains (name) VALUES ('under_score.example')", "under_score"),
    ("INSERT INTO virtual_domains (name) VALUES ('localhost')", "localhost"),
    ("INSERT INTO virtual_users (domain_id, user, password) VALUES (3, 'a+b', '')", "a+b"),
    ("INSERT INTO virtual_aliases (domain_id, source, destination) VALUES (3, 'a', 'root')",
     "root"),
    ("INSERT INTO virtual_aliases (domain_id, source, destination) VALUES"
     " (3, 'a', 'a@b.example,c@d.example')", "a@b.example"),
    ("INSERT INTO relay_domains VALUES ('TWO.example')", "TWO.example"),
])
def test_what_does_not_fit_is_named_and_nothing_is_changed(server, old, sql, word):
    rows(old, sql)
    before = shape(old)
    with pytest.raises(RuntimeError, match=re.escape(word)):
        server.execute_file(old, UP, OWNER=OWNER, DB=old.db.decode())
    assert shape(old) == before


def test_each_upgrade_can_be_undone():
    names = os.listdir(os.path.join(SQL, "upgrades"))
    ups = {n[:-len(".up.sql")] for n in names if n.endswith(".up.sql")}
    downs = {n[:-len(".down.sql")] for n in names if n.endswith(".down.sql")}
    assert ups and ups == downs
    assert sorted(int(n[:4]) for n in ups) == list(range(1, len(ups) + 1))
