-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a child leaves as it is, is taken from what was recorded of base: the outcome is that of compiling all of it.
-- Every chain that any case compiles upon a small base is compiled in both ways (M.compiler.compile is replaced here).
local M = ...
local case, same = M.case, M.same

local compile, record = M.compiler.compile, M.compiler.record
local compared, taken = 0, 0
local differ = {}

local function shown(value, depth)
  if type(value) ~= "table" then return ("%q"):format(tostring(value)) end
  if depth == 0 then return "..." end
  local parts = {}
  for key, part in pairs(value) do parts[#parts + 1] = tostring(key) .. "=" .. shown(part, depth - 1) end
  table.sort(parts)
  return "{" .. table.concat(parts, ",") .. "}"
end

local function recorded(contract, base, options)
  local own = {}
  for key, value in pairs(options) do own[key] = value end
  local ok, units = pcall(record, contract, base, own)   -- a base with mistakes is none
  if not ok then return nil end
  return { of = function(locale)
    if locale == (options.locale or "en") then return compile(contract, { base }, options).code, units end
  end }
end

-- The fields of the outcome that differ.
local function compare(contract, chain, options, whole, baked)
  local own, found = { baked = baked }, {}
  for key, value in pairs(options) do own[key] = value end
  local short = compile(contract, chain, own)
  for key, value in pairs(whole) do
    local is_same = key == "taken" or value == short[key] or shown(value, 8) == shown(short[key], 8)
    if not is_same then found[#found + 1] = key end
  end
  compared = compared + 1
  taken = taken + (next(short.taken) and 1 or 0)
  return found
end

function M.compiler.compile(contract, chain, options)
  local whole = compile(contract, chain, options)
  local given = options or {}
  local is_plain = #chain > 1 and not chain[#chain].files["pages/login.html"] and not (given.strings or given.pseudo or given.trusts or given.baked)
  local baked = is_plain and recorded(contract, chain[#chain], given)
  local found = baked and compare(contract, chain, given, whole, baked) or {}
  if #found > 0 then differ[#differ + 1] = ("%s: %s"):format(table.concat(found, " "), shown(chain[1].files, 2):sub(1, 300)) end
  return whole
end

-- Each part of base, brought by a child as it is but for one word, one part at a time.
local function children_of(base)
  local children = {}
  for path, text in pairs(base) do
    local folder = path:match("^(%l+)/")
    if folder and text:find("</%l+>") then
      children[path] = { [path] = text:gsub("</(%l+)>", " more</%1>", 1) }
      if folder ~= "components" then
        local name = path:match("([^/]*)%.html$")
        for block in text:gmatch("{%% block (%w+)%(%) %%}") do
          children[name .. ":" .. block] = { ["blocks/" .. name .. "/" .. block .. ".html"] = "{% parent %}again" }
        end
      end
    end
    if folder == "po" then children[path] = { [path] = text } end
  end
  return children
end

case("units: a child that brings one part of base with a word more, each part in turn", function()
  local files = M.base({
    ["components/tag.html"] = "{# args: label=text #}<b>{{ label }}</b>",
    ["components/rows.html"] = '{# args: rows=list Mailbox #}{% for m in rows %}{% use "tag" label=m.email %}{% end %}',
    ["pages/p.html"] = '{% block title() %}{{ t("Mail") }}{% end %}<p>{{ t("Mail") }}</p>{% use "rows" rows=vm.rows %}'
      .. '{% use "tag" label=vm.title %}{% block more() %}<i>{{ tn("%d box", "%d boxes", vm.total) }}</i>{% end %}',
    ["po/de.po"] = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
      .. 'msgid "Mail"\nmsgstr "Post"\n\nmsgid "%d box"\nmsgid_plural "%d boxes"\nmsgstr[0] "%d Fach"\nmsgstr[1] "%d Fächer"\n',
  }).files
  local n = compared
  for _, locale in ipairs { "en", "de", "fr" } do
    for _, child in pairs(children_of(files)) do
      M.compiler.compile(M.contract, { { name = "child", files = child }, { name = "base", files = files } }, { locale = locale })
    end
  end
  assert(compared - n >= 15, compared - n)
end)

local below = dofile(M.here .. "/folder.lua").read

-- One of each kind of part, beside shipped themes.
local parts = {
  block = { ["blocks/login/main.html"] = "{% parent %}" },
  words = { ["po/en.po"] = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Sign in"\nmsgstr "Come in"\n' },
  slot = { ["components/when.html"] = "{# args: at=time? #}<b>{{ at | relative }}</b>",
           ["slots/shell.footer.html"] = "<p>foot</p>", ["icons.svg"] = '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="me"></symbol></svg>' },
  rest = { ["pages/logout.html"] = '{% extends "shell" %}{% block title() %}A{% end %}{% block main() %}<p>B</p>{% end %}',
           ["app.css"] = "b{}", ["theme.lua"] = 'return { name = "child", title = "C", settings = { { id = "motto", type = "text" } } }',
           ["helpers.lua"] = "-- helper: one() -> text\nlocal M = {}\nfunction M.one() return 'x' end\nreturn M\n" },
}

local function shipped()
  local contract, files = nil, {}
  for path, text in pairs(below(M.here .. "/../../lua/contract")) do files[#files + 1] = { path = path, text = text } end
  contract = M.compiler.contract(files)
  parts["funky-tandy"] = below(M.here .. "/../../themes/funky-tandy")
  return contract, { name = "base", files = below(M.here .. "/../../themes/base") }
end

case("units: the shipped themes, and a child for each kind of part upon base", function()
  local contract, base = shipped()
  local locales, baked = { ["funky-tandy"] = "de" }, {}
  for name, files in pairs(parts) do
    local options = { locale = locales[name] or "en" }
    local chain = { { name = "child", files = files }, base }
    baked[options.locale] = baked[options.locale] or recorded(contract, base, options)
    assert(baked[options.locale], "base cannot be recorded")
    same(compare(contract, chain, options, compile(contract, chain, options), baked[options.locale]), {}, name)
  end
  -- one block: what it touches is compiled, and nothing else
  local short = compile(contract, { { name = "child", files = parts.block }, base }, { baked = baked.en })
  for page in pairs(contract.pages) do
    assert((short.taken["page " .. page] or false) == (page ~= "login"), page)
  end
end)

case("units: a unit that lists a theme's files cannot be recorded", function()
  local units = require "theme.units"
  local build = {}
  units.start(build, { M.base() }, { records = true })
  local ok, why = pcall(units.within, build, "page p", function() for _ in pairs(build.chain[1].files) do end end)
  assert(not ok and why:find("page p lists the files of a theme", 1, true), why)
end)

function M.after()
  case("units: every chain of all these cases is the same as when base is compiled with it", function()
    same(differ, {}, "chains that differ")
    assert(compared > 100 and taken >= 10, ("%d compared, %d with something taken"):format(compared, taken))
  end)
end
