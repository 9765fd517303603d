# SPDX-License-Identifier: GPL-3.0-or-later
"""One account all the way through the pages, as a browser and as JSON, and what wrong requests get."""
import itertools
import os
import re
import stat
import urllib.request

import pytest

from visitor import ADMIN, PASSWORD, Site, routes

COUNT = itertools.count(1)


@pytest.fixture
def domain(site):
    name = f"d{next(COUNT)}.example"
    site.make_domain(name)
    return name


@pytest.fixture
def mailbox(site, domain):
    site.make_mailbox(f"ada@{domain}", name="Ada")
    return f"/domains/{domain}/mailboxes/ada"


def row(site, email):
    """(active, name, quota_kb, version, password) or None"""
    rows = site.sql("SELECT active, name, quota_kb, version, password FROM virtual_users WHERE email = %s", email)
    return rows[0] if rows else None


# --- setup ---

def test_setup_again_changes_nothing(site):
    before = site.sql("SELECT * FROM virtual_users ORDER BY id"), site.sql("SELECT COUNT(*) FROM audit")
    for words in ([], ["--dry-run"]):
        done = site.run("setup", "--socket", site.db.socket, "--admin", ADMIN, "--password-stdin", *words, input="other\n")
        assert done.returncode == 0, done.stderr
    assert before == (site.sql("SELECT * FROM virtual_users ORDER BY id"), site.sql("SELECT COUNT(*) FROM audit"))


def test_setup_dry_run_makes_nothing(site):
    path = site.folder / "fresh.conf"
    done = site.run("setup", "--dry-run", "--socket", site.db.socket, "--admin", "x@example.net", "--config", path)
    assert done.returncode == 0 and "would: " in done.stdout
    assert not os.path.exists(path)


def test_readable_configuration_is_refused(site):
    path = site.folder / "open.conf"
    with open(site.config, encoding="utf-8") as source, open(path, "w", encoding="utf-8") as file:
        file.write(source.read())
    os.chmod(path, 0o644)
    done = site.run("domain", "list", "--config", path)
    assert done.returncode == 78 and path in done.stderr


def test_mistakes_of_the_configuration_are_told_together(site):
    path = site.folder / "wrong.conf"
    with open(path, "w", encoding="utf-8") as file:
        file.write("workers = many\nlisten = relative\nwrokers = 3\n")
    os.chmod(path, 0o600)
    done = site.run("serve", "--config", path)
    assert done.returncode == 78
    for line, word in ((1, "workers"), (2, "listen"), (3, "wrokers")):
        assert f"{path}:{line}" in done.stderr and word in done.stderr, done.stderr


def test_socket_is_for_the_web_server_alone(site):
    assert stat.S_IMODE(os.stat(site.socket).st_mode) == 0o660


# --- every page is there ---

def with_others(site, domain, path):
    """What a path names besides domains and mailboxes is made when it is asked for."""
    made = {"{alias}": ("virtual_aliases (domain_id, source, destination) SELECT id, 'sales', 'x@elsewhere.example' FROM virtual_domains"
                        " WHERE name = '" + domain + "'", "virtual_aliases WHERE email = 'sales@" + domain + "'"),
            "{client}": ("ip_access (ip, state) VALUES ('mx.pages.example', 'REJECT')", "ip_access"),
            "{sender}": ("domain_access (domain, state) VALUES ('pages.example', 'REJECT')", "domain_access"),
            "{policy}": ("policies (policy_name) VALUES ('Of pages')", "policies")}
    for name, (row, where) in made.items():
        if name in path:
            site.sql(f"INSERT IGNORE INTO {row}")
            path = path.replace(name, str(site.one(f"SELECT MIN(id) FROM {where}")))
    if "{relay}" in path:
        site.sql("INSERT IGNORE INTO relay_domains (domain) VALUES ('relay.pages.example')")
    return path.replace("{relay}", "relay.pages.example")


@pytest.mark.parametrize("name", routes())
@pytest.mark.parametrize("json", [False, True], ids=["html", "json"])
def test_each_route_answers_the_super_admin(site, admin, mailbox, name, json):
    pattern = routes()[name][0]
    domain = mailbox.split("/")[2]
    if name == "audit.undo":   # which wants one's own and new
        assert admin.post(mailbox + "/edit", {"name": "Other"}).status == 303
    path = pattern.replace("{domain}", domain).replace("{mailbox}", "ada").replace(
        "{entry}", str(site.one("SELECT MAX(id) FROM audit"))).replace("{theme}", "base").replace(
        "{account}", str(site.one("SELECT id FROM virtual_users WHERE admin < 2")))
    path = with_others(site, domain, path)
    if "{token}" in path:
        path = path.replace("{token}", site.make_link(f"ada@{domain}"))
    answer = admin.get(path, json=json)
    assert answer.status == 200, answer
    if json:
        assert answer.header("content-type") == "application/json" and isinstance(answer.json, dict)
    else:
        assert answer.header("content-type") == "text/html; charset=utf-8"
        assert "<title>" in answer.text and answer.text.rstrip().endswith("</html>")


def test_head_is_get_without_a_body(admin):
    answer = admin.request("HEAD", "/domains")
    assert answer.status == 200 and answer.body == b"" and int(answer.header("content-length")) > 1000


# --- a domain and a mailbox, by forms ---

def test_domain_by_forms(site, admin):
    form = admin.get("/domains/new").form("/domains/new")
    answer = admin.post("/domains/new", {**form.fields, "name": "Straße.Example.", "description": "Ü & <b>"}, token=None)
    assert answer.status == 303 and answer.location == "/domains/xn--strae-oqa.example", answer
    page = admin.get(answer.location)
    assert "straße.example" in page.text and "was added" in page.text and "Ü &amp; &lt;b&gt;" in page.text
    assert "was added" not in admin.get(answer.location).text, "the flash shows once"
    form = admin.get(answer.location + "/edit").form()
    assert form.fields["name"] == "straße.example" and form.fields["version"] == "1"
    changed = admin.post(answer.location + "/edit", {**form.fields, "name": "straße2.example"}, token=None)
    assert changed.status == 303 and changed.location == "/domains/xn--strae2-eta.example"
    gone = changed.location + "/delete"
    form = admin.get(gone).form()
    wrong = admin.post(gone, {**form.fields, "name": "strasse2.example"}, token=None)
    assert wrong.status == 422 and "strasse2.example" in wrong.text
    done = admin.post(gone, {**form.fields, "name": "straße2.example"}, token=None)
    assert done.status == 303 and done.location == "/domains", done
    assert admin.get(changed.location).status == 404
    assert site.sql("SELECT action, outcome FROM audit WHERE object = 'xn--strae2-eta.example' ORDER BY id") == (
        ("domain.edit", "done"), ("domain.delete", "done"))


def test_mailbox_by_forms(site, admin, domain):
    base = f"/domains/{domain}/mailboxes"
    form = admin.get(base + "/new").form()
    added = admin.post(base + "/new", {**form.fields, "local_part": "Grace", "name": "Grace Hopper", "quota": "1.5 GB",
                                       "password": "a long pass phrase", "active": "1"}, token=None)
    assert added.status == 303 and added.location == base + "/grace", added
    email = f"grace@{domain}"
    assert row(site, email)[:4] == (1, "Grace Hopper", 1572864, 1)
    assert row(site, email)[4].startswith("{ARGON2ID}$argon2id$")
    assert site.visitor().sign_in(email, "a long pass phrase").status == 303
    form = admin.get(added.location + "/edit").form()
    assert form.fields["quota"] == "1.5 GB"
    saved = admin.post(added.location + "/edit", {**form.fields, "quota": "0", "name": ""}, token=None)
    assert saved.status == 303 and row(site, email)[1:3] == ("", 0)
    form = admin.get(added.location + "/password").form()
    made = admin.post(added.location + "/password", {**form.fields, "generate": "1"}, token=None)
    assert made.status == 200 and made.header("cache-control") == "no-store"
    form = admin.get(added.location + "/delete").form()
    assert admin.post(added.location + "/delete", form.fields, token=None).status == 303
    assert row(site, email) is None and admin.get(added.location).status == 404


def test_limits_of_a_domain_by_forms(site, admin):
    site.make_domain("little.example")
    site.make_mailbox("keeper@little.example", administers=("little.example",))
    keeper = site.sign_in("keeper@little.example")
    edit = "/domains/little.example/edit"
    form = admin.get(edit).form()
    wrong = admin.post(edit, {**form.fields, "quota_most": "1 GB", "quota_default": "2 GB"}, token=None)
    assert wrong.status == 422 and "more than one mailbox may have here: 1 GB." in wrong.text
    done = admin.post(edit, {**form.fields, "limit_mailboxes": "2", "limit_quota": "3 GB", "quota_most": "2 GB", "quota_default": "1.5 GB"}, token=None)
    assert done.status == 303
    shown = keeper.get("/domains/little.example").text
    assert "1 of 2" in shown and "<meter" in shown and "2 GB at most" in shown
    assert "of 2</span> <meter" in keeper.get("/domains").text
    mine = keeper.get(edit).form()   # the limits are not his
    assert set(mine.fields) & {"name", "limit_mailboxes", "limit_quota", "quota_most", "quota_default"} == set()
    keeper.post(edit, {**mine.fields, "limit_mailboxes": "0", "description": "still little"}, token=None)
    assert site.sql("SELECT limit_mailboxes, description FROM virtual_domains WHERE name = 'little.example'") == ((2, "still little"),)
    new = "/domains/little.example/mailboxes/new"
    page = keeper.get(new)
    form = page.form()
    assert form.fields["quota"] == "1.5 GB" and "2 GB at most." in page.text
    over = keeper.post(new, {**form.fields, "local_part": "one", "quota": "2.5 GB", "password": "a long pass phrase"}, token=None)
    assert over.status == 422 and "A mailbox of this domain may have 2 GB at most." in over.text
    assert keeper.post(new, {**form.fields, "local_part": "one", "password": "a long pass phrase", "active": "1"}, token=None).status == 303
    full = keeper.get(new)
    assert "as many mailboxes as it may have" in full.text and "1.5 GB at most." in full.text
    refused = keeper.post(new, {**full.form().fields, "local_part": "two", "password": "a long pass phrase"}, token=None)
    assert refused.status == 422 and "as many mailboxes as it may have: 2." in refused.text


def test_administrators_by_forms(site, admin):
    for name in ("north.example", "south.example"):
        site.make_domain(name)
    site.make_mailbox("anne@north.example")
    site.make_mailbox("serge@north.example", level=1)
    serge, anne = site.sign_in("serge@north.example"), site.sign_in("anne@north.example")
    numbers = {email: n for email, n in site.sql("SELECT email, id FROM virtual_users WHERE email LIKE '%%@north.example'")}
    form = serge.get("/admins/new").form()
    told = serge.post("/admins/new", {**form.fields, "address": "anne@north.example"}, token=None)
    assert told.status == 422 and "Only the super admin makes server admins." in told.text
    for name in ("north.example", "south.example"):
        done = serge.post("/admins/new", {**form.fields, "address": "anne@north.example", "domain": name}, token=None, operation=name)
        assert done.status == 303 and done.location == f"/admins/{numbers['anne@north.example']}", done
    assert anne.get("/me").status == 303, "another right, another session"
    page = serge.get(done.location)
    assert "north.example" in page.text and "south.example" in page.text and "Domain admin" in page.text
    assert sorted(row["domain"] for row in serge.get(done.location, json=True).json["domains"]) == ["north.example", "south.example"]
    away = page.form("/domains/south.example/admins/remove")
    assert serge.post(away.action, {**away.fields, "address": "anne@north.example"}, token=None).status == 303
    listed, url = {}, "/admins?rows=100"
    while "anne@north.example" not in listed:   # tests before this one have left administrators
        page = serge.get(url, json=True).json
        listed.update((row["email"], row) for row in page["rows"])
        assert page.get("next_after") or "anne@north.example" in listed
        url = f"/admins?rows=100&after={page.get('next_after')}"
    assert listed["anne@north.example"]["domains"] == 1 and listed["serge@north.example"]["role"] == "server"
    # the super admin makes a server admin of her, and unmakes her
    form = admin.get("/admins/new?address=anne%40north.example").form()
    assert form.fields["address"] == "anne@north.example" and "Leave it empty" in admin.get("/admins/new").text
    assert "Leave it empty" not in serge.get("/admins/new").text
    made = admin.post("/admins/new", form.fields, token=None)
    assert made.status == 303 and site.one("SELECT admin FROM virtual_users WHERE email = 'anne@north.example'") == 1
    assert serge.get(made.location).status == 200 and serge.get(made.location + "/remove").status == 403
    sessions = [site.sign_in("anne@north.example") for _ in range(2)]
    shown = admin.get(made.location)
    assert made.location + "/sessions" in shown.text
    ended = admin.post(made.location + "/sessions", admin.get(made.location + "/sessions").form().fields, token=None)
    assert ended.status == 303 and [s.get("/me").status for s in sessions] == [303, 303]
    gone = admin.post(made.location + "/remove", admin.get(made.location + "/remove").form().fields, token=None)
    assert gone.status == 303 and site.one("SELECT admin FROM virtual_users WHERE email = 'anne@north.example'") == 0
    assert site.sql("SELECT action FROM audit WHERE outcome = 'done' AND object = 'anne@north.example' ORDER BY id") == (
        ("admin.make",), ("sessions.end",), ("admin.remove",))


def test_switch_of_a_list_leads_back(site, admin, domain, mailbox):
    page = admin.get(f"/domains/{domain}/mailboxes?q=a")
    form = page.form(mailbox + "/edit")
    ada = site.sign_in(f"ada@{domain}")
    answer = admin.post(form.action, {**form.fields, "active": "0"}, token=None)
    assert answer.status == 303 and answer.location.startswith(f"/domains/{domain}/mailboxes?"), answer
    assert "q=a" in answer.location and "#mb-" in answer.location
    assert row(site, f"ada@{domain}")[0] == 0
    assert ada.get("/me").status == 303, "sessions of a disabled account end"
    assert site.visitor().sign_in(f"ada@{domain}").status == 422


def test_part_of_a_page(site, admin, domain, mailbox):
    """Only the elements asked for, drawn by the theme as ever; the whole page where it has none of them."""
    path = f"/domains/{domain}/mailboxes?q=a"
    row_id = f"mb-{site.one('SELECT id FROM virtual_users WHERE email = %s', f'ada@{domain}')}"
    form = admin.get(path).form(mailbox + "/edit")
    moved = admin.post(form.action, {**form.fields, "active": "0"}, token=None)
    part = admin.get(moved.location.partition("#")[0], HTTP_FRAGMENT=row_id + " said")
    assert part.status == 200 and part.text.lstrip().startswith(f'<tr id="{row_id}"'), part
    assert "is disabled" in part.text and "<main" not in part.text and part.text.count("<tr") == 1
    assert "default-src 'none'" in part.header("content-security-policy")
    again = part.form(mailbox + "/edit")
    assert admin.post(again.action, {**again.fields, "active": "1"}, token=None).status == 303, "its forms work"
    for ids in ("mb-0", "x" * 5000, "<script>", "\xff", " "):
        assert admin.get(path, HTTP_FRAGMENT=ids).text.startswith("<!doctype html>"), ids
    assert admin.get(path, json=True, HTTP_FRAGMENT=row_id).json["rows"]


def test_password_by_its_owner(site, domain, mailbox):
    ada, elsewhere = site.sign_in(f"ada@{domain}"), site.sign_in(f"ada@{domain}")
    form = ada.get("/me/password").form()
    wrong = ada.post("/me/password", {**form.fields, "current": "wrong", "password": "another pass phrase"}, token=None)
    assert wrong.status == 422 and "another pass phrase" not in wrong.text
    weak = ada.post("/me/password", {**form.fields, "current": PASSWORD, "password": "password"}, token=None)
    assert weak.status == 422
    form = ada.get("/me/password").form()
    done = ada.post("/me/password", {**form.fields, "current": PASSWORD, "password": "another pass phrase"}, token=None)
    assert done.status == 303 and done.location == "/me", done
    assert ada.get("/me").status == 200 and elsewhere.get("/me").status == 303


def test_domain_admin_by_forms(site, admin, domain, mailbox):
    form = admin.get(f"/domains/{domain}/admins").form(f"/domains/{domain}/admins")
    done = admin.post(form.action, {**form.fields, "address": f"ada@{domain}"}, token=None)
    assert done.status == 303, done
    ada = site.sign_in(f"ada@{domain}")
    assert ada.get(f"/domains/{domain}").status == 200
    again = admin.post(form.action, {"address": f"ada@{domain}"})
    assert again.status == 409
    page = admin.get(f"/domains/{domain}/admins")
    form = page.form(f"/domains/{domain}/admins/remove")
    fields = {**form.fields, "address": f"ada@{domain}"}
    assert admin.post(form.action, fields, token=None).status == 303
    assert site.visitor().sign_in(f"ada@{domain}").status == 303


# --- the same as JSON ---

def test_all_of_it_as_json(site, domain):
    visitor = site.visitor()
    answer = visitor.post_json("/login", {"email": ADMIN, "password": PASSWORD})
    assert answer.status == 200 and answer.json["email"] == ADMIN, answer
    token = answer.json["token"]
    base = f"/domains/{domain}/mailboxes"
    made = visitor.post_json(base + "/new", {"local_part": "lin", "quota": 1 << 30, "active": True, "generate": True}, token=token)
    assert made.status == 201 and made.json["version"] == 1 and len(made.json["password"]) >= 12, made
    assert made.json["quota"]["limit"] == 1 << 30
    assert "url" not in made.json and "toggle" not in made.json, "URLs and switches are the page's own"
    edited = visitor.post_json(base + "/lin/edit", {"name": "Lin", "version": 1}, token=token)
    assert edited.status == 200 and edited.json["version"] == 2 and edited.json["name"] == "Lin"
    unknown = visitor.post_json(base + "/lin/edit", {"nmae": "Lin", "version": 2}, token=token)
    assert unknown.status == 422 and set(unknown.json["errors"]) == {"nmae"}
    odd = 'x"],<b>\\\n'
    hostile = visitor.post_json(base + "/lin/edit", {odd: "Lin", "version": 2}, token=token)
    assert hostile.status == 422 and set(hostile.json["errors"]) == {odd}
    without = visitor.post_json(base + "/lin/edit", {"name": "Lin"}, token=token)
    assert without.status == 422 and set(without.json["errors"]) == {"version"}
    nested = visitor.post_json(base + "/lin/edit", {"name": ["Lin"], "version": 2}, token=token)
    assert nested.status == 422 and nested.json["errors"]["name"]["code"]
    by_form = visitor.post(base + "/lin/edit", {"name": "L.", "version": 2}, json=True, token=token)
    assert by_form.status == 200 and by_form.json["version"] == 3
    gone = visitor.post_json(base + "/lin/delete", {"version": 3}, token=token)
    assert gone.status == 200, gone
    assert visitor.get(base + "/lin", json=True).status == 404


def test_lists_go_on_by_cursor(site, admin, domain):
    for i in range(30):
        site.make_mailbox(f"user{i:02d}@{domain}")
    seen, path = [], f"/domains/{domain}/mailboxes?rows=25"
    first = admin.get(path, json=True).json
    assert len(first["rows"]) == 25 and first["total"]["value"] == 30
    second = admin.get(path + "&after=" + first["next_after"], json=True).json
    seen = [r["mailbox"] for r in first["rows"] + second["rows"]]
    assert seen == [f"user{i:02d}" for i in range(30)] and "next_after" not in second
    found = admin.get(path + "&q=USER2", json=True).json
    assert [r["mailbox"] for r in found["rows"]] == [f"user{i}" for i in range(20, 30)]
    assert admin.get(path + "&q=%25", json=True).json["rows"] == [], "wildcards are data"
    forged = admin.get(path + "&after=" + "A" * len(first["next_after"]), json=True).json
    assert forged["rows"] == first["rows"], "only what we gave is a cursor"


# --- what wrong requests get ---

@pytest.mark.parametrize("json", [False, True], ids=["html", "json"])
@pytest.mark.parametrize("path", ["/nothing", "/domains/nothing.example", "/domains/nothing.example/edit", "/audit/0",
                                  "/audit/99999999", "/audit/x", "/domains//", "/domains/", "/%00", "/domains/%ff",
                                  "/domains/a%2fb", "/" + "a/" * 20, "/assets/base/none.css", "/domains/example.org/mailboxes/nobody"])
def test_404(admin, path, json):
    answer = admin.get(path, json=json)
    assert answer.status == 404, answer
    if json:
        assert answer.json["error"] and answer.json["request_id"]
    else:
        assert "There is nothing here" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "POST"])
def test_405(admin, method):
    answer = admin.request(method, "/domains")
    assert answer.status == 405 and answer.header("allow") == "GET, HEAD", answer
    if method != "POST":
        assert admin.request(method, "/domains/new").header("allow") == "GET, HEAD, POST"


def test_413(site, admin):
    answer = admin.post("/domains/new", {"name": "a" * (1 << 20)}, token="x")
    assert answer.status == 413, answer
    assert admin.post("/domains/new", {"name": "a" * 900000}).status == 422


@pytest.mark.parametrize("body, content_type", [(b"name=%", "application/x-www-form-urlencoded"), (b"name=%00x", "application/x-www-form-urlencoded"),
                                                (b"&".join([b"a=1"] * 1001), "application/x-www-form-urlencoded"), (b"{", "application/json"),
                                                (b"[]", "application/json"), (b'{"name":"a","name":"b"}', "application/json"),
                                                (b'{"name":"a\\u0000"}', "application/json"), (b"[" * 100000, "application/json"),
                                                (b"name=a", "text/plain"), (b"name=a", "multipart/form-data")])
def test_400(site, admin, body, content_type):
    before = site.one("SELECT COUNT(*) FROM virtual_domains")
    answer = admin.request("POST", "/domains/new", body, content_type=content_type, HTTP_MAILBOY_TOKEN=admin.token)
    assert answer.status == 400, answer
    assert site.one("SELECT COUNT(*) FROM virtual_domains") == before


def test_421(site):
    visitor = site.visitor()
    for host in ("evil.example", "localhost.evil.example", "", "local host", "localhost@evil", None):
        answer = visitor.get("/login", HTTP_HOST=host)
        assert answer.status == 421, (host, answer)
        assert "evil" not in answer.text
    assert visitor.get("/login", HTTP_HOST="LOCALHOST:8080").status == 200


@pytest.mark.parametrize("field, value", [("name", ""), ("name", "nodots"), ("name", "a..example"), ("name", "-a.example"), ("name", "a b.example"),
                                          ("name", "x" * 64 + ".example"), ("name", "1.2.3.4"), ("name", "a\nb.example"), ("name", "a.example\r\n"),
                                          ("name", "[127.0.0.1]"), ("description", "x" * 256), ("description", "a\x01b"), ("description", b"\xff")])
def test_422_keeps_what_was_typed(admin, field, value):
    fields = {"name": "fine.example", "description": "kept text", field: value}
    answer = admin.post("/domains/new", fields)
    assert answer.status == 422, answer
    other = "description" if field == "name" else "name"
    assert answer.form("/domains/new").fields[other] == fields[other]
    assert 'aria-invalid="true"' in answer.text or "error" in answer.text
    as_json = admin.post("/domains/new", fields, json=True)
    assert as_json.status == 422 and set(as_json.json["errors"]) == {field}


def test_409_shows_both_values(site, admin, domain, mailbox):
    stale = admin.get(mailbox + "/edit").form().fields
    assert admin.post(mailbox + "/edit", {**stale, "name": "Theirs"}, token=None).status == 303
    stale.pop("operation", None)
    answer = admin.post(mailbox + "/edit", {**stale, "name": "Mine"}, token=None)
    assert answer.status == 409 and "Theirs" in answer.text and "Mine" in answer.text, answer
    cells = [re.sub("<[^>]+>|\\s+", " ", cell).strip() for cell in re.findall(r"<td.*?</td>", answer.text, re.S)]
    assert cells[:2] == ["Mine", "Theirs"] and cells[2:4] == ["no limit"] * 2 and "Yes" in cells, cells
    as_json = admin.post_json(mailbox + "/edit", {"name": "Mine", "version": 1})
    assert as_json.status == 409 and as_json.json["version"] == 2
    both = {f["field"]: (f["yours"], f["theirs"]) for f in as_json.json["fields"]}
    assert both["name"] == ("Mine", "Theirs")
    assert row(site, f"ada@{domain}")[1] == "Theirs"
    again = answer.form(mailbox + "/edit")
    assert again.fields["version"] == "2" and again.fields["name"] == "Mine"
    assert admin.post(mailbox + "/edit", again.fields, token=None).status == 303
    assert row(site, f"ada@{domain}")[1] == "Mine"


def test_the_same_again_says_so(admin, domain, mailbox):
    assert admin.post("/domains/new", {"name": domain}).status == 409
    assert admin.post_json("/domains/new", {"name": domain}).status == 409
    taken = admin.post(f"/domains/{domain}/mailboxes/new", {"local_part": "ADA", "password": "a long pass phrase"})
    assert taken.status == 409 and "ADA" in taken.text and "a long pass phrase" not in taken.text


def test_over_plain_http_only_where_it_is_allowed(site):
    visitor = site.visitor(HTTPS="on")
    answer = visitor.post("/login", {"email": ADMIN, "password": PASSWORD}, origin="https://localhost")
    assert answer.status == 303
    cookie = answer.header("set-cookie")
    assert cookie.startswith("__Host-mailboy=") and "; Secure" in cookie and "; HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "Path=/;" in cookie and answer.header("strict-transport-security")


def test_through_nginx(site, front):
    with urllib.request.urlopen(front.url + "login") as answer:
        assert answer.status == 200 and b"Sign in" in answer.read()
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


# --- below a prefix ---

def test_everything_below_a_prefix(site):
    with Site(prefix="/mail", database=site.db) as below:
        admin = below.sign_in()
        assert list(admin.cookies) == ["mailboy"]
        links = set()
        for name, (pattern, _, _) in routes().items():
            path = pattern.replace("{domain}", "example.org").replace("{mailbox}", "admin").replace("{entry}", "1").replace("{account}", "1").replace("{theme}", "base")
            answer = admin.get(with_others(site, "example.org", path))
            assert answer.status in (200, 403) or (name, answer.status) == ("invite", 410), (name, answer)
            links |= {part.split('"')[0] for word in ("href=\"", "action=\"", "src=\"") for part in answer.text.split(word)[1:]}
        assert links
        for link in links:
            assert link.startswith("/mail/") or link.startswith("#"), link
        for asset in (link for link in links if "/assets/" in link):
            got = admin.request("GET", asset.partition("#")[0], raw_path=True)
            assert got.status == 200 and "immutable" in got.header("cache-control"), (asset, got)
        for path in ("/", "/login", "/mailx/login", "/mai", "/mail%2flogin"):
            assert admin.request("GET", path, raw_path=True).status == 404, path
        assert admin.request("GET", "/mail", raw_path=True).status in (200, 303)
        gone = admin.post("/logout")
        assert gone.status == 303 and gone.location == "/mail/login"
        assert "Path=/mail;" in gone.header("set-cookie")
        with below.nginx() as front:
            with urllib.request.urlopen(front.url + "login") as answer:
                assert answer.status == 200 and b'action="/mail/login"' in answer.read()
