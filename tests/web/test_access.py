# SPDX-License-Identifier: GPL-3.0-or-later
"""Access entries: pages, JSON and commands do the same; every kind of client and sender in its normal form, every mistake
with its mend; what covers what; many pasted at once; what privacy_level opens, level by level."""
import ipaddress
import json

import pytest

from visitor import Site


@pytest.fixture(scope="module")
def lists():
    with Site(privacy_level=0) as site:
        site.make_domain("a.example")
        site.make_mailbox("anna@a.example", administers=("a.example",))
        yield site


@pytest.fixture
def boss(lists):
    lists.sql("DELETE FROM ip_access")
    lists.sql("DELETE FROM domain_access")
    return lists.sign_in()


def add(visitor, kind, entry, state="REJECT", **fields):
    return visitor.post("/lists/new", {"kind": kind, "entry": entry, "state": state, **fields})


def stored(site, kind):
    return site.sql("SELECT ip, state, comment FROM ip_access ORDER BY id" if kind == "client" else
                    "SELECT domain, state, comment FROM domain_access ORDER BY id")


CLIENTS = [
    ("192.0.2.5", "192.0.2.5"), (" 192.0.2.5 ", "192.0.2.5"), ("[192.0.2.5]", "192.0.2.5"), ("192.0.2.5/32", "192.0.2.5"),
    ("192.0.2.0/24", "192.0.2.0/24"), ("10.0.0.0/8", "10.0.0.0/8"), ("192.0.2.128/25", "192.0.2.128/25"), ("2001:DB8:0:0::5", "2001:db8::5"),
    ("2001:db8::/32", "2001:db8::/32"), ("2001:db8::5/128", "2001:db8::5"), ("[2001:db8::5]", "2001:db8::5"), ("::ffff:192.0.2.5", "192.0.2.5"),
    ("::ffff:192.0.2.0/120", "192.0.2.0/24"), ("MX.Example.ORG.", "mx.example.org"), (".dyn.example", ".dyn.example"),
    ("mx.bücher.example", "mx.xn--bcher-kva.example"), ("::1", "::1")]


@pytest.mark.parametrize("typed, kept", CLIENTS)
def test_clients_in_their_normal_form(lists, boss, typed, kept):
    assert add(boss, "client", typed).status == 303
    assert stored(lists, "client") == ((kept, "REJECT", ""),)
    first, last = lists.sql("SELECT HEX(ip_first), HEX(ip_last) FROM ip_access")[0]
    if "/" in kept:
        net = ipaddress.ip_network(kept)
        ends = [ipaddress.ip_address(a) for a in (net[0], net[-1])]
        assert (first, last) == tuple((("00" * 10 + "ffff" if e.version == 4 else "") + e.packed.hex()).upper() for e in ends)
    else:
        assert first is None and last is None
    again = add(boss, "client", kept)
    assert again.status == 409 and "with the state REJECT" in again.text


@pytest.mark.parametrize("typed, says, offer", [
    ("192.0.2.5/24", "Did you mean 192.0.2.0/24?", "192.0.2.0/24"), ("2001:db8::5/64", "Did you mean 2001:db8::/64?", "2001:db8::/64"),
    ("192.0.2", "all four", "192.0.2.0/24"), ("192.0.2.", "all four", "192.0.2.0/24"), ("10", "all four", "10.0.0.0/8"),
    ("192.0.2/24", "all four", "192.0.2.0/24"), ("192.0.2.0/255.255.255.0", "number of its bits", "192.0.2.0/24"),
    ("192.0.2.0/255.0.255.0", "a number up to /32", None), ("192.0.2.0/33", "a number up to /32", None), ("192.0.2.0/", "a number up to /32", None),
    ("2001:db8::/129", "a number up to /128", None), ("192.0.2.0/-1", "a number up to /32", None), ("192.0.2.0/2x", "a number up to /32", None),
    ("0.0.0.0/0", "too wide: /8 is the widest", None), ("::/0", "too wide: /12 is the widest", None), ("::/64", "all addresses of IPv4", None),
    ("192.0.2.1-192.0.2.9", "one or more networks", None), ("192.0.2.256", "no IP address", None), ("192.0.2.1.5", "no IP address", None),
    ("1:2:3", "no IP address", None), ("fe80::1%eth0", "per cent sign", None), ("192.0.2.5:25", "no IP address", None), ("/", "no IP address", None),
    ("a@b.example", "among the senders", None), ("*.example.org", "Stars are not needed", ".example.org"), ("unknown", "at least two parts", None),
    ("a b.example", "Take out blanks", None), ("", "Fill this in", None), ("<>", "Take out", None), ("'; DROP TABLE x; --.example", "Take out", None)])
def test_clients_that_are_none(lists, boss, typed, says, offer):
    answer = add(boss, "client", typed)
    assert answer.status == 422 and says in answer.text, answer.text
    assert not stored(lists, "client")
    if offer:
        assert f"Use {offer} instead" in answer.text
        assert add(boss, "client", offer).status == 303


SENDERS = [("Spam.Example", "spam.example"), (".spam.example", ".spam.example"), ("Ada@Spam.Example", "ada@spam.example"),
           ("<ada@spam.example>", "ada@spam.example"), ("news+x@spam.example", "news+x@spam.example"), ("Offers@", "offers@"),
           ("o'brien@spam.example", "o'brien@spam.example"), ("bücher.example", "xn--bcher-kva.example")]


@pytest.mark.parametrize("typed, kept", SENDERS)
def test_senders_in_their_normal_form(lists, boss, typed, kept):
    assert add(boss, "sender", typed, "OK", comment="Known").status == 303
    assert stored(lists, "sender") == ((kept, "OK", "Known"),)


@pytest.mark.parametrize("typed, says", [
    ("<>", "a box of its own"), ("@spam.example", "Use spam.example instead"), ("*@spam.example", "Use spam.example instead"),
    ("*.spam.example", "Use .spam.example instead"), ("192.0.2.1", "among the clients"), ("2001:db8::1", "among the clients"),
    ("a%b@spam.example", "cannot hold &quot;%&quot;"), ("a b@spam.example", "cannot hold blanks"), ("a..b@spam.example", "one at a time"),
    ("ü@spam.example", "plain letters"), ("a@b@spam.example", "cannot hold"), ("@", "Stars are not needed"), (".", "two dots in a row"), ("spam", "at least two parts"),
    ("x" * 65 + "@spam.example", "at most 64"), ("x@[192.0.2.1]", "square brackets")])
def test_senders_that_are_none(lists, boss, typed, says):
    answer = add(boss, "sender", typed)
    assert answer.status == 422 and says in answer.text.replace("&#34;", "&quot;"), answer.text
    assert not stored(lists, "sender")


def test_the_null_sender_has_its_own_box(lists, boss):
    both = add(boss, "sender", "a@b.example", null_sender="1")
    assert both.status == 422 and "Either type a sender" in both.text
    assert add(boss, "client", "", null_sender="1").status == 422
    made = add(boss, "sender", "", "REJECT", null_sender="1")
    assert made.status == 303 and stored(lists, "sender") == (("<>", "REJECT", ""),)
    assert "mail without a sender" in boss.get(made.location).text
    assert add(boss, "sender", "", null_sender="1").status == 409


@pytest.mark.parametrize("state, text, kept, shown", [
    ("REJECT", "", "REJECT", ""), ("REJECT", "Go away", "REJECT Go away", "Go away"), ("OK", "dropped", "OK", ""), ("DUNNO", "", "DUNNO", ""),
    ("HOLD", "", "HOLD", ""), ("DISCARD", "", "DISCARD", ""), ("DEFER", "later", "DEFER later", "later"), ("DEFER_IF_PERMIT", "", "DEFER_IF_PERMIT", ""),
    ("CODE", "550 5.7.1 Not here", "550 5.7.1 Not here", "550 5.7.1 Not here"), ("CODE", "450", "450", "450")])
def test_states(lists, boss, state, text, kept, shown):
    made = add(boss, "sender", "spam.example", state, text=text)
    assert made.status == 303 and stored(lists, "sender")[0][1] == kept
    form = boss.get(made.location + "/edit").form()
    assert form.fields["text"] == shown
    told = boss.get(made.location, json=True).json["entry"]
    assert told["state"] == state and told.get("text", "") == shown


@pytest.mark.parametrize("state, text, says", [
    ("REDIRECT", "", "Choose one of those"), ("FILTER smtp:x", "", "Choose one of those"), ("", "", "Choose one of those"), ("reject", "", "Choose one of those"),
    ("CODE", "Not here", "begins with a code"), ("CODE", "250 fine", "begins with a code"), ("CODE", "5500 x", "begins with a code"),
    ("REJECT", "a\r\nb", "control character"), ("REJECT", "für dich", "plain letters"), ("REJECT", "x" * 201, "too long")])
def test_states_that_are_none(lists, boss, state, text, says):
    answer = add(boss, "client", "192.0.2.1", state, text=text)
    assert answer.status == 422 and says in answer.text, answer.text
    assert not stored(lists, "client")


def test_the_most_specific_wins_and_the_pages_say_so(lists, boss):
    for entry, state in (("192.0.0.0/16", "HOLD"), ("192.0.2.0/24", "REJECT"), ("192.0.2.0/28", "OK")):
        assert add(boss, "client", entry, state).status == 303
    lists.sql("INSERT INTO ip_access (ip, state) VALUES ('192', 'DUNNO')")
    made = add(boss, "client", "192.0.2.5", "REJECT")
    page = boss.get(made.location)
    assert "It lies within 192.0.2.0/28 OK, and wins over that." in page.text and "this entry wins over it" in page.text
    told = boss.get(made.location, json=True).json
    assert [e["entry"] for e in told["wider"]] == ["192.0.2.0/28", "192.0.2.0/24", "192.0.0.0/16", "192"]
    net = boss.get("/lists/clients/%d" % lists.one("SELECT id FROM ip_access WHERE ip = '192.0.2.0/24'"), json=True).json
    assert [e["entry"] for e in net["inside"]] == ["192.0.2.5", "192.0.2.0/28"]
    for entry in ("spam.example", ".spam.example", ".example", "ada@"):
        lists.sql("INSERT INTO domain_access (domain, state) VALUES (%s, 'REJECT')", entry)
    made = add(boss, "sender", "ada@x.spam.example", "OK")
    told = boss.get(made.location, json=True).json
    assert [e["entry"] for e in told["wider"]] == [".spam.example", ".example", "ada@"]


def test_what_lies_inside_a_sender_wins_and_is_listed(lists, boss):
    people = [f"u{i:02}@spam.example" for i in range(13)]
    for entry in (*people, "spam.example", ".spam.example", "x.spam.example", ".y.spam.example", "z@y.spam.example", "notspam.example",
                  "a@notspam.example", "ada@", "ada@other.example", "adaline@other.example"):
        lists.sql("INSERT INTO domain_access (domain, state) VALUES (%s, 'REJECT')", entry)

    def told(entry):
        page = f"/lists/senders/{lists.one(f'SELECT id FROM domain_access WHERE domain = {entry!r}')}"
        return boss.get(page, json=True).json, boss.get(page).text
    domain, page = told("spam.example")
    assert [e["entry"] for e in domain["inside"]] == people[:10] and "All entries inside this one" in page
    assert "wins over this entry" in page and "/lists?kind=senders&amp;q=%40spam.example" in page
    below, page = told(".spam.example")
    assert sorted(e["entry"] for e in below["inside"]) == [".y.spam.example", "x.spam.example", "z@y.spam.example"]
    assert "All entries inside" not in page and "all_inside" not in below
    assert [e["entry"] for e in told("ada@")[0]["inside"]] == ["ada@other.example"]
    assert told("u00@spam.example")[0]["inside"] == []

    def listed(query):
        rows, answer = [], boss.get(f"/lists?kind=senders&rows=25&q={query}", json=True).json
        while True:
            rows += [e["entry"] for e in answer["rows"]]
            if "next_after" not in answer:
                return rows
            answer = boss.get(f"/lists?kind=senders&rows=25&q={query}&after={answer['next_after']}", json=True).json
    assert listed("%40spam.example") == people == listed("%40spam.example&order=desc")[::-1]
    assert set(listed("*.spam.example")) == {".spam.example", ".y.spam.example", "x.spam.example", "z@y.spam.example"}
    assert listed("%40Spam.Example") == people and listed("%40pam.example") == []
    lists.sql("INSERT INTO domain_access (domain, state) SELECT CONCAT('v', 100 + seq, '@spam.example'), 'OK' FROM seq_1_to_60")
    assert listed("%40spam.example") == people + [f"v{101 + i}@spam.example" for i in range(60)]
    shell = lists.run("access", "list", "senders", "--prefix", "@spam.example", "--all", "--json", check=True).stdout
    assert [json.loads(line)["entry"] for line in shell.splitlines()] == listed("%40spam.example")


def test_many_at_once_line_by_line(lists, boss):
    add(boss, "client", "192.0.2.0/24", "REJECT")
    lines = "192.0.2.7 OK\n192.0.2.0/24\r\n\n10.9.8.7/8 # typo\n2001:db8::/48 550 5.7.1 Not here # them\nmx.x.example REDIRECT a@b.example\n192.0.2.0/24 OK"
    answer = boss.post("/lists/paste", {"kind": "client", "state": "REJECT", "lines": lines})
    assert answer.status == 422 and "These lines are not right: 3, 5, 6." in answer.text
    assert '<ol class="verdicts" aria-label="What is said of each line">' in answer.text
    for said in ("It lies within 192.0.2.0/24 REJECT", "This entry is there already", "Did you mean 10.0.0.0/8?", "REDIRECT is no state",
                 "with the state REJECT"):
        assert said in answer.text, said
    assert len(stored(lists, "client")) == 1
    answer = boss.post("/lists/paste", {"kind": "client", "state": "REJECT", "lines": lines, "good_only": "1"})
    assert answer.status == 303 and answer.location == "/lists"
    assert "Added: 2. There already: 1. Left out: 3." in boss.get("/lists").text
    assert stored(lists, "client")[1:] == (("192.0.2.7", "OK", ""), ("2001:db8::/48", "550 5.7.1 Not here", "them"))
    told = lists.sql("SELECT object, object_kind FROM audit WHERE action = 'access.paste' AND outcome = 'done' ORDER BY id")
    assert told[-2:] == (("192.0.2.7", "client"), ("2001:db8::/48", "client"))
    answer = boss.post_json("/lists/paste", {"kind": "sender", "state": "OK", "lines": "x.example\nx.example\n<>"})
    assert [line["verdict"] for line in answer.json["errors"]["lines"]["lines"]] == ["good", "good", "wrong"]


def test_five_thousand_networks_are_judged_together(lists, boss):
    """By hundreds, not each by itself: a network of IPv6 may lie within 47 others."""
    def statements():
        return int(lists.sql("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'")[0][1])
    add(boss, "client", "2001:db8::/32", "OK")
    lines = [f"2001:db8:{i:x}::/48" for i in range(4998)] + ["2001:db8::/32 OK", "so wrong"]
    before = statements()
    answer = boss.post_json("/lists/paste", {"kind": "client", "state": "REJECT", "lines": lines})
    told = answer.json["errors"]["lines"]["lines"]
    assert answer.status == 422 and [line["verdict"] for line in told] == ["good"] * 4998 + ["there", "wrong"]
    assert all("2001:db8::/32 OK" in line["said"] for line in told[:-2])
    assert statements() - before < 200
    answer = boss.post_json("/lists/paste", {"kind": "client", "state": "REJECT", "lines": [*lines, "192.0.2.1"]})
    assert answer.status == 422 and "at most 5000 at a time" in answer.json["errors"]["lines"]["text"]


def test_json_and_undo(lists, boss):
    made = boss.post_json("/lists/new", {"kind": "sender", "entry": "spam.example", "state": "REJECT", "comment": "No"})
    assert made.status == 201 and made.json["kind"] == "sender" and made.json["entry"] == "spam.example", made
    url = f"/lists/senders/{made.json['id']}"
    assert boss.get(f"/lists/clients/{made.json['id']}").status == 404
    edited = boss.post_json(url + "/edit", {"state": "OK", "version": made.json["version"]})
    assert edited.status == 200 and edited.json["state"] == "OK" and "undo" in edited.json
    assert boss.post_json(url + "/edit", {"state": "OK", "version": made.json["version"]}).status == 409
    assert boss.post_json(f"/audit/{edited.json['undo']}/undo", {}).status == 200
    assert stored(lists, "sender") == (("spam.example", "REJECT", "No"),)
    gone = boss.post_json(url + "/delete", {"version": 3})
    assert gone.status == 200 and gone.json["deleted"] and not stored(lists, "sender")
    assert boss.post_json(f"/audit/{gone.json['undo']}/undo", {}).status in (200, 201)
    assert stored(lists, "sender") == (("spam.example", "REJECT", "No"),)


def test_commands_say_the_same(lists, boss):
    run = lists.run
    assert run("access", "add", "--client", "192.0.2.0/24", "REJECT", check=True).stdout == "192.0.2.0/24 added\n"
    assert run("access", "add", "--client", "192.0.2.9/24", "REJECT").returncode == 65
    run("access", "add", "--sender", "spam.example", "550", "5.7.1 Not here", "--comment", "x", check=True)
    run("access", "add", "--null-sender", "DEFER", check=True)
    assert run("access", "add", "--client", "192.0.2.0/24", "OK").returncode == 73
    assert run("access", "add", "--client", "1.2.3.4", "--sender", "x.example", "OK").returncode == 64
    shown = json.loads(run("access", "show", "--sender", "Spam.Example", "--json", check=True).stdout)
    assert (shown["state"], shown["text"], shown["comment"]) == ("CODE", "550 5.7.1 Not here", "x")
    run("access", "edit", "--sender", "spam.example", "--state", "OK", check=True)
    assert [e["entry"] for e in map(json.loads, run("access", "list", "senders", "--json", check=True).stdout.splitlines())] == ["<>", "spam.example"]
    pasted = run("access", "paste", "clients", input="10.0.0.1\n10.0.0.2/8\n")
    assert pasted.returncode == 65 and "Try: 10.0.0.0/8" in pasted.stdout
    assert run("access", "paste", "clients", "--good-only", "1", "--state", "OK", input="10.0.0.1\n10.0.0.2/8\n").returncode == 0
    assert stored(lists, "client")[-1] == ("10.0.0.1", "OK", "")
    run("access", "delete", "--null-sender", "--yes", check=True)
    assert run("access", "show", "--null-sender").returncode == 66


@pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
def test_what_privacy_level_opens(lists, boss, level):
    lists.end()
    lists.configure(privacy_level=level)
    lists.serve()
    lists.sql("INSERT INTO ip_access (ip, state) VALUES ('192.0.2.1', 'REJECT'), ('192.0.2.2', 'HOLD'), ('192.0.2.3', 'REJECT Go away')")
    ids = dict(lists.sql("SELECT ip, id FROM ip_access"))
    plain, held, told = (f"/lists/clients/{ids[f'192.0.2.{n}']}" for n in (1, 2, 3))
    anna = lists.sign_in("anna@a.example")
    assert ('href="/lists"' in anna.get("/").text) == (level >= 1)
    assert anna.get("/lists").status == (200 if level >= 1 else 403)
    assert anna.get(held).status == (200 if level >= 1 else 404)
    none = 404 if level == 0 else 403
    assert add(anna, "sender", "x.example", "OK").status == (303 if level >= 2 else 403)
    assert anna.post(plain + "/edit", {"version": 1, "state": "OK"}).status == (303 if level >= 3 else none)
    for protected in (held, told):   # what is more than OK or REJECT is the server admins', whatever the level
        assert anna.post(protected + "/edit", {"version": 1, "state": "OK"}).status == none
        assert anna.post(protected + "/delete", {"version": 1}).status == none
    # refusing mail without a sender takes everybody's bounces: the server admins', whatever the level
    assert add(anna, "sender", "", "REJECT", null_sender="1").status == (422 if level >= 2 else 403)
    lists.sql("INSERT INTO domain_access (domain, state) VALUES ('<>', 'OK')")
    null = f"/lists/senders/{lists.one('SELECT id FROM domain_access WHERE domain = %s', '<>')}"
    for act, sent in (("/edit", {"version": 1, "state": "REJECT"}), ("/delete", {"version": 1})):
        assert anna.post(null + act, sent).status == none
    assert anna.post(plain + "/delete", {}).status == (303 if level >= 4 else none)
    if level < 2:
        return
    for state in ("HOLD", "DISCARD", "DUNNO", "CODE", "DEFER"):
        assert add(anna, "sender", "y.example", state).status == 422
    form = anna.get("/lists/new").text
    assert "REJECT" in form and "HOLD" not in form and 'name="text"' not in form and "null_sender" not in form
    assert add(anna, "sender", "z.example", "REJECT", text="Go away").status == 303
    assert dict((d, s) for d, s, _ in stored(lists, "sender"))["z.example"] == "REJECT"
    for line in ("y.example HOLD", "y.example REJECT Go away", "y.example 550 no"):
        assert anna.post("/lists/paste", {"kind": "sender", "state": "REJECT", "lines": line}).status == 422
    assert anna.post_json("/lists/new", {"kind": "sender", "entry": "y.example", "state": "HOLD"}).status == 422
    assert lists.run("access", "add", "--sender", "y.example", "HOLD", as_="anna@a.example").returncode in (65, 77)
