-- SPDX-License-Identifier: GPL-3.0-or-later
-- What can be called in a template: filters (x | bytes) and helpers (url(...)). Their arguments are held
-- against the theme's routes, assets and icons as far as they are literals.

local entities = require "template.entities"
local schema = require "schema"
local strings = require "theme.strings"
local suggest = require "theme.suggest"

local M = {}

-- types.lua, which uses this module, and sets itself here.
local T = setmetatable({}, { __index = function(_, name) return M.types[name] end })

-- filter -> what it takes and gives; arguments: types, a trailing "?" makes one optional. `hole` (for
-- words: of each) is the letter by which emit writes it without making a string.
local filters = {
  bytes    = { takes = "int",  args = {}, hole = "b" },
  number   = { takes = "int",  args = {}, hole = "n" },
  date     = { takes = "time", args = { "text?" }, hole = "s",
               words = { short = "s", long = "l", day = "d", date = "d", time = "t", iso = "i", relative = "a" } },
  relative = { takes = "time", args = {}, hole = "a" },
  upper    = { takes = "text", args = {} },
  lower    = { takes = "text", args = {} },
  truncate = { takes = "text", args = { "int" } },
  join     = { takes = "list", args = { "text?" } },
}

M.filters = filters

-- Arguments of filters and helpers.
local function argument(scope, node, wanted)
  local kind = wanted:gsub("%?$", "")
  local result = T.no_secret(scope, node, T.check(scope, node))
  if result.type.kind == "wrong" then return result end
  if not T.same_family(result.type, { kind = kind }) then
    return T.report(scope, node.at, "word-expected", T.article(kind), T.describe(result.type))
  end
  return T.needed(scope, node, result)
end

-- Filters of other template languages, and what to write here.
local escaped = "whatever is printed is escaped for its place"
local elsewhere = { safe = escaped, raw = escaped, e = escaped, escape = escaped, html = escaped, json = escaped,
                    default = 'write x or "text"', length = "write #list", count = "write #list", size = "write #list",
                    t = 'write t("text")', trans = 'write t("text")', capitalize = "write the word as it is to be read",
                    title = "write the word as it is to be read", uppercase = "write x | upper",
                    lowercase = "write x | lower", filesizeformat = "write x | bytes", url = "write url(...)" }

-- A function of helpers.lua that is written as if it were the program's.
local function own(scope, name)
  return scope.file.theme.build.helper_names[name] and (" - the theme's own: helpers.%s(...)"):format(name)
end

function M.filter(scope, node)
  local base = T.no_secret(scope, node.base, T.check(scope, node.base))
  local filter = filters[node.name]
  if not filter then
    local instead = elsewhere[node.name]
    if instead then return T.report(scope, node.at, "foreign-filter", node.name, instead) end
    return T.report(scope, node.at, "unknown-filter", node.name, own(scope, node.name) or suggest.hint(node.name, filters))
  end
  if base.type.kind == "wrong" then return T.wrong end
  if base.type.maybe_false then return T.needed(scope, node.base, base) end
  if not T.same_family(base.type, { kind = filter.takes }) then
    return T.report(scope, node.at, "filter-takes", node.name, T.article(filter.takes), T.describe(base.type))
  end
  local least = 0
  for _, wanted in ipairs(filter.args) do least = least + (wanted:find("%?$") and 0 or 1) end
  if #node.args < least or #node.args > #filter.args then
    return T.report(scope, node.at, "filter-arguments", node.name, #filter.args, #filter.args == 1 and "" or "s", #node.args)
  end
  if filter.takes == "list" and base.type.of.kind ~= "text" and base.type.of.kind ~= "enum" then
    return T.report(scope, node.at, "filter-texts", node.name)
  end
  local codes, name, hole = { base.code }, node.name, filter.hole
  for i, arg in ipairs(node.args) do
    local result = argument(scope, arg, filter.args[i])
    if filter.words and result.literal == nil and result.type.kind ~= "wrong" then
      return T.report(scope, arg.at, "filter-literal", node.name, node.name)
    end
    if filter.words and result.literal and not filter.words[result.literal] then
      return T.report(scope, arg.at, "filter-word", node.name, result.literal, suggest.hint(result.literal, filter.words))
    end
    codes[#codes + 1] = result.code
    hole = filter.words and filter.words[result.literal]
    if name == "date" and result.literal == "relative" then name, codes = "relative", { base.code } end
  end
  return { code = ("F.%s(%s)"):format(name, table.concat(codes, ", ")), hole = hole, held = hole and base.code,
           of = hole and base.of, field = hole and base.field,
           type = schema.type_make("text", { optional = base.type.optional }) }
end

local helpers = {}
M.known = helpers

local function literal_text(scope, node, i, what)
  local arg = node.args[i]
  if not arg then T.report(scope, node.at, "helper-needs", node.name, what) return nil end
  local result = T.check(scope, arg)
  if type(result.literal) == "string" then return result.literal, arg end
  if result.type.kind ~= "wrong" then
    T.report(scope, arg.at, "helper-literal", node.name, what, node.name)
  end
end

-- A text for people. What is printed is escaped, so a reference in it would be read as it stands.
local function message_text(scope, node, i, what)
  local message, arg = literal_text(scope, node, i, what)
  local reference = message and entities.first(message)
  if reference then T.report(scope, arg.at, "entity-escaped", reference) end
  return message, arg
end

local function count_arguments(scope, node, most)
  if #node.args <= most then return true end
  T.report(scope, node.args[most + 1].at, "helper-arguments", node.name, most, most == 1 and "" or "s")
end

-- A text's pieces and values in its order; a translation may say %2$s before %1$s.
local function fill(message, values)
  local parts, from, n = {}, 1, 0
  local function literal(s)
    if s ~= "" then parts[#parts + 1] = { code = T.quote(s), type = T.TEXT, literal = s } end
  end
  for at, number, stop in message:gmatch("()%%(%d*)%$?s()") do
    literal(message:sub(from, at - 1))
    n, from = n + 1, stop
    T.parts_of(values[math.tointeger(tonumber(number)) or n] or { code = '""', type = T.TEXT }, parts)
  end
  literal(message:sub(from))
  return parts
end

-- t("Delete %s?", m.email): the text in the reader's language, each %s filled in order.
function helpers.t(scope, node)
  local message = message_text(scope, node, 1, "a text")
  if not message then return T.wrong end
  local values, i = {}, 1
  for _ in message:gmatch("%%s") do
    i = i + 1
    local arg = node.args[i]
    if not arg then return T.report(scope, node.at, "values-few") end
    local result = T.no_secret(scope, arg, T.check(scope, arg))
    if result.type.kind == "wrong" then return T.wrong end
    if not T.printable[result.type.kind] then
      return T.report(scope, arg.at, "print-in-text", T.describe(result.type))
    end
    if T.needed(scope, arg, result) == T.wrong then return T.wrong end
    values[#values + 1] = result
  end
  if #node.args > i then return T.report(scope, node.args[i + 1].at, "values-many") end
  message = strings.say(scope.file, node.at, message)
  if i == 1 then return { code = T.quote(message), type = T.TEXT, literal = message } end
  local parts, codes = fill(message, values), {}
  for n, part in ipairs(parts) do codes[n] = part.code end
  return { code = "(" .. table.concat(codes, " .. ") .. ")", type = T.TEXT, parts = #parts > 1 and parts or nil }
end

function helpers.tc(scope, node)
  local context = literal_text(scope, node, 1, "a context")
  if not context then return T.wrong end
  local message = message_text(scope, node, 2, "a text")
  if not message or not count_arguments(scope, node, 2) then return T.wrong end
  message = strings.say(scope.file, node.at, message, nil, context)
  return { code = T.quote(message), type = T.TEXT, literal = message }
end

function helpers.tn(scope, node)
  local one, many = message_text(scope, node, 1, "a text"), message_text(scope, node, 2, "its plural")
  if not one or not many then return T.wrong end
  if not node.args[3] then return T.report(scope, node.at, "plural-number") end
  if not count_arguments(scope, node, 3) then return T.wrong end
  if not many:find("%d", 1, true) then
    return T.report(scope, node.args[2].at, "plural-hole")
  end
  local n = T.int_operand(scope, node.args[3])
  local forms, rule = strings.say(scope.file, node.at, one, many)
  if not rule then return { code = ("tn(%s, %s, %s)"):format(T.quote(one), T.quote(many), n.code), type = T.TEXT } end
  local codes = {}
  for i, form in ipairs(forms) do codes[i] = T.quote(form) end
  return { code = ("plural(%s(%s), %s, %s)"):format(rule, n.code, n.code, table.concat(codes, ", ")), type = T.TEXT }
end

function helpers.asset(scope, node)
  local name, arg = literal_text(scope, node, 1, "an asset's name")
  if not name or not count_arguments(scope, node, 1) then return T.wrong end
  local assets = scope.file.theme.assets
  if not assets[name] then
    return T.report(scope, arg.at, "unknown-asset", name, suggest.hint(name, assets))
  end
  return { code = "asset(" .. T.quote(name) .. ")", type = T.URL, safe = true }
end

function helpers.url(scope, node)
  local name, arg = literal_text(scope, node, 1, "a route's name")
  if not name or not count_arguments(scope, node, 2) then return T.wrong end
  local routes = scope.file.contract.routes
  local route = routes[name]
  if not route then
    return T.report(scope, arg.at, "unknown-route", name, suggest.hint(name, routes))
  end
  local given = node.args[2]
  if not given then
    if #route.needs == 0 then return { code = "route(" .. T.quote(name) .. ")", type = T.URL, safe = true } end
    return T.report(scope, node.at, "route-record", name, table.concat(route.needs, " and "))
  end
  local record = T.check(scope, given)
  if record.type.kind == "wrong" then return T.wrong end
  if record.type.kind ~= "record" then
    return T.report(scope, given.at, "route-takes", T.describe(record.type))
  end
  if T.needed(scope, given, record) == T.wrong then return T.wrong end
  for _, field in ipairs(route.needs) do
    local t = record.type.fields[field] or record.type.fields.id   -- {entry} of an AuditRow is its id
    if not t or t.optional or not T.printable[t.kind] then
      return T.report(scope, given.at, "route-field", name, field, T.describe(record.type))
    end
  end
  return { code = ("route(%s, %s)"):format(T.quote(name), record.code), type = T.URL, safe = true }
end

-- setting("motto"): what the site chose for a setting of the theme, else the manifest's default.
function helpers.setting(scope, node)
  local name, arg = literal_text(scope, node, 1, "a setting's name")
  if not name or not count_arguments(scope, node, 1) then return T.wrong end
  local settings = scope.file.theme.settings
  local known = settings[name]
  if not known then
    return T.report(scope, arg.at, "unknown-setting", name, suggest.hint(name, settings))
  end
  local t, path = known.made, T.shown(node)
  if t.optional and scope.facts[path] then t = T.present(t) end
  return { code = ("setting(shell, %s)"):format(T.quote(name)), type = t, path = path }
end

local function icon_known(scope, at, name)
  local icons = scope.file.theme.icons
  if icons[name] then return true end
  T.report(scope, at, "unknown-icon", name, suggest.hint(name, icons))
end

-- icon(name) is printed as markup, so it stands alone in a print.
function helpers.icon(scope, node)
  local arg = node.args[1]
  if not arg then return T.report(scope, node.at, "icon-needs") end
  if not count_arguments(scope, node, 1) then return T.wrong end
  local result = T.check(scope, arg)
  local t = result.type
  if t.kind == "wrong" then return T.wrong end
  if t.kind ~= "text" and t.kind ~= "enum" then
    return T.report(scope, arg.at, "icon-takes", T.describe(t))
  end
  if T.needed(scope, arg, result) == T.wrong then return T.wrong end
  for _, name in ipairs(result.literal and { result.literal } or t.values or {}) do
    if not icon_known(scope, arg.at, name) then return T.wrong end
  end
  return { code = result.code, hole = "c", of = result.of, field = result.field, type = { kind = "icon" } }
end

-- helpers.initials(m.name): a function of a theme's helpers.lua.
function M.own(scope, node)
  local functions = scope.file.theme.functions
  local known = functions[node.name]
  if not known then
    local near = suggest.hint(node.name, functions)
    if near == "" then near = scope.file.theme.build.helper_names[node.name] and ": say above it what it takes: -- helper: "
                              .. node.name .. "(name=text) -> text" or "" end
    return T.report(scope, node.at, "unknown-own-helper", node.name, near)
  end
  local codes = { tostring(known.index), T.quote(node.name), T.quote(known.gives.kind) }
  if known.gives.optional then codes[3] = T.quote(known.gives.kind .. "?") end
  for i, arg in ipairs(node.args) do
    local name = known.order[i]
    if not name then return T.report(scope, arg.at, "helper-takes", node.name, table.concat(known.order, ", ")) end
    local result = T.no_secret(scope, arg, T.check(scope, arg))
    local why = T.misfit(result, known.args[name])
    if why then return T.report(scope, arg.at, "argument-kind", name, why) end
    if not known.args[name].optional and T.needed(scope, arg, result) == T.wrong then return T.wrong end
    codes[#codes + 1] = result.code
  end
  local missing = known.order[#node.args + 1]
  if missing and not known.args[missing].optional then
    return T.report(scope, node.at, "helper-missing", node.name, missing)
  end
  return { code = ("helper(%s)"):format(table.concat(codes, ", ")), type = known.gives }
end

function M.call(scope, node)
  local helper = helpers[node.name]
  if helper then return helper(scope, node) end
  local filter = filters[node.name] and (" - it is a filter: x | " .. node.name)
  return T.report(scope, node.at, "unknown-helper", node.name, (filter or own(scope, node.name) or suggest.hint(node.name, helpers)))
end

return M
