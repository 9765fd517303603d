# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile text in every field of every page: from rows of the database, from forms, from addresses and headers.
Each page is parsed as a browser does and has to have the same elements with the same attributes as its twin with
harmless text; and the text has to arrive as it was."""
import json
import re
import urllib.parse

import html5_parser
import pytest

from visitor import ADMIN, Site

BREAKS = ["", '">', "'>", "</title>", "</textarea></script>", "--><", "]]>", "`"]
SCRIPTS = [
    "<script>alert(1)</script>", "<ScRiPt src=//evil.example></ScRiPt>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>", "<body onload=alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>", "<a href='jav&#x09;ascript:alert(1)'>x</a>", "<form action=//evil.example><input name=token>",
    "<input autofocus onfocus=alert(1)>", "<details open ontoggle=alert(1)>", "<math href=javascript:alert(1)>x</math>",
    "<base href=//evil.example/>", "<meta http-equiv=refresh content='0;url=//evil.example'>", "<link rel=stylesheet href=//evil.example>",
    "<style>@import '//evil.example';</style>", "<object data=javascript:alert(1)>", "<embed src=javascript:alert(1)>",
    "<video><source onerror=alert(1)>", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<template><script>x</script></template>",
    "<!--<img src=--><img src=x onerror=alert(1)//>", "<![CDATA[<script>x</script>]]>", "<plaintext>", "<xmp><script>x</script></xmp>",
]
WORDS = [
    "onmouseover=alert(1) x=", "' onfocus='alert(1)", '" autofocus onfocus="alert(1)', "javascript:alert(1)", "data:text/html,<script>x</script>",
    "vbscript:msgbox(1)", "&lt;script&gt;", "&#60;script&#62;", "&#x3c;script>", "%3Cscript%3E", "\\u003cscript\\u003e", "+ADw-script+AD4-",
    "{{7*7}}", "{% evil %}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{ user.password }}", "{{{a}}}", "[[7*7]]", "{# x #}", "%{(7*7)}",
    "＜script＞alert(1)＜/script＞", "\u202e<b>", "\u2028<b>\u2029", "\ufeff<b>", "<b\u00a0onclick=x>", "'; DROP TABLE virtual_users; --",
    "' OR '1'='1", "\\'; --", "%s%n%x", "../../etc/passwd", "\\x3cscript\\x3e", "a&b;c<d>e\"f'g`h=i/j", "&", "<", ">", '"', "'", "&amp", "&#", "&nbsp",
]
TURNS = re.compile("[\u2028-\u202e\u2066-\u2069]")   # turn the text behind them round, or begin a line
PAYLOADS = list(dict.fromkeys([b + s for s in SCRIPTS for b in BREAKS] + WORDS))
PLAIN = [f"plain words {i}" for i in range(len(PAYLOADS))]
URL_ATTRIBUTES = {"href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset"}


def test_there_are_enough():
    assert len(PAYLOADS) >= 200


def parsed(answer):
    """By the algorithm of the HTML standard."""
    return html5_parser.parse(answer.text)


def tree(answer):
    """Elements in their order with the names of their attributes; every URL leads to our own pages."""
    assert answer.header("content-type").startswith("text/html"), answer
    shape = []
    for element in parsed(answer).iter():
        if not isinstance(element.tag, str):
            shape.append("comment")
            continue
        for name, value in element.attrib.items():
            if str(name).rpartition("}")[2] in URL_ATTRIBUTES:
                assert value.startswith(("/", "#")) and not value.startswith(("//", "/\\")), (name, value)
        shape.append((element.tag, tuple(sorted(map(str, element.attrib)))))
    return shape


def text(answer):
    return "".join(parsed(answer).itertext())


def same(hostile, harmless):
    assert hostile.status == harmless.status, (hostile, harmless)
    assert tree(hostile) == tree(harmless), hostile


@pytest.fixture(scope="module")
def pairs():
    """The release, for there is much to read. Domains hostile.example and harmless.example, alike but for the words in them."""
    with Site(kind="release") as site:
        fill(site)
        yield site


def fill(site):
    for domain, words in (("hostile.example", PAYLOADS), ("harmless.example", PLAIN)):
        made = site.make_domain(domain)
        stored = site.one("SELECT password FROM virtual_users WHERE email = %s", ADMIN)
        with site.db.connect(db="mailboy") as connection, connection.cursor() as cursor:
            cursor.executemany("INSERT INTO virtual_users (domain_id, user, password, name) VALUES (%s, %s, %s, %s)",
                               [(made, f"m{i:03d}", stored, word) for i, word in enumerate(words)])
            cursor.executemany("INSERT INTO virtual_domains (name, description) VALUES (%s, %s)",
                               [(f"d{i:03d}.{domain}", word[:255]) for i, word in enumerate(words)])
            cursor.execute("INSERT INTO domain_admins (user_id, domain_id) SELECT id, domain_id FROM virtual_users"
                           " WHERE domain_id = %s AND user < 'm100'", (made,))
            cursor.executemany("INSERT INTO audit (via, action, actor, object, object_kind, domain_id, outcome, remote, request_id,"
                               " before_json, after_json, unix_user) VALUES ('web', %s, %s, %s, 'mailbox', %s, 'done', %s, %s, %s, %s, %s)",
                               [(word[:64], word[:254], word, made, word[:64], word[:64], json.dumps({f"key {i}" if words is PLAIN else word: word}),
                                 json.dumps({f"key {i}" if words is PLAIN else word: word + "!"}), word[:64]) for i, word in enumerate(words)])
        fill_others(site, domain.partition(".")[0], made, words)


POLICY_TEXTS = {"virus_quarantine_to": 254, "spam_quarantine_to": 254, "banned_quarantine_to": 254, "unchecked_quarantine_to": 254,
                "bad_header_quarantine_to": 254, "clean_quarantine_to": 254, "archive_quarantine_to": 254, "addr_extension_virus": 64,
                "addr_extension_spam": 64, "addr_extension_banned": 64, "addr_extension_bad_header": 64, "newvirus_admin": 254,
                "virus_admin": 254, "banned_admin": 254, "bad_header_admin": 254, "spam_admin": 254, "spam_subject_tag": 64,
                "spam_subject_tag2": 64, "spam_subject_tag3": 64, "banned_rulenames": 64, "disclaimer_options": 64, "forward_method": 64,
                "sa_userconf": 64, "sa_username": 64}


def joined(word):
    """Without what the columns of names refuse."""
    return "".join(c for c in word.lower() if not c.isspace() and c not in "@,%*" and c.isprintable())[:60]


def rows_of(name, words):
    """{table: (columns, rows)} of the kinds that no domain holds, each with the words in every text."""
    several = list(enumerate(words))
    return {
        "policies": (("policy_name", "description", *POLICY_TEXTS),
                     [(f"{'10'[name == 'harmless']}{i:03d} {w}"[:64], w, *(w[:n] for n in POLICY_TEXTS.values())) for i, w in several]),
        "relay_domains": (("domain", "recipients", "transport", "description"),
                          [(f"{name}{i:03d}.relay.example", "list", f"relay:{joined(w)}", w) for i, w in several]),
        "domain_access": (("domain", "state", "comment"), [(f"{name}{i:03d}{joined(w)}", "550 " + w, w) for i, w in several]),
        "ip_access": (("ip", "state", "comment"), [(f"{name}{i:03d}{joined(w)}", "550 " + w, w) for i, w in several]),
    }


def fill_others(site, name, domain_id, words):
    with site.db.connect(db="mailboy") as connection, connection.cursor() as cursor:
        for table, (columns, rows) in rows_of(name, words).items():
            cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})", rows)
        cursor.executemany("INSERT INTO virtual_aliases (domain_id, source, destination, description) VALUES (%s, %s, %s, %s)",
                           [(domain_id, f"a{i:03d}", joined(word) + "@elsewhere.example", word) for i, word in enumerate(words)])
        cursor.executemany("INSERT INTO relay_recipients (relay_domain_id, user) SELECT id, %s FROM relay_domains WHERE domain = %s",
                           [(f"r{i:03d}{joined(word)}", f"{name}000.relay.example") for i, word in enumerate(words)])


@pytest.fixture(scope="module")
def reader(pairs):
    return pairs.sign_in()


def test_lists_from_rows(pairs, reader):
    n = len(PAYLOADS)
    for path in ("/domains/{}.example/mailboxes?rows=100", "/domains/{}.example/activity?rows=100", "/domains/{}.example/admins",
                 "/domains/{}.example", "/domains/{}.example/delete"):
        hostile, harmless = reader.get(path.format("hostile")), reader.get(path.format("harmless"))
        same(hostile, harmless)
    shown = text(reader.get("/domains/hostile.example/mailboxes?rows=100"))
    assert all(word in shown for word in PAYLOADS[:100])
    rows = reader.get("/domains/hostile.example/mailboxes?rows=100", json=True).json["rows"]
    assert [r["name"] for r in rows] == PAYLOADS[:100] and n > 100
    assert [r["object"] for r in reader.get("/domains/hostile.example/activity?rows=100", json=True).json["rows"]] == PAYLOADS[::-1][:100]


def test_lists_of_the_other_kinds(pairs, reader):
    for path, shown in (("/domains/{}.example/aliases?rows=100", joined), ("/relays?rows=100&q={}", lambda w: w),
                        ("/relays/{}000.relay.example/recipients?rows=100", joined),
                        ("/lists?kind=senders&rows=100&q={}", lambda w: w), ("/lists?kind=clients&rows=100&q={}", lambda w: w)):
        hostile, harmless = reader.get(path.format("hostile")), reader.get(path.format("harmless"))
        same(hostile, harmless)
        seen = text(hostile)
        assert all(shown(word) in seen for word in PAYLOADS[:100]), path
    known, path, seen = set(), "/policies?rows=100", ""
    for page in range(1, 5):   # the harmless are first, and there is no search
        answer = reader.get(path)
        known |= set(tree(answer)) if page < 3 else set()
        assert set(tree(answer)) <= known, path
        seen += text(answer)
        path = re.search(r'href="(/policies[?][^"]*after=[^"]*)"', answer.text)[1].replace("&amp;", "&") if page < 4 else ""
    assert all(f"1{i:03d} {word}"[:64] in seen for i, word in list(enumerate(PAYLOADS))[:150])


OTHERS = {   # its path, its rows in their order, and which of its texts the form has
    "alias": ("/domains/{name}.example/aliases/{id}", "virtual_aliases WHERE email LIKE 'a%@{}.example'", ["description"]),
    "relay": ("/relays/{name}{i:03d}.relay.example", "relay_domains WHERE domain LIKE '{}%'", ["description"]),
    "policy": ("/policies/{id}", "policies WHERE policy_name LIKE IF('{}' = 'hostile', '1%', '0%')", ["description", *POLICY_TEXTS]),
    "sender": ("/lists/senders/{id}", "domain_access WHERE domain LIKE '{}%'", ["comment", "text"]),
    "client": ("/lists/clients/{id}", "ip_access WHERE ip LIKE '{}%'", ["comment", "text"]),
}


@pytest.mark.parametrize("route", ["", "/edit", "/delete"])
@pytest.mark.parametrize("kind", OTHERS)
def test_each_of_the_other_kinds(pairs, reader, kind, route):
    path, rows, fields = OTHERS[kind]
    numbers = {name: [row[0] for row in pairs.sql(f"SELECT id FROM {rows.format(name)} ORDER BY id")] for name in ("hostile", "harmless")}
    last = len(PLAIN) - 1   # the page of a policy names the first 200 others
    twin = tree(reader.get(path.format(name="harmless", i=last, id=numbers["harmless"][last]) + route))
    offset = 1 + 2 * list(OTHERS).index(kind) + len(route)
    for i, word in list(enumerate(PAYLOADS))[offset % 5 or 1::5]:
        answer = reader.get(path.format(name="hostile", i=i, id=numbers["hostile"][i]) + route)
        assert answer.status == 200 and tree(answer) == twin, (word, answer)
        if route == "":
            assert word in text(answer)
        if route == "/edit":
            form = answer.form().fields
            assert all(form[field] == ("550 " if field == "text" else "") + word[:POLICY_TEXTS.get(field, 255)] for field in fields), (word, form)


@pytest.mark.parametrize("route", ["", "/edit", "/delete", "/password"])
def test_each_mailbox(pairs, reader, route):
    for i, word in enumerate(PAYLOADS):
        if i in (0, 100):   # those before are administrators
            twin = tree(reader.get(f"/domains/harmless.example/mailboxes/m{i:03d}" + route))
        answer = reader.get(f"/domains/hostile.example/mailboxes/m{i:03d}" + route)
        assert tree(answer) == twin, word
        if route == "/edit":
            assert answer.form().fields["name"] == PAYLOADS[i]


def test_each_domain(pairs, reader):
    for route in ("", "/edit"):
        twin = tree(reader.get("/domains/d000.harmless.example" + route))
        for i, word in list(enumerate(PAYLOADS))[0 if route else 1::2]:
            answer = reader.get(f"/domains/d{i:03d}.hostile.example" + route)
            assert tree(answer) == twin, word
            assert word in (text(answer) if route == "" else answer.form().fields["description"])


def test_each_audit_entry(pairs, reader):
    ids = [[row[0] for row in pairs.sql("SELECT id FROM audit WHERE domain_id = (SELECT id FROM virtual_domains WHERE name = %s)"
                                        " ORDER BY id LIMIT %s", f"{d}.example", len(PAYLOADS))] for d in ("hostile", "harmless")]
    assert [len(of) for of in ids] == [len(PAYLOADS)] * 2
    twin = tree(reader.get(f"/audit/{ids[1][0]}"))
    for entry, word in zip(ids[0], PAYLOADS):
        answer = reader.get(f"/audit/{entry}")
        assert tree(answer) == twin, word
        assert text(answer).count(word) >= 3


def test_typed_again(pairs, reader):
    """What was typed wrong stands in the form again."""
    forms = [("/domains/new", lambda w: {"name": "no domain " + w, "description": w}),
             ("/domains/hostile.example/mailboxes/new", lambda w: {"local_part": "a b" + w, "name": w, "quota": "x" + w, "quota_messages": "x" + w}),
             ("/domains/hostile.example/aliases/new", lambda w: {"source": "a b" + w, "destinations": "no address " + w.replace(",", ";"), "description": w}),
             ("/domains/hostile.example/admins", lambda w: {"address": "x y" + w}),
             ("/domains/hostile.example/mailboxes/m150/edit", lambda w: {"name": w, "quota": "x" + w}),
             ("/domains/hostile.example/mailboxes/m150/edit", lambda w: {"name": w, "version": 99}),   # the page of the conflict
             ("/domains/hostile.example/delete", lambda w: {"name": w})]
    for number, (path, fields) in enumerate(forms):
        twin = reader.post(path, fields("plain words"))
        assert twin.status in (409, 422), twin
        shape = tree(twin)
        for word in PAYLOADS[number % 4::4]:   # one component draws all of them
            if TURNS.search(word):   # wrong in every field
                assert reader.post(path, fields(word)).status == 422
                continue
            answer = reader.post(path, fields(word))
            assert answer.status == twin.status and tree(answer) == shape, (path, word, answer)


@pytest.mark.parametrize("turn", ["\u2028", "\u202e", "\u2066"])
def test_no_text_turns_what_stands_behind_it(pairs, reader, turn):
    path = "/domains/hostile.example/mailboxes/m150/edit"
    answer = reader.post(path, {"name": f"Anna {turn}gpj.exe"}, json=True)
    assert answer.status == 422 and answer.json["errors"]["name"]["code"] == "control_character"
    right_to_left = "\u05d0\u05d1\u05d2 \u200f\u0627\u0644\u0639"
    version = reader.get(path).form(path).fields["version"]
    saved = reader.post(path, {"name": right_to_left, "version": version}, json=True)
    assert saved.status == 200 and saved.json["name"] == right_to_left


def test_addresses_and_queries(pairs, reader):
    nobody = pairs.visitor()
    asks = [lambda w: reader.get("/domains?q=" + w), lambda w: reader.get("/mailboxes?state=on&q=" + w), lambda w: reader.get(f"/mailboxes?use={w}"),
            lambda w: reader.get(f"/aliases?q={w}&to={w}&kind={w}"),
            lambda w: reader.get("/" + w), lambda w: reader.get("/domains/" + w), lambda w: reader.get("/domains/hostile.example/mailboxes/" + w),
            lambda w: reader.get(f"/domains?{w}={w}&after={w}&rows={w}"), lambda w: nobody.get("/login?next=" + w),
            lambda w: reader.get("/me", HTTP_COOKIE=f"scheme={w}; mailboy={reader.cookies['mailboy']}".replace(";alert", "")),
            lambda w: reader.get("/none", HTTP_HOST=urllib.parse.unquote(w))]
    for number, ask in enumerate(asks):
        shape = tree(ask("zzz"))
        for word in PAYLOADS[number % 4::4]:
            answer = ask(urllib.parse.quote(word, safe=""))
            assert tree(answer) == shape, (word, answer)


def test_search_of_the_audit_log(pairs, reader):
    """Finds what begins so: few rows or many, but nothing that is in neither twin."""
    known = set(tree(reader.get("/audit?q=zzz"))) | set(tree(reader.get("/audit?q=plain"))) | set(
        tree(reader.get("/audit?q=plain+words+99")))
    for word in PAYLOADS[::4]:
        answer = reader.get("/audit?q=" + urllib.parse.quote(word))
        assert set(tree(answer)) <= known, word


def test_sign_in_form(pairs):
    pairs.sql("DELETE FROM throttle")
    shape = None
    for word in ["plain"] + PAYLOADS[::8]:
        answer = pairs.visitor().post("/login?next=" + urllib.parse.quote(word), {"email": word, "password": word}, token=None)
        assert answer.status == 422, answer
        shape = shape or tree(answer)
        assert tree(answer) == shape, word
        assert answer.form("/login").fields["email"] == word and answer.form("/login").fields.get("password", "") == ""


def test_flash_and_sessions(pairs):
    reader = pairs.sign_in()
    pairs.sql("DELETE FROM session WHERE user_id = (SELECT id FROM virtual_users WHERE email = 'm200@harmless.example')")
    shapes = {}
    for who, words in (("m200@hostile.example", PAYLOADS), ("m200@harmless.example", PLAIN)):
        for word in words[::4]:
            pairs.sql("INSERT INTO session (token_hash, user_id, expires, remote, agent, csrf) SELECT RANDOM_BYTES(32), id,"
                      " UTC_TIMESTAMP() + INTERVAL 1 HOUR, %s, %s, RANDOM_BYTES(32) FROM virtual_users WHERE email = %s", word[:64], word, who)
        visitor = pairs.sign_in(who)
        shapes[who] = sorted(tree(visitor.get("/me")), key=str)   # the order of one second's sessions is chance
    assert len(set(map(tuple, shapes.values()))) == 1
    flash = None
    for word in ["plain"] + PAYLOADS:
        pairs.sql("UPDATE session SET flash = %s WHERE agent = 'Mozilla/5.0 (test)' AND remote = %s", "done:" + word, reader.remote)
        answer = reader.get("/domains/new")
        assert word in text(answer)
        flash = flash or tree(answer)
        assert tree(answer) == flash, word


def test_odd_local_parts_from_outside(pairs, reader):
    """Other programs write rows that our forms refuse."""
    words = [w for w in dict.fromkeys("".join(p.split()).replace("@", "").replace(",", "").lower()[:60] for p in PAYLOADS) if w]
    made = pairs.make_domain("odd.example")
    kept = []
    for word in words[::3]:
        try:
            pairs.sql("INSERT INTO virtual_users (domain_id, user) VALUES (%s, %s)", made, word)
            kept.append(word)
        except Exception:   # a constraint refuses it, which is as well
            continue
    page = reader.get("/domains/odd.example/mailboxes?rows=100")
    tree(page)
    rows = reader.get("/domains/odd.example/mailboxes?rows=100", json=True).json["rows"]
    assert sorted(r["mailbox"] for r in rows) == sorted(kept)[:len(rows)]
    for word in kept:
        path = "/domains/odd.example/mailboxes/" + urllib.parse.quote(word, safe="")
        answer = reader.get(path)
        assert answer.status == 200, (word, answer)
        tree(answer)
        assert word in text(answer)
