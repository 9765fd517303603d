# SPDX-License-Identifier: GPL-3.0-or-later
"""Lua of a theme in the real renderer: helpers.lua called from templates, and pages written as scripts that ask for
components, slots and a layout. What goes wrong gives the page of base, with the file and line for the admin."""
import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/lib"))

from mailboy import find_program  # noqa: E402


def demo(variable, folder):
    return pathlib.Path(os.environ.get(variable, ROOT / "build" / folder)) / "tests/unit/render_demo"


DEMO, QUICK = demo("MAILBOY_BUILD", "debug"), demo("MAILBOY_RELEASE", "release")
if not QUICK.exists():
    QUICK = DEMO
PATIENT = ["--wall-ms", "20000"]   # the tests' machine may be busy; CPU time ends what runs too long
MANIFEST = 'return { name = "mine", extends = "base" }'
ROW = "blocks/mailboxes.list/row.html"


class Drawn:
    def __init__(self, done):
        assert done.returncode == 0, done.stderr[-2000:]
        self.page = done.stdout
        self.by = re.findall(r"^by: (.*)$", done.stderr, re.M)
        self.note = "\n".join(re.findall(r"^note: (.*)$", done.stderr, re.M))


@pytest.fixture
def draw(tmp_path):
    def drawn(files, page="login", *options, program=DEMO):
        for name, text in {"theme.lua": MANIFEST, **files}.items():
            path = tmp_path / "mine" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return Drawn(subprocess.run([str(program), *PATIENT, "--themes", str(tmp_path), "--theme", "mine", "--page", page, *options],
                                    capture_output=True, text=True, timeout=60))
    drawn.folder = tmp_path
    return drawn


@pytest.fixture(scope="module")
def base():
    def body(page):
        done = subprocess.run([str(QUICK), *PATIENT, "--page", page], capture_output=True, text=True, timeout=60)
        return done.stdout[done.stdout.index("<body"):]
    return {page: body(page) for page in ("login", "mailboxes.list")}


def script(body):
    return {"pages/login.lua": "return function(vm, h)\n" + body + "\nend"}


# helpers.lua -----------------------------------------------------------------------------------------

HELPERS = """-- helper: initials(name=text) -> text
-- helper: count(n=int) -> int
-- helper: runs() -> text
-- helper: eats() -> text
-- helper: looks() -> text
-- helper: lies() -> int
-- helper: breaks() -> text
local M = {}
local called = 0
function M.initials(name) return name:sub(1, 1):upper() .. "<" end
function M.count(n) called = called + n return called end
function M.runs() while true do end end
function M.eats() local t = {} for i = 1, 1000000 do t[i] = i end return "" end
function M.looks() return tostring(os) .. tostring(io) .. tostring(load) .. tostring(emit) .. tostring(shell) end
function M.lies() return "5" end
function M.breaks() error("oh no") end
return M
"""


def with_row(text):
    return {"helpers.lua": HELPERS, ROW: '<tr id="mb-{{ m.id }}"><td>' + text + "</td></tr>"}


def rows(page):
    return re.findall(r'<tr id="mb-\d+"><td>(.*?)</td></tr>', page)


def test_helpers_give_text_that_is_escaped(draw):
    drawn = draw(with_row("{{ helpers.initials(m.email) }}"), "mailboxes.list")
    assert drawn.by == ["theme"], drawn.note
    assert len(rows(drawn.page)) == 50 and set(rows(drawn.page)) == {"U&lt;"}


def test_helpers_keep_nothing_from_page_to_page(draw):
    drawn = draw(with_row("{{ helpers.count(1) }}"), "mailboxes.list", "--rounds", "3")
    assert rows(drawn.page) == [str(n) for n in range(1, 51)], "the third page counts from one again"


def test_helpers_see_nothing_but_the_narrow_language(draw):
    drawn = draw(with_row("{{ helpers.looks() }}"), "mailboxes.list")
    assert set(rows(drawn.page)) == {"nil" * 5}


@pytest.mark.parametrize("name, said", [("runs", "too long"), ("eats", "memory"), ("lies", "helpers.lies gave a string, not int"),
                                        ("breaks", "mine/helpers.lua:16: oh no")])
def test_a_helper_that_fails_gives_the_parents_block(draw, base, name, said):
    drawn = draw(with_row("{{ helpers." + name + "() }}"), "mailboxes.list", program=QUICK)
    assert drawn.by == ["base"]
    assert said in drawn.note
    assert re.search(r"mailboxes\.list:row: ", drawn.note)
    assert drawn.page[drawn.page.index("<body"):] == base["mailboxes.list"]


# Pages as scripts ------------------------------------------------------------------------------------

def test_a_title_of_its_own(draw):
    drawn = draw({"pages/login.lua": 'return { title = function(vm, h) return "Mine <i>" end, body = function(vm, h) return "x" end }'})
    assert drawn.by == ["theme"], drawn.note
    assert re.search("<title>Mine &lt;i&gt; – [^<]*</title>", drawn.page)
    assert drawn.page.count("<title>") == 1 and drawn.page.count("<body") == 1


def test_a_layout_around_the_page(draw):
    drawn = draw({**script('return h.layout("plain", { h.h1 { "Hi" }, h.form(vm.form) })'), "slots/shell.footer.html": "<p>my foot</p>"})
    assert drawn.by == ["theme"], drawn.note
    assert re.search(r'<main id="main"[^>]*>\s*<div role="status"[^>]*></div>\s*<h1>Hi</h1><form [^>]*><input type="hidden" name="token" '
                     r'value="TOKEN-', drawn.page), "the form with its token stands inside the layout"
    assert "<p>my foot</p>" in drawn.page


def test_components_and_slots(draw):
    drawn = draw({**script('return { h.use("field", { f = vm.form.fields[1] }), h.use("notice", { kind = "note", text = "<b>" }),'
                           ' h.slot("login.below") }'), "slots/login.below.html": "<p>below</p>"})
    assert drawn.by == ["theme"], drawn.note
    assert 'id="f-email" name="email"' in drawn.page
    assert "<p>&lt;b&gt;</p>" in drawn.page
    assert drawn.page.rstrip().endswith("<p>below</p>\n</body>\n</html>")


def test_what_a_script_changed_is_not_what_a_component_gets(draw):
    drawn = draw(script('vm.form.fields[1].name = "evil" return h.use("field", { f = vm.form.fields[1] })'))
    assert drawn.by == ["theme"], drawn.note
    assert "evil" not in drawn.page and 'name="email"' in drawn.page


def test_what_may_be_absent_is_nil(draw):
    """An optional field, a map's key that is anybody's, and what is no name."""
    body = """return function(vm, h)
        return h.p { tostring(vm.looked), tostring((h.shell.settings or {}).nothing), tostring(vm[1]) }
    end"""
    drawn = draw({"pages/mailboxes.list.lua": body}, "mailboxes.list")
    assert drawn.by == ["theme"], drawn.note
    assert "<p>nilnilnil</p>" in drawn.page


def test_a_map_has_keys_of_its_own(draw):
    draw({"pages/policies.show.lua": "return function(vm, h) return h.p { tostring(vm.policy.values.nothing) } end"})
    out = draw.folder / "out"
    done = subprocess.run([str(find_program()), "theme", "render", str(draw.folder / "mine"), "policies.show", "usual", "--out", str(out)],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert any("<p>nil</p>" in page.read_text() for page in out.rglob("*.html"))


def test_helpers_in_a_script(draw):
    drawn = draw({"helpers.lua": HELPERS, **script('return h.p { h.helpers.initials("ada") }')})
    assert "<p>A&lt;</p>" in drawn.page, drawn.note


PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Hello %s of %s"
msgstr "<%2$s> %1$s"

msgid "%d box"
msgid_plural "%d boxes"
msgstr[0] "%d boite"
msgstr[1] "%d boites"
"""


def test_texts_of_a_script(draw):
    page = script('return { h.p { h.t("Hello %s of %s", "<a>", 5) }, h.p { h.tn("%d box", "%d boxes", 0) }, h.p { h.t("plain") } }')
    drawn = draw({**page, "po/en.po": PO})
    assert drawn.by == ["theme"], drawn.note
    assert "<p>&lt;5&gt; &lt;a&gt;</p><p>0 boite</p><p>plain</p>" in drawn.page
    (pathlib.Path(draw.folder) / "mine/po/en.po").unlink()
    drawn = draw(page)
    assert "<p>Hello &lt;a&gt; of 5</p><p>0 boxes</p><p>plain</p>" in drawn.page


@pytest.mark.parametrize("body, said", [
    ('return h.t("%s and %s", "x")', "h.t: the text has more values than it is given"),
    ('return h.t("%s", {})', "h.t: a value is a table"),
    ('return h.use("fieldd", {})', "h.use: there is no 'fieldd' - did you mean 'field'?"),
    ('return h.p { vm.frm }', "mine/pages/login.lua:2: vm has no field 'frm' - did you mean 'form'?"),
    ('return h.p { vm.email }', "vm has no field 'email'"),
    ('return h.p { vm.form.feilds[1].name }', "a record has no field 'feilds' - did you mean 'fields'?"),
    ('return h.p { h.shell.stie }', "a record has no field 'stie' - did you mean 'site'?"),
    ('return h.dvi { "x" }', "h.dvi: a page has no such element - did you mean 'h.div'?"),
    ('return h.iconn("plus")', "h.iconn: a page has no such element - did you mean 'h.icon'?"),
    ('return h.slot("nowhere")', "h.slot: there is no 'nowhere'"),
    ('return h.layout("nothing", "x")', "h.layout: there is no 'nothing'"),
    ('return h.use("field", { f = { name = "mine" } })', "the table did not come with the view model"),
    ('return h.use("field", { f = vm.form })', "'f' is not what is taken here"),
    ('return h.use("notice", { kind = "note", text = h.shell.token })', "'text' is not what is taken here"),
    ('return h.use("empty-state", { title = "a", text = "b", label = "c", href = "https://example.org/" })', "'href' is no address"),
    ('return h.use("field", { f = 1.5 })', "'f' is no whole number"),
    ('return h.use("field", { f = print })', "'f' is not what is taken here"),
    ('return h.use("field", { function() end })', "takes its values by name"),
    ('return h.use("field", "x")', "takes its values in a table"),
    ('return h.layout("plain", h.script { "x" })', "a page has no such element"),
])
def test_parts_that_are_refused(draw, base, body, said):
    drawn = draw(script(body), program=QUICK)
    assert drawn.by == ["base"]
    assert said in drawn.note, drawn.note
    assert drawn.page[drawn.page.index("<body"):] == base["login"]


def test_a_script_that_returns_nothing_says_what_one_is(draw, base):
    drawn = draw({"pages/login.lua": "function page(vm, h) return h.p { 'x' } end\n"}, program=QUICK)
    assert drawn.by == ["base"] and "login.lua: a page's script is: return function(vm, h) ... end" in drawn.note, drawn.note


def test_a_component_that_fails_falls_to_its_parents(draw):
    drawn = draw({**script('return h.use("notice", { kind = "note", text = "x" })'), "components/notice.html": "half{{ 1 // 0 }}"})
    assert drawn.by == ["base"], "what fell back is told as such"
    assert "components/notice" in drawn.note
    assert "half" not in drawn.page and "<p>x</p>" in drawn.page
