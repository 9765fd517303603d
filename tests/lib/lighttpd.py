# SPDX-License-Identifier: GPL-3.0-or-later
"""A lighttpd of one's own in front of the pool: a high port of 127.0.0.1, plain http, with the file of
conf/lighttpd as `mailboy conf lighttpd --write` made it."""
import os
import shutil
import subprocess

import conf
from daemon import Folder, answers, free_port, tail, wait_for


class Lighttpd:
    def __init__(self, templates, prefix=""):
        self.folder = Folder("lt")
        self.port = free_port()
        self.templates = templates
        self.url = f"http://127.0.0.1:{self.port}{prefix}/"
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        config, log = self.folder / "lighttpd.conf", self.folder / "error.log"
        os.mkdir(self.folder / "none")
        shutil.chown(self.folder.path, "www-data")
        conf.frame("lighttpd.conf", config, DIR=self.folder.path, PORT=self.port, USER="www-data",
                   SITE=os.path.join(self.templates, "mailboy.conf"))
        with open(self.folder / "out", "ab") as out:
            self.process = subprocess.Popen(["lighttpd", "-D", "-f", config], stdout=out, stderr=out,
                                            stdin=subprocess.DEVNULL)
        wait_for(lambda: answers(self.port) or self.process.poll() is not None, "")
        assert self.process.poll() is None, "lighttpd does not start:\n" + tail(log) + tail(self.folder / "out")
        return self

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(15)
            self.process = None
        self.folder.remove()
