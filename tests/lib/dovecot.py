# SPDX-License-Identifier: GPL-3.0-or-later
"""A Dovecot of one's own, 2.3 or 2.4: its own folder, IMAP on a high port of 127.0.0.1, LMTP, SASL and quota as
unix sockets in Postfix' queue folder. The files are those of `mailboy conf dovecot --write`."""
import os
import shutil
import subprocess

import conf
from daemon import Folder, answers, end, free_port, read_pid, stop_process, tail, wait_for


def is_new():
    """2.4 shares no configuration with 2.3."""
    return not subprocess.check_output(["dovecot", "--version"], text=True).startswith("2.3")


class Dovecot:
    def __init__(self, mailboy, postfix, settings="", directory=None, port=None, beside=None):
        """mailboy: the path of a mailboy.conf; postfix: the folder of Postfix' main.cf; beside: the folder of a
        Dovecot whose conf.d is there already."""
        self.folder = Folder("dc") if directory is None else None
        self.directory = directory or self.folder.path
        self.port = port or free_port()
        self.mailboy, self.postfix, self.settings, self.beside = mailboy, postfix, settings, beside
        self.config = os.path.join(self.directory, "dovecot.conf")
        self.log = os.path.join(self.directory, "log")
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def configure(self):
        if self.beside:
            no_tls = shutil.ignore_patterns("10-ssl.conf", "private")   # its certificate is not on every machine
            shutil.copytree(self.beside, os.path.join(self.directory, "etc"), ignore=no_tls)
        conf.write("dovecot", os.path.join(self.directory, "etc"), self.mailboy, self.postfix)
        conf.frame("dovecot-2.4.conf" if is_new() else "dovecot.conf", self.config, DIR=self.directory, PORT=self.port)
        with open(self.config, "a", encoding="ascii") as file:
            file.write(self.settings)

    def start(self):
        self.configure()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(["dovecot", "-F", "-c", self.config], stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL)
        wait_for(lambda: answers(self.port) or self.process.poll() is not None, "")
        assert self.process.poll() is None, "Dovecot does not start:\n" + tail(self.log)
        return self

    def stop(self):
        if self.process:
            stop_process(self.process)
        else:
            end(read_pid(os.path.join(self.directory, "run", "master.pid")))
        if self.folder:
            self.folder.remove()

    def doveadm(self, *arguments, check=True):
        return subprocess.run(["doveadm", "-c", self.config, *arguments], check=check,
                              stdout=subprocess.PIPE, text=True).stdout
