-- SPDX-License-Identifier: GPL-3.0-or-later
-- What an expression means: its type by the contract, and its Lua. Every name and field is looked
-- up here, so a wrong one never reaches a reader. Filters and calls are in helpers.lua. A result is
--   { code =, type =, path =, literal =, parts =, of =, field =, control = }
-- path: "vm.domain" where the expression is a chain of fields, by which an `if` proves that an
-- optional value is there (`scope.facts`); literal: the value where it is known now; parts: the
-- operands of `..`, which the writer prints one by one without joining them; either: two fields, of which the second
-- is printed where the first is absent; of, field: the Lua of a record and the names
-- ("quota.level") by which the value is found in it, where it is a field: the writer leaves it to the host to take that out;
-- control: whose field it is, of those that controls are made of.
--
-- A scope: { vars = name -> { code =, type =, set = }, outer =, facts = path -> true, loop =, file = }
-- where file has report(at, kind, ...) (theme/mistakes.lua) and the theme's tables (compiler.lua).

local helpers = require "template.helpers"
local suggest = require "theme.suggest"
local schema = require "schema"

local M = {}

local make = schema.type_make
local TEXT, INT, BOOL, URL = make "text", make "int", make "bool", make "url"
local WRONG = { kind = "wrong" }   -- after a reported mistake: fits everywhere, so that one mistake is one error
local wrong = { code = "nil", type = WRONG }

M.TEXT, M.INT, M.BOOL, M.URL, M.WRONG = TEXT, INT, BOOL, URL, WRONG

local printable = { text = true, int = true, id = true, count = true, enum = true, url = true }
local whole = { int = true, id = true, count = true }

local function article(word) return (word:find("^[aeiouAEIOU]") and "an " or "a ") .. word end

-- "a Quota", "a list of Mailbox", "an int": for messages.
function M.describe(t)
  if t.kind == "record" then return article(t.name == "vm" and "view model" or t.name) end
  if t.kind == "list" then return "a list" end
  return article(t.kind)
end

local quoted = { ["\n"] = "\\n", ["\r"] = "\\r", ["\0"] = "\\0", ["\\"] = "\\\\", ['"'] = '\\"' }
function M.quote(s) return '"' .. s:gsub('[%c\\"]', function(c)
  return quoted[c] or ("\\%03d"):format(c:byte())
end) .. '"' end
local quote = M.quote

local keywords = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return
               then true until while]]):gmatch("%a+") do keywords[word] = true end

local function index(code, name)
  return keywords[name] and code .. '["' .. name .. '"]' or code .. "." .. name
end

local function report(scope, at, ...)
  scope.file.report(at, ...)
  return wrong
end

-- Scopes ---------------------------------------------------------------------------------------

function M.scope_inside(outer, facts)
  return { vars = {}, outer = outer, facts = facts or outer.facts, loop = outer.loop, file = outer.file,
           level = outer.level }
end

function M.find_var(scope, name)
  while scope do
    local var = scope.vars[name]
    if var then return var, scope end
    scope = scope.outer
  end
end

local function names_in(scope)
  local names = {}
  while scope do
    for name in pairs(scope.vars) do names[name] = true end
    scope = scope.outer
  end
  return names
end

local function knows(scope, path)
  return scope.facts[path]
end

function M.present(t)
  if not t.optional then return t end
  local copy = {}
  for key, value in pairs(t) do copy[key] = value end
  copy.optional = nil
  return copy
end

-- Uses -----------------------------------------------------------------------------------------

local check

local function shown(node)
  if node.op == "name" then return node.name end
  if node.op == "field" then
    local base = shown(node.base)
    return base and base .. "." .. node.name
  end
  if node.op == "group" then return shown(node.operand) end
  if node.op == "call" and node.name == "setting" and node.args[1] and node.args[1].op == "literal" then
    return 'setting("' .. tostring(node.args[1].value) .. '")'
  end
end
M.shown = shown

-- The value must be there: an optional one, or `a and b`, is refused. `use` completes
-- "X may be absent: ".
local function needed(scope, node, result)
  local t = result.type
  if t.maybe_false then
    return report(scope, node.at, "may-be-false")
  end
  if not t.optional then return result end
  local name = result.path or shown(node)
  if name then
    return report(scope, node.at, "may-be-absent", name, name)
  end
  return report(scope, node.at, "needs-or")
end
M.needed = needed

local function no_secret(scope, node, result)
  if result.type.kind == "secret" then
    return report(scope, node.at, "secret")
  end
  return result
end

-- Lua for the value as a truth, and the value; refuses what is always true.
local function truth_of(scope, node)
  local result = check(scope, node)
  local t = result.type
  if t.kind == "wrong" or t.optional or t.maybe_false or t.kind == "bool" then return result.code, result end
  if t.kind == "list" then return "(#" .. result.code .. " > 0)", result end
  local name = shown(node) or "this"
  local mend = whole[t.kind] and "compare it: " .. name .. " > 0"
               or (t.kind == "text" or t.kind == "url") and "compare it: " .. name .. ' ~= ""'
               or t.kind == "enum" and "compare it: " .. name .. ' == "' .. t.values[1] .. '"'
               or "it is never absent"
  report(scope, node.at, "always-true", name, M.describe(t), mend)
  return "true", result
end

local opposite = { ["?"] = "!", ["!"] = "?", ["="] = "~", ["~"] = "=", ["<"] = ")", [")"] = "<", [">"] = "(", ["("] = ">" }

local function hole(letter, left, right)
  return { letter = letter, code = left.of or left.code, field = left.field, other = right and right.code }
end

-- What the host can ask by itself: is a name or field there or true, or how does it compare to a literal.
local function test_of(node, result)
  if result.test then return result.test end
  if (node.op == "name" or node.op == "field") and result.type.kind ~= "list" then return hole("?", result) end
end

-- Lua for a condition, where `and` and `or` may join any truths, and the hole by which emit can ask the same, if any.
local function condition(scope, node)
  if node.op == "group" then return condition(scope, node.operand) end
  if node.op == "not" then
    local code, test = condition(scope, node.operand)
    if test then test = { letter = opposite[test.letter], code = test.code, field = test.field, other = test.other } end
    return "(not " .. code .. ")", test
  end
  if node.op == "binary" and (node.operator == "and" or node.operator == "or") then
    local left = condition(scope, node.left)
    local inside = M.scope_inside(scope, M.facts(scope, node.left, node.operator == "and"))
    return ("(%s %s %s)"):format(left, node.operator, (condition(inside, node.right)))
  end
  local code, result = truth_of(scope, node)
  return code, test_of(node, result)
end

-- Which optional paths a condition proves to be there, when it holds (`truth` true) or fails.
function M.facts(scope, node, truth, into)
  into = into or setmetatable({}, { __index = scope.facts })
  if node.op == "group" then return M.facts(scope, node.operand, truth, into) end
  if node.op == "not" then return M.facts(scope, node.operand, not truth, into) end
  if node.op == "binary" and node.operator == (truth and "and" or "or") then
    M.facts(scope, node.left, truth, into)
    return M.facts(scope, node.right, truth, into)
  end
  if not truth then return into end
  local path = shown(node)
  if path then into[path] = true end
  if node.op == "binary" and node.operator == "==" then
    for _, side in ipairs { "left", "right" } do
      path = shown(node[side])
      local other = node[side == "left" and "right" or "left"]
      if path and other.op == "literal" then into[path] = true end
    end
  end
  return into
end

-- Each kind of node ----------------------------------------------------------------------------

local nodes = {}

function nodes.literal(scope, node)
  if node.kind == "text" then return { code = quote(node.value), type = TEXT, literal = node.value } end
  return { code = tostring(node.value), type = node.kind == "int" and INT or BOOL, literal = node.value }
end

function nodes.group(scope, node)
  local inner = check(scope, node.operand)
  return { code = "(" .. inner.code .. ")", type = inner.type, path = inner.path, literal = inner.literal,
           parts = inner.parts, control = inner.control }
end

function nodes.name(scope, node)
  local name = node.name
  if name == "loop" and scope.loop then
    return report(scope, node.at, "loop-alone")
  end
  local var = M.find_var(scope, name)
  if not var then
    if name == "nil" or name == "null" or name == "none" or name == "None" or name == "undefined" then return report(scope, node.at, "nil") end
    if name == "loop" then return report(scope, node.at, "loop-outside") end
    if name == "helpers" then return report(scope, node.at, "helper-alone") end
    if name == "vm" then
      return report(scope, node.at, "no-vm")
    end
    local helper = helpers.known[name] and " - it is called: " .. name .. "(...)"
    local hint = helper or suggest.hint(name, names_in(scope))
    if hint == "" and scope.file.shown:find("^components/") then
      hint = (" - in the first line stands what it takes: {# args: %s=text #}"):format(name)
    end
    return report(scope, node.at, "unknown-name", name, hint)
  end
  local t = var.type
  if t.optional and knows(scope, name) then t = M.present(t) end
  return { code = var.code, type = t, path = name }
end

local loop_fields = {
  index = function(loop) return { code = loop.index, type = INT } end,
  first = function(loop) return { code = "(" .. loop.index .. " == 1)", type = BOOL } end,
  last  = function(loop) return { code = "(" .. loop.index .. " == #" .. loop.rows .. ")", type = BOOL } end,
}

-- The record that a node names, by the name's own variable: another branch may have another of the same name.
local function record_of(scope, node)
  if node.op == "group" then return record_of(scope, node.operand) end
  if node.op == "name" then return M.find_var(scope, node.name), "" end
  if node.op ~= "field" then return nil end
  local var, path = record_of(scope, node.base)
  return var, path and path .. "." .. node.name
end

-- Of a field of a form's field, or of what posts by itself: { var =, path =, field =, of = }. of: the same of the list that the
-- record is in, as an option is in its field's.
local controls = { FormField = true, Action = true, FormOption = true }
local function control_of(scope, node, record)
  if not controls[record.name] then return nil end
  local var, path = record_of(scope, node.base)
  if not var then return nil end
  local is_option = record.name == "FormOption"
  if is_option and not (path == "" and var.of and var.of.field == "options") then return nil end
  return { var = var, path = path, field = node.name, of = is_option and var.of or nil }
end

function nodes.field(scope, node)
  if node.base.op == "name" and node.base.name == "loop" and scope.loop then
    local field = loop_fields[node.name]
    if field then return field(scope.loop) end
    return report(scope, node.at, "unknown-loop-field", node.name, suggest.hint(node.name, loop_fields))
  end
  local base = check(scope, node.base)
  if base.type.kind == "wrong" then return wrong end
  if base.type.kind == "map" then
    return report(scope, node.at, "setting-map", shown(node.base) or "this", node.name)
  end
  if base.type.kind ~= "record" then
    return report(scope, node.at, "no-fields", shown(node.base) or "this", M.describe(base.type))
  end
  if needed(scope, node.base, base) == wrong then return wrong end
  local t = base.type.fields[node.name]
  if not t then
    return report(scope, node.at, "unknown-field", base.type.name, node.name, suggest.hint(node.name, base.type.fields))
  end
  if t.deprecated then
    scope.file.report(node.at, "deprecated", base.type.name, node.name, t.deprecated.since or "?", t.deprecated.use or "another field")
  end
  local path = base.path and base.path .. "." .. node.name
  if t.optional and path and knows(scope, path) then t = M.present(t) end
  return { code = index(base.code, node.name), type = t, path = path, control = control_of(scope, node, base.type),
           of = base.of or base.code, field = base.of and base.field .. "." .. node.name or node.name }
end

nodes["not"] = function(scope, node)
  return { code = "(not " .. condition(scope, node.operand) .. ")", type = BOOL }
end

local function int_operand(scope, node, operator)
  local result = check(scope, node)
  if result.type.kind == "wrong" then return result end
  if not whole[result.type.kind] then
    if operator == "+" and result.type.kind == "text" then return report(scope, node.at, "text-added") end
    return report(scope, node.at, "int-expected", M.describe(result.type))
  end
  return needed(scope, node, result)
end

function nodes.negate(scope, node)
  return { code = "(-" .. int_operand(scope, node.operand).code .. ")", type = INT }
end

function nodes.length(scope, node)
  local result = check(scope, node.operand)
  if result.type.kind == "wrong" then return result end
  if result.type.kind ~= "list" then
    return report(scope, node.at, "count", M.describe(result.type))
  end
  if needed(scope, node.operand, result) == wrong then return wrong end
  return { code = "#" .. result.code, type = INT }
end

local letters = { ["=="] = "=", ["~="] = "~", ["<"] = "<", [">"] = ">", ["<="] = "(", [">="] = ")" }

local function compared(node, left, right)
  local simple = node.left.op == "name" or node.left.op == "field" and left.field
  return simple and right.literal ~= nil and hole(letters[node.operator], left, right) or nil
end

local function same_family(a, b)
  local function family(t)
    return whole[t.kind] and "int" or (t.kind == "enum" or t.kind == "url") and "text" or t.kind
  end
  return family(a) == family(b)
end

local function equality(scope, node, left, right)
  local a, b = left.type, right.type
  if a.kind == "record" or a.kind == "list" or a.kind == "time" then
    return report(scope, node.at, "compare", M.describe(a))
  end
  if not same_family(a, b) then
    return report(scope, node.at, "never-equal", M.describe(a), M.describe(b))
  end
  for _, pair in ipairs { { a, right, node.right }, { b, left, node.left } } do
    local enum, other, other_node = pair[1], pair[2], pair[3]
    if enum.kind == "enum" and other.literal ~= nil and not enum.has[other.literal] then
      return report(scope, other_node.at, "not-one-of", tostring(other.literal), table.concat(enum.values, ", "), suggest.hint(tostring(other.literal), enum.values))
    end
  end
  return { code = ("(%s %s %s)"):format(left.code, node.operator, right.code), type = BOOL,
           test = compared(node, left, right) }
end

local function parts_of(result, into)
  for _, part in ipairs(result.parts or { result }) do into[#into + 1] = part end
end

local function concatenation(scope, node, left, right)
  for side, result in pairs { left = left, right = right } do
    if result.type.kind ~= "wrong" and not printable[result.type.kind] then
      return report(scope, node[side].at, "join", M.describe(result.type))
    end
    if needed(scope, node[side], result) == wrong then return wrong end
  end
  local parts = {}
  parts_of(left, parts)
  parts_of(right, parts)
  local literal = left.literal ~= nil and right.literal ~= nil and left.literal .. right.literal or nil
  return { code = literal and quote(literal) or ("(%s .. %s)"):format(left.code, right.code), type = TEXT,
           parts = parts, literal = literal }
end

local function union(scope, node, a, b)
  if a.kind == "wrong" or b.kind == "wrong" then return WRONG end
  if a.kind == "record" and b.kind == "record" and a.name == b.name then return b end
  if a.kind == b.kind and a.kind ~= "record" and a.kind ~= "list" and a.kind ~= "enum" then return b end
  if same_family(a, b) and printable[a.kind] then
    return make(whole[a.kind] and "int" or "text", { optional = b.optional, maybe_false = b.maybe_false })
  end
  report(scope, node.at, "or-joins", node.operator, M.describe(a), M.describe(b))
  return WRONG
end

local function with(t, changes)
  local copy = {}
  for key, value in pairs(t) do copy[key] = value end
  for key, value in pairs(changes) do copy[key] = value or nil end
  return setmetatable(copy, getmetatable(t))
end

local function logic(scope, node)
  local code, left = truth_of(scope, node.left)
  local inside = M.scope_inside(scope, M.facts(scope, node.left, node.operator == "and"))
  local right = no_secret(scope, node.right, check(inside, node.right))
  no_secret(scope, node.left, left)
  local a, b = left.type, right.type
  if a.kind == "wrong" or b.kind == "wrong" then return wrong end
  code = ("(%s %s %s)"):format(code, node.operator, right.code)
  local truth = { bool = true, list = true }
  if a.kind == "bool" and b.kind == "bool" then return { code = code, type = BOOL } end
  if node.operator == "and" then
    local falsy = (truth[a.kind] or a.maybe_false) and "maybe_false" or "optional"
    return { code = code, type = with(b, { [falsy] = true }), literals = right.literals or right.literal ~= nil }
  end
  if truth[a.kind] and not a.maybe_false and not a.optional then
    if b.kind == "list" then return { code = ("(%s or #%s > 0)"):format(left.code, right.code), type = BOOL } end
    return { code = code, type = with(b, { maybe_false = true }) }
  end
  local joined = union(scope, node, with(a, { optional = false, maybe_false = false }), b)
  local either = left.field and right.field and not left.held and not right.held
  return { code = code, type = joined, either = either and { left, right } }
end

-- What may fail is called, since Lua tells the place of a call for certain.
local calls = { ["//"] = "div", ["%"] = "mod" }

local comparisons = { ["<"] = true, ["<="] = true, [">"] = true, [">="] = true }

function nodes.binary(scope, node)
  local operator = node.operator
  if operator == "and" or operator == "or" then return logic(scope, node) end
  if operator == "==" or operator == "~=" or operator == ".." then
    local left = no_secret(scope, node.left, check(scope, node.left))
    local right = no_secret(scope, node.right, check(scope, node.right))
    if left.type.kind == "wrong" or right.type.kind == "wrong" then return wrong end
    return (operator == ".." and concatenation or equality)(scope, node, left, right)
  end
  local left, right = int_operand(scope, node.left, node.operator), int_operand(scope, node.right, node.operator)
  local call = calls[operator]
  return { code = (call and "%s(%s, %s)" or "(%s %s %s)"):format(call or left.code, call and left.code or operator, right.code),
           type = comparisons[operator] and BOOL or INT,
           test = comparisons[operator] and compared(node, left, right) or nil }
end

nodes.call, nodes.filter, nodes.helper = helpers.call, helpers.filter, helpers.own

function check(scope, node)
  return nodes[node.op](scope, node)
end

M.check, M.condition, M.report, M.article = check, condition, report, article
M.no_secret, M.int_operand, M.same_family, M.parts_of = no_secret, int_operand, same_family, parts_of
M.printable, M.wrong = printable, wrong

-- Does a value of this type fit where `wanted` is declared? Or why not.
function M.misfit(result, wanted)
  local t = result.type
  if t.kind == "wrong" then return nil end
  if t.kind == "record" and wanted.kind == "record" then
    if t.name ~= wanted.name then return article(wanted.name) .. " expected, not " .. M.describe(t) end
  elseif t.kind == "list" and wanted.kind == "list" then
    return wanted.of and M.misfit({ type = t.of }, wanted.of)
  elseif wanted.kind == "enum" then
    for _, value in ipairs(result.literal ~= nil and { result.literal } or t.values or { false }) do
      if not wanted.has[value] then
        return value and ("'%s' is not one of %s%s"):format(tostring(value), table.concat(wanted.values, ", "),
                                                           suggest.hint(tostring(value), wanted.values))
               or "an enum expected, not " .. M.describe(t)
      end
    end
  elseif not (wanted.kind == "text" and (t.kind == "enum" or t.kind == "text"))
         and not (t.kind == wanted.kind) and not (whole[t.kind] and whole[wanted.kind]) then
    return article(wanted.kind) .. " expected, not " .. M.describe(t)
  end
end

helpers.types = M
return M
