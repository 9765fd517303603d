# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboy whole, of one's own: MariaDB, `mailboy setup`, `mailboy serve`, nginx; and with mail=True Postfix, Dovecot
and Amavis with the files that `mailboy conf` writes. All below a temporary folder, on loopback.

    with Site() as site:
        site.url, site.admin, site.password
        site.run("mailbox", "add", "ada@example.org", "--no-password")

MAILBOY_BUILD names the build folder (default: build/debug, else build/release, else build), MAILBOY_RELEASE that
of the release."""
import os
import re
import subprocess

import conf
from amavis import Amavis
from conf import ROOT, find_program
from daemon import Folder, free_port, stop_process, tail, wait_for
from dovecot import Dovecot
from mariadb import PASSWORDS, PrivateMariaDB
from nginx import Nginx
from postfix import Postfix


def log_complaints(log):
    """What no log may hold: the sanitizers' findings, and pages that break their contract (lua/contract)."""
    found = re.compile(r"Sanitizer|runtime error|contract: ")
    return [line for line in log.splitlines() if found.search(line)]


class Site:
    admin = "admin@example.org"
    password = "quiet-harbour-lantern-31"

    def __init__(self, prefix="", mail=False, options="", database_options=(), release=False):
        """prefix: mailboy_root; options: more lines for mailboy.conf; release: fast, without sanitizers."""
        self.program = find_program(release)
        self.prefix, self.with_mail, self.options = prefix, mail, options
        self.folder = Folder("st")
        for name in ("db", "run", "pf", "dc", "am", "ng", "ng/etc", "themes"):
            os.mkdir(self.folder / name)
        self.amavis_port, self.return_port = free_port(), free_port()
        self.config = self.folder / "mailboy.conf"
        self.log = self.folder / "log"
        self.socket = self.folder / "run/s"
        self.db = PrivateMariaDB(directory=self.folder / "db", options=database_options)
        self.process = self.nginx = self.postfix = self.dovecot = self.amavis = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def configure(self):
        with open(os.open(self.config, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
                  encoding="ascii") as file:
            file.write(f"""listen = {self.socket}
insecure_http = on
mailboy_root = {self.prefix}
database_socket = {self.db.socket}
database_name = mailboy
database_password = {PASSWORDS["mailadmin"]}
mailpostfix_password = {PASSWORDS["mailpostfix"]}
mailuser_password = {PASSWORDS["mailuser"]}
mailquota_password = {PASSWORDS["mailquota"]}
themes_dir = {self.folder / "themes"}
assets_dir = {self.folder / "assets"}
mail_root = {self.folder / "vmail"}
workers = 2
amavis_port = {self.amavis_port if self.with_mail else 0}
amavis_return_port = {self.return_port}
{"user = nobody" if os.geteuid() == 0 else ""}
{"socket_group = www-data" if os.geteuid() == 0 else ""}
{self.options}
""")

    def run(self, *arguments, input=None, check=True):
        """A command of mailboy; the finished process."""
        done = subprocess.run([self.program, *arguments, "--config", self.config], input=input, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=120)
        assert done.returncode == 0 or not check, (arguments, done.returncode, done.stdout, done.stderr)
        return done

    def start(self):
        try:
            self.db.start()
            self.configure()
            self.run("setup", "--admin", self.admin, "--password-stdin", "--socket", self.db.socket,
                     input=self.password + "\n")
            self.serve()
            self.nginx = Nginx(f"unix:{self.socket}", directory=self.folder / "ng",
                               templates=conf.write("nginx", self.folder / "ng/etc", self.config)).start()
            self.url = f"http://127.0.0.1:{self.nginx.port}{self.prefix}/"
            if self.with_mail:
                self.start_mail()
        except BaseException:
            self.stop()
            raise
        return self

    def serve(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.program, "serve", "--config", self.config], stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL)
        wait_for(lambda: os.path.exists(self.socket) or self.process.poll() is not None,
                 "the pool does not start")
        assert self.process.poll() is None, "the pool does not start:\n" + tail(self.log)

    def start_mail(self):
        vmail = self.folder / "vmail"
        os.mkdir(vmail)
        os.chown(vmail, 5000, 5000)
        self.postfix = Postfix(self.config, directory=self.folder / "pf").start()
        self.dovecot = Dovecot(self.config, self.postfix.config, directory=self.folder / "dc").start()
        self.amavis = Amavis(self.config, self.amavis_port, self.folder / "am").start()

    def stop(self):
        for server in (self.nginx, self.amavis, self.dovecot, self.postfix):
            if server:
                server.stop()
        if self.process:
            stop_process(self.process)
        self.db.stop()
        wrong = log_complaints(self.read_log()) if os.path.exists(self.log) else []
        self.folder.remove()
        assert not wrong, "\n".join(wrong[:40])

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()
