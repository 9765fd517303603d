# SPDX-License-Identifier: GPL-3.0-or-later
"""A Postfix of one's own: its own configuration, queue and data folder, smtpd on a high port of
127.0.0.1. Needs root, as Postfix does. The maps and parameters are those of conf/postfix, applied by its
own script; `settings` comes last and may change any parameter."""
import os
import pwd
import subprocess

import conf
from daemon import Folder, answers, end, free_port, read_pid, tail, wait_for

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
pickup    unix  n       -       n       1       1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       1       1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
proxywrite unix -       -       n       -       1       proxymap
smtp      unix  -       -       n       -       -       smtp
relay     unix  -       -       n       -       -       smtp
showq     unix  n       -       n       -       -       showq
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
local     unix  -       n       n       -       -       local
virtual   unix  -       n       n       -       -       virtual
lmtp      unix  -       -       n       -       -       lmtp
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
"""


class Postfix:
    def __init__(self, values=None, settings=(), directory=None, port=None, templates=None,
                 services=""):
        """values: of the placeholders; templates: a folder of filled files instead."""
        self.folder = Folder("pf") if directory is None else None
        self.directory = directory or self.folder.path
        self.port = port or free_port()
        self.submission = free_port()
        self.config = os.path.join(self.directory, "etc")
        self.queue = os.path.join(self.directory, "q")
        self.log = os.path.join(self.directory, "log")
        self.values, self.settings, self.templates = values, list(settings), templates
        self.services = services   # more lines for master.cf

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def run(self, *command, check=True, **options):
        return subprocess.run([*command], check=check, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, **options).stdout

    def configure(self):
        data = os.path.join(self.directory, "data")
        for path in (self.config, self.queue, data):
            os.makedirs(path, exist_ok=True)
        os.chown(data, pwd.getpwnam("postfix").pw_uid, -1)
        if os.path.exists("/etc/postfix/dynamicmaps.cf"):   # where Debian's mysql map is declared
            for name in ("dynamicmaps.cf", "dynamicmaps.cf.d", "postfix-files", "postfix-files.d"):
                if not os.path.lexists(os.path.join(self.config, name)):
                    os.symlink(f"/etc/postfix/{name}", os.path.join(self.config, name))
        with open(os.path.join(self.config, "main.cf"), "w", encoding="ascii") as file:
            file.write(f"""compatibility_level = 3.6
queue_directory = {self.queue}
data_directory = {data}
maillog_file = {self.log}
maillog_file_prefixes = {self.directory}
myhostname = mx.mailboy.test
mydestination =
myorigin = mx.mailboy.test
local_recipient_maps =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = all
alias_maps =
alias_database =
biff = no
smtpd_tls_security_level = none
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
smtpd_client_connection_count_limit = 0
authorized_submit_users = root
notify_classes =
minimal_backoff_time = 2s
maximal_backoff_time = 4s
queue_run_delay = 2s
""")
        with open(os.path.join(self.config, "master.cf"), "w", encoding="ascii") as file:
            file.write(MASTER.format(port=self.port, submission=self.submission)
                       + self.services)
        filled = self.templates
        if filled is None:
            filled = os.path.join(self.directory, "filled")
            conf.fill("postfix", filled, self.values)
        self.run("sh", os.path.join(filled, "apply.sh"), "--config-directory", self.config)
        if self.settings:
            self.run("postconf", "-c", self.config, "-e", *self.settings)

    def start(self):
        self.configure()
        self.run("postfix", "-c", self.config, "start")
        wait_for(lambda: answers(self.port), lambda: "Postfix does not answer:\n" + tail(self.log))
        return self

    def pid(self):
        return read_pid(os.path.join(self.queue, "pid", "master.pid"))

    def stop(self):
        pid = self.pid()
        subprocess.run(["postfix", "-c", self.config, "stop"], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end(pid)
        if self.folder:
            self.folder.remove()

    def queued(self):
        return self.run("postqueue", "-c", self.config, "-j")

    def deliver_now(self):
        self.run("postqueue", "-c", self.config, "-f")

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()
