# SPDX-License-Identifier: GPL-3.0-or-later
"""MariaDB, Postfix and Dovecot, private and real, with the schema of sql/ and the files of conf/."""
import ctypes
import imaplib
import os
import smtplib
import subprocess
import sys
import uuid

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import conf  # noqa: E402
from daemon import Folder, free_port, wait_for  # noqa: E402
from dovecot import Dovecot  # noqa: E402
from mariadb import PASSWORDS, PrivateMariaDB  # noqa: E402
from postfix import Postfix  # noqa: E402
from sink import Sink  # noqa: E402

PASSWORD = "correct horse battery"
# A second smtpd without the restrictions that refuse disabled accounts: what would happen?
NAKED_PORT = free_port()
NAKED = f"127.0.0.1:{NAKED_PORT} inet n - n - - smtpd\n  -o smtpd_recipient_restrictions=\n"


def crypt_hash(password, salt="$6$rounds=1000$mailboytest"):
    """By crypt(3) itself: Python has no module for it since 3.13."""
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p
    return library.crypt(password.encode(), salt.encode()).decode()


class People:
    """Short words for what people do with mail. Who inherits has db, admin (a connection), postfix,
    dovecot and run()."""

    # ---- rows
    def sql(self, statement, *values):
        with self.admin.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else cursor.lastrowid

    def domain(self, name=None):
        name = name or f"d{uuid.uuid4().hex[:10]}.test"
        self.sql("INSERT INTO virtual_domains (name) VALUES (%s)", name)
        return name

    def mailbox(self, address, password=None, hashed=None, **columns):
        user, _, domain = address.rpartition("@")
        columns = {"password": hashed or "{SHA512-CRYPT}" + crypt_hash(password or PASSWORD), **columns}
        self.sql(f"INSERT INTO virtual_users (domain_id, user, {', '.join(columns)})"
                 f" SELECT id, %s, {', '.join(['%s'] * len(columns))} FROM virtual_domains"
                 " WHERE name = %s", user, *columns.values(), domain)
        return address

    def alias(self, source, *destinations):
        user, _, domain = source.rpartition("@")
        for destination in destinations:
            self.sql("INSERT INTO virtual_aliases (domain_id, source, destination)"
                     " SELECT id, %s, %s FROM virtual_domains WHERE name = %s", user, destination, domain)

    def access(self, kind, *entries):
        """Access entries of clients or senders, "ENTRY STATE" each, as an administrator makes them."""
        self.run("access", "paste", kind, input="\n".join(entries) + "\n")

    def disable(self, address):
        self.sql("UPDATE virtual_users SET active = 0 WHERE email = %s", address)

    # ---- what people do
    def smtp(self, port=None):
        client = smtplib.SMTP("127.0.0.1", port or self.postfix.port, "client.test", timeout=30)
        client.ehlo()
        return client

    def rcpt(self, address, sender="sender@elsewhere.test", size=None, port=None):
        """The answer to RCPT TO, as (code, text). The address may be bytes, sent as they are."""
        raw = address if isinstance(address, bytes) else address.encode()
        with self.smtp(port) as client:
            options = [f"size={size}"] if size else []
            assert client.mail(sender, options)[0] == 250
            client.sock.sendall(b"RCPT TO:<" + raw + b">\r\n")
            code, text = client.getreply()
            return code, text.decode(errors="replace")

    def send(self, *to, sender="sender@elsewhere.test", body="Hello.", headers=""):
        """Sends one message to all of them; its Message-ID."""
        mark = f"<{uuid.uuid4()}@elsewhere.test>"
        text = (f"From: <{sender}>\r\nTo: <{to[0]}>\r\nSubject: test\r\nMessage-ID: {mark}\r\n"
                f"{headers}\r\n{body}\r\n")
        with self.smtp() as client:
            assert client.sendmail(sender, to, text) == {}
        return mark

    def imap(self, address, password=PASSWORD):
        client = imaplib.IMAP4("127.0.0.1", self.dovecot.port, timeout=30)
        try:
            client.login(f'"{address}"', password)
        except imaplib.IMAP4.error:
            client.shutdown()
            raise
        return client

    def can_log_in(self, address, password=PASSWORD):
        try:
            self.imap(address, password).logout()
        except imaplib.IMAP4.error as error:
            assert "AUTHENTICATIONFAILED" in str(error) or "Authentication failed" in str(error), error
            return False
        return True

    def has(self, client, mark):
        client.select("INBOX")
        return client.search(None, "HEADER", "Message-ID", f'"{mark}"')[1][0].split()

    def arrives(self, address, mark, password=PASSWORD):
        """Waits until the message is read over IMAP; its text."""
        client = self.imap(address, password)
        try:
            found = wait_for(lambda: self.has(client, mark),
                             lambda: f"{mark} did not arrive\n{self.postfix.queued()}\n"
                                     + "\n".join(self.postfix.read_log().splitlines()[-15:]), step=0.05)
            return client.fetch(found[0], "(RFC822)")[1][0][1].decode()
        finally:
            client.logout()

    def has_now(self, address, mark, password=PASSWORD):
        client = self.imap(address, password)
        try:
            return bool(self.has(client, mark))
        finally:
            client.logout()

class Mail(People):
    """MariaDB, Postfix and Dovecot by themselves."""

    def __init__(self):
        self.folder = Folder("ml")
        self.db = PrivateMariaDB(directory=self.make("db")).start()
        self.db.load_schema("mailboy")
        self.root = self.folder / "vmail"
        os.mkdir(self.root)
        os.chown(self.root, 5000, 5000)
        passwords = {("database" if name == "mailadmin" else name) + "_password": value for name, value in PASSWORDS.items()}
        config = conf.configuration(self.folder / "mailboy.conf", insecure_http="on", database_socket=self.db.socket,
                                    mail_root=self.root, **passwords)
        self.config = config
        self.elsewhere = Sink()   # everybody else's mail server
        self.postfix = Postfix(config, directory=self.make("pf"), services=NAKED,
                               settings=["smtpd_authorized_xclient_hosts=127.0.0.0/8",
                                         f"default_transport=smtp:[127.0.0.1]:{self.elsewhere.port}"])
        self.dovecot = Dovecot(config, self.postfix.config, directory=self.make("dc"))
        self.admin = self.db.connect("mailadmin", db="mailboy")

    def run(self, *words, input=None):
        """A command of mailboy."""
        return subprocess.run([conf.find_program(), "--config", self.config, *words], input=input, text=True, check=True,
                              stdout=subprocess.PIPE, timeout=60).stdout

    def make(self, name):
        os.makedirs(self.folder / name, exist_ok=True)
        os.chmod(self.folder / name, 0o755)
        return self.folder / name

    def start(self):
        self.postfix.start()   # first: Dovecot's sockets lie in its queue folder
        self.dovecot.start()
        return self

    def stop(self):
        for stop in (self.dovecot.stop, self.postfix.stop, self.elsewhere.stop, self.db.stop, self.folder.remove):
            try:
                stop()
            except Exception as error:   # the others are to be stopped all the same
                print(f"stopping: {error!r}", file=sys.stderr)


@pytest.fixture(scope="session")
def mail():
    if os.geteuid() != 0:
        pytest.skip("Postfix needs root")
    stack = Mail()
    try:
        yield stack.start()
    finally:
        stack.stop()


@pytest.fixture(autouse=True)
def no_sql_errors(request):
    """Whatever a test sends: no look-up of the daemons may fail."""
    stack = request.getfixturevalue("mail") if "mail" in request.fixturenames else None
    before = len(stack.postfix.read_log()) if stack and stack.postfix.pid() else 0
    yield
    if stack and not request.node.get_closest_marker("lookups_fail"):
        new = stack.postfix.read_log()[before:]
        bad = [line for line in new.splitlines()
               if "lookup error" in line or "mysql query failed" in line or "table lookup problem" in line
               or "ignored: " in line]   # a restriction that Postfix cannot follow
        assert not bad, bad


def pytest_configure(config):
    config.addinivalue_line("markers", "lookups_fail: the test makes look-ups fail on purpose")
