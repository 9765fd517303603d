-- SPDX-License-Identifier: GPL-3.0-or-later
-- Slots and their fills, settings, components that stand in for others, and what the compiler tells of blocks.
local M = ...
local case, same = M.case, M.same

-- Compiles base with `page` as its page, and the files of each child named after it, nearest first.
local function chain(page, ...)
  local themes = {}
  for i, files in ipairs { ... } do themes[i] = { name = "child" .. i, files = files } end
  themes[#themes + 1] = M.base(M.page(page))
  return M.compiler.compile(M.contract, themes)
end

local function gives(name, page, children, wanted, fell_back)
  case("slots: " .. name, function()
    local result = chain(page, table.unpack(children))
    same(result.errors, {}, "errors")
    local body, _, env = M.render(result)
    same({ body, env.fell_back }, { wanted, fell_back }, "page")
  end)
end

local function wrong(name, page, children, ...)
  local messages = { ... }
  case("slots: error: " .. name, function() same(chain(page, table.unpack(children)).errors, messages, "errors") end)
end

local ROWS = '{% for m in vm.rows %}[{{ m.id }}{% slot "row.actions" m %}]{% end %}'

gives("one without a fill", ROWS, {}, "[7][8]")
gives("a fill", ROWS, { { ["slots/row.actions.html"] = "<i>{{ m.email }}</i>" } }, "[7<i>&lt;b&gt;@x</i>][8<i>b@x</i>]")
gives("fills in the order of their names", ROWS,
      { { ["slots/row.actions/20-b.html"] = "b" }, { ["slots/row.actions/10-a.html"] = "a", ["slots/row.actions/30-c.html"] = "c" } },
      "[7abc][8abc]")
gives("a fill in its parent's place", ROWS,
      { { ["slots/row.actions/10-a.html"] = "A({% parent %})" }, { ["slots/row.actions/10-a.html"] = "a" } }, "[7A(a)][8A(a)]")
gives("a fill that fails", ROWS, { { ["slots/row.actions.html"] = "x{{ 1 // (m.id - 7) }}" } }, "[7][8x1]", "slots/row.actions.html")
gives("a fill that fails falls to its parent's", ROWS,
      { { ["slots/row.actions.html"] = "x{{ 1 // (m.id - 7) }}" }, { ["slots/row.actions.html"] = "p" } }, "[7p][8x1]",
      "slots/row.actions.html")
gives("a slot without arguments", '{% slot "top" %}', { { ["slots/top.html"] = "{{ shell.site }}" } }, "Mail")
gives("a component in a fill", '{% slot "row.actions" vm.box %}', { { ["slots/row.actions.html"] = '{% use "meter" q=m.quota %}' } }, "\n<b>50</b>")
gives("a slot in a component", '{% use "holder" m=vm.box %}',
      { { ["slots/row.actions.html"] = "{{ m.id }}", ["components/holder.html"] = '{# args: m=Mailbox #}<b>{% slot "row.actions" m %}</b>',
          ["pages/p.html"] = '{% block title() %}P{% end %}{% use "holder" m=vm.box %}' } }, "<b>7</b>")

wrong("unknown slot", '{% slot "row.action" vm.box %}', {}, "pages/p.html:1:9: the contract has no slot 'row.action' - did you mean 'row.actions'?")
wrong("a slot's argument missing", '{% slot "row.actions" %}', {}, "pages/p.html:1:9: 'row.actions' needs 'm'")
wrong("a slot's argument of another kind", '{% slot "row.actions" vm.box.quota %}', {},
      "pages/p.html:1:30: 'm': a Mailbox expected, not a Quota")
wrong("a slot's argument too many", '{% slot "row.actions" vm.box, 1 %}', {}, "pages/p.html:1:31: 'row.actions' takes (m)")
wrong("a slot in a form", '{% form vm.form %}{% slot "top" %}{% end %}', {},
      "pages/p.html:1:22: a slot cannot stand inside a form: what fills it may hold one")
wrong("a slot in an attribute", '<p title="{% slot "top" %}"></p>', {},
      "pages/p.html:1:14: a slot stands in text, not inside a tag, a title or data")
wrong("a fill of no slot", "", { { ["slots/tpo.html"] = "x" } }, "slots/tpo.html:1:1: the contract has no slot 'tpo' - did you mean 'top'?")
wrong("a fill of another name", "", { { ["slots/top/a\nerror() --.html"] = "x" } },
      "slots/top/a\nerror() --.html:1:1: nothing reads this: what fills a slot is slots/SLOT.html or slots/SLOT/NN-NAME.html")
wrong("a fill with a mistake", "", { { ["slots/top.html"] = "{{ m.id }}" } }, "slots/top.html:1:4: unknown name 'm'")
wrong("a fill with a block", "", { { ["slots/top.html"] = "{% block a() %}{% end %}" } }, "slots/top.html:1:4: a slot's fill has no blocks")
wrong("a fill that extends", "", { { ["slots/top.html"] = '{% extends "shell" %}' } }, "slots/top.html:1:12: a slot's fill extends nothing")
wrong("a slot in itself", '{% slot "top" %}', { { ["slots/top.html"] = '{% use "a" %}', ["components/a.html"] = '{% slot "top" %}' } },
      "slots/top.html:1:8: the component 'a' uses itself")

case("slots: a deprecated one", function()
  local text = 'record "Shell" {} slot "old" { deprecated = { since = "1.3", use = "new" } } slot "new" {} page "p" { route = "/p", model = {} }'
  local contract = M.compiler.contract({ { path = "c.lua", text = text } }, {})
  local base = { name = "base", files = { ["pages/p.html"] = '{% block title() %}P{% end %}{% slot "old" %}' } }
  same(M.compiler.compile(contract, { { name = "child", files = { ["slots/old.html"] = "x" } }, base }).warnings,
       { "slots/old.html:1:1: the slot 'old' is deprecated since 1.3, use 'new'",
         "base/pages/p.html:1:38: the slot 'old' is deprecated since 1.3, use 'new'" }, "warnings")
end)

case("slots: what the compiler tells of them", function()
  local result = chain(ROWS, { ["slots/row.actions/10-a.html"] = "a" })
  local slot = result.slots["row.actions"]
  same({ slot.fills["slots/row.actions/10-a.html"].theme, slot.stands[1].path, tostring(slot.stands[1].line) },
       { "child1", "pages/p.html", "1" }, "slot")
end)

-- Components of a child -----------------------------------------------------------------------------

local METER = '{% use "meter" q=vm.box.quota label="x" %}'
gives("a component that fails falls to its parent's", METER, { { ["components/meter.html"] = "x{{ 1 // (q.used - 5) }}" } },
      "\n<b>x50</b>", "components/meter")
gives("a component with its parent", METER, { { ["components/meter.html"] = "({% parent %})" }, { ["components/meter.html"] = "[{% parent %}]" } },
      "([\n<b>x50</b>])")

-- Settings ------------------------------------------------------------------------------------------

local MANIFEST = [[return { name = "child1", settings = {
  { id = "motto", type = "text", default = "Be <kind>", label = "Motto" },
  { id = "density", type = "choice", options = { "cosy", "compact" }, default = "cosy", label = "Rows" },
  { id = "wide", type = "bool", label = "Wide" },
  { id = "rows", type = "number", default = 5, label = "Rows" },
  { id = "logo", type = "image", label = "Logo" },
} }]]
local PAGE = [[{% block title() %}P{% end %}<p class="{{ setting("density") }}"{% if setting("wide") %} hidden{% end %}>{{ setting("motto") }} {{ setting("rows") + 1 }}{% if setting("logo") %}<img alt="" src="{{ setting("logo") }}">{% end %}</p>]]

local function settings(name, chosen, wanted, parent)
  case("settings: " .. name, function()
    local themes = { { ["theme.lua"] = MANIFEST, ["pages/p.html"] = PAGE } }
    if parent then themes = { parent, themes[1] } end
    local result = chain("", table.unpack(themes))
    same(result.errors, {}, "errors")
    local shell = { settings = chosen }
    for key, value in pairs(M.shell) do shell[key] = value end
    same({ (M.render(result, "p", nil, shell)) }, { wanted }, "page")
  end)
end
settings("defaults", nil, '<p class="cosy">Be &lt;kind&gt; 6</p>')
settings("chosen", { motto = "M", density = "compact", wide = true, rows = 1, logo = "/l.png" },
         '<p class="compact" hidden>M 2<img alt="" src="/l.png"></p>')
settings("of another type, or no longer a choice", { motto = 5, density = "huge", wide = "yes", rows = "1", logo = "javascript:x" },
         '<p class="cosy">Be &lt;kind&gt; 6<img alt="" src="#"></p>')
settings("a child's own default", nil, '<p class="cosy">Mine 6</p>',
         { ["theme.lua"] = 'return { name = "child1", settings = { { id = "motto", default = "Mine" } } }' })

case("settings: unknown", function()
  same(chain("", { ["theme.lua"] = MANIFEST, ["pages/p.html"] = '{{ setting("moto") }}' }).errors,
       { "pages/p.html:1:12: there is no setting 'moto' - did you mean 'motto'?" }, "errors")
end)
case("settings: one that may be absent", function()
  same(chain("", { ["theme.lua"] = MANIFEST, ["pages/p.html"] = '<img alt="" src="{{ setting("logo") }}">' }).errors,
       { 'pages/p.html:1:21: \'setting("logo")\' may be absent: test it with {% if setting("logo") %}' }, "errors")
end)
case("settings: the map itself", function()
  same(chain("{{ shell.settings.motto }}").errors, { 'pages/p.html:1:19: shell.settings is read by setting("motto")' }, "errors")
end)

local function refused(name, setting, message)
  case("settings: error: " .. name, function()
    local result = chain("", { ["theme.lua"] = 'return { name = "child1", settings = { ' .. setting .. " } }" })
    same(result.errors, { "theme.lua:1:" .. message }, "errors")
    same({ result.findings[1].code }, { "MB005" }, "code")
  end)
end
refused("no id", '{ type = "text" }', "40: a setting has an id of letters, digits, '_' and '-': { id = \"motto\", type = \"text\" }")
refused("unknown type", '{ id = "a", type = "colour" }', "47: the setting 'a' has a type 'colour' that there is not - did you mean 'color'?")
refused("a choice of nothing", '{ id = "a", type = "choice" }', "47: the setting 'a' lists its options: options = { \"one\", \"other\" }")
refused("a default of another type", '{ id = "a", type = "bool", default = "yes" }', "47: the default of the setting 'a' is no boolean")
refused("a default that cannot be chosen", '{ id = "a", type = "choice", options = { "one", "two" }, default = "tow" }',
        "47: the default of the setting 'a', 'tow', is not among its options - did you mean 'two'?")

case("slots: a block that leaves one out", function()
  local page = "{% block a() %}{% if vm.filtered %}{% slot \"top\" %}{% end %}{% end %}"
  local found = chain(page, { ["blocks/p/a.html"] = "x" }).findings
  same({ found[1].level, found[1].code, found[1].message }, { "advice", "MB027", "this leaves out the slot 'top', where others add to the page" }, "finding")
  same(chain(page, { ["blocks/p/a.html"] = "{% parent %}" }).findings, {}, "findings")
  found = chain(page, { ["pages/p.html"] = "{% block title() %}P{% end %}" }).findings
  same({ found[1].kind, found[1].path }, { "slot-left-out", "pages/p.html" }, "finding of a page")
  found = M.compile({ ["layouts/shell.html"] = '{% slot "top" %}' }, { ["layouts/shell.html"] = "" }).findings
  same({ found[1].kind, found[1].path }, { "slot-left-out", "layouts/shell.html" }, "finding of a layout")
end)

-- Blocks --------------------------------------------------------------------------------------------

local BLOCK = "{% for m in vm.rows %}{% block row(m) %}<li>{{ m.id }}</li>{% end %}{% end %}"

case("sources: a block as its theme wrote it", function()
  local row = chain(BLOCK).sources.p.row
  same({ row.theme, row.path, row.text, row.args[1], row.sha }, { "base", "pages/p.html", "<li>{{ m.id }}</li>", "m", "60de5e6b" }, "row")
end)
case("sources: the child's, and behind it the parent's", function()
  local row = chain(BLOCK, { ["blocks/p/row.html"] = "{# a #}\n{# based-on: base@1.0 block=row sha=60de5e6b #}\nmine\n" }).sources.p.row
  same({ row.theme, row.text, row.parent.theme, row.parent.text }, { "child1", "{# a #}\nmine\n", "base", "<li>{{ m.id }}</li>" }, "row")
end)
case("sources: blocks of a layout", function()
  local result = chain("")
  same({ result.sources.shell.main.path, result.sources.shell.main.text }, { "layouts/shell.html", "" }, "main")
end)

local function based(name, header, ...)
  local messages = { ... }
  case("based-on: " .. name, function()
    local result = chain(BLOCK, { ["blocks/p/row.html"] = header .. "x" })
    same(result.errors, {}, "errors")
    same(result.warnings, messages, "warnings")
  end)
end
based("as it was", "{# based-on: base@1.0 block=row sha=60de5e6b #}")
based("the parent's has changed", "{# based-on: base@1.0 block=row sha=00000000 #}",
      "blocks/p/row.html:1:1: this block is based on base@1.0 (00000000), and the parent's is base@? (60de5e6b) now")
based("of another block", "{# based-on: base@1.0 block=head sha=60de5e6b #}",
      "blocks/p/row.html:1:1: this is said to be based on the block 'head', and stands for 'row'")
based("not to be read", "{# based-on: base #}", "blocks/p/row.html:1:1: write {# based-on: THEME@VERSION block=NAME sha=8 hex digits #}")
