# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page of the running site keeps the contract of lua/contract: the build with sanitizers holds each view
model against it and logs where they differ. Every page of the contract is drawn at least once, as each role
that may see it."""
import os
import re
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
import visitor  # noqa: E402

PLACES = {"{domain}": "here.example", "{mailbox}": "ada", "{entry}": "1", "{account}": "2", "{theme}": "base", "{alias}": "1",
          "{relay}": "relay.example", "{policy}": "1", "{client}": "1", "{sender}": "1"}


def contract_pages():
    folder = os.path.join(ROOT, "lua", "contract")
    pages = set()
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            pages |= set(re.findall(r'^page "([^"]+)"', file.read(), re.M))
    return pages


@pytest.fixture(scope="module")
def site():
    with visitor.Site() as made:
        made.make_domain("here.example", "W" * 255)
        made.make_domain("empty.example")
        made.make_domain("xn--bcher-kva.example")
        for n in range(60):
            made.make_mailbox(f"box{n:02}@here.example", active=n % 2, name="Bo" * (n % 3))
        made.make_mailbox("ada@here.example", name="\u00e4" * 200)
        made.make_mailbox("boss@here.example", administers=("here.example", "empty.example"))
        made.make_mailbox("one@here.example", administers=("here.example",))
        made.make_mailbox("server@here.example", level=1)
        long = "l" * 62 + "@" + "d" * 60 + "." + "e" * 60 + "." + "f" * 60 + ".example"
        made.make_domain(long.partition("@")[2])
        made.make_mailbox(long)
        alias = "INSERT INTO virtual_aliases (domain_id, source, destination) SELECT id, %s, %s FROM virtual_domains WHERE name = 'here.example'"
        for destination in ("ada@here.example", "nobody@here.example", "box00@here.example", "x@elsewhere.example", "\u00fc@b.example",
                            "ada@empty.example", "server@here.example"):
            made.sql(alias, "ada", destination)
        made.sql(alias, "", "ada@here.example")
        made.sql(alias, "server", "box01@here.example")
        made.sql("INSERT INTO relay_domains (domain) VALUES ('relay.example')")
        made.sql("INSERT INTO ip_access (ip, state) VALUES ('mx.elsewhere.example', 'REJECT')")
        made.sql("INSERT INTO domain_access (domain, state) VALUES ('elsewhere.example', 'REJECT')")
        made.sql("UPDATE virtual_users SET quota_kb = 2000 WHERE email = 'ada@here.example'")
        yield made


def paths(entry):
    for pattern, see, _ in visitor.routes().values():
        path = pattern
        for word, value in {**PLACES, "{entry}": str(entry)}.items():
            path = path.replace(word, value)
        yield path


MORE = ["/domains/empty.example", "/domains/empty.example/mailboxes", "/domains/xn--bcher-kva.example",
        "/domains/here.example/mailboxes?q=box1", "/domains/here.example/mailboxes?state=off&rows=25",
        "/domains/empty.example/aliases", "/domains/here.example/aliases?state=on&kind=catchall", "/aliases?to=ada@here.example",
        "/domains/here.example/aliases/9", "/domains/here.example/aliases/8/delete", "/mailboxes?q=nobody", "/domains?q=h", "/domains?q=none", "/audit?q=x", "/nothing", "/audit/999999",
        "/domains/here.example/mailboxes/server", "/domains/here.example/mailboxes/boss"]


def drawn_pages(site, who, seen, path, answer):
    """Each page comes as HTML that a theme drew, and no other way."""
    if answer.status == 303:
        return
    found = re.search(r'data-mb-page="([^"]+)"', answer.text)
    assert found, (who, path, answer, site.log_text()[-3000:])
    seen.add(found.group(1))


def test_every_page_keeps_the_contract(site):
    """What differs is told with page and field."""
    entry = None
    seen = set()
    people = {"nobody": site.visitor(), "admin": site.sign_in(), "server": site.sign_in("server@here.example"),
              "boss": site.sign_in("boss@here.example"), "one": site.sign_in("one@here.example"),
              "ada": site.sign_in("ada@here.example")}
    admin = people["admin"]

    # changes: mistakes, a password shown once, a conflict, refusals
    def post(who, path, **fields):
        answer = people[who].post(path, fields)
        drawn_pages(site, who, seen, path, answer)
        return answer

    nobody = people["nobody"]
    nobody.request("GET", "/login", HTTP_USER_AGENT="A" * 3000)
    answer = nobody.post("/login", {"email": "x", "password": "y"}, token=None)
    drawn_pages(site, "nobody", seen, "/login", answer)
    assert post("admin", "/domains/new", name="not a domain", description="x" * 500).status == 422
    assert post("admin", "/domains/new", name="new.example", description="new").status == 303
    box = "/domains/new.example/mailboxes"
    assert post("admin", box + "/new", local_part="two words", quota="many").status == 422
    assert post("admin", box + "/new", local_part="grace", generate="1").status == 200
    form = admin.get(box + "/grace/edit").form()
    old = dict(form.fields)
    assert post("admin", box + "/grace/edit", **{**old, "name": "Grace"}).status == 303
    old["operation"] = "another"
    assert post("admin", box + "/grace/edit", **{**old, "name": "Grace H."}).status == 409
    assert post("admin", box + "/grace/password", password="short").status == 422
    assert post("admin", box + "/grace/invite").status == 200
    assert post("admin", "/domains/new.example/admins", address="nobody@nowhere.example").status == 422
    assert post("admin", "/domains/new.example/admins", address="grace@new.example").status == 303
    assert post("admin", "/domains/new.example/delete", name="wrong").status == 422
    assert post("ada", "/me/password", current="wrong", password="also wrong").status == 422
    assert post("boss", "/domains/here.example/mailboxes/server/edit", name="no").status in (403, 404)
    drawn_pages(site, "admin", seen, "/me", admin.request("POST", "/me", b""))

    MORE.append("/audit/%d/undo" % site.one("SELECT MAX(id) FROM audit WHERE action = 'mailbox.edit' AND outcome = 'done'"))
    MORE.append("/invite/" + site.make_link("one@here.example"))
    entry = site.one("SELECT MAX(id) FROM audit")
    for who, person in people.items():
        for path in [*paths(entry), *MORE, f"/audit/{entry - 3}", f"/audit/{entry - 5}"]:
            answer = person.get(path)
            assert answer.status in (200, 303, 403, 404) or (path, answer.status) == ("/invite/{token}", 410), (who, path, answer)
            drawn_pages(site, who, seen, path, answer)

    assert contract_pages() - seen == set()
    wrong = sorted({line.partition("contract: ")[2] for line in site.log_text().splitlines() if "contract: " in line})
    assert wrong == []


MODELS = '''
local contract = require("schema").contract({ { path = "x", text = [[
record "Shell" { site = text }
record "Row" { id = id, name = text { max = 3, optional = true }, state = enum { "on", "off" }, at = time }
page "p" { model = { rows = list "Row", key = secret, here = url } }
]] } })
local model = require("theme.validate").model
local slot = io.stdout   -- any userdata
local at = { seconds = 1, offset = 0, zone = "UTC" }
local function say(vm, shell) print(table.concat(model(contract, "p", vm, shell or { site = "s" }), "\\n") .. "|") end
say({ rows = { { id = 1, state = "on", at = at } }, key = slot, here = "/" })
say({ rows = { { id = 1, state = "on", at = at, more = 1 } }, key = slot, here = "/" })
say({ rows = { { id = 1, state = "gone", at = 5, name = "long" } }, key = "open", here = "/" })
say({ key = slot, here = 1 }, {})
print(table.concat(model(contract, "q", {}, {})) .. "|")
'''
SAID = """|
vm.rows[1].more: the contract's Row has no such field|
vm.key: is no secret but a string
vm.rows[1].at: is no time but a number
vm.rows[1].name: 4 is above the maximum of 3
vm.rows[1].state: 'gone' is no word of the enum|
vm.here: is no url but a number
vm.rows: is absent, and not optional
shell.site: is absent, and not optional|
the contract has no such page|
"""


def test_a_broken_promise_is_seen():
    done = subprocess.run(["lua5.4", "-"], input=MODELS, text=True, capture_output=True, check=False,
                          env={**os.environ, "LUA_PATH": os.path.join(ROOT, "lua", "?.lua")}, timeout=20)
    assert done.stdout == SAID, done.stderr
