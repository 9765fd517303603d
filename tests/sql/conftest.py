# SPDX-License-Identifier: GPL-3.0-or-later
"""One private server for the whole folder, one database for each module."""
import os
import sys

import pymysql
import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from mariadb import EXACT_STATISTICS, SQL, PrivateMariaDB, split_statements  # noqa: E402


@pytest.fixture(scope="session")
def server():
    with PrivateMariaDB(options=["--innodb-lock-wait-timeout=20", *EXACT_STATISTICS]) as private:
        yield private


class Database:
    """A loaded schema with short words for tests."""

    def __init__(self, server, name):
        self.server = server
        self.name = name
        server.load_schema(name)
        self.root = server.connect(db=name)
        self.pages = server.connect("mailadmin", db=name)

    def connect(self, user="mailadmin", **options):
        return self.server.connect(user, db=self.name, **options)

    def run(self, sql, *values, on=None):
        """Runs as the pages' user; gives all rows."""
        with (on or self.pages).cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall()

    def one(self, sql, *values, on=None):
        rows = self.run(sql, *values, on=on or self.root)
        return rows[0][0] if rows else None

    def refuses(self, number, sql, *values, on=None, word=""):
        """Asserts that the statement fails with this error number and leaves no trace."""
        numbers = number if isinstance(number, tuple) else (number,)
        with pytest.raises(pymysql.err.MySQLError) as caught:
            self.run(sql, *values, on=on)
        assert caught.value.args[0] in numbers, caught.value.args
        assert word in caught.value.args[1], caught.value.args
        return caught.value.args

    def broken(self):
        with open(os.path.join(SQL, "integrity.sql"), encoding="utf-8") as file:
            (statement,) = split_statements(file.read())
        self.root.rollback()
        return self.run(statement, on=self.root)

    def domain(self, name):
        self.run("INSERT INTO virtual_domains (name) VALUES (%s)", name)
        return self.one("SELECT id FROM virtual_domains WHERE name=%s", name.lower())

    def user(self, domain_id, user, **columns):
        columns = {"domain_id": domain_id, "user": user, "password": "x", **columns}
        names = ", ".join(columns)
        marks = ", ".join(["%s"] * len(columns))
        with self.pages.cursor() as cursor:
            cursor.execute(f"INSERT INTO virtual_users ({names}) VALUES ({marks})",
                           list(columns.values()))
            return cursor.lastrowid

    def alias(self, domain_id, source, destination):
        with self.pages.cursor() as cursor:
            cursor.execute("INSERT INTO virtual_aliases (domain_id, source, destination)"
                           " VALUES (%s, %s, %s)", (domain_id, source, destination))
            return cursor.lastrowid


@pytest.fixture(scope="module")
def db(server, request):
    database = Database(server, request.module.__name__.rpartition(".")[2])
    yield database
    assert database.broken() == ()
