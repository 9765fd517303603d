# SPDX-License-Identifier: GPL-3.0-or-later
"""One-time links: how they are made, where they lead, what ends them, and what strangers try with them."""
import base64
import hashlib
import json
import os
import re
import threading
import urllib.request

import pytest

from daemon import wait_for
from visitor import ADMIN, PASSWORD, Visitor

NEW_PASSWORD = "lantern over a quiet harbour"
HOST = "http://localhost"


@pytest.fixture(scope="module")
def people(site):
    for name in ("links.example", "other.example"):
        site.make_domain(name)
    for email, more in {"ann@links.example": {"administers": ("links.example",)}, "uwe@links.example": {},
                        "eve@other.example": {"administers": ("other.example",)}, "sid@other.example": {"level": 1}}.items():
        site.make_mailbox(email, **more)
    return site


def fresh(site, name):
    """An account of its own for a test."""
    email = f"{name}@links.example"
    site.make_mailbox(email)
    return email


def base(email):
    local, _, domain = email.partition("@")
    return f"/domains/{domain}/mailboxes/{local}"


def path_of(link):
    assert link.startswith(HOST + "/invite/"), link
    return link.removeprefix(HOST)


def made(maker, email):
    answer = maker.post_json(base(email) + "/invite")
    assert answer.status == 200, answer
    return path_of(answer.json["link"])


def accept(visitor, path, password=NEW_PASSWORD, **more):
    return visitor.post(path, {"password": password}, **more)


def works(site, path):
    return {site.visitor().get(path, json=json).status for json in (False, True)} == {200}


def over(site, path):
    """As any other that never was: the same words, whatever ended it."""
    made_up = "/invite/" + "A" * 43
    for ask in (lambda v, p: v.get(p, json=True), lambda v, p: v.post_json(p, {"password": NEW_PASSWORD})):
        a, b = ask(site.visitor(), path), ask(site.visitor(), made_up)
        assert a.status == b.status, (a, b)
        if a.status != 410 or {**a.json, "request_id": ""} != {**b.json, "request_id": ""}:
            return False
    return True


# --- the way it is meant ---

def test_new_mailbox_has_a_link_unless_a_password_is_given(site, people):
    ann = site.sign_in("ann@links.example")
    form = ann.get("/domains/links.example/mailboxes/new").form()
    answer = ann.post(form.action, {**form.fields, "local_part": "new", "password": ""}, token=None)
    assert answer.status == 200 and 'data-mb-page="mailboxes.link"' in answer.text
    link = re.search(r'value="(http[^"]+/invite/[^"]+)"', answer.text).group(1)
    again = ann.post(form.action, {**form.fields, "local_part": "new", "password": ""}, token=None)
    assert again.status == 303 and "/invite/" not in again.text, "shown once"

    owner = site.visitor()
    page = owner.get(path_of(link))
    assert page.status == 200 and "new@links.example" in page.text
    form = page.form()
    assert form.action == "?", "the path goes to no theme"
    done = owner.post(path_of(link) + form.action, {**form.fields, "password": NEW_PASSWORD})
    assert done.status == 303, done
    assert owner.get("/me", json=True).json["mailbox"]["email"] == "new@links.example"
    assert site.visitor().sign_in("new@links.example", NEW_PASSWORD).status == 303
    assert over(site, path_of(link))


def test_json_says_what_pages_say(site, people):
    ann = site.sign_in("ann@links.example")
    answer = ann.post_json("/domains/links.example/mailboxes/new", {"local_part": "program"})
    assert answer.status == 201 and answer.json["link"] and "password" not in answer.json
    path = path_of(answer.json["link"])
    told = site.visitor().get(path, json=True).json
    assert told.keys() == {"email", "expires"} and told["email"] == "program@links.example"
    short = site.visitor().post_json(path, {"password": "short"})
    assert short.status == 422 and short.json["errors"]["password"]["code"] == "password_short"
    missing = site.visitor().post_json(path, {})
    assert missing.status == 422 and missing.json["errors"]["password"]["code"] == "required"
    more = site.visitor().post_json(path, {"password": NEW_PASSWORD, "active": True})
    assert more.status == 422 and "active" in more.json["errors"]
    owner = site.visitor()
    assert owner.post_json(path, {"password": NEW_PASSWORD}).json["email"] == "program@links.example"
    assert owner.get("/me").status == 200


def test_in_the_shell(site, people):
    done = site.run("mailbox", "add", "shell@links.example", "--invite", check=True)
    path = path_of(re.search(r"^link: (\S+)$", done.stdout, re.M).group(1))
    assert works(site, path)
    as_ann = site.run("mailbox", "invite", "shell@links.example", "--json", as_="ann@links.example")
    assert as_ann.returncode == 0 and '"link":"' in as_ann.stdout
    assert over(site, path), "a newer one took its place"
    for who, status in (("eve@other.example", 66), ("uwe@links.example", 66), ("shell@links.example", 77)):
        assert site.run("mailbox", "invite", "shell@links.example", as_=who).returncode in (status, 77), who
    site.run("mailbox", "disable", "shell@links.example", check=True)
    assert site.run("mailbox", "invite", "shell@links.example").returncode == 73
    bad = site.run("mailbox", "add", "shut@links.example", "--invite", "--active", "0")
    assert bad.returncode == 65 and "switched on" in bad.stderr
    assert "--invite" in site.run("mailbox", "add", "--help").stdout
    assert site.run("mailbox", "password", "uwe@links.example", "--invite").returncode == 64


def test_page_tells_of_the_living_link(site, people):
    email, ann = fresh(site, "told"), site.sign_in("ann@links.example")
    assert "pending" not in ann.get(base(email) + "/invite", json=True).json
    path = made(ann, email)
    for page in (base(email), base(email) + "/invite"):
        told = ann.get(page, json=True)
        assert told.json["pending"].keys() == {"made", "by", "expires"} and told.json["pending"]["by"] == "ann@links.example"
        shown = ann.get(page)
        assert "made on" in shown.text and shown.form(base(email) + "/invite/withdraw")
        assert path.rpartition("/")[2] not in told.text + shown.text
    site.run("mailbox", "invite", email, check=True)
    assert "by" not in ann.get(base(email), json=True).json["pending"] and "in the shell" in ann.get(base(email)).text
    password = ann.get(base(email) + "/password")
    assert base(email) + "/invite" in password.text
    assert site.sign_in("sid@other.example").get(base("sid@other.example") + "/invite").status == 403


def test_a_link_can_be_withdrawn(site, people):
    email, ann = fresh(site, "regretted"), site.sign_in("ann@links.example")
    path = made(ann, email)
    form = ann.get(base(email)).form(base(email) + "/invite/withdraw")
    done = ann.post(form.action, form.fields, token=None)
    assert done.status == 303 and done.location.endswith(base(email)), done
    shown = ann.get(base(email))
    assert "No one-time link of regretted@links.example works any more." in shown.text and "made on" not in shown.text
    assert over(site, path)
    assert "pending" not in ann.get(base(email), json=True).json
    line = site.sql("SELECT actor, outcome, before_json, after_json FROM audit WHERE action = 'mailbox.invite.withdraw' AND object = %s", email)
    assert len(line) == 1 and line[0][:2] == ("ann@links.example", "done") and "(hidden)" in line[0][2], line
    page = ann.get(base(email) + "/invite/withdraw")
    assert page.status == 200 and "danger" in page.text and page.form(base(email) + "/invite/withdraw")
    path = made(ann, email)
    assert ann.post_json(base(email) + "/invite/withdraw").status == 200 and over(site, path)
    assert site.sign_in(email).post_json(base(email) + "/invite/withdraw").status == 403
    assert site.sign_in("eve@other.example").post_json(base(email) + "/invite/withdraw").status == 404


def test_a_link_can_be_withdrawn_in_the_shell(site, people):
    email = fresh(site, "recalled")
    path = path_of(re.search(r"^link: (\S+)$", site.run("mailbox", "invite", email, check=True).stdout, re.M).group(1))
    assert "one-time link: made " in site.run("mailbox", "show", email, check=True).stdout
    told = json.loads(site.run("mailbox", "show", email, "--json", check=True).stdout)
    assert told["pending"].keys() == {"made", "expires"}
    gone = site.run("mailbox", "invite", email, "--withdraw", as_="ann@links.example")
    assert gone.returncode == 0 and "no one-time link any more" in gone.stdout and "/invite/" not in gone.stdout
    assert over(site, path)
    assert "pending" not in json.loads(site.run("mailbox", "show", email, "--json", check=True).stdout)
    assert site.run("mailbox", "invite", email, "--withdraw", as_="eve@other.example").returncode == 66


def test_link_stands_below_site_url(site, people):
    """Not where the browser of the moment came from."""
    try:
        site.end()
        site.configure(site_url="https://localhost:8443", imap_host="imap.example.org", smtp_port=587, smtp_security="starttls")
        site.serve()
        email = fresh(site, "outside")
        link = site.sign_in("ann@links.example").post_json(base(email) + "/invite").json["link"]
        assert link.startswith("https://localhost:8443/invite/")
        assert "https://localhost:8443/invite/" in site.run("mailbox", "invite", email).stdout
        told = site.sign_in(email).get("/me/devices", json=True).json["servers"]
        assert [(s["host"], s["port"], s["security"]) for s in told] == [("imap.example.org", 993, "tls"), ("localhost", 587, "starttls")]
    finally:
        site.end()
        site.configure(site_url="", imap_host="", smtp_port="", smtp_security="")
        site.serve()


# --- what ends it ---

ENDINGS = {
    "a newer link": lambda site, email: made(site.sign_in(), email),
    "a password by an admin": lambda site, email: site.run("mailbox", "password", email, "--generate", check=True),
    "its own new password": lambda site, email: site.sign_in(email).post("/me/password", {"current": PASSWORD, "password": "other " + NEW_PASSWORD}),
    "a password by hand": lambda site, email: site.sql("UPDATE virtual_users SET password = '{PLAIN}x' WHERE email = %s", email),
    "withdrawing": lambda site, email: site.sign_in("ann@links.example").post(base(email) + "/invite/withdraw"),
    "disabling": lambda site, email: site.run("mailbox", "disable", email, check=True),
    "disabling and enabling": lambda site, email: [site.run("mailbox", verb, email, check=True) for verb in ("disable", "enable")],
    "deletion": lambda site, email: site.run("mailbox", "delete", email, "--yes", check=True),
    "time": lambda site, email: site.sql("UPDATE invite i JOIN virtual_users u ON u.id = i.user_id SET i.expires = UTC_TIMESTAMP() WHERE u.email = %s", email),
    "rights over a domain": lambda site, email: site.run("admin", "add", email, "--domain", "other.example", check=True),
    "rights by hand": lambda site, email: site.sql("INSERT INTO domain_admins (user_id, domain_id) SELECT u.id, d.id FROM virtual_users u"
                                                   " JOIN virtual_domains d ON d.name = 'other.example' WHERE u.email = %s", email),
    "becoming a server admin": lambda site, email: site.run("admin", "add", email, check=True),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_ends_with(site, people, ending):
    email = fresh(site, "ends-" + re.sub("[^a-z]", "", ending))
    path = made(site.sign_in(), email)
    assert works(site, path)
    ENDINGS[ending](site, email)
    assert over(site, path)


def maker_of(site, name, **more):
    email = f"{name}@other.example"
    site.make_mailbox(email, **more)
    return email


LOSSES = {
    "his rights over the domain": lambda site, maker: site.sql("DELETE FROM domain_admins WHERE user_id = (SELECT id FROM virtual_users WHERE email = %s)", maker),
    "his account": lambda site, maker: site.sql("DELETE FROM virtual_users WHERE email = %s", maker),
    "being switched on": lambda site, maker: site.sql("UPDATE virtual_users SET active = 0 WHERE email = %s", maker),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_ends_when_its_maker_loses(site, people, loss):
    name = "loses-" + re.sub("[^a-z]", "", loss)
    email, maker = fresh(site, name), maker_of(site, name, administers=("links.example",))
    path = made(site.sign_in(maker), email)
    assert works(site, path)
    LOSSES[loss](site, maker)
    assert over(site, path)


def test_right_is_asked_again_inside(site, people):
    """A server admin made it and is none any more; a domain admin, whose user was made one above him meanwhile."""
    email, maker = fresh(site, "risen"), maker_of(site, "fallen", level=1)
    path = made(site.sign_in(maker), email)
    site.sql("UPDATE virtual_users SET admin = 0 WHERE email = %s", maker)
    assert over(site, path)
    path = made(site.sign_in("ann@links.example"), email)
    kept = site.sql("SELECT i.token_hash, i.maker_id FROM invite i JOIN virtual_users u ON u.id = i.user_id WHERE u.email = %s", email)[0]
    site.sql("UPDATE virtual_users SET admin = 1 WHERE email = %s", email)
    site.sql("INSERT INTO invite (user_id, token_hash, maker_id, expires) SELECT id, %s, %s, UTC_TIMESTAMP() + INTERVAL 1 HOUR"
             " FROM virtual_users WHERE email = %s", *kept, email)   # as if the triggers were not there
    assert over(site, path)


# --- what strangers try ---

def test_only_its_hash_is_kept(site, people):
    email = fresh(site, "hashed")
    path = made(site.sign_in(), email)
    token = path.rpartition("/")[2]
    raw = base64.urlsafe_b64decode(token + "=")
    assert len(raw) == 32
    assert site.one("SELECT COUNT(*) FROM invite WHERE token_hash = %s", hashlib.sha256(raw).digest()) == 1
    owner = site.visitor()
    owner.get(path)
    owner.get(path + "x")
    accept(owner, path)
    accept(owner, path)
    for table in ("invite", "audit", "operation", "throttle", "session"):
        for row in site.sql(f"SELECT * FROM {table}"):
            for value in row:
                stored = value if isinstance(value, bytes) else str(value).encode()
                assert token.encode() not in stored and raw not in stored, table
    assert token not in site.log_text()


def test_path_is_told_to_nobody(site, people):
    """Neither the theme nor another page's Referer: but our own forms still say where they come from."""
    path = made(site.sign_in(), fresh(site, "quiet"))
    token = path.rpartition("/")[2]
    for visitor in (site.visitor(), site.sign_in("uwe@links.example")):
        for answer in (visitor.get(path), visitor.get(path + "x"), visitor.get(path + "/x"), visitor.request("PUT", path),
                       accept(visitor, path, "short"), accept(visitor, path, origin="null")):
            assert answer.header("referrer-policy") == "strict-origin", answer
            assert token not in answer.text and "/invite/" not in answer.text, answer
    assert site.visitor().get("/login").header("referrer-policy") == "same-origin"


def test_web_server_writes_no_link_down(site, people, front):
    path = made(site.sign_in(), fresh(site, "unlogged"))
    for asked in (path, "/login"):
        with urllib.request.urlopen(f"http://127.0.0.1:{front.port}{asked}", timeout=30) as answer:
            assert answer.status == 200
    def log():
        with open(os.path.join(front.directory, "access.log"), encoding="utf-8") as file:
            return file.read()
    wait_for(lambda: "GET /login " in log(), "nginx logged nothing")
    assert path.rpartition("/")[2] not in log()


def test_guesses_are_slowed_down(site, people):
    """And only guesses: the log-in from there goes on, and links that fit do not count."""
    path = made(site.sign_in(), fresh(site, "guessed"))
    guesser, neighbour = site.visitor(), site.visitor()
    assert {neighbour.get(path).status for _ in range(40)} == {200}
    found = [guesser.get("/invite/" + base64.urlsafe_b64encode(bytes([i] * 32)).decode().rstrip("=")) for i in range(40)]
    assert {a.status for a in found} == {410, 429} and int(found[-1].header("retry-after")) > 0
    assert guesser.get(path).status == 429 and accept(guesser, path).status == 429
    assert guesser.sign_in("uwe@links.example").status == 303
    assert neighbour.get(path).status == 200
    other = Visitor(site, "2001:db8::1")
    for i in range(31):
        other.get(f"/invite/{i}")
    assert Visitor(site, "2001:db8::2").get(path).status == 429, "one network"
    site.sql("DELETE FROM throttle")


@pytest.mark.parametrize("token", ["A", "A" * 42, "A" * 44, "A" * 42 + "=", "%00", "%2e%2e", "..%2f" * 9, "' OR 1=1 -- ", "A" * 1900,
                                   "%F0%9F%92%8C", "%ff" * 43, "<script>alert(1)</script>"])
def test_odd_tokens_are_neutral(site, people, token):
    from urllib.parse import quote
    visitor = site.visitor()
    for json in (False, True):
        answer = visitor.get("/invite/" + quote(token, safe="%"), json=json)
        assert answer.status in (404, 410), answer
        assert "<script>alert" not in answer.text


def test_used_by_many_at_once_it_works_once(site, people):
    for attempt in range(3):
        email = fresh(site, f"crowd{attempt}")
        path, answers = made(site.sign_in(), email), []
        def use(n):
            visitor = site.visitor()
            answers.append((accept(visitor, path, f"{NEW_PASSWORD} {n}", operation=f"op{n}").status, n, dict(visitor.cookies)))
        threads = [threading.Thread(target=use, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        won = [n for status, n, _ in answers if status == 303]
        assert len(won) == 1 and {status for status, _, _ in answers} <= {303, 410, 503}, answers
        assert all(bool(cookies) == (status == 303) for status, _, cookies in answers)
        assert site.visitor().sign_in(email, f"{NEW_PASSWORD} {won[0]}").status == 303
        done = site.sql("SELECT actor, outcome FROM audit WHERE action = 'invite.accept' AND object = %s AND outcome = 'done'", email)
        assert done == ((email, "done"),)


def test_the_same_form_twice(site, people):
    """Whoever has seen what was sent gets no session out of it later."""
    email = fresh(site, "twice")
    path = made(site.sign_in(), email)
    first, second = site.visitor(), site.visitor()
    answers = []
    threads = [threading.Thread(target=lambda v=v: answers.append(accept(v, path, operation="the same"))) for v in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {a.status for a in answers} <= {303, 410, 503}, answers
    assert [bool(v.cookies) for v in (first, second)].count(True) == 1
    assert accept(site.visitor(), path, operation="the same").status == 410


def test_forged_use_is_refused(site, people):
    path = made(site.sign_in(), fresh(site, "forged"))
    signed_in = site.sign_in("uwe@links.example")
    for visitor in (site.visitor(), signed_in):
        for forged in ({"origin": "https://evil.example"}, {"origin": "null"}, {"origin": None, "HTTP_SEC_FETCH_SITE": "cross-site"},
                       {"HTTP_SEC_FETCH_SITE": "same-site"}):
            assert accept(visitor, path, **forged).status == 403, forged
    for token in (None, "", "A" * 86):
        assert accept(signed_in, path, token=token).status == 403
    assert signed_in.get(path + "?password=" + "x" * 12).status == 200
    assert signed_in.request("PUT", path).status == 405
    assert works(site, path)


def test_session_is_new(site, people):
    """Neither a planted cookie nor somebody else's session becomes the owner's; the account's old ones end."""
    email = fresh(site, "fixed")
    thief = site.sign_in(email)
    path = made(site.sign_in(), email)
    visitor = site.visitor()
    visitor.cookies["mailboy"] = "B" * 43
    assert accept(visitor, path, token=None).status == 303 and visitor.cookies["mailboy"] != "B" * 43
    assert thief.get("/me").status == 303
    path = made(site.sign_in(), email)
    other = site.sign_in("uwe@links.example")
    before = dict(other.cookies)
    assert accept(other, path).status == 303 and other.cookies != before
    assert other.get("/me", json=True).json["mailbox"]["email"] == email
    other.cookies = before
    assert other.get("/me").status == 303


def test_holder_may_do_nothing_else(site, people):
    """Even where the link is an administrator's."""
    site.make_mailbox("boss@other.example", level=1)
    path = made(site.sign_in(), "boss@other.example")
    visitor = site.visitor()
    for answer in (visitor.get(path + "/../domains"), visitor.get("/domains"), visitor.post("/domains/new", {"name": "x.example"})):
        assert answer.status in (303, 403, 404)
    page = visitor.get(path)
    assert "<nav class=\"nav\"" not in page.text and "/domains" not in page.text


def test_weak_passwords_are_refused_and_the_link_stays(site, people):
    path, visitor = made(site.sign_in(), fresh(site, "weaker")), site.visitor()
    for password, code in (("short", "password_short"), ("password123", "password_common"), ("weaker@links.example", "password_like_address"),
                           ("", "required"), ("x" * 1025, "password_long")):
        answer = visitor.post_json(path, {"password": password})
        assert answer.status == 422 and answer.json["errors"]["password"]["code"] == code, (password, answer)
    page = accept(visitor, path, "short")
    assert page.status == 422 and 'aria-invalid="true"' in page.text and page.form().action == "?"
    assert accept(visitor, path, "пароль из слов \u2603").status == 303


def test_a_protected_account_has_no_link_from_below(site, people):
    site.make_mailbox("guard@links.example", level=1)
    for who, email, statuses in (("ann@links.example", "guard@links.example", {403}), ("ann@links.example", "ann@links.example", {403}),
                                 ("sid@other.example", "guard@links.example", {403}), ("sid@other.example", ADMIN, {403}),
                                 ("eve@other.example", "uwe@links.example", {404}), ("uwe@links.example", "uwe@links.example", {403, 404})):
        visitor = site.sign_in(who)
        assert {visitor.get(base(email) + "/invite").status, visitor.post(base(email) + "/invite").status,
                visitor.post_json(base(email) + "/invite").status} <= statuses, (who, email)
    assert site.one("SELECT COUNT(*) FROM invite i JOIN virtual_users u ON u.id = i.user_id WHERE u.email IN (%s, 'guard@links.example')", ADMIN) == 0


def test_making_one_asks_who_is_there(site, people):
    email, ann = fresh(site, "stale"), site.sign_in("ann@links.example")
    site.sql("UPDATE session SET created = created - INTERVAL 10 MINUTE, reauth_at = NULL")
    assert ann.post(base(email) + "/invite").status == 422
    assert ann.post(base(email) + "/invite", {"current": "not this one"}).status == 422
    answer = ann.post(base(email) + "/invite", {"current": PASSWORD})
    assert answer.status == 200 and "/invite/" in answer.text


# --- the reader's own pages ---

def test_activity_tells_of_others_their_name_and_the_time(site, people):
    email = fresh(site, "watched")
    made(site.sign_in("ann@links.example"), email)
    owner = site.visitor()
    assert owner.sign_in(email).status == 303
    site.run("mailbox", "edit", email, "--name", "Watched", check=True)
    eve = site.sign_in("eve@other.example")
    assert eve.post(base(email) + "/edit", {"name": "x"}).status == 404, "a refusal of others is theirs"
    assert owner.post("/me/appearance", {"language": "de"}).status == 303
    rows = owner.get("/me/activity", json=True).json["rows"]
    assert [(r["own"], r["actor"], r["action"]) for r in rows] == [
        (True, email, "me.language"), (False, "console", "mailbox.edit"), (False, "ann@links.example", "mailbox.invite")]
    assert [set(r) - {"id", "at", "own", "actor", "action", "object", "outcome"} for r in rows] == [{"remote"}, set(), set()]
    page = owner.get("/me/activity")
    assert page.status == 200 and "ann@links.example" in page.text and "/audit/" not in page.text
    assert "Watched" not in page.text and "unix" not in page.text
    assert [r["id"] for r in owner.get("/me", json=True).json["recent"]] == [r["id"] for r in rows]
    other = site.sign_in("uwe@links.example").get("/me/activity", json=True).json["rows"]
    assert not {r["id"] for r in rows} & {r["id"] for r in other}
    told = site.run("page", "/me/activity", "--json", as_=email)
    assert told.returncode == 0 and '"action":"me.language"' in told.stdout


def test_activity_pages_by_keys(site, people):
    email = fresh(site, "busy")
    account = site.one("SELECT id FROM virtual_users WHERE email = %s", email)
    site.sql("INSERT INTO audit (actor_id, actor, via, action, object_kind, object_id, object, outcome)"
             " SELECT IF(seq % 3, 1, %s), 'x@links.example', 'cli', 'mailbox.edit', IF(seq % 2, 'mailbox', 'domain'), %s, %s,"
             " IF(seq % 5, 'done', 'refused') FROM seq_1_to_240".replace("% 3", "%% 3").replace("% 2", "%% 2").replace("% 5", "%% 5"),
             account, account, email)
    wanted = site.sql("SELECT id FROM audit WHERE actor_id = %s OR (object_kind = 'mailbox' AND object_id = %s AND outcome = 'done')"
                      " ORDER BY id DESC", account, account)
    owner, found, path = site.sign_in(email), [], "/me/activity"
    while path:
        answer = owner.get(path)
        found += owner.get(path, json=True).json["rows"]
        after = re.search(r'href="(/me/activity\?after=[^"]+)"', answer.text)
        path = after and after.group(1).replace("&amp;", "&")
    assert [r["id"] for r in found] == [row[0] for row in wanted] and len(found) > 100
    last = owner.get("/me/activity?before=" + "x" * 20)
    assert last.status == 200


def test_what_happens_to_my_mail(site, people):
    email = fresh(site, "posted")
    domain = site.one("SELECT id FROM virtual_domains WHERE name = 'links.example'")
    def tell():
        return site.sign_in(email).get("/me", json=True).json["mail"]
    assert tell() == {"kept": True, "aliases": [], "forwards": []}
    site.sql("INSERT INTO virtual_aliases (domain_id, source, destination, active) VALUES (%s, 'sales', %s, 1), (%s, '', %s, 1),"
             " (%s, 'off', %s, 0)", domain, email, domain, email, domain, email)
    assert tell() == {"kept": True, "aliases": ["sales@links.example", "*@links.example"], "forwards": []}
    site.sql("INSERT INTO virtual_aliases (domain_id, source, destination) VALUES (%s, 'posted', 'Away@else.example')", domain)
    assert tell() == {"kept": False, "aliases": ["sales@links.example", "*@links.example"], "forwards": ["Away@else.example"]}
    site.sql("INSERT INTO virtual_aliases (domain_id, source, destination) VALUES (%s, 'posted', %s)", domain, email)
    assert tell()["kept"] and tell()["forwards"] == ["Away@else.example"]
    page = site.sign_in(email).get("/me").text
    assert "Away@else.example" in page and "sales@links.example" in page
    site.sql("INSERT INTO quota2 (username, bytes, messages) VALUES (%s, 900, 3)", email)
    site.sql("UPDATE virtual_users SET quota_messages = 3 WHERE email = %s", email)
    assert "Your mailbox is full" in site.sign_in(email).get("/me").text


def test_what_to_enter_in_a_mail_program(site, people):
    uwe = site.sign_in("uwe@links.example")
    told = uwe.get("/me/devices", json=True).json
    assert told == {"email": "uwe@links.example", "user": "uwe@links.example", "servers": [
        {"service": "imap", "host": "localhost", "port": 993, "security": "tls"},
        {"service": "smtp", "host": "localhost", "port": 465, "security": "tls"}]}
    page = uwe.get("/me/devices").text
    assert 'value="uwe@links.example"' in page and "993" in page and 'data-mb-copy="f-imap"' in page
    assert site.visitor().get("/me/devices").status == 303
    site.make_domain("xn--bcher-kva.example")
    site.make_mailbox("ada@xn--bcher-kva.example")
    told = site.sign_in("ada@xn--bcher-kva.example").get("/me/devices", json=True).json
    assert (told["email"], told["user"]) == ("ada@b\u00fccher.example", "ada@xn--bcher-kva.example"), "Dovecot knows the second"
