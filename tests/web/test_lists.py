# SPDX-License-Identifier: GPL-3.0-or-later
"""What every list has: chips for its filters, an order, a page size that is remembered."""
import html
import re

import pytest


@pytest.fixture(scope="module")
def many(site):
    """A domain of 60 mailboxes, every tenth of them off, and its list."""
    site.make_domain("many.example")
    for i in range(60):
        site.make_mailbox(f"u{i:02}@many.example", active=i % 10 != 0)
    return "/domains/many.example/mailboxes"


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
