# SPDX-License-Identifier: GPL-3.0-or-later
"""An Amavis of one's own: SpamAssassin's local rules, banned files, no network, and a scanner that knows one virus, the
one that is none (EICAR). The file of conf/amavis is that of `mailboy conf amavis --write`, on top of Debian's."""
import glob
import os
import shutil
import socket
import subprocess

import conf
from daemon import stop_process, tail, wait_for


SCANNER = """#!/bin/sh
grep -rq 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE' "$1" || exit 0
echo "$1: Eicar-Test FOUND"
exit 1
"""
# What an administrator adds who has another scanner than clamd: conf/amavis switches that on by itself.
SCANNED = """
@av_scanners = (['Eicar', '%s', '{}', [0], [1], qr/: (.+) FOUND/m]);
@bypass_virus_checks_maps = (\\%%bypass_virus_checks, \\@bypass_virus_checks_acl, \\$bypass_virus_checks_re);
1;
"""


def greets(port):
    """It listens before it knows whether it likes its configuration."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as peer:
            return peer.recv(3) == b"220"
    except OSError:
        return False


class Amavis:
    def __init__(self, mailboy, port, directory):
        """mailboy: the path of a mailboy.conf that says the same port."""
        self.mailboy, self.port, self.directory = mailboy, port, directory
        self.config = os.path.join(directory, "etc", "amavis.conf")
        self.home = os.path.join(directory, "home")
        self.log = os.path.join(self.home, "log")
        self.process = None

    def configure(self):
        etc = os.path.join(self.directory, "etc")   # Amavis wants a folder for it where it cannot write
        for path in (os.path.join(etc, "conf.d"), *(os.path.join(self.home, n) for n in ("tmp", "db", "virusmails"))):
            os.makedirs(path, exist_ok=True)
        conf.write("amavis", etc, self.mailboy)
        conf.frame("amavis.conf", self.config, DIR=self.directory, SERVERS=2)
        scanner = os.path.join(self.directory, "scanner")
        with open(os.open(scanner, os.O_WRONLY | os.O_CREAT, 0o755), "w", encoding="ascii") as file:
            file.write(SCANNER)
        with open(self.config, "a", encoding="ascii") as file:
            file.write(SCANNED % scanner)
        for path in (self.home, *glob.glob(os.path.join(self.home, "*"))):
            shutil.chown(path, "amavis", "amavis")

    def start(self):
        self.configure()
        return self.launch()

    def launch(self):
        said = os.path.join(self.directory, "said")
        with open(said, "ab") as file:
            self.process = subprocess.Popen(["amavisd", "-c", self.config, "foreground"], stdout=file, stderr=file,
                                            stdin=subprocess.DEVNULL, cwd=self.directory)
        wait_for(lambda: greets(self.port) or self.process.poll() is not None, lambda: tail(self.log))
        assert self.process.poll() is None, "Amavis does not start:\n" + tail(said) + tail(self.log)
        return self

    def stop(self):
        if self.process:
            stop_process(self.process)
            self.process = None

    def held(self):
        """What lies in the quarantine: the files' paths."""
        return sorted(path for path in glob.glob(os.path.join(self.home, "virusmails", "**"), recursive=True)
                      if os.path.isfile(path))

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()
