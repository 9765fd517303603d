# SPDX-License-Identifier: GPL-3.0-or-later
"""The files load by the command line client as README.md says, and end where the tests' own end."""
import os
import re
import subprocess

from mariadb import SQL


def pipe(server, name, database=None):
    with open(os.path.join(SQL, name), encoding="utf-8") as file:
        text = file.read()
    for word, value in (("OWNER", "`mailboy_owner`@`localhost`"), ("DB", "by_client"),
                        ("HOST", "client.invalid")):
        text = text.replace(f"@{word}@", value)
    text = re.sub(r"@\w+_PASSWORD@", "pw", text)
    done = subprocess.run(["mariadb", "--no-defaults", f"--socket={server.socket}", "--user=root",
                           "--delimiter=--;;", *([database] if database else [])],
                          input=text, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def everything(server, database):
    with server.connect(db=database) as root, root.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables"
                       " WHERE table_schema=DATABASE() UNION SELECT trigger_name FROM"
                       " information_schema.triggers WHERE trigger_schema=DATABASE()")
        return sorted(name for (name,) in cursor.fetchall())


def test_the_client_loads_all(server):
    server.create_database("by_client")
    pipe(server, "schema.sql", "by_client")
    pipe(server, "grants.sql")
    assert pipe(server, "integrity.sql", "by_client") == ""
    server.load_schema("by_tests", grants=False)
    assert everything(server, "by_client") == everything(server, "by_tests")


def test_a_load_that_breaks_off_never_looks_finished():
    with open(os.path.join(SQL, "schema.sql"), encoding="utf-8") as file:
        statements = file.read().rstrip().split("\n--;;")
    assert statements[-1] == "" and "INSERT INTO schema_version" in statements[-2]
