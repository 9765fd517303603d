# SPDX-License-Identifier: GPL-3.0-or-later
"""What the mail daemons and the list pages ask: right, at index speed, never an error."""
import glob
import itertools
import os
import re

import pymysql
import pytest

from mariadb import SQL

USERS, DOMAINS = 4000, 80


@pytest.fixture(scope="module")
def full(db):
    """A few thousand rows, so that the optimizer has a reason to prefer an index."""
    with db.connect("root") as on, on.cursor() as cursor:
        on.begin()
        cursor.executemany("INSERT INTO policies (id, policy_name, spam_tag2_level,"
                           " spam_modifies_subj, spam_subject_tag2) VALUES (%s, %s, 5, %s, '***')",
                           [(i, f"policy {i}", "N" if i % 2 else "Y") for i in range(1, 31)])
        cursor.execute("UPDATE policies SET server_default=1 WHERE id=30")
        cursor.executemany("INSERT INTO virtual_domains (id, name, policy_id) VALUES (%s, %s, %s)",
                           [(i, f"d{i}.test", 2 if i == 7 else None)
                            for i in range(1, DOMAINS + 1)])
        cursor.executemany("INSERT INTO virtual_domains (name) VALUES (%s)",
                           [(f"empty{i}.test",) for i in range(500)])
        cursor.executemany("INSERT INTO virtual_users (id, domain_id, user, password, quota_kb,"
                           " policy_id, active) VALUES (%s, %s, %s, 'x', 1000, %s, %s)",
                           [(i, 1 + i % DOMAINS, f"u{i}", 1 + i % 29, 0 if i == 77 else 1)
                            for i in range(1, USERS + 1)])
        cursor.executemany("INSERT INTO virtual_aliases (domain_id, source, destination)"
                           " VALUES (%s, %s, %s)",
                           [(1 + i % DOMAINS, f"a{i // 2}" if i % 40 else "", f"x{i}@f.test")
                            for i in range(USERS)])
        cursor.executemany("INSERT INTO relay_domains (domain, recipients) VALUES (%s, %s)",
                           [(f"r{i}.test", "list" if i % 2 else "any") for i in range(400)])
        cursor.execute("INSERT INTO relay_recipients (relay_domain_id, user)"
                       " SELECT id, CONCAT('u', id) FROM relay_domains")
        cursor.executemany("INSERT INTO domain_access (domain, state) VALUES (%s, 'REJECT')",
                           [(f"s{i}.test",) for i in range(2000)])
        cursor.executemany("INSERT INTO ip_access (ip, state) VALUES (%s, 'OK')",
                           [(f"10.1.{i // 250}.{i % 250}",) for i in range(2000)])
        cursor.execute("INSERT INTO audit (at, actor_id, via, action, object_kind, object_id,"
                       " domain_id, outcome) SELECT UTC_TIMESTAMP(), id %% 50, 'web',"
                       " 'mailbox.edit', 'mailbox', id, domain_id, 'done' FROM virtual_users"
                       .replace("%%", "%"))
        cursor.execute("INSERT INTO quota2 SELECT email, id, 1 FROM virtual_users")
        cursor.execute("INSERT INTO domain_admins (user_id, domain_id) SELECT u.id, d.id"
                       " FROM virtual_users u JOIN virtual_domains d"
                       " WHERE u.id <= 40 AND d.id <= 80 AND (u.id + d.id) % 8 = 0")
        on.commit()
        for table in ("policies", "virtual_domains", "virtual_users", "virtual_aliases",
                      "relay_domains", "relay_recipients", "domain_access", "ip_access", "audit",
                      "quota2", "domain_admins"):
            cursor.execute(f"ANALYZE TABLE {table}")
    return db


AMAVIS = "'u8+x@d9.test', 'u8@d9.test', 'u8+x', 'u8', '@d9.test', '@.d9.test', '@.test', '@.'"

# Name of the query, its text, the first column of what it must give.
QUERIES = [
    ("1 from view_users", "SELECT 1 FROM view_users WHERE email='u8@d9.test'", [1]),
    ("email", "SELECT email FROM view_users WHERE email='u8@d9.test'", ["u8@d9.test"]),
    ("disabled", "SELECT email FROM view_users WHERE email='u77@d78.test'", []),
    ("alias", "SELECT destination FROM view_aliases WHERE email='a1@d4.test'", ["x3@f.test"]),
    ("catch-all", "SELECT destination FROM view_aliases WHERE email='@d1.test'", 50),
    ("relay like", "SELECT domain FROM relay_domains WHERE domain like 'r7.test'", ["r7.test"]),
    ("relay", "SELECT domain FROM relay_domains WHERE domain = 'r7.test'", ["r7.test"]),
    ("domain", "SELECT 1 FROM virtual_domains WHERE name='d5.test'", [1]),
    ("domain_access", "SELECT state FROM domain_access WHERE domain = 's7.test'", ["REJECT"]),
    ("ip_access", "SELECT state FROM ip_access WHERE ip = '10.1.0.7'", ["OK"]),
    ("password", "SELECT email as user, password FROM view_users WHERE email='u8@d9.test'",
     ["u8@d9.test"]),
    ("userdb", "SELECT '/var/vmail/d9.test/u8' AS home, 5000 AS uid, 5000 AS gid,"
     " concat('maildir:storage=', quota_kb, ':messages=', quota_messages) AS quota"
     " FROM view_users WHERE email='u8@d9.test'", ["/var/vmail/d9.test/u8"]),
    ("userdb now", "SELECT maildir, CONCAT('*:storage=', quota_kb, 'K:messages=', quota_messages)"
     " AS quota_rule FROM view_users WHERE email='u8@d9.test' AND active=1", ["d9.test/u8"]),
    ("addresses", "SELECT email FROM view_addresses WHERE email='u77@d78.test'",
     ["u77@d78.test"]),
    ("relay recipient", "SELECT 1 FROM view_relay_recipients WHERE email='@r8.test'", [1]),
    ("relay recipient listed", "SELECT email FROM view_relay_recipients"
     " WHERE email='u8@r7.test'", ["u8@r7.test"]),
    ("policies", f"SELECT * FROM view_users_policies WHERE email IN ({AMAVIS})", [8, -9, 0]),
    ("policies of a domain", "SELECT * FROM view_users_policies"
     " WHERE email IN ('u6@d7.test', '@d7.test', '@.')", [6, -7, 0]),
    ("policies, few", "SELECT * FROM view_users_policies WHERE email IN ('@.')", [0]),
    ("policies, one", "SELECT * FROM view_users_policies WHERE email IN ('u8@d9.test')", [8]),
    # The list pages: a keyset, never OFFSET; a prefix as a range, so LIKE's wildcards are data.
    ("all mailboxes", "SELECT id, email FROM virtual_users WHERE email > 'u2@d3.test'"
     " ORDER BY email LIMIT 51", 51),
    ("all mailboxes, first page", "SELECT id, email FROM virtual_users ORDER BY email LIMIT 51",
     51),
    ("mailboxes of a domain", "SELECT id, user FROM virtual_users WHERE domain_id=5"
     " AND user > 'u2' ORDER BY user LIMIT 51", 37),
    ("mailboxes by prefix", "SELECT user FROM virtual_users WHERE domain_id=5"
     " AND user >= 'u12' AND user < 'u13' ORDER BY user LIMIT 51", 2),
    ("all by prefix", "SELECT email FROM virtual_users WHERE email >= 'u12' AND email < 'u13'"
     " ORDER BY email LIMIT 51", 51),
    ("before", "SELECT id, user FROM virtual_users WHERE domain_id=5 AND user < 'u2'"
     " ORDER BY user DESC LIMIT 51", 13),
    ("domains with counts", "SELECT d.name, c.mailboxes FROM virtual_domains d"
     " JOIN domain_counts c ON c.domain_id=d.id WHERE d.name > 'd2' ORDER BY d.name LIMIT 11", 11),
    ("an admin's domains", "SELECT d.name FROM domain_admins a JOIN virtual_domains d"
     " ON d.id=a.domain_id WHERE a.user_id=7 ORDER BY d.name LIMIT 51", 10),
    ("who administers", "SELECT u.email FROM domain_admins a JOIN virtual_users u"
     " ON u.id=a.user_id WHERE a.domain_id=5", 5),
    ("page with use", "SELECT u.email, q.bytes FROM virtual_users u LEFT JOIN quota2 q"
     " ON q.username=u.email WHERE u.domain_id=5 AND u.user > 'u' ORDER BY u.user LIMIT 51", 50),
    ("aliases of a domain", "SELECT id, source, destination FROM virtual_aliases WHERE domain_id=5"
     " AND (source > 'a1' OR source = 'a1' AND destination > 'x') ORDER BY source, destination"
     " LIMIT 51", 50),
    ("who forwards here", "SELECT email FROM virtual_aliases WHERE destination='x3@f.test'", 1),
    ("aliases into a domain", "SELECT 1 FROM virtual_aliases WHERE destination_domain='no.test'",
     []),
    ("super admins", "SELECT id FROM virtual_users WHERE admin=2", []),
    ("total", "SELECT SUM(n) FROM site_counts WHERE kind='mailboxes'", [USERS]),
    ("audit", "SELECT id FROM audit WHERE id < 3000 ORDER BY id DESC LIMIT 51", 51),
    ("audit of a domain", "SELECT id FROM audit WHERE domain_id=5 AND id < 3000"
     " ORDER BY id DESC LIMIT 51", 50),
    ("audit of an actor", "SELECT id FROM audit WHERE actor_id=5 AND id < 3000"
     " ORDER BY id DESC LIMIT 51", 51),
    ("audit of an object", "SELECT id FROM audit WHERE object_kind='mailbox' AND object_id=9"
     " ORDER BY id DESC LIMIT 51", 1),
    ("range of addresses", "SELECT state FROM ip_access WHERE"
     " ip_first <= INET6_ATON('::ffff:10.9.9.9') AND ip_last >= INET6_ATON('::ffff:10.9.9.9')",
     []),
]
# A first page walks its index from the start and stops: type index, but in the order asked.
WALKS = {"all mailboxes, first page": 51}


@pytest.mark.parametrize("name,query,expected", QUERIES, ids=[q[0] for q in QUERIES])
def test_answer_and_plan(full, name, query, expected):
    rows = full.run(query, on=full.root)
    if isinstance(expected, int):
        assert len(rows) == expected
    else:
        assert [row[0] for row in rows] == expected
    with full.root.cursor(pymysql.cursors.DictCursor) as cursor:
        cursor.execute("EXPLAIN " + query)
        for step in cursor.fetchall():
            table = step["table"] or ""
            if table.startswith("<") or step["type"] is None:
                continue
            if name in WALKS:
                assert step["type"] == "index" and int(step["rows"]) <= WALKS[name], step
                assert "filesort" not in step["Extra"], step
                continue
            assert step["type"] in ("const", "eq_ref", "ref", "range", "system",
                                    "ref_or_null"), (name, step)
            if "LIMIT" in query and name != "an admin's domains":
                assert "filesort" not in step["Extra"], (name, step)


def test_rows_read_for_a_policy_do_not_grow_with_the_users(full):
    """The condition goes down into each part of the UNION: counted, not guessed."""
    handler = "SHOW SESSION STATUS LIKE 'Handler_read_rnd_next'"
    with full.connect("mailuser") as on:
        before = int(full.run(handler, on=on)[0][1])
        full.run(f"SELECT * FROM view_users_policies WHERE email IN ({AMAVIS})", on=on)
        assert int(full.run(handler, on=on)[0][1]) - before < 100


def test_the_policy_view_keeps_its_order_and_hides_the_password(full):
    with full.root.cursor(pymysql.cursors.DictCursor) as cursor:
        cursor.execute("SELECT * FROM view_users_policies"
                       " WHERE email IN ('@.', '@d7.test', 'u6@d7.test')")
        rows = cursor.fetchall()
    assert [row["priority"] for row in rows] == [9, 5, 1]
    assert [row["policy_id"] for row in rows] == [7, 2, 30]
    assert [row["spam_subject_tag2"] for row in rows] == ["", "*** ", "*** "]
    assert not {"password", "local", "active"} & set(rows[0])


# What the daemons' client libraries use. A connection in a character set that cannot hold every
# byte (utf8mb3, ascii) fails in the server before any table is looked at; README.md says so.
SETTINGS = ["SET NAMES utf8mb4", "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
            "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci",
            "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_520_ci",
            "SET NAMES latin1", "SET NAMES latin1 COLLATE latin1_german2_ci",
            "SET NAMES utf8mb4, collation_connection = utf8mb4_nopad_bin"]
KEYS = [b"", b"@", b"@.", b"%", b"_", b"u_@d9.test", b"%@d9.test", b"o'brien@d9.test", b"\\",
        b"a\\'b@d9.test", b"x\\", b"'", b"\"", b"--", b";", b"u@d9.test\n", b"a\0b", b" ", b"a " * 9,
        "ü@example.test".encode(), "josé@d9.test".encode(), "ß@d9.test".encode(),
        "\U0001f600@d9.test".encode(), "٣@d9.test".encode(), "İ@d9.test".encode(),
        b"\xff\xfe@d9.test", b"\xc3@d9.test", b"\xed\xa0\x80@d9.test", b"\xf4\x90\x80\x80",
        b"a" * 255, b"a" * 5000 + b"@d9.test", b"x@" + b"a." * 3000 + b"test", b"9", b"0", b"NULL",
        b"1e400", b"0x41", b"2001:db8::1", b"u8@d9.test", b"U8@D9.TEST", b"u8@d9.test "]
LOOKUPS = [("mailpostfix", "SELECT 1 FROM view_users WHERE email='%s'"),
           ("mailpostfix", "SELECT email FROM view_addresses WHERE email='%s'"),
           ("mailpostfix", "SELECT destination FROM view_aliases WHERE email='%s'"),
           ("mailpostfix", "SELECT 1 FROM virtual_domains WHERE name='%s'"),
           ("mailpostfix", "SELECT domain FROM relay_domains WHERE domain like '%s'"),
           ("mailpostfix", "SELECT domain FROM relay_domains WHERE domain = '%s'"),
           ("mailpostfix", "SELECT 1 FROM view_relay_recipients WHERE email='%s'"),
           ("mailpostfix", "SELECT state FROM domain_access WHERE domain = '%s'"),
           ("mailpostfix", "SELECT state FROM ip_access WHERE ip = '%s' OR"
                           " (ip_first <= INET6_ATON('%s') AND ip_last >= INET6_ATON('%s'))"),
           ("mailuser", "SELECT email as user, password FROM view_users WHERE email='%s'"),
           ("mailuser", "SELECT maildir, quota_kb FROM view_users WHERE email='%s' AND active=1"),
           ("mailuser", "SELECT * FROM view_users_policies WHERE email IN ('%s', '@.')"),
           ("mailquota", "SELECT bytes FROM quota2 WHERE username='%s'"),
           ("mailquota", "SELECT last_login FROM last_login WHERE username='%s'")]

CONF = os.path.join(SQL, "..", "conf")


def conf_queries():
    """The questions of the shipped files, as the daemons would send them."""
    for path in sorted(glob.glob(os.path.join(CONF, "postfix", "*.cf"))):
        with open(path, encoding="utf-8") as file:
            for query in re.findall(r"^query = (.*)$", file.read(), re.M):
                yield "mailpostfix", query.replace("%u", "%s").replace("%d", "%s")
    for path in sorted(glob.glob(os.path.join(CONF, "dovecot-2.3", "*sql*.ext"))):
        with open(path, encoding="utf-8") as file:
            text = file.read().replace("\\\n", " ")
        for query in re.findall(r"^(?:password|user)_query = (.*)$", text, re.M):
            yield "mailuser", re.sub(r"@MAIL_\w+@", "5000", query).replace("%u", "%s")


LOOKUPS += conf_queries()


def escaped(key):
    """As mysql_real_escape_string: by bytes; the character sets here hold no multi-byte trap."""
    return (key.replace(b"\\", b"\\\\").replace(b"'", b"\\'").replace(b"\0", b"\\0")
            .replace(b"\n", b"\\n"))


@pytest.mark.parametrize("setting", SETTINGS)
def test_no_key_raises_an_error(full, setting):
    connections = {user: full.connect(user) for user in ("mailpostfix", "mailuser", "mailquota")}
    for on in connections.values():
        full.run(setting, on=on)
    for (user, query), key in itertools.product(LOOKUPS, KEYS):
        sql = query.encode().replace(b"%s", escaped(key))
        try:
            connections[user].query(sql)
        except pymysql.err.MySQLError as error:
            raise AssertionError((setting, query, key[:40], error.args)) from None
    for on in connections.values():
        on.close()


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_key_finds_its_own_row_only(full, setting):
    """Neither letter case nor accents nor wildcards find somebody else."""
    with full.connect("mailpostfix") as on:
        full.run(setting, on=on)
        find = "SELECT 1 FROM view_addresses WHERE email="
        assert len(full.run(find + "'u8@d9.test'", on=on)) == 1
        for other in ("U8@D9.TEST", "u8@d9.test.", "%@d9.test", "u_@d9.test", "u8@d9"):
            assert full.run(find + "'" + other + "'", on=on) == (), other


def test_the_shipped_files_questions_were_found():
    assert len(LOOKUPS) > 20


def test_every_text_column_is_utf8mb4_bin(db):
    """ascii and _ci columns raise errors or find the wrong row, whatever the connection says."""
    wrong = db.run("SELECT table_name, column_name, collation_name FROM information_schema.columns"
                   " WHERE table_schema=DATABASE() AND collation_name IS NOT NULL"
                   " AND collation_name <> 'utf8mb4_bin'", on=db.root)
    assert wrong == ()
