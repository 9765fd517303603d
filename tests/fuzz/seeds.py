#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/fuzz/seeds.py FOLDER: writes first inputs for each target into FOLDER/NAME/. What the targets made of
them is kept in corpus/ (tests/fuzz/run --grow); this is for a new target, or a new start."""
import gzip
import hashlib
import io
import itertools
import pathlib
import re
import struct
import subprocess
import sys
import tarfile
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
             {"HTTP_ACCEPT": "text/html;q=0.5, application/json ; q=0.75"}, {"HTTP_ACCEPT": "application/*;v=1;Q=0.1,text/*;q=1.000"}, {"HTTP_ACCEPT": ",;q=,application/json;q=0"},
             {"HTTP_ACCEPT_LANGUAGE": "de-AT,fr;q=0.5"},
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


def access():
    yield from COMMON
    for text in ["192.0.2.5", "192.0.2.0/24", "192.0.2.5/24", "192.0.2", "10", "10.", "192.0.2/24", "192.0.2.0/255.255.255.0", "192.0.2.0/255.0.1.0",
                 "192.0.2.0/33", "0.0.0.0/0", "::/0", "::/64", "2001:db8::5", "2001:DB8::/32", "2001:db8::5/32", "::ffff:192.0.2.5", "::ffff:192.0.2.0/120",
                 "::ffff:192.0.2.0/90", "[192.0.2.5]", "[2001:db8::5]:25", "[ipv6:2001:db8::5]", "[mx.example.org]", "[mx.example.org]:25", "[mx.example.org",
                 "mx.example.org:25", "mx.example.org:0", "192.0.2.5:25", "192.0.2.1-192.0.2.9", "fe80::1%eth0", "1:2:3", "a.b.c.example.org", ".example.org",
                 "*.example.org", "*@example.org", "@example.org", "@", "Ada@Example.org", "<ada@example.org>", "news@", "a%b@example.org", "<>", "ada", "unknown",
                 "OK", "REJECT", "REJECT Go away", "DUNNO x", "550 5.7.1 Not here", "450", "5500 x", "DEFER_IF_PERMIT", "HOLD \u00fc", "256.1.1.1", "1.2.3.4.5"]:
        yield text.encode()


def size():
    yield from COMMON
    for n, u in itertools.product(["0", "1", "1.5", "1,5", "0.0009765625", "1024", "99999999999999", "9007199254740992", ".5", "1.", "1.1234567"],
                                  ["", " ", "B", "kB", "MB", " GB", "TB", "TiB", "mb", "k", "X", "G B"]):
        yield (n + u).encode()


def field():
    for text in ["left", "middle", "#abc", "#AABBCC", "#12", "Help https://example.org/\nPost mailto:a@b.c\n\n Home /x", "x", "Run javascript:x", "no address", "abc", "ab", "abcdefghijk"]:
        for i in range(28, 44):
            yield bytes([i]) + text.encode()
    for i in range(44):
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
                 "mailboy_root = /mail", "mailboy_root = /mail/", "mailboy_root = /..", "mailboy_root = /a//b", "mailboy_root = /a/b.c~d", "privacy_level = 9", "themes_dir = x", "session_idle = 1", "site_name = " + "x" * 90, "database_password = x\ndatabase_socket =", "listen = 127.0.0.1:9000", "listen = [::1]:0", "render_cpu = 5min", "hosts =\r\n",
                 "# comment", "; comment", "mailuser_password = a b", "mailuser_password = a+/=~:,-._", "database_host = ::1", "database_host = a b", "database_name = a`b", "mail_root = /a%b", "log_level = debug", "max_upload = 2GB", "request_timeout = 1s\nstatement_timeout = 2s"]:
        yield text.encode()
        for blanks in range(8):   # the length chooses the mode of the file
            yield b"insecure_http = on\n" + text.encode() + b"\n" * (1 + blanks)


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


FACTS = bytes([17])   # WIRE_FACTS

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
    for odd in (b"", b"x"):
        yield message(b"\x02" + parts(b"\x08" + struct.pack("<qq", 1790000000, 3600) + text("CET")) + odd)
        yield message(b"\x02" + parts(b"\x08" + struct.pack("<qq", 0, 0) + text("Z" * 32)) + odd)
        yield message(b"\x02" + parts({"at": "http://example.org/", "rows": [{"a": 1}]}) + odd)
        yield message(b"\x02" + parts("https://example.org/") + odd)
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
    for html in ['<!doctype html><html lang="en"><meta charset="utf-8"><a class="x" href="/a?b">', '<a href="https://x.y">', "<a href='/'>",
                 '<a href="https://x.y&amp;&lt;&gt;&quot;&#39;&x">', '<meta http-equiv="refresh">', '<link href="mailto:x">' + "<p>x</p>" * 20,
                 "<p>x</p>" * 20 + '<a data-x1 href="x/y">', "<iframe>", "<blockquote>", "<a", "<a href", '<a href="', "<a b=c>"]:
        yield page(html)
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

    def finding(level="error", message="wrong"):
        return text("MB021") + text(level) + text("child") + text("pages/x.html") + u32(3) + u32(7) + text(message) + text("mend it")
    shown = ["x", "a\x1b[31mb\n", "\x7f", "\u0085\u009b", "\xc2\xa0", b"\xff"]
    for i, word in enumerate(shown):
        yield b"\x26" + text(word)
        yield b"\x24\x01" + text(word) + text("1.0") + text("base") + u32(1) + finding(message=word)
        yield b"\x25" + u32(1) + text("login") + text(word) + text("nobody server")
        yield b"\x31" + u32(1) + b"".join(text(t) for t in ("p", "b", "child", "1", word, "0" * 8, "m", word)) + b"\x00"
        yield b"\x31" + u32(1) + b"".join(text(t) for t in ("p", "b", "child", "1", "x", "0" * 8, "m", "a\0b")) + bytes([i])
    for level in ("advice", "warning", "error", "fatal", "bogus", ""):
        yield b"\x24\x00" + text("t") + text("1") + text("b") + u32(2) + finding(level) + finding()
    yield b"\x24\x00" + text("t") + text("1") + text("b") + u32(0)
    for kind in (b"\x24\x00" + text("t") * 3, b"\x25", b"\x31"):
        for n in (0, 3, 2000, 5000, 2 ** 32 - 1):
            yield kind + u32(n) + b"\0" * 100
    yield b"\x24\x01" + text("t") * 3 + u32(1) + finding()[:-3]


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
SORT = {"url": "/x?order=desc", "descending": False}
PAGER = {"next": "/domains?after=x", "shown": 1}
MODELS = {
    "login": {"form": FORM, "problem": "wrong"}, "logout": {"form": FORM},
    "me.show": {"mailbox": MAILBOX, "administers": [DOMAIN], "sessions": [{"started": TIME, "last_seen": TIME, "remote": "::1", "agent": "x", "current": True}],
                "recent": [AUDIT], "password": "/me/password"},
    "me.password": {"form": FORM}, "overview": {"domains": [DOMAIN], "recent": [AUDIT]},
    "domains.list": {"rows": [DOMAIN], "pager": PAGER, "filter": FORM, "filtered": True, "add": "/domains/new", "total": {"value": 5, "estimated": True}, "sort": SORT},
    "domains.form": {"form": FORM}, "domains.show": {"domain": DOMAIN}, "domains.delete": {"domain": DOMAIN, "form": FORM}, "domains.admins": {"domain": DOMAIN, "form": FORM},
    "mailboxes.list": {"domain": DOMAIN, "rows": [MAILBOX], "pager": PAGER, "filter": FORM, "filtered": False, "total": {"value": 1, "estimated": False}, "sort": SORT, "add": "/x"},
    "mailboxes.form": {"form": FORM, "domain": DOMAIN}, "mailboxes.show": {"mailbox": MAILBOX, "domain": DOMAIN, "recent": [AUDIT]}, "mailboxes.password": {"form": FORM, "mailbox": MAILBOX},
    "mailboxes.secret": {"mailbox": MAILBOX, "domain": DOMAIN, "password": Slot(0), "next": "/x", "another": "/y"},
    "mailboxes.delete": {"form": FORM, "mailbox": MAILBOX}, "audit.list": {"rows": [AUDIT], "pager": PAGER, "filter": FORM, "filtered": False},
    "audit.show": {"entry": AUDIT, "request_id": "r", "changes": [{"field": "f", "before": "b", "after": "a"}]}, "status": {},
    "error": {"code": 404, "heading": "H", "text": "T", "mends": ["m"], "back": "/"}, "conflict": {}, "nothing": {}}
SHELL = {"site": "S & S", "prefix": "/mail", "page": "login", "lang": "en", "dir": "ltr", "scheme": "auto", "title_error": False, "request_id": "r", "version": "1.0.0",
         "user": {"email": "a@example.org", "role": "server", "url": "/me"}, "nav": [{"key": "domains", "label": "Domains", "url": "/domains", "current": True}],
         "crumbs": [{"label": "Domains", "url": "/domains"}], "notices": [{"kind": "ok", "text": "Done"}], "token": Slot(0), "operation": Slot(1)}


def render():
    def ask(page, vm, shell, theme="base", locale="en", fragment=""):
        return b"\x02" + text(theme) + text(page) + text(fragment) + text(locale) + struct.pack("<q", 1790000000) + parts(vm, shell)
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
    for fragment in ("main", "rows", "x"):
        yield ask("domains.list", MODELS["domains.list"], SHELL, fragment=fragment)
    for locale in ("de", "fr", "en-XA", "ar-XB", "xx", ""):
        yield ask("logout", MODELS["logout"], SHELL, locale=locale)
    yield b"\x10" + u32(1) + text("child") + text('return { name = "child", settings = { { id = "b", type = "bool" } } }')
    yield b"\x10" + u32(0)
    yield b"\x10" + u32(1) + text("child") + text("return {")
    yield b"\x10" + u32(5)
    yield b"\x10" + u32(2) + text("child")
    for page, case in (("login", ""), ("login", "full"), ("bogus", "x"), ("error", "")):
        yield b"\x21" + text("base") + text(page) + text(case) + text("") + text("de") + text("dark")
    yield b"\x21" + text("base")
    yield b"\x22"
    for what in ("login", "themes", "rules", "bogus"):
        yield b"\x23" + text(what)
    yield b"\x30" + text("login") + text("main")
    yield b"\x30" + text("") + text("")
    yield b"\x30"
    yield b"\x20\x00" + text("base") + text("en") + u32(0)
    yield b"\x20"


def contract():
    for page, vm in MODELS.items():
        yield page.encode() + b"\0" + parts(vm, SHELL)
        yield page.encode() + b"\0" + parts({k: ("x" if not isinstance(v, str) else 7) for k, v in vm.items()}, None)
        yield page.encode() + b"\0" + parts(dict(vm, extra=1), dict(SHELL, user=7, nav="x"))
    for t in TREES:
        yield b"login\0" + parts(t, t)
        yield b"login\0" + parts({"form": t, "problem": t}, SHELL)


def template_cases():
    """What the compiler's own tests compile, by the same contract and base (template.lua)."""
    told = subprocess.run(["lua5.4", str(HERE / "seeds_template.lua"), str(ROOT)], capture_output=True, check=True).stdout
    at = 0
    while at < len(told):
        n = struct.unpack_from("<I", told, at)[0]
        yield told[at + 4:at + 4 + n]
        at += 4 + n


def template():
    yield from COMMON
    yield from template_cases()
    for made in translated():
        yield made
        yield made.replace(b"@@ po/fr.po", b"@@ po/de.po")   # a pseudo-language
        yield made.replace(b"@@ po/fr.po", b"@@ po/es.po")   # English, and that beside it
    for tag in (b"fr-CA", b"pt"):   # languages that the program has not
        yield b"@@ po/" + tag + b".po\nmsgid \"\"\nmsgstr \"\"\n"
    for path in sorted((ROOT / "themes/base").rglob("*.html")):
        rel = path.relative_to(ROOT / "themes/base").as_posix()
        body = path.read_text()
        if rel in ("pages/login.html", "pages/domains.list.html", "pages/error.html", "pages/domains.show.html") or "pages" not in rel:
            yield f"@@ {rel}\n{body}".encode()
    for path in sorted((ROOT / "tests/themes/hostile").rglob("*")):
        if path.is_file() and path.suffix in (".html", ".lua"):
            yield ("@@ pages/p%s\n" % path.suffix).encode() + path.read_bytes()
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


def translated():
    """A template's texts with a theme's own translations, which fit or do not."""
    head = '@@ po/fr.po\nmsgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
    page = "@@ pages/p.html\n{%% block title() %%}t{%% end %%}%s\n"
    texts = [("{% trans %}Delete <b>{{ vm.box.email }}</b>?{% end %}", "Delete <b>{vm.box.email}</b>?"), ("{% trans %}See <a href=\"{{ vm.here }}\">this</a>.{% end %}", "See <a href=\\\"{vm.here}\\\">this</a>."),
             ("{% trans %}Plain words{% end %}", "Plain words"), ("{{ t(\"Hello %s\", vm.title) }}", "Hello %s")]
    for source, msgid in texts:
        for msgstr in (msgid, "Autre " + msgid, "<i>" + msgid, msgid + "</b>", "</p>", "<script>x</script>", "{nothing}", "<b>{vm.box.email}", "<a href=\\\"javascript:{vm.here}\\\">x</a>", "< b", "x"):
            yield (page % source + head + f'msgid "{msgid}"\nmsgstr "{msgstr}"\n').encode()
    plural = "{% trans n=vm.total %}<b>{{ n }}</b> box{% plural %}<b>{{ n }}</b> boxes{% end %}"
    for one, many in (("<b>{n}</b> boîte", "<b>{n}</b> boîtes"), ("<b>une</b> boîte", "{n}"), ("<b>{n}", "x</b>"), ("", "x")):
        yield (page % plural + head + f'msgid "<b>{{n}}</b> box"\nmsgid_plural "<b>{{n}}</b> boxes"\nmsgstr[0] "{one}"\nmsgstr[1] "{many}"\n').encode()
    context = '{% trans "verb" %}Open{% end %}'
    yield (page % context + head + 'msgctxt "verb"\nmsgid "Open"\nmsgstr "Ouvrir"\n').encode()


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


def locale():
    yield from COMMON
    tags = ["en", "de", "fr", "de-AT", "FR-ca-x", "en-XA", "ar-XB", "ar-xb", "xx", "*", "de-", "-", "e n", "zh-Hant-TW", "i-klingon"]
    weights = ["", ";q=1", ";q=0", ";q=0.5", "; q=0.999", ";q=1.000", ";q=2", ";q=", ";q=0.0001", ";Q=0.3", ";x=1;q=0.2", "q=1", ";;q=0.1", ";q=.5"]
    for tag, weight in itertools.product(tags, weights):
        yield f"{tag}{weight},fr;q=0.1".encode()
    for pick in itertools.permutations(["de;q=0.3", "fr", " en ;q=0.9", "*;q=0.5", ""], 3):
        yield ",".join(pick).encode()
    yield b",".join(b"xx" for _ in range(40)) + b",de"
    for text in ["%s has %d boxes", "%1$s of %2$d", "{name} and <b class=\"x\">bold</b> &amp; &#39;", "<a href=\"%s\">x</a", "&", "%", "{", "{a b}", "ÄÖÜ ß €", "a" * 400, "<br/>x", "100 %", "\n two\n lines "]:
        yield text.encode()


def svg():
    yield from COMMON
    wrap = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">%s</svg>'
    inner = ['<path d="M0 0"/>', '<g id="a"><circle cx="1" cy="2" r="3"/></g><use href="#a"/>', '<use xlink:href="#a"/>', '<use href="http://x/"/>', '<use href="data:x"/>',
             '<script>x</script>', '<style>x</style>', '<a href="#x"><text>t</text></a>', '<foreignObject/>', '<animate/>', '<image href="x.png"/>', '<path onload="x"/>',
             '<path style="x"/>', "<path d='M0'/>", '<text>a &amp; b &#65; &#x41; &bogus; &</text>', '<!-- c -->', '<!-- a -- b -->', '<![CDATA[x]]>', '<?php x?>', '<path fill="url(#a)"/>',
             '<path fill="url(http://x)"/>', '<path fill="red" fill="blue"/>', '<g><path></g>', '<g>', '</g>', '<path d="<"/>', '<path d=x/>', '<path d/>', '<path/ >', '< path/>', '<title>T</title><desc>D</desc>',
             '<linearGradient id="g"><stop offset="1" stop-color="#fff"/></linearGradient>', "<g>" * 31 + "</g>" * 31, "<g>" * 33, '<' + "x" * 50 + '/>', '<path fill="javascript:x"/>',
             '<path d="a\x01b"/>', '<text>]]&gt;</text>', '<path fill="URL(#a)"/>', '<path fill="\\75rl(x)"/>', '<path mask="url(&#35;a)"/>']
    for body in inner:
        yield (wrap % body).encode()
        yield ('<?xml version="1.0" encoding="UTF-8"?>\n' + wrap % body + "\n").encode()
    for text in ["<svg/>", "<svg></svg>", "<svg></svg><svg/>", "<svg></svg>x", " <svg/> ", "<html/>", '<?xml version="1.0"?>', '<!DOCTYPE svg><svg/>', "\ufeff<svg/>", "<svg", "<svg >", '<svg a="', "<!--", "<svg><!--"]:
        yield text.encode()
    yield (ROOT / "themes/base/icons.svg").read_bytes()


def tokens():
    yield from COMMON
    values = ["#fff", "#1d1a29", "light-dark(#fff, #000)", "light-dark( #abc ,#123456 )", "light-dark(#fff #000)", "var(--surface)", "var(--a)", "var( --b , #fff)", "red", "#12345", "#ggg", "", "light-dark(var(--a), #000)"]
    for value in values:
        yield f":root {{ --a: {value}; --accent:{value} }}".encode()
        yield f"/* --a: #000; */ :root {{ x--a: #123; --a /* c */ : /* d */ {value}; }}".encode()
        yield f"--a:{value}".encode()
        yield value.encode()
    yield b":root{--a:var(--b);--b:var(--c);--c:var(--a)}"
    yield b":root{--a:var(--b);--b:var(--c);--c:var(--d);--d:var(--e);--e:var(--f);--f:var(--g);--g:#fff}"
    yield b"/* not closed --a: #fff"
    yield (ROOT / "themes/base/app.css").read_bytes()[:3000]
    for shade in range(0, 256, 15):
        yield b":root{--a: light-dark(#%02x%02x%02x, #808080)}" % (shade, 255 - shade, shade // 2)


def manifest():
    yield from COMMON
    for made in sorted((ROOT / "themes").rglob("theme.lua")) + sorted((ROOT / "tests/themes/hostile").rglob("theme.lua"))[:40]:
        yield made.read_bytes()
    setting = ['{ id = "accent", type = "color", label = "A", default = "#0b6470", contrast = { with = "--surface", min = 4.5 } }',
               '{ id = "accent", type = "color", contrast = { { with = "--a" }, { with = "--b", min = 100 } } }',
               '{ id = "side", type = "choice", options = { "left", "right" }, labels = { "L" }, default = "left" }', '{ id = "n", type = "number", min = 1, max = 9, default = 3 }',
               '{ id = "t", type = "text", max = 40, default = "x", translatable = true }', '{ id = "b", type = "bool", default = true }', '{ id = "l", type = "links" }', '{ id = "i", type = "image" }', '{ id = "f", type = "font" }',
               '{ id = "x", type = "bogus" }', '{ type = "bool" }', '{ id = "A b", type = "bool" }', '{ id = "w", was = "v", type = "bool", hint = "h" }', '{ id = "n", type = "number", min = 9, max = 1 }', "7", '{ id = "c", type = "choice" }',
               '{ id = "' + "a" * 60 + '", type = "bool" }', '{ id = "z", type = "text", default = "' + "x" * 600 + '" }', '{ id = "n", type = "number", default = "x" }', '{ id = "b", type = "bool", default = 1 }', '{ id = "color", type = "color", default = "no" }']
    for one in setting:
        yield ('return { name = "child", settings = { %s } }' % one).encode()
        yield ('return { name = "child", settings = { %s } }' % one).encode() + b'\0return { name = "base", settings = { { id = "accent", type = "color", default = "#123456" }, { id = "n", type = "number", min = 0, max = 5 } } }'
    yield ('return { name = "child", settings = { %s } }' % ", ".join(setting * 2)).encode()
    yield b'return { name = "a", schemes = { "dark" }, title = "T", version = "1.2.3", license = "MIT", author = "A", homepage = "https://x", description = "D", contract = "1.0", api = 1, screenshot = "s.png", tokens = "t.css", parent_styles = false, script = true }'
    for m in ["return {", "return { name = 1 }", "return { a = { b = { 1, -2, true } }, }", "x", "return { nam = 'x' } y", "return { name = os.exit() }", "return " + "{" * 12, "return {}", "return { name = 'a', x }", "return { name = 'a'; 'b' -- c\n }",
              "return { name = \"a--b\" } -- c", "return { name = 'a\\'b' }", "return { 1.5, .5, 1e3, 0x10, 9999999999999999999 }", "return { name = 'a' 'b' }", "return { name == 1 }", "return { name = - 1 }", "return { name = -x }", "return"]:
        yield m.encode()

    def facts(settings, texts=9, light=1, n=None):
        return FACTS + b"".join(text("T%d" % i) for i in range(texts)) + bytes([light, 1]) + u32(len(settings) if n is None else n) + b"".join(settings)

    def told(name="accent", kind=2, was="", low=0, high=0, options=(), pairs=(), label="L"):
        return text(name) + bytes([kind]) + text(label) + text("h") + text("d") + struct.pack("<qq", low, high) + text(was) + u32(len(options)) + b"".join(
            text(o) + text(o) for o in options) + u32(len(pairs)) + b"".join(text(w) + u32(least) for w, least in pairs)
    yield facts([])
    yield facts([told(), told("b", 0)])
    yield facts([told(), told()])
    for one in (told(kind=8), told("A"), told(""), told(was="old"), told(was="9"), told(kind=1), told(kind=1, options=["a", "b"]), told(low=5, high=1), told(pairs=[("--s", 450)]), told(pairs=[("s", 450)]), told(pairs=[("--s", 99)]),
                told(pairs=[("--s", 2101)]), told(options=["x"] * 25), told(pairs=[("--s", 450)] * 5), told(label=""), told(label="\x01"), told("a" * 41), told(label="x" * 501)):
        yield facts([one])
        yield facts([one])[:-3]
    yield facts([told("a%d" % i) for i in range(33)])
    yield facts([], n=2 ** 31)
    yield facts([]) + b"more"
    yield FACTS


def po():
    yield from COMMON
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: %s\\n"\n\n'
    rules = ["nplurals=2; plural=(n != 1);", "nplurals=1; plural=0;", "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;",
             "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;", "nplurals=2; plural=n>1", "nplurals=7; plural=0;", "nplurals=0; plural=0;", "nplurals=2; plural=n;", "nplurals=2; plural=n/0;",
             "nplurals=2; plural=n%n;", "nplurals=2; plural=!n;", "nplurals=2; plural=(n;", "nplurals=2; plural=n n;", "nplurals=2; plural=x;", "nplurals=2; plural=n ? 1;", "nplurals=2; plural=1000000000000;", "nplurals=2; plural=-n;", "nplurals=2; plural=0-n;",
             "nplurals=2; plural=" + "(" * 40 + "n" + ")" * 40 + ";", "nplurals=2; plural=" + "n+" * 210 + "n;", "nplurals=2; plural=" + "!" * 40 + "n;", "nplurals=2; plural=n*2/2-n+0<=0 || n>=1;", "nplurals=2; plural=" + "n?" * 40 + ";", "bogus"]
    plural = 'msgid "%d box"\nmsgid_plural "%d boxes"\nmsgstr[0] "%d Kiste"\nmsgstr[1] "%d Kisten"\n'
    for rule in rules:
        yield (head % rule + plural).encode()
    usual = head % rules[0]
    entries = ['msgid "Yes"\nmsgstr "Ja"\n', 'msgctxt "verb"\nmsgid "Open"\nmsgstr "Öffnen"\n', '#, fuzzy\nmsgid "Yes"\nmsgstr "Ja"\n', '#~ msgid "old"\n#~ msgstr "alt"\n', 'msgid "a" "b"\nmsgstr "c"\n', 'msgid ""\n"long "\n"er"\nmsgstr ""\n"läng"\n"er"\n',
               'msgid "%s of %d {name}"\nmsgstr "%d von %s {name}"\n', 'msgid "%1$s %2$d"\nmsgstr "%2$d %1$s"\n', 'msgid "%s"\nmsgstr "nothing"\n', 'msgid "x"\nmsgstr "\\t\\x\\101\\400\\"\\\\"\n', 'msgid "x\nmsgstr "y"\n', 'msgid "x"y"\nmsgstr ""\n', 'msgid "x\\"\nmsgstr "y"\n',
               'msgid "x"\n', 'msgstr "x"\n', 'msgid "x"\nmsgid "y"\nmsgstr "z"\n', 'msgid "x"\nmsgstr "a"\nmsgstr "b"\n', 'msgid "x"\nmsgstr[0] "a"\n', 'msgid "x"\nmsgid_plural "y"\nmsgstr "z"\n', 'msgid "x"\nmsgid_plural "y"\nmsgstr[0] "z"\n', 'msgid "x"\nmsgid_plural "y"\nmsgstr[0] "z"\nmsgstr[1] "z"\nmsgstr[2] "q"\n',
               'msgid "x"\nmsgstr[9] "z"\n', 'bogus "x"\n', "nonsense\n", 'msgid "Yes"\nmsgstr "Ja"\nmsgid "Yes"\nmsgstr "Doch"\n', '\tmsgid "x"\r\n  msgstr "y"\r\n', '"stray"\n', 'msgid "x"\nmsgstr "\x01"\n', 'msgid "%d x"\nmsgid_plural "%d xs"\nmsgstr[0] "one"\nmsgstr[1] "%d"\n',
               'msgid "x"\nmsgstr "a"\n# c\nmsgid "y"\nmsgstr "b"\n', 'msgid "x"\nmsgctxt "c"\nmsgstr "z"\n', 'msgid_plural "x"\n']
    for entry in entries:
        yield (usual + entry).encode()
        yield entry.encode()
    yield b'msgid ""\nmsgstr "Content-Type: text/plain; charset=ISO-8859-1\\n"\n\nmsgid "x"\nmsgstr "\xe4"\n'
    yield ('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n' + plural).encode()
    yield usual.encode() + b'msgid "x"\nmsgstr "\xff"\n'
    yield ('#, fuzzy\n' + usual + entries[0]).encode()


def tar_entry(path, body=b"", kind=b"0", link=b"", mode=b"0000644", size=None):
    header = path.encode().ljust(100, b"\0")[:100] + mode + b"\0" + b"0000000\0" * 2 + b"%011o\0" % (len(body) if size is None else size) + b"00000000000\0" + b" " * 8 + kind + link.ljust(100, b"\0")
    header = (header + b"ustar\x0000").ljust(512, b"\0")
    header = header[:148] + b"%06o\0 " % sum(header) + header[156:]
    return header + body + b"\0" * (-len(body) % 512)


def bundle():
    yield from COMMON
    own = b'return { name = "mine" }'

    def packed(*files, name="mine", extra=b"", lines=None):
        told = lines if lines is not None else b"".join(hashlib.sha256(body).hexdigest().encode() + b"  " + path.encode() + b"\n" for path, body in files)
        return tar_entry(name + "/MANIFEST.sha256", told) + b"".join(tar_entry(f"{name}/{path}", body) for path, body in files) + extra + b"\0" * 1024
    good = [("theme.lua", own), ("pages/login.html", b"<p>x</p>"), ("app.css", b"a{}")]
    yield packed(*good)
    yield packed(good[0])
    yield packed(good[1])
    yield packed(*good, lines=b"")
    yield packed(*good, lines=b"0" * 64 + b"  theme.lua\n")
    yield packed(*good)[512 + 512:]
    yield packed(*good, *good)
    for path in ["THEME.LUA", "pages", "app.css/x", "../x", "/etc/x", ".x", "a//b", "a b", "ü", "a/b/c/d/e/f", "x" * 90, "", "a/./b", "a/"]:
        yield packed(*good, (path, b"x"))
    for kind in b"1234567xgLKA\0":
        yield packed(*good, extra=tar_entry("mine/more", b"", bytes([kind]), b"theme.lua"))
    yield packed(*good, extra=tar_entry("other/x", b"y"))
    yield packed(*good, extra=tar_entry("mine/", b"", b"5") + tar_entry("mine/pages/", b"", b"5"))
    yield packed(*good, extra=tar_entry("mine/x", b"y", size=0o77777777))
    yield packed(*good, extra=tar_entry("mine/x", b"y", size=600))
    yield packed(*good, name="Mine")
    yield packed(*good, name="a" * 41)
    yield tar_entry("mine", b"x")
    yield tar_entry("mine/theme.lua", own)
    yield packed(*good)[:700]
    for cut in range(1, 30):
        yield packed(*good)[:cut * 100]
    for i in range(3):
        yield b"\x01" + gzip.compress(packed(*good), mtime=0)[:None if i == 0 else -i * 9]
    yield b"\x01" + gzip.compress(b"\0" * 100000, mtime=0)


def archive():
    files = {"theme.lua": b"return {}", "tokens.css": b"a{}", "blocks/x.list/row.html": b"<p>"}

    def info(name, kind=tarfile.REGTYPE, data=b"", link=""):
        made = tarfile.TarInfo(name)
        made.type, made.size, made.linkname = kind, len(data), link
        return made, io.BytesIO(data)

    def tar(extra=(), form=tarfile.USTAR_FORMAT, listed=None):
        listed = files if listed is None else listed
        lines = "".join(f"{hashlib.sha256(d).hexdigest()}  {n}\n" for n, d in listed.items()).encode()
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=form) as made:
            for entry in [info("a/MANIFEST.sha256", data=lines), *(info("a/" + n, data=d) for n, d in files.items()), *extra]:
                made.addfile(*entry)
        return out.getvalue()

    yield from (b"\1" + c for c in COMMON)
    wholes = [tar(), tar(form=tarfile.GNU_FORMAT), tar(form=tarfile.PAX_FORMAT), tar(listed={}), tar(listed={**files, "x": b""})]
    names = ["/x", "a/../x", "a/x", "A/x", "a/Theme.lua", "a/tokens.css/x", "a/.x", "a//x", "a/" + "x" * 120, "a/" + "y/" * 60 + "x", "b/x", "a/\xe4"]
    wholes += [tar([info(n)], form) for n in names for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)]
    wholes += [tar([info("a/x", kind, link="theme.lua")]) for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE,
                                                                      tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.CONTTYPE, b"S", b"x", b"g")]
    for whole in wholes:
        short = whole[:len(whole) - len(whole) % 10240 or None].rstrip(b"\0") + bytes(1024)
        yield b"\1" + short + bytes(-len(short) % 512)
        yield b"\0" + gzip.compress(whole, mtime=0)
    yield b"\0" + gzip.compress(wholes[0], mtime=0)[:200]
    yield b"\1" + wholes[0][:1000]
    for more in bundle():
        yield b"\0" + more[1:] if more[:1] == b"\1" else b"\1" + more


def check():
    yield from COMMON
    yield (ROOT / "themes/base/app.css").read_bytes()[:4000]
    for css in ["a { b: c; d: e }", "@media (x) { a { b: c } }", "@import 'x';", "@font-face { src: url(x) }", "a { b: 'x;}' }", "a { b: \"x", "a { b: c", "} a", "a { b { c: d } e: f }", "/* a */ b { c: d /* e */; }", "/* open", "a{b:url(x;y)}", "a{b:(c;d}",
                "a{b:)c}", "a { ; ; b:c;; }", "a { --x: light-dark(#fff, #000) }", "@layer a, b;", "a { b }", "a:hover { c:d }", "@x { y", "a { B : C ! important }"]:
        yield css.encode()
    for value in ["#fff", "#FFFF", "#ff00ff", "#ff00ff80", "#ff00ffff", "#12345", "white", "rgb(1, 2, 3)", "rgb(10% 20% 30%)", "rgba(1,2,3,1)", "rgb(1 2 3 / 1)", "rgb(1 2 3 / 0.5)", "hsl(120, 50%, 50%)", "hsl(-30deg 100% 20%)", "oklch(0.7 0.1 200)", "oklch(70% 30% 20deg)",
                  "rgb(1)", "hsl()", "bogus(1)", "rgb(999999999 -5 0.5)", "oklch(9 9 9)"]:
        yield value.encode()
        yield f"a {{ color: {value} }}".encode()
    for page in sorted((ROOT / "themes/base").rglob("*.html"))[:12]:
        yield page.read_bytes()
    for html in ['<main id="a"><p class="b">x &amp; y</p></main>', "<p>", "</p>", "<p><b></p>", "<br>", "<br/>", "<a href=\"x\" title=\"y\" rel>z</a>", "<script>a < b</script>", "<textarea><p></textarea>", "<title>x", "<INPUT type=text>", "<p a=\"b>c", "a < b > c", "&bogus;&lt", "<svg><use href=\"#a\"/></svg>", "<p " + "a " * 50 + ">"]:
        yield html.encode()


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


TARGETS = {"urlencoded": urlencoded, "cookie": cookie, "json": json_seeds, "url": url, "request": request, "fastcgi": fastcgi, "domain": domain, "address": address, "access": access, "size": size,
           "field": field, "settings": settings, "network": network, "cursor": cursor, "theme": theme, "asset": asset, "wire": wire_seeds, "reply": reply, "render": render,
           "contract": contract, "template": template, "password": password, "audit": audit, "log": log, "locale": locale, "svg": svg, "tokens": tokens,
           "manifest": manifest, "po": po, "archive": archive, "check": check}


def main():
    for name, make in TARGETS.items():
        folder = pathlib.Path(sys.argv[1]) / name
        folder.mkdir(parents=True, exist_ok=True)
        for i, seed in enumerate(make()):
            (folder / f"{i:04d}").write_bytes(seed)


if __name__ == "__main__":
    main()
