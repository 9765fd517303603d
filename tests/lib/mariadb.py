# SPDX-License-Identifier: GPL-3.0-or-later
"""A MariaDB server of one's own for tests: in a temporary folder, on a unix socket only.

    with PrivateMariaDB() as db:
        db.load_schema("mailboy")
        db.connect("mailadmin", db="mailboy")

The server ends with stop(), with the `with` block, or with the process. Its root has no password;
the accounts of sql/grants.sql have PASSWORDS: the daemons' hold every character that is allowed there.
"""
import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

import pymysql

from daemon import stop_process

HERE = os.path.dirname(os.path.abspath(__file__))
SQL = os.path.normpath(os.path.join(HERE, "..", "..", "sql"))
OWNER = "`mailboy_owner`@`localhost`"
# ANALYZE dives at random into tables of more than 20 pages otherwise, and nothing else may change its mind.
EXACT_STATISTICS = ["--innodb-stats-persistent-sample-pages=100000", "--innodb-stats-auto-recalc=OFF"]
# What is lost with the machine may be lost: nothing waits for a disk.
UNSAFE = ["--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync", "--innodb-log-file-size=32M",
          "--sync-binlog=0", "--skip-log-bin", "--debug-no-sync"]
PASSWORDS = {"mailadmin": "pwmailadmin", **{name: f"pw{name}+/=~:,-._9" for name in ("mailpostfix", "mailuser", "mailquota")}}
fresh = []   # the folder with the data of a server that nobody has used


def split_statements(text):
    """Statements are separated by a line that is only `--;;`."""
    chunk = []
    for line in text.splitlines():
        if line == "--;;":
            if "".join(chunk).strip():
                yield "\n".join(chunk)
            chunk = []
        else:
            chunk.append(line)
    if "".join(chunk).strip():
        yield "\n".join(chunk)


class PrivateMariaDB:
    def __init__(self, directory=None, options=()):
        self.directory = directory or tempfile.mkdtemp(prefix="mbdb.")
        self.own_directory = directory is None
        self.options = list(options)
        self.datadir = os.path.join(self.directory, "data")
        self.tmpdir = os.path.join(self.directory, "tmp")
        self.socket = os.path.join(self.directory, "s")
        self.log = os.path.join(self.directory, "log")
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    @property
    def pid(self):
        return self.process.pid if self.process else None

    def arguments(self):
        user = pwd.getpwuid(os.geteuid()).pw_name
        return ["--no-defaults", f"--datadir={self.datadir}", f"--tmpdir={self.tmpdir}",
                f"--user={user}"]

    def install(self):
        """The data of a server without databases: made once per process, and copied."""
        if not fresh:
            fresh.append(tempfile.mkdtemp(prefix="mbfresh."))
            atexit.register(shutil.rmtree, fresh[0], ignore_errors=True)
            made = PrivateMariaDB(fresh[0])
            os.mkdir(made.tmpdir)
            subprocess.run(["mariadb-install-db", *made.arguments(), "--force", "--skip-test-db",
                            "--auth-root-authentication-method=normal", "--skip-name-resolve", *UNSAFE],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.makedirs(self.tmpdir, exist_ok=True)
        subprocess.run(["cp", "-a", "--sparse=always", os.path.join(fresh[0], "data"), self.datadir], check=True)

    def start(self, wait=120):
        """Starts the server; a second start() after stop(keep=True) or kill() finds its data."""
        if not os.path.isdir(os.path.join(self.datadir, "mysql")):
            self.install()
        server = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
        self.process = subprocess.Popen(
            [server, *self.arguments(), f"--socket={self.socket}", "--skip-networking",
             f"--pid-file={self.directory}/pid", "--skip-name-resolve", *UNSAFE,
             "--innodb-buffer-pool-size=64M", "--performance-schema=0",
             "--innodb-lock-wait-timeout=10", *self.options],
            stdout=subprocess.DEVNULL, stderr=open(self.log, "ab"), stdin=subprocess.DEVNULL)
        atexit.register(self.stop)
        deadline = time.monotonic() + wait
        while True:
            try:
                self.connect().close()
                return self
            except pymysql.err.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("mariadbd did not start:\n" + self.log_tail()) from None
                time.sleep(0.05)

    def log_tail(self):
        with open(self.log, errors="replace") as log:
            return "".join(log.readlines()[-20:])

    def stop(self, keep=False):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            stop_process(self.process)
        self.process = None
        if self.own_directory and not keep:
            shutil.rmtree(self.directory, ignore_errors=True)

    def kill(self):
        """As a crash: kill -9. start() brings it back."""
        self.process.kill()
        self.process.wait()

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def connect(self, user="root", password=None, db=None, **options):
        options.setdefault("charset", "utf8mb4")
        options.setdefault("autocommit", True)
        password = PASSWORDS.get(user, "") if password is None else password
        return pymysql.connect(unix_socket=self.socket, user=user, password=password,
                               database=db, **options)

    def execute_file(self, connection, path, **placeholders):
        """Runs a file of sql/; placeholders without the @: DB="mailboy"."""
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for name, value in placeholders.items():
            text = text.replace(f"@{name}@", value)
        with connection.cursor() as cursor:
            for statement in split_statements(text):
                if statement.startswith("-- @include "):
                    included = statement.split()[2]
                    self.execute_file(connection, os.path.join(SQL, included), **placeholders)
                    continue
                try:
                    cursor.execute(statement)
                except pymysql.err.MySQLError as error:
                    raise RuntimeError(f"{path}: {error}\n{statement}") from error

    def create_database(self, db):
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE `{db}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")

    def load_schema(self, db="mailboy", grants=True):
        """Makes the database, its accounts and everything in it."""
        self.create_database(db)
        with self.connect(db=db) as connection:
            self.execute_file(connection, os.path.join(SQL, "schema.sql"), OWNER=OWNER)
            if grants:
                self.load_grants(db, connection)
        return self

    def load_grants(self, db, connection=None):
        passwords = {f"{name.upper()}_PASSWORD": value for name, value in PASSWORDS.items()}
        connection = connection or self.connect()
        self.execute_file(connection, os.path.join(SQL, "grants.sql"), DB=db, OWNER=OWNER,
                          HOST="localhost", **passwords)
