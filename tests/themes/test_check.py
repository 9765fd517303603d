# SPDX-License-Identifier: GPL-3.0-or-later
"""`mailboy theme check`, `render`, `docs` and `list`: no database, no configuration. For each rule of
lua/theme/check/rules.lua a theme that breaks it and nothing else."""
import hashlib
import json
import os
import re
import socket
import struct
import subprocess
import sys

import pytest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
from mailboy import find_program  # noqa: E402


def mailboy(*words, status=0):
    done = subprocess.run([find_program(release=True), *words], capture_output=True, text=True, timeout=300,
                          env={**os.environ, "MAILBOY_CONF": "/nonexistent/mailboy.conf"})
    assert done.returncode == status, done.stdout[-2000:] + done.stderr[-2000:]
    assert "contract: " not in done.stderr and "Sanitizer" not in done.stderr
    return done.stdout


def noise(size):
    """Text that does not compress, the same each time."""
    return "".join(hashlib.sha256(str(i).encode()).hexdigest() for i in range(size // 64))


def logout(body, layout="shell"):
    return {"pages/logout.html": '{% extends "' + layout + '" %}{% block title() %}Out{% end %}{% block main() %}'
            + body + '{% use "form" form=vm.form %}{% end %}'}


def password(body):
    return {"pages/me.password.html": '{% extends "shell" %}{% block title() %}Word{% end %}{% block main() %}'
            + body + "{% end %}"}


def row(name, state):
    return {"blocks/mailboxes.list/row.html": '<tr id="mb-{{ m.id }}"><th scope="row">' + name
            + '{% slot "mailbox.row.badges" m %}</th><td>1</td><td>' + state
            + '</td><td>{% slot "mailbox.row.actions" m %}</td></tr>'}


def plain(main):
    return {"layouts/plain.html": '{% block title() %}{{ shell.site }}{% end %}<div class="plain">'
            '{% block header() %}<header><p>{{ shell.site }}</p>{% slot "shell.header" %}</header>{% end %}' + main
            + '{% block foot() %}<footer><p><a href="{{ url("help") }}">Manual</a></p>{% slot "shell.footer" %}'
            "</footer>{% end %}</div>"}


MISTAKES = ("{% if vm.form.error %}<p>{{ vm.form.error }}</p>{% end %}"
            "{% for e in vm.form.errors %}<p>{{ e.text }}</p>{% end %}<h1>Word</h1>")
FIELDS = '{% for f in vm.form.fields %}{% use "field" f=f %}{% end %}'
PICK = '{% use "pick" form=vm.bulk id=m.id label=m.email %}'
LINKED = '<a href="{{ m.url }}">{{ m.email }}</a>'
SWITCH = '{% use "switch" action=m.toggle on=m.active label=m.email %}'
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(110 * 1024)

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'

THEMES = {
    "MB040": {"pages/logout.lua": "return function(vm, h) error('no') end"},
    "MB041": password(MISTAKES),
    "MB042": password(MISTAKES + '{% form vm.form %}<button type="submit">{{ vm.form.submit }}</button>{% end %}'),
    "MB043": password(MISTAKES + "{% form vm.form %}" + FIELDS + "{% end %}"),
    "MB044": password('<h1>Word</h1>{% use "form" form=vm.form %}'),
    "MB045": row(PICK + "{{ m.email }}", SWITCH),
    "MB046": {"pages/mailboxes.secret.html": '{% extends "shell" %}{% block title() %}S{% end %}{% block main() %}'
              '<h1>S</h1><p><a href="{{ vm.next }}">On</a></p>{% end %}'},
    "MB047": row(PICK + LINKED, "on"),
    "MB048": plain('<main><div role="status"></div>{% block main() %}{% end %}</main>'),
    "MB049": {"components/flash.html": "{# args: flash=Flash #}<p>{{ flash.kind }}</p>"},
    "MB050": row(LINKED, SWITCH),
    "MB051": logout('<h1>Out</h1><p id="x">a</p><p id="x">b</p>'),
    "MB052": logout("<h1>Out</h1><span><ul><li>a</li></ul></span>"),
    "MB053": logout('<h1>Out</h1><a href="#main"><button type="button">x</button></a>'),
    "MB054": logout('<h1>Out</h1><a href="#nowhere">x</a>'),
    "MB060": logout('<h1>Out</h1><input type="text">'),
    "MB061": logout('<h1>Out</h1><button type="button">{{ icon("trash") }}</button>'),
    "MB062": logout("<h1>Out</h1><h3>Deep</h3>"),
    "MB063": logout("<h1>Out</h1><h1>Out</h1>"),
    "MB064": plain('<div id="main">{% block main() %}{% end %}</div>'),
    "MB065": logout("<h1>Out</h1><table><tr><td>1</td></tr></table>"),
    "MB066": {"pages/logout.lua": 'return function(vm, h) return h.main{ id = "main", h.h1{ "Out" }, '
              'h.img{ src = h.asset("favicon.svg") }, h.form(vm.form) } end'},
    "MB067": logout("<h1>Out</h1><nav><p>a</p></nav>"),
    "MB068": logout('<h1>Out</h1><p tabindex="1">a</p>'),
    "MB069": logout('<h1>Out</h1><meter value="1"></meter>'),
    "MB070": {"tokens.css": ":root { --ink: light-dark(#9aa, #e7ebf0); }"},
    "MB071": {"tokens.css": ":root { --ink: light-dark(color(display-p3 0 0 0), #e7ebf0); }"},
    "MB072": {"tokens.css": ":root { --edge: #808080; }"},
    "MB080": {"app.css": ".card::after { content: \"" + noise(40000) + "\"; }"},
    "MB081": {"assets/big.png": PNG, **logout('<h1>Out</h1><img alt="" src="{{ asset("big.png") }}">')},
    "MB082": {"blocks/mailboxes.list/head.html": "<h1>Mailboxes</h1>{% if vm.add %}<p><a href=\"{{ vm.add }}\">Add</a></p>{% end %}<p>"
              + noise(60000) + "</p>"},
    "MB083": {"assets/favicon.svg": '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'},
    "MB110": {"app.css": ".card { margin-left: 1rem; }"},
    "MB111": {"app.css": ".card { padding: 0 !important; }"},
    "MB112": {"app.css": ".card { color: #123456; }"},
    "MB113": {"app.css": ".card { background: url(https://example.org/x.png); }"},
    "MB114": {"app.css": ".card { padding: 0; "},
    "MB115": {"tokens.css": ":root { --radus: 1rem; }"},
    "MB116": {"app.css": ".card { padding: var(--nothing-gives-it); }"},
    "MB117": {"app.css": ".card { background-image: url(wave.png); }"},
    "MB118": {"app.css": ".card a:focus { outline: none; }"},
    "MB119": {"app.css": ".card { paddign: 1rem; }"},
    "MB122": {"assets/logo.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'},
    "MB123": {"theme.lua": 'settings = { { id = "motto", type = "text", label = "Motto", default = "Hello" } },'},
    "MB124": {"components/unseen.html": "<p>a</p>"},
}


def name_of(code):
    return code.lower()


def write(folder, name, files):
    """A child of base; what `theme.lua` holds stands in its manifest."""
    manifest = ('return { name = "%s", title = "T", version = "1.0.0", license = "MIT", extends = "base", contract = "1.0", '
                'api = 1, schemes = { "light", "dark" }, %s }' % (name, files.get("theme.lua", "")))
    for path, content in {**files, "theme.lua": manifest}.items():
        target = folder / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(folder / name)


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    """Of all these themes, by the theme's name."""
    folder = tmp_path_factory.mktemp("themes")
    themes = [write(folder, name_of(code), files) for code, files in THEMES.items()]
    made = {}
    for one in json.loads(mailboy("theme", "check", *themes, "--format", "json", "--level", "advice", status=1)):
        if one["level"] != "advice" or one["code"] != "MB029":   # these themes speak English alone
            made.setdefault(one["theme"], []).append(one)
    return made


@pytest.mark.parametrize("code", THEMES)
def test_rule(findings, code):
    found = findings.get(name_of(code), [])
    assert {one["code"] for one in found} == {code}, found
    for one in found:
        assert set(one) == {"code", "level", "theme", "path", "line", "column", "message", "mend"}
        assert one["message"] and one["mend"]


def test_a_script_that_fails_is_told_with_its_line(tmp_path):
    lost = write(tmp_path, "lost", {"pages/logout.lua": 'return function(vm, h)\n  return h.h1{clas = "x", "Out"}\nend\n'})
    said = mailboy("theme", "check", lost, status=1)
    assert "lost/pages/logout.lua:2:1: error MB040: " in said and "h.h1: takes no attribute 'clas'" in said


def test_a_script_that_gives_nothing_is_told_what_to_give(tmp_path):
    theme = write(tmp_path, "nothing", {"pages/logout.lua": "return function(vm, h)\n  h.main{ h.h1{ 'Out' } }\nend"})
    found = json.loads(mailboy("theme", "check", theme, "--format", "json", status=1))
    assert [one["code"] for one in found] == ["MB040"] and "returns nothing: return h.main" in found[0]["message"]


def test_each_rule_has_a_theme():
    text = open(os.path.join(ROOT, "lua/theme/check/rules.lua"), encoding="utf-8").read()
    assert set(re.findall(r"^  (MB\d\d\d) =", text, re.M)) == set(THEMES)


def test_readers():
    done = subprocess.run(["/usr/bin/lua5.4", os.path.join(ROOT, "tests/themes/check_parts.lua")], capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_places_in_styles(findings):
    one, = findings["mb110"]
    assert (one["path"], one["line"], one["column"], one["level"]) == ("app.css", 1, 9, "warning")


@pytest.mark.parametrize("style, words", [
    (".card { colr: red; }", "did you mean 'color'?"), (".card { padding: 0 12; }", "a length has a unit: 12rem, 12px"),
    (".card { inline-size: 20; }", "a length has a unit"), (".card { border-start-start-radius: 4; }", "a length has a unit"),
    (".card { line-height: 1.5; z-index: 2; flex: 1 1 0; margin: 0 auto; gap: calc(1rem * 2); order: 1; }", None),
    (".card { --any: 12; -webkit-thing: 1; zzzzzzzz: 1; padding: var(--gap) 0; columns: 2; }", None)])
def test_declarations_that_no_browser_reads(tmp_path, style, words):
    theme = write(tmp_path, "unread", {"app.css": style})
    found = json.loads(mailboy("theme", "check", theme, "--format", "json", status=1)) if words else []
    assert [one["line"] for one in found if one["code"] == "MB119" and words in one["message"]] == [1] * bool(words)
    if not words:
        said = subprocess.run([find_program(release=True), "theme", "check", theme], capture_output=True, text=True, timeout=60).stdout
        assert "MB119" not in said


@pytest.mark.parametrize("style, is_told", [
    ("a:focus { outline: 0; }", True), ("* { outline: none !important; }", True), ("a, input { outline-style: none; }", True),
    ("a { &:focus { outline: 0 none; } }", True), ("a { outline: 2px solid; } button { outline-width: 0; }", True),
    ("@media (min-width: 9rem) { a { outline: none; } } a { outline: 1px solid; }", True),
    ("a:focus { outline: none; box-shadow: 0 0 0 2px var(--accent); }", False), ("a { outline: 0; &::after { outline: 1px solid; } }", False),
    ("a:focus { outline: 0; } a:focus-visible { outline: 2px solid; }", False), ("a:focus:not(:focus-visible) { outline: none; }", False),
    ("main:focus, [tabindex=\"-1\"]:focus { outline: 0; }", False), ("@media print { a { outline: none; } }", False),
    ("a:focus { outline: 2px dotted; outline-offset: 0; }", False), ("a { text-outline: none; }", False)])
def test_the_ring_of_the_focus(tmp_path, style, is_told):
    theme = write(tmp_path, "ring", {"app.css": style})
    found = json.loads(mailboy("theme", "check", theme, "--format", "json", status=1 if is_told or "!" in style else 0))
    assert ("MB118" in {one["code"] for one in found}) == is_told


def test_places_in_pages(findings):
    """The file where only one could have drawn it, and the line where the element stands in it once."""
    one, = findings["mb062"]
    source = THEMES["MB062"]["pages/logout.html"]
    assert (one["path"], one["line"], one["column"]) == ("pages/logout.html", 1, source.index("<h3") + 1)
    assert "[logout, usual" in one["message"]
    assert {one["path"] for one in findings["mb045"]} == {"blocks/mailboxes.list/row.html"}


def test_translations_in_any_language(tmp_path):
    """A mistake in one language is told though the pages were looked at in another."""
    po = PO + '\nmsgid "Sign out"\nmsgstr "Abmelden %s"\n\nmsgid "No template says this"\nmsgstr "Nein"\n'
    theme = write(tmp_path, "words", {"po/de.po": po, **logout("<h1>{{ t('Sign out') }}</h1>")})
    found = json.loads(mailboy("theme", "check", theme, "--format", "json", status=1))
    said = {(one["code"], one["path"], one["line"]) for one in found}
    assert said >= {("MB091", "po/de.po", 4), ("MB093", "po/de.po", 7)}
    assert {one for one in said if one[1] != "po/de.po"} == {("MB029", "pages/logout.html", 1)}, "its title is English alone"


def test_shipped_themes_are_clean():
    folders = sorted(os.path.join(ROOT, "themes", name) for name in os.listdir(os.path.join(ROOT, "themes"))
                     if name != "base" and os.path.isdir(os.path.join(ROOT, "themes", name)))
    assert "of level warning or worse." in mailboy("theme", "check", "base", *folders)


def test_a_setting_that_a_parent_reads_is_read(tmp_path):
    """A child that states only another default of it."""
    setting = 'settings = { { id = "motto", type = "text", label = "Motto", default = "%s" } },'
    write(tmp_path, "mother", {"theme.lua": setting % "Hers", "slots/shell.footer.html": '<p>{{ setting("motto") }}</p>'})
    child = write(tmp_path, "daughter", {"theme.lua": setting % "Mine"})
    manifest = tmp_path / "daughter/theme.lua"
    manifest.write_text(manifest.read_text().replace('extends = "base"', 'extends = "mother"'))
    mailboy("theme", "check", child)


def test_statuses(tmp_path):
    mailboy("theme", "check", str(tmp_path / "nothing"), status=2)
    mailboy("theme", "check", status=64)
    mailboy("theme", "check", "base", "--level", "severe", status=64)
    styled = write(tmp_path, "styled", THEMES["MB111"])
    assert "styled/app.css:1:9: warning MB111: " in mailboy("theme", "check", styled, status=1)
    mailboy("theme", "check", styled, "--level", "error")


def test_what_is_no_plain_file_is_told_and_never_waited_for(tmp_path):
    theme = tmp_path / "odd"
    (theme / "assets").mkdir(parents=True)
    (theme / "deep" / "er" / "and" / "on" / "down").mkdir(parents=True)
    (theme / "theme.lua").write_text('return { name = "odd", extends = "base", contract = "1.0", api = 1 }\n')
    (theme / "tokens.css").symlink_to("/etc/passwd")
    (theme / "my file.css").write_text("")
    (theme / ".private").symlink_to("/etc/passwd")
    os.mkfifo(theme / "assets" / "pipe.png")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(os.path.join(os.path.relpath(theme), "door.css"))
        found = json.loads(mailboy("theme", "check", str(theme), "--format", "json", status=1))
    told = {one["path"]: (one["message"], one["mend"]) for one in found if one["code"] == "MB122"}
    assert set(told) == {"tokens.css", "my file.css", "assets/pipe.png", "door.css", "deep/er/and/on"}
    assert "a link" in told["tokens.css"][0] and "copy" in told["tokens.css"][1] and "a pipe" in told["assets/pipe.png"][0]
    (theme / "theme.lua").rename(theme / "kept.lua")
    (theme / "theme.lua").symlink_to("kept.lua")
    done = subprocess.run([find_program(release=True), "theme", "check", str(theme)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 2 and "odd/theme.lua: this is a link" in done.stderr
    os.remove(theme / "theme.lua")
    (theme / "kept.lua").rename(theme / "theme.lua")
    for n in range(500):
        (theme / "assets" / f"{n}.css").write_text("")
    done = subprocess.run([find_program(release=True), "theme", "check", str(theme)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 2 and "more than 500 files" in done.stderr


def test_hostile_themes_do_not_pass():
    """Some of the corpus that test_live_hostile.py runs behind its walls: the check ends, and each is caught."""
    corpus = os.path.join(ROOT, "tests/themes/hostile")
    folders = [os.path.join(corpus, name) for name in sorted(os.listdir(corpus))][::16]
    found = json.loads(mailboy("theme", "check", *folders, "--format", "json", "--level", "error", status=1))
    assert {one["theme"] for one in found} == {os.path.basename(folder) for folder in folders}


def test_a_folder_named_without_its_place_is_offered_with_it(tmp_path):
    write(tmp_path, "harbour", {"tokens.css": ":root { --gap: 2rem; }"})
    done = subprocess.run([find_program(release=True), "theme", "check", "harbour"], capture_output=True, text=True, timeout=60, cwd=tmp_path,
                          env={**os.environ, "MAILBOY_CONF": "/nonexistent/mailboy.conf"})
    assert done.returncode == 2 and "The folder here is ./harbour" in done.stderr, done.stderr


def test_words_of_a_theme_do_not_steer_the_terminal(tmp_path):
    theme = write(tmp_path, "steering", {"app.css": ".card { color: #123456 \x1b]0title\x07 \u009b31m; }"})
    said = mailboy("theme", "check", theme, status=1)
    assert "MB112" in said and "#123456 ?]0title? ??31m" in said
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\x80-\x9f]", said)


def test_render(tmp_path):
    """Pages that a browser opens without a server: everything they name lies beside them."""
    out = tmp_path / "out"
    harbour = write(tmp_path, "harbour", {"tokens.css": ":root { --gap: 2rem; }"})
    mailboy("theme", "render", harbour, "mailboxes.list", "--out", str(out), "--scheme", "dark", "--role", "domain")
    pages = sorted(path.name for path in out.glob("*.html"))
    assert "mailboxes.list.usual.html" in pages and "mailboxes.list.hostile.html" in pages and "index.html" in pages
    assert len(pages) > 10
    usual = (out / "mailboxes.list.usual.html").read_text()
    assert 'data-scheme="dark"' in usual and "assets/harbour/tokens-" in usual
    for name in re.findall(r'="(assets/[^"#]+)', usual):
        assert (out / name).is_file()
    index = (out / "index.html").read_text()
    assert all('href="%s"' % page in index for page in pages if page != "index.html")
    mailboy("theme", "render", harbour, "nowhere", "--out", str(out), status=66)
    mailboy("theme", "render", harbour, "status", "--role", "user", "--out", str(out), status=66)
    mailboy("theme", "render", harbour, "status", "--scheme", "purple", "--out", str(out), status=70)


def test_what_is_drawn_twice_is_the_same(tmp_path):
    """To the byte, its invented secrets too: so a change of a theme can be seen by comparing."""
    harbour = write(tmp_path, "harbour", {"tokens.css": ":root { --gap: 2rem; }"})
    once, again = tmp_path / "once", tmp_path / "again"
    for out in (once, again):
        mailboy("theme", "render", harbour, "mailboxes.form", "--out", str(out))
    pages = sorted(path.relative_to(once) for path in once.rglob("*.html"))
    assert len(pages) > 5
    assert [page for page in pages if (once / page).read_bytes() != (again / page).read_bytes()] == []


def test_docs():
    page = mailboy("theme", "docs", "mailboxes.list")
    assert "### `mailboxes.list`" in page and "`rows.url`" in page
    whole = mailboy("theme", "docs")
    contract = os.path.join(ROOT, "lua/contract")
    for file in os.listdir(contract):
        text = open(os.path.join(contract, file), encoding="utf-8").read()
        for kind, name in re.findall(r'^(page|record|slot) "([^"]+)"', text, re.M):
            assert "`%s`" % name in whole, (kind, name)
    rules = mailboy("theme", "docs", "rules")
    assert all("| %s |" % code in rules for code in THEMES)
    mailboy("theme", "docs", "mailboxes.lists", status=66)


def test_docs_name_every_hook_and_token():
    whole = mailboy("theme", "docs")
    base = os.path.join(ROOT, "themes/base")
    script = open(os.path.join(base, "app.js"), encoding="utf-8").read()
    styles = open(os.path.join(base, "app.css"), encoding="utf-8").read()
    hooks = {"data-mb-" + name for name in re.findall(r"data-mb-([a-z]+)", script)}
    assert hooks and not [name for name in hooks if "`%s`" % name not in whole]
    tokens = re.findall(r"^  --([a-z-]+):", styles[:styles.index("}")], re.M)
    assert not [name for name in tokens if "`--%s`" % name not in whole]
    helpers = re.search(r"## Helpers.*?## Components", whole, re.S).group(0)
    assert not re.findall(r"^\| `\w+` \| `(\w+)` \|  \|$", helpers, re.M), "say in lua/theme/docs.lua what it gives"


def test_list(tmp_path):
    themes = tmp_path / "themes"
    write(themes, "harbour", {"tokens.css": ":root { --gap: 2rem; }"})
    (themes / "broken").mkdir()
    (themes / "broken" / "theme.lua").write_text("return 1")
    config = tmp_path / "mailboy.conf"
    config.write_text("themes_dir = %s\nhosts = example.org\n" % themes)
    rows = {row["name"]: row for row in json.loads(mailboy("theme", "list", "--json", "--config", str(config)))}
    assert set(rows) == {"base", "harbour", "broken"}
    assert rows["harbour"]["title"] == "T" and rows["harbour"]["parent"] == "base" and rows["harbour"]["state"] == "clean"
    assert rows["broken"]["errors"] > 0
