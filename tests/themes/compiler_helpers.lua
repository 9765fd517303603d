-- SPDX-License-Identifier: GPL-3.0-or-later
-- helpers.lua: what templates may call, with which types; and what page scripts may ask of the templates.
local M = ...
local case, same = M.case, M.same

local HELPERS = [[
-- helper: initials(name=text, most=int?) -> text
-- helper: half(n=int) -> int
-- helper: is_long(s=text) -> bool
-- helper: maybe(s=text) -> text?
-- helper: liar() -> text
local M = {}
function M.initials(name, most) return name:sub(1, most or 1) end
function M.half(n) return n // 2 end
function M.is_long(s) return #s > 3 end
function M.maybe(s) return nil end
function M.liar() return {} end
return M
]]

local function chain(page, ...)
  local themes = {}
  for i, files in ipairs { ... } do themes[i] = { name = "child" .. i, files = files } end
  themes[#themes + 1] = M.base(M.page(page))
  return M.compiler.compile(M.contract, themes)
end

local function gives(name, page, wanted, ...)
  local parents = { ... }
  case("helpers: " .. name, function()
    local result = chain("", { ["pages/p.html"] = M.page(page)["pages/p.html"], ["helpers.lua"] = HELPERS }, table.unpack(parents))
    same(result.errors, {}, "errors")
    same({ (M.render(result)) }, { wanted }, "page")
  end)
end
gives("text, number, truth", '{{ helpers.initials(vm.title) }}{{ helpers.initials(vm.title, 3) }}{{ helpers.half(vm.total) + 1 }}'
      .. '{% if helpers.is_long(vm.title) %}long{% end %}', "AA &#39;2long")
gives("escaped as any text", "{{ helpers.initials(vm.box.email, 3) }}", "&lt;b&gt;")
gives("one that gives nothing", '<p>{{ helpers.maybe(vm.title) }}</p>', "<p></p>")
gives("a parent's too", "{{ helpers.twice(vm.total) }}{{ helpers.half(vm.total) }}", "41",
      { ["helpers.lua"] = "-- helper: twice(n=int) -> int\n-- helper: half(n=int) -> int\nreturn { twice = function(n) return 2 * n end, half = error }" })

case("helpers: one that lies falls back", function()
  local result = M.compiler.compile(M.contract, { { name = "child", files = { ["helpers.lua"] = HELPERS, ["blocks/p/a.html"] = "x{{ helpers.liar() }}" } },
                                                  M.base(M.page("{% block a() %}base{% end %}")) })
  same(result.errors, {}, "errors")
  local body, _, env = M.render(result)
  same({ body, env.fell_back }, { "base", "p:a" }, "page")
end)

local function wrong(name, page, message, helpers, parent)
  case("helpers: error: " .. name, function()
    same(chain("", { ["pages/p.html"] = M.page(page)["pages/p.html"], ["helpers.lua"] = helpers or HELPERS }, parent).errors, { message }, "errors")
  end)
end
wrong("unknown", "{{ helpers.initial(vm.title) }}", "pages/p.html:1:12: there is no helper 'initial' in helpers.lua - did you mean 'initials'?")
wrong("as the program's own", "{{ initials(vm.title) }}", "pages/p.html:1:4: unknown helper 'initials' - the theme's own: helpers.initials(...)")
wrong("as a filter", "{{ vm.title | initials }}", "pages/p.html:1:15: unknown filter 'initials' - the theme's own: helpers.initials(...)")
wrong("without a header", "{{ helpers.bare(vm.title) }}",
      "pages/p.html:1:12: there is no helper 'bare' in helpers.lua: say above it what it takes: -- helper: bare(name=text) -> text",
      "local M = {}\nfunction M.bare(name) return name end\nreturn M")
wrong("not called", "{{ helpers }}", "pages/p.html:1:4: a helper of the theme is called: helpers.NAME(...)")
wrong("another kind", "{{ helpers.initials(vm.total) }}", "pages/p.html:1:24: 'name': a text expected, not an int")
wrong("too few", "{{ helpers.initials() }}", "pages/p.html:1:12: 'initials' needs 'name'")
wrong("too many", "{{ helpers.half(1, 2) }}", "pages/p.html:1:20: 'half' takes (n)")
wrong("an optional", "{{ helpers.initials(vm.note) }}", "pages/p.html:1:24: 'vm.note' may be absent: test it with {% if vm.note %}")
wrong("what it may not give", '{{ "a" .. helpers.maybe(vm.title) }}', "pages/p.html:1:19: this may be absent: give it an 'or'")
wrong("a secret", "{{ helpers.initials(vm.password) }}", "pages/p.html:1:24: a secret can only be printed, as text or as a 'value' attribute")
wrong("in a URL", '<a href="{{ helpers.initials(vm.title) }}">x</a>', "pages/p.html:1:10: 'href' takes url(...), asset(...) or a URL of the model, not a text")
wrong("a type there is not", "", "helpers.lua:1:16: unknown type 'string'", "-- helper: a(n=string) -> text\nreturn {}")
wrong("no type", "", "helpers.lua:1:15: '-' expected, not the end", "-- helper: a()\nreturn {}")
wrong("Lua that does not parse", "", "helpers.lua:2:1: syntax error near 'x'", "\nx x")
wrong("another than the parent's", "", "helpers.lua:1:12: 'half' takes or gives something else than the parent's helper of this name",
      "-- helper: half(n=text) -> int\nreturn {}", { ["helpers.lua"] = HELPERS })

M.case("helpers: a header without its function", function()
  M.same(M.compile({}, { ["helpers.lua"] = "-- helper: a(n=text) -> text\nreturn {}" }).warnings,
         { "helpers.lua:1:12: no function 'a' follows this line" }, "warnings")
end)

-- Parts for page scripts ----------------------------------------------------------------------------

local function parts(more)
  local files = { ["pages/p.lua"] = "return function(vm, h) end" }
  for path, text in pairs(more or {}) do files[path] = text end
  local result = chain("", files)
  same(result.errors, {}, "errors")
  local env, taken = M.stand_in.environment(M.contract.routes)
  return assert(load(result.code, "=theme", "t", env))().parts, taken
end

case("parts: none without a script", function()
  assert(not chain("").code:find("parts.use", 1, true))
end)
case("parts: a component", function()
  local made, taken = parts()
  made.use.meter(M.shell, { q = M.model.box.quota, label = "<" }, {})
  same({ (taken()) }, { "\n<b>&lt;50</b>" }, "component")
end)
local function refused(name, wanted, run)
  case("parts: error: " .. name, function()
    local ok, why = pcall(run, (parts { ["components/link.html"] = '{# args: to=url, at=time?, key=secret? #}<a href="{{ to }}">x</a>' }))
    same({ tostring(ok), why }, { "false", wanted }, "call")
  end)
end
refused("a value that is missing", "'q' is not what is taken here", function(made) made.use.meter(M.shell, {}, {}) end)
refused("a value of another kind", "'label' is not what is taken here", function(made) made.use.meter(M.shell, { q = M.model.box.quota, label = 5 }, {}) end)
refused("another record", "'q' is not what is taken here", function(made) made.use.meter(M.shell, { q = M.model.box }, {}) end)
refused("an address elsewhere", "'to' is no address a theme may name", function(made) made.use.link(M.shell, { to = "https://x" }, { to = true }) end)
refused("a secret for a time", "'at' is not what is taken here", function(made) made.use.link(M.shell, { to = "/", at = M.model.password }, {}) end)
case("parts: a slot", function()
  local made, taken = parts { ["slots/row.actions.html"] = "[{{ m.id }}]" }
  made.slot["row.actions"](M.shell, { m = M.model.box }, {})
  made.slot.top(M.shell, {}, {})
  same({ (taken()) }, { "[7]" }, "slot")
end)
case("parts: a layout", function()
  local made, taken = parts()
  made.layout.shell({}, M.shell, function() end)
  same({ (taken()) }, { "<main></main>" }, "layout")
end)
case("parts: texts of a script", function()
  local words = { ["a \"b\""] = "B", ["%d box"] = { "%d Dose", "%d Dosen" } }
  local script = [[return function(vm, h) return { h.t("a \"b\""), h.t 'a "b"', h.t("same"), h.tn("%d box", "%d boxes", 2) } end]]
  local chain = { { name = "child", files = { ["pages/p.lua"] = script } }, M.base(M.page("")) }
  local result = M.compiler.compile(M.contract, chain, { locale = "xx", strings = function(msgid, plural) return words[msgid], plural and "P.en" end })
  same(result.errors, {}, "errors")
  local env = M.stand_in.environment(M.contract.routes)
  local made = assert(load(result.code, "=theme", "t", env))().parts
  same({ made.t['a "b"'], tostring(made.t.same), made.tn["%d box"](2) }, { "B", "nil", "2 Dosen" }, "texts")
end)
