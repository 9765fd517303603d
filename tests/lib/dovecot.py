# SPDX-License-Identifier: GPL-3.0-or-later
"""A Dovecot 2.3 of one's own: its own folder, IMAP on a high port of 127.0.0.1, LMTP, SASL and quota as
unix sockets where conf/dovecot-2.3 puts them. The files are those of conf/dovecot-2.3, applied by their own script."""
import os
import subprocess

import conf
from daemon import Folder, answers, end, free_port, read_pid, tail, wait_for


class Dovecot:
    def __init__(self, values=None, settings="", directory=None, port=None, templates=None):
        """values: of the placeholders, without DOVECOT_DIR; templates: a folder of filled files instead."""
        self.folder = Folder("dc") if directory is None else None
        self.directory = directory or self.folder.path
        self.port = port or free_port()
        self.values, self.settings, self.templates = values, settings, templates
        self.config = os.path.join(self.directory, "dovecot.conf")
        self.log = os.path.join(self.directory, "log")
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def configure(self):
        etc = os.path.join(self.directory, "etc")
        os.makedirs(etc, exist_ok=True)
        filled = self.templates
        if filled is None:
            filled = os.path.join(self.directory, "filled")
            conf.fill("dovecot-2.3", filled, {**self.values, "DOVECOT_DIR": etc})
        subprocess.run(["sh", os.path.join(filled, "apply.sh"), "--config-directory", etc], check=True)
        conf.frame("dovecot.conf", self.config, DIR=self.directory, PORT=self.port)
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
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        else:
            end(read_pid(os.path.join(self.directory, "run", "master.pid")))
        if self.folder:
            self.folder.remove()

    def doveadm(self, *arguments, check=True):
        return subprocess.run(["doveadm", "-c", self.config, *arguments], check=check,
                              stdout=subprocess.PIPE, text=True).stdout
