# SPDX-License-Identifier: GPL-3.0-or-later
"""Visitors of the pages, and a site for them without a web server: a private MariaDB, `mailboy setup`,
`mailboy serve`. Requests go to the pool as a web server sends them, over FastCGI.

    with Site() as site:
        ada = site.sign_in("admin@example.org")
        ada.get("/domains").status

MAILBOY_BUILD names the build folder with the sanitizers (default build/debug), MAILBOY_RELEASE the
release (default build/release). mailboy.py has the site with all servers around it.
"""
import base64
import hashlib
import html.parser
import json
import os
import re
import subprocess
import urllib.parse

import fastcgi
from daemon import Folder, alive, stop_process, tail, wait_for
from mariadb import PASSWORDS, PrivateMariaDB
from nginx import Nginx

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
ADMIN = "admin@example.org"
PASSWORD = "correct horse 7 battery"


def program(kind="debug"):
    name = {"debug": "MAILBOY_BUILD", "release": "MAILBOY_RELEASE"}[kind]
    return os.path.join(os.environ.get(name) or os.path.join(ROOT, "build", kind), "mailboy")


def routes():
    """The rows of core/pages/routes.def: {name: (pattern, see, change)}."""
    with open(os.path.join(ROOT, "core", "pages", "routes.def"), encoding="utf-8") as file:
        rows = re.findall(r'^ROUTE\("([^"]+)",\s*"([^"]+)",\s*(\w+),\s*\w+,\s*(\w+)', file.read(), re.M)
    return {name: (pattern, see, change) for name, pattern, see, change in rows}


def bulks():
    """The rows of core/actions/bulk.def: [(kind, action, the fields that it asks for)]."""
    with open(os.path.join(ROOT, "core", "actions", "bulk.def"), encoding="utf-8") as file:
        text = file.read()
    kinds = dict(re.findall(r'^NOUN\((\w+),\s*"(\w+)"', text, re.M))
    rows = re.findall(r'^BULK\((\w+),\s*"([\w-]+)",\s*\w+,\s*(NULL|"[\w ]+"),\s*(NULL|"\w+")', text, re.M)
    assert len(rows) == text.count("\nBULK(")
    return [(kinds[noun], action, field.strip('"').split() if field != "NULL" and value == "NULL" else []) for noun, action, field, value in rows]


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        return next((v for k, v in self.headers if k == name.lower()), None)

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def location(self):
        return self.header("location")

    def forms(self):
        reader = Forms()
        reader.feed(self.text)
        return reader.forms

    def form(self, action=None):
        """The first form that posts (but the undo of what was just done), or the one to `action` (a path without query)."""
        posts = [f for f in self.forms() if f.method == "post" and not re.search(r"/logout$|/audit/\d+/undo\?", f.action)]
        found = [f for f in posts if action is None or f.action.partition("?")[0] == action]
        assert found, f"no form {action}: {[f.action for f in self.forms()]}"
        return found[0]

    def __repr__(self):
        return f"<{self.status} {self.location or ''} {self.body[:300]!r}>"


class Form:
    def __init__(self, action, method):
        self.action, self.method, self.fields = action, method, {}
        self.several = {}   # name -> all values


class Forms(html.parser.HTMLParser):
    """The forms of a page with the values that a browser would send; no value of a button."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self.inside = None

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "form":
            self.inside = Form(a.get("action", ""), a.get("method", "get").lower())
            self.forms.append(self.inside)
        elif self.inside is not None and tag == "input" and a.get("name"):
            if a.get("type") not in ("checkbox", "radio") or "checked" in a:
                self.inside.fields[a["name"]] = a.get("value") or ""
                self.inside.several.setdefault(a["name"], []).append(a.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = None


class Visitor:
    """Keeps the cookie and sends what browsers send."""

    def __init__(self, site, remote="192.0.2.1", **params):
        self.site, self.remote, self.params = site, remote, params
        self.cookies = {}
        self._token = None

    def request(self, method, path, body=b"", content_type=None, accept="text/html", origin=None,
                timeout=60, raw_path=False, **params):
        """params: FastCGI parameters; None takes one away."""
        path = path if raw_path else self.site.prefix + path
        values = {"REQUEST_METHOD": method, "REQUEST_URI": path, "QUERY_STRING": path.partition("?")[2],
                  "HTTP_HOST": "localhost", "REMOTE_ADDR": self.remote, "HTTP_ACCEPT": accept,
                  "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_USER_AGENT": "Mozilla/5.0 (test)",
                  "CONTENT_TYPE": content_type, "HTTP_ORIGIN": origin, **self.params}
        if self.cookies:
            values["HTTP_COOKIE"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        values.update(params)
        values = {k: v for k, v in values.items() if v is not None}
        answer = Answer(*fastcgi.request(self.site.socket, values, body, timeout))
        for name, value in answer.headers:
            if name == "set-cookie":
                self._keep(value)
        return answer

    def _keep(self, header):
        pair, _, rest = header.partition(";")
        name, _, value = pair.partition("=")
        if "max-age=0" in rest.lower():
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value

    def get(self, path, json=False, **params):
        return self.request("GET", path, accept="application/json" if json else "text/html", **params)

    def post(self, path, fields=None, token=True, operation=None, json=False, origin="http://localhost",
             **params):
        """A form, as a browser sends it. token: True for this session's own, None for none, or a text."""
        fields = dict(fields or {})
        if token is True:
            token = self.token if self.cookies else None
        if token is not None:
            fields["token"] = token
        if operation is not None:
            fields["operation"] = operation
        params.setdefault("content_type", "application/x-www-form-urlencoded")
        return self.request("POST", path, urllib.parse.urlencode(fields, doseq=True).encode(), origin=origin,
                            accept="application/json" if json else "text/html", **params)

    def post_json(self, path, members=None, token=True, **params):
        if token is True:
            token = self.token if self.cookies else None
        return self.request("POST", path, json.dumps(members or {}).encode(), content_type="application/json",
                            accept="application/json", HTTP_MAILBOY_TOKEN=token, **params)

    @property
    def token(self):
        """The form token of this session (any of its masked forms will do)."""
        if self._token is None:
            self._token = self.get("/me", json=True).json["token"]
        return self._token

    def sign_in(self, email, password=PASSWORD):
        self._token = None
        return self.post("/login", {"email": email, "password": password}, token=None)


class Site:
    """options: of mailboy.conf. The database is its own unless one is given."""
    render_wall = "8s"   # the tests' machine may be busy: processor time ends what takes long

    def __init__(self, prefix="", kind="debug", database=None, **options):
        self.prefix = prefix
        self.program = program(kind)
        self.folder = Folder("vs")
        self.socket = self.folder / "fcgi"
        self.log = self.folder / "log"
        self.config = self.folder / "mailboy.conf"
        self.own_database = database is None
        self.db = database or PrivateMariaDB()
        self.options = {"listen": self.socket, "workers": 2, "mailboy_root": prefix, "insecure_http": "on",
                        "hosts": "localhost 127.0.0.1", "themes_dir": self.folder / "themes", "assets_dir": self.folder / "assets",
                        "render_wall": self.render_wall,
                        "user": "nobody" if os.geteuid() == 0 else "",
                        "socket_group": "www-data" if os.geteuid() == 0 else "",
                        "database_password": PASSWORDS["mailadmin"],
                        **{f"{name}_password": PASSWORDS[name] for name in PASSWORDS if name != "mailadmin"},
                        **options}
        self.process = None
        self.visitors = 0

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        try:
            if self.own_database:
                self.db.start()
                os.chmod(self.db.directory, 0o755)
            os.makedirs(self.options["themes_dir"], exist_ok=True)
            self.configure()
            self.run("setup", "--socket", self.db.socket, "--admin", ADMIN, "--password-stdin",
                     input=PASSWORD + "\n", check=True)
            self.serve()
        except BaseException:
            self.stop()
            raise
        return self

    def configure(self, **changed):
        self.options.update(changed, database_socket=self.db.socket)
        with open(self.config, "w", encoding="utf-8") as file:
            file.writelines(f"{k} = {v}\n" for k, v in self.options.items() if v != "")
        os.chmod(self.config, 0o600)

    def run(self, *words, input="", check=False, as_=None, timeout=120):
        """The command line: subprocess.CompletedProcess with text."""
        actor = ["--as", as_] if as_ else []
        config = [] if "--config" in words else ["--config", self.config]
        done = subprocess.run([self.program, *words, *actor, *config], input=input, text=True,
                              capture_output=True, timeout=timeout, check=False)
        assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr
        assert not check or done.returncode == 0, f"{words}: {done.returncode} {done.stdout} {done.stderr}"
        return done

    def serve(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.program, "serve", "--config", self.config], stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL)
        wait_for(self.is_up, lambda: "mailboy serve does not answer:\n" + tail(self.log, 60))
        return self

    def is_up(self):
        assert self.process.poll() is None, "mailboy serve ended:\n" + tail(self.log, 60)
        try:
            return self.visitor().get("/login").status in (200, 503)
        except (OSError, fastcgi.Closed):
            return False

    def end(self):
        """Ends the pool; its exit status."""
        if self.process is None:
            return None
        status, self.process = stop_process(self.process), None
        return status

    def stop(self):
        self.end()
        if self.own_database:
            self.db.stop()
        log = self.log_text() if os.path.exists(self.log) else ""
        self.folder.remove()
        assert "Sanitizer" not in log and "runtime error" not in log, log[-6000:]
        assert "contract: " not in log, [line for line in log.splitlines() if "contract: " in line][:40]

    def log_text(self):
        with open(self.log, errors="surrogateescape", encoding="utf-8") as file:
            return file.read()

    def pids(self):
        """All processes of the pool."""
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            try:
                with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
                    waiting += [int(child) for child in file.read().split()]
            except OSError:
                continue
            if alive(pid):
                found.append(pid)
        return found

    def named(self, name):
        """Those of them with that name: worker, renderer, zygote ..."""
        found = []
        for pid in self.pids():
            try:
                with open(f"/proc/{pid}/comm", encoding="ascii") as file:
                    if file.read().strip() == name:
                        found.append(pid)
            except (FileNotFoundError, ProcessLookupError):   # a renderer that was being replaced
                pass
        return found

    # --- visitors ---

    def visitor(self, **params):
        """Somebody from an address of his own, so that one test's failures throttle no other's."""
        self.visitors += 1
        n = self.visitors
        return Visitor(self, f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}", **params)

    def sign_in(self, email=ADMIN, password=PASSWORD, **params):
        visitor = self.visitor(**params)
        answer = visitor.sign_in(email, password)
        assert answer.status == 303, answer
        return visitor

    def nginx(self, **options):
        return Nginx("unix:" + self.socket, prefix=self.prefix, **options)

    # --- the database, as root ---

    def sql(self, statement, *values):
        """Rows of a statement, or how many rows it changed."""
        with self.db.connect(db="mailboy") as connection, connection.cursor() as cursor:
            changed = cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else changed

    def one(self, statement, *values):
        return self.sql(statement, *values)[0][0]

    def make_domain(self, name, description=""):
        self.sql("INSERT INTO virtual_domains (name, description) VALUES (%s, %s)", name, description)
        return self.one("SELECT id FROM virtual_domains WHERE name = %s", name)

    def make_mailbox(self, email, level=0, active=1, administers=(), name=""):
        """An account with the admin's password, whose hash is copied: hashing takes its time."""
        local, _, domain = email.partition("@")
        stored = self.one("SELECT password FROM virtual_users WHERE email = %s", ADMIN)
        self.sql("INSERT INTO virtual_users (domain_id, user, password, active, name)"
                 " SELECT id, %s, %s, %s, %s FROM virtual_domains WHERE name = %s", local, stored, active, name, domain)
        made = self.one("SELECT id FROM virtual_users WHERE email = %s", email)
        if level:
            self.sql("UPDATE virtual_users SET admin = %s WHERE id = %s", level, made)
        for other in administers:
            self.sql("INSERT INTO domain_admins (user_id, domain_id) SELECT %s, id FROM virtual_domains"
                     " WHERE name = %s", made, other)
        return made

    def make_link(self, email, secret=None):
        """What stands in a one-time link to that account, made by the console."""
        secret = secret or os.urandom(32)
        self.sql("INSERT INTO invite (token_hash, user_id, expires) SELECT %s, id, UTC_TIMESTAMP() + INTERVAL 1 HOUR FROM virtual_users"
                 " WHERE email = %s ON DUPLICATE KEY UPDATE token_hash = VALUES(token_hash), maker_id = NULL,"
                 " expires = VALUES(expires)", hashlib.sha256(secret).digest(), email)
        return base64.urlsafe_b64encode(secret).decode().rstrip("=")
