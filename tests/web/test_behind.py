# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages behind real web servers, nginx and lighttpd with the files of `mailboy conf`, at the root and below a prefix:
what a visitor gets is what the pool answers."""
import http.client
import os
import pathlib
import re
import socket
import tempfile

import pytest

import conf
from lighttpd import Lighttpd
from nginx import Nginx
from visitor import ADMIN, PASSWORD, Answer, Site, Visitor, routes

SERVERS = {"nginx": lambda folder, prefix: Nginx("", prefix=prefix, templates=folder),
           "lighttpd": lambda folder, prefix: Lighttpd(folder, prefix=prefix)}


class Caller(Visitor):
    """As a browser does, over HTTP."""

    def __init__(self, site, port):
        super().__init__(site)
        self.port = port

    def request(self, method, path, body=b"", content_type=None, accept="text/html", origin=None, timeout=60,
                raw_path=False, **params):
        headers = {"Host": f"localhost:{self.port}", "Accept": accept, "Content-Type": content_type,
                   "Origin": origin and f"http://localhost:{self.port}",
                   "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()) or None,
                   **{name[5:].replace("_", "-").title(): value for name, value in params.items() if name.startswith("HTTP_")}}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path if raw_path else self.site.prefix + path, body,
                               {name: value for name, value in headers.items() if value is not None})
            got = connection.getresponse()
            answer = Answer(got.status, [(k.lower(), v) for k, v in got.getheaders()], got.read())
        finally:
            connection.close()
        for name, value in answer.headers:
            if name == "set-cookie":
                self._keep(value)
        return answer


@pytest.fixture(scope="module", params=["", "/admin/mail"], ids=["at the root", "below a prefix"])
def site(request):
    with Site(prefix=request.param, kind="release") as one:
        one.make_domain("a.example")
        one.make_mailbox("uma@a.example")
        one.pool = one.sign_in()
        yield one


@pytest.fixture(scope="module", params=sorted(SERVERS))
def server(request, site):
    folder = site.folder / f"conf-{request.param}"
    site.run("conf", request.param, "--write", make(folder), "--yes", check=True)
    with SERVERS[request.param](folder, site.prefix) as one:
        yield one


def make(folder):

    os.mkdir(folder)
    os.chmod(folder, 0o755)
    return folder


@pytest.fixture
def caller(site, server):
    one = Caller(site, server.port)
    one.cookies = dict(site.pool.cookies)   # the same session: what differs is the way
    return one


def plain(answer):
    """Without what each answer has of its own: tokens, ids, the time."""
    text = re.sub(r"[A-Za-z0-9_-]{16,}", "TOKEN", answer.text)
    return re.sub(r"\b[0-9a-z]{12}\b|\b[0-9a-f]{16}\b|localhost(:\d+)?|\d\d:\d\d(:\d\d)?", "OWN", text)


def paths():
    found = []
    for name, (pattern, see, _) in sorted(routes().items()):
        path = pattern.replace("{domain}", "a.example").replace("{mailbox}", "uma").replace("{theme}", "base")
        found.append(re.sub(r"\{\w+\}", "1", path))
    assert len(found) > 40, found
    return sorted(set(found))


def test_each_page_is_the_pools(site, caller):
    for path in paths():
        for json in (False, True):
            direct, through = site.pool.get(path, json=json), caller.get(path, json=json)
            assert through.status == direct.status, path
            for header in ("content-type", "content-security-policy", "x-content-type-options", "cache-control"):
                assert through.header(header) == direct.header(header), (path, header)
            if path not in ("/status", "/") and not path.startswith("/audit"):   # counters and relative times
                assert plain(through) == plain(direct), path


ODD = ["/domains?q=%25&state=on", "/domains?q=a+b%2Bc", "/domains?q=" + "x" * 3000, "/domains/b%C3%BCcher.example",
       "/domains/a.example%2Fmailboxes", "/domains/a%2eexample", "/domains/a.example/", "//domains", "/domains//a.example",
       "/domains/../login", "/domains/%2e%2e/login", "/domains/a.example%00", "/domains/a.example%0d%0aX: y", "/domains/%",
       "/domains/%zz", "/domains?q=%ff%fe", "/domains/'\"<script>", "/assets/../login", "/nothing.php", "/.git/config", "/?a=b?c#d"]


@pytest.mark.parametrize("path", ODD)
def test_an_odd_path_gets_no_more_than_from_the_pool(site, caller, path):
    """A web server may refuse it before, or take its dots away as browsers do; none of them makes a page of it that the
    pool would not."""
    direct = site.pool.get(path).status
    try:
        through = caller.get(path).status
    except http.client.InvalidURL:
        return
    assert through == direct or through in (400, 403, 404, 303) or (".." in path or "//" in path or "%2e" in path) and through == 200
    assert through < 500


def test_a_change(site, server):
    one = Caller(site, server.port)
    assert one.sign_in(ADMIN, "wrong" + PASSWORD).status in (401, 422)
    assert one.sign_in(ADMIN, PASSWORD).status == 303
    name = f"made-{server.port}.example"
    wrong = one.post("/domains/new", {"name": "no domain"})
    assert wrong.status == 422 and 'value="no domain"' in wrong.text
    assert one.post("/domains/new", {"name": name}).location.endswith(f"{site.prefix}/domains/{name}")
    as_json = one.post_json(f"/domains/{name}/mailboxes/new", {"local_part": "ada", "password": PASSWORD},
                            HTTP_IDEMPOTENCY_KEY=f"key-{server.port}-0123456789abcdef")
    assert as_json.status == 201, as_json
    again = one.post_json(f"/domains/{name}/mailboxes/new", {"local_part": "ada", "password": PASSWORD},
                          HTTP_IDEMPOTENCY_KEY=f"key-{server.port}-0123456789abcdef")
    assert again.status == 201 and again.json["id"] == as_json.json["id"]
    assert one.post_json("/domains/new", {"name": "x.example"}, token="wrong").status == 403
    assert one.request("HEAD", f"/domains/{name}").body == b""
    assert one.post("/logout").status == 303
    assert one.get("/domains").status == 303


def test_who_calls_is_the_servers_word(site, caller):
    """A header of the visitor's own changes nothing."""
    name = f"from-{caller.port}.example"
    assert caller.post("/domains/new", {"name": name}, HTTP_X_FORWARDED_FOR="203.0.113.9", HTTP_REMOTE_ADDR="203.0.113.9").status == 303
    assert site.one("SELECT remote FROM audit WHERE object = %s", name) == "127.0.0.1"


def test_too_much_is_refused(caller):
    try:
        answer = caller.post("/domains/new", {"description": "x" * (2 << 20)})
    except (BrokenPipeError, ConnectionResetError):
        return   # it did not wait for the rest
    assert answer.status == 413


# --- what a web server says where the pool says nothing ---

def raw(line, *headers):
    return "\r\n".join((line, *headers, "", "")).encode("latin-1")


HOST, CLOSE = "Host: localhost", "Connection: close"
OWN = {   # what is sent, with {m} for the prefix: the statuses of nginx, of lighttpd
    "the pool is away": (raw("GET {m}/domains HTTP/1.1", HOST, CLOSE), "502", "503"),
    "a file's pool is away": (raw("GET {m}/assets/base/app-01234567.css HTTP/1.1", HOST, CLOSE), "502", "503"),
    "too much": (raw("POST {m}/domains HTTP/1.1", HOST, "Content-Length: 3000000", CLOSE), "413", "413"),
    "no such word": (raw("GE T {m}/domains HXTP/1.1", HOST), "400", "400"),
    "no host": (raw("GET {m}/domains HTTP/1.1"), "400", "400"),
    "two hosts": (raw("GET {m}/domains HTTP/1.1", HOST, "Host: other", CLOSE), "400", "400"),
    "a NUL": (raw("GET {m}/domains%00 HTTP/1.1", HOST, CLOSE), "400", "400"),
    "no length": (raw("POST {m}/domains HTTP/1.1", HOST, "Content-Length: -1", CLOSE), "400", "400"),
    "an unknown coding": (raw("POST {m}/domains HTTP/1.1", HOST, "Transfer-Encoding: foo", CLOSE), "501", "501"),
    "a version to come": (raw("GET {m}/domains HTTP/3.0", HOST, CLOSE), "505", "505"),
    "a long address": (raw("GET {m}/" + "a" * 40000 + " HTTP/1.1", HOST, CLOSE), "414", "431"),
    "a long header": (raw("GET {m}/domains HTTP/1.1", HOST, "Cookie: " + "a" * 40000, CLOSE), "400", "431"),
    "a trace": (raw("TRACE {m}/domains HTTP/1.1", HOST, CLOSE), "405", "503"),
    "a file written": (raw("PUT {m}/assets/base/app-01234567.css HTTP/1.1", HOST, "Content-Length: 0", CLOSE), "405 403", "403 503"),
    "a file beside written": (raw("PUT {m}/assets/x HTTP/1.1", HOST, "Content-Length: 0", CLOSE), "403", "503"),
    "no slash": (raw("GET {m}?x=1 HTTP/1.1", HOST, CLOSE), "301", "301"),
}


@pytest.fixture(scope="module", params=sorted(SERVERS))
def lonely(request, tmp_path_factory):
    """A web server whose pool is not there."""
    folder = tmp_path_factory.mktemp("lonely")
    for path in (folder, *folder.parents):
        if path == pathlib.Path(tempfile.gettempdir()):
            break
        path.chmod(0o755)
    config = conf.configuration(folder / "mailboy.conf", insecure_http="on", listen=f"{folder}/nobody.sock", mailboy_root="/m",
                                assets_dir=f"{folder}/assets")
    (folder / "conf").mkdir()
    conf.write(request.param, folder / "conf", config)
    with SERVERS[request.param](folder / "conf", "/m") as one:
        one.kind = request.param
        yield one


def ask(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)   # else nginx waits for the rest of what is too much
        with connection.makefile("rb") as answer:
            head, _, body = answer.read().partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    return first.split(" ")[1], {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}, body.decode()


@pytest.mark.parametrize("case", OWN)
def test_what_a_web_server_says_itself(lonely, case):
    """The policy of the pages, words of ours, nothing that is kept, and a status that programs understand."""
    request, *statuses = OWN[case]
    status, headers, body = ask(lonely.port, request.replace(b"{m}", b"/m"))
    assert status in statuses[lonely.kind == "lighttpd"].split(), (status, body)
    if body or lonely.kind == "nginx":
        assert headers["content-security-policy"] == conf.POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-type"].startswith("text/html") and headers.get("last-modified") is None
    if status == "301":
        assert headers["location"].endswith("/m/?x=1"), headers
    else:
        assert headers["cache-control"] == "no-store"
        assert "<!doctype html><html lang" in body.replace("\n", "") and "<h1>" in body
        assert lonely.kind not in body and "invalid" not in body.lower()


def test_it_is_the_policy_of_the_pages(site):
    assert site.pool.get("/domains").header("content-security-policy") == conf.POLICY
