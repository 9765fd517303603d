# SPDX-License-Identifier: GPL-3.0-or-later
"""Every constraint by an attempt to break it, on tables without triggers.

The lists are compared with what the server says it has, so a constraint without an attempt fails.
"""
import os

import pymysql
import pytest

from mariadb import SQL, OWNER

LONG_LABEL = "a" * 64 + ".test"

# Columns of a good row; {n} makes rows differ.
GOOD = {
    "schema_version": {"one": "1", "version": "1"},
    "policies": {"id": "{n}", "policy_name": "p{n}"},
    "domain_names": {"name": "n{n}.test", "kind": "hosted"},
    "virtual_domains": {"id": "{n}", "name": "d{n}.test"},
    "virtual_users": {"id": "{n}", "domain_id": "1", "user": "u{n}", "email": "u{n}@d.test"},
    "virtual_aliases": {"id": "{n}", "domain_id": "1", "source": "s{n}", "email": "s{n}@d.test",
                        "destination": "x@y.test"},
    "relay_domains": {"id": "{n}", "domain": "r{n}.test"},
    "relay_recipients": {"id": "{n}", "relay_domain_id": "1", "user": "u{n}",
                         "email": "u{n}@r.test"},
    "relay_counts": {"relay_domain_id": "1"},
    "domain_access": {"id": "{n}", "domain": "s{n}.test", "state": "OK"},
    "ip_access": {"id": "{n}", "ip": "10.0.0.{n}", "state": "OK"},
    "domain_admins": {"user_id": "1", "domain_id": "1"},
    "domain_counts": {"domain_id": "1"},
    "site_counts": {"kind": "domains", "shard": "{n}"},
    "quota2": {"username": "u{n}@d.test"},
    "last_login": {"username": "u{n}@d.test", "service": "imap"},
    "maildir_used": {"path": "d.test/u{n}"},
    "mail_folder": {"id": "{n}", "path": "d.test/u", "email": "u@d.test", "user_id": "1"},
    "session": {"token_hash": "{n}", "user_id": "1", "expires": "2030-01-01", "csrf": "c"},
    "invite": {"token_hash": "{n}", "user_id": "1", "expires": "2030-01-01"},
    "throttle": {"key_hash": "{n}", "kind": "account"},
    "operation": {"actor_id": "1", "op_id": "o{n}", "fields_hash": "h"},
    "audit": {"id": "{n}", "via": "web", "action": "a", "outcome": "done"},
    "job": {"id": "{n}", "action": "a"},
    "site": {"name": "s{n}"},
    "theme_setting": {"theme": "t{n}", "name": "accent", "kind": "color"},
    "theme_fault": {"theme": "t{n}", "digest": "{n}", "text": "x"},
}

STATES = [{"state": s} for s in ("", "ok", "REDIRECT a@b.test", "FILTER x", "BCC a@b.test",
                                 "PREPEND X: y", "myclass", "OKAY", "600 x", "OK\nX", "REJECT\tx",
                                 " OK", "OK,REDIRECT a@b")]
NAMES = ("a_b.test", "ü.test", "a b.test", "a@b.test", "a.test\n", "a%.test", "a/b.test",
         "a\0.test", "[1.2.3.4]", "*.test")
LABELS = ("", "test", ".test", "a..test", "a.test.", "-a.test", "a-.test", "a.-test", "a.test-",
          "a." + LONG_LABEL, LONG_LABEL, ".", "-")
CHARACTERS = ("a+b", "a%b", "a!b", "a/b", "a*b", "a@b", "a b", "a ", "a\n", "a\tb", "a\0b", "ü",
              '"a"', "a,b", "a(b", "a:b", "a;b", "a<b", "a\\b", "a[b", "\x7f")
DOTS = (".a", "a.", "a..b", ".", "..")
CONTROL = ("a\nb", "a\rb", "a\0b", "a\tb", "\x1b", "\x7f")


def each(column, values):
    return [{column: value} for value in values]


# Name of a CHECK constraint: what it must refuse.
BREAK = {
    "ck_schema_version_one": [{"one": "2"}],
    "ck_policies_name": each("policy_name", ("", *CONTROL)),
    "ck_policies_server_default": each("server_default", ("0", "2")),
    "ck_policies_offered": each("offered", ("-1", "2")),
    "ck_policies_lovers": [{c: v} for v in ("y", "1", "X", "") for c in (
        "virus_lover", "spam_lover", "unchecked_lover", "banned_files_lover",
        "bad_header_lover")],
    "ck_policies_bypasses": [{c: v} for v in ("y", "1", "") for c in (
        "bypass_virus_checks", "bypass_spam_checks", "bypass_banned_checks",
        "bypass_header_checks")],
    "ck_policies_flags": [{c: v} for v in ("n", "0", "") for c in (
        "spam_modifies_subj", "warnvirusrecip", "warnbannedrecip", "warnbadhrecip")],
    "ck_policies_levels": [{"spam_tag_level": "3", "spam_tag2_level": "2"},
                           {"spam_tag2_level": "7", "spam_kill_level": "6"},
                           {"spam_tag_level": "7", "spam_kill_level": "6"}],
    "ck_policies_tags": [{c: v} for v in CONTROL for c in (
        "spam_subject_tag", "spam_subject_tag2", "spam_subject_tag3")],
    "ck_domain_names_kind": each("kind", ("", "both", "Hosted")),
    "ck_domains_lower": each("name", ("A.test", "a.TEST", "Ä.test")),
    "ck_domains_characters": each("name", NAMES),
    "ck_domains_labels": each("name", LABELS),
    "ck_domains_top": each("name", ("1.2.3.4", "a.1")),
    "ck_domains_description": each("description", CONTROL),
    "ck_domains_quota_default": [{"quota_most_kb": 5, "quota_default_kb": 6}],
    "ck_users_user_lower": each("user", ("A", "aB", "Ü")),
    "ck_users_user_characters": each("user", ("", *CHARACTERS)),
    "ck_users_user_dots": each("user", DOTS),
    "ck_users_email": each("email", ("A@d.test", "a@D.test", "a", "@d.test", "a@", "")),
    "ck_users_password": each("password", CONTROL),
    "ck_users_admin": each("admin", ("-1", "3", "127")),
    "ck_users_active": each("active", ("-1", "2")),
    "ck_users_language": each("language", ("en_US", "fr;", "de\n", " ")),
    "ck_users_super_active": [{"admin": "2", "active": "0"}],
    "ck_users_name": each("name", CONTROL),
    "ck_users_maildir": each("maildir", ("/etc", "..", "../x", "a/../b", "a/..", ".", "a/./b",
                                         "a%b", "a\nb", "a\0b", "./a")),
    "ck_aliases_source_lower": each("source", ("A", "aB")),
    "ck_aliases_source_characters": each("source", CHARACTERS),
    "ck_aliases_source_dots": each("source", DOTS),
    "ck_aliases_email": each("email", ("A@d.test", "a", "a@", "")),
    "ck_aliases_destination": each("destination", (
        "", "root", "@d.test", "a@", "a@b.test,c@d.test", "a b@c.test", "a@b.test\n", "a@b\0c",
        "|/bin/sh", "ü" * 130 + "@b.test")),
    "ck_aliases_description": each("description", CONTROL),
    "ck_aliases_active": each("active", ("-1", "2")),
    "ck_relay_domains_lower": each("domain", ("A.test",)),
    "ck_relay_domains_characters": each("domain", NAMES),
    "ck_relay_domains_labels": each("domain", LABELS),
    "ck_relay_domains_top": each("domain", ("1.2.3.4", "a.1")),
    "ck_relay_domains_recipients": each("recipients", ("", "all", "ANY")),
    "ck_relay_domains_transport": each("transport", (
        "error:x", "discard:", "pipe:x", "lmtp:unix:/x", "smtp", "xsmtp:[a]", "SMTP:[a]",
        "smtp:[a] x", "smtp:a\n", "relay:a\0")),
    "ck_relay_domains_description": each("description", CONTROL),
    "ck_relay_recipients_lower": each("user", ("A",)),
    "ck_relay_recipients_user": each("user", ("", "a b", "a@b", "a,b", "a\n", "a\0")),
    "ck_relay_recipients_email": each("email", ("A@r.test", "", "a@", "@a")),
    "ck_domain_access_lower": each("domain", ("S.test",)),
    "ck_domain_access_domain": each("domain", ("", "a b", "a%b", "*.test", "a,b", "a\n", "a\0b")),
    "ck_domain_access_state": STATES,
    "ck_domain_access_comment": each("comment", CONTROL),
    "ck_ip_access_lower": each("ip", ("2001:DB8::1", "Host.test")),
    "ck_ip_access_ip": each("ip", ("", "a b", "10.%", "a@b", "1,2", "10.0.0.1\n", "10.*")),
    "ck_ip_access_range": [{"ip_first": "a" * 16}, {"ip_last": "a" * 16},
                           {"ip_first": "b" * 16, "ip_last": "a" * 16},
                           {"ip_first": "a" * 4, "ip_last": "a" * 4}],
    "ck_ip_access_state": STATES,
    "ck_ip_access_comment": each("comment", CONTROL),
    "ck_site_counts_kind": each("kind", ("", "x")),
    "ck_site_counts_shard": each("shard", ("64", "255")),
    "ck_mail_folder_op": each("op", ("", "rm -rf")),
    "ck_audit_via": each("via", ("", "mail", "WEB")),
    "ck_audit_outcome": each("outcome", ("", "maybe")),
    "ck_audit_before": each("before_json", ("", "{", "nonsense")),
    "ck_audit_after": each("after_json", ("", "{'a': 1}")),
    "ck_job_state": each("state", ("", "dead")),
    "ck_theme_setting_kind": each("kind", ("", "colour", "Text")),
    "ck_job_stop_wanted": each("stop_wanted", ("2", "-1")),
}

# What must be allowed, so that the CHECKs above are not simply refusing everything.
ALLOWED = {
    "virtual_domains": each("name", ("a.b", "xn--mnchen-3ya.example", "a" * 63 + ".test",
                                     "1.example", "a--b.test", "3com.test", "a.1b",
                                     ".".join(["a" * 61] * 4) + ".te")),
    "virtual_users": [*each("user", ("a", "o'brien", "a.b", "a-b_c", "#$&'=?^_`{|}~-", "1", "-",
                                     "a" * 64)),
                      {"password": "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA"},
                      {"password": "Ünïcode"}, {"name": "Zoë <b>'\""}, {"admin": "1"},
                      {"admin": "2"}, {"active": "0"}, {"maildir": "d.test/u/"},
                      {"maildir": "d.test/u..v"}, {"maildir": "d.test/.u"}, {"password": ""}],
    "virtual_aliases": [*each("destination", ("Jo@Foreign.test", "a+b@c.test", "a%b!c@d.test",
                                              "ü@b.test", "x@[192.0.2.1]", '"a"@b.test')),
                        {"source": "", "email": "@d.test"}, {"active": "0"}],
    "relay_recipients": each("user", ("a+b", "a%b!c/d*e", '"q"', "ü")),
    "relay_domains": [*each("transport", ("", "smtp:[mx.test]:25", "relay:mx.test")),
                      {"recipients": "list"}],
    "domain_access": [*each("domain", ("<>", ".spam.test", "user@", "user@spam.test", "test")),
                      *each("state", ("OK", "REJECT", "REJECT go away", "DUNNO", "HOLD",
                                      "DISCARD", "DEFER_IF_PERMIT later", "550 5.7.1 no",
                                      "450 later"))],
    "ip_access": [*each("ip", ("unknown", "198.51.100", "2001:db8::1", "mail.test",
                               "198.51.100.0/25")),
                  {"ip_first": "a" * 16, "ip_last": "a" * 16}],
    "policies": [{"spam_tag_level": "-999", "spam_tag2_level": "5", "spam_kill_level": "5"},
                 {"spam_subject_tag2": "***Spam*** "}, {"spam_lover": "Y"},
                 {"server_default": "1"}],
    "audit": [{"before_json": '{"name":"a"}', "after_json": "null", "outcome": "refused"}],
}


@pytest.fixture(scope="module")
def bare(server):
    """The schema without its triggers, one row in each table that others point to."""
    server.create_database("bare")
    connection = server.connect(db="bare", autocommit=False)
    server.execute_file(connection, os.path.join(SQL, "schema.sql"), OWNER=OWNER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT trigger_name FROM information_schema.triggers"
                       " WHERE trigger_schema='bare'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("DELETE FROM site_counts")
        cursor.execute("DELETE FROM schema_version")
        cursor.execute("INSERT INTO virtual_domains (id, name) VALUES (1, 'base.test')")
        cursor.execute("INSERT INTO relay_domains (id, domain) VALUES (1, 'relay.test')")
        cursor.execute("INSERT INTO policies (id, policy_name) VALUES (1, 'base')")
        cursor.execute("INSERT INTO virtual_users (id, domain_id, user, email)"
                       " VALUES (1, 1, 'base', 'base@base.test')")
        connection.commit()
    yield connection
    connection.close()


def insert(connection, table, variant, changes):
    row = {name: value.format(n=variant) for name, value in GOOD[table].items()}
    row.update(changes)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO `{table}` ({', '.join(f'`{c}`' for c in row)})"
                       f" VALUES ({', '.join(['%s'] * len(row))})", list(row.values()))


def refused(connection, *rows):
    """The error of the last of these inserts; everything is taken back."""
    try:
        for table, variant, changes in rows:
            insert(connection, table, variant, changes)
        return None
    except pymysql.err.MySQLError as error:
        return error.args
    finally:
        connection.rollback()


def of_server(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def checks(connection):
    return dict(of_server(connection, "SELECT constraint_name, table_name FROM"
                          " information_schema.check_constraints WHERE constraint_schema='bare'"))


def test_every_table_has_a_good_row(bare):
    tables = of_server(bare, "SELECT table_name FROM information_schema.tables"
                       " WHERE table_schema='bare' AND table_type='BASE TABLE'")
    assert {name for (name,) in tables} == set(GOOD)
    for table in GOOD:
        assert refused(bare, (table, 2, {})) is None, table


def test_every_check_has_an_attempt(bare):
    assert set(checks(bare)) == set(BREAK)
    assert all(BREAK.values())


@pytest.mark.parametrize("name", sorted(BREAK))
def test_check_refuses(bare, name):
    table = checks(bare)[name]
    first_met = set()
    for changes in BREAK[name]:
        error = refused(bare, (table, 2, changes))
        assert error is not None, (name, changes)
        assert error[0] in (4025, 1264), (name, changes, error)
        first_met.add(error[1])
    # A value may offend several; at least one attempt must be stopped by this very constraint.
    assert any(f"`{name}`" in text for text in first_met), first_met


@pytest.mark.parametrize("table", sorted(ALLOWED))
def test_checks_allow(bare, table):
    for changes in ALLOWED[table]:
        assert refused(bare, (table, 2, changes)) is None, (table, changes)


def test_every_unique_key_refuses_a_second_row(bare):
    keys = of_server(bare, "SELECT table_name, index_name, GROUP_CONCAT(column_name)"
                     " FROM information_schema.statistics WHERE table_schema='bare'"
                     " AND non_unique=0 GROUP BY table_name, index_name")
    assert len(keys) > 25
    source = {"at_name": "name", "at_domain": "domain"}
    for table, key, columns in keys:
        columns = [source.get(column, column) for column in columns.split(",")]
        same = {c: "1" if c == "server_default" else GOOD[table][c].format(n=5) for c in columns}
        if key.endswith(("_at_name", "_at_domain")):
            continue
        error = refused(bare, (table, 5, same), (table, 6, same))
        assert error and error[0] == 1062 and f"'{key}'" in error[1], (table, key, error)


@pytest.mark.parametrize("table,generated,column", [
    ("virtual_domains", "uq_domains_at_name", "uq_domains_name"),
    ("relay_domains", "uq_relay_domains_at_domain", "uq_relay_domains_domain")])
def test_the_generated_columns_keys_hold_alone(bare, table, generated, column):
    name = "domain" if table == "relay_domains" else "name"
    of_server(bare, f"ALTER TABLE {table} DROP INDEX {column}")
    error = refused(bare, (table, 5, {}), (table, 6, {name: GOOD[table][name].format(n=5)}))
    of_server(bare, f"ALTER TABLE {table} ADD UNIQUE KEY {column} ({name})")
    assert error and error[0] == 1062 and generated in error[1]


def test_twins_by_letter_case_and_trailing_blanks(bare):
    """utf8mb4_bin: the blank is padding, so it makes no second address; accents do."""
    for table, column in (("quota2", "username"), ("maildir_used", "path"), ("site", "name")):
        assert refused(bare, (table, 5, {column: "a"}), (table, 6, {column: "a "}))[0] == 1062
        assert refused(bare, (table, 5, {column: "a"}), (table, 6, {column: "á"})) is None


def test_every_foreign_key_refuses_an_orphan(bare):
    keys = of_server(bare, "SELECT table_name, column_name, constraint_name FROM"
                     " information_schema.key_column_usage WHERE table_schema='bare'"
                     " AND referenced_table_name IS NOT NULL")
    assert len(keys) == 12, keys
    for table, column, name in keys:
        error = refused(bare, (table, 5, {column: "4000000"}))
        assert error and error[0] == 1452 and name in error[1], (name, error)


def test_foreign_keys_to_domains_never_cascade(bare):
    """A cascade fires no trigger: counts, the mail folder queue and the super admin's wall."""
    rules = of_server(bare, "SELECT constraint_name, referenced_table_name, delete_rule,"
                      " update_rule FROM information_schema.referential_constraints"
                      " WHERE constraint_schema='bare'")
    assert len(rules) > 10, rules
    for name, parent, on_delete, on_update in rules:
        assert on_update == "RESTRICT", name
        if parent != "virtual_users":
            assert on_delete == "RESTRICT", name
    with pytest.raises(pymysql.err.IntegrityError), bare.cursor() as cursor:
        cursor.execute("DELETE FROM virtual_domains WHERE id=1")
    bare.rollback()


def test_too_long_or_missing_is_refused(bare):
    limits = of_server(bare, "SELECT table_name, column_name, character_maximum_length FROM"
                       " information_schema.columns WHERE table_schema='bare'"
                       " AND data_type IN ('varchar', 'char', 'varbinary')"
                       " AND generation_expression IS NULL AND table_name NOT LIKE 'view%'")
    assert len(limits) > 80
    for table, column, limit in limits:
        error = refused(bare, (table, 2, {column: "a" * (limit + 1)}))
        assert error and error[0] in (1406, 4025), (table, column, error)
    required = of_server(bare, "SELECT table_name, column_name FROM information_schema.columns"
                         " WHERE table_schema='bare' AND is_nullable='NO' AND extra=''"
                         " AND table_name NOT LIKE 'view%'")
    assert len(required) > 60, required
    for table, column in required:
        error = refused(bare, (table, 2, {column: None}))
        assert error and error[0] == 1048, (table, column, error)


def test_every_added_column_has_a_default(bare):
    """The old manual's INSERTs name these columns and no others."""
    old = {"virtual_domains": {"id", "name"},
           "virtual_users": {"id", "domain_id", "user", "password"},
           "virtual_aliases": {"id", "domain_id", "source", "destination"},
           "relay_domains": {"domain"}, "domain_access": {"domain", "state"},
           "ip_access": {"ip", "state"}, "policies": {"policy_name"},
           "quota2": {"username", "bytes", "messages"},
           "last_login": {"username", "service", "last_login"}}
    rows = of_server(bare, "SELECT table_name, column_name FROM information_schema.columns"
                     " WHERE table_schema='bare' AND is_nullable='NO' AND column_default IS NULL"
                     " AND extra NOT LIKE '%auto_increment%'")
    assert len(rows) > 40, rows
    for table, column in rows:
        assert table not in old or column in old[table], (table, column)
