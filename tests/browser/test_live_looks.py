# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page of the running site, as each role: axe-core in light and dark, wide and narrow; and what it weighs
with nginx before it as conf/nginx ships it. Needs the packages that package-lock.json names (npm ci)."""
import http.client
import json
import re
import subprocess
import urllib.parse
from pathlib import Path

import pytest
from mailboy import Site
from visitor import routes

HERE = Path(__file__).resolve().parent
PASSWORD = "seven green bottles 7"
PLACES = {"{domain}": "here.example", "{mailbox}": "ada", "{account}": "2", "{theme}": "base", "{alias}": "1",
          "{relay}": "relay.example", "{policy}": "1", "{client}": "1", "{sender}": "1"}
ROLES = ["nobody", "admin", "boss", "ada"]

pytestmark = pytest.mark.skipif(not (HERE / "node_modules/puppeteer-core").is_dir(),
                                reason="npm ci --prefix tests/browser was not run")


class Someone:
    """Signed in through nginx; knows which pages there are for him."""

    def __init__(self, site, email=None, password=None):
        self.host = urllib.parse.urlsplit(site.url).netloc
        self.cookie = ""
        self.cookie = self.sign_in(email, password) if email else ""
        entries = site.run("audit", "list", "--json").stdout.splitlines()
        self.entry = str(next(json.loads(line)["id"] for line in entries if "mailbox.edit" in line))
        seen = {}
        for path in self.paths():
            seen.setdefault(self.ask("GET", path)[0], []).append(f"http://{self.host}{path}")
        self.urls = seen[200] + [urls[0] for status, urls in seen.items() if status in (403, 404)]

    def ask(self, method, path, body=None):
        client = http.client.HTTPConnection(self.host, timeout=20)
        headers = {"Cookie": self.cookie, "Origin": f"http://{self.host}"} if self.cookie else {}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}"}
        client.request(method, path, body, headers)
        answer = client.getresponse()
        answer.read()
        client.close()
        return answer.status, answer.getheader("Set-Cookie")

    def sign_in(self, email, password):
        status, cookie = self.ask("POST", "/login", urllib.parse.urlencode({"email": email, "password": password}))
        assert status == 303
        return cookie.partition(";")[0]

    def paths(self):
        for name, (path, _, _) in routes().items():
            for word, value in {**PLACES, "{entry}": self.entry}.items():
                path = path.replace(word, value)
            if name != "logout" or self.cookie:
                yield path
        yield "/nothing-here"
        yield "/domains/empty.example/mailboxes"
        yield "/domains/here.example/mailboxes?q=none"


@pytest.fixture(scope="module")
def people():
    with Site(release=True) as site:
        for name in ("here.example", "empty.example", "b\u00fccher.example"):
            site.run("domain", "add", name)
        site.run("mailbox", "add", "ada@here.example", "--name", "Ada Lovelace", "--password-stdin", "--quota", "1 GB",
                 input=PASSWORD + "\n")
        site.run("mailbox", "add", "boss@here.example", "--password-stdin", input=PASSWORD + "\n")
        site.run("admin", "add", "boss@here.example", "--domain", "here.example")
        site.run("admin", "add", "boss@here.example", "--domain", "empty.example")
        with site.db.connect(db="mailboy") as rows, rows.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO virtual_users (domain_id, user, password, active, name, quota_kb) SELECT id, %s, '!', %s,"
                " %s, 2048 FROM virtual_domains WHERE name = 'here.example'",
                [(f"person.{n:02}", n % 2, "Somebody Else" if n % 3 else "") for n in range(70)])
            cursor.execute("INSERT INTO quota2 (username, bytes, messages) SELECT email, 1048576 * (1 + id %% 2), id"
                           " FROM virtual_users WHERE user LIKE 'person%%'", ())
            cursor.execute("INSERT INTO virtual_aliases (domain_id, source, destination) SELECT id, 'sales', 'ada@here.example'"
                           " FROM virtual_domains WHERE name = 'here.example'")
            cursor.execute("INSERT INTO relay_domains (domain) VALUES ('relay.example')")
            cursor.execute("INSERT INTO ip_access (ip, state) VALUES ('mx.elsewhere.example', 'REJECT')")
            cursor.execute("INSERT INTO domain_access (domain, state) VALUES ('elsewhere.example', 'REJECT')")
        site.run("mailbox", "edit", "ada@here.example", "--name", "Ada, Countess of Lovelace")   # can be undone
        yield {"nobody": Someone(site), "admin": Someone(site, site.admin, site.password),
               "boss": Someone(site, "boss@here.example", PASSWORD), "ada": Someone(site, "ada@here.example", PASSWORD)}


def node(script, person, *options):
    cookie = ["--cookie", person.cookie] if person.cookie else []
    done = subprocess.run(["node", HERE / script, *cookie, *options, *person.urls], capture_output=True, text=True,
                          timeout=600, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.mark.parametrize("role", ROLES)
def test_accessible(people, role):
    """Each width and each scheme; all four pairs are tried on invented models (test_ui_pages.py)."""
    found, said = node("axe.mjs", people[role], "--looks", "1280:light,320:dark")
    assert len(found) == 2 * len(people[role].urls), said
    wrong = [{key: one[key] for key in ("page", "look", "sideways", "twice", "h1", "violations")} |
             {"console": one["console"]} for one in found
             if not one["ok"] and (one["violations"] or one["sideways"] > 0 or one["twice"] or one["h1"] != 1
                                   or [word for word in one["console"] if not re.search("status of 40[34]", word)])]
    assert wrong == []


@pytest.mark.parametrize("role", ["nobody", "admin", "ada"])
def test_weight(people, role):
    """25 KB with an empty cache, 10 KB with a full one, 4 requests (the tab's icon aside, which no page waits for)."""
    found, said = node("weigh.mjs", people[role])
    assert len(found) == len(people[role].urls), said
    assert [one for one in found if one["cold"]["bytes"] > 25 * 1024 or one["warm"]["bytes"] > 10 * 1024
            or one["cold"]["requests"] > 4] == []
    print(role, "cold", max(one["cold"]["bytes"] for one in found), "warm", max(one["warm"]["bytes"] for one in found))


def test_every_page_was_looked_at(people):
    """All routes but the two that only post or lead on are a page for somebody."""
    assert len(people["admin"].urls) >= len(routes()) + 2
    assert len(people["ada"].urls) >= 3 and len(people["nobody"].urls) >= 1
