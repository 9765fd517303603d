# SPDX-License-Identifier: GPL-3.0-or-later
"""What strangers, other sites, thieves of cookies and colleagues try: forged requests, guesses, lost sessions."""
import hashlib
import base64
import os
import re
import statistics
import subprocess
import threading
import time

import pytest

from visitor import ADMIN, PASSWORD, ROOT, Site, bulks, routes

NEW_PASSWORD = "some other pass phrase"


ALIASES = {}   # the number of each domain's alias
OTHERS = {"{relay}": "relay.example"}   # what stands in a path for things of no domain


@pytest.fixture(scope="module")
def people(site):
    """Two domains with a domain admin, a user and server admins."""
    for name in ("one.example", "two.example"):
        site.make_domain(name)
    made = {"ann": site.make_mailbox("ann@one.example", administers=("one.example",)),
            "uwe": site.make_mailbox("uwe@one.example"), "eve": site.make_mailbox("eve@two.example"),
            "sid": site.make_mailbox("sid@two.example", level=1), "sue": site.make_mailbox("sue@two.example", level=1),
            "off": site.make_mailbox("off@one.example", active=0)}
    for domain in ("one.example", "two.example"):
        site.sql("INSERT INTO virtual_aliases (domain_id, source, destination) SELECT id, 'sales', 'x@elsewhere.example'"
                 " FROM virtual_domains WHERE name = %s", domain)
        ALIASES[domain] = str(site.one("SELECT id FROM virtual_aliases WHERE email = %s", f"sales@{domain}"))
    site.sql("INSERT INTO relay_domains (domain, recipients) VALUES ('relay.example', 'list')")
    site.sql("INSERT INTO relay_recipients (relay_domain_id, user) SELECT id, 'seed' FROM relay_domains WHERE domain = 'relay.example'")
    for number, insert in (("{policy}", "policies (policy_name) VALUES ('A policy')"), ("{client}", "ip_access (ip, state) VALUES ('mx.example', 'REJECT')"),
                           ("{sender}", "domain_access (domain, state) VALUES ('sender.example', 'REJECT')")):
        site.sql("INSERT INTO " + insert)
        OTHERS[number] = str(site.one(f"SELECT MAX(id) FROM {insert.split()[0]}"))
    return made


def path_of(name, domain="one.example", mailbox="uwe"):
    path = routes()[name][0]
    for part, thing in {"{domain}": domain, "{mailbox}": mailbox, "{entry}": "1", "{account}": "2", "{theme}": "base", "{token}": "A" * 43,
                        "{alias}": ALIASES.get(domain, "987654321"), **OTHERS}.items():
        path = path.replace(part, thing)
    assert "{" not in path, f"what stands for it? {path}"
    return path


def valid_fields(name):
    """A change that would be done."""
    chosen = {"policy": OTHERS["{policy}"]}
    return {"login": {"email": "uwe@one.example", "password": PASSWORD}, "domains.new": {"name": "forged.example"},
            "domains.edit": {"description": "forged", "version": 1}, "domains.delete": {"name": "one.example"},
            "domains.admins": {"address": "uwe@one.example"}, "domains.admins.remove": {"address": "ann@one.example"},
            "domains.policy": chosen, "mailboxes.spam": chosen, "me.spam": chosen,
            "mailboxes.new": {"local_part": "forged", "password": NEW_PASSWORD}, "mailboxes.edit": {"name": "Forged", "version": 1},
            "mailboxes.password": {"password": NEW_PASSWORD}, "mailboxes.invite": {}, "mailboxes.invite.withdraw": {}, "mailboxes.delete": {"version": 1},
            "invite": {"password": NEW_PASSWORD},
            "aliases.new": {"source": "forged", "destinations": "x@elsewhere.example"}, "aliases.edit": {"description": "Forged", "version": 1},
            "aliases.delete": {"version": 1},
            "relays.new": {"domain": "forged.example"}, "relays.edit": {"description": "Forged", "version": 1}, "relays.delete": {},
            "relays.recipients": {"addresses": "forged"}, "relays.recipients.remove": {"address": "seed"},
            "lists.new": {"kind": "sender", "entry": "forged.example", "state": "OK"},
            "lists.paste": {"kind": "sender", "state": "OK", "lines": "forged.example"},
            "lists.clients.edit": {"comment": "Forged", "version": 1}, "lists.clients.delete": {},
            "lists.senders.edit": {"comment": "Forged", "version": 1}, "lists.senders.delete": {},
            "policies.new": {"name": "Forged"}, "policies.edit": {"description": "Forged", "version": 1}, "policies.delete": {},
            "me.password": {"current": PASSWORD, "password": NEW_PASSWORD}, "me.appearance": {"language": "fr"}, "logout": {},
            "bulk.run": {"kind": "mailboxes", "action": "disable", "id": "2"}, "audit.undo": {},
            "admins.new": {"address": "uwe@one.example", "domain": "two.example"}, "admins.remove": {"version": 1}, "admins.sessions": {},
            "themes.settings": {}, "themes.preview": {"on": "1"}, "themes.activate": {}, "themes.retry": {}}[name]


POSTS = [name for name, (_, _, change) in routes().items() if change != "NOTHING"]
TABLES = ("virtual_domains", "virtual_users", "virtual_aliases", "domain_admins", "site", "operation", "domain_counts", "relay_domains",
          "relay_recipients", "ip_access", "domain_access", "policies")


def state(site):
    sums = site.sql("CHECKSUM TABLE " + ", ".join(TABLES))
    return sums, site.sql("SELECT token_hash, user_id FROM session ORDER BY token_hash")


# --- C1: forged requests ---

FORGERIES = {
    "no token": {"token": None}, "empty token": {"token": ""}, "false token": {"token": "A" * 86},
    "token of the other": {"token": "other"}, "cross origin": {"origin": "https://evil.example"},
    "origin null": {"origin": "null"}, "other scheme": {"origin": "https://localhost"},
    "other port": {"origin": "http://localhost:81"}, "prefix of host": {"origin": "http://localhost.evil.example"},
    "fetch cross-site": {"origin": None, "HTTP_SEC_FETCH_SITE": "cross-site"},
    "fetch same-site": {"origin": None, "HTTP_SEC_FETCH_SITE": "same-site"},
    "fetch cross-site, own origin": {"HTTP_SEC_FETCH_SITE": "cross-site"},
    "fetch unknown word": {"HTTP_SEC_FETCH_SITE": "Same-Origin"},
}


@pytest.mark.parametrize("name", POSTS)
def test_forged_changes_are_refused(site, people, name):
    admin, other = site.sign_in(), site.sign_in("sid@two.example")
    before = state(site)
    for what, forged in FORGERIES.items():
        forged = dict(forged)
        if forged.get("token") == "other":
            forged["token"] = other.token
        for json in (False, True):
            answer = admin.post(path_of(name), valid_fields(name), json=json, operation="op", **forged)
            assert answer.status == 403, (name, what, answer)
        forged.pop("origin", None)
        origin = FORGERIES[what].get("origin", "http://localhost")
        answer = admin.post_json(path_of(name), valid_fields(name), origin=origin, **forged)
        assert answer.status == 403, (name, what, answer)
    assert state(site) == before


def several(site, people, kind, action, asked, mailbox="uwe", domain="one.example"):
    """A change of several things that would be done, of the one that there is."""
    relay = site.one("SELECT id FROM relay_domains WHERE domain = 'relay.example'")
    ids = {"mailboxes": people[mailbox], "aliases": ALIASES[domain], "relays": relay, "clients": OTHERS["{client}"], "senders": OTHERS["{sender}"],
           "domains": site.one("SELECT id FROM virtual_domains WHERE name = %s", domain), "policies": OTHERS["{policy}"]}
    typed = {"quota": "1 GB", "policy": OTHERS["{policy}"], "address": "uwe@one.example", "limit_mailboxes": "7"}
    return {"kind": kind, "action": action, "id": str(ids[kind]), **{field: typed[field] for field in asked if field in typed}}


def query_of(fields):
    return "&".join(f"{k}={v}".replace(" ", "+") for k, v in fields.items())


def test_forged_changes_of_several_are_refused(site, people):
    admin = site.sign_in()
    before = state(site)
    for row in bulks():
        fields = several(site, people, *row)
        would = admin.get("/bulk/preview?" + query_of(fields), json=True).json
        (thing,) = would["rows"] + would["skipped"]
        assert thing["label"] != "#" + fields["id"], "it is there"
        for what in ("no token", "token of the other", "cross origin"):
            forged = {"token": "A" * 86} if what == "token of the other" else FORGERIES[what]
            for json in (False, True):
                assert admin.post("/bulk", fields, json=json, **forged).status == 403, (row, what)
    assert state(site) == before


def test_several_foreign_things_look_like_missing(site, people):
    ann = site.sign_in("ann@one.example")
    before = state(site)
    for row in bulks():
        foreign = several(site, people, *row, mailbox="eve", domain="two.example")
        missing = {**foreign, "id": "987654321"}
        said, statuses = [], []
        for fields in (foreign, missing):
            would = ann.get("/bulk/preview?" + query_of(fields), json=True).json
            thing = would["skipped"].pop()
            assert (thing.pop("id"), thing.pop("label")) == (int(fields["id"]), "#" + fields["id"]), (row, thing)
            said.append((would, thing))
            statuses.append(ann.post("/bulk", fields).status)
        assert said[0] == said[1] and statuses[0] == statuses[1] >= 400, (row, said, statuses)
    assert state(site) == before


def test_forged_sign_in_is_refused(site, people):
    """Without a session there is no token: where it comes from decides."""
    for what, forged in FORGERIES.items():
        if "token" not in forged:
            visitor = site.visitor()
            answer = visitor.post("/login", valid_fields("login"), token=None, **forged)
            assert answer.status == 403 and not visitor.cookies, (what, answer)


@pytest.mark.parametrize("name", routes())
def test_get_changes_nothing(site, people, name):
    admin = site.sign_in()
    fields = valid_fields(name) if name in POSTS else {}
    query = "&".join(f"{k}={v}".replace(" ", "+") for k, v in {**fields, "token": admin.token, "operation": "get"}.items())
    before = state(site)
    for method in ("GET", "HEAD"):
        answer = admin.request(method, path_of(name) + "?" + query, b"x=1", "application/x-www-form-urlencoded")
        assert answer.status in (200, 403) or (name, answer.status) == ("invite", 410), answer
    admin.request("GET", path_of(name), HTTP_X_HTTP_METHOD_OVERRIDE="POST", HTTP_X_HTTP_METHOD="POST")
    assert state(site) == before


# --- H4: sessions ---

def digest(cookie):
    return hashlib.sha256(base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))).digest()


def test_token_is_kept_as_a_hash_only(site, people):
    visitor = site.sign_in("uwe@one.example")
    cookie = visitor.cookies["mailboy"]
    assert len(cookie) == 43
    assert site.one("SELECT COUNT(*) FROM session WHERE token_hash = %s", digest(cookie)) == 1
    raw = base64.urlsafe_b64decode(cookie + "=")
    for (table,) in site.sql("SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'") if False else [("session",), ("audit",), ("operation",), ("throttle",)]:
        for found in site.sql(f"SELECT * FROM {table}"):
            for value in found:
                stored = value if isinstance(value, bytes) else str(value).encode()
                assert cookie.encode() not in stored and raw not in stored


def test_session_is_new_at_each_sign_in(site, people):
    visitor = site.visitor()
    visitor.cookies["mailboy"] = "A" * 43   # as planted by somebody else
    assert visitor.sign_in("uwe@one.example").status == 303
    first = visitor.cookies["mailboy"]
    assert first != "A" * 43
    assert visitor.post("/login", valid_fields("login")).status == 303
    second = visitor.cookies["mailboy"]
    assert second != first
    visitor.cookies["mailboy"] = first
    assert visitor.get("/me").status == 303, "the session before is gone"


@pytest.mark.parametrize("ending", ["logout", "password", "disable", "delete", "right", "idle", "lifetime"])
def test_ended_sessions_stay_ended(site, people, ending):
    email = f"{ending}@one.example"
    site.make_mailbox(email)
    visitor, admin = site.sign_in(email), site.sign_in()
    cookie, token = dict(visitor.cookies), visitor.token
    base = f"/domains/one.example/mailboxes/{ending}"
    done = {"logout": lambda: visitor.post("/logout"),
            "password": lambda: admin.post(base + "/password", {"password": NEW_PASSWORD}),
            "disable": lambda: admin.post(base + "/edit", {"active": "0"}),
            "delete": lambda: admin.post(base + "/delete"),
            "right": lambda: admin.post("/domains/two.example/admins", {"address": email})}
    if ending in done:
        answer = done[ending]()
        assert answer.status == 303, answer
    else:
        column = "last_seen" if ending == "idle" else "expires"
        site.sql(f"UPDATE session SET {column} = UTC_TIMESTAMP() - INTERVAL 31 MINUTE WHERE token_hash = %s", digest(cookie["mailboy"]))
    visitor.cookies = cookie
    assert visitor.get("/me").status == 303
    assert visitor.get("/me", json=True).status == 403
    assert visitor.post("/me/password", {"current": PASSWORD, "password": "yet another phrase"}, token=token).status == 403


def test_cookies_that_were_never_given(site):
    visitor = site.visitor()
    for cookie in ("", "A" * 43, "A" * 5000, "../../etc", "%00", "é", "' OR 1=1 -- ", "A" * 42 + "=", "\x01"):
        assert visitor.get("/me", HTTP_COOKIE=f"mailboy={cookie}").status == 303, cookie
    assert visitor.get("/me", HTTP_COOKIE=";".join(["a=b"] * 2000)).status == 400


# --- A3: rights apply at once, on all workers ---

def on_all_workers(ask, n=6):
    """The statuses of n requests at once: more than there are workers."""
    answers, threads = [], []
    for _ in range(n):
        threads.append(threading.Thread(target=lambda: answers.append(ask().status)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return set(answers)


def test_rights_apply_at_once(site, people):
    user = people["uwe"]
    uwe = site.sign_in("uwe@one.example")
    domain = site.one("SELECT id FROM virtual_domains WHERE name = 'two.example'")
    for _ in range(5):
        assert on_all_workers(lambda: uwe.get("/domains/two.example")) == {404}
        site.sql("INSERT INTO domain_admins (user_id, domain_id) VALUES (%s, %s)", user, domain)
        assert on_all_workers(lambda: uwe.get("/domains/two.example")) == {200}
        site.sql("DELETE FROM domain_admins WHERE user_id = %s", user)
    site.sql("UPDATE virtual_users SET active = 0 WHERE id = %s", user)
    assert on_all_workers(lambda: uwe.get("/me")) == {303}
    site.sql("UPDATE virtual_users SET active = 1 WHERE id = %s", user)
    assert on_all_workers(lambda: uwe.get("/me")) == {303}, "a session that has ended does not come back"


# --- A4: what is not yours is not there ---

def without_ids(text, *names):
    text = re.sub(r'[0-9a-z]{12}(?=[<"\s])|value="[\w-]{16,}"|token=[\w-]+', "ID", text)
    for name in names:   # a short number may be part of another word
        text = re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", "NAME", text)
    return text


@pytest.mark.parametrize("json", [False, True], ids=["html", "json"])
def test_foreign_looks_like_missing(site, people, json):
    ann = site.sign_in("ann@one.example")
    entry = site.one("SELECT MAX(id) FROM audit WHERE domain_id IS NULL OR domain_id <> (SELECT id FROM virtual_domains WHERE name = 'one.example')")
    pairs = [(p, path_of(n, "two.example", "eve"), path_of(n, "none.example", "eve"))
             for n in routes() if "{domain}" in routes()[n][0] for p in ("GET", "POST") if p == "GET" or n in POSTS]
    pairs += [("GET", f"/audit/{entry}", "/audit/987654321")]
    assert len(pairs) > 20, pairs
    for method, foreign, missing in pairs:
        name = next(n for n in routes() if path_of(n, "two.example", "eve") == foreign) if "two" in foreign else None
        fields = valid_fields(name) if method == "POST" else None
        ask = (lambda path: ann.post(path, fields, json=json)) if method == "POST" else (lambda path: ann.get(path, json=json))
        a, b = ask(foreign), ask(missing)
        assert a.status == b.status == 404, (method, foreign, a, b)
        assert without_ids(a.text, "two.example", str(entry)) == without_ids(b.text, "none.example", "987654321")
        assert [k for k, _ in a.headers] == [k for k, _ in b.headers]


def work(site):
    """Processor seconds of the pool and statements of the database so far. The clock on the wall would measure what
    else this machine does."""
    seconds = 0
    for pid in site.pids():
        try:
            with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
                seconds += int(file.read().split()[0]) / 1e9
        except (FileNotFoundError, ProcessLookupError):
            continue   # a worker that has served enough
    rows = site.sql("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'")
    return seconds, int(rows[0][1])


def medians(site, asks, n):
    """Of each: median work, asked in turns; and the least statements."""
    found = [[] for _ in asks]
    for _ in range(n):
        for at, ask in zip(found, asks):
            before = work(site)
            ask()
            after = work(site)
            at.append((after[0] - before[0], after[1] - before[1]))
    return [(statistics.median(t for t, _ in at), min(n for _, n in at)) for at in found]


def alike(a, b):
    """Within 5 % or 2 ms, by as many statements."""
    return abs(a[0] - b[0]) <= max(0.002, 0.05 * max(a[0], b[0])) and a[1] == b[1]


def test_foreign_takes_as_long_as_missing(site, people):
    ann = site.sign_in("ann@one.example")
    asks = [lambda: ann.get("/domains/two.example", json=True), lambda: ann.get("/domains/none.example", json=True),
            lambda: ann.get("/domains/two.example/mailboxes/eve", json=True), lambda: ann.get("/domains/two.example/mailboxes/nobody", json=True)]
    for attempt in range(8):   # a real difference stays
        found = medians(site, asks, 30 + 10 * attempt)
        if alike(found[0], found[1]) and alike(found[2], found[3]):
            return
    pytest.fail(str(found))


# --- H1: who has an account here is not told ---

def test_sign_in_tells_nobody_apart(site, people):
    answers = []
    for email in ("uwe@one.example", "nobody@one.example", "off@one.example", "x@nowhere.example", "no address", ""):
        for json in (False, True):
            visitor = site.visitor()
            fields = {"email": email, "password": "wrong password"}
            answer = visitor.post("/login", fields, token=None, json=json)
            assert answer.status == 422 and not visitor.cookies
            answers.append((json, without_ids(answer.text, f'value="{email}"') if email else None))
    disabled = site.visitor().sign_in("off@one.example")
    assert disabled.status == 422, "right password, disabled"
    for kind in (False, True):
        assert len({text for json, text in answers if json == kind and text}) == 1


def test_sign_in_takes_as_long_for_all(site, people):
    def ask(email):
        site.sql("DELETE FROM throttle")
        assert site.visitor().post("/login", {"email": email, "password": "wrong password"}, token=None).status == 422
    site.make_mailbox("quiet@one.example")
    emails = ["quiet@one.example", "nobody@one.example", "off@one.example"]
    for attempt in range(8):   # a real difference, a whole hash, stays
        found = medians(site, [lambda e=e: ask(e) for e in emails], 12 + 6 * attempt)
        if all(alike(found[0], t) for t in found[1:]):
            return
    pytest.fail(str(found))


def test_guesses_are_slowed_down(site, people):
    site.sql("DELETE FROM throttle")
    site.make_mailbox("guessed@one.example")
    owner = site.sign_in("guessed@one.example")
    statuses = [site.visitor().post("/login", {"email": "guessed@one.example", "password": f"guess {i}"}, token=None)
                for i in range(40)]
    late = [a for a in statuses if a.status == 429]
    assert late and {a.status for a in statuses} == {422, 429}
    assert int(late[-1].header("retry-after")) > 0
    assert owner.get("/me").status == 200
    assert Visitor_from(site, owner.remote).sign_in("guessed@one.example").status == 303, "not from where the owner is"
    site.sql("DELETE FROM throttle")


def Visitor_from(site, remote):
    visitor = site.visitor()
    visitor.remote = remote
    return visitor


# --- A2, A5: the super admin ---

def test_super_admin_by_every_way(site, people):
    top = site.one("SELECT id FROM virtual_users WHERE email = %s", ADMIN)
    site.make_mailbox("deputy@example.org", administers=("example.org",))
    for who in ("sid@two.example", "deputy@example.org", "uwe@one.example"):
        visitor = site.sign_in(who)
        kept = site.sql("SELECT * FROM virtual_users WHERE id = %s", top), site.sql("SELECT COUNT(*) FROM session WHERE user_id = %s", top)
        base = "/domains/example.org/mailboxes/admin"
        for path, fields in ((base + "/edit", {"name": "x"}), (base + "/edit", {"active": "0"}), (base + "/edit", {"quota": "1 MB"}),
                             (base + "/password", {"password": NEW_PASSWORD}), (base + "/password", {"generate": "1"}), (base + "/delete", {}),
                             ("/domains/example.org/edit", {"name": "other.example", "version": 1}), ("/domains/example.org/delete", {"name": "example.org"}),
                             ("/domains/example.org/admins", {"address": ADMIN}), ("/domains/two.example/admins", {"address": ADMIN}),
                             ("/domains/example.org/admins/remove", {"address": ADMIN})):
            for json in (False, True):
                answer = visitor.post(path, fields, json=json)
                renames = who.startswith("deputy") and "name" in fields and path.endswith("example.org/edit")
                assert answer.status in (403, 404) or renames, (who, path, answer)
        for words in (["mailbox", "disable", ADMIN], ["mailbox", "delete", ADMIN, "--yes"], ["mailbox", "password", ADMIN, "--generate"],
                      ["admin", "delete", ADMIN, "--super", "--yes"], ["admin", "delete", ADMIN, "--yes"], ["domain", "delete", "example.org", "--yes"]):
            assert site.run(*words, as_=who).returncode in (66, 77), (who, words)
        assert kept == (site.sql("SELECT * FROM virtual_users WHERE id = %s", top), site.sql("SELECT COUNT(*) FROM session WHERE user_id = %s", top))
        assert site.one("SELECT name FROM virtual_domains WHERE id = (SELECT domain_id FROM virtual_users WHERE id = %s)", top) == "example.org"
    for words in (["mailbox", "disable", ADMIN], ["mailbox", "delete", ADMIN, "--yes"], ["domain", "delete", "example.org", "--yes"],
                  ["admin", "delete", ADMIN, "--super", "--yes"]):
        assert site.run(*words).returncode == 77, f"not even the console: {words}"
    own = site.sign_in()
    for path, fields in (("/edit", {"active": "0"}), ("/delete", {})):
        assert own.post("/domains/example.org/mailboxes/admin" + path, fields).status == 403


def test_races_leave_a_super_admin(site, people):
    """Two at once take the right from one another; a domain is deleted while somebody in it is made super."""
    for _ in range(4):
        site.make_mailbox("second@one.example", level=2)
        runs = [subprocess.Popen([site.program, "admin", "delete", who, "--super", "--yes", "--config", site.config],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for who in (ADMIN, "second@one.example")]
        ends = [run.wait(30) for run in runs]
        left = site.one("SELECT COUNT(*) FROM virtual_users WHERE admin = 2")
        assert left >= 1 and sorted(ends)[0] == 0 and left == 2 - ends.count(0), ends
        site.sql("UPDATE virtual_users SET admin = 2 WHERE email = %s", ADMIN)
        site.sql("UPDATE virtual_users SET admin = 0 WHERE email = 'second@one.example'")
        site.sql("DELETE FROM virtual_users WHERE email = 'second@one.example'")
    sid = site.sign_in("sid@two.example")
    for i in range(4):
        name = f"race{i}.example"
        site.make_domain(name)
        site.make_mailbox(f"rising@{name}")
        rise = subprocess.Popen([site.program, "admin", "add", f"rising@{name}", "--super", "--config", site.config],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.02 * i)
        status = sid.post(f"/domains/{name}/delete", {"name": name}).status
        rose = rise.wait(30)
        there = site.sql("SELECT admin FROM virtual_users WHERE email = %s", f"rising@{name}")
        assert (status, rose, there) in [(303, 66, ()), (303, 73, ()), (403, 0, ((2,),))], (status, rose, there)
        if there:
            site.sql("UPDATE virtual_users SET admin = 0 WHERE email = %s", f"rising@{name}")


# --- X3: the policy of every answer ---

def test_every_answer_has_the_policy(site, people):
    admin, nobody = site.sign_in(), site.visitor()
    answers = [v.get(path_of(n), json=j) for n in routes() for v in (admin, nobody) for j in (False, True)]
    answers += [admin.get("/none"), admin.request("PUT", "/domains"), admin.post("/domains/new", {"name": "x"}), admin.post("/domains/new", {}, token=None),
                admin.post("/domains/new", {"name": "one.example"}), admin.get("/login", HTTP_HOST="evil"), admin.get("/?%"),
                admin.post("/domains/new", {"name": "x" * 1100000}, token="x"), nobody.sign_in("x"), nobody.post("/domains/new", {})]
    assert {a.status for a in answers} >= {200, 303, 400, 403, 404, 405, 409, 413, 421, 422}
    for answer in answers:
        policies = [v for k, v in answer.headers if k == "content-security-policy"]
        assert len(policies) == 1, answer
        parts = dict((p.split()[0], p.split()[1:]) for p in policies[0].split("; "))
        assert parts["default-src"] == ["'none'"] and parts["base-uri"] == ["'none'"] and parts["frame-ancestors"] == ["'none'"]
        assert parts["script-src"] == parts["style-src"] == parts["form-action"] == ["'self'"]
        assert "unsafe" not in policies[0] and "http" not in policies[0] and "*" not in policies[0]
        assert answer.header("referrer-policy") in ("same-origin", "strict-origin"), answer   # a secret path: test_invite.py
        for header, value in (("x-content-type-options", "nosniff"), ("cache-control", "no-store"),
                              ("cross-origin-opener-policy", "same-origin"), ("cross-origin-resource-policy", "same-origin")):
            assert answer.header(header) == value, (header, answer)
        assert answer.header("permissions-policy") and not answer.header("server") and not answer.header("x-powered-by")
        assert not re.search(r" on\w+=| style=|<style|<script(?! src=)|javascript:", answer.text), answer


# --- where the log-in leads ---

@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/%0d%0aX: y",
                                   "/\r\nX: y", "@evil", "/none", "/login", "/domains/../..//evil", "\\\\evil"])
def test_sign_in_leads_nowhere_else(site, people, next_):
    from urllib.parse import quote
    visitor = site.visitor()
    answer = visitor.post("/login?next=" + quote(next_), {"email": "uwe@one.example", "password": PASSWORD}, token=None)
    assert answer.status == 303 and answer.location == "/", answer
    good = site.visitor().post("/login?next=/me/password", {"email": "uwe@one.example", "password": PASSWORD}, token=None)
    assert good.location == "/me/password"


# --- O3, O4: logs ---

def test_logs_hold_no_secret_and_one_line_each(site, people):
    hostile = "x@one.example\n2026 error forged: line\r\x1b[31m\xff\u2028"
    agent = "agent\x07\x1b]0;title\x07\n error forged"
    for visitor in (site.visitor(), site.sign_in("uwe@one.example")):
        visitor.post("/login", {"email": hostile, "password": "pa55word-in-the-clear"}, HTTP_USER_AGENT=agent)
        visitor.request("GET", "/" + "%0a%1b[31m" + "A" * 1500, HTTP_USER_AGENT=agent)
        visitor.get("/me", HTTP_COOKIE="mailboy=x%0aforged", HTTP_X_FORWARDED_FOR="1.2.3.4\nforged")
    made = site.sign_in().post_json("/domains/one.example/mailboxes/new", {"local_part": "secretive", "generate": True})
    visitor = site.sign_in("secretive@one.example", made.json["password"])
    site.run("mailbox", "add", "x" * 300 + "\nforged@one.example", "--no-password")
    log = site.log_text()
    for line in log.removesuffix("\n").split("\n"):
        assert re.match(r"(debug|info|warn|error) [\w ]+", line), line
        assert len(line.encode("utf-8", "surrogateescape")) <= 8192
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\udc80-\udcff]", line), ascii(line)
    assert not re.search(r"^(error|2026 error) forged", log, re.M)
    secrets = ["pa55word-in-the-clear", PASSWORD, made.json["password"], visitor.cookies["mailboy"], visitor.token, "pwmailadmin", "$argon2id$"]
    for secret in secrets:
        assert secret not in log, secret
    dump = str(site.sql("SELECT * FROM audit")) + str(site.sql("SELECT * FROM operation"))
    for secret in secrets:
        assert secret not in dump, secret


def test_processes_show_no_secret(site, people):
    visitor = site.sign_in("uwe@one.example")
    secrets = [b"pwmailadmin", visitor.cookies["mailboy"].encode(), PASSWORD.encode()]
    for pid in site.pids():
        for name in ("cmdline", "environ"):
            with open(f"/proc/{pid}/{name}", "rb") as file:
                content = file.read()
            assert not any(secret in content for secret in secrets), (pid, name)
    for path in ("/none", "/domains/none", "/audit/0"):
        for json in (False, True):
            body = visitor.get(path, json=json).body
            assert not any(secret in body for secret in secrets) and b"SELECT" not in body and b".c:" not in body


# --- P4: no shell ---

def test_no_room_starts_programs():
    build = os.environ.get("MAILBOY_BUILD") or os.path.join(ROOT, "build", "debug")
    rooms = [r for r in os.listdir(os.path.join(ROOT, "core")) if os.path.exists(os.path.join(build, f"libmb_{r}.a")) and r != "cli"]
    assert len(rooms) >= 10
    for room in rooms:
        names = subprocess.run(["nm", "-A", "--undefined-only", os.path.join(build, f"libmb_{room}.a")], capture_output=True, text=True, check=True).stdout
        for line in names.splitlines():
            called = line.split()[-1].partition("@")[0]
            starts = re.fullmatch(r"system|popen|exec[lv]\w*|fexecve|posix_spawnp?|wordexp", called)
            # the studio is a program of its own, which the pool does not hold: it shows differences by diff
            assert not starts or (room == "server" and "takeover" in line) or (room == "studio" and "compare" in line), line
