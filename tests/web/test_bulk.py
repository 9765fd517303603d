# SPDX-License-Identifier: GPL-3.0-or-later
"""The same change of several things, and the way back from a change."""
import itertools
import re

import pytest

from visitor import ADMIN, PASSWORD

COUNT = itertools.count(1)


class Boxes:
    """A domain of its own with an administrator and some mailboxes."""

    def __init__(self, site, n=3):
        self.site, self.domain = site, f"bulk{next(COUNT)}.example"
        site.make_domain(self.domain)
        self.admin_id = site.make_mailbox(f"boss@{self.domain}", administers=[self.domain])
        self.ids = [site.make_mailbox(f"u{i:02}@{self.domain}") for i in range(n)]
        self.list = f"/domains/{self.domain}/mailboxes"

    def admin(self):
        return self.site.sign_in(f"boss@{self.domain}")

    def email(self, i):
        return f"u{i:02}@{self.domain}"

    def rows(self, *columns):
        """Their rows without what every change moves on."""
        names = columns or ("user", "active", "name", "quota_kb", "quota_messages", "password", "maildir")
        columns = ", ".join("u." + n for n in names)
        return self.site.sql(f"SELECT {columns} FROM virtual_users u JOIN virtual_domains d ON d.id = u.domain_id"
                             " WHERE d.name = %s ORDER BY u.id", self.domain)

    def lines(self, action="%"):
        return self.site.sql("SELECT a.action, a.object, a.outcome FROM audit a JOIN virtual_domains d ON d.id = a.domain_id"
                             " WHERE d.name = %s AND a.action LIKE %s ORDER BY a.id", self.domain, action)


@pytest.fixture
def boxes(site):
    return Boxes(site)


def preview(visitor, action, ids, **more):
    query = "&".join([f"kind=mailboxes&action={action}", *(f"id={i}" for i in ids), *(f"{k}={v}" for k, v in more.items())])
    return visitor.get("/bulk/preview?" + query)


def go(visitor, page, **typed):
    """Sends the form of the preview page."""
    form = page.form("/bulk")
    return visitor.post("/bulk", {**form.several, **typed})


def bulk(visitor, action, ids, **more):
    return visitor.post_json("/bulk", {"kind": "mailboxes", "action": action, "ids": ids, **more})


# --- several at once ---

def test_from_the_list_to_the_end(site, boxes):
    admin = boxes.admin()
    page = admin.get(boxes.list + "?state=on")
    assert page.text.count('form="bulk"') == 4 and 'id="bulk"' in page.text
    start = next(f for f in page.forms() if f.action == "/bulk/preview")
    assert start.method == "get" and start.fields == {"kind": "mailboxes", "next": boxes.list + "?state=on"}
    shown = preview(admin, "disable", [boxes.admin_id, *boxes.ids], next=start.fields["next"].replace("?", "%3F"))
    assert shown.status == 200 and "Disable 3 mailboxes" in shown.text
    assert "This is your own account." in shown.text and boxes.email(0) in shown.text
    assert '<h2 id="rows-head">These are disabled</h2>' in shown.text
    assert boxes.rows("active") == ((1,),) * 4, "a preview changes nothing"
    assert boxes.lines() == ()
    done = go(admin, shown)
    assert (done.status, done.location) == (303, boxes.list + "?state=on")
    assert boxes.rows("active") == ((1,), (0,), (0,), (0,))
    assert [line[:2] for line in boxes.lines()] == [("mailbox.edit", boxes.email(i)) for i in range(3)]
    back = admin.get(done.location)
    assert "Disabled: 3 mailboxes." in back.text
    assert "Disabled: 3" not in admin.get(boxes.list).text, "told once"


def test_nothing_selected_or_unknown(site, boxes):
    admin = boxes.admin()
    assert "Nothing is selected" in preview(admin, "disable", []).text
    assert "no such way" in preview(admin, "explode", boxes.ids).text
    assert "At most 100" in preview(admin, "disable", range(1, 102)).text
    for members, code in (({"ids": []}, "bulk_empty"), ({"action": "explode"}, "bulk_unknown"), ({"kind": 7}, "bulk_unknown"),
                          ({"ids": list(range(1, 102))}, "bulk_many"), ({"ids": "1"}, "bulk_empty"),
                          ({"colour": "red"}, "unknown_field")):
        got = admin.post_json("/bulk", {"kind": "mailboxes", "action": "disable", "ids": boxes.ids, **members})
        assert got.status == 422 and code in [e["code"] for e in got.json["errors"].values()], got
    for odd in ({"x": 1}, [1], 1.5, None, "zwölf", ""):
        assert bulk(admin, "disable", [odd]).status == 404, odd
    assert boxes.rows("active") == ((1,),) * 4


def test_all_or_nothing(site, boxes):
    other = Boxes(site, 1)
    admin, before = boxes.admin(), boxes.rows()
    got = bulk(admin, "disable", [*boxes.ids, *other.ids])
    assert got.status == 404 and got.json["error"] == "bulk_stale" and got.json["request_id"]
    assert [r["id"] for r in got.json["rows"]] == boxes.ids and [r["id"] for r in got.json["skipped"]] == other.ids
    assert other.email(0) not in got.text, "what he may not know of has no name"
    assert bulk(admin, "disable", [*boxes.ids, boxes.admin_id]).status == 403
    assert bulk(admin, "disable", [boxes.ids[0], f"{boxes.ids[1]}:77"]).status == 409
    assert (boxes.rows(), other.rows("active")) == (before, ((1,), (1,)))


def test_what_changed_since_the_preview_is_told(site, boxes):
    admin = boxes.admin()
    shown = preview(admin, "quota", boxes.ids)
    site.sql("UPDATE virtual_users SET name = 'Else', version = version + 1 WHERE id = %s", boxes.ids[1])
    got = go(admin, shown, quota="2 GB")
    assert got.status == 409 and "so nothing was done" in got.text and "Somebody else changed this" in got.text
    assert boxes.rows("quota_kb") == ((0,),) * 4
    assert go(admin, got, quota="2 GB").status == 303
    assert boxes.rows("quota_kb") == ((0,), (2 << 20,), (0,), (2 << 20,))


def test_the_value_for_all(site, boxes):
    admin = boxes.admin()
    shown = preview(admin, "quota", boxes.ids)
    assert "Change the space of 3 mailboxes" in shown.text
    for typed in ({"quota": "much"}, {"quota": ""}, {}):
        got = admin.post("/bulk", {k: v for k, v in {**shown.form("/bulk").several, **typed}.items() if k != "quota" or typed})
        assert got.status == 422 and 'id="e-quota"' in got.text, typed
    got = bulk(admin, "quota", boxes.ids, quota=5 << 30)
    assert got.status == 200 and [c["id"] for c in got.json["changed"]] == boxes.ids and len(got.json["undo"]) == 3
    assert boxes.rows("quota_kb")[1:] == ((5 << 20,),) * 3
    again = bulk(admin, "quota", boxes.ids, quota=5 << 30)
    assert again.status == 200 and again.json["undo"] == [], "it was so already"


def test_the_same_operation_twice(site, boxes):
    admin = boxes.admin()
    sent = {"kind": "mailboxes", "action": "delete", "ids": boxes.ids[:2]}
    answers = [admin.post_json("/bulk", sent, HTTP_IDEMPOTENCY_KEY="same") for _ in range(2)]
    assert [a.status for a in answers] == [200, 200] and answers[0].json["changed"] == answers[1].json["changed"]
    assert len(boxes.lines("mailbox.delete")) == 2
    assert answers[0].json["undo"] == [], "the deletion of a mailbox is final"


def test_many_deletions_want_their_number(site):
    boxes = Boxes(site, 51)
    admin = boxes.admin()
    shown = preview(admin, "delete", boxes.ids)
    assert '<h2 id="rows-head">These are deleted</h2>' in shown.text
    assert "Delete 51 mailboxes" in shown.text and "This is final" in shown.text and "and 41 more" in shown.text
    assert "current" not in shown.form("/bulk").fields, "the log-in was just now"
    for typed in ("", "50", "all"):
        got = go(admin, shown, count=typed)
        assert got.status == 422 and 'id="e-count"' in got.text
    assert bulk(admin, "delete", boxes.ids).json["errors"].keys() == {"count"}
    assert len(boxes.rows()) == 52
    assert go(admin, shown, count="51").status == 303
    assert len(boxes.rows()) == 1 and len(boxes.lines("mailbox.delete")) == 51


def test_deletions_ask_again(site, boxes):
    admin = boxes.admin()
    site.sql("UPDATE session SET created = created - INTERVAL 6 MINUTE, reauth_at = reauth_at - INTERVAL 6 MINUTE WHERE user_id = %s", boxes.admin_id)
    shown = preview(admin, "delete", boxes.ids)
    assert "current" in shown.form("/bulk").fields
    assert go(admin, shown).status == 422
    assert go(admin, shown, current="not it").status == 422
    assert len(boxes.rows()) == 4
    assert go(admin, shown, current=PASSWORD).status == 303, "checked once for all of them"
    assert len(boxes.rows()) == 1


def test_a_list_in_the_shell(site, boxes):
    names = [boxes.email(i) for i in range(3)]
    done = site.run("mailbox", "disable", *names, as_=f"boss@{boxes.domain}", check=True)
    assert done.stdout.splitlines() == [f"{name} disabled" for name in names]
    assert boxes.rows("active") == ((1,), (0,), (0,), (0,))
    refused = site.run("mailbox", "enable", *names, ADMIN, as_=f"boss@{boxes.domain}")
    assert refused.returncode == 66 and ADMIN in refused.stderr
    assert boxes.rows("active") == ((1,), (0,), (0,), (0,)), "all or none"
    done = site.run("mailbox", "edit", *names[:2], "--quota", "1 GB", "--json", check=True)
    assert [line.count('"email"') for line in done.stdout.splitlines()] == [1, 1]
    assert site.run("mailbox", "delete", *names).returncode == 64
    site.run("mailbox", "delete", *names, "--yes", check=True)
    assert len(boxes.rows()) == 1


# --- back again ---

def undo_form(page):
    return next(f for f in page.forms() if re.match(r"/audit/\d+/undo", f.action))


def test_undo_of_a_switch(site, boxes):
    admin, before = boxes.admin(), boxes.rows()
    page = admin.get(boxes.list)
    switch = next(f for f in page.forms() if f.action.startswith(f"{boxes.list}/u01/edit"))
    admin.post(switch.action, {**switch.fields, "active": "0"})
    assert boxes.rows() != before
    back = admin.get(boxes.list + "?q=u")
    form = undo_form(back)
    assert "is disabled" in back.text and form.method == "post"
    done = admin.post(form.action, form.fields)
    assert (done.status, done.location) == (303, boxes.list + "?q=u")
    assert boxes.rows() == before
    assert "Undone: " in admin.get(done.location).text
    assert [line[0] for line in boxes.lines()] == ["mailbox.edit", "undo"]
    assert admin.post(form.action, {**form.fields, "operation": "another"}).status == 409, "only once"
    assert boxes.rows() == before


def test_undo_of_many(site, boxes):
    admin, before = boxes.admin(), boxes.rows()
    go(admin, preview(admin, "disable", boxes.ids))
    form = undo_form(admin.get(boxes.list))
    assert admin.post(form.action, form.fields).status == 303
    assert boxes.rows() == before and len(boxes.lines("undo")) == 3
    assert "3 changes" in admin.get(boxes.list).text


@pytest.mark.parametrize("change", [{"active": False}, {"quota": 7 << 30}, {"quota": 0}, {"quota": 1536 << 10}, {"quota_messages": 9},
                                    {"name": ""}, {"name": "Ünï \"q\" \\ <b> &amp;"}, {"name": "(hidden)"}, {"name": "no limit"},
                                    {"active": False, "name": "Both", "quota": 1 << 20, "quota_messages": 0}], ids=str)
def test_act_undo_compare(site, change):
    """Whatever was changed is as it was."""
    boxes = Boxes(site, 1)
    admin = boxes.admin()
    site.sql("UPDATE virtual_users SET name = 'Ada \\\\ \"Λ\"', quota_kb = 1234567, quota_messages = 12 WHERE id = %s", boxes.ids[0])
    before, url = boxes.rows(), boxes.list + "/u00"
    version = admin.get(url, json=True).json["mailbox"]["version"]
    done = admin.post_json(url + "/edit", {**change, "version": version})
    assert done.status == 200 and boxes.rows() != before
    undone = admin.post_json(f"/audit/{done.json['undo']}/undo", {})
    assert undone.status == 200, undone
    assert boxes.rows() == before


def newest(site):
    return site.one("SELECT MAX(id) FROM audit")


def edited(site, boxes, visitor, i=0, **change):
    """The number of the line that such a change left."""
    url = f"{boxes.list}/u{i:02}"
    version = visitor.get(url, json=True).json["mailbox"]["version"]
    done = visitor.post_json(url + "/edit", {**change, "version": version})
    assert done.status == 200
    return done.json["undo"]


def test_undo_only_what_is_still_so(site, boxes):
    admin = boxes.admin()
    line = edited(site, boxes, admin, active=False)
    edited(site, boxes, admin, name="Later")
    for way in ("json", "page"):
        got = (admin.post_json(f"/audit/{line}/undo") if way == "json" else admin.post(f"/audit/{line}/undo"))
        assert got.status == 409 and "changed again since" in got.text
    assert boxes.rows("active")[1] == (0,)


def test_undo_only_by_who_did_it_and_soon(site, boxes):
    admin, root = boxes.admin(), site.sign_in()
    line = edited(site, boxes, admin, active=False)
    assert root.post_json(f"/audit/{line}/undo").json["error"] == "undo_others"
    site.make_mailbox(f"aside@{boxes.domain}", administers=[boxes.domain])
    assert site.sign_in(f"aside@{boxes.domain}").post_json(f"/audit/{line}/undo").status == 403
    assert site.sign_in(boxes.email(1)).post_json(f"/audit/{line}/undo").status == 404, "who may not know of the line"
    assert f"/audit/{line}/undo" in admin.get(f"/audit/{line}").text
    assert f"/audit/{line}/undo" not in root.get(f"/audit/{line}").text
    site.sql("UPDATE audit SET at = at - INTERVAL 11 MINUTE WHERE id = %s", line)
    assert admin.post_json(f"/audit/{line}/undo").json["error"] == "undo_late"
    assert f"/audit/{line}/undo" not in admin.get(f"/audit/{line}").text
    assert boxes.rows("active")[1] == (0,)


def test_undo_needs_the_right_of_now(site, boxes):
    """Who lost the domain meanwhile, or whose subject became more than he is, does not get at it again."""
    admin = boxes.admin()
    line = edited(site, boxes, admin, active=False)
    site.sql("UPDATE virtual_users SET admin = 1 WHERE id = %s", boxes.ids[0])
    assert admin.post_json(f"/audit/{line}/undo").status == 403
    site.sql("UPDATE virtual_users SET admin = 0 WHERE id = %s", boxes.ids[0])
    other = edited(site, boxes, admin, 1, active=False)
    site.sql("DELETE FROM domain_admins WHERE user_id = %s", boxes.admin_id)
    assert boxes.admin().post_json(f"/audit/{other}/undo").status in (403, 404)
    assert boxes.rows("active")[1:3] == ((0,), (0,))


def test_no_undo_of_what_is_final(site, boxes):
    admin = boxes.admin()
    assert "undo" not in admin.post_json(f"{boxes.list}/u00/delete").json
    line = newest(site)
    assert admin.post_json(f"/audit/{line}/undo").json["error"] == "undo_final"
    assert "undo" not in admin.get(boxes.list).text.partition('id="said"')[2].partition("</div>")[0]
    edited(site, boxes, admin, 1, active=False)
    undone = admin.post_json(f"/audit/{newest(site)}/undo")
    assert undone.status == 200 and admin.post_json(f"/audit/{newest(site)}/undo").json["error"] == "undo_final", "nor of an undo"


def test_undo_in_the_shell(site, boxes):
    before = boxes.rows()
    site.run("mailbox", "disable", boxes.email(0), boxes.email(1), check=True)
    lines = [str(n) for (n,) in site.sql("SELECT id FROM audit ORDER BY id DESC LIMIT 2")]
    assert site.run("audit", "undo", *lines, as_=ADMIN).returncode == 77
    done = site.run("audit", "undo", *lines, "--json", check=True)
    assert done.stdout.count('"name"') == 2 and boxes.rows() == before
    assert site.run("audit", "undo", *lines).returncode == 73


# --- every way back, against the database ---

STATE = {"virtual_users": "domain_id, user, active, name, quota_kb, quota_messages, policy_id, password, maildir",
         "virtual_aliases": "domain_id, source, destination, active, email", "virtual_domains": "name, description, policy_id",
         "relay_domains": "domain, recipients, transport, description", "relay_recipients": "relay_domain_id, user, email",
         "domain_access": "domain, state, comment", "ip_access": "ip, state, comment",
         "domain_counts": "domain_id, mailboxes, aliases"}


def state(site):
    """All that undo may touch, without what each change moves on (ids, versions, times)."""
    return {table: sorted(site.sql(f"SELECT {columns} FROM {table}"), key=repr) for table, columns in STATE.items()}


class Scene:
    """What the acts below are done to, by a server admin."""

    def __init__(self, site):
        self.site, self.n = site, next(COUNT)
        self.boxes = Boxes(site, 2)
        self.domain, self.admin = self.boxes.domain, site.sign_in()
        self.policies = [self.made("/policies/new", name=f"Policy {i} of {self.n}", offered=True)["id"] for i in range(2)]
        self.relay = self.made("/relays/new", domain=f"bulk-relay{self.n}.example", recipients="list")["domain"]
        self.send(f"/relays/{self.relay}/recipients", addresses="one")
        self.aliases = f"/domains/{self.domain}/aliases"
        self.alias = self.made(self.aliases + "/new", source="sales", destinations=[self.boxes.email(0), self.boxes.email(1), "x@far.example"],
                               description="Who \"sells\"")["id"]

    def send(self, path, who=None, **members):
        answer = (who or self.admin).post_json(path, members)
        assert answer.status in (200, 201), answer
        return answer.json

    def made(self, path, **members):
        return self.send(path, **members)

    def version(self, path, word):
        return self.admin.get(path, json=True).json[word]["version"]

    def edit_alias(self, **members):
        path = f"{self.aliases}/{self.alias}"
        return self.send(path + "/edit", version=self.version(path, "alias"), **members)

    def owner(self):
        return self.site.sign_in(self.boxes.email(0))


ACTS = {
    "alias added": lambda s: s.made(s.aliases + "/new", source="new", destinations=["a@far.example"]),
    "alias off": lambda s: s.edit_alias(active=False),
    "alias led elsewhere": lambda s: s.edit_alias(destinations=["b@far.example"], description=""),
    "alias deleted": lambda s: s.send(f"{s.aliases}/{s.alias}/delete"),
    "policy of a mailbox": lambda s: s.send(f"{s.boxes.list}/u00/spam", policy=s.policies[0]),
    "policy of a domain": lambda s: s.send(f"/domains/{s.domain}/policy", policy=s.policies[1]),
    "address of a relay domain added": lambda s: s.send(f"/relays/{s.relay}/recipients", addresses="two"),
    "address of a relay domain removed": lambda s: s.send(f"/relays/{s.relay}/recipients/remove", address="one"),
}


@pytest.mark.parametrize("name", ACTS)
def test_act_undo_compare_everything(site, name):
    scene = Scene(site)
    before = state(site)
    ACTS[name](scene)
    assert state(site) != before
    answer = scene.admin.post_json(f"/audit/{newest(site)}/undo")
    assert answer.status == 200, answer
    assert state(site) == before
    again = scene.admin.post_json(f"/audit/{newest(site) - 1}/undo")
    assert again.status in (200, 404, 409) and state(site) == before, again   # 200: it was there already


def test_undo_of_ones_own_choice(site):
    scene = Scene(site)
    owner = scene.owner()
    scene.send("/me/spam", who=owner, policy=scene.policies[0])
    before = state(site)
    scene.send("/me/spam", who=owner, policy=scene.policies[1])
    assert state(site) != before
    form = owner.get("/me/spam")
    assert owner.post_json(f"/audit/{newest(site)}/undo").status == 200 and form.status == 200
    assert state(site) == before
    scene.send("/me/spam", who=owner, policy=scene.policies[1])
    line = newest(site)
    site.sql("UPDATE policies SET policy_name = 'Renamed', version = version + 1 WHERE id = %s", scene.policies[0])
    assert owner.post_json(f"/audit/{line}/undo").status == 409, "there is none of that name any more"


def test_policies_aliases_and_relay_domains_at_once(site):
    scene = Scene(site)
    shown = preview(scene.admin, "policy", scene.boxes.ids)
    assert f"Policy 1 of {scene.n}" in shown.text and "<select" in shown.text
    before = state(site)
    assert go(scene.admin, shown, policy=str(scene.policies[1])).status == 303
    assert set(scene.boxes.rows("policy_id")[1:]) == {(scene.policies[1],)}
    form = undo_form(scene.admin.get(scene.boxes.list))
    assert scene.admin.post(form.action, form.fields).status == 303 and state(site) == before
    got = scene.admin.post_json("/bulk", {"kind": "aliases", "action": "delete", "ids": [scene.alias]})
    assert got.status == 200 and len(got.json["undo"]) == 1
    assert scene.admin.post_json(f"/audit/{got.json['undo'][0]}/undo").status == 200 and state(site) == before
    listed = scene.admin.get("/relays?q=" + scene.relay)
    relay = re.search(r'name="id" value="(\d+)"', listed.text)[1]
    got = scene.admin.post_json("/bulk", {"kind": "relays", "action": "delete", "ids": [int(relay)]})
    assert got.status == 200 and got.json["undo"] == []
    assert scene.admin.get("/relays?q=" + scene.relay).text.count('id="bulk"') == 0, "nothing to select"


# --- policies and domains ---

def ids_of(site, table, column, *names):
    return [site.sql(f"SELECT id FROM {table} WHERE {column} = %s", n)[0][0] for n in names]


@pytest.fixture
def shelf(site):
    """Policies: the first is a mailbox', the second a domain's, the others nobody's."""
    n = next(COUNT)
    names = [f"Shelf {n} {c}" for c in "abcd"]
    for name in names:
        site.sql("INSERT INTO policies (policy_name) VALUES (%s)", name)
    domain = f"shelf{n}.example"
    site.make_domain(domain)
    site.make_mailbox(f"u@{domain}")
    ids = ids_of(site, "policies", "policy_name", *names)
    site.sql("UPDATE virtual_users SET policy_id = %s WHERE email = %s", ids[0], f"u@{domain}")
    site.sql("UPDATE virtual_domains SET policy_id = %s WHERE name = %s", ids[1], domain)
    return names, ids, domain


def send(visitor, kind, action, ids, **more):
    return visitor.post_json("/bulk", {"kind": kind, "action": action, "ids": ids, **more})


def offered(site, ids):
    return [site.sql("SELECT offered FROM policies WHERE id = %s", i)[0][0] for i in ids]


def test_policies_that_somebody_uses_stay(site, shelf):
    names, ids, domain = shelf
    admin = site.sign_in()
    listed = admin.get(f"/policies?q={names[0][:-1].upper()}")
    assert re.findall(r'class="pick"[^>]*value="(\d+)"', listed.text) == [str(i) for i in ids]
    query = "&".join(["kind=policies", "action=delete", *(f"id={i}" for i in ids)])
    shown = admin.get("/bulk/preview?" + query)
    kept, gone = shown.text.partition("These stay as they are")[::2][::-1]
    assert f"u@{domain}" in kept and domain in kept and "Delete 2 policies" in shown.text
    for name, there in zip(names, (True, True, False, False)):
        assert (name in kept) == there and (name in gone.partition("<main")[2]) != there
    refused = send(admin, "policies", "delete", ids)
    assert refused.status == 409 and {r["id"] for r in refused.json["skipped"]} == set(ids[:2])
    assert go(admin, shown).status == 303
    assert [i for i in ids if site.sql("SELECT 1 FROM policies WHERE id = %s", i)] == ids[:2]


def test_policies_are_offered_and_withheld(site, shelf):
    admin = site.sign_in()
    ids = shelf[1]
    before = offered(site, ids)
    done = send(admin, "policies", "withhold", ids)
    assert done.status == 200 and offered(site, ids) == [0] * 4
    for line in done.json["undo"]:
        assert admin.post_json(f"/audit/{line}/undo").status == 200
    assert offered(site, ids) == before == [1] * 4
    names = shelf[0]
    site.run("policy", "edit", *names, "--offered", "0", check=True)
    assert offered(site, ids) == [0] * 4
    assert site.run("policy", "delete", *names, "--yes").returncode != 0 and len(offered(site, ids)) == 4
    assert site.run("policy", "delete", *names[2:], "--yes", check=True).stdout == f"{names[2]} deleted\n{names[3]} deleted\n"


@pytest.fixture
def estate(site):
    """Three domains and whom they may be given to."""
    n = next(COUNT)
    names = [f"estate{n}{c}.example" for c in "abc"]
    for name in names:
        site.make_domain(name)
    boss = f"boss@{names[0]}"
    site.make_mailbox(boss, administers=names[:2])
    site.make_mailbox(f"heir@{names[2]}")
    return names, ids_of(site, "virtual_domains", "name", *names), boss, f"heir@{names[2]}"


def limits(site, names):
    return [site.sql("SELECT limit_mailboxes, limit_aliases, limit_quota_kb, quota_most_kb, quota_default_kb FROM virtual_domains"
                     " WHERE name = %s", n)[0] for n in names]


def test_limits_of_several_domains(site, estate):
    names, ids, boss, _ = estate
    admin = site.sign_in()
    site.sql("UPDATE virtual_domains SET limit_aliases = 7, quota_default_kb = 4096 WHERE id = %s", ids[1])
    listed = admin.get(f"/domains?q={names[0][:-9]}")
    assert re.findall(r'class="pick"[^>]*value="(\d+)"', listed.text) == [str(i) for i in ids]
    shown = admin.get("/bulk/preview?kind=domains&action=limits&" + "&".join(f"id={i}" for i in ids))
    assert "Change the limits of 3 domains" in shown.text and "now: Aliases at most: 7, Space of a new mailbox: 4 MB" in shown.text
    nothing = go(admin, shown)
    assert nothing.status == 422 and "Type at least one of these." in nothing.text
    before = limits(site, names)
    odd = go(admin, shown, limit_mailboxes="many")
    assert odd.status == 422 and 'value="many"' in odd.text and limits(site, names) == before
    assert go(admin, shown, limit_mailboxes="12", limit_aliases="").status == 303
    assert limits(site, names) == [(12, 0, 0, 0, 0), (12, 7, 0, 0, 4096), (12, 0, 0, 0, 0)]
    some = send(admin, "domains", "limits", ids, quota_most=1 << 20)   # less than what a new mailbox gets in one of them
    assert some.status == 409 and [r["id"] for r in some.json["skipped"]] == [ids[1]] and "4 MB" not in str(limits(site, names))
    assert limits(site, names)[0] == (12, 0, 0, 0, 0)
    assert send(admin, "domains", "limits", ids, quota_most=1 << 20, quota_default=1 << 20, limit_aliases=0).status == 200
    assert limits(site, names) == [(12, 0, 0, 1024, 1024)] * 3
    site.run("domain", "edit", *names, "--limit-quota", "1 GB", check=True)
    assert limits(site, names) == [(12, 0, 1 << 20, 1024, 1024)] * 3
    assert len(site.sql("SELECT 1 FROM audit WHERE action = 'domain.edit' AND object = %s AND outcome = 'done'", names[2])) == 3


def test_a_domain_admin_lifts_no_limit_of_several(site, estate):
    names, ids, boss, _ = estate
    visitor = site.sign_in(boss)
    before = limits(site, names)
    buttons = re.findall(r'name="action" value="([^"]+)"', visitor.get("/domains").text)
    assert buttons == ["policy"]
    assert send(visitor, "domains", "limits", ids[:2], limit_mailboxes=99).status == 422
    for action, more in (("admin", {"address": boss}), ("admin-remove", {"address": boss})):
        sent = send(visitor, "domains", action, ids[:2], **more)
        assert sent.status == 422 and sent.json["errors"]["address"]["code"] == "unknown_field"
        assert send(visitor, "domains", action, ids[:2]).status == 403
    chosen = send(visitor, "domains", "policy", ids, policy=None)
    assert chosen.status in (403, 404) and limits(site, names) == before, "one of them is not his"


def administered(site, email):
    return [n for (n,) in site.sql("SELECT d.name FROM domain_admins a JOIN virtual_domains d ON d.id = a.domain_id"
                                   " JOIN virtual_users u ON u.id = a.user_id WHERE u.email = %s ORDER BY d.name", email)]


def test_an_administrator_for_several_domains(site, estate):
    names, ids, boss, heir = estate
    admin = site.sign_in()
    shown = admin.get("/bulk/preview?kind=domains&action=admin&" + "&".join(f"id={i}" for i in ids))
    assert "Add an administrator to 3 domains" in shown.text and "These stay" not in shown.text
    assert go(admin, shown).status == 422
    nobody = go(admin, shown, address="nobody@far.example")
    assert nobody.status == 422 and "These stay" not in nobody.text and 'value="nobody@far.example"' in nobody.text
    already = go(admin, shown, address=boss)
    assert already.status == 409 and "Add an administrator to 1 domain" in already.text and administered(site, boss) == names[:2]
    assert already.text.partition("These stay as they are")[2].count("already") >= 2
    assert go(admin, already, address=boss).status == 303 and administered(site, boss) == names
    assert send(admin, "domains", "admin", ids, address=heir).status == 200 and administered(site, heir) == names
    assert send(admin, "domains", "admin-remove", ids[1:], address=heir).status == 200 and administered(site, heir) == names[:1]
    refused = site.run("admin", "add", heir, *names[::-1])
    assert refused.returncode != 0 and f"{names[0]}: address: " in refused.stderr and administered(site, heir) == names[:1], "all or none"
    site.run("admin", "add", heir, *names[1:], check=True)
    assert administered(site, heir) == names
    site.run("admin", "delete", heir, *names, "--yes", check=True)
    assert administered(site, heir) == []


def test_a_policy_for_several_domains(site, estate, shelf):
    names, ids, boss, _ = estate
    policies = shelf[0]

    def chosen():
        return [site.sql("SELECT p.policy_name FROM virtual_domains d LEFT JOIN policies p ON p.id = d.policy_id WHERE d.name = %s", n)[0][0]
                for n in names]
    visitor = site.sign_in(boss)
    done = send(visitor, "domains", "policy", ids[:2], policy=shelf[1][2])
    assert done.status == 200 and chosen() == [policies[2], policies[2], None]
    for line in done.json["undo"]:
        assert visitor.post_json(f"/audit/{line}/undo").status == 200
    assert chosen() == [None] * 3
    site.run("policy", "choose", *names, policies[3], check=True)
    assert chosen() == [policies[3]] * 3
    assert site.run("policy", "choose", names[0], "nowhere.example", policies[2]).returncode != 0 and chosen() == [policies[3]] * 3
    site.run("policy", "choose", *names, "-", check=True)
    assert chosen() == [None] * 3
