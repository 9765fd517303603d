# SPDX-License-Identifier: GPL-3.0-or-later
"""A Postfix of one's own: its own configuration, queue and data folder, smtpd on a high port of
127.0.0.1. Needs root, as Postfix does. The maps and parameters are those of `mailboy conf postfix --write`;
`settings` comes last and may change any parameter."""
import os
import pwd
import subprocess

import conf
from daemon import Folder, answers, end, free_port, read_pid, tail, wait_for


class Postfix:
    def __init__(self, mailboy, settings=(), directory=None, port=None, services=""):
        """mailboy: the path of a mailboy.conf; services: more lines for master.cf."""
        self.folder = Folder("pf") if directory is None else None
        self.directory = directory or self.folder.path
        self.port = port or free_port()
        self.submission = free_port()
        self.config = os.path.join(self.directory, "etc")
        self.queue = os.path.join(self.directory, "q")
        self.log = os.path.join(self.directory, "log")
        self.mailboy, self.settings, self.services = mailboy, list(settings), services

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
        conf.frame("main.cf", os.path.join(self.config, "main.cf"), DIR=self.directory)
        conf.frame("master.cf", os.path.join(self.config, "master.cf"), PORT=self.port,
                   SUBMISSION=self.submission)
        with open(os.path.join(self.config, "master.cf"), "a", encoding="ascii") as file:
            file.write(self.services)
        conf.write("postfix", self.config, self.mailboy)
        if self.settings:
            self.run("postconf", "-c", self.config, "-e", *self.settings)

    def start(self):
        self.configure()
        return self.launch()

    def launch(self):
        conf.cool(self.config)
        self.run("postfix", "-c", self.config, "start")
        wait_for(lambda: answers(self.port), lambda: "Postfix does not answer:\n" + tail(self.log))
        return self

    def restart(self):
        """With the configuration as it is now. `postfix stop` would look once a second whether it has ended."""
        end(self.pid())
        return self.launch()

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
