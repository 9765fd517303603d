# SPDX-License-Identifier: GPL-3.0-or-later
"""A lighttpd of one's own in front of the pool: a high port of 127.0.0.1, plain http, with the file of
conf/lighttpd as `mailboy conf lighttpd --write` made it."""
import os
import shutil

import conf
from daemon import WebServer


class Lighttpd(WebServer):
    def __init__(self, templates, prefix=""):
        super().__init__("lt", prefix)
        self.templates = templates

    def start(self):
        config = os.path.join(self.directory, "lighttpd.conf")
        os.mkdir(os.path.join(self.directory, "none"))
        shutil.chown(self.directory, "www-data")
        conf.frame("lighttpd.conf", config, DIR=self.directory, PORT=self.port, USER="www-data",
                   SITE=os.path.join(self.templates, "conf-available", "50-mailboy.conf"))
        said = os.path.join(self.directory, "out")   # error.log is its own: it opens that one as www-data
        return self.launch(["lighttpd", "-D", "-f", config], said)
