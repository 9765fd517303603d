# SPDX-License-Identifier: GPL-3.0-or-later
"""Each account may do just what is meant; all else is tried and refused."""
import pymysql
import pytest

# Access denied, in the server's several words.
DENIED = {1044, 1045, 1142, 1143, 1227, 1290, 1345, 1370, 1410, 1419, 4151}

TABLES = ("audit domain_access domain_admins domain_counts domain_names invite ip_access job last_login"
          " mail_folder maildir_used operation policies quota2 relay_counts relay_domains relay_recipients"
          " schema_version session site site_counts theme_fault theme_setting throttle virtual_aliases"
          " virtual_domains"
          " virtual_users view_users view_aliases view_addresses view_relay_recipients"
          " view_users_policies").split()
FULL = {"SELECT", "INSERT", "UPDATE", "DELETE"}

# What each account may do with whole tables; everything else must be refused.
MAY = {
    "mailadmin": {
        **{t: FULL for t in ("virtual_domains virtual_users virtual_aliases relay_domains"
                             " relay_recipients domain_access ip_access policies domain_admins"
                             " mail_folder session invite throttle operation job site theme_setting"
                             " theme_fault").split()},
        "audit": {"SELECT", "INSERT"},
        **{t: {"SELECT"} for t in ("domain_counts relay_counts site_counts quota2 last_login schema_version"
                                   " view_users view_aliases view_addresses view_relay_recipients"
                                   " view_users_policies").split()},
    },
    "mailpostfix": {t: {"SELECT"} for t in ("view_addresses", "view_aliases",
                                            "view_relay_recipients")},
    "mailuser": {t: {"SELECT"} for t in ("view_users", "view_addresses", "view_aliases",
                                         "view_users_policies")},
    "mailquota": {"quota2": {"SELECT", "INSERT", "UPDATE"},
                  "last_login": {"SELECT", "INSERT", "UPDATE"}},
}

# Single columns, by the questions Postfix asks.
COLUMNS = {
    "mailpostfix": {"virtual_domains": {"name"},
                    "virtual_users": {"email", "active"},
                    "virtual_aliases": {"email", "destination", "active"},
                    "view_users": {"email", "quota_kb", "quota_messages", "maildir", "active",
                                   "id"},
                    "relay_domains": {"domain", "transport", "recipients"},
                    "domain_access": {"domain", "state"},
                    "ip_access": {"ip", "ip_first", "ip_last", "state"}},
}


@pytest.fixture(scope="module", params=sorted(MAY))
def account(request, db):
    connection = db.connect(request.param, autocommit=False)
    yield request.param, connection
    connection.close()


def denied(connection, sql):
    """Whether the server refuses for want of rights; any other outcome counts as allowed."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
        return False
    except pymysql.err.MySQLError as error:
        return error.args[0] in DENIED
    finally:
        connection.rollback()


def columns(db, table):
    return [name for (name,) in db.run("SELECT column_name FROM information_schema.columns WHERE"
                                       " table_schema=DATABASE() AND table_name=%s", table,
                                       on=db.root)]


def test_the_list_is_complete(db):
    assert {name for (name,) in db.run("SHOW TABLES", on=db.root)} == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_tables(db, account, table):
    name, connection = account
    may = MAY[name].get(table, set())
    column = columns(db, table)[0]
    attempts = {"SELECT": f"SELECT * FROM {table} LIMIT 1",
                "INSERT": f"INSERT INTO {table} () VALUES ()",
                "UPDATE": f"UPDATE {table} SET {column}=DEFAULT({column}) WHERE 1=0",
                "DELETE": f"DELETE FROM {table}"}
    for right, sql in attempts.items():
        assert denied(connection, sql) == (right not in may), (name, sql)
    allowed = COLUMNS.get(name, {}).get(table, set())
    for column in columns(db, table):
        expected = "SELECT" in may or column in allowed
        assert denied(connection, f"SELECT {column} FROM {table} LIMIT 1") != expected, column
        if "UPDATE" not in may:
            assert denied(connection, f"UPDATE {table} SET {column}={column}"), column


def test_no_ddl_files_or_other_schemas(db, account, server):
    _, connection = account
    for sql in ("CREATE TABLE x (a INT)", "DROP TABLE audit", "DROP VIEW view_users",
                "ALTER TABLE audit ADD COLUMN x INT", "TRUNCATE session", "TRUNCATE quota2",
                "CREATE VIEW x AS SELECT 1", "CREATE INDEX x ON quota2 (bytes)",
                "CREATE TRIGGER x AFTER INSERT ON audit FOR EACH ROW DO 0",
                "DROP TRIGGER tr_users_before_delete", "CREATE PROCEDURE x() DO 0",
                "CREATE FUNCTION x() RETURNS INT RETURN 1",
                "CREATE EVENT x ON SCHEDULE EVERY 1 DAY DO DO 0",
                "CREATE TEMPORARY TABLE x (a INT)",
                "RENAME TABLE audit TO x", "LOCK TABLES audit WRITE", "CREATE DATABASE x",
                "DROP DATABASE test_grants", "CREATE USER x", "DROP USER mailadmin@localhost",
                "GRANT SELECT ON audit TO mailuser@localhost",
                "SET PASSWORD FOR root@localhost = PASSWORD('x')", "SET GLOBAL read_only=1",
                "SET GLOBAL foreign_key_checks=0", "SELECT 1 INTO OUTFILE '/tmp/x'",
                "LOAD DATA INFILE '/etc/passwd' INTO TABLE session", "FLUSH PRIVILEGES",
                "SHUTDOWN", "SHOW GRANTS FOR root@localhost", "SELECT * FROM mysql.user",
                "SELECT * FROM mysql.global_priv", "SHOW CREATE VIEW view_users",
                "SET ROLE mailboy_owner", "INSTALL SONAME 'ha_blackhole'"):
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
            raise AssertionError(f"allowed: {sql}")
        except pymysql.err.MySQLError as error:
            assert error.args[0] in DENIED | {1410, 1959, 1045, 1356}, (sql, error.args)
    with connection.cursor() as cursor:
        cursor.execute("SELECT LOAD_FILE('/etc/passwd')")
        assert cursor.fetchone() == (None,)
        cursor.execute("SHOW DATABASES")
        assert {name for (name,) in cursor.fetchall()} <= {"information_schema", "test_grants"} | {
            name for (name,) in db.run("SHOW DATABASES", on=db.root) if name.startswith("test_")}


def test_audit_is_only_added_to(db):
    db.run("INSERT INTO audit (via, action, outcome) VALUES ('web', 'x', 'done')")
    for sql in ("UPDATE audit SET actor='nobody'", "DELETE FROM audit",
                "REPLACE INTO audit (id, via, action, outcome) VALUES (1, 'web', 'y', 'done')",
                "INSERT INTO audit (id, via, action, outcome) VALUES (1, 'web', 'y', 'done')"
                " ON DUPLICATE KEY UPDATE action='y'"):
        db.refuses((1142, 1143), sql)


def test_the_owner_is_locked(server):
    for password in ("", "x"):
        with pytest.raises(pymysql.err.OperationalError):
            server.connect("mailboy_owner", password=password)


def test_postfix_never_sees_a_password(db):
    on = db.connect("mailpostfix")
    db.refuses((1142, 1143), "SELECT password FROM view_users", on=on)
    db.refuses((1142, 1143), "SELECT * FROM view_users", on=on)
    db.refuses((1142, 1143), "SELECT 1 FROM view_users WHERE password LIKE '{%%'", on=on)
    assert db.run("SELECT 1 FROM view_users WHERE email='x'", on=on) == ()


def test_dovecot_writes_its_tables(db):
    on = db.connect("mailquota")
    for _ in range(2):
        db.run("INSERT INTO quota2 (bytes,username) VALUES ('1024','a@d.test')"
               " ON DUPLICATE KEY UPDATE bytes='1024'", on=on)
        db.run("INSERT INTO last_login (last_login,service,username) VALUES (5,'imap','a@d.test')"
               " ON DUPLICATE KEY UPDATE last_login=5", on=on)
    assert db.run("SELECT bytes, messages FROM quota2", on=on) == ((1024, 0),)


def test_the_whole_may_be_granted_again(db, server):
    server.load_grants(db.name)


def test_everything_that_runs_as_somebody_runs_as_the_owner(db):
    """A DEFINER that goes away stops all mail."""
    definers = db.run("SELECT definer FROM information_schema.triggers WHERE"
                      " trigger_schema=DATABASE() UNION SELECT definer FROM"
                      " information_schema.views WHERE table_schema=DATABASE()", on=db.root)
    assert definers == (("mailboy_owner@localhost",),)
