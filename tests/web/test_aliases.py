# SPDX-License-Identifier: GPL-3.0-or-later
"""Aliases by page, JSON and shell: what is stored, what is refused and why, what is only warned about, circles
that two people close together, catch-alls, lists."""
import itertools
import json
import threading

import pytest

COUNT = itertools.count(1)


class Place:
    """Two domains of their own, each with a mailbox ada, and who administers the first."""

    def __init__(self, site):
        self.site, n = site, next(COUNT)
        self.one, self.two = f"al{n}.example", f"be{n}.example"
        for name in (self.one, self.two):
            site.make_domain(name)
            site.make_mailbox(f"ada@{name}")
        site.make_mailbox(f"chief@{self.one}", administers=(self.one,))

    def url(self, rest="", domain=None):
        return f"/domains/{domain or self.one}/aliases{rest}"

    def add(self, who, source, *destinations, domain=None, **more):
        return who.post_json(self.url("/new", domain), {"source": source, "destinations": list(destinations), **more})

    def edit(self, who, made, **members):
        return who.post_json(self.url(f"/{made['id']}/edit", made["domain"]), {"version": made["version"], **members})

    def delete(self, who, made):
        return who.post_json(self.url(f"/{made['id']}/delete", made["domain"]), {"version": made["version"]})

    def rows(self, source, domain=None):
        return [row[0] for row in self.site.sql("SELECT destination FROM virtual_aliases WHERE email = %s ORDER BY id",
                                                f"{source}@{domain or self.one}")]

    def chief(self):
        return self.site.sign_in(f"chief@{self.one}")

    def count(self, domain=None):
        return self.site.one("SELECT c.aliases FROM domain_counts c JOIN virtual_domains d ON d.id = c.domain_id"
                             " WHERE d.name = %s", domain or self.one)


@pytest.fixture
def place(site):
    return Place(site)


def made(answer):
    assert answer.status in (200, 201), answer
    return answer.json


def wrong(answer, field, code, status=422):
    """The error at that field."""
    assert answer.status == status, answer
    error = answer.json["errors"][field]
    assert error["code"] == code, answer.json
    return error


# --- what is stored ---

def test_one_alias_has_several_rows(place, admin):
    one = made(place.add(admin, "Sales", f"ada@{place.one}", "Joe.Doe@Elsewhere.EXAMPLE", f"ADA@{place.two}", f"ada@{place.one}",
                         description="Orders"))
    wanted = [f"ada@{place.one}", "Joe.Doe@elsewhere.example", f"ada@{place.two}"]
    assert place.rows("sales") == wanted and one["destinations"] == wanted
    assert one["email"] == f"sales@{place.one}" and one["version"] == 1 and one["kind"] == "alias" and one["more"] == 0
    assert one["description"] == "Orders" and one["active"] and not one["keep_copy"] and place.count() == 1
    two = made(place.edit(admin, one, destinations=[f"ada@{place.two}", f"chief@{place.one}"]))
    assert two["id"] == one["id"] and two["version"] == 2
    assert place.rows("sales") == [f"ada@{place.two}", f"chief@{place.one}"]
    three = made(place.edit(admin, two, active=False, description="Closed", source="shop"))
    assert three["id"] == one["id"] and three["version"] == 3 and place.rows("sales") == []
    assert place.site.sql("SELECT DISTINCT active, description, version, source FROM virtual_aliases WHERE email = %s",
                          f"shop@{place.one}") == ((0, "Closed", 3, "shop"),)
    four = made(place.edit(admin, three, destinations=[f"ada@{place.one}", f"ada@{place.two}", "x@elsewhere.example"], active=True))
    assert four["version"] == 4 and place.site.sql(
        "SELECT DISTINCT active, version FROM virtual_aliases WHERE email = %s", f"shop@{place.one}") == ((1, 4),)
    assert made(place.edit(admin, four, description="Closed"))["version"] == 4   # nothing differs
    stale = place.edit(admin, three, description="Other")
    assert stale.status == 409 and stale.json["version"] == 4
    assert place.count() == 1
    assert made(place.delete(admin, four))["deleted"] and place.rows("shop") == [] and place.count() == 0


def test_audit_lines_tell_what_changed(place, admin):
    one = made(place.add(admin, "sales", f"ada@{place.one}"))
    made(place.edit(admin, one, destinations=[f"ada@{place.two}"], active=False))
    lines = place.site.sql("SELECT action, object, before_json, after_json FROM audit WHERE object_kind = 'alias' AND object_id = %s"
                           " ORDER BY id", one["id"])
    assert [(action, name) for action, name, *_ in lines] == [("alias.add", f"sales@{place.one}"),
                                                              ("alias.edit", f"sales@{place.one}")]
    assert json.loads(lines[0][3])["destinations"] == f"ada@{place.one}"
    assert json.loads(lines[1][2]) == {"destinations": f"ada@{place.one}", "active": "1"}
    assert json.loads(lines[1][3]) == {"destinations": f"ada@{place.two}", "active": "0"}


def test_each_line_is_judged_by_itself(place, admin):
    answer = place.add(admin, "sales", f"ada@{place.one}", "nowhere", "a b@c.example", "two@x.example\nthree@x.example",
                       'q"@c.example', "ok@c.example")
    error = wrong(answer, "destinations", "lines_wrong")
    assert "2, 3, 4, 5" in error["text"]
    assert [(line["line"], line["verdict"]) for line in error["lines"]] == [
        (1, "good"), (2, "wrong"), (3, "wrong"), (4, "wrong"), (5, "wrong"), (6, "good")]
    assert "has an @" in error["lines"][1]["said"] and error["lines"][1]["text"] == "nowhere"
    assert place.rows("sales") == []
    page = admin.post(place.url("/new"), {"source": "sales", "destinations": f"ada@{place.one}\nnowhere, <x@y.example>"})
    assert page.status == 422 and "nowhere" in page.text and "Not right" in page.text and "Error: " in page.text
    done = admin.post(place.url("/new"), {"source": "sales", "destinations": f"ada@{place.one}\r\n\r\n b@c.example , <x@y.example>\r\n"})
    assert done.status == 303 and place.rows("sales") == [f"ada@{place.one}", "b@c.example", "x@y.example"]


@pytest.mark.parametrize("sent, field, code", [
    ({"destinations": []}, "destinations", "required"),
    ({"destinations": "x@y.example"}, "destinations", "wrong_type"),
    ({"destinations": [1]}, "destinations", "lines_wrong"),
    ({"destinations": [f"a{n}@y.example" for n in range(101)]}, "destinations", "alias_too_many"),
    ({"destinations": ["@y.example"]}, "destinations", "lines_wrong"),
    ({"destinations": ["a" * 64 + "@" + ".".join(["b" * 60] * 4)]}, "destinations", "lines_wrong"),
    ({"source": "", "destinations": ["x@y.example"]}, "source", "required"),
    ({"source": "a+b", "destinations": ["x@y.example"]}, "source", "local_part_delimiter"),
    ({"source": "x", "catch_all": True, "destinations": ["x@y.example"]}, "source", "catch_all_named"),
    ({"source": "x", "keep_copy": True, "destinations": ["x@y.example"]}, "keep_copy", "keep_copy_nowhere"),
    ({"source": "self", "destinations": ["self@ONE", "x@y.example"]}, "destinations", "alias_to_itself"),
    ({"source": "x", "description": "a\nb", "destinations": ["x@y.example"]}, "description", "control_character"),
], ids=lambda v: v if isinstance(v, str) else None)
def test_what_cannot_be_taken(place, admin, sent, field, code):
    if "self" in sent.values():
        sent = {**sent, "destinations": [each.replace("ONE", place.one) for each in sent["destinations"]]}
    wrong(admin.post_json(place.url("/new"), {"source": "sales", **sent}), field, code)
    assert place.count() == 0


def test_a_hundred_destinations_and_odd_ones(place, admin):
    odd = ["a+b@c.example", "o'brien/x=1!%*@c.example", "{curly}|~@c.example", "Case@c.example", "case@c.example"]
    many = odd + [f"n{n}@y.example" for n in range(95)]
    one = made(place.add(admin, "many", *many))
    assert place.rows("many") == many and len(one["destinations"]) == 100
    listed = admin.get(place.url(), json=True).json["rows"][0]
    assert listed["destinations"] == many[:5] and listed["more"] == 95
    assert made(place.edit(admin, one, description="x"))["destinations"] == many


def test_names_are_taken_once(place, admin):
    made(place.add(admin, "sales", f"ada@{place.one}"))
    wrong(place.add(admin, "SALES", "x@y.example"), "source", "alias_taken", 409)
    other = made(place.add(admin, "shop", "x@y.example"))
    wrong(place.edit(admin, other, source="sales"), "source", "alias_taken", 409)
    made(place.add(admin, "", f"ada@{place.one}", catch_all=True))
    wrong(place.add(admin, "", "x@y.example", catch_all=True), "catch_all", "catch_all_taken", 409)


# --- circles ---

def circle(answer, *steps):
    error = wrong(answer, "destinations", "alias_circle")
    assert " → ".join(steps) in error["text"], error


def test_circles_are_refused_with_their_steps(place, admin):
    one, two = place.one, place.two
    made(place.add(admin, "a", f"b@{two}"))
    circle(place.add(admin, "b", f"x@elsewhere.example", f"a@{one}", domain=two), f"b@{two}", f"a@{one}", f"b@{two}")
    assert place.rows("b", two) == []
    made(place.add(admin, "b", f"c@{one}", domain=two))
    circle(place.add(admin, "c", f"a+tag@{one}"), f"c@{one}", f"a+tag@{one}", f"b@{two}", f"c@{one}")
    harmless = made(place.add(admin, "c", f"ada@{one}"))
    circle(place.edit(admin, harmless, destinations=[f"A@{one.upper()}"]), f"c@{one}", f"a@{one}", f"b@{two}", f"c@{one}")
    moved = place.edit(admin, harmless, source="d")
    assert moved.status == 200
    circle(place.edit(admin, made(moved), source="c", destinations=[f"b@{two}"]), f"c@{one}", f"b@{two}", f"c@{one}")


def test_circles_through_catch_alls(place, admin):
    one, two = place.one, place.two
    wrong(place.add(admin, "", f"nobody@{one}", catch_all=True), "destinations", "alias_circle")
    made(place.add(admin, "", f"x@{two}", catch_all=True))
    circle(place.add(admin, "x", f"anything@{one}", domain=two), f"x@{two}", f"anything@{one}", f"x@{two}")
    made(place.add(admin, "x", f"ada@{one}", domain=two))   # a mailbox stops the catch-all
    # a name that is taken away falls to the catch-all
    stop = made(place.add(admin, "stop", "y@elsewhere.example"))
    made(place.add(admin, "w", f"stop@{one}", domain=two))
    way = made(admin.get(place.url(f"/{place.site.one('SELECT id FROM virtual_aliases WHERE email = %s', f'x@{two}')}", two),
                         json=True))["alias"]
    made(place.edit(admin, way, destinations=[f"w@{two}"]))
    answer = place.delete(admin, stop)
    assert answer.status == 422 and answer.json["errors"][""]["code"] == "alias_circle", answer
    off = place.edit(admin, stop, active=False)
    assert off.status == 422 and "alias_circle" in off.text
    assert place.rows("stop") == ["y@elsewhere.example"]


def test_a_mailbox_that_stops_a_circle_stays(place, admin):
    one, two = place.one, place.two
    place.site.make_mailbox(f"wall@{one}")
    made(place.add(admin, "", f"x@{two}", catch_all=True))
    made(place.add(admin, "x", f"wall@{one}", domain=two))
    answer = admin.post_json(f"/domains/{one}/mailboxes/wall/delete", {})
    assert answer.status == 422 and answer.json["errors"][""]["code"] == "alias_circle", answer
    assert place.site.one("SELECT COUNT(*) FROM virtual_users WHERE email = %s", f"wall@{one}") == 1


def test_a_new_name_that_closes_a_circle(place, admin):
    made(place.add(admin, "a", f"b@new-{place.two}"))   # elsewhere, as yet
    made(place.add(admin, "b", f"a@{place.one}", domain=place.two))
    version = admin.get(f"/domains/{place.two}", json=True).json["domain"]["version"]
    rename = {"name": f"new-{place.two}", "version": version}
    assert "a@" in wrong(admin.post_json(f"/domains/{place.two}/edit", rename), "name", "alias_circle")["text"]
    place.site.sql("DELETE FROM virtual_aliases WHERE email = %s", f"b@{place.two}")
    assert admin.post_json(f"/domains/{place.two}/edit", rename).status == 200


def test_a_disabled_alias_is_no_step_until_it_is_enabled(place, admin):
    one = made(place.add(admin, "a", f"b@{place.one}", active=False))
    made(place.add(admin, "b", f"a@{place.one}"))
    wrong(place.edit(admin, one, active=True), "destinations", "alias_circle")


def test_circles_of_other_domains_are_not_told(place, admin):
    chief = place.chief()
    made(place.add(admin, "secret", f"hidden@{place.two}", domain=place.two))
    made(place.add(admin, "hidden", f"a@{place.one}", domain=place.two))
    error = wrong(place.add(chief, "a", f"secret@{place.two}"), "destinations", "alias_circle")
    assert "hidden" not in error["text"] and f"a@{place.one} → … → a@{place.one}" in error["text"], error


def test_chains_have_an_end(place, admin):
    made(place.add(admin, "s0", "x@elsewhere.example"))
    for n in range(1, 20):
        made(place.add(admin, f"s{n}", f"s{n - 1}@{place.one}"))
    wrong(place.add(admin, "s20", f"s19@{place.one}"), "destinations", "alias_deep")


def test_two_halves_of_a_circle_at_once(place, admin):
    other = place.site.sign_in()
    for n in range(6):
        barrier, answers = threading.Barrier(2), [None, None]

        def half(at, who, source, target, domain):
            barrier.wait()
            answers[at] = place.add(who, source, target, domain=domain)

        threads = [threading.Thread(target=half, args=args) for args in (
            (0, admin, f"a{n}", f"b{n}@{place.two}", place.one), (1, other, f"b{n}", f"a{n}@{place.one}", place.two))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(a.status for a in answers) == [201, 422], answers


# --- what is only warned about ---

def warnings(answer):
    return {(w["code"], w["text"].partition("@")[0].rpartition(" ")[2]) for w in made(answer)["warnings"]}


def test_dead_ends_are_saved_and_told(place, admin):
    place.site.make_mailbox(f"off@{place.one}", active=0)
    answer = place.add(admin, "sales", f"ghost@{place.one}", f"off@{place.one}", f"ada@{place.one}", "x@elsewhere.example")
    assert warnings(answer) == {("alias_dead_end", "ghost"), ("alias_to_disabled", "off")}
    assert [t["state"] for t in answer.json["targets"]] == ["dead", "disabled", "mailbox", "elsewhere"]
    page = admin.get(place.url(f"/{answer.json['id']}"))
    assert "There is no address ghost@" in page.text and "is disabled: its mail is refused" in page.text
    made(place.add(admin, "", f"ada@{place.one}", catch_all=True))
    shown = made(admin.get(place.url(f"/{answer.json['id']}"), json=True))
    assert [t["state"] for t in shown["targets"]] == ["catchall", "disabled", "mailbox", "elsewhere"]


def test_a_circle_that_was_made_by_hand_is_told(place, admin):
    one = made(place.add(admin, "a", f"b@{place.one}"))
    place.site.sql("INSERT INTO virtual_aliases (domain_id, source, destination) SELECT id, 'b', %s FROM virtual_domains WHERE name = %s",
                   f"a@{place.one}", place.one)
    assert [w["code"] for w in made(admin.get(place.url(f"/{one['id']}"), json=True))["warnings"]] == ["alias_circle"]
    assert "round in a circle" in place.site.run("alias", "show", f"a@{place.one}", check=True).stderr
    assert place.delete(admin, one).status == 200   # to mend it is not refused


def test_other_peoples_addresses_are_elsewhere(place):
    """Who administers one domain learns nothing of what there is in another."""
    answer = place.add(place.chief(), "sales", f"ada@{place.two}", f"ghost@{place.two}", f"ghost@{place.one}")
    assert [t["state"] for t in made(answer)["targets"]] == ["elsewhere", "elsewhere", "dead"]


def test_a_shadowed_mailbox_and_its_copy(place, admin):
    one = place.add(admin, "ada", "x@elsewhere.example")
    assert warnings(one) == {("alias_shadows", "ada")}
    page = admin.get(place.url(f"/{one.json['id']}"))
    button = page.form(place.url(f"/{one.json['id']}/edit"))
    assert "Keep a copy" in page.text and "gets nothing" in page.text
    kept = admin.post(place.url(f"/{one.json['id']}/edit"), {"keep_copy": 1, "version": button.fields["version"]})
    assert kept.status == 303 and place.rows("ada") == ["x@elsewhere.example", f"ada@{place.one}"]
    shown = made(admin.get(place.url(f"/{one.json['id']}"), json=True))
    assert shown["warnings"] == [] and shown["alias"]["keep_copy"]
    assert shown["alias"]["destinations"] == ["x@elsewhere.example"] and shown["alias"]["version"] == 2
    again = made(place.edit(admin, shown["alias"], destinations=["z@elsewhere.example"]))
    assert place.rows("ada") == ["z@elsewhere.example", f"ada@{place.one}"] and again["keep_copy"]
    none = made(place.edit(admin, again, keep_copy=False))
    assert place.rows("ada") == ["z@elsewhere.example"]
    back = made(place.edit(admin, none, destinations=[f"Ada@{place.one}", "z@elsewhere.example"]))   # its own address is a copy
    assert back["keep_copy"] and back["destinations"] == ["z@elsewhere.example"]
    box = admin.get(f"/domains/{place.one}/mailboxes/ada", json=True).json
    assert box["alias"]["id"] == back["id"] and box["aliases"] == []


def test_a_copy_with_its_mailbox_gone_is_told(place, admin):
    made(admin.post_json(f"/domains/{place.one}/mailboxes/new", {"local_part": "left"}))
    one = made(place.add(admin, "left", "x@elsewhere.example", keep_copy=True))
    assert one["warnings"] == [] and one["keep_copy"]
    assert admin.post_json(f"/domains/{place.one}/mailboxes/left/delete", {"version": 1}).status == 200
    shown = made(admin.get(place.url(f"/{one['id']}"), json=True))
    assert [w["code"] for w in shown["warnings"]] == ["keep_copy_gone"]
    assert f"no mailbox left@{place.one} any more" in place.site.run("alias", "show", f"left@{place.one}").stderr
    done = made(place.edit(admin, shown["alias"], keep_copy=False))
    assert done["warnings"] == [] and place.rows("left") == ["x@elsewhere.example"]


def test_the_mailboxs_page_tells_what_leads_there(place, admin):
    for n in range(3):
        made(place.add(admin, f"in{n}", f"ada@{place.one}"))
    page = admin.get(f"/domains/{place.one}/mailboxes/ada")
    box = admin.get(f"/domains/{place.one}/mailboxes/ada", json=True).json
    assert [a["source"] for a in box["aliases"]] == ["in0", "in1", "in2"] and "alias" not in box
    assert f"/domains/{place.one}/aliases/new?source=ada" in page.text
    form = admin.get(place.url("/new?source=ada")).form(place.url("/new"))
    assert form.fields["source"] == "ada" and form.fields["keep_copy"] == "1"


# --- who may ---

def test_a_catch_all_is_a_right_of_its_own(place, admin):
    chief = place.chief()
    to = {"destinations": [f"ada@{place.one}"]}
    form = chief.get(place.url("/new")).form(place.url("/new"))
    assert "catch_all" not in form.fields and "catch_all" in admin.get(place.url("/new")).form(place.url("/new")).fields
    for sent in ({"source": "", **to}, {"source": "", "catch_all": True, **to}, {"catch_all": True, **to}):
        assert chief.post_json(place.url("/new"), sent).status == 422
        fields = {k: "\n".join(v) if isinstance(v, list) else int(v) if isinstance(v, bool) else v for k, v in sent.items()}
        assert chief.post(place.url("/new"), fields).status == 422
    mine = made(place.add(chief, "sales", f"ada@{place.one}"))
    for sent in ({"source": ""}, {"source": "", "catch_all": True}, {"catch_all": True}):
        assert place.edit(chief, mine, **sent).status == 422
    assert place.rows("") == [] and place.rows("sales") == [f"ada@{place.one}"]
    caught = made(place.edit(admin, mine, source="", catch_all=True))
    assert caught["kind"] == "catchall" and caught["email"] == f"@{place.one}" and caught["id"] == mine["id"]
    for answer in (place.edit(chief, caught, active=False), place.edit(chief, caught, source="sales", catch_all=False),
                   place.delete(chief, caught)):
        assert answer.status == 403 and "catch-all takes the mail" in answer.text, answer
    for words in (("add", f"@{place.one}", "x@y.example"), ("edit", f"@{place.one}", "--description", "x"),
                  ("delete", f"@{place.one}", "--yes"), ("disable", f"@{place.one}")):
        assert place.site.run("alias", *words, as_=f"chief@{place.one}").returncode == 77
    assert place.rows("") == [f"ada@{place.one}"]


def test_an_alias_at_an_accounts_address_is_for_who_may_touch_it(place, admin):
    chief = place.chief()
    place.site.make_mailbox(f"boss@{place.one}", level=1)
    place.site.make_mailbox(f"both@{place.one}", administers=(place.one, place.two))
    to = "x@elsewhere.example"
    for name in ("boss", "both"):
        answer = place.add(chief, name, to)
        assert answer.status == 403 and "where its mail goes" in answer.text, answer
    mine = made(place.add(chief, "mine", to))
    assert place.edit(chief, mine, source="boss").status == 403 and place.edit(chief, mine, source="both").status == 403
    assert place.rows("mine") == [to]
    there = made(place.add(admin, "boss", to))
    for answer in (place.edit(chief, there, destinations=[f"chief@{place.one}"]), place.edit(chief, there, active=False),
                   place.edit(chief, there, source="free"), place.delete(chief, there)):
        assert answer.status == 403, answer
    listed = {a["source"]: a for a in chief.get(place.url(), json=True).json["rows"]}
    assert set(listed) == {"boss", "mine"}
    page = chief.get(place.url())
    assert f"/{mine['id']}/edit" in page.text and f"/{there['id']}/edit" not in page.text
    assert made(place.add(chief, "chief", to, keep_copy=True))["keep_copy"]   # his own
    lines = place.site.sql("SELECT COUNT(*) FROM audit WHERE action LIKE 'alias.%%' AND outcome = 'refused' AND actor = %s",
                           f"chief@{place.one}")
    assert lines[0][0] == 8


def test_a_domains_limit_counts_aliases_not_destinations(place, admin):
    place.site.sql("UPDATE virtual_domains SET limit_aliases = 2 WHERE name = %s", place.one)
    made(place.add(admin, "a", "x@y.example", "y@y.example", "z@y.example"))
    two = made(place.add(admin, "b", "x@y.example"))
    answer = place.add(place.chief(), "c", "x@y.example")
    assert answer.status == 422 and "2" in answer.json["errors"][""]["text"], answer
    made(place.edit(admin, two, destinations=["x@y.example", "y@y.example"]))
    assert place.count() == 2


# --- lists ---

def listed(who, url, **query):
    answer = who.get(url + "?" + "&".join(f"{k}={v}" for k, v in query.items()), json=True)
    assert answer.status == 200, answer
    return answer.json


def test_lists_page_by_alias(place, admin):
    names = [f"n{i:02}" for i in range(60)]
    domain = place.site.one("SELECT id FROM virtual_domains WHERE name = %s", place.one)
    for name in ["", *names]:
        for to in ("a@y.example", "b@y.example", f"ada@{place.one}"):
            place.site.sql("INSERT INTO virtual_aliases (domain_id, source, destination) VALUES (%s, %s, %s)", domain, name, to)
    first = listed(admin, place.url())
    assert [r["source"] for r in first["rows"]] == ["", *names[:49]] and first["total"]["value"] == 61
    second = listed(admin, place.url(), after=first["next_after"])
    assert [r["source"] for r in second["rows"]] == names[49:] and "next_after" not in second
    assert all(len(r["destinations"]) == 3 and r["more"] == 0 for r in first["rows"] + second["rows"])
    whole = listed(admin, "/aliases", q=f"n0", rows=25)
    assert len(whole["rows"]) >= 10
    assert [r["source"] for r in listed(admin, place.url(), q="n1")["rows"]] == names[10:20]
    assert [r["source"] for r in listed(admin, place.url(), kind="catchall")["rows"]] == [""]
    assert f"@{place.one}" in [r["email"] for r in listed(admin, "/aliases", kind="catchall", q=place.one)["rows"]]
    to = listed(admin, place.url(), to=f"Ada@{place.one}", rows=25)
    assert [r["source"] for r in to["rows"]] == ["", *names[:24]]
    assert [r["source"] for r in listed(admin, place.url(), to=f"ada@{place.one}", rows=25, after=to["next_after"])["rows"]] == names[24:49]
    into = listed(admin, place.url(), to="@Y.Example", rows=25)
    assert [r["source"] for r in into["rows"]] == ["", *names[:24]] and len({r["id"] for r in into["rows"]}) == 25
    assert into["rows"] == listed(admin, place.url(), rows=25)["rows"]
    assert [r["source"] for r in listed(admin, place.url(), to="@y.example", rows=25, after=into["next_after"])["rows"]] == names[24:49]
    assert listed(admin, place.url(), to="@Nowhere.example")["rows"] == [] == listed(admin, place.url(), to="@")["rows"]
    assert {f"@{place.one}", f"n00@{place.one}"} <= {r["email"] for r in listed(admin, "/aliases", to="@y.example", q="")["rows"]}
    told = place.site.run("alias", "list", "--to", "@Y.example", "--prefix", f"n07@{place.one}", check=True).stdout
    assert told.split() and told.split()[0] == f"n07@{place.one}" and len(told.splitlines()) == 1
    assert place.site.run("alias", "list", "--to", f"Ada@{place.one.upper()}", "--prefix", f"n07@{place.one}", check=True).stdout == told
    place.site.sql("UPDATE virtual_aliases SET active = 0 WHERE email = %s", f"n07@{place.one}")
    assert [r["source"] for r in listed(admin, place.url(), state="off")["rows"]] == ["n07"]
    page = admin.get(place.url("?state=off"))
    assert page.status == 200 and f"n07@{place.one}" in page.text
    chief = place.chief()
    assert len(listed(chief, "/aliases")["rows"]) == 50
    assert listed(chief, "/aliases", to="a@y.example", rows=25)["rows"][0]["email"] == f"@{place.one}"


def test_a_list_of_several_domains(place, admin):
    made(place.add(admin, "a", f"ada@{place.two}", "x@y.example"))
    made(place.add(admin, "b", f"ada@{place.two}", domain=place.two))
    place.site.make_mailbox(f"wide@{place.one}", administers=(place.one, place.two))
    wide, chief = place.site.sign_in(f"wide@{place.one}"), place.chief()
    assert [r["email"] for r in listed(wide, "/aliases")["rows"]] == [f"a@{place.one}", f"b@{place.two}"]
    assert [r["email"] for r in listed(chief, "/aliases")["rows"]] == [f"a@{place.one}"]
    assert [r["email"] for r in listed(wide, "/aliases", to=f"ada@{place.two}")["rows"]] == [f"a@{place.one}", f"b@{place.two}"]
    assert [r["email"] for r in listed(chief, "/aliases", to=f"ada@{place.two}")["rows"]] == [f"a@{place.one}"]
    assert [r["email"] for r in listed(wide, "/aliases", to=f"@{place.two}")["rows"]] == [f"a@{place.one}", f"b@{place.two}"]
    assert [r["email"] for r in listed(chief, "/aliases", to=f"@{place.two}")["rows"]] == [f"a@{place.one}"]


def test_the_switch_of_a_list_comes_back(place, admin):
    one = made(place.add(admin, "sales", f"ada@{place.one}"))
    page = admin.get(place.url("?q=sal"))
    switch = page.form(place.url(f"/{one['id']}/edit"))
    answer = admin.post(switch.action, {"active": 0, **switch.fields})
    assert answer.status == 303 and answer.location == place.url(f"?q=sal#mb-{one['id']}")
    assert place.site.one("SELECT active FROM virtual_aliases WHERE id = %s", one["id"]) == 0
    assert "sends nothing on" in admin.get(place.url()).text


def test_deleting_says_who_gets_the_mail(place, admin):
    plain, own = made(place.add(admin, "sales", "x@y.example")), made(place.add(admin, "ada", "x@y.example"))
    for alias, wanted in ((plain, "nobody"), (own, "mailbox")):
        assert admin.get(place.url(f"/{alias['id']}/delete"), json=True).json["next"] == wanted
    made(place.add(admin, "", "x@y.example", catch_all=True))
    assert admin.get(place.url(f"/{plain['id']}/delete"), json=True).json["next"] == "catchall"
    done = admin.post(place.url(f"/{plain['id']}/delete"), admin.get(place.url(f"/{plain['id']}/delete")).form().fields)
    assert done.status == 303 and done.location == place.url()
    assert admin.get(place.url(f"/{plain['id']}")).status == 404
    assert admin.get(place.url(f"/{own['id']}", place.two)).status == 404   # of another domain


# --- the shell ---

def test_shell(place):
    run, one = place.site.run, place.one
    done = run("alias", "add", f"Sales@{one}", f"ada@{one}", "Joe@Elsewhere.example", f"ghost@{one}", "--description", "Orders")
    assert done.returncode == 0 and f"sales@{one} added" in done.stdout and f"There is no address ghost@{one}" in done.stderr
    assert place.rows("sales") == [f"ada@{one}", "Joe@elsewhere.example", f"ghost@{one}"]
    shown = json.loads(run("alias", "show", f"sales@{one}", "--json", check=True).stdout)
    assert shown["destinations"] == place.rows("sales") and shown["description"] == "Orders"
    assert run("alias", "edit", f"sales@{one}", f"ada@{one}", check=True).stdout.startswith(f"sales@{one} saved")
    assert place.rows("sales") == [f"ada@{one}"]
    run("alias", "disable", f"sales@{one}", check=True)
    assert " off " in run("alias", "list", one, check=True).stdout
    run("alias", "enable", f"sales@{one}", check=True)
    # several at once: all or none
    run("alias", "add", f"info@{one}", f"ada@{one}", check=True)
    assert run("alias", "disable", f"sales@{one}", f"nobody@{one}").returncode == 66
    assert " off " not in run("alias", "list", one, check=True).stdout
    assert run("alias", "disable", f"sales@{one}", f"info@{one}", check=True).stdout == f"sales@{one} disabled\ninfo@{one} disabled\n"
    assert run("alias", "list", one, check=True).stdout.count(" off ") == 2
    run("alias", "enable", f"sales@{one}", f"info@{one}", check=True)
    run("alias", "delete", f"info@{one}", "--yes", check=True)
    run("alias", "add", f"@{one}", f"ada@{one}", check=True)
    assert place.rows("") == [f"ada@{one}"]
    assert run("alias", "add", f"ada@{one}", "x@y.example", "--keep-copy", "1").stderr == ""
    lines = run("alias", "list", one, "--json", "--all", check=True).stdout.splitlines()
    assert [json.loads(line)["source"] for line in lines] == ["", "ada", "sales"]
    assert run("alias", "list", "--to", f"ada@{one}", check=True).stdout.count("\n") == 2
    wrong_one = run("alias", "add", f"x@{one}", "nowhere")
    assert wrong_one.returncode == 65 and "destinations" in wrong_one.stderr
    assert run("alias", "add", f"y@{one}", f"y@{one}").returncode == 65
    assert run("alias", "add", f"sales@{one}", "x@y.example").returncode == 73
    assert run("alias", "show", f"none@{one}").returncode == 66
    assert run("alias", "delete", f"sales@{one}").returncode == 64
    assert run("alias", "delete", f"sales@{one}", "--yes").returncode == 0 and place.rows("sales") == []


# --- several at once, and back again ---

def test_several_at_once(place, admin):
    ids = [made(place.add(admin, name, f"ada@{place.one}"))["id"] for name in ("a", "b", "c")]
    page = admin.get(place.url())
    assert 'name="id"' in page.text and "With the selected" in page.text
    off = admin.post_json("/bulk", {"kind": "aliases", "action": "disable", "ids": ids[:2]})
    assert off.status == 200, off
    state = dict(place.site.sql("SELECT source, active FROM virtual_aliases WHERE email LIKE %s", "%@" + place.one))
    assert state == {"a": 0, "b": 0, "c": 1}
    caught = made(place.add(admin, "", f"ada@{place.one}", catch_all=True))
    refused = place.chief().post_json("/bulk", {"kind": "aliases", "action": "delete", "ids": [ids[0], caught["id"]]})
    assert refused.status == 403 and place.count() == 4, refused
    assert admin.post_json("/bulk", {"kind": "aliases", "action": "delete", "ids": [*ids, caught["id"]]}).status == 200
    assert place.count() == 0


def test_undo(place, admin):
    one = made(place.add(admin, "sales", f"ada@{place.one}", "x@y.example", description="Orders", keep_copy=False))
    undo = lambda answer: admin.post_json(f"/audit/{answer.json['undo']}/undo", {})   # noqa: E731
    edited = place.edit(admin, one, destinations=["z@y.example"], source="shop", active=False, description="")
    assert undo(edited).status == 200
    assert place.rows("sales") == [f"ada@{place.one}", "x@y.example"] and place.rows("shop") == []
    now = made(admin.get(place.url(f"/{one['id']}"), json=True))["alias"]
    assert now["description"] == "Orders" and now["active"]
    gone = place.delete(admin, now)
    assert undo(gone).status in (200, 201)
    assert place.rows("sales") == [f"ada@{place.one}", "x@y.example"]
    caught = place.add(admin, "", f"ada@{place.one}", catch_all=True)
    assert undo(caught).status == 200 and place.rows("") == []
    again = made(place.add(admin, "", f"ada@{place.one}", catch_all=True))
    assert undo(place.delete(admin, again)).status in (200, 201) and place.rows("") == [f"ada@{place.one}"]
