# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailboy theme dev` on a free port, with a theme to write in.

    with Gallery(folder) as gallery:
        gallery.get("/state.json").json
        with gallery.events() as events:
            gallery.write("tokens.css", "...")
            events.next()["kind"]
"""
import http.client
import json
import os
import re
import signal
import subprocess

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PROGRAM = os.path.join(os.environ.get("MAILBOY_RELEASE") or os.path.join(ROOT, "build/release"), "mailboy")
MANIFEST = """return {{ name = "{0}", title = "Harbour", version = "1.0.0", license = "MIT", extends = "{1}",
  contract = "1.0", api = 1, schemes = {{ "light", "dark" }}, tokens = "tokens.css" }}
"""


class Reply:
    def __init__(self, answer):
        self.status, self.body = answer.status, answer.read()
        self.headers = {name.lower(): value for name, value in answer.getheaders()}

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class Events:
    """The event stream, as a browser reads it."""

    def __init__(self, gallery):
        self.connection = http.client.HTTPConnection("127.0.0.1", gallery.port, timeout=60)
        self.connection.request("GET", "/events")
        self.answer = self.connection.getresponse()
        assert self.answer.headers["content-type"] == "text/event-stream"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def next(self):
        """The data of the next event."""
        name = None
        while True:
            line = self.answer.readline().decode().rstrip("\n")
            if line.startswith("event: "):
                name = line[7:]
            if line.startswith("data: "):
                assert name == "change"
                return json.loads(line[6:])


class Gallery:
    def __init__(self, folder, name="harbour", parent="base"):
        self.folder, self.name = os.path.join(folder, name), name
        self.write("theme.lua", MANIFEST.format(name, parent))
        self.write("tokens.css", ":root { --accent: light-dark(#0b6470, #7fd6e0); }\n")
        self.process = None

    def write(self, path, text):
        """As an editor saves: beside it, then in its place."""
        whole = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole + "~", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(whole + "~", whole)

    def remove(self, path):
        os.unlink(os.path.join(self.folder, path))

    def __enter__(self):
        self.process = subprocess.Popen([PROGRAM, "theme", "dev", self.folder, "--port", "0"], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if not found:
            self.process.kill()
            raise AssertionError(line + self.process.communicate()[1])
        self.port = int(found.group(1))
        self.url = f"http://127.0.0.1:{self.port}/"
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, by=signal.SIGINT):
        """Ctrl-C; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        try:
            self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
        return self.process.returncode

    def get(self, path, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=headers)
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def page(self, page, case, **more):
        return self.get(f"/page?page={page}&case={case}" + "".join(f"&{k}={v}" for k, v in more.items()))

    def events(self):
        return Events(self)
