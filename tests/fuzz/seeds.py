#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/fuzz/seeds.py FOLDER: writes first inputs for each target into FOLDER/NAME/. What the targets made of
them is kept in corpus/ (tests/fuzz/run --grow); this is for a new target, or a new start."""
import itertools
import pathlib
import re
import struct
import sys
from urllib.parse import quote

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COMMON = [b"", b"a", b"\x00", b"\xff\xfe", "ä€😀".encode(), b"%00", b"%", b"%4", b"%zz", b"=", b"&", b";", b" ", b"\n", b"\r\n",
          b"a" * 300]


def urlencoded():
    yield from COMMON
    names = ["email", "password", "_token", "quota", "name[]", "", "ä"]
    values = ["", "ada@example.org", "1", "a b+c", "\x7f", "ü", "x" * 100, "%", "\x01"]
    for name, value in itertools.product(names, values):
        yield f"{quote(name)}={quote(value)}".encode()
    yield b"active=0&active=1&name=Ada+Lovelace"
    yield b"a&b&c"
    yield b"&&&=&=&"
    for n in (998, 999, 1000):
        yield b"&".join(b"a=%d" % i for i in range(n + 1))
        yield b"&" * n
    for bad in (b"%ff=1", b"a=%ff", b"a%00=1", b"a=%00", b"a=%1", b"\xc3=1", b"a\x00=1", b"a=%C3%A4&b=%c3%a4"):
        yield bad
        yield b"x=1&" + bad


def cookie():
    yield from COMMON
    parts = ["__Host-mailboy=abc", "mailboy=def", "a=", "=b", "c", 'q="x y"', "d=e=f", " s = t ", "é=1"]
    for pick in itertools.permutations(parts, 2):
        yield "; ".join(pick).encode()
    for n in (999, 1000, 1001):
        yield b";" * n
    yield b";;; \t;a=1;\t;b=2"


def json_seeds():
    yield from COMMON
    values = ['""', '"ada@example.org"', '"\\u00e4"', '"\\ud83d\\ude00"', '"\\u0000"', '"\\ud800"', '"\\n\\t\\"\\\\\\/"',
              "0", "-1", "9223372036854775807", "9223372036854775808", "1.5", "1e400", "true", "false", "null",
              "[]", "{}", '[1,{"a":[]}]', '{"a":{"a":1}}', "tru", "01", '"\x01"', '"ä"', '"\\x"']
    for v in values:
        yield ('{"name":%s}' % v).encode()
        yield ('{"a":1,"name":%s , "b" : false}' % v).encode()
    yield b'{"a":1,"a":2}'
    yield b'{"a":1} x'
    yield b"[1]"
    yield b'"text"'
    yield b'{"a":"\xff"}'
    yield b"[" * 2100
    yield b'{"a":' * 2047 + b"1" + b"}" * 2047
    yield b'{"\\u0000":1}'
    yield b'\xef\xbb\xbf{"a":1}'


def params(target="/domains", **more):
    p = {"REQUEST_METHOD": "GET", "REQUEST_URI": target, "HTTP_HOST": "mail.example.org", "REMOTE_ADDR": "198.51.100.7",
         "SERVER_PORT": "8080", "HTTP_USER_AGENT": "Mozilla/5.0 (ä)"}
    p.update(more)
    return "".join(f"{k}={v}\n" for k, v in p.items())


URLS = ["/", "/login", "/domains", "/domains/", "//", "/domains/example.org", "/domains/example.org/mailboxes/ada",
        "/domains/example.org/mailboxes/ada/password", "/domains/new", "/domains/b%C3%BCcher.example", "/a%2fb", "/%00", "/%ff",
        "/audit/7", "/a/b/c/d/e/f/g/h/i/j/k/l", "/a/b/c/d/e/f/g/h/i/j/k/l/m", "/x?", "/x?q=ada&after=AAAA&rows=25", "/mail",
        "/mail/domains?rows=100", "/mailx", "/domains?q=%20Ada%20", "/domains?q=%01", "/domains?q=%ff", "/d?%zz", "x",
        "/domains/example.org/activity", "/domains/example.org/admins", "/me", "/me/password", "/status", "/logout",
        "/domains/..", "/%2e%2e/x", "/assets/base/app-12345678.css", "/domains/a/delete", "/domains/a/edit",
        "/domains?q=" + "a" * 255, "/domains?q=" + "A" * 254, "/" + "a" * 2047, "/" + "a" * 2048, "*", "http://x/", "/a#b"]


def url():
    yield from COMMON
    for u in URLS:
        yield u.encode()
    routes = (ROOT / "core/pages/routes.def").read_text()
    for pattern in re.findall(r'ROUTE\("[^"]*",\s*"([^"]*)"', routes):
        yield re.sub(r"\{[a-z]+\}", "x%40y", pattern).encode()


def request():
    yield from COMMON
    for u in URLS:
        yield params(u).encode()
    heads = [{"HTTP_COOKIE": "mailboy=abc; a"}, {"HTTP_HOST": "MAIL.example.org:8443"}, {"HTTP_HOST": "[::1]:80"},
             {"HTTP_HOST": "evil.example"}, {"HTTP_HOST": "[::1"}, {"HTTPS": "on"}, {"HTTPS": "off"}, {"HTTP_ACCEPT": "application/json"},
             {"HTTP_ACCEPT": "text/html,application/json"}, {"HTTP_ACCEPT": "*/*"},
             {"HTTP_ORIGIN": "http://mail.example.org", "HTTP_SEC_FETCH_SITE": "same-origin"}, {"HTTP_ORIGIN": "null"},
             {"HTTP_ORIGIN": "http://mail.example.org:8080"}, {"HTTPS": "on", "HTTP_ORIGIN": "https://mail.example.org"},
             {"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_SEC_FETCH_SITE": "none"},
             {"REMOTE_ADDR": "192.0.2.9", "HTTP_X_FORWARDED_FOR": "203.0.113.5, 198.51.100.1", "HTTP_X_FORWARDED_PROTO": "https"},
             {"REMOTE_ADDR": "2001:db8::9", "HTTP_X_FORWARDED_FOR": "x"}, {"REMOTE_ADDR": "192.0.2.9", "HTTP_X_FORWARDED_FOR": ""},
             {"HTTP_USER_AGENT": "ü" * 200}, {"HTTP_USER_AGENT": "a\x01b"}, {"REQUEST_METHOD": "HEAD"}, {"REQUEST_METHOD": "PUT"},
             {"HTTP_MAILBOY_TOKEN": "t", "HTTP_IDEMPOTENCY_KEY": "k"}, {"REMOTE_ADDR": "x" * 64}]
    for h in heads:
        yield params("/mail/domains", **h).encode()
    for kind, body in (("application/x-www-form-urlencoded", "a=1&b=%C3%A4"), ("application/json", '{"a":"b"}'),
                       ("application/json; charset=utf-8", ""), ("text/plain", "x"), ("multipart/form-data; boundary=x", "--x"),
                       ("application/x-www-form-urlencoded", "a=%"), ("application/json", "[")):
        for target in ("/login", "/mail/login"):
            yield (params(target, REQUEST_METHOD="POST", CONTENT_TYPE=kind) + "\n" + body).encode()


def record(kind, content=b"", padding=0, version=1, rid=1):
    return struct.pack(">BBHHBB", version, kind, rid, len(content), padding, 0) + content + b"\0" * padding


def pair(name, value, long=False):
    def length(n):
        return struct.pack(">I", n | 1 << 31) if n > 127 or long else bytes([n])
    return length(len(name)) + length(len(value)) + name + value


def fcgi(ps, body=b"", **kw):
    begin = record(1, struct.pack(">HB5x", 1, 0), **kw)
    ps = b"".join(ps)
    cut = [ps[i:i + 30000] for i in range(0, len(ps), 30000)]
    return (begin + b"".join(record(4, c, 3, **kw) for c in cut) + record(4, **kw) +
            (record(5, body, 5, **kw) if body else b"") + record(5, **kw))


def fastcgi():
    uri = pair(b"REQUEST_URI", b"/x")
    whole = [fcgi([uri]), fcgi([uri, pair(b"CONTENT_LENGTH", b"5")], b"hello"), fcgi([uri, pair(b"CONTENT_LENGTH", b"")]),
             fcgi([uri, pair(b"CONTENT_LENGTH", b"6")], b"hello"), fcgi([uri, pair(b"CONTENT_LENGTH", b"4")], b"hello"),
             fcgi([uri, pair(b"CONTENT_LENGTH", b"99999")]), fcgi([uri, pair(b"CONTENT_LENGTH", b"1"), pair(b"CONTENT_LENGTH", b"1")]),
             fcgi([uri, pair(b"CONTENT_LENGTH", b"x")]), fcgi([uri, pair(b"CONTENT_LENGTH", b"1234567890123456")]),
             fcgi([uri, pair(b"A", b"b" * 200), pair(b"C", b"d", True)]), fcgi([pair(b"", b"x")]), fcgi([pair(b"A=B", b"x")]),
             fcgi([pair(b"A", b"\0")]), fcgi([b"\x05"]), fcgi([b"\x80\x00"]), fcgi([b"\x01\x7fA"]), fcgi([b"\xff\xff\xff\xff\x00A"]),
             fcgi([]), fcgi([pair(b"P%d" % i, b"") for i in range(512)]), fcgi([pair(b"P%d" % i, b"") for i in range(513)]),
             fcgi([pair(b"A", b"x" * 65529)]), fcgi([pair(b"A", b"x" * 65531)]), fcgi([uri], rid=77), fcgi([uri], rid=0),
             fcgi([uri], version=2), record(9, pair(b"FCGI_MAX_CONNS", b"")), record(1, struct.pack(">HB5x", 2, 0)),
             record(1, struct.pack(">HB5x", 1, 1)), record(1, b"short"), record(2), record(8, b"x") + fcgi([uri]),
             fcgi([uri, pair(b"CONTENT_LENGTH", b"3")], b"abc") + b"more",
             fcgi([uri])[:16] + record(5) + record(4), fcgi([uri])[:16] + record(4, uri, rid=2),
             fcgi([uri, pair(b"CONTENT_LENGTH", b"2")])[:-8] + record(5, b"a") + record(5, b"b") + record(5)]
    for i, w in enumerate(whole):
        yield b"\0" + w
        if len(w) < 2000:
            yield b"\x07" + w
            yield b"\x01" + w[:len(w) - 1 - i % 9]


DOMAINS = ["example.org", "EXAMPLE.Org.", " a.b ", "bücher.example", "xn--bcher-kva.example", "xn--a", "xn--a.b", "a", "a.", ".a", "a..b",
           "-a.b", "a-.b", "a.b-c", "1.2.3.4", "a.1", "[1.2.3.4]", "例え.テスト", "пример.рф", "раураl.com", "ß.de", "faß.de", "a\u200db.c",
           "a_b.c", "ΑΒΓ.gr", "한국.kr", "中国.cn", "a。b", "a．b", "ａ.b", "a" * 63 + ".b", "a" * 64 + ".b", ".".join(["a" * 49] * 5),
           ".".join(["a" * 50] * 5) + ".abc", "xn--80ak6aa92e.com", "İ.com", "ﬁ.com", "①.com", "a\u0301.b", "\u0301a.b", "אב.il", "ab.אב",
           "א1.il", "١.ar", "💩.la", "a\x00.b", "a\n.b", "a/b.c", "a@b.c", "localhost", "ä" * 60 + ".example", "xn--ls8h.la", "xn--0.b",
           "xn--fa-hia.de", "a.xn--p1ai", "ex\u00adample.org", "EXAMPLE.ORG..", "•.b", "a b.c"]


def domain():
    yield from COMMON
    for d in DOMAINS:
        yield d.encode()
    for line in (ROOT / "tests/unit/address_samples.csv").read_text().splitlines()[:80]:
        yield line.split(",")[0].strip('"').encode()


def address():
    yield from domain()
    for local in ["ada", "Ada.Lovelace", "a..b", ".a", "a.", "a+b", "a%b", "a!b", "a/b", "a*b", '"a b"', "ä", "a" * 64, "a" * 65, "", "a@b",
                  "postmaster", "o'neil", "a_b-c{}|~^`?=$#&", "\x7f"]:
        yield local.encode()
        yield (local + "@example.org").encode()
        yield ("<" + local + "@bücher.example>").encode()
    yield b"Ada <ada@example.org>"
    yield b"ada@[1.2.3.4]"
    yield b"<>"
    yield b"<<a@b.c>>"
    yield b"a@" + b"b" * 60 + b"." + b"c" * 60 + b"." + b"d" * 60 + b"." + b"e" * 60 + b".org"


def size():
    yield from COMMON
    for n, u in itertools.product(["0", "1", "1.5", "1,5", "0.0009765625", "1024", "99999999999999", "9007199254740992", ".5", "1.", "1.1234567"],
                                  ["", " ", "B", "kB", "MB", " GB", "TB", "TiB", "mb", "k", "X", "G B"]):
        yield (n + u).encode()


def field():
    for i in range(22):
        for text in ["", " ", "ada", "ada@example.org", "example.org", "1", "0", "on", "-1", "42", "1.5 GB", "secret password", "ä" * 120,
                     "x\x01", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "a" * 1025]:
            yield bytes([i]) + text.encode()


def settings():
    yield from COMMON
    manual = (ROOT / "conf/mailboy.conf").read_text()
    keys = re.findall(r"^#([a-z_]+) *= *(.*)$", manual, re.M)
    for key, value in keys:
        yield f"hosts = mail.example.org\n{key} = {value}\n".encode()
        yield f"{key}={value}x\n".encode()
    yield "\n".join(f"{k} = {v}" for k, v in keys).encode()
    for text in ["hosts = mail.example.org", "hosts = [::1] localhost", "hosts = [::1", "hosts = a..b", "[section]", "  indented = 1",
                 "hosts : x", "hots = x", "hosts = a\nhosts = b", "database_password = a ; b", 'database_password = "a ; b"', "a" * 199, "x = " + "y" * 193,
                 "\ufeffhosts = a", "insecure_http = on", "trusted_proxies = 192.0.2.0/24 ::1", "trusted_proxies = 1.2.3.4/33", "trusted_proxies = 1.2.3.4/",
                 "prefix = /mail", "prefix = /mail/", "prefix = /..", "listen = 127.0.0.1:9000", "listen = [::1]:0", "render_cpu = 5min", "hosts =\r\n",
                 "# comment", "; comment", "log_level = debug", "max_upload = 2GB", "request_timeout = 1s\nstatement_timeout = 2s"]:
        yield text.encode()
        yield b"insecure_http = on\n" + text.encode() + b"\n"


def network():
    yield from COMMON
    nets = ["192.0.2.0/24", "192.0.2.1", "0.0.0.0/0", "::/0", "2001:db8::/32", "2001:db8::1/128", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/x",
            "192.0.2.0/-1", "192.0.2.0/ 8", "192.0.2.0/+8", "::1/129", "1.2.3/8", "192.0.2.128/25", "x/8", "a" * 70, "10.0.0.0/31",
            "192.0.2.0/18446744073709551617", "192.0.2.0/24x"]
    for net in nets:
        for a in ["192.0.2.1", "192.0.2.200", "2001:db8::1", "::ffff:192.0.2.1", "x", ""]:
            yield f"{net} {a}".encode()


def cursor():
    yield from COMMON
    for n in (7, 8, 9, 10, 11, 12, 20, 318, 320, 321, 400, 436, 437, 438, 440):
        yield b"A" * n
    for q in ["after=AAAAAAAAAAAAAAAAAA", "before=x&rows=25", "rows=100", "rows=50", "rows=-1", "after=" + "_" * 40, "after==", "ada@example.org", "AB-_", "AAAAAAAAAAA+"]:
        yield q.encode()
    yield b"rows=25&after=" + b"z" * 437
    for i in range(20):
        yield bytes([65 + i]) * (3 * i + 8)


def theme():
    yield from COMMON
    for t in ['return { name = "one" }', 'return { extends = "two" }', "return { extends = 'two' }", '-- extends = "two"\nreturn {}', 'x = "extends = "',
              'return { extends = "one" }', 'extends="base"', 'extends\n=\n"two"', "extends", 'extends = two', 'xextends = "two"', '_extends = "two"',
              'extends = "../x"', 'extends = "a\\"b"', 'extends = ""', '"\\"extends = \'two\'', "'", '"a\nextends = "two"', 'extends = "' + "a" * 50 + '"',
              '--[[ extends = "two" ]]', 'extends == "two"', '"\\', "--"]:
        yield t.encode()
        yield t.encode() + b'\0return { extends = "three" }\0return { extends = "base" }'
        yield b'extends = "two"\0' + t.encode() + b'\0' + t.encode()
    yield b'extends = "two"\0extends = "three"\0extends = "one"'
    yield b'extends = "two"\0extends = "three"\0x'


def asset():
    yield from COMMON
    for path, wanted in itertools.product(["assets/logo.svg", "app.css", "app.js", "a.b.woff2", "assets/x", ".css", "a.html", "pages/x.png", "ü.jpg", "assets/assets/a.ico", "x.webp"],
                                          ["", "logo-12345678.svg", "app-00000000.css", "app-.css", "x"]):
        yield path.encode() + b"\0" + wanted.encode() + b"\0bytes"


NIL, FALSE, TRUE, INT, TEXT, SECRET, LIST, MAP = range(8)


class Slot(int):
    pass


def u32(n):
    return struct.pack("<I", n)


def text(t):
    t = t.encode() if isinstance(t, str) else t
    return u32(len(t)) + t


def wire(v, keys):
    if v is None:
        return bytes([NIL])
    if isinstance(v, bool):
        return bytes([TRUE if v else FALSE])
    if isinstance(v, Slot):
        return bytes([SECRET]) + u32(v)
    if isinstance(v, int):
        return bytes([INT]) + struct.pack("<q", v)
    if isinstance(v, (str, bytes)):
        return bytes([TEXT]) + text(v)
    if isinstance(v, list):
        return bytes([LIST]) + u32(len(v)) + b"".join(wire(x, keys) for x in v)
    made = bytes([MAP]) + u32(len(v))
    for k, x in v.items():
        if k not in keys:
            keys.append(k)
        made += struct.pack("<H", keys.index(k)) + wire(x, keys)
    return made


def parts(*values):
    """Values, each behind its length, and their keys: the tail of a render message."""
    keys = []
    made = [v if isinstance(v, bytes) else wire(v, keys) for v in values]
    return b"".join(u32(len(m)) + m for m in made) + u32(len(keys)) + b"".join(map(text, keys))


def deep(n, v=None):
    for _ in range(n):
        v = [v]
    return v


TREES = [None, True, False, 0, -1, 2 ** 63 - 1, "", "ada", "http://x/", "<&>", b"\xff", Slot(0), Slot(2 ** 32 - 1), [], {}, [1, "a", None], {"a": None}, {"": 1},
         {"name": "ada", "rows": [{"a": 1}, {"a": 2}]}, deep(23), deep(24), deep(25), {"a": deep(20, {"b": "c"})}, [{}] * 40, {str(i): i for i in range(60)}]
BROKEN = [b"", b"\x08", b"\x04\xff\xff\xff\xff", b"\x06\xff\xff\xff\xff", b"\x07\xff\xff\xff\x00", b"\x07\x01\x00\x00\x00", b"\x03\x01", b"\x05", b"\x06\x02\x00\x00\x00\x00"]


def message(body):
    return u32(len(body)) + body


def wire_seeds():
    yield b""
    yield b"\x01"
    yield b"\x00\x00\x00\x00"
    yield u32(8 * 1024 * 1024 + 1) + b"x"
    yield u32(10) + b"\x02short"
    for t in TREES:
        yield message(b"\x02" + parts(t))
    for b in BROKEN:
        yield message(b"\x02" + b)
        yield message(b"\x02" + parts(b))
        yield message(b"\x02" + parts(b"\x07" + u32(1) + b"\0\0" + b) + u32(1) + text("k"))
    yield message(b"\x02" + u32(7) + b"\x07" + u32(1) + b"\0\0" + u32(0))
    yield message(b"\x02" + u32(1) + b"\0" + u32(1024) + text("k") * 1024)
    yield message(b"\x02" + u32(1) + b"\0" + u32(1025) + text("k") * 1025)
    yield message(b"\x02" + u32(9) + b"\0" + u32(0))
    facts = {"site": "S", "prefix": "/p", "page": "login", "lang": "de", "dir": "rtl", "scheme": "dark", "token": Slot(1), "operation": Slot(2), "title_error": True}
    yield message(b"\x02" + parts(facts))
    for k in facts:
        yield message(b"\x02" + parts({k: {"x": [1]}, "other": 1}))


def reply():
    def page(html, slots=(), fell=0, why=""):
        return b"\x04" + text(html) + u32(len(slots)) + b"".join(u32(o) + u32(s) for o, s in slots) + u32(fell) + text(why)
    yield from BROKEN
    for html in ["", "<p>x</p>", '<input value="">', '<a href="">', "<p>&amp;</p>", "text", "<", ">"]:
        yield page(html)
        for at in sorted({0, len(html) // 2, len(html), len(html) + 1, html.find('""') + 1}):
            yield page(html, [(max(at, 0), 1)])
            yield page(html, [(max(at, 0), 0), (max(at, 0), 2)])
    yield page("<p>abc</p>", [(3, 0), (4, 1), (5, 2)], 1, "login:title fell back\n\n")
    yield page("<p>abc</p>", [(4, 0), (3, 1)])
    yield page("<p>abc</p>", [(3, 3)])
    yield page("<p>x</p>", [(3, 0)] * 256)
    yield page("<p>x</p>", [(3, 0)] * 257)
    yield page("x" * 100)[:-1]
    yield page("x") + b"more"
    for n in (0, 1, 3, 200, 201):
        yield b"\x03" + u32(n) + text("pages/x.html:1:1: wrong\n") * n + b"\x01"
    yield b"\x03" + u32(1) + text("x") + b"\x02"
    yield b"\x03" + u32(0) + b"\x00more"
    yield b"\x05" + text("no page\n")
    yield b"\x05" + text("no page") + b"x"
    yield b"\x05\xff"
    yield b"\x02"


FORM = {"action": "/login", "method": "post", "submit": "Go on", "danger": False, "generate": True, "errors": [{"field": "email", "text": "No"}], "cancel": "/",
        "fields": [{"name": "email", "label": "E-mail", "type": "email", "checked": False, "required": True, "autofocus": True, "value": "<b>", "hint": "h",
                    "error": "e", "autocomplete": "username", "options": [], "max": 20},
                   {"name": "password", "label": "P", "type": "password", "checked": True, "required": False, "autofocus": False, "options": []},
                   {"name": "role", "label": "R", "type": "select", "value": "a", "checked": False, "required": False, "autofocus": False,
                    "options": [{"value": "a", "label": "A", "selected": True}]}]}
TIME = {"seconds": 1790000000, "offset": 7200, "zone": "CEST"}
QUOTA = {"used": 1234567, "limit": 1 << 30, "percent": 11, "level": "ok", "messages": 5, "messages_limit": 0}
MAILBOX = {"id": 7, "email": "ada@example.org", "domain": "example.org", "mailbox": "ada", "name": "Ada", "active": True, "role": "user", "quota": QUOTA,
           "last_seen": TIME, "created": TIME, "url": "/domains/example.org/mailboxes/ada",
           "toggle": {"url": "/x", "label": "Disable", "name": "active", "value": "0", "version": 3}}
DOMAIN = {"domain": "example.org", "name": "example.org", "url": "/domains/example.org"}
AUDIT = {"id": 1, "at": TIME, "actor": "a", "action": "mailbox.add", "label": "L", "object": "o", "outcome": "done", "via": "web", "url": "/audit/1"}
PAGER = {"next": "/domains?after=x", "shown": 1}
MODELS = {
    "login": {"form": FORM, "problem": "wrong"}, "logout": {"form": FORM},
    "me.show": {"mailbox": MAILBOX, "administers": [DOMAIN], "sessions": [{"started": TIME, "last_seen": TIME, "remote": "::1", "agent": "x", "current": True}],
                "recent": [AUDIT], "password": "/me/password"},
    "me.password": {"form": FORM}, "overview": {"domains": [DOMAIN], "recent": [AUDIT]},
    "domains.list": {"rows": [DOMAIN], "pager": PAGER, "filter": FORM, "filtered": True, "add": "/domains/new", "total": {"value": 5, "estimated": True}},
    "domains.form": {"form": FORM}, "domains.show": {"domain": DOMAIN}, "domains.delete": {"domain": DOMAIN, "form": FORM}, "domains.admins": {"domain": DOMAIN, "form": FORM},
    "mailboxes.list": {"domain": DOMAIN, "rows": [MAILBOX], "pager": PAGER, "filter": FORM, "filtered": False, "total": {"value": 1, "estimated": False}, "add": "/x"},
    "mailboxes.form": {"form": FORM, "domain": DOMAIN}, "mailboxes.show": {"mailbox": MAILBOX, "domain": DOMAIN, "recent": [AUDIT]}, "mailboxes.password": {"form": FORM, "mailbox": MAILBOX},
    "mailboxes.secret": {"mailbox": MAILBOX, "domain": DOMAIN, "password": Slot(0), "next": "/x", "another": "/y"},
    "mailboxes.delete": {"form": FORM, "mailbox": MAILBOX}, "audit.list": {"rows": [AUDIT], "pager": PAGER, "filter": FORM, "filtered": False},
    "audit.show": {"entry": AUDIT, "request_id": "r", "changes": [{"field": "f", "before": "b", "after": "a"}]}, "status": {},
    "error": {"code": 404, "heading": "H", "text": "T", "mends": ["m"], "back": "/"}, "conflict": {}, "nothing": {}}
SHELL = {"site": "S & S", "prefix": "/mail", "page": "login", "lang": "en", "dir": "ltr", "scheme": "auto", "title_error": False, "request_id": "r", "version": "1.0.0",
         "user": {"email": "a@example.org", "role": "server", "url": "/me"}, "nav": [{"key": "domains", "label": "Domains", "url": "/domains", "current": True}],
         "crumbs": [{"label": "Domains", "url": "/domains"}], "notices": [{"kind": "ok", "text": "Done"}], "token": Slot(0), "operation": Slot(1)}


def render():
    def ask(page, vm, shell, theme="base", locale="en"):
        return b"\x02" + text(theme) + text(page) + text(locale) + struct.pack("<q", 1790000000) + parts(vm, shell)
    yield from BROKEN
    for page, vm in MODELS.items():
        yield ask(page, vm, SHELL)
        yield ask(page, vm, {})
        yield ask(page, {}, SHELL)
        yield ask(page, None, SHELL, "other")
        bad = {k: ("x" if not isinstance(v, str) else 7) for k, v in vm.items()}
        yield ask(page, bad, SHELL)
    yield ask("login", deep(25), SHELL)
    yield ask("login", {"form": dict(FORM, action="javascript:x")}, SHELL)
    def theme_message(name, chain, locale="en"):
        return b"\x01" + text(name) + text(locale) + u32(len(chain)) + b"".join(
            text(n) + u32(len(files)) + b"".join(text(p) + text(b) for p, b in files) for n, files in chain)
    child = ("child", [("theme.lua", 'return { name = "child" }'), ("pages/login.html", "<p>x</p>")])
    for chain in ([], [child], [child, ("mid", [])], [child] * 4, [child] * 5, [("x", [("a", "")] * 600)]):
        yield theme_message("child", chain)
    yield theme_message("child", [child])[:-3]
    yield theme_message("child", [child], "fr-CA")
    yield b"\x01" + text("c") + text("fr") + u32(1) + text("c") + u32(601)
    yield b"\x09"


def contract():
    for page, vm in MODELS.items():
        yield page.encode() + b"\0" + parts(vm, SHELL)
        yield page.encode() + b"\0" + parts({k: ("x" if not isinstance(v, str) else 7) for k, v in vm.items()}, None)
        yield page.encode() + b"\0" + parts(dict(vm, extra=1), dict(SHELL, user=7, nav="x"))
    for t in TREES:
        yield b"login\0" + parts(t, t)
        yield b"login\0" + parts({"form": t, "problem": t}, SHELL)


def template():
    yield from COMMON
    for path in sorted((ROOT / "themes/base").rglob("*.html")):
        rel = path.relative_to(ROOT / "themes/base").as_posix()
        body = path.read_text()
        if rel in ("pages/login.html", "pages/domains.list.html", "pages/error.html", "pages/domains.show.html") or "pages" not in rel:
            yield f"@@ {rel}\n{body}".encode()
    for path in sorted((ROOT / "tests/themes/hostile").rglob("*")):
        if path.is_file() and path.suffix in (".html", ".lua"):
            yield ("@@ pages/login%s\n" % path.suffix).encode() + path.read_bytes()
    wrap = '{%% block title() %%}t{%% end %%}<p>%s</p>'
    for e in ["vm.form.action", "shell.user.email", '"a" .. "b"', "1 + 2 * -3 // 4 % 5", "not true", "#vm.form.fields", "vm.problem | upper", 't("x %s", "y")',
              'tn("%d a", "%d b", 3)', 'tc("c", "x")', 'url("login")', 'url("domains.show", vm)', 'asset("app.css")', 'icon("trash")', "vm.form.fields[1]", "vm.nothing",
              "(1", "1 +", '"', "'x'", "vm..x", "a.b.c", "1 < 2 and 3 >= 4 or 5 ~= 6", '"x" | truncate(3) | lower', "1 | bytes", "shell.version | date", "9999999999999999999", "0x10", "--1", "{", "|"]:
        yield (wrap % ("{{ %s }}" % e)).encode()
        yield (wrap % ('{%% if %s %%}y{%% elseif vm.problem %%}z{%% else %%}n{%% end %%}' % e)).encode()
        yield (wrap % ('<a href="{{ %s }}" title="x {{ %s }}">l</a>' % (e, e))).encode()
    for body in ["{% for f in vm.form.fields %}{{ f.name }}{{ loop.index }}{% empty %}-{% end %}", "{% set x = 1 %}{{ x }}{% set x = 2 %}", "{% form vm.form %}<input name=\"email\">{% end %}",
                 '{% use "notice" kind="ok" text="x" %}', "{% block b(x) %}{% end %}", "{% parent %}", "{# c #}", "<script>x</script>", '<script type="application/json">{{ vm.form }}</script>',
                 "<img src=x>", "<p", "<p class='a'>", "</p></p>", "<!-- c -->", "&nbsp;&bogus;", "<pre>  x\n</pre>", "<br/>", "<table><tr><td>", "<input{% if vm.problem %} required{% end %}>",
                 "{% if vm.problem %}<b>{% end %}", "<a href=\"javascript:x\">", "<a href=\"/x#{{ vm.problem }}\">", "<svg>", "<textarea>\n{{ vm.problem }}</textarea>", "{%", "{{", "{% end %}", "{% else %}", "{% if %}", "{% for %}", "{% bogus %}",
                 "<style>x</style>", "<select name=\"a\"><option value=\"{{ 1 }}\"{% if vm.problem %} selected{% end %}>x</option></select>"]:
        yield (wrap % body).encode()
        yield ('{% extends "plain" %}{% block title() %}t{% end %}{% block content() %}' + body + "{% end %}").encode()
    for m in ['return { name = "child", extends = "base" }', "return {", "return { name = 1 }", "return { a = { b = { 1, -2, true } }, }", "x", "return { nam = 'x' } y", "return { name = os.exit() }",
              "return " + "{" * 12, 'return { name = "a", api = 1, schemes = { "dark" } } -- c']:
        yield b"@@ theme.lua\n" + m.encode()
    for path, body in [("components/notice.html", '{# args: kind=enum("ok", "warn"), text=text #}<p>{{ text }}</p>'), ("components/notice.html", "<p>x</p>"), ("components/form.html", "{# args: x=list Form? #}"),
                       ("components/x.html", "{# args: a=bogus #}"), ("components/a.html", '{% use "a" %}'), ("blocks/login/title.html", "x {% parent %}"), ("blocks/plain/content.html", "{% parent %}<p>x</p>"),
                       ("blocks/login/bogus.html", "x"), ("layouts/plain.html", "<main>{% block content() %}{% end %}</main>"), ("layouts/other.html", '{% extends "plain" %}'), ("pages/login.lua", "return function(vm, h) return h.p{'x'} end"),
                       ("pages/login.lua", "return ("), ("pages/bogus.html", "x"), ("helpers.lua", "x"), ("../x", "y"), ("pages/login.html", '{% extends "bogus" %}')]:
        yield f"@@ {path}\n{body}".encode()


def password():
    yield from COMMON
    hashes = re.findall(r'^"(.*)",$', (ROOT / "tests/unit/known_hashes.h").read_text(), re.M)
    cheap = ["{ARGON2ID}$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$YWJjZGVmZ2hpamtsbW5vcA", "$argon2i$m=8,t=1,p=1$c29tZXNhbHQ$YWJjZGVmZ2hpamtsbW5vcA",
             "{ARGON2ID}$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$YWJjZGVmZ2hpamtsbW5vcA", "{ARGON2ID}$argon2id$v=18$m=64,t=1,p=1$c29tZXNhbHQ$YWJjZGVmZ2hpamtsbW5vcA",
             "{ARGON2ID}$argon2id$v=19$m=64,t=11,p=1$c29tZXNhbHQ$YWJjZGVmZ2hpamtsbW5vcA", "{SHA512-CRYPT}$6$rounds=999999999$salt$" + "a" * 86,
             "{SHA512-CRYPT}$6$rounds=1000$salt$" + "a" * 86, "{SHA256-CRYPT}$5$rounds=1000$salt$" + "a" * 43, "{BLF-CRYPT}$2y$04$" + "a" * 53, "{BLF-CRYPT}$2y$31$" + "a" * 53,
             "{CRYPT}$y$j9T$x$y", "{CRYPT}*0", "{PLAIN}secret", "{BOGUS}x", "{", "{}", "{MD5-CRYPT", "{LDAP-MD5}====", "{crypt}" + "a" * 13, "$1$12345678$" + "a" * 22, "a" * 512, "a" * 511]
    for h in hashes + cheap:
        for word in (b"secret", b"", b"ada@example.org"):
            yield h.encode() + b"\0" + word
    yield b"\0" + b"x" * 1025
    yield b"\0password123"


def audit():
    yield from COMMON
    js = ['{"name":"Ada"}', '{"quota":5,"active":true,"x":null}', "{}", "[]", "{", '{"a":[1]}', '{"password":"(hidden)"}', '{"name":"\\u00e4<b>"}', ""]
    for a, b in itertools.product(js, js):
        yield a.encode() + b"\0" + b.encode()


def log():
    yield from COMMON
    for t in ["\r\nwarn mailboy x: forged", "\x7f", "\u0085", "\u009f", "\u00a0", "\xc2", "é" * 40, "😀" * 20, "a" * 16 + "é", "\u2028", "\x1b[31m"]:
        yield t.encode()
        yield b"x" * 11 + t.encode("utf-8")
    for cut in range(1, 40):
        yield "aé€😀".encode()[:cut % 11] * (cut // 3 + 1)
    yield b"\xc2\xed\xa0\x80\xf4\x90\x80\x80\xc0\x80"
    for c in range(0x80, 0x100, 3):
        yield bytes([c, 0x80, 0x80])


TARGETS = {"urlencoded": urlencoded, "cookie": cookie, "json": json_seeds, "url": url, "request": request, "fastcgi": fastcgi, "domain": domain, "address": address, "size": size,
           "field": field, "settings": settings, "network": network, "cursor": cursor, "theme": theme, "asset": asset, "wire": wire_seeds, "reply": reply, "render": render,
           "contract": contract, "template": template, "password": password, "audit": audit, "log": log}


def main():
    for name, make in TARGETS.items():
        folder = pathlib.Path(sys.argv[1]) / name
        folder.mkdir(parents=True, exist_ok=True)
        for i, seed in enumerate(make()):
            (folder / f"{i:04d}").write_bytes(seed)


if __name__ == "__main__":
    main()
