# SPDX-License-Identifier: GPL-3.0-or-later
"""Themes in the browser: the gallery and its checks, a preview for one session alone, activation, settings by
type, what went wrong in the last days, the built-in theme for who needs it. On a real site with two workers."""
import hashlib
import html
import os
import re
import shutil

import pytest

from daemon import wait_for
from visitor import ROOT, Site

HARBOUR = """return {
  name = "harbour", title = "Harbour & <b>Mist</b>", version = "2.1.0", author = "Ada <ada@example.org>", license = "MIT",
  homepage = "javascript:alert(1)", description = "Grey, with a light.", extends = "base", contract = "1.0", api = 1,
  schemes = { "light", "dark" }, tokens = "tokens.css", screenshot = "screenshot.png",
  settings = {
    { id = "accent", type = "color", default = "#1d4fb4", label = "Accent colour",
      contrast = { with = "--surface", min = 4.5 } },
    { id = "density", type = "choice", default = "cosy", options = { "cosy", "compact" }, labels = { "Cosy", "Compact" }, label = "Rows" },
    { id = "motto", type = "text", default = "", max = 20, label = "Motto", hint = "A line <i>below</i> the name." },
    { id = "wide", type = "bool", default = false, label = "Wide" },
    { id = "columns", type = "number", default = 3, min = 1, max = 9, label = "Columns" },
    { id = "face", type = "font", default = "system", label = "Type face" },
    { id = "logo", type = "image", label = "Logo" },
    { id = "more", type = "links", label = "Links at the foot" },
  },
}
"""
TOKENS = ":root { --surface: light-dark(#fff, #171c23); --accent: var(--set-accent); }\n"
FOOT = """{% extends "shell" %}{% block title() %}Leave{% end %}
{% block main() %}<h1>Harbour</h1><p class="motto">{{ setting("motto") }}|{{ setting("density") }}|{% if setting("wide") %}wide{% else %}narrow{% end %}|{{ setting("columns") }}</p>
{% if setting("logo") %}<img src="{{ setting("logo") }}" alt="">{% end %}
{% if shell.links %}<ul>{% for l in shell.links %}<li><a href="{{ l.url }}">{{ l.label }}</a></li>{% end %}</ul>{% end %}
{% use "form" form=vm.form %}{% end %}
"""
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364600000000600023081d02f0000000049454e44ae426082")


class Themes:
    def __init__(self, site):
        self.site, self.folder = site, site.options["themes_dir"]

    def write(self, name, path, text):
        path = os.path.join(self.folder, name, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())

    def make(self, name, manifest="", **files):
        self.write(name, "theme.lua", manifest or f'return {{ name = "{name}", title = "{name}", version = "1.0.0", license'
                   f' = "MIT", extends = "base", contract = "1.0", api = 1, schemes = {{ "light", "dark" }} }}\n')
        for path, text in files.items():
            self.write(name, path, text)

    def harbour(self):
        self.make("harbour", HARBOUR)
        self.write("harbour", "tokens.css", TOKENS)
        self.write("harbour", "pages/logout.html", FOOT)
        self.write("harbour", "screenshot.png", PNG)
        self.write("harbour", "assets/logo.png", PNG + b"\n")


@pytest.fixture(scope="module")
def site():
    """The release: a theme is compiled at each turn."""
    with Site(kind="release", request_timeout="60s") as made:
        made.make_domain("here.example")
        made.make_mailbox("server@here.example", level=1)
        made.make_mailbox("boss@here.example", administers=("here.example",))
        yield made


@pytest.fixture
def themes(site):
    made = Themes(site)
    shutil.rmtree(made.folder, ignore_errors=True)
    os.makedirs(made.folder)
    yield made
    site.sql("UPDATE site SET value = 'base', generation = generation + 1 WHERE name = 'theme'")
    site.sql("UPDATE session SET preview = NULL WHERE preview IS NOT NULL")
    site.sql("DELETE FROM theme_setting")
    site.sql("DELETE FROM theme_fault")


@pytest.fixture(scope="module")
def admin(site):
    return site.sign_in()


@pytest.fixture(scope="module")
def other(site):
    return site.sign_in("server@here.example")


def worn(answer):
    """The themes whose style sheets a page links."""
    return set(re.findall(r'href="[^"]*/assets/([a-z-]+)/[^"]*\.css"', answer.text))


def stylesheet(answer):
    found = re.search(r'<link rel="stylesheet" href="([^"]*/theme-[0-9a-f]{8}\.css)">', answer.text)
    return found and found[1]


def sheets(visitor, path="/logout", rounds=6):
    """What several workers say."""
    return {stylesheet(visitor.get(path)) for _ in range(rounds)}


def row(visitor, name):
    rows = visitor.get("/themes", json=True).json["rows"]
    return next(r for r in rows if r["theme"] == name)


def state(visitor, name):
    """What the check says: the page of one theme always asks, the gallery while there is time."""
    return visitor.get(f"/themes/{name}", json=True).json["theme"]["state"]


# --- the gallery ---

def test_gallery(site, themes, admin):
    themes.harbour()
    rows = admin.get("/themes", json=True).json["rows"]
    assert [r["theme"] for r in rows] == ["base", "harbour"]
    base, harbour = rows
    assert base["active"] and not harbour["active"] and base["state"] == "ok"
    assert (harbour["title"], harbour["version"], harbour["extends"]) == ("Harbour & <b>Mist</b>", "2.1.0", "base")
    assert harbour["settings"] == 8 and harbour["light"] and harbour["dark"], harbour
    assert harbour["state"] == "warn", "its homepage is no web address"
    page = admin.get("/themes")
    assert "Harbour &amp; &lt;b&gt;Mist&lt;/b&gt;" in page.text and "<b>Mist" not in page.text
    shot = re.search(r'src="(/assets/harbour/screenshot-[0-9a-f]{8}\.png)"', page.text)
    got = admin.get(shot[1])
    assert got.status == 200 and got.header("content-type") == "image/png" and got.body == PNG


def test_a_theme_says_its_mistakes_with_their_place(site, themes, admin):
    themes.make("half")
    themes.write("half", "pages/logout.html", '{% extends "shell" %}{% block title() %}L{% end %}\n'
                 '{% block main() %}<p>{{ vm.nothing }}</p>{% end %}\n')
    found = admin.get("/themes/half", json=True).json
    assert found["theme"]["state"] == "bad" and found["theme"]["errors"] >= 1
    assert any(f["level"] == "error" and f.get("place", "").startswith("half/pages/logout.html:2:") and "nothing" in f["text"]
               for f in found["findings"]), found
    page = admin.get("/themes/half")
    assert page.status == 200 and "half/pages/logout.html:2:" in page.text


@pytest.mark.parametrize("manifest", [
    "", "return", "return {}", "return { name = 1 }", "os.exit()", 'return { name = "x", settings = 5 }', "\0\0\0", "\xff" * 50,
    "return { name = \"x\", title = \"" + "t" * 5000 + "\" }", "return {" * 500,
    'return { name = "x", settings = { { id = "a", type = "color", contrast = { with = "--" } } } }',
    'return { name = "x", settings = { { id = "<b>", type = "text" }, { id = "Ä", type = "bool" }, 7, { id = 3 } } }',
    'return { name = "x", settings = { { id = "a", type = "choice", options = {} }, { id = "b", type = "nothing" } } }',
    'return { name = "x", settings = { { id = "token", type = "text" }, { id = "operation", type = "text" } } }',
], ids=range(14))
def test_a_hostile_manifest_harms_nobody(site, themes, admin, manifest):
    themes.harbour()
    themes.make("evil", manifest or "\n")
    assert [r["theme"] for r in admin.get("/themes", json=True).json["rows"]] == ["base", "evil", "harbour"]
    for path in ("/themes/evil", "/themes/evil/settings"):
        assert admin.get(path).status == 200, path
    assert admin.post("/themes/evil/settings", {}).status == 303 and admin.post("/themes/evil/settings", {"a": "x"}).status in (303, 422)


def processes(visitor):
    return [(one["name"], one["pid"]) for one in visitor.get("/status", json=True).json["processes"]]


def test_many_and_huge_settings(site, themes, admin):
    many = ", ".join(f'{{ id = "s{n}", type = "text", label = "<i>{n}</i>", default = "{"x" * 100}" }}' for n in range(200))
    themes.make("many", f'return {{ name = "many", extends = "base", settings = {{ {many} }} }}\n')
    page = admin.get("/themes/many/settings")
    assert page.status == 200 and "<i>" not in page.text
    assert row(admin, "many")["settings"] == 32
    before = processes(admin)
    large = ", ".join(f'{{ id = "s{n}", type = "choice", options = {{ {", ".join(repr("o" * 110 + str(i)) for i in range(24))} }} }}' for n in range(20))
    for n in range(40):
        themes.make(f"t{n}", f'return {{ name = "t{n}", extends = "base", settings = {{ {large} }} }}\n')
    themes.make("vast", "return { name = 'vast' } --" + "x" * 900_000)
    admin.post("/themes/t1/preview", {"on": "1"})
    whole = [row["theme"] for row in admin.get("/themes", json=True).json["rows"]]
    assert len(whole) == 43 and whole[0] == "base" and whole[1:] == sorted(whole[1:])
    first = admin.get("/themes?rows=25", json=True).json
    rest = admin.get("/themes?rows=25&after=" + first["next_after"], json=True).json
    assert [row["theme"] for row in first["rows"] + rest["rows"]] == whole and "next_after" not in rest
    on = re.search(r'rel="next" href="([^"]+)"', admin.get("/themes?rows=25").text)[1]
    back = re.search(r'rel="prev" href="([^"]+)"', admin.get(html.unescape(on)).text)[1]
    assert re.findall(r'<h2><a href="/themes/([^"]+)"', admin.get(html.unescape(back)).text) == whole[:25]
    assert "larger than 64 KB" in admin.get("/themes/vast", json=True).json["theme"]["problem"]
    assert admin.get("/logout").status == 200 and processes(admin) == before, "no worker ended"


def test_only_server_admins(site, themes):
    themes.harbour()
    boss, nobody = site.sign_in("boss@here.example"), site.visitor()
    for path in ("/themes", "/themes/harbour", "/themes/nothing", "/themes/harbour/settings", "/themes/harbour/report"):
        assert boss.get(path).status == 403 and nobody.get(path).status == 303, path
    for path in ("preview", "activate", "settings", "retry"):
        assert boss.post(f"/themes/harbour/{path}", {}).status == 403
        assert boss.post(f"/themes/nothing/{path}", {}).status == 403
    assert "/themes" not in boss.get("/").text


def test_what_is_not_there(site, themes, admin):
    for name in ("nothing", "..", "%2e%2e", "a%2Fb", "Harbour", "a" * 41, "%00"):
        assert admin.get(f"/themes/{name}").status in (400, 404), name
        assert admin.post(f"/themes/{name}/activate", {}).status in (400, 404), name


# --- the preview ---

def test_a_preview_is_for_one_session(site, themes, admin, other):
    themes.harbour()
    assert admin.post("/themes/harbour/preview", {"on": "1"}).status == 303
    for _ in range(4):
        page = admin.get("/logout")
        assert "harbour" in worn(page) and "<h1>Harbour</h1>" in page.text
        assert page.text.count('<aside class="trying"') == 1
        assert "harbour" not in worn(other.get("/logout")) and 'class="trying"' not in other.get("/logout").text
        assert "harbour" not in worn(site.visitor().get("/login"))
    again = site.sign_in()
    assert "harbour" not in worn(again.get("/logout")), "another session of the same account"
    bar = next(f for f in admin.get("/domains").forms() if f.action == "/themes/harbour/preview")
    assert admin.post(bar.action, bar.fields, token=None).status == 303
    assert "harbour" not in worn(admin.get("/logout")) and 'class="trying"' not in admin.get("/").text


def test_the_bar_activates(site, themes, admin, other):
    themes.harbour()
    admin.post("/themes/harbour/preview", {"on": "1"})
    form = next(f for f in admin.get("/").forms() if f.action == "/themes/harbour/activate")
    assert admin.post(form.action, form.fields, token=None).status == 303
    assert 'class="trying"' not in admin.get("/").text, "the preview has ended"
    for _ in range(6):
        assert "harbour" in worn(other.get("/logout")) and "harbour" in worn(site.visitor().get("/login"))


def test_no_theme_can_leave_the_bar_out(site, themes, admin):
    themes.make("bare")
    themes.write("bare", "layouts/shell.html", '{% block title() %}x{% end %}{% block header() %}{% end %}{% block menu() %}{% end %}'
                 '<main id="main">{% block main() %}{% end %}</main>{% block foot() %}{% end %}\n')
    themes.write("bare", "pages/logout.lua", "return function(vm, h) return { h.p{'nothing else'} } end\n")
    assert admin.post("/themes/bare/preview", {"on": "1"}).status == 303
    for path in ("/domains", "/logout", "/nothing"):
        page = admin.get(path)
        assert page.text.count('<aside class="trying"') == 1, path
        assert page.text.index("<body") < page.text.index('<aside class="trying"') < page.text.index("</body>")


def test_a_preview_of_what_has_gone_can_be_ended(site, themes, admin):
    themes.harbour()
    admin.post("/themes/harbour/preview", {"on": "1"})
    shutil.rmtree(os.path.join(themes.folder, "harbour"))
    site.sql("UPDATE site SET generation = generation + 1")   # so the files are read again
    page = admin.get("/domains")
    assert page.status == 200 and 'class="trying"' in page.text
    answer = admin.post("/themes/harbour/preview", {"on": "0"})
    page = admin.get(answer.location)
    assert answer.status == 303 and page.status == 200 and "what everybody sees again" in page.text
    assert 'class="trying"' not in admin.get("/domains").text


# --- activation ---

def test_activation_refuses_a_theme_with_mistakes(site, themes, admin, other):
    themes.make("half")
    themes.write("half", "pages/logout.html", '{% extends "shell" %}{% block title() %}L{% end %}\n'
                 '{% block main() %}<p>{{ vm.nothing }}</p>{% end %}\n')
    for path, fields in (("activate", {}), ("preview", {"on": "1"})):
        answer = admin.post(f"/themes/half/{path}", fields)
        assert answer.status == 422 and "half/pages/logout.html:2:" in answer.text
        told = admin.post_json(f"/themes/half/{path}", {})
        assert told.status == 422 and told.json["errors"][""]["code"] == "theme_broken", told
    assert "half" not in worn(other.get("/logout")) and row(admin, "base")["active"]
    assert site.one("SELECT value FROM site WHERE name = 'theme'") == "base"


def test_nobody_is_locked_out_by_a_log_in_without_fields(site, themes, admin):
    """It compiles; the whole check finds what it lacks. One may try it on, since that is one's own browser."""
    themes.make("mute")
    themes.write("mute", "pages/login.html", '{% extends "plain" %}{% block title() %}M{% end %}\n'
                 '{% block main() %}<h1>Mute</h1>{% end %}\n')
    answer = admin.post("/themes/mute/activate", {})
    assert answer.status == 422 and "mute/pages/login.html" in answer.text
    assert admin.get("/themes/mute", json=True).json["theme"]["errors"] > 0 and state(admin, "mute") == "bad"
    assert "mute/pages/login.html" in admin.get("/themes/mute/activate").text
    assert worn(site.visitor().get("/login")) == {"base"}
    assert admin.post("/themes/mute/preview", {"on": "1"}).status == 303


def test_activation_is_seen_by_all_and_written_down(site, themes, admin, other):
    themes.harbour()
    assert admin.get("/themes/harbour/activate").status == 200
    assert admin.post_json("/themes/harbour/activate", {}).json["theme"] == "harbour"
    for _ in range(6):
        assert "<h1>Harbour</h1>" in other.get("/logout").text
        assert "harbour" in worn(site.visitor().get("/login"))
    assert site.sql("SELECT action, before_json, after_json FROM audit WHERE outcome = 'done' ORDER BY id DESC LIMIT 1") == (
        ("theme.activate", '{"theme":"base"}', '{"theme":"harbour"}'),)
    assert row(admin, "harbour")["active"] and not row(admin, "base")["active"]


# --- settings ---

def settings_form(visitor, name="harbour"):
    return visitor.get(f"/themes/{name}/settings").form(f"/themes/{name}/settings").fields


def test_the_form_is_the_manifest(site, themes, admin):
    themes.harbour()
    page = admin.get("/themes/harbour/settings")
    assert page.status == 200 and "A line &lt;i&gt;below" in page.text and "<i>below" not in page.text
    for control in ('type="color"', 'name="density"', ">Compact</option>", 'name="columns"', ">Typewriter</option>", ">logo.png</option>", "<textarea"):
        assert control in page.text, control
    assert settings_form(admin)["accent"] == "#1d4fb4"


def test_values_keep_their_type(site, themes, admin, other):
    themes.harbour()
    admin.post("/themes/harbour/activate", {})
    assert sheets(other) == {stylesheet(other.get("/logout"))}
    before = stylesheet(other.get("/logout"))
    links = "Help /help\r\nOur site  https://example.org/a?b=c\r\n"
    done = admin.post("/themes/harbour/settings", {"accent": "#0B6470", "density": "compact", "motto": 'a "b" </style>', "wide": "1",
                                                   "columns": "5", "face": "mono", "logo": "logo.png", "more": links})
    assert done.status == 303, done
    page = other.get("/logout")
    assert "a &quot;b&quot; &lt;/style&gt;|compact|wide|5" in page.text
    assert '<a href="/help">Help</a>' in page.text and '<a href="https://example.org/a?b=c">Our site</a>' in page.text
    logo = re.search(r'<img src="(/assets/harbour/logo-[0-9a-f]{8}\.png)"', page.text)
    assert other.get(logo[1]).body == PNG + b"\n"
    after = sheets(other)
    assert len(after) == 1 and before not in after
    css = other.get(after.pop())
    assert css.status == 200 and css.header("content-type").startswith("text/css") and "immutable" in css.header("cache-control")
    assert re.fullmatch(r":root\{[^{}]*\}\n", css.text), css.text
    values = dict(part.split(":", 1) for part in css.text[6:-2].split(";"))
    assert values["--set-accent"].startswith("light-dark(#0b6470,#") and values["--set-density"] == "compact"
    assert values["--set-wide"] == "1" and values["--set-columns"] == "5" and "monospace" in values["--set-face"]
    assert values["--set-motto"] == r'"a \22 b\22  \3c \2f style\3e "' and values["--set-logo"] == f'url("{logo[1]}")'
    assert dict(site.sql("SELECT name, kind FROM theme_setting"))["accent"] == "color"
    line = site.sql("SELECT action, after_json FROM audit WHERE outcome = 'done' ORDER BY id DESC LIMIT 1")[0]
    assert line[0] == "theme.settings" and "#0b6470" in line[1]


def test_one_value_alone_leaves_the_others(site, themes, admin):
    themes.harbour()
    assert admin.post_json("/themes/harbour/settings", {"motto": "one", "columns": 4}).status == 200
    assert admin.post_json("/themes/harbour/settings", {"wide": True}).status == 200
    fields = settings_form(admin)
    assert fields["motto"] == "one" and fields["columns"] == "4"


@pytest.mark.parametrize("field, value, code", [
    ("accent", "red", "not_a_color"), ("accent", "#12345", "not_a_color"), ("accent", "#fff;}*{x:y", "not_a_color"), ("accent", "", "required"),
    ("density", "loose", "not_a_choice"), ("motto", "x" * 21, "too_long"), ("motto", "a\nb", "control_character"),
    ("columns", 10, "number_too_large"), ("columns", 0, "number_too_small"), ("columns", "3", "wrong_type"), ("wide", "1", "wrong_type"),
    ("face", "system-ui, x", "not_a_choice"), ("logo", "../../etc/passwd", "not_a_choice"), ("logo", "screenshot.png", "not_a_choice"),
    ("more", "Bad javascript:alert(1)", "not_links"), ("more", "Bad //evil.example/", "not_links"), ("more", "https://alone.example", "not_links"),
    ("more", "x /a\n" * 13, "not_links"), ("more", 'Quote /a"b', "not_links"), ("nothing", "x", "unknown_field"), ("theme", "x", "unknown_field")])
def test_what_does_not_fit_is_refused(site, themes, admin, field, value, code):
    themes.harbour()
    answer = admin.post_json("/themes/harbour/settings", {field: value})
    assert answer.status == 422 and answer.json["errors"][field]["code"] == code, answer
    assert site.one("SELECT COUNT(*) FROM theme_setting") == 0


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", ["#ffff00", "#cccccc", "#ffffff", "#ff8800", "#66ccff", "#7d8896"])
def test_an_unreadable_colour_is_refused_with_one_that_can_be_read(site, themes, admin, colour):
    themes.harbour()
    sent = {**settings_form(admin), "motto": "kept", "accent": colour}
    answer = admin.post("/themes/harbour/settings", sent)
    assert answer.status == 422 and site.one("SELECT COUNT(*) FROM theme_setting") == 0
    offer = re.search(r'<button class="btn" type="submit" name="accent" value="(#[0-9a-f]{6})">', answer.text)[1]
    assert 4.5 <= contrast(offer, "#ffffff") < 4.7, "the nearest, and no more"
    assert answer.text.index(">Save</button>") < answer.text.index(offer + '">'), "Enter presses Save"
    # one click: the form as it is, and the button's own value last
    form = answer.form("/themes/harbour/settings").fields
    assert form["motto"] == "kept"
    assert admin.post("/themes/harbour/settings", {**form, "accent": offer}).status == 303
    css = settings_form(admin)["accent"]
    assert css == offer


def test_the_colour_can_be_read_in_both_schemes(site, themes, admin):
    themes.harbour()
    admin.post_json("/themes/harbour/settings", {"accent": "#1d2f54"})
    admin.post("/themes/harbour/activate", {})
    css = admin.get(stylesheet(admin.get("/"))).text
    light, dark = re.search(r"--set-accent:light-dark\((#\w{6}),(#\w{6})\)", css).groups()
    assert light == "#1d2f54" and contrast(light, "#ffffff") >= 4.5 and contrast(dark, "#171c23") >= 4.5


def test_a_setting_that_was_renamed_keeps_its_value(site, themes, admin):
    themes.harbour()
    admin.post_json("/themes/harbour/settings", {"motto": "from before", "columns": 7})
    themes.write("harbour", "theme.lua", HARBOUR.replace('{ id = "motto", type = "text"', '{ id = "slogan", was = "motto", type = "text"')
                 .replace('"columns", type = "number", default = 3, min = 1, max = 9', '"columns", type = "text", default = "few"'))
    fields = settings_form(admin)
    assert fields["slogan"] == "from before"
    assert fields["columns"] == "few", "of another type now: as if it had not been chosen"


def test_a_child_has_its_parents_settings(site, themes, admin):
    themes.harbour()
    themes.make("pier", 'return { name = "pier", extends = "harbour", settings = { { id = "density", default = "compact" },'
                        ' { id = "own", type = "bool", default = true, label = "Own" } } }\n')
    fields = settings_form(admin, "pier")
    assert set(fields) >= {"accent", "motto", "columns", "own"}
    assert '<option value="compact" selected>' in admin.get("/themes/pier/settings").text


def test_an_old_style_sheet_is_answered_with_the_new(site, themes, admin):
    themes.harbour()
    admin.post("/themes/harbour/activate", {})
    answer = admin.get("/theme-00000000.css")
    assert answer.status == 200 and "--set-accent" in answer.text and answer.header("cache-control") == "no-store"
    assert site.visitor().get(stylesheet(admin.get("/"))).status == 200, "the log-in page links it too"
    for path in ("/theme-0000000.css", "/theme-.css", "/theme-00000000.cs", "/theme-00000000.css/x"):
        assert admin.get(path).status == 404, path


# --- what went wrong ---

def broken_block(themes):
    """A block of the list of domains that compiles and fails."""
    themes.make("frail")
    themes.write("frail", "pages/status.lua", 'return function(vm, h) error("the mast broke") end\n')


def test_faults_are_counted_by_all_workers_and_shown(site, themes, admin, other):
    broken_block(themes)
    site.run("theme", "activate", "frail", "--force", check=True)   # the check would see it
    for _ in range(3):
        page = other.get("/status")
        assert page.status == 200 and "<h1>Status</h1>" in page.text, "base draws it"
    wait_for(lambda: site.one("SELECT COUNT(*) FROM theme_fault"), "no fault was kept")
    found = admin.get("/themes/frail/report", json=True).json
    assert any("pages/status.lua" in f["text"] and "mast" in f["text"] and f["count"] >= 1 for f in found["faults"]), found
    assert row(admin, "frail")["faults"] >= 1 and "the mast broke" in admin.get("/themes/frail/report").text
    for _ in range(4):   # whichever worker answers
        status = admin.get("/status", json=True).json
        assert {(f["text"], f["theme"]) for f in status["faults"]} == {(f["text"], "frail") for f in found["faults"]}
        theme = next(c for c in status["checks"] if c["key"] == "theme")
        assert theme["state"] == "warn" and "pages/status.lua:1" in theme["text"] and "mast" in theme["text"], theme
    boss = site.sign_in("boss@here.example")
    for _ in range(4):   # each worker: with the fault that it saw, or that others saw some
        assert "/themes/frail/report" in admin.get("/").text and "/themes/frail/report" not in boss.get("/").text


def test_a_mistake_in_the_worn_theme_is_told_before_a_page_needs_it(site, themes, admin):
    themes.make("leaky")
    admin.post("/themes/leaky/activate", {})
    themes.write("leaky", "pages/relays.list.html", "{% extends 'shell' %}{% block main() %}<h1>{{ vm.nothing }}</h1>{% end %}")
    site.sql("UPDATE site SET generation = generation + 1 WHERE name = 'theme'")
    assert admin.get("/logout").status == 200

    def told():
        return [fault["text"] for fault in admin.get("/themes/leaky/report", json=True).json["faults"]]

    wait_for(lambda: any("pages/relays.list.html:1:" in text and "nothing" in text for text in told()),
             lambda: f"in the report: {told()}")
    theme = next(c for c in admin.get("/status", json=True).json["checks"] if c["key"] == "theme")
    assert theme["state"] == "warn" and "pages/relays.list.html:1:" in theme["text"]


def test_set_aside_and_tried_again(site, themes, admin, other):
    broken_block(themes)
    themes.write("frail", "pages/logout.html", FOOT.replace("Harbour", "Frail").replace('{{ setting("motto") }}|{{ setting("density") }}|{% if setting("wide") %}wide{% else %}narrow{% end %}|{{ setting("columns") }}', "x").replace('{% if setting("logo") %}<img src="{{ setting("logo") }}" alt="">{% end %}', ""))
    site.run("theme", "activate", "frail", "--force", check=True)   # the check would see it
    assert "<h1>Frail</h1>" in other.get("/logout").text
    for _ in range(12):
        other.get("/status")
    for _ in range(4):
        assert "<h1>Frail</h1>" not in other.get("/logout").text, "all workers agree"
    report = admin.get("/themes/frail/report")
    assert row(admin, "frail")["aside"] and "set aside" in report.text
    for _ in range(4):
        assert "is set aside for ten minutes" in admin.get("/").text
    form = report.form("/themes/frail/retry")
    button = re.search(r'name="(\w+)" value="1">Try again', report.text)
    assert admin.post(form.action, {**form.fields, button[1]: "1"}, token=None).status == 303
    for _ in range(4):
        assert "<h1>Frail</h1>" in other.get("/logout").text
    assert not row(admin, "frail")["aside"]


# --- the built-in theme ---

def test_safe_for_one_browser(site, themes, admin):
    themes.harbour()
    admin.post("/themes/harbour/activate", {})
    nobody, second = site.visitor(), site.sign_in("boss@here.example")
    assert "harbour" in worn(nobody.get("/login"))
    page = nobody.get("/safe")
    assert page.status == 200 and page.text.count("<button") == 1
    form = page.form("/safe")
    assert nobody.post("/safe", form.fields, token=None, origin="https://evil.example").status == 403
    answer = nobody.post("/safe", form.fields, token=None)
    assert answer.status == 303 and answer.location == "/login"
    cookie = answer.header("set-cookie")
    assert "HttpOnly" in cookie and "max-age" not in cookie.lower() and "expires" not in cookie.lower(), "until the browser is closed"
    for _ in range(3):
        login = nobody.get("/login")
        assert worn(login) == {"base"} and stylesheet(login) is None
    assert "harbour" in worn(second.get("/"))
    second.post("/safe", {})
    assert worn(second.get("/")) == {"base"} and second.get("/me").status == 200 and second.get("/themes").status == 403, "no right more"
    assert "Back to the site" in second.get("/safe").text
    second.post("/safe", {})
    assert "harbour" in worn(second.get("/"))
    assert "/safe" in site.visitor().get("/help/nothing").text or "/safe" in admin.get("/nothing").text, "linked from the error page"


def test_no_theme_hides_the_way_to_the_built_in_one(site, themes, admin):
    themes.make("dark", **{"app.css": "body { display: none }\n"})
    themes.write("dark", "pages/safe.html", '{% extends "plain" %}{% block title() %}D{% end %}{% block main() %}<h1>D</h1>{% end %}')
    site.run("theme", "activate", "dark", "--force", check=True)
    nobody = site.visitor()
    assert worn(nobody.get("/login")) == {"base", "dark"}
    page = nobody.get("/safe")
    assert worn(page) == {"base"} and "Use the built-in theme" in page.text
    assert worn(nobody.post("/safe", page.form("/safe").fields, token=None, origin="https://evil.example")) == {"base"}
    assert nobody.post("/safe", page.form("/safe").fields, token=None).location == "/login"
    assert worn(nobody.get("/login")) == {"base"}


def test_safe_wins_over_a_preview(site, themes):
    themes.harbour()
    visitor = site.sign_in()
    visitor.post("/themes/harbour/preview", {"on": "1"})
    visitor.post("/safe", {})
    page = visitor.get("/logout")
    assert worn(page) == {"base"} and 'class="trying"' in page.text, "and he still sees how to end it"


def test_safe_mode_for_all(themes, site):
    themes.harbour()
    site.run("theme", "activate", "harbour", "--force", check=True)
    assert "harbour" in worn(site.visitor().get("/login"))
    site.end()
    site.configure(safe_mode="on")
    site.serve()
    try:
        for _ in range(4):
            assert worn(site.visitor().get("/login")) == {"base"}
        visitor = site.sign_in()
        assert worn(visitor.get("/")) == {"base"} and "the configuration says so" in visitor.get("/safe").text
    finally:
        site.end()
        site.configure(safe_mode="off")
        site.serve()


def test_the_themes_folder_may_vanish(site, themes, admin):
    themes.harbour()
    admin.post("/themes/harbour/activate", {})
    admin.post_json("/themes/harbour/settings", {"motto": "x"})
    shutil.rmtree(themes.folder)
    site.sql("UPDATE site SET value = 'harbour', generation = generation + 1 WHERE name = 'theme'")
    for path in ("/", "/domains", "/logout", "/themes", "/status", "/me", "/safe"):
        for _ in range(2):
            page = admin.get(path)
            assert page.status == 200 and worn(page) == {"base"}, path
    rows = admin.get("/themes", json=True).json["rows"]
    assert [(r["theme"], r["active"], r["state"]) for r in rows] == [("base", False, "ok"), ("harbour", True, "bad")]
    assert "No such file" in rows[1]["problem"]
    report = re.search(r'href="(/themes/harbour/report)"', admin.get("/").text)
    page = admin.get(report[1])
    assert page.status == 200 and "No such file" in page.text, "the banner leads to a page that is there"
    assert admin.get("/themes/gone/report").status == 404 and admin.post("/themes/base/activate", {}).status == 303
    assert admin.get("/themes/harbour").status == 404 and row(admin, "base")["active"]


def test_statements_a_page_stay_three(site, themes, admin):
    """Settings are asked for once a generation."""
    themes.harbour()
    admin.post("/themes/harbour/activate", {})
    for _ in range(8):
        admin.get("/domains")
    question = "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'COM_STMT_EXECUTE'"

    def ten_pages():
        before = int(site.one(question))
        for _ in range(10):
            admin.get("/domains")
        return int(site.one(question)) - before

    # a worker's first page asks for the settings, and once a minute a session is touched
    assert min(ten_pages() for _ in range(5)) == 30


def test_shipped_themes_stand(site, themes, admin):
    for name in sorted(os.listdir(os.path.join(ROOT, "themes"))):
        if name != "base" and os.path.exists(os.path.join(ROOT, "themes", name, "theme.lua")):
            shutil.copytree(os.path.join(ROOT, "themes", name), os.path.join(themes.folder, name))
    rows = admin.get("/themes", json=True).json["rows"]
    assert {"base", "purplehaze", "funky-tandy", "plain"} <= {one["theme"] for one in rows}
    for one in rows:
        if one["state"] == "unknown":   # there was no time left for it
            one = admin.get(f"/themes/{one['theme']}", json=True).json["theme"]
        assert one["state"] in ("ok", "warn") and "problem" not in one, one
        if one["theme"] == "base":
            continue
        page = admin.get(f"/themes/{one['theme']}/settings")
        assert page.status == 200
        assert admin.post(f"/themes/{one['theme']}/settings", page.form(f"/themes/{one['theme']}/settings").fields
                          if one["settings"] else {}).status == 303, "a theme's own values fit"


def test_the_hash_is_of_what_is_sent(site, themes, admin):
    themes.harbour()
    admin.post("/themes/harbour/activate", {})
    url = stylesheet(admin.get("/"))
    assert hashlib.sha256(admin.get(url).body).hexdigest()[:8] in url


def test_what_templates_get_is_what_the_contract_says():
    """With sanitizers, where each view model is held against the contract: stopping tells what differs."""
    with Site() as site:
        themes, admin = Themes(site), site.sign_in()
        themes.harbour()
        for path in ("/settings", "/report", "/activate"):
            assert admin.get("/themes/harbour" + path).status == 200, path
        admin.post("/themes/harbour/preview", {"on": "1"})
        sent = {"accent": "#0b6470", "motto": "m", "wide": "1", "logo": "logo.png", "more": "Help /help", "columns": "2", "face": "serif"}
        assert admin.post("/themes/harbour/settings", {**sent, "accent": "#eeeeee"}).status == 422
        assert admin.post("/themes/harbour/settings", sent).status == 303
        for path in ("/logout", "/themes"):
            assert "harbour" in worn(admin.get(path)), path
        admin.post("/safe", {})
        assert worn(admin.get("/safe")) == {"base"}
