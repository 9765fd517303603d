# SPDX-License-Identifier: GPL-3.0-or-later
"""What every list has: chips for its filters, an order, a page size that is remembered."""
import html
import json
import re

import pytest


@pytest.fixture(scope="module")
def many(site):
    """A domain of 60 mailboxes, every tenth of them off, and its list."""
    site.make_domain("many.example")
    for i in range(60):
        site.make_mailbox(f"u{i:02}@many.example", active=i % 10 != 0)
    return "/domains/many.example/mailboxes"


LOOKED = 5000


@pytest.fixture(scope="module")
def crowd(site):
    """A domain of 6,000 mailboxes of which few are nearly full and few never signed in: numbers of Dovecot's."""
    domain, n = site.make_domain("crowd.example"), 6000
    site.sql(f"INSERT INTO virtual_users (domain_id, user, quota_kb, quota_messages) SELECT %s, CONCAT('c', LPAD(seq, 5, '0')), 1000, 100"
             f" FROM seq_0_to_{n - 1}", domain)
    near = {7: (921600, 1), 8: (921599, 89), 4999: (2 ** 62, 0), 5100: (0, 90), 5101: (5, 1000), 5999: (1024000, 100), 1: (-5, -7)}
    for i, (used, messages) in near.items():
        site.sql("INSERT INTO quota2 VALUES (%s, %s, %s)", f"c{i:05}@crowd.example", used, messages)
    site.sql("UPDATE virtual_users SET quota_kb = 0 WHERE email = 'c05101@crowd.example'")
    site.sql("INSERT INTO quota2 SELECT email, 999999999, 0 FROM virtual_users WHERE email = 'c00009@crowd.example'")
    site.sql("UPDATE virtual_users SET quota_kb = 0 WHERE email = 'c00009@crowd.example'")
    site.sql("INSERT INTO last_login SELECT email, 'imap', 1000 FROM virtual_users WHERE domain_id = %s AND id %% 100 <> 0", domain)
    return "/domains/crowd.example/mailboxes"


def names(page):
    return re.findall(r'aria-label="Select ([^"@]+)@', page.text)


def chips(page):
    """[(words, address)] of the chips."""
    found = re.findall(r'class="chip" href="([^"]*)">([^<]*)<', page.text)
    return [(html.unescape(words), html.unescape(address)) for address, words in found]


def sizes(page):
    """{rows: (address, is it the present one)}"""
    found = re.findall(r'href="([^"]*)" title="\d+ rows? a page"( aria-current="true")?>(\d+)</a>', page.text)
    return {int(n): (html.unescape(address), bool(now)) for address, now, n in found}


def link(page, rel):
    found = re.search(f'rel="{rel}" href="([^"]*)"', page.text)
    return found and html.unescape(found[1])


def test_chips_take_a_filter_away(admin, many):
    assert chips(admin.get(many)) == [] and "Show all" not in admin.get(many).text
    page = admin.get(many + "?q=u1&state=off")
    assert names(page) == ["u10"]
    assert chips(page) == [("Address: u1", many + "?state=off"), ("State: Off", many + "?q=u1")]
    assert names(admin.get(chips(page)[0][1])) == ["u00", "u10", "u20", "u30", "u40", "u50"]
    assert len(names(admin.get(chips(page)[1][1]))) == 10
    odd = admin.get(many + '?q="><b %26%3F%23')
    assert chips(odd)[0][1] == many and "The filter hides every mailbox" in odd.text and "<b " not in odd.text.partition("<main")[2]
    assert chips(admin.get("/domains?q=many")) == [("Domain: many", "/domains")]
    assert chips(admin.get("/audit?q=nobody")) == [("Who (address): nobody", "/audit")]
    assert "chips" not in admin.get(many + "?q=u1", json=True).text


def test_both_orders_page_by_page(admin, many):
    everything = [f"u{i:02}" for i in range(60)]
    for extra, wanted in (("", everything), ("&q=u3", everything[30:40]), ("&state=off", everything[::10])):
        for order, rows in (("", wanted), ("&order=desc", wanted[::-1])):
            address, seen, pages = f"{many}?rows=25{extra}{order}", [], []
            while address:
                page = admin.get(address)
                seen += names(page)
                pages.append(names(page))
                address = link(page, "next")
            assert seen == rows, (extra, order)
            back = [pages[-1]]
            while link(page, "prev"):
                page = admin.get(link(page, "prev"))
                back.append(names(page))
            assert back == pages[::-1], (extra, order)
            assert f'aria-sort="{"descending" if order else "ascending"}"' in page.text


def test_domains_in_both_orders(admin, many):
    shown = [re.findall(r'<tr id="mb-(\d+)"', admin.get("/domains?q=m" + order).text) for order in ("", "&order=desc")]
    assert shown[0] == shown[1][::-1] and shown[0]
    assert [r["domain"] for r in admin.get("/domains?q=m&order=desc", json=True).json["rows"]] == sorted(
        (r["domain"] for r in admin.get("/domains?q=m", json=True).json["rows"]), reverse=True)


def test_page_size_is_remembered(site, many):
    reader = site.sign_in()
    first = reader.get(many)
    assert len(names(first)) == 50 and {n: now for n, (_, now) in sizes(first).items()} == {25: False, 50: True, 100: False}
    small = reader.get(sizes(first)[25][0])
    kept = [value for name, value in small.headers if name == "set-cookie"]
    assert len(kept) == 1 and kept[0].startswith("rows=25; ") and "Max-Age=" in kept[0] and "HttpOnly" in kept[0]
    assert len(names(small)) == 25 and len(names(reader.get(many))) == 25 and sizes(reader.get(many))[25][1]
    assert reader.get(many + "?rows=25").header("set-cookie") is None, "it is known"
    assert len(names(reader.get(many + "?rows=100"))) == 60 and len(names(reader.get(many))) == 60
    for odd in ("0", "7", "1000", "-1", "25x", ""):
        page = reader.get(f"{many}?rows={odd}")
        assert len(names(page)) == 60 and page.header("set-cookie") is None, odd
    assert len(reader.get(many, json=True).json["rows"]) == 50, "a program says it each time"
    assert len(reader.get(many + "?rows=25", json=True).json["rows"]) == 25
    for odd in ("", "a", "9999999999", "50; x=1"):
        reader.cookies["rows"] = odd
        assert len(names(reader.get(many))) == 50
    assert not sizes(reader.get("/domains?q=many")), "all is seen"


def test_a_switch_leads_back_to_the_very_page(admin, many):
    page = admin.get(many + "?q=u0&order=desc&state=on&rows=25")
    switch = next(f for f in page.forms() if "/u05/edit?" in f.action)
    done = admin.post(switch.action, {**switch.fields, "active": "1"})
    assert done.status == 303
    path, _, query = done.location.partition("#")[0].partition("?")
    assert path == many and set(query.split("&")) == {"q=u0", "order=desc", "state=on", "rows=25"}


# --- what no index can find ---

def on(page):
    """Where the search goes on."""
    found = re.search(r'href="([^"]*)"[^>]*>(?:<span>)?Search on', page.text)
    return found and html.unescape(found[1])


FULL = ["c00007", "c04999", "c05100", "c05101", "c05999"]


def test_nearly_full_is_looked_for_page_by_page(admin, crowd):
    first = admin.get(crowd + "?use=nearly-full")
    assert names(first) == FULL[:2] and ("Use: At least 90 %", crowd) in chips(first)
    assert "Looked at 5,000 mailboxes, found: 2. There are more to look at." in html.unescape(first.text)
    assert link(first, "prev") is None and "use=nearly-full" in on(first)
    last = admin.get(on(first))
    assert names(last) == FULL[2:] and on(last) is None and link(last, "next") is None
    assert re.search(r'<a class="btn" href="/domains/crowd.example/mailboxes\?use=nearly-full">', last.text), "back to the first"
    back = admin.get(link(last, "prev"))
    assert names(back) == FULL[1:2] and on(back) and names(admin.get(link(back, "next"))) == FULL[2:]
    assert names(admin.get(on(back))) == FULL[:1]
    turned = admin.get(crowd + "?use=nearly-full&order=desc")
    assert names(turned) == FULL[:0:-1] and names(admin.get(on(turned))) == FULL[:1]
    assert names(admin.get(crowd + "?use=nearly-full&q=c05")) == FULL[2:]
    assert names(admin.get(crowd + "?use=nearly-full&state=off")) == []
    assert "None of the 5,000 mailboxes looked at fits" in html.unescape(admin.get(crowd + "?use=nearly-full&state=off").text)
    assert names(admin.get(crowd + "?use=full")) == names(admin.get(crowd)), "no such use"


def test_never_signed_in_fills_pages(site, admin, crowd):
    wanted = [name for (name,) in site.sql("SELECT user FROM virtual_users u WHERE email LIKE 'c%%@crowd.example' AND NOT EXISTS (SELECT 1 FROM"
                                           " last_login l WHERE l.username = u.email) ORDER BY user")]
    assert len(wanted) == 60
    address, seen, sizes_seen = crowd + "?use=never-signed-in&rows=25", [], []
    while address:
        page = admin.get(address)
        seen += names(page)
        sizes_seen.append(len(names(page)))
        address = on(page) or link(page, "next")
    assert seen == wanted and sizes_seen == [25, 25, 10]
    assert link(admin.get(crowd + "?use=never-signed-in&rows=25"), "next"), "a full page has its neighbour, and says nothing of looking"
    both = site.make_mailbox("here@crowd.example"), site.make_mailbox("hither@crowd.example")
    site.sign_in("here@crowd.example")
    assert both and names(admin.get(crowd + "?use=never-signed-in&q=h")) == ["hither"], "whoever is signed in here has signed in"
    site.sql("DELETE FROM virtual_users WHERE email LIKE 'h%%@crowd.example'")


def test_use_for_programs_and_on_the_command_line(site, admin, crowd):
    answer = admin.get(crowd + "?use=nearly-full", json=True).json
    assert [r["mailbox"] for r in answer["rows"]] == FULL[:2] and answer["looked"] == {"rows": LOOKED, "found": 2}
    rows = answer["rows"]
    while answer.get("next_after"):
        answer = admin.get(f"{crowd}?use=nearly-full&after={answer['next_after']}", json=True).json
        rows += answer["rows"]
    assert [r["mailbox"] for r in rows] == FULL and "looked" not in answer
    assert {r["quota"]["level"] for r in rows} <= {"warn", "full"}
    assert "total" not in answer and admin.get(crowd + "?state=on", json=True).json["total"]["value"] == 6000, "nobody has counted those"
    lead = re.search(r'<p class="lead">([^<]*)</p>', admin.get(crowd + "?use=nearly-full").text)[1]
    assert lead.strip() == "in crowd.example"
    below = admin.get(crowd + "?q=c00001", json=True).json["rows"][0]["quota"]
    assert (below["used"], below["messages"], below["percent"]) == (0, 0, 0) and admin.get(crowd + "?q=c00001").status == 200
    words = ("mailbox", "list", "crowd.example", "--use", "nearly-full")
    said = site.run(*words, check=True).stdout
    assert [line.partition("@")[0] for line in said.splitlines()[:2]] == FULL[:2]
    assert said.splitlines()[2] == "Looked at 5000 mailboxes. To go on: --after c04999, or --all."
    assert site.run(*words, "--after", "c04999", check=True).stdout.splitlines()[0].startswith("c05100@")
    found = [json.loads(line)["mailbox"] for line in site.run(*words, "--all", "--json", check=True).stdout.splitlines()]
    assert found == FULL
    assert site.run("mailbox", "list", "--use", "full").returncode == 64


def test_use_over_several_domains(site, admin, crowd):
    site.make_domain("aside.example")
    site.make_mailbox("two@aside.example", administers=("aside.example", "crowd.example"))
    both = site.sign_in("two@aside.example")
    seen, address = [], "/mailboxes?use=nearly-full"
    while address:
        page = both.get(address)
        seen += names(page)
        address = on(page) or link(page, "next")
    assert seen == FULL
    assert [r["mailbox"] for r in admin.get("/mailboxes?use=nearly-full&q=c", json=True).json["rows"]] == FULL[:2]
    one = site.make_mailbox("one@crowd.example", administers=("crowd.example",))
    assert one and names(site.sign_in("one@crowd.example").get(crowd + "?use=nearly-full")) == FULL[:2]
    assert both.get("/domains/many.example/mailboxes?use=nearly-full").status == 404


# --- circles of aliases ---

def test_aliases_in_a_circle_are_marked(site, admin):
    """None can be made here: they come from before, or by hand."""
    domain = site.make_domain("ring.example")
    site.make_mailbox("box@ring.example")
    for source, destination, active in (("a", "b@ring.example", 1), ("b", "c@ring.example", 1), ("b", "box@ring.example", 1), ("c", "a@ring.example", 1),
                                        ("in", "a@ring.example", 1), ("keep", "keep@ring.example", 1), ("fine", "box@ring.example", 1),
                                        ("off", "back@ring.example", 0), ("back", "off@ring.example", 1), ("far", "x@elsewhere.example", 1)):
        site.sql("INSERT INTO virtual_aliases (domain_id, source, destination, active) VALUES (%s, %s, %s, %s)", domain, source, destination, active)
    path = "/domains/ring.example/aliases"

    def marked():
        return {r["source"] for r in admin.get(path, json=True).json["rows"] if r.get("circle")}
    assert marked() == {"a", "b", "c"}
    page = admin.get(path)
    assert page.text.count("In a circle") == 3 and {r["source"] for r in admin.get("/aliases?q=b", json=True).json["rows"] if r.get("circle")} == {"b"}
    lines = site.run("alias", "list", "ring.example", check=True).stdout.splitlines()
    assert {line.partition("@")[0] for line in lines if line.endswith("(in a circle)")} == {"a", "b", "c"}
    site.sql("INSERT INTO virtual_aliases (domain_id, source, destination) VALUES (%s, '', 'nobody@ring.example')", domain)
    assert marked() == {"a", "b", "c", ""}, "a catch-all to what nobody has"
    site.sql("UPDATE virtual_aliases SET active = 0 WHERE domain_id = %s AND source = 'c'", domain)
    assert marked() == {""}


# --- other lists ---

def test_relay_domains_and_their_addresses_in_both_orders(site, admin):
    for name in ("raft-a.example", "raft-b.example", "raft-c.example"):
        site.sql("INSERT INTO relay_domains (domain, recipients) VALUES (%s, 'list')", name)
    site.sql("INSERT INTO relay_recipients (relay_domain_id, user) SELECT id, CONCAT('n', seq) FROM relay_domains, seq_1_to_4 WHERE domain = 'raft-b.example'")
    for path, key, wanted in (("/relays?q=raft-", "domain", ["raft-a.example", "raft-b.example", "raft-c.example"]),
                              ("/relays/raft-b.example/recipients?q=n", "recipient", ["n1", "n2", "n3", "n4"])):
        assert [r[key] for r in admin.get(path, json=True).json["rows"]] == wanted
        assert [r[key] for r in admin.get(path + "&order=desc", json=True).json["rows"]] == wanted[::-1]
        page = admin.get(path)
        turn = html.unescape(re.search(r'aria-sort="ascending"><a href="([^"]*)"', page.text)[1])
        assert turn == path + "&order=desc" and 'aria-sort="descending"' in admin.get(turn).text


def test_the_audit_log_from_the_oldest(site, admin, many):
    domain = "/domains/many.example/activity"
    for i in range(26):
        site.run("mailbox", "edit", "u07@many.example", "--name", f"Name {i}", check=True)
    for path in ("/audit", domain):
        newest, address = [], path + "?rows=25"
        while address:
            page = admin.get(address)
            newest += re.findall(r'href="/audit/(\d+)"', page.text.partition("<main")[2])
            address = link(page, "next")
        oldest, address, pages = [], path + "?rows=25&order=asc", []
        while address:
            page = admin.get(address)
            pages.append(re.findall(r'href="/audit/(\d+)"', page.text.partition("<main")[2]))
            assert 'aria-sort="ascending"' in page.text and "oldest first" in page.text
            oldest += pages[-1]
            address = link(page, "next")
        assert oldest == newest[::-1] and len(pages) > 1, path
        assert re.findall(r'href="/audit/(\d+)"', admin.get(link(page, "prev")).text.partition("<main")[2]) == pages[-2]
    rows = admin.get(domain + "?order=asc", json=True).json["rows"]
    assert [r["id"] for r in rows] == sorted(r["id"] for r in rows) and 'aria-sort="descending"' in admin.get(domain).text


def test_administrators_by_the_start_of_their_address(site, admin):
    site.make_domain("adm.example")
    site.make_mailbox("zoe@adm.example", administers=("adm.example",))
    site.make_mailbox("zora@adm.example", level=1)
    found = admin.get("/admins?q=Zo", json=True).json
    assert [r["email"] for r in found["rows"]] == ["zora@adm.example", "zoe@adm.example"]
    page = admin.get("/admins?q=zoe")
    assert ("Address: zoe", "/admins") in chips(page) and "zora@adm.example" not in page.text
    assert "The filter hides every administrator" in admin.get("/admins?q=zz").text
    lines = site.run("admin", "list", "--prefix", "zo", check=True).stdout.splitlines()
    assert [line.split()[1] for line in lines] == ["zora@adm.example", "zoe@adm.example"]
