# SPDX-License-Identifier: GPL-3.0-or-later
"""An nginx of one's own in front of the pool: a high port of 127.0.0.1, plain http, with the
locations of conf/nginx."""
import os
import subprocess

import conf
from daemon import Folder, answers, free_port, tail, wait_for


class Nginx:
    def __init__(self, fastcgi_pass, prefix="", max_upload=1048576, directory=None, port=None,
                 templates=None):
        self.folder = Folder("ng") if directory is None else None
        self.directory = directory or self.folder.path
        self.port = port or free_port()
        self.templates = templates
        self.values = conf.values(FASTCGI_PASS=fastcgi_pass, PREFIX=prefix, MAX_UPLOAD=max_upload)
        self.url = f"http://127.0.0.1:{self.port}{prefix}/"
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        filled = self.templates
        if filled is None:
            filled = os.path.join(self.directory, "filled")
            conf.fill("nginx", filled, self.values)
        config = os.path.join(self.directory, "nginx.conf")
        conf.frame("nginx.conf", config, DIR=self.directory, PORT=self.port, USER="www-data",
                   LOCATIONS=os.path.join(filled, "mailboy-locations.conf"))
        log = os.path.join(self.directory, "error.log")
        with open(log, "ab") as err:
            self.process = subprocess.Popen(["nginx", "-p", self.directory, "-c", config, "-e", log],
                                            stdout=err, stderr=err, stdin=subprocess.DEVNULL)
        wait_for(lambda: answers(self.port) or self.process.poll() is not None, "")
        assert self.process.poll() is None, "nginx does not start:\n" + tail(log)
        return self

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(15)
            self.process = None
        if self.folder:
            self.folder.remove()
