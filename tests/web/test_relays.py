# SPDX-License-Identifier: GPL-3.0-or-later
"""Relay domains: pages, JSON and commands do the same; hosted or relayed, not both; lists of recipients pasted line by
line; and what privacy_level opens to domain admins, level by level."""
import json

import pytest

from visitor import ADMIN, Site


@pytest.fixture(scope="module")
def relays():
    """A site at privacy_level 0, with a domain admin."""
    with Site(privacy_level=0) as site:
        site.make_domain("a.example")
        site.make_mailbox("anna@a.example", administers=("a.example",))
        yield site


@pytest.fixture
def boss(relays):
    return relays.sign_in()


def new(visitor, domain, **fields):
    return visitor.post("/relays/new", {"domain": domain, **fields})


def stored(site, domain):
    return site.sql("SELECT recipients, transport, description FROM relay_domains WHERE domain = %s", domain)


def test_from_the_empty_list_to_the_deletion(relays, boss):
    assert "No relay domain yet" in boss.get("/relays").text
    form = boss.get("/relays/new").form()
    assert set(form.fields) >= {"domain", "next_hop", "description", "token", "operation"}
    answer = new(boss, "Backup.Example.", recipients="list", next_hop="mail.backup.example:2525", description="Ours")
    assert answer.status == 303 and answer.location == "/relays/backup.example/recipients", answer
    assert stored(relays, "backup.example") == (("list", "relay:mail.backup.example:2525", "Ours"),)
    page = boss.get("/relays/backup.example").text
    assert "mail.backup.example:2525" in page and "list of addresses is empty" in page
    assert "backup.example" in boss.get("/relays?q=back").text
    assert "No relay domain fits" in boss.get("/relays?q=zzz").text
    version = boss.get("/relays/backup.example", json=True).json["relay"]["version"]
    answer = boss.post("/relays/backup.example/edit", {"version": version, "recipients": "any", "next_hop": "[192.0.2.7]"})
    assert answer.status == 303 and answer.location == "/relays/backup.example"
    assert stored(relays, "backup.example") == (("any", "relay:[192.0.2.7]", "Ours"),)
    assert "to names that do not exist" in boss.get("/relays/backup.example").text
    stale = boss.post("/relays/backup.example/edit", {"version": version, "next_hop": "other.example"})
    assert stale.status == 409 and "[192.0.2.7]" in stale.text and "other.example" in stale.text
    assert boss.post("/relays/backup.example/delete", {}).status == 303
    assert not stored(relays, "backup.example") and boss.get("/relays/backup.example").status == 404
    told = relays.sql("SELECT action FROM audit WHERE object = 'backup.example' AND outcome = 'done' ORDER BY id")
    assert told == (("relay.add",), ("relay.edit",), ("relay.delete",))


@pytest.mark.parametrize("typed, kept", [
    ("mail.x.example", "relay:mail.x.example"), ("[mail.x.example]", "relay:[mail.x.example]"),
    ("[mail.x.example]:26", "relay:[mail.x.example]:26"), ("[192.0.2.1]", "relay:[192.0.2.1]"),
    ("[2001:DB8::0:1]:25", "relay:[2001:db8::1]:25"), ("[ipv6:2001:db8::1]", "relay:[2001:db8::1]"), ("", ""),
    ("bücher.example", "relay:xn--bcher-kva.example")])
def test_next_hops_in_their_normal_form(relays, boss, typed, kept):
    relays.sql("DELETE FROM relay_domains")
    assert new(boss, "hop.example", next_hop=typed).status == 303
    assert stored(relays, "hop.example")[0][1] == kept
    again = boss.get("/relays/hop.example/edit").form().fields["next_hop"]
    assert boss.post("/relays/hop.example/edit", {"version": 1, "next_hop": again}).status == 303
    assert relays.one("SELECT version FROM relay_domains WHERE domain = 'hop.example'") == 1   # nothing had changed


@pytest.mark.parametrize("typed, says", [
    ("192.0.2.1", "Use [192.0.2.1] instead"), ("192.0.2.1:25", "Use [192.0.2.1]:25 instead"), ("2001:db8::1", "Use [2001:db8::1] instead"),
    ("mail.x.example:0", "from 1 to 65535"), ("mail.x.example:65536", "from 1 to 65535"), ("mail.x.example:", "from 1 to 65535"),
    ("[mail.x.example", "Type a host such as"), ("[mail.x.example]25", "from 1 to 65535"), ("local:x", "without local: before it"),
    ("smtp:mail.x.example", "Use mail.x.example instead"), ("smtp:[192.0.2.1]:25", "Use [192.0.2.1]:25 instead"), ("error:no", "without error: before it"), ("a b.example", "Take out blanks"),
    ("|/bin/sh", "Take out"), ("mail", "at least two parts"),
    (".".join(["\u00fc" * 40] * 5) + ".example", "at most 240 characters"),   # as A-labels
])
def test_next_hops_that_are_none(relays, boss, typed, says):
    relays.sql("DELETE FROM relay_domains")
    answer = new(boss, "hop.example", next_hop=typed)
    assert answer.status == 422 and says in answer.text, answer.text
    assert answer.form().fields["next_hop"] == typed
    assert not stored(relays, "hop.example")


def test_hosted_or_relayed_but_not_both(relays, boss):
    relays.sql("DELETE FROM relay_domains")
    assert "It has mailboxes of its own" not in boss.get("/relays/new").text
    answer = new(boss, "a.example")
    assert answer.status == 409 and "This domain is hosted here" in answer.text
    assert new(boss, "r.example").status == 303
    assert new(boss, "R.example").status == 409
    answer = boss.post("/domains/new", {"name": "r.example"})
    assert answer.status == 409 and "This domain is a relay domain" in answer.text
    refused = relays.run("relay", "add", "a.example")
    assert refused.returncode == 73 and "hosted here" in refused.stderr
    refused = boss.post_json("/relays/new", {"domain": "a.example"})
    assert refused.status == 409 and refused.json["errors"]["domain"]["code"] == "domain_hosted"


def test_a_rename_takes_along_what_belongs_to_it(relays, boss):
    relays.sql("DELETE FROM relay_domains")
    relays.make_domain("here.example")
    assert new(boss, "was.example", next_hop="[192.0.2.1]").status == 303 and new(boss, "taken.example").status == 303
    assert boss.post("/relays/was.example/recipients", {"addresses": "ada"}).status == 303
    assert boss.post("/domains/a.example/aliases/new", {"source": "far", "destinations": "ada@was.example"}).status == 303
    relays.sql("INSERT INTO domain_access (domain, state) VALUES ('was.example', 'OK'), ('ada@was.example', 'HOLD')")
    edit = lambda name: boss.post_json("/relays/was.example/edit", {"name": name, "version": version})   # noqa: E731
    version = boss.get("/relays/was.example", json=True).json["relay"]["version"]
    for name, code in (("taken.example", "relay_taken"), ("here.example", "domain_hosted"), ("no dots", "domain_character"), ("", "required")):
        answer = edit(name)
        assert answer.status in (409, 422) and answer.json["errors"]["name"]["code"] == code, answer
    long = ".".join(["d" * 62] * 4)
    relays.sql("INSERT INTO relay_recipients (relay_domain_id, user) SELECT id, REPEAT('l', 64) FROM relay_domains WHERE domain = 'was.example'")
    answer = edit(long)
    assert answer.status == 422 and answer.json["errors"]["name"]["code"] == "domain_addresses_long", answer
    form = boss.get("/relays/was.example/edit").form()
    assert form.fields["name"] == "was.example"
    answer = boss.post(form.action, {**form.fields, "name": "B\u00fccher.Example"}, token=None)
    assert answer.status == 303 and answer.location == "/relays/xn--bcher-kva.example", answer
    assert relays.one("SELECT email FROM relay_recipients WHERE user = 'ada'") == "ada@xn--bcher-kva.example"
    assert relays.one("SELECT destination FROM virtual_aliases WHERE source = 'far'") == "ada@xn--bcher-kva.example"
    assert dict(relays.sql("SELECT domain, state FROM domain_access")) == {"xn--bcher-kva.example": "OK", "ada@xn--bcher-kva.example": "HOLD"}
    assert stored(relays, "xn--bcher-kva.example")[0][1] == "relay:[192.0.2.1]"
    line = relays.sql("SELECT object, before_json, after_json, id FROM audit WHERE action = 'relay.edit' AND outcome = 'done' ORDER BY id DESC LIMIT 1")[0]
    assert line[0] == "xn--bcher-kva.example" and "was.example" in line[1] and "name" in line[2], line
    assert boss.post(f"/audit/{line[3]}/undo", {}).status == 303
    assert relays.one("SELECT destination FROM virtual_aliases WHERE source = 'far'") == "ada@was.example"
    shell = relays.run("relay", "edit", "was.example", "--name", "is.example", check=True)
    assert "is.example saved" in shell.stdout and stored(relays, "is.example")
    told = relays.run("relay", "edit", "is.example", "--name", "here.example")
    assert told.returncode == 73 and "hosted here" in told.stderr
    relays.sql("DELETE FROM domain_access")
    relays.sql("DELETE FROM virtual_aliases")
    relays.sql("DELETE FROM virtual_domains WHERE name = 'here.example'")


def test_recipients_are_pasted_with_a_verdict_each(relays, boss):
    relays.sql("DELETE FROM relay_domains")
    assert new(boss, "r.example").status == 303
    url = "/relays/r.example/recipients"
    answer = boss.post(url, {"addresses": "ada\r\n  Grace@R.example \r\n\r\nada\r\njo+box@r.example"})
    assert answer.status == 303, answer
    page = boss.get(url).text
    assert "Added: 3. There already: 1." in page
    assert relays.sql("SELECT email FROM relay_recipients ORDER BY email") == (
        ("ada@r.example",), ("grace@r.example",), ("jo+box@r.example",))
    answer = boss.post(url, {"addresses": "new\nada\nx@other.example\na..b\nüml\n"})
    assert answer.status == 422 and "These lines are not right: 3, 4, 5." in answer.text
    assert "Only addresses of r.example stand in this list" in answer.text and "in the list already" in answer.text
    assert "new\nada\nx@other.example" in answer.text
    assert relays.one("SELECT COUNT(*) FROM relay_recipients") == 3
    for everybody in ("*", "@r.example", "*@r.example"):   # as people write it: no pattern, no name
        assert "choose so in the settings" in boss.post(url, {"addresses": everybody}).text
    answer = boss.post(url, {"addresses": "new\nada\nx@other.example", "good_only": "1"})
    assert answer.status == 303
    assert "Added: 1. There already: 1. Left out: 1." in boss.get(url).text
    assert boss.get(url, json=True).json["total"]["value"] == 4
    assert "new@r.example" in boss.get(url + "?q=NE").text and "ada@r.example" not in boss.get(url + "?q=ne").text
    assert boss.post(url + "/remove", {"address": "ada@r.example"}).status == 303
    assert boss.post(url + "/remove", {"address": "ada@r.example"}).status == 409
    told = relays.sql("SELECT action, before_json, after_json FROM audit WHERE action LIKE 'relay.recipient%' AND outcome = 'done' ORDER BY id DESC LIMIT 2")
    assert json.loads(told[0][1]) == {"recipient": "ada@r.example"} and json.loads(told[1][2]) == {"recipient": "new@r.example"}


def test_recipients_page_by_page(relays, boss):
    relays.sql("DELETE FROM relay_domains")
    assert new(boss, "r.example").status == 303
    url = "/relays/r.example/recipients"
    many = "\n".join(f"user{i:03d}" for i in range(260))
    assert boss.post(url, {"addresses": many}).status == 303
    assert boss.post(url, {"addresses": "\n".join(f"u{i}" for i in range(5001))}).status == 422
    assert "at most 5000 at a time" in boss.post_json(url, {"addresses": [f"u{i}" for i in range(5001)]}).json["errors"]["addresses"]["text"]
    assert relays.one("SELECT COUNT(*) FROM relay_recipients") == 260
    long = boss.post(url, {"addresses": "\n".join([f"u{i}" for i in range(800)] + ["a b"] * 700)})   # a page tells what is not good
    assert long.status == 422 and long.text.count("cannot hold blanks") == 500
    everything = boss.post_json(url, {"addresses": ["u1", *["a b"] * 600]}).json["errors"]["addresses"]["lines"]
    assert [line["verdict"] for line in everything] == ["good", *["wrong"] * 600]
    seen, after = [], ""
    while after is not None:
        page = boss.get(f"{url}?rows=100{after}", json=True).json
        seen += [row["recipient"] for row in page["rows"]]
        after = f"&after={page['next_after']}" if "next_after" in page else None
    assert seen == [f"user{i:03d}" for i in range(260)]


def test_json_says_the_same(relays, boss):
    relays.sql("DELETE FROM relay_domains")
    made = boss.post_json("/relays/new", {"domain": "j.example", "next_hop": "[192.0.2.9]:26"})
    assert made.status == 201 and made.json["recipients"] == "list" and made.json["next_hop"] == "[192.0.2.9]:26"
    url = "/relays/j.example/recipients"
    answer = boss.post_json(url, {"addresses": "ada\nx@other.example"})
    assert answer.status == 422
    lines = answer.json["errors"]["addresses"]["lines"]
    assert [line["verdict"] for line in lines] == ["good", "wrong"] and "j.example" in lines[1]["said"]
    answer = boss.post_json(url, {"addresses": "ada\nx@other.example", "good_only": True})
    assert answer.status == 200 and [line["verdict"] for line in answer.json["lines"]] == ["good", "wrong"]
    assert answer.json["listed"] == 1
    wrong = boss.post_json("/relays/new", {"domain": "k.example", "next_hop": "192.0.2.9"})
    assert wrong.status == 422 and wrong.json["errors"]["next_hop"]["offer"] == "[192.0.2.9]"
    version = boss.get("/relays/j.example", json=True).json["relay"]["version"]
    assert boss.post_json("/relays/j.example/edit", {"recipients": "any", "version": version}).json["recipients"] == "any"
    assert boss.post_json("/relays/j.example/edit", {"recipients": "some", "version": version + 1}).status == 422


def test_commands_say_the_same(relays):
    relays.sql("DELETE FROM relay_domains")
    run = relays.run
    assert "c.example added" in run("relay", "add", "c.example", "--next-hop", "[192.0.2.1]", check=True).stdout
    shown = json.loads(run("relay", "show", "c.example", "--json", check=True).stdout)
    assert (shown["next_hop"], shown["recipients"], shown["listed"]) == ("[192.0.2.1]", "list", 0)
    assert run("relay", "add", "d.example", "--next-hop", "192.0.2.1").returncode == 65
    assert run("relay", "edit", "c.example", "--recipients", "any", check=True).stdout == "c.example saved\n"
    added = run("relay", "recipients", "c.example", "add", "ada", "grace@c.example", check=True)
    assert added.stdout.split() == ["1", "good", "ada", "2", "good", "grace@c.example"]
    refused = run("relay", "recipients", "c.example", "add", input="eve\nno one\n")
    assert refused.returncode == 65 and "wrong  no one" in refused.stdout and "lines are not right: 2" in refused.stderr
    assert run("relay", "recipients", "c.example", "add", "--good-only", "1", input="eve\nno one\n").returncode == 0
    assert run("relay", "recipients", "c.example", check=True).stdout.split() == ["ada@c.example", "eve@c.example", "grace@c.example"]
    run("relay", "recipients", "c.example", "delete", "eve", check=True)
    assert run("relay", "recipients", "c.example", "delete", "eve").returncode == 73
    assert "c.example" in run("relay", "list", check=True).stdout
    assert run("relay", "delete", "c.example").returncode == 64
    run("relay", "delete", "c.example", "--yes", check=True)
    assert run("relay", "show", "c.example").returncode == 66
    assert "mailboy relay add" in run("relay", "--help", check=True).stdout


def outcomes(site, visitor):
    """What a domain admin gets: list, show, add, recipients added and removed, edit, delete."""
    return (visitor.get("/relays").status, visitor.get("/relays/old.example").status,
            visitor.post("/relays/new", {"domain": "mine.example"}).status,
            visitor.post("/relays/old.example/recipients", {"addresses": "ada"}).status,
            visitor.post("/relays/old.example/edit", {"version": 1, "description": "Theirs"}).status,
            visitor.post("/relays/old.example/recipients/remove", {"address": "seed"}).status,
            visitor.post("/relays/old.example/delete", {}).status)


@pytest.mark.parametrize("level, wanted", [
    (0, (403, 404, 403, 404, 404, 404, 404)), (1, (200, 200, 403, 403, 403, 403, 403)), (2, (200, 200, 303, 303, 403, 403, 403)),
    (3, (200, 200, 303, 303, 303, 403, 403)), (4, (200, 200, 303, 303, 303, 303, 303))])
def test_what_privacy_level_opens(relays, level, wanted):
    relays.end()
    relays.configure(privacy_level=level)
    relays.serve()
    relays.sql("DELETE FROM relay_domains")
    relays.sql("INSERT INTO relay_domains (domain, recipients, transport) VALUES ('old.example', 'list', 'relay:[192.0.2.99]')")
    relays.sql("INSERT INTO relay_recipients (relay_domain_id, user) SELECT id, 'seed' FROM relay_domains")
    anna = relays.sign_in("anna@a.example")
    assert ('href="/relays"' in anna.get("/").text) == (level >= 1)
    assert ('href="/relays/new"' in anna.get("/relays").text) == (level >= 2)
    shown = anna.get("/relays/old.example").text
    assert "192.0.2.99" not in shown and "next_hop" not in anna.get("/relays/old.example", json=True).json.get("relay", {})
    assert ('href="/relays/old.example/edit"' in shown, 'href="/relays/old.example/delete"' in shown) == (level >= 3, level >= 4)
    assert outcomes(relays, anna) == wanted
    if level >= 2:   # the next hop is never theirs: nothing of it in a form, a mistake in JSON and in the shell
        assert anna.post("/relays/new", {"domain": "hop.example", "next_hop": "[192.0.2.66]"}).status == 303
        assert stored(relays, "hop.example")[0][1] == ""
        assert anna.post_json("/relays/new", {"domain": "hop2.example", "next_hop": "[192.0.2.66]"}).status == 422
        relays.run("relay", "add", "hop3.example", "--next-hop", "[192.0.2.66]", as_="anna@a.example")
        assert not relays.sql("SELECT 1 FROM relay_domains WHERE transport LIKE '%%66%%'")
    if level == 3:
        assert stored(relays, "old.example") == (("list", "relay:[192.0.2.99]", "Theirs"),)
    user = relays.sign_in(ADMIN)
    assert user.get("/relays").status == 200
