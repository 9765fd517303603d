-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a page script may ask of the theme's templates: components (h.use), slots (h.slot), layouts (h.layout), and its
-- texts in the reader's language (h.t, h.tn); and which fields the model has. A
-- script's values are typed by nobody, so what a part takes is held against its types when it is called. The code is
-- written only where a theme of the chain has a page script.

local components = require "theme.components"
local files = require "theme.files"
local sorted = require "theme.sorted"
local strings = require "theme.strings"
local types = require "template.types"

local M = {}

local quote = types.quote

-- R holds the fields of the records that are asked for. kind_of is the host's: "secret" and "time" are both userdata.
local HOLD = [[
local R, parts, kind_of, error, pairs, type = {}, { use = {}, slot = {}, layout = {}, t = {}, tn = {} }, kind_of, error, pairs, type
local math_type = math.type
local is = {
  text = function(v) return type(v) == "string" end,
  int = function(v) return math_type(v) == "integer" end,
  bool = function(v) return type(v) == "boolean" end,
  secret = function(v) return kind_of(v) == "secret" end,
  time = function(v) return kind_of(v) == "time" end,
  map = function(v) return type(v) == "table" end,
}
local function fits(v, t)
  if v == nil then return t.optional end
  if t.record then
    if type(v) ~= "table" then return false end
    for name, field in pairs(R[t.record]) do
      if not fits(v[name], field) then return false end
    end
    return true
  end
  if not t.of then return is[t.kind](v) end
  if type(v) ~= "table" then return false end
  for i = 1, #v do
    if not fits(v[i], t.of) then return false end
  end
  return true
end
local function take(given, foreign, name, t)
  if not fits(given[name], t) then error("'" .. name .. "' is not what is taken here", 0) end
  if t.url and foreign[name] then error("'" .. name .. "' is no address a theme may name", 0) end
  return given[name]
end]]

local kinds = { text = "text", url = "text", enum = "text", int = "int", id = "int", count = "int", bool = "bool",
                secret = "secret", time = "time", map = "map" }

local type_code

local function record_code(build, made)
  if build.records[made.name] then return end
  build.records[made.name] = true
  local fields = {}
  for _, name in ipairs(sorted(made.fields)) do
    fields[#fields + 1] = ("[%s] = %s"):format(quote(name), type_code(build, made.fields[name]))
  end
  build.code[#build.code + 1] = ("R[%s] = { %s }"):format(quote(made.name), table.concat(fields, ", "))
end

function type_code(build, made)
  local optional = made.optional and ", optional = true" or ""
  if made.kind == "list" then return ("{ of = %s%s }"):format(type_code(build, made.of), optional) end
  if made.kind == "record" and made.name ~= "set" then
    record_code(build, made)
    return ("{ record = %s%s }"):format(quote(made.name), optional)
  end
  return ("{ kind = %s%s%s }"):format(quote(kinds[made.kind] or "map"), made.kind == "url" and ", url = true" or "", optional)
end

local function part_code(build, into, name, part, call)
  local codes = { "shell" }
  for _, arg in ipairs(part.order) do
    codes[#codes + 1] = ("take(given, foreign, %s, %s)"):format(quote(arg), type_code(build, part.args[arg]))
  end
  build.code[#build.code + 1] = ("parts.%s[%s] = function(shell, given, foreign) %s(%s) end"):format(into, quote(name), call,
                                table.concat(codes, ", "))
end

-- The value of a string literal, of which the quotes are known.
local function literal(quote_mark, text)
  local chunk = load("return " .. quote_mark .. text .. quote_mark, "=text", "t", {})
  return chunk and chunk() or text
end

-- The texts that a script says as h.t("...") and h.tn("...", "...", n), as far as they are another language's.
local function words_code(build, script)
  local file = files.make(build, script.level, script.path)
  for at, mark, text in script.text:gmatch("h%.t%s*%(?%s*()([\"'])(.-)%2") do
    local msgid = literal(mark, text)
    local said = strings.say(file, at, msgid)
    if said ~= msgid then build.code[#build.code + 1] = ("parts.t[%s] = %s"):format(quote(msgid), quote(said)) end
  end
  for at, mark, text, other, plural in script.text:gmatch("h%.tn%s*%(%s*()([\"'])(.-)%2%s*,%s*([\"'])(.-)%4") do
    local msgid, codes = literal(mark, text), {}
    local forms, rule = strings.say(file, at, msgid, literal(other, plural))
    for i, form in ipairs(rule and forms or {}) do codes[i] = quote(form) end
    if rule then
      build.code[#build.code + 1] = ("parts.tn[%s] = function(n) return plural(%s(n), n, %s) end"):format(quote(msgid), rule,
                                    table.concat(codes, ", "))
    end
  end
end

local function set_code(build, into, names)
  local codes = {}
  for i, name in ipairs(sorted(names)) do codes[i] = ("[%s] = true"):format(quote(name)) end
  build.code[#build.code + 1] = ("parts[%s] = { %s }"):format(quote(into), table.concat(codes, ", "))
end

-- What a script may ask a record for: of each scripted page the model's own fields, and those of any record. A map is
-- open: its keys are not the contract's.
local function fields_code(build)
  local known, open = {}, {}
  local function take(fields)
    for name, made in pairs(fields) do
      known[name] = true
      if made.kind == "map" then open[name] = true end
    end
  end
  for _, fields in pairs(build.contract.records) do take(fields) end
  for _, page in pairs(build.contract.pages) do take(page.model) end
  for _, page in ipairs(sorted(build.scripts)) do set_code(build, "vm " .. page, build.contract.pages[page].model) end
  set_code(build, "field", known)
  set_code(build, "open", open)
end

-- layouts: their names, of those that can be used.
function M.write(build, layouts)
  if not next(build.scripts) then return "nil" end
  local code = build.code
  build.records = {}
  for text in (HOLD .. "\n"):gmatch("([^\n]*)\n") do code[#code + 1] = text end
  fields_code(build)
  for _, name in ipairs(sorted(build.scripts)) do words_code(build, build.scripts[name]) end
  for _, name in ipairs(sorted(build.component_names)) do
    part_code(build, "use", name, components.header(build, name), "C[" .. quote(name) .. "]")
  end
  for _, name in ipairs(sorted(build.contract.slots)) do
    part_code(build, "slot", name, build.contract.slots[name], build.fills[name] and "S[" .. quote(name) .. "]" or "nothing")
  end
  for _, name in ipairs(layouts) do
    code[#code + 1] = ("parts.layout[%s] = function(vm, shell, main)"):format(quote(name))
    code[#code + 1] = "  local b = {}"
    code[#code + 1] = ("  for block, draw in pairs(L[%s].blocks) do b[block] = draw end"):format(quote(name))
    code[#code + 1] = "  b.b_main = main"
    code[#code + 1] = ("  L[%s].body(vm, shell, b)"):format(quote(name))
    code[#code + 1] = "end"
  end
  return "parts"
end

return M
