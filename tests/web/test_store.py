# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the compiled store tests against a private MariaDB, and EXPLAINs every statement of store/
at 100,000 mailboxes, aliases, sessions and lines of audit: none may read a big table whole or sort many rows."""
import json
import os
import re
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
sys.path.insert(0, os.path.join(HERE, "..", "bench"))
import data  # noqa: E402
from mariadb import EXACT_STATISTICS, PrivateMariaDB  # noqa: E402

BUILD = os.environ.get("MAILBOY_BUILD", os.path.join(HERE, "..", "..", "build"))
BIG = {"virtual_domains", "virtual_users", "virtual_aliases", "domain_counts", "domain_names", "quota2",
       "last_login", "session", "invite", "operation", "throttle", "audit", "domain_admins", "relay_domains", "relay_recipients",
       "domain_access", "ip_access", "policies", "relay_counts"}
ROWS = 100000


def program(name):
    path = os.path.join(BUILD, "tests", "unit", name)
    if not os.path.exists(path):
        pytest.skip(f"{path} is not built")
    return path


def test_store():
    with PrivateMariaDB() as db:
        environment = dict(os.environ, MAILBOY_TEST_SOCKET=db.socket, MAILBOY_TEST_PID=str(db.pid))
        run = subprocess.run([program("test_store")], env=environment, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, timeout=400)
        output = run.stdout.decode(errors="replace")
        assert run.returncode == 0, output[-6000:]
        assert "PASSED" in output


@pytest.fixture(scope="module")
def filled():
    with PrivateMariaDB(options=["--innodb-buffer-pool-size=512M", "--innodb-log-file-size=256M",
                                *EXACT_STATISTICS]) as db:
        db.load_schema("mailboy")
        data.fill(db, data.Shape(ROWS))
        with db.connect(db="mailboy") as connection, connection.cursor() as cursor:
            fill_more(cursor)
            yield cursor


def fill_more(cursor):
    """What the bench's rows (tests/bench/data.sql) leave out: who administers what, and who is signed in."""
    hour = "UTC_TIMESTAMP() + INTERVAL 1 HOUR"
    for statement in (
            "UPDATE virtual_users SET admin = 1 WHERE id IN (1003, 1005, 1009)",
            "INSERT INTO domain_admins (user_id, domain_id) SELECT 1010 + seq, 1 + seq FROM seq_1_to_1900",
            "INSERT INTO domain_admins (user_id, domain_id) SELECT 1001, 1 + seq FROM seq_1_to_10",
            "INSERT INTO session (token_hash, user_id, csrf, expires) SELECT UNHEX(SHA2(id, 256)), id,"
            f" UNHEX(SHA2(id, 256)), {hour} FROM virtual_users",
            "INSERT INTO invite (token_hash, user_id, maker_id, expires)"
            f" SELECT UNHEX(SHA2(id, 256)), id, 1001, {hour} FROM virtual_users",
            "INSERT INTO operation (actor_id, op_id, fields_hash)"
            f" SELECT seq % 50, seq, UNHEX(SHA2(seq, 256)) FROM seq_1_to_{ROWS}",
            "INSERT INTO throttle (key_hash, kind, expires)"
            f" SELECT UNHEX(SHA2(seq, 256)), 'account', {hour} FROM seq_1_to_{ROWS}",
            "INSERT INTO relay_domains (domain, recipients) SELECT CONCAT('r', LPAD(seq, 6, '0'), '.example'), 'list'"
            " FROM seq_1_to_5000",
            "INSERT INTO relay_recipients (relay_domain_id, user) SELECT (SELECT MIN(id) FROM relay_domains) + seq % 10,"
            " CONCAT('user', LPAD(seq, 6, '0')) FROM seq_1_to_20000",
            "INSERT INTO domain_access (domain, state) SELECT CONCAT('s', LPAD(seq, 6, '0'), '.example'), 'REJECT'"
            f" FROM seq_1_to_{ROWS}",
            "INSERT INTO ip_access (ip, state) SELECT CONCAT('h', LPAD(seq, 6, '0'), '.example'), 'REJECT'"
            f" FROM seq_1_to_{ROWS // 2}",
            "INSERT INTO ip_access (ip, ip_first, ip_last, state) SELECT INET_NTOA(INET_ATON('172.16.0.0') + seq),"
            " UNHEX(CONCAT('00000000000000000000FFFF', HEX(INET_ATON('172.16.0.0') + seq))),"
            " UNHEX(CONCAT('00000000000000000000FFFF', HEX(INET_ATON('172.16.0.0') + seq))), 'OK'"
            f" FROM seq_1_to_{ROWS // 2}",
            "INSERT INTO policies (policy_name) SELECT CONCAT('policy ', seq) FROM seq_1_to_50",
            "UPDATE virtual_users SET policy_id = (SELECT MIN(id) FROM policies) + id % 10 WHERE id BETWEEN 2001 AND 22000",
            "ANALYZE TABLE " + ", ".join(sorted(BIG))):
        cursor.execute(statement)
    cursor.fetchall()


# Values for the ? of the statements whose first ones are not plain ids.
RANGE = ["'d0300.example'", "'d'", "'e'"]
FIRST, LAST = ["''", "''", "'~'"], ["'~'", "''", "'~'"]
WAYS = (("forwards", FIRST), ("backwards", LAST))
# As far as 5,000 of them, those whose space is nearly full (few here) and those who never signed in (a third).
LOOKED = {"forwards": ["'user0003000'", "''", "'user0008000!'"], "backwards": ["'user0008000'", "'user0003000'", "'~'"]}
ANY = ["-1", "-1"]
NO_FILTER = ["0", "0", "0", "0", "''", "''", "0", "''", "''", "''", "''"]
BY_DOMAIN = ["4", "4"] + NO_FILTER[2:]
BY_OBJECT = NO_FILTER[:4] + ["'mailbox'", "'mailbox'", "1009"] + NO_FILTER[7:]
LIMIT = ["51"]
VALUES = {
    "policy_by_name_sql": [["'policy 7'"]], "policy_choices_sql": [["1", "7", "200"], ["0", "7", "200"]],
    "policy_list_forwards": [FIRST[:1] * 2 + FIRST + LIMIT, ["'policy 7'"] * 3 + ["'p'", "'q'"] + LIMIT],
    "policy_list_backwards": [LAST[:1] * 2 + LAST + LIMIT, ["'policy 7'"] * 3 + ["'p'", "'q'"] + LIMIT],
    "policy_users_sql": [["7", "5", "7", "5"]],
    **{f"access_{kind}s_{way}": [["'h0003'", "''", "'z'"] + LIMIT] for kind in ("client", "sender") for way in ("forwards", "backwards")},
    **{f"access_senders_inside_{way}": [["'elpmaxe.7000'", "'elpmaxe.'", "'elpmaxe.~'"] + LIMIT, [edge[0], "'elpmaxe.'", "'elpmaxe.~'"] + LIMIT] for way, edge in WAYS},
    "access_client_find_sql": [["'h000007.example'"]], "access_sender_find_sql": [["'s000007.example'"]],
    "access_clients_of_sql": [["'172.16.0.7'"] * 128], "access_senders_of_sql": [["'s000007.example'"] * 128],
    "access_addresses_inside_sql": [["INET6_ATON('::ffff:172.16.0.0')", "INET6_ATON('::ffff:172.17.255.255')", "7", "11"]],
    "access_networks_inside_sql": [["INET6_ATON('::ffff:172.16.0.0')", "INET6_ATON('::ffff:172.17.255.255')",
                                    "INET6_ATON('::ffff:172.17.255.255')", "7", "11"]],
    "relay_by_domain_sql": [["'r000007.example'"]],
    "relay_list_forwards": [["'r0003'", "'r'", "'s'"] + LIMIT, FIRST + LIMIT],
    "relay_list_backwards": [["'r0003'", "'r'", "'s'"] + LIMIT, LAST + LIMIT],
    "relay_recipients_forwards": [["7", "'user003'", "'u'", "'v'"] + LIMIT, ["7"] + FIRST + LIMIT],
    "relay_recipients_backwards": [["7", "'user003'", "'u'", "'v'"] + LIMIT, ["7"] + LAST + LIMIT],
    "relay_recipient_by_user_sql": [["7", "'user000007'"]], "relay_recipient_delete_sql": [["7", "'user000007'"]],
    "domain_by_name_sql": [["'d0007.example'"]],
    "domain_list_forwards": [RANGE + LIMIT, FIRST + LIMIT], "domain_list_backwards": [RANGE + LIMIT, LAST + LIMIT],
    **{f"admin_list_{way}": [[server, "''", "'~'", "51", "''", "'~'", domains, "51", "51"] for server, domains in (at, ("9223372036854775807", "1400"))]
       for way, at in (("forwards", ("0", "0")), ("backwards", ("1004", "0")))},
    "domain_names_forwards": [RANGE + LIMIT, FIRST + LIMIT], "domain_names_backwards": [RANGE + LIMIT, LAST + LIMIT],
    "domain_reach_forwards": [["1001"] + RANGE + LIMIT], "domain_reach_backwards": [["1001"] + RANGE + LIMIT],
    "mailbox_by_email_sql": [["'user0000007@large.example'"]],
    "credential_by_email_sql": [["'user0000007@large.example'"]],
    "mailbox_alias_count_sql": [["'user0000001@large.example'"]],
    "alias_by_email_sql": [["'alias0000007@large.example'"]], "alias_lock_account_sql": [["'user0000007@large.example'"]],
    "alias_account_sql": [["'user0000007@large.example'"]],
    "alias_domain_forwards": [["1", "'alias0003000'", "''", "'z'"] + ANY + LIMIT, ["1"] + FIRST + ANY + LIMIT],
    "alias_domain_backwards": [["1", "'alias0003000'", "''", "'z'"] + ANY + LIMIT, ["1"] + LAST + ANY + LIMIT],
    "alias_all_forwards": [["'alias0003000'", "''", "'z'"] + ANY + LIMIT, FIRST + ANY + LIMIT],
    "alias_all_backwards": [["'alias0003000'", "''", "'z'"] + ANY + LIMIT, LAST + ANY + LIMIT],
    "alias_reach_forwards": [["1001", "''", "''", "'z'"] + ANY + LIMIT],
    "alias_reach_backwards": [["1001", "'z'", "''", "'z'"] + ANY + LIMIT],
    "alias_target_forwards": [["'user0000007@large.example'"] + at + ANY + who + LIMIT for at in (FIRST, ["'b'", "''", "'z'"])
                              for who in (["0", "0", "0", "0"], ["1", "1", "1", "1001"])],
    "alias_target_backwards": [["'user0000007@large.example'"] + LAST + ANY + ["0", "0", "0", "0"] + LIMIT],
    **{f"alias_{which}into_{way}": [of + edge + ANY + [into] + LIMIT for into in ("'large.example'", "'nowhere.example'")]
       for which, of in (("", []), ("domain_", ["1"]), ("reach_", ["1001"])) for way, edge in (("forwards", FIRST), ("backwards", LAST))},
    "alias_hops_sql": [["'alias0000007@large.example'", "'user0000007@large.example'", "'@large.example'"] * 2],
    "alias_circles_sql": [["'[" + ",".join(str(1000 + i) for i in range(50)) + "]'"]],
    "alias_targets_sql": [["1", "'alias0000007'"]], "aliases_into_sql": [["'d0007.example'"]], "alias_trim_sql": [["1", "'alias0000007'", "8"]],
    "alias_first_sql": [["'x@y.example'", "8"]], "alias_version_sql": [["2", "1", "'alias0000007'"]],
    "alias_level_sql": [["'alias0000007'", "''", "1", "2", "1", "'alias0000007'"]], "alias_delete_sql": [["1", "'alias0000007'"]],
    "mailbox_domain_forwards": [["1", "'user0003000'", "''", "'z'"] + LIMIT, ["1"] + FIRST + LIMIT],
    "mailbox_domain_backwards": [["1", "'user0003000'", "''", "'z'"] + LIMIT, ["1"] + LAST + LIMIT],
    "mailbox_domain_reach_forwards": [["1001", "2", "2", "''", "''", "'z'"] + LIMIT],
    "mailbox_domain_reach_backwards": [["1001", "2", "2", "'z'", "''", "'z'"] + LIMIT],
    "mailbox_all_forwards": [["'user0003000'", "''", "'z'"] + LIMIT, FIRST + LIMIT],
    "mailbox_all_backwards": [["'user0003000'", "''", "'z'"] + LIMIT, LAST + LIMIT],
    **{f"mailbox_domain_state_{way}": [["1", state, "'user0003000'", "''", "'z'"] + LIMIT for state in "01"]
       + [["1", state] + edge + LIMIT for state in "01"] for way, edge in (("forwards", FIRST), ("backwards", LAST))},
    **{f"mailbox_domain_reach_state_{way}": [["1001", "2", "2", state] + edge + LIMIT for state in "01"]
       for way, edge in (("forwards", FIRST), ("backwards", LAST))},
    **{f"mailbox_all_state_{way}": [[state] + edge + LIMIT for state in "01"] for way, edge in (("forwards", FIRST), ("backwards", LAST))},
    **{f"mailbox_domain_look_{way}": [["1"] + edge] for way, edge in WAYS},
    **{f"mailbox_all_look_{way}": [edge] for way, edge in WAYS},
    **{f"mailbox_reach_look_{way}": [["1001"] + edge] for way, edge in WAYS},
    **{f"mailbox_{scope}use_{way}": [where + ["-1", "-1", use] + edge + LIMIT for use in "12" for edge in edges]
       for scope, where, looked in (("domain_", ["1"], True), ("domain_reach_", ["1001", "2", "2"], False), ("all_", [], True),
                                    ("reach_", ["1001"], False))
       for way, edges in ((way, [LOOKED[way] if looked else edge]) for way, edge in WAYS)},
    "mailbox_reach_forwards": [["1001", "''", "''", "'z'"] + ANY + LIMIT],
    "mailbox_reach_backwards": [["1001", "'z'", "''", "'z'"] + ANY + LIMIT],
    "mailbox_rehash_sql": [["'x'", "1", "'y'"]],
    "audit_list_forwards": [[at] + f + LIMIT for at in ("40000", "99999999") for f in (NO_FILTER, BY_DOMAIN, BY_OBJECT)],
    "audit_list_backwards": [[at] + f + LIMIT for at in ("40000", "0") for f in (NO_FILTER, BY_DOMAIN, BY_OBJECT)],
    "audit_reach_forwards": [["1001", "40000"] + f + LIMIT for f in (NO_FILTER, BY_DOMAIN)],
    "audit_reach_backwards": [["1001", "40000"] + f + LIMIT for f in (NO_FILTER, BY_DOMAIN)],
    "audit_own_forwards": [["1009", "99999999", "1009", "51"] + ["1009", "99999999", "51", "51"]],
    "audit_own_backwards": [["1009", "0", "1009", "51"] + ["1009", "0", "51", "51"]],
    "aliases_around_sql": [["'user0000001@large.example'"] * 3],
    "session_find_sql": [["UNHEX(SHA2(1007, 256))", "1800"]],
    "schema_tables_sql": [["'mailboy'"] * 4],
}


def fill_in(sql, values):
    """Each ? outside quotes becomes the next value; what is not given is an id that is there."""
    values = list(values)
    parts = re.split(r"('(?:[^']|'')*')", sql)
    for i in range(0, len(parts), 2):
        parts[i] = re.sub(r"\?", lambda _: values.pop(0) if values else "1007", parts[i])
    return "".join(parts)


DIGEST = re.compile(r"\b(token_hash|key_hash|fields_hash) (=|<>) \?")
TEXT = re.compile(r"\b(op_id|kind|theme) = \?")


def explainable(sql, values):
    if not values:
        sql = DIGEST.sub(r"\1 \2 UNHEX(SHA2(1007, 256))", sql)
        sql = TEXT.sub(r"\1 = '1007'", sql)
    return fill_in(sql, values)


def statements():
    path = os.path.join(BUILD, "tests", "unit", "store_statements")
    return json.loads(subprocess.check_output([path])) if os.path.exists(path) else {}


# The whole of a table that is small by nature; purges go by their index or take what has ended.
WHOLE = {"site_counts", "site", "schema_version", "schemata", "tables"}

MAILBOXES_LOOKED = 5000

# Rows that a page may touch. Who administers several domains and lists the mailboxes of all of them reads the
# keys of all of these (here of ten domains, 350 mailboxes): each domain has its own order in the index.
TOUCHED = {"mailbox_reach_forwards": 2500, "mailbox_reach_backwards": 2500,
           "alias_reach_forwards": 3000, "alias_reach_backwards": 3000,
           "alias_reach_into_forwards": 3000, "alias_reach_into_backwards": 3000,
           # Dovecot's numbers are in no index of ours: so many are looked at and no more, however many there are; each with
           # a look into last_login.
           **{f"mailbox_{scope}_look_{way}": MAILBOXES_LOOKED + 300 for scope in ("domain", "all") for way in ("forwards", "backwards")},
           **{f"mailbox_{scope}_use_{way}": 2 * MAILBOXES_LOOKED + 300 for scope in ("domain", "all") for way in ("forwards", "backwards")},
           # Of each policy no more than 1,000 mailboxes and 1,000 domains are counted, and once whether there are more.
           **{f"policy_list_{way}": 51 * 2 * 2000 for way in ("forwards", "backwards")}, "policy_by_id_sql": 4000, "policy_by_name_sql": 4000,
           **{f"mailbox_reach_{what}_{way}": 2500 for what in ("look", "use") for way in ("forwards", "backwards")}}


@pytest.mark.parametrize("name", sorted(statements()))
def test_explain(filled, name):
    sql = statements()[name]
    if sql.startswith("INSERT"):
        pytest.skip("reads nothing")
    if "information_schema" in sql:
        pytest.skip("the server's own tables")
    for values in VALUES.get(name, [[]]):
        check_plan(filled, name, explainable(sql, values))


def check_plan(cursor, name, sql):
    cursor.execute("EXPLAIN " + sql)
    names = [c[0] for c in cursor.description]
    for line in cursor.fetchall():
        row = dict(zip(names, line))
        table, kind = row["table"] or "", row["type"] or ""
        rows, extra = int(row["rows"] or 0), row["Extra"] or ""
        tale = f"{name}: {row}\n{sql}"
        derived = table.startswith("<")
        if kind == "ALL" and not derived:
            assert table in WHOLE or table == "k", tale
        if kind == "index" and not derived:
            assert rows <= 200 or table in WHOLE or table == "k", tale
        if "filesort" in extra:
            assert rows <= 200, tale
    cursor.execute("FLUSH STATUS")
    if sql.startswith(("(", "SELECT", "WITH")):
        cursor.execute(sql)
        cursor.fetchall()
        cursor.execute("SHOW SESSION STATUS WHERE Variable_name IN ('Handler_read_next', 'Handler_read_prev',"
                       " 'Handler_read_rnd_next', 'Sort_rows')")
        read = {n: int(v) for n, v in cursor.fetchall()}
        assert sum(read.values()) <= TOUCHED.get(name, 1500), f"{name}: {read}\n{sql}"
