# SPDX-License-Identifier: GPL-3.0-or-later
"""The bench's databases: made once for each size (data.sql) and kept in build/bench/data-N until data.sql or the
schema changes."""
import hashlib
import os
import re
import shutil
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
from daemon import Folder  # noqa: E402
from mariadb import OWNER, SQL, PrivateMariaDB, split_statements  # noqa: E402
from visitor import ADMIN, PASSWORD, Site  # noqa: E402

BUILD = os.path.join(ROOT, "build", "bench")
SMALL = 500
LOGINS = 200   # so many accounts of small.example can log in
TRIGGERS = ("tr_users_before_insert", "tr_users_after_insert", "tr_aliases_before_insert",
            "tr_aliases_after_insert")


class Shape:
    """How many rows go where (data.sql)."""

    def __init__(self, n):
        self.n = n
        self.large = min(100000, n * 3 // 10)
        self.domains = 2000 if n >= 100000 else 200

    def local(self, number):
        return f"user{number:07d}"

    def domain(self, number):
        if number < self.large:
            return "large.example"
        if number < self.large + SMALL:
            return "small.example"
        return f"d{(number - self.large - SMALL) % self.domains:04d}.example"

    def email(self, number):
        return f"{self.local(number)}@{self.domain(number)}"

    def placeholders(self):
        return {"N": str(self.n), "LAST": str(self.n - 1), "LARGE": str(self.large), "DOMAINS": str(self.domains),
                "LAST_DOMAIN": str(self.domains - 1)}


class BenchSite(Site):
    """A release build on a database that is there already."""

    def __init__(self, database, **options):
        os.environ["MAILBOY_RELEASE"] = os.path.join(BUILD, "release")
        super().__init__(kind="release", database=database, **options)

    def start(self):
        os.makedirs(self.options["themes_dir"], exist_ok=True)
        self.configure()
        return self.serve()


def server(directory):
    """MariaDB with room for a million rows, its socket where every account may reach it."""
    db = PrivateMariaDB(directory, options=[
        "--innodb-buffer-pool-size=1G", "--innodb-log-file-size=256M", "--innodb-flush-method=fsync", "--debug-no-sync=0",
        "--max-connections=200", "--log-output=FILE"])
    db.folder = Folder("bd")
    db.socket = db.folder / "s"
    return db


def stop(db):
    db.stop(keep=True)
    db.folder.remove()


def stamp():
    digest = hashlib.sha256()
    for path in (os.path.join(HERE, "data.sql"), os.path.join(HERE, "data.py"), os.path.join(SQL, "schema.sql"),
                 os.path.join(SQL, "grants.sql")):
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def trigger_statements():
    with open(os.path.join(SQL, "schema.sql"), encoding="utf-8") as file:
        for statement in split_statements(file.read()):
            made = re.search(r"^CREATE DEFINER=@OWNER@ TRIGGER (\w+)", statement, re.M)
            if made and made[1] in TRIGGERS:
                yield statement.replace("@OWNER@", OWNER)


def fill(db, shape):
    with db.connect(db="mailboy") as connection, connection.cursor() as cursor:
        for name in TRIGGERS:
            cursor.execute(f"DROP TRIGGER {name}")
        db.execute_file(connection, os.path.join(HERE, "data.sql"), **shape.placeholders())
        for statement in trigger_statements():
            cursor.execute(statement)
        broken = check(cursor)
        assert not broken, f"the bench's rows break promises: {broken[:5]}"


def let_in(cursor):
    """Some accounts of the small domain get the admin's password."""
    cursor.execute("SELECT password FROM virtual_users WHERE email = %s", (ADMIN,))
    stored = cursor.fetchone()[0]
    cursor.execute("UPDATE virtual_users u JOIN virtual_domains d ON d.id = u.domain_id AND d.name = 'small.example'"
                   " JOIN bench_number b ON b.n + 1000 = u.id"
                   " SET u.password = %s, u.active = 1 WHERE MOD(b.n, 500) < %s", (stored, LOGINS))


def check(cursor):
    with open(os.path.join(SQL, "integrity.sql"), encoding="utf-8") as file:
        for statement in split_statements(file.read()):
            cursor.execute(statement)
            return cursor.fetchall()


def make(directory, shape):
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    started = time.monotonic()
    db = server(directory)
    try:
        db.start()
        os.chmod(db.directory, 0o755)
        site = BenchSite(db)
        site.configure()
        site.run("setup", "--socket", db.socket, "--admin", ADMIN, "--password-stdin", input=PASSWORD + "\n", check=True)
        site.folder.remove()
        fill(db, shape)
        with db.connect(db="mailboy") as connection, connection.cursor() as cursor:
            let_in(cursor)
    finally:
        stop(db)
    with open(os.path.join(directory, "made"), "w", encoding="ascii") as file:
        file.write(stamp())
    return time.monotonic() - started


def database(n, say):
    """The server with n mailboxes, started; made before if need be."""
    directory, shape = os.path.join(BUILD, f"data-{n}"), Shape(n)
    try:
        with open(os.path.join(directory, "made"), encoding="ascii") as file:
            known = file.read() == stamp()
    except OSError:
        known = False
    if not known:
        say(f"making {n:,} mailboxes ...")
        say(f"  made in {make(directory, shape):.0f} s")
    db = server(directory)
    db.start()
    db.shape = shape
    with db.connect(db="mailboy") as connection, connection.cursor() as cursor:
        for table in ("session", "throttle", "operation"):   # what the last run left
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("DELETE FROM audit WHERE id > 100000")
    return db


def prove(say):
    """The same rows once with the triggers in force: every table has to come out the same."""
    shape, directory = Shape(1000), os.path.join(BUILD, "data-proof")
    make(directory, shape)
    db = server(directory)
    db.start()
    try:
        with db.connect(db="mailboy") as connection, connection.cursor() as cursor:
            columns = {"virtual_users": "id, domain_id, user, email, maildir, version, active, name, quota_kb, created",
                       "virtual_aliases": "id, domain_id, source, destination, email, version, active, created",
                       "maildir_used": "path, uses", "domain_counts": "domain_id, mailboxes, aliases, quota_kb",
                       "site_counts": "kind, shard, n"}
            before = rows_of(cursor, columns)
            again(cursor)
            after = rows_of(cursor, columns)
        differing = [table for table in columns if before[table] != after[table]]
        assert not differing, f"triggers write other rows in {differing}"
        say(f"identical with and without triggers: {', '.join(f'{t} ({len(before[t])})' for t in columns)}")
    finally:
        stop(db)
        shutil.rmtree(directory, ignore_errors=True)


def rows_of(cursor, columns):
    found = {}
    for table, names in columns.items():
        where = " WHERE n <> 0" if table == "site_counts" else ""
        cursor.execute(f"SELECT {names} FROM {table}{where} ORDER BY 1, 2")
        found[table] = cursor.fetchall()
    return found


def again(cursor):
    """Takes the accounts out and puts them in again, the triggers' columns left to the triggers."""
    for statement in (
            "CREATE TEMPORARY TABLE u AS SELECT * FROM virtual_users WHERE id >= 1000",
            "CREATE TEMPORARY TABLE a AS SELECT * FROM virtual_aliases",
            "CREATE TEMPORARY TABLE q AS SELECT * FROM quota2", "CREATE TEMPORARY TABLE l AS SELECT * FROM last_login",
            "DELETE FROM virtual_users WHERE id >= 1000", "DELETE FROM virtual_aliases",
            "DELETE m FROM maildir_used m JOIN bench_number b ON m.path = CONCAT(b.domain, '/user', LPAD(b.n, 7, '0'))",
            "INSERT INTO virtual_users (id, domain_id, user, password, active, name, quota_kb, quota_messages, created,"
            " password_changed) SELECT id, domain_id, user, password, active, name, quota_kb, quota_messages, created,"
            " password_changed FROM u ORDER BY id",
            "UPDATE virtual_users v JOIN u ON u.id = v.id SET v.version = u.version WHERE v.version <> u.version",
            "INSERT INTO virtual_aliases (id, domain_id, source, destination, active, created)"
            " SELECT id, domain_id, source, destination, active, created FROM a ORDER BY id"):
        cursor.execute(statement)
