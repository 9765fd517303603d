# SPDX-License-Identifier: GPL-3.0-or-later
"""An nginx of one's own in front of the pool: a high port of 127.0.0.1, plain http, with the
locations of conf/nginx."""
import os

import conf
from daemon import WebServer


class Nginx(WebServer):
    def __init__(self, fastcgi_pass, prefix="", max_upload=1048576, directory=None, port=None,
                 templates=None):
        super().__init__("ng", prefix, port, directory)
        self.templates = templates
        self.values = {"FASTCGI_PASS": fastcgi_pass, "PREFIX": prefix, "MAX_UPLOAD": max_upload}

    def start(self):
        locations = os.path.join(self.templates or self.directory, "mailboy-locations.conf")
        if self.templates is None:
            conf.locations(locations, **self.values)
        config = os.path.join(self.directory, "nginx.conf")
        conf.frame("nginx.conf", config, DIR=self.directory, PORT=self.port, USER="www-data",
                   LOCATIONS=locations)
        log = os.path.join(self.directory, "error.log")
        return self.launch(["nginx", "-p", self.directory, "-c", config, "-e", log], log)
