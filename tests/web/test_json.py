# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON form of the pages whole, by a client that is made from the program's own tables: `mailboy matrix
--json` prints routes, actions and fields, lua/contract says what each page holds. A new route or field is
tried by what its row says."""
import base64
import itertools
import json
import os
import re
import subprocess
import urllib.parse

import pytest

from visitor import PASSWORD, ROOT, Site, program

NEW_PASSWORD = "some other pass phrase"
COUNT = itertools.count(1)
TABLES = json.loads(subprocess.run([program(), "matrix", "--json"], stdout=subprocess.PIPE, check=True).stdout)
ROUTES = {route["name"]: route for route in TABLES["routes"]}
ACTIONS = TABLES["actions"]
OF_OTHERS = ("bulk.run", "audit.undo")   # they carry out other actions: test_bulk.py
CHANGES = [route["name"] for route in TABLES["routes"] if route.get("change") and route["name"] not in OF_OTHERS]
NUMBERS = ("int", "size", "decimal")
TEXTS = ("choice", "text", "domain", "local_part", "address", "password", "lines")
SHAPE = {"too_long", "too_short", "not_a_number", "not_a_decimal", "number_too_large", "number_too_small", "not_a_size", "not_a_truth",
         "wrong_type", "unknown_field", "quota_too_large", "password_long", "password_short", "address_too_long",
         "domain_too_long", "domain_label_too_long", "local_part_too_long", "too_many_lines", "alias_too_many", "lines_wrong"}
BOXES = ("catch_all", "keep_copy")   # of an alias: what it is in other words, so another field would contradict


def action_of(name):
    return ACTIONS[ROUTES[name]["change"]]


def asked(name, role="server"):
    """The fields that this role is asked for there."""
    if not ROUTES[name].get("change"):
        return ROUTES[name]["fields"]
    action = action_of(name)
    when = "create" if "creates" in action["flags"] else "edit"
    return [f for f in action.get("fields", []) if when in f["when"] and {role, "signed_in", "invited"} & set(f["edit"])]


def differing(fields):
    """Of those that may be not set, which a long table has many of, the last of each shape."""
    shape = {f["name"]: tuple(str(f.get(k)) for k in ("type", "min", "max", "edit", "when")) for f in fields}
    last = {shape[f["name"]]: f for f in fields if f["nullable"]}
    return [f for f in fields if not f["nullable"] or last[shape[f["name"]]] is f]


EACH_FIELD = [pytest.param(name, field, id=f"{name}-{field['name']}") for name in CHANGES for field in differing(asked(name))]
EACH_LOGIN_FIELD = [pytest.param(field, id=field["name"]) for field in ROUTES["login"]["fields"]]


# --- places to change, and values that fit ---

def make_alias(site, domain):
    site.sql("INSERT INTO virtual_aliases (domain_id, source, destination, description) SELECT id, 'old', 'x@elsewhere.example', 'What it was'"
             " FROM virtual_domains WHERE name = %s", domain)
    return str(site.one("SELECT id FROM virtual_aliases WHERE email = %s", f"old@{domain}"))


def entry_for(site, pattern, name):
    """The number of a new access entry of that name, of the kind that the pattern is about."""
    table, column = ("ip_access", "ip") if "{client}" in pattern else ("domain_access", "domain")
    if "{client}" not in pattern and "{sender}" not in pattern:
        return 0
    site.sql(f"INSERT INTO {table} (state, {column}) VALUES ('REJECT', %s)", name)
    return site.one(f"SELECT id FROM {table} WHERE {column} = %s", name)



class Place:
    """A domain of its own with a mailbox, its administrator and one more account; who changes what is there."""

    def __init__(self, world, name):
        site, number = world.site, next(COUNT)
        self.world, self.name, self.number = world, name, number
        self.domain = f"j{number}.example"
        site.make_domain(self.domain, "What it was")
        self.box, self.boss, self.other = (f"{who}@{self.domain}" for who in ("box", "boss", "other"))
        site.make_mailbox(self.box, name="What it was")
        site.make_mailbox(self.boss, administers=(self.domain,))
        site.make_mailbox(self.other)
        if name == "admins.remove":
            site.sql("UPDATE virtual_users SET admin = 1 WHERE email = %s", self.box)
        self.relay = f"relay{number}.example"
        if "{relay}" in ROUTES[name]["pattern"]:
            site.sql("INSERT INTO relay_domains (domain, recipients) VALUES (%s, 'list')", self.relay)
            site.sql("INSERT INTO relay_recipients (relay_domain_id, user) SELECT id, 'base' FROM relay_domains WHERE domain = %s", self.relay)
        self.alias = make_alias(site, self.domain)
        self.entry = str(entry_for(site, ROUTES[name]["pattern"], f"entry{number}.example"))
        self.path = ROUTES[name]["pattern"].replace("{client}", self.entry).replace("{sender}", self.entry).replace("{relay}", self.relay).replace("{domain}", self.domain).replace("{mailbox}", "box").replace("{theme}", "base")
        site.sql("INSERT INTO policies (policy_name) VALUES (%s)", f"Policy {number}")
        self.policy = site.one("SELECT MAX(id) FROM policies")
        self.path = self.path.replace("{policy}", str(self.policy))
        self.path = self.path.replace("{alias}", self.alias)
        self.path = self.path.replace("{account}", str(site.one("SELECT id FROM virtual_users WHERE email = %s", self.box)))
        if "{token}" in self.path:
            self.path = self.path.replace("{token}", site.make_link(self.box))
        self.who = world.admin
        if ROUTES[name].get("change") and action_of(name)["on"] in ("self", "invite"):
            self.who = site.sign_in(self.box)

    def candidates(self, field):
        n = self.number
        if field["name"] == "next_hop":
            return ["[192.0.2.1]:25"]
        if field["name"] == "entry":
            return [f"new{n}.example"]
        if field["name"] == "null_sender":
            return [False]
        text = f"Text {n}" if field["name"] == "name" and field["required"] else "Some text"
        return {"text": [text, "Some-text", "some@elsewhere.example"] if field["stored"] else [self.domain, "base", text],
                "int": [self.policy if field["name"] == "policy" else max(field["min"], 7)], "size": [1 << 30], "bool": [field["name"] not in BOXES],
                "destinations": [[self.boss, "Some.Body@elsewhere.example"]],
                "decimal": [7.5],
                "password": [PASSWORD] if field["name"] == "current" else [NEW_PASSWORD],
                "domain": [f"new{n}.example", self.domain], "local_part": [f"new{n}"], "address": [self.other, self.boss],
                "lines": [f"new{n}.example"], "choice": field.get("options", [])[1:],
                }[field["type"]]

    def version(self):
        read = self.who.get(self.path, json=True).json
        kind = action_of(self.name)["on"]
        return read["entry" if kind == "access" else kind]["version"]

    def body(self, **more):
        chosen = self.world.chosen.setdefault(self.name, {})
        made = {f["name"]: self.candidates(f)[chosen.get(f["name"], 0)] for f in asked(self.name)}
        if action_of(self.name)["version"]:
            made["version"] = self.version()
        return {**made, **more}

    def post(self, body, **params):
        return self.who.post_json(self.path, body, **params)

    def done(self):
        """How many changes were done so far, in this place or anywhere."""
        return self.world.site.one("SELECT COUNT(*) FROM audit WHERE outcome = 'done'")


class World:
    def __init__(self, site):
        self.site, self.admin, self.chosen = site, site.sign_in(), {}
        self.stranger = site.sign_in()

    def place(self, name):
        """A place where the body that is made by the tables is a change that is done; which of the values fit
        is found out once for each route."""
        if name not in self.chosen:
            for _ in range(4):
                place = Place(self, name)
                answer = place.post(place.body())
                if answer.status in (200, 201):
                    break
                assert answer.status in (409, 422), (name, answer)
                for field in answer.json["errors"]:
                    self.chosen[name][field] = self.chosen[name].get(field, 0) + 1
            assert answer.status in (200, 201), (name, answer)
        return Place(self, name)


@pytest.fixture(scope="module")
def world(site):
    return World(site)


@pytest.fixture(autouse=True)
def fresh_sessions(world):
    world.site.sql("UPDATE session SET reauth_at = UTC_TIMESTAMP()")


def grow_old(world):
    """The own password is asked for only where the session is not fresh."""
    world.site.sql("UPDATE session SET reauth_at = NULL, created = UTC_TIMESTAMP() - INTERVAL 1 HOUR")


def long_domain(octets, first=""):
    labels, left = [], octets - len("example") - 1
    while left > 0:
        n = 62 if left == 64 else min(63, left)   # no label of nothing
        labels.append((first if not labels else "").ljust(n, "d"))
        left -= n + 1
    return ".".join([*labels, "example"])


def sized(field, size, n):
    """A value of that many octets, or that number."""
    if field["type"] in NUMBERS:
        return size
    if field["type"] == "destinations":
        return [f"a{i}@y{n}.example" for i in range(size)]
    if field["type"] == "choice":
        return "x" * size
    if field["type"] == "domain":
        return long_domain(size, f"n{n}")
    if field["type"] == "lines":
        return f"n{n}.example".ljust(size, "\n")
    if field["name"] == "next_hop":
        return long_domain(size, f"n{n}")
    if field["type"] == "address" or field["name"] in ("address", "entry") or field["name"].endswith("_admin"):
        return "l" * 64 + "@" + long_domain(size - 65, f"a{n}")
    if field["type"] == "password":
        return ("quiet-Harbour+lantern=31 " * 50)[:size]
    return f"n{n}".ljust(size, "x")


def check_errors(answer, names, codes=None):
    """422 with these names, each with a code and a text."""
    assert answer.status == 422 and answer.header("content-type") == "application/json", answer
    assert set(answer.json) == {"errors", "request_id"} and answer.json["request_id"], answer
    assert set(answer.json["errors"]) == set(names), answer
    for error in answer.json["errors"].values():
        assert {"code", "text"} <= set(error) <= {"code", "text", "offer", "lines"} and len(error["text"]) > 8 and "%s" not in error["text"], answer
        assert codes is None or error["code"] in codes, answer


def check_refusal(answer, status, code=None):
    """{"error", "text", "request_id"}."""
    assert answer.status == status and answer.header("content-type") == "application/json", answer
    assert set(answer.json) == {"error", "text", "request_id"} and all(answer.json.values()), answer
    assert code is None or answer.json["error"] == code, answer


# --- changes ---

@pytest.mark.parametrize("name", CHANGES)
def test_a_change_answers_with_its_object(world, name):
    place = world.place(name)
    answer = place.post(place.body())
    assert answer.status == (201 if "creates" in action_of(name)["flags"] else 200), answer
    assert answer.header("content-type") == "application/json" and answer.location is None
    made = answer.json
    assert made.get("theme") == "base" or isinstance(made["id"], int)
    assert ("version" in made) != ("deleted" in made), made
    assert isinstance(made.get("version", 1), int) and made.get("deleted", True) is True
    assert not {"url", "toggle", "form", "label"} & set(made), "these are the page's own"
    if "deleted" in made:
        assert place.who.get(place.path, json=True).status == 404
    if ROUTES[name]["change"] == "session.end":
        assert "mailboy" not in place.who.cookies, "the cookie goes as well"


@pytest.mark.parametrize("name, field", EACH_FIELD)
def test_a_value_at_its_limit_is_taken(world, name, field):
    words = {"bool": [False, True], "choice": field.get("options")}.get(field["type"])
    limits = words or [field["min"], field.get("max")]
    for limit in limits:
        if limit is None or (field["type"] in (*TEXTS, "destinations") and limit == 0):
            continue
        place = world.place(name)
        value = limit if words else sized(field, limit, place.number)
        if field["type"] == "address":
            world.site.make_domain(value.partition("@")[2])
            world.site.make_mailbox(value)
        assert words or not isinstance(value, str) or len(value) == limit
        body = place.body(**{field["name"]: value}, **({"quota_most": 0} if field["name"] == "quota_default" else {}))
        if field["type"] == "domain" and {"{domain}", "{relay}"} & set(ROUTES[name]["pattern"].split("/")):   # its addresses would not fit
            check_errors(place.post(body), [field["name"]], ["domain_addresses_long"])
            world.site.sql("DELETE FROM relay_recipients WHERE email LIKE %s", "%@" + place.relay)
            world.site.sql("DELETE FROM virtual_users WHERE email LIKE %s", "%@" + place.domain)
            world.site.sql("DELETE FROM virtual_aliases WHERE email LIKE %s", "%@" + place.domain)
        answer = place.post(body)
        if field["stored"]:
            assert answer.status in (200, 201), (limit, answer)
            its = answer.json.get("limits", {})
            told = [answer.json, answer.json.get("quota", {}), answer.json.get("values", {}), its,
                    {f"limit_{word}": share["limit"] for word, share in its.items() if isinstance(share, dict)}]
            same = {"local_part": "mailbox", "quota": "limit", "quota_messages": "messages_limit"}.get(field["name"], field["name"])
            found = [t[same] for t in told if same in t]
            assert found == [value], (same, answer)
        else:   # what it names may not be there; its form is right
            assert answer.status in (200, 201, 403, 409, 422), answer
            error = answer.json.get("errors", {}).get(field["name"])
            assert error is None or error["code"] not in SHAPE, (limit, answer)


BEYOND = {"text": ("too_long", "too_short"), "domain": ("domain_too_long",), "local_part": ("local_part_too_long",),
          "address": ("address_too_long",), "password": ("password_long", "password_short"),
          "destinations": ("alias_too_many",),
          "choice": ("too_long", "not_a_choice"), "lines": ("too_long",), "int": ("number_too_large", "number_too_small"), "size": ("quota_too_large", "number_too_small"),
          "decimal": ("number_too_large", "number_too_small")}


@pytest.mark.parametrize("name, field", EACH_FIELD)
def test_one_beyond_is_refused(world, name, field):
    if field["type"] == "bool":
        return   # has no beyond: other numbers are of another type
    place = world.place(name)
    body, before = place.body(), place.done()
    sizes = [field["max"] + 1] if "max" in field else []
    if field["type"] in NUMBERS or field["min"] > 1:
        sizes.append(field["min"] - 1)
    assert sizes, "a field has a limit"
    if field["name"] == "current":
        grow_old(world)
    for size in sizes:
        answer = place.post({**body, field["name"]: sized(field, size, place.number)})
        check_errors(answer, [field["name"]], BEYOND[field["type"]])
    assert place.done() == before


def others(kind, nullable):
    """JSON values of other types."""
    values = [[], {}, ["x"], {"a": {"b": []}}]
    values += [] if nullable else [None]
    values += [] if kind == "decimal" else [1.5, -0.5, 1e300]
    values += [] if kind == "bool" else [True, False]
    values += [] if kind in NUMBERS else [0, 1, -7]
    values += [] if kind in TEXTS else ["", "1", "true", "12 MB"]
    return [v for v in values if not isinstance(v, list)] if kind in ("destinations", "lines") else values


@pytest.mark.parametrize("name, field", EACH_FIELD)
def test_a_wrong_type_is_refused(world, name, field):
    place = world.place(name)
    body, before = place.body(), place.done()
    if field["name"] == "current":
        grow_old(world)
    for value in others(field["type"], field["nullable"]):
        check_errors(place.post({**body, field["name"]: value}), [field["name"]], ["wrong_type"])
    assert place.done() == before


@pytest.mark.parametrize("name, field", [p for p in EACH_FIELD if p.values[1]["type"] == "lines"])
def test_lines_may_be_a_list(world, name, field):
    """A text of its own for each line; what is no text, or more than a line, is a line that is not right."""
    place = world.place(name)
    body, lines = {**place.body(), "good_only": False}, [f"list{place.number}x.example", f"list{place.number}y.example"]
    if name == "relays.recipients":
        lines = [line.partition(".")[0] for line in lines]
    before = place.done()
    for wrong, numbers in (([lines[0], 5], [2]), ([None, lines[0], {}], [1, 3]), (["\n".join(lines)], [1]), ([lines[0] + "\r", lines[1]], [1])):
        answer = place.post({**body, field["name"]: wrong})
        check_errors(answer, [field["name"]], ["lines_wrong"])
        assert [n for n, line in enumerate(answer.json["errors"][field["name"]]["lines"], 1) if line["verdict"] == "wrong"] == numbers, answer
    check_errors(place.post({**body, field["name"]: []}), [field["name"]], ["required"])
    assert place.done() == before
    answer = place.post({**body, field["name"]: lines})
    assert answer.status == 200 and place.done() == before + 2, answer


BESIDE = {"token", "operation", "return", "version", "generate"}   # what forms carry besides


@pytest.mark.parametrize("name", CHANGES)
def test_an_unknown_member_is_refused(world, name):
    place, action = world.place(name), action_of(name)
    body, before = place.body(), place.done()
    known = {f["name"] for f in asked(name)}
    unknown = ["unknown", "", "\u00fc\n\"<b>", "token", "operation", "return", "id", "email", "admin", "maildir"]
    unknown += [f["name"] for f in action.get("fields", []) if f["name"] not in known]
    unknown += [w for w, asks in (("version", action["version"]), ("generate", action["generate"])) if not asks]
    for member in unknown:
        if member in known:
            continue
        for value in (1, "x", None, True, {}):
            check_errors(place.post({**body, member: value}), [member], ["unknown_field"])
        if member not in BESIDE | {f["name"] for f in action.get("fields", [])}:
            check_errors(place.who.post(place.path, {**typed(body), member: "x"}, json=True), [member], ["unknown_field"])
    assert place.done() == before


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_role_may_not_set_is_unknown_to_it(world, name):
    action = action_of(name)
    if "domain" not in action["roles"]:
        return
    place = world.place(name)
    body = place.body()
    boss = world.site.sign_in(place.boss)
    may = {f["name"] for f in asked(name, "domain")}
    for field in asked(name):
        if field["name"] in may:
            continue
        mine = {k: v for k, v in body.items() if k in may | {"version"}}
        check_errors(boss.post_json(place.path, {**mine, field["name"]: body[field["name"]]}), [field["name"]], ["unknown_field"])


def spoilt(token):
    """Another first letter; at the end it might stand for the same bytes."""
    return ("B" if token[0] == "A" else "A") + token[1:]


@pytest.mark.parametrize("name", CHANGES)
def test_missing_and_foreign_tokens(world, name):
    place = world.place(name)
    body, before = place.body(), place.done()
    for token in (None, "", "x", "A" * 86, world.stranger.token, spoilt(place.who.token)):
        check_refusal(place.post(body, token=token), 403, "token_missing")
    if action_of(name)["on"] != "invite":   # whose holder need not sign in
        check_refusal(world.site.visitor().post_json(place.path, body, token=place.who.token), 403, "sign_in_first")
    assert place.done() == before


NO_OBJECTS = {
    "not_json": (b"", b" ", b"null", b"true", b"1", b'"x"', b"[]", b"[{}]", b"\xef\xbb\xbf{}", b"a=1"),
    "json_broken": (b"{", b"{}{}", b"{} x", b"{'a':1}", b'{"a":1,}', b'{"a":NaN}', b'{"a":"\0"}'),
    "json_nul": (b'{"a":"\\u0000"}', b'{"a\\u0000":1}'), "json_not_utf8": (b'{"a":"\xff"}',),
    "json_twice": (b'{"a":1,"a":1}',), "json_too_large": (b'{"a":9223372036854775808}',), "json_too_deep": (b'{"a":' * 5000,)}


@pytest.mark.parametrize("name", [*CHANGES, "login"])
def test_a_body_that_is_no_object(world, name):
    place = world.place(name) if name != "login" else Place(world, name)
    before = place.done()
    for code, body in ((code, body) for code, bodies in NO_OBJECTS.items() for body in bodies):
        answer = place.who.request("POST", place.path, body, content_type="application/json", accept="application/json",
                                   HTTP_MAILBOY_TOKEN=place.who.token)
        check_refusal(answer, 400, code)
        assert code == "not_json" or re.search(r"line:column \d+:\d+( \(a(\\u0000)?\))?[.; ]", answer.json["text"]), answer
    answer = place.who.request("POST", place.path, b"<a/>", content_type="text/xml", accept="application/json",
                               HTTP_MAILBOY_TOKEN=place.who.token)
    check_refusal(answer, 400, "body_kind")
    assert place.done() == before


@pytest.mark.parametrize("name", CHANGES)
def test_an_empty_object(world, name):
    place = world.place(name)
    must = {f["name"] for f in asked(name) if f["required"]}
    answer = place.post({})
    if answer.status == 422:
        assert must <= set(answer.json["errors"]) or set(answer.json["errors"]) == {"version"}, answer
        check_errors(answer, answer.json["errors"], ["required", "version_missing"])
    else:
        assert answer.status == 200 and not must, answer


@pytest.mark.parametrize("name", [n for n in CHANGES if action_of(n)["version"]])
def test_the_version_decides(world, name):
    place = world.place(name)
    body, before = place.body(), place.done()
    for value in ("1", None, True, 1.0, 0, -1, [1], {}, ""):
        check_errors(place.post({**body, "version": value}), ["version"], ["wrong_type"])
    answer = place.post({**body, "version": body["version"] + 5})
    assert answer.status == 409, answer
    told = answer.json
    assert set(told) == {"error", "text", "request_id", "object", "version", "fields"}, answer
    assert told["error"] == "changed_elsewhere" and told["version"] == body["version"]
    stored = {f["name"]: f["type"] for f in asked(name) if f["stored"]}
    unset = {f["name"] for f in asked(name) if f["nullable"]}
    assert {f["field"] for f in told["fields"]} - set(BOXES) - {"state", "text"} == set(stored)   # a state is kept with its text
    stored |= dict.fromkeys(BOXES, "bool") | dict.fromkeys(("state", "text"), "text")
    for both in told["fields"]:
        assert {"field", "yours"} <= set(both) <= {"field", "yours", "theirs"} and both["yours"] == body[both["field"]], both
        if both.get("theirs") is None and both["field"] in unset:
            continue
        kind = stored[both["field"]]
        wanted = bool if kind == "bool" else int if kind in NUMBERS else list if kind == "destinations" else str
        assert type(both["theirs"]) is wanted, both
    assert place.done() == before
    assert place.post(body).status in (200, 201)


@pytest.mark.parametrize("name", CHANGES)
def test_the_same_key_is_the_same_change(world, name):
    place = world.place(name)
    body, before = place.body(), place.done()
    for key in ("", "k" * 65, "\udcff".encode("utf-8", "surrogateescape").decode("latin-1") * 65):
        check_refusal(place.post(body, HTTP_IDEMPOTENCY_KEY=key), 400, "operation_key")
    assert place.done() == before
    key = f"key-{place.number}".ljust(64, "k")
    first = place.post(body, HTTP_IDEMPOTENCY_KEY=key)
    assert first.status in (200, 201) and place.done() == before + 1, first
    if ROUTES[name]["change"] in ("session.end", "invite.accept"):
        return   # there is nobody left to ask again; the link is used up
    again = place.post(body, HTTP_IDEMPOTENCY_KEY=key)
    assert (again.status, again.json.get("id")) == (first.status, first.json.get("id")), again
    assert place.done() == before + 1


def typed(body):
    """The same as a form carries it."""
    words = {True: "1", False: "0"}
    return {k: words[v] if isinstance(v, bool) else "\n".join(v) if isinstance(v, list) else f"{v >> 20} MB" if isinstance(v, int) and v >= 1 << 30 else str(v)
            for k, v in body.items()}


@pytest.mark.parametrize("name", CHANGES)
def test_a_form_may_ask_for_json(world, name):
    place = world.place(name)
    body = typed(place.body())
    check_refusal(place.who.post(place.path, body, token=None, json=True), 403, "token_missing")
    check_refusal(place.who.post(place.path, body, token=world.stranger.token, json=True), 403, "token_missing")
    answer = place.who.post(place.path, body, json=True)
    assert answer.status == (201 if "creates" in action_of(name)["flags"] else 200) and (answer.json.get("id") or answer.json["theme"]), answer


@pytest.mark.parametrize("name", [n for n in CHANGES if action_of(n)["generate"]])
def test_a_password_is_made_when_asked(world, name):
    place = world.place(name)
    body = {k: v for k, v in place.body().items() if k != "password"}
    if name != "mailboxes.new":   # whose owner sets it by a one-time link then
        check_errors(place.post(body), ["password"], ["required"])
    for value in (1, "true", None):
        check_errors(place.post({**body, "generate": value}), ["generate"], ["wrong_type"])
    answer = place.post({**body, "generate": True})
    assert answer.status in (200, 201) and len(answer.json["password"]) >= 12, answer


@pytest.mark.parametrize("name", [n for n in CHANGES if not action_of(n)["generate"]])
def test_no_password_is_made_elsewhere(world, name):
    place = world.place(name)
    answer = place.who.post(place.path, {**typed(place.body()), "generate": "1"}, json=True)
    assert answer.status in (200, 201) and "password" not in answer.json, answer


@pytest.mark.parametrize("name", [n for n in CHANGES if "confirms" in action_of(n)["flags"]])
def test_the_own_password_is_asked_for_again(world, name):
    place = world.place(name)
    body = {k: v for k, v in place.body().items() if k != "current"}
    grow_old(world)
    before = place.done()
    check_errors(place.post(body), ["current"], ["reauthenticate"])
    check_errors(place.post({**body, "current": "not mine"}), ["current"], ["password_wrong"])
    assert place.done() == before
    assert place.post({**body, "current": PASSWORD}).status in (200, 201)


# --- the log-in ---

@pytest.mark.parametrize("field", EACH_LOGIN_FIELD)
def test_log_in_field(world, field):
    good = {"email": "nobody@example.org", "password": "x"}
    visitor = world.site.visitor()
    for value in others(field["type"], field["nullable"]):
        check_errors(visitor.post_json("/login", {**good, field["name"]: value}), [field["name"]], ["wrong_type"])
    for value in ("", None):
        body = {**good, field["name"]: value}
        if value is None:
            del body[field["name"]]
        check_errors(visitor.post_json("/login", body), [field["name"]], ["required"])


def test_log_in_answers_the_token(world):
    visitor = world.site.visitor()
    check_errors(visitor.post_json("/login", {"email": world.site.sql("SELECT email FROM virtual_users LIMIT 1")[0][0], "password": "x"}),
                 [""], ["login_wrong"])
    check_errors(visitor.post_json("/login", {"email": "a@example.org", "password": "x", "remember": True}), ["remember"], ["unknown_field"])
    answer = visitor.post_json("/login", {"email": "admin@example.org", "password": PASSWORD})
    assert answer.status == 200 and set(answer.json) == {"token", "email"} and answer.location is None, answer
    made = visitor.post_json("/domains/new", {"name": f"by-token{next(COUNT)}.example"}, token=answer.json["token"])
    assert made.status == 201 and made.json["version"] == 1


# --- pages against the contract ---

DUMP = r'''
local files = {}
for path in io.popen("ls lua/contract/*.lua"):lines() do   -- a fixed command: Lua itself lists no folder
  files[#files + 1] = { path = path, text = assert(io.open(path)):read("a") }
end
local contract = require("schema").contract(files)
local function json(v)
  if type(v) == "string" then return '"' .. v:gsub('[%c"\\]', "?") .. '"' end
  if type(v) ~= "table" then return tostring(v) end
  local parts = {}
  for key, value in pairs(v) do
    if type(value) ~= "function" then parts[#parts + 1] = json(tostring(key)) .. ":" .. json(value) end
  end
  return "{" .. table.concat(parts, ",") .. "}"
end
local pages = {}
for name, page in pairs(contract.pages) do pages[name] = page.model end
print(json(pages))
'''
OWN_RECORDS = {"Form", "Pager", "Action", "Step", "Link", "PolicyPreset", "Sort", "BulkForm"}
TIME = re.compile(r"\d{4}-(0\d|1[0-2])-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ")


@pytest.fixture(scope="module")
def contract():
    done = subprocess.run(["lua5.4", "-"], input=DUMP, text=True, stdout=subprocess.PIPE, check=True, cwd=ROOT,
                          env={**os.environ, "LUA_PATH": os.path.join(ROOT, "lua", "?.lua")})
    return json.loads(done.stdout)


def is_own(name, kind):
    """Of the page alone: where it leads, what it says beside its data, what can be done with it."""
    of = kind.get("of", kind)
    return kind["kind"] == "url" or name == "label" or of.get("name") in OWN_RECORDS


def compare(where, kind, value):
    """What differs, as texts."""
    what = kind["kind"]
    if what == "list":
        if not isinstance(value, list):
            return [f"{where}: is no list"]
        return [d for i, v in enumerate(value) for d in compare(f"{where}[{i}]", kind["of"], v)]
    if what == "record":
        return compare_record(where, kind["fields"], value)
    fits = {"text": lambda: isinstance(value, str) and len(value) <= int(kind.get("max", 1 << 20)),
            "enum": lambda: value in kind["has"],
            "secret": lambda: isinstance(value, str) and len(value) >= 8,
            "bool": lambda: isinstance(value, bool),
            "map": lambda: isinstance(value, dict) and all(type(v) in (str, int, float, bool) for v in value.values()),
            "time": lambda: isinstance(value, str) and TIME.fullmatch(value)}
    whole = isinstance(value, int) and not isinstance(value, bool) and (kind.get("unit") != "bytes" or value >= 0)
    return [] if fits.get(what, lambda: whole)() else [f"{where}: {value!r} is no {what}"]


def compare_record(where, fields, value, also=()):
    if not isinstance(value, dict):
        return [f"{where}: is no object"]
    found = [f"{where}.{name}: the contract has no such member" for name in value
             if name not in also and (name not in fields or is_own(name, fields[name]))]
    for name, kind in fields.items():
        if is_own(name, kind):
            continue
        if name not in value:
            found += [] if kind.get("optional") else [f"{where}.{name}: is missing"]
        else:
            found += compare(f"{where}.{name}", kind, value[name])
    return found


ALIASES = {}   # of each reading domain: the number of its alias


CLIENT, SENDER = {}, {}   # access entries of a readers' domain, by its name


def readers(world):
    made = world.site.make_mailbox
    n = next(COUNT)
    world.site.make_domain(f"r{n}.example", "\u00dc" * 100)
    made(f"boss@r{n}.example", administers=(f"r{n}.example",))
    made(f"sid@r{n}.example", level=1)
    made(f"box@r{n}.example", name="\u00dc" * 100)
    world.site.sql("INSERT INTO relay_domains (domain, recipients, transport) VALUES (%s, 'list', 'relay:[192.0.2.1]')", f"relay.r{n}.example")
    world.site.sql("INSERT INTO relay_recipients (relay_domain_id, user) SELECT MAX(id), 'box' FROM relay_domains")
    CLIENT[f"r{n}.example"] = entry_for(world.site, "{client}", f"mx.r{n}.example")
    SENDER[f"r{n}.example"] = entry_for(world.site, "{sender}", f"r{n}.example")
    box = f"/domains/r{n}.example/mailboxes/box"
    version = world.admin.get(box, json=True).json["mailbox"]["version"]
    edited = world.admin.post_json(box + "/edit", {"name": "Other", "quota": 6 << 30, "quota_messages": 9, "version": version})
    assert edited.status == 200, edited
    entry = world.site.one("SELECT MAX(id) FROM audit")
    world.site.make_link(f"box@r{n}.example", n.to_bytes(32, "big"))
    world.site.sql("INSERT INTO policies (policy_name, description, spam_kill_level, spam_lover, message_size_limit, spam_subject_tag2)"
                   " VALUES (%s, %s, 6.31, 'N', 1048577, '')", f"{n}".ljust(64, "\u00dc"), f"r{n}.example")
    ALIASES[f"r{n}.example"] = make_alias(world.site, f"r{n}.example")
    people = {who: world.site.sign_in(f"{who}@r{n}.example") for who in ("boss", "sid", "box")}
    return {**people, "admin": world.admin, "nobody": world.site.visitor()}, f"r{n}.example", entry


@pytest.fixture(scope="module")
def reading(world):
    return readers(world)


def filled(route, domain, entry, account=2):
    token = base64.urlsafe_b64encode(int(domain[1:].partition(".")[0]).to_bytes(32, "big")).decode().rstrip("=")
    return route["pattern"].replace("{client}", str(CLIENT.get(domain, 0))).replace("{sender}", str(SENDER.get(domain, 0))).replace("{relay}", "relay." + domain).replace("{domain}", domain).replace("{mailbox}", "box").replace("{entry}", str(entry)).replace("{account}", str(account)).replace("{theme}", "base").replace("{token}", token).replace("{alias}", ALIASES[domain])


@pytest.mark.parametrize("name", ROUTES)
def test_a_page_holds_what_the_contract_says(world, reading, contract, name):
    people, domain, entry = reading
    policy = world.site.one("SELECT id FROM policies WHERE description = %s", domain)
    path, drawn = filled(ROUTES[name], domain, entry).replace("{policy}", str(policy)), 0
    for who, visitor in people.items():
        page, data = visitor.get(path), visitor.get(path, json=True)
        assert data.header("content-type") == "application/json" and data.status != 303, (who, data)
        if data.status != 200:
            check_refusal(data, data.status)
            assert data.status in (403, 404) and page.status in (303, 403, 404), (who, data)
            continue
        drawn += 1
        shown = re.search(r'data-mb-page="([^"]+)"', page.text).group(1)
        also = (["next_after"] if "pager" in contract[shown] else []) + (["token"] if shown == "me.show" else [])
        assert compare_record(shown, contract[shown], data.json, also) == [], (who, path)
        head = visitor.request("HEAD", path, accept="application/json")
        assert head.status == 200 and head.body == b"" and head.header("content-type") == "application/json", head
        assert abs(int(head.header("content-length")) - len(data.body)) < 64, "as of GET, but for what time changes"
    assert drawn > 0


def test_sizes_are_bytes_and_times_utc(world, reading):
    people, domain, _ = reading
    quota = people["box"].get("/me", json=True).json["mailbox"]["quota"]
    assert quota["limit"] == 6 << 30 and quota["messages_limit"] == 9 and quota["used"] == 0
    row = people["admin"].get(f"/domains/{domain}", json=True).json["domain"]
    told = world.site.one("SELECT DATE_FORMAT(created, '%%Y-%%m-%%dT%%H:%%i:%%sZ') FROM virtual_domains WHERE name = %s", domain)
    assert row["created"] == told


@pytest.mark.parametrize("name", ROUTES)
def test_other_methods_and_places(reading, name):
    people, domain, entry = reading
    path = filled(ROUTES[name], domain, entry)
    for method in ("PUT", "DELETE", "PATCH", *([] if ROUTES[name]["posts"] else ["POST"])):
        answer = people["admin"].request(method, path, accept="application/json")
        check_refusal(answer, 405, "method_not_allowed")
        assert answer.header("allow") == ("GET, HEAD, POST" if ROUTES[name]["posts"] else "GET, HEAD")
    if "{" in ROUTES[name]["pattern"]:
        missing = (ROUTES[name]["pattern"].replace("{client}", "987654321").replace("{sender}", "987654321").replace("{mailbox}", "missing").replace("{relay}", "missing.example").replace("{entry}", "987654321").replace("{account}", "987654321").replace("{theme}", "missing").replace("{alias}", "987654321")
                   .replace("{domain}", "missing.example" if "{mailbox}" not in ROUTES[name]["pattern"] else domain))
        gone = (410, "link_over") if "{token}" in missing else (404, "not_found")
        check_refusal(people["admin"].get(missing, json=True), *gone)
        if ROUTES[name]["posts"]:
            check_refusal(people["admin"].post_json(missing, {}), *gone)


@pytest.mark.parametrize("accept, is_json", [
    ("application/json", True), ("APPLICATION/JSON", True), ("application/json;charset=utf-8", True), ("application/*", True),
    ("application/json, text/plain, */*", True), ("text/html;q=0.5, application/json", True), ("text/html;q=0.5,application/json;q=0.9", True),
    ("application/json, text/html", True), ("text/html, application/json;q=0", False), ("application/json;q=0", False),
    ("text/html, application/json", False), ("application/json;q=0.5, text/html", False), ("application/json; q=0.2, */*", False),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False), ("*/*", False), ("", False), (None, False),
    ("text/plain", False), ("application/jsonp", False), ("application/json-seq", False), ("text/*, application/json", True),
    ("application/json;q=1.000", True), ("application/json;v=2;q=0.1,text/html;q=0.2", False), (",,;;q=,", False)])
def test_what_is_accepted_decides(world, accept, is_json):
    answer = world.admin.get("/domains", HTTP_ACCEPT=accept)
    assert answer.header("content-type") == ("application/json" if is_json else "text/html; charset=utf-8")
    missing = world.admin.get("/nothing", HTTP_ACCEPT=accept)
    assert missing.status == 404 and missing.header("content-type") == answer.header("content-type")


def test_json_is_answered_as_json(world):
    body = json.dumps({"name": "nodots"}).encode()
    for accept in (None, "*/*", "text/html"):
        answer = world.admin.request("POST", "/domains/new", body, content_type="application/json", HTTP_ACCEPT=accept,
                                     HTTP_MAILBOY_TOKEN=world.admin.token)
        check_errors(answer, ["name"], ["domain_one_label"])


# --- lists, three ways ---

LISTS = [name for name, route in ROUTES.items() if re.search(r"\.list|\.all|\.activity|audit\.", name) and "{entry}" not in route["pattern"] and name not in ("themes.list", "me.activity")]


MOST_PAGES = 1000   # the tests before have left thousands of mailboxes


def by_cursor(visitor, path, rows):
    found, after = [], None
    for _ in range(MOST_PAGES):
        query = {"rows": rows, **({"after": after} if after else {})}
        page = visitor.get(f"{path}?{urllib.parse.urlencode(query)}", json=True).json
        assert len(page["rows"]) <= rows
        found += page["rows"]
        after = page.get("next_after")
        if after is None:
            return found
        assert len(page["rows"]) == rows
    raise AssertionError("it does not end")


def by_links(visitor, path):
    """The pages of the list as a browser walks them."""
    pages = [visitor.get(path).text]
    for _ in range(MOST_PAGES):
        link = re.search(r'<a[^>]*rel="next"[^>]*>', pages[-1])
        if link is None:
            return pages
        pages.append(visitor.get(re.search(r'href="([^"]+)"', link.group()).group(1).replace("&amp;", "&")).text)
    raise AssertionError("it does not end")


def address_of(row):
    if "values" in row:
        return f"/policies/{row['id']}"
    if "domains" in row:
        return f"/admins/{row['id']}"
    if "mailbox" in row:
        return f"/domains/{row['domain']}/mailboxes/{row['mailbox']}"
    if "entry" in row and "kind" in row:
        return f"/lists/{row['kind']}s/{row['id']}"
    if "listed" in row:
        return f"/relays/{row['domain']}"
    if "source" in row:
        return f"/domains/{row['domain']}/aliases/{row['id']}"
    return f"/domains/{row['domain']}" if "domain" in row else f"/audit/{row['id']}"


def by_shell(site, name, domain):
    noun = ROUTES[name]["see"].partition(".")[0]
    words = [noun, "list", "--all", "--json"]
    ways = [[*words, domain], [*words, "--domain", domain]] if "{domain}" in ROUTES[name]["pattern"] else [words]
    for way in ways:
        done = site.run(*way)
        if done.returncode == 0:
            return [json.loads(line) for line in done.stdout.splitlines()]
    raise AssertionError(f"no command lists {name}")


@pytest.fixture(scope="module")
def many(world):
    site = world.site
    domain = f"many{next(COUNT)}.example"
    site.make_domain(domain)
    site.make_mailbox(f"first@{domain}")
    site.sql("INSERT INTO virtual_users (domain_id, user, password, name, quota_kb) SELECT d.id, CONCAT('u', s.seq), '', 'Some Name', s.seq"
             " FROM virtual_domains d, seq_1_to_130 s WHERE d.name = %s", domain)
    site.sql("INSERT INTO virtual_aliases (domain_id, source, destination) SELECT d.id, CONCAT('a', s.seq), 'x@elsewhere.example'"
             " FROM virtual_domains d, seq_1_to_130 s WHERE d.name = %s", domain)
    site.sql("INSERT INTO domain_admins (user_id, domain_id) SELECT id, domain_id FROM virtual_users WHERE email LIKE %s", "u%@" + domain)
    site.sql("UPDATE virtual_users SET admin = 1 WHERE email IN (%s, %s)", "u7@" + domain, f"first@{domain}")
    site.sql("INSERT INTO virtual_domains (name) SELECT CONCAT('list', s.seq, '.example') FROM seq_1_to_130 s")
    site.sql("INSERT INTO ip_access (ip, state) SELECT CONCAT('192.0.2.', s.seq), 'REJECT' FROM seq_1_to_130 s")
    site.sql("INSERT INTO relay_domains (domain) SELECT CONCAT('relay', s.seq, '.listed.example') FROM seq_1_to_130 s")
    site.sql("INSERT INTO audit (via, action, domain_id, object_kind, object, outcome) SELECT 'cli', 'domain.edit', d.id, 'domain', d.name, 'done'"
             " FROM virtual_domains d, seq_1_to_130 s WHERE d.name = %s", domain)
    site.sql("INSERT INTO policies (policy_name, spam_tag2_level) SELECT CONCAT('many ', s.seq), s.seq / 8 FROM seq_1_to_130 s")
    return domain


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_the_same_three_ways(world, many, name):
    path = ROUTES[name]["pattern"].replace("{domain}", many)
    rows = by_cursor(world.admin, path, 25)
    assert len(rows) > 120 and len({row["id"] for row in rows}) == len(rows)
    assert by_cursor(world.admin, path, 50) == rows
    wanted = [address_of(row) for row in rows]
    seen, known = [], set(wanted)
    for text in by_links(world.admin, path):
        main = text.partition("<main")[2]
        seen += dict.fromkeys(href for href in re.findall(r'href="([^"]+)"', main) if href in known)
    assert seen == wanted
    assert by_shell(world.site, name, many) == rows


# --- limits of the whole server ---

def test_too_large(world):
    body = json.dumps({"name": "x" * (1 << 20)}).encode()
    answer = world.admin.request("POST", "/domains/new", body, content_type="application/json", accept="application/json",
                                 HTTP_MAILBOY_TOKEN=world.admin.token)
    check_refusal(answer, 413, "too_large")


def test_too_many_attempts(world):
    place = Place(world, "login")
    visitor = world.site.visitor()
    for _ in range(30):
        answer = visitor.post_json("/login", {"email": place.box, "password": "wrong"})
        if answer.status != 422:
            break
    check_refusal(answer, 429, "login_throttled")
    assert int(answer.header("retry-after")) >= 1


def test_too_many_attempts_at_the_own_password(world):
    name = next(n for n in CHANGES if ROUTES[n]["change"] == "password.change")
    place = world.place(name)
    body = place.body(current="wrong")
    for _ in range(30):
        answer = place.post(body)
        if answer.status != 422:
            break
    check_refusal(answer, 429, "login_throttled")
    assert int(answer.header("retry-after")) >= 1
    as_form = place.who.post(place.path, typed(body))
    assert as_form.status == 429 and "Too many attempts" in as_form.text


def test_without_database():
    with Site() as own:
        admin = own.sign_in()
        token = admin.token
        own.db.stop()
        for answer in (admin.get("/domains", json=True), admin.post_json("/domains/new", {"name": "x.example"}, token=token),
                       own.visitor().post_json("/login", {"email": "a@example.org", "password": "x"})):
            check_refusal(answer, 503, "database_away")
            assert int(answer.header("retry-after")) >= 1
