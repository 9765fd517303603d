-- SPDX-License-Identifier: GPL-3.0-or-later
-- The grammar of expressions: tokens to a tree. What a tree means is types.lua's business.
--   expression = or { "|" NAME [ "(" arguments ")" ] }
--   or = and { "or" and }     and = compare { "and" compare }
--   compare = concat [ ( "==" | "~=" | "<" | "<=" | ">" | ">=" ) concat ]
--   concat = sum [ ".." concat ]    sum = product { ( "+" | "-" ) product }
--   product = unary { ( "*" | "//" | "%" ) unary }    unary = [ "not" | "-" | "#" ] unary | postfix
--   postfix = ( NAME | NAME "(" arguments ")" | "helpers" "." NAME "(" arguments ")" | STRING | INT | "true" | "false" | "(" expression ")" )
--             { "." NAME }
-- A node: { op =, at =, ... }. Mistakes are raised as { at =, mistake = { kind, ... } }.

local M = {}

local DEPTH = 40

local function fail(token, kind, ...) error({ at = token.at, mistake = { kind, ... } }, 0) end
M.fail = fail

local function describe(token)
  if token.type == "end" then return "the end" end
  return "'" .. tostring(token.value) .. "'"
end
M.describe = describe

local expression

-- Reader: { tokens =, i =, depth = }.
local LENGTH = 60

local function peek(r) return r.tokens[r.i] end

local function is(r, value)
  local token = r.tokens[r.i]
  return token.value == value and (token.type == "op" or token.type == "name") and token
end

local function take(r, value)
  local token = is(r, value)
  if token then r.i = r.i + 1 end
  return token
end

local function expect(r, value)
  return take(r, value) or fail(peek(r), "sign-expected", value, describe(peek(r)))
end

local function take_name(r, what)
  local token = peek(r)
  if token.type ~= "name" then fail(token, "word-expected", what, describe(token)) end
  r.i = r.i + 1
  return token
end

local function arguments(r)
  local list = {}
  if take(r, ")") then return list end
  repeat list[#list + 1] = expression(r) until not take(r, ",")
  expect(r, ")")
  return list
end

local words = { ["and"] = true, ["or"] = true, ["not"] = true, ["end"] = true, ["if"] = true, ["then"] = true }

local function primary(r)
  local token = peek(r)
  if token.type == "string" or token.type == "int" then
    r.i = r.i + 1
    return { op = "literal", value = token.value, kind = token.type == "int" and "int" or "text", at = token.at }
  end
  if take(r, "(") then
    local node = expression(r)
    expect(r, ")")
    return { op = "group", operand = node, at = token.at }
  end
  if token.type ~= "name" or words[token.value] then
    fail(token, "expression-expected", describe(token))
  end
  r.i = r.i + 1
  if token.value == "true" or token.value == "false" then
    return { op = "literal", value = token.value == "true", kind = "bool", at = token.at }
  end
  if take(r, "(") then return { op = "call", name = token.value, args = arguments(r), at = token.at } end
  return { op = "name", name = token.value, at = token.at }
end

local function postfix(r)
  local node = primary(r)
  while true do
    local token = r.tokens[r.i]
    if token.type ~= "op" then return node end
    if token.value == "[" then fail(token, "index-number") end
    if token.value == ":" then fail(token, "index") end
    if token.value ~= "." then return node end
    r.i = r.i + 1
    local name = take_name(r, "a field's name")
    if node.op == "name" and node.name == "helpers" and take(r, "(") then
      node = { op = "helper", name = name.value, args = arguments(r), at = name.at }
    else
      node = { op = "field", base = node, name = name.value, at = name.at }
    end
  end
end

local mistaken = { ["&&"] = "and", ["||"] = "or", ["!="] = "~=", ["!"] = "not", ["/"] = "//", ["="] = "==", ["is"] = "==",
                   ["~"] = ".." }
-- Words of other languages that begin or end something here without.
local superfluous = { ["then"] = true, ["do"] = true }

local unaries = { ["not"] = "not", ["-"] = "negate", ["#"] = "length" }

local function unary(r)
  r.depth = r.depth + 1
  if r.depth > DEPTH then fail(peek(r), "expression-deep") end
  local token, node = r.tokens[r.i], nil
  local name = token.type ~= "string" and unaries[token.value]
  if name then
    r.i = r.i + 1
    node = { op = name, operand = unary(r), at = token.at }
  else
    if token.value == "!" and token.type == "op" then fail(token, "operator-not") end
    node = postfix(r)
  end
  r.depth = r.depth - 1
  return node
end

local powers = { ["or"] = 1, ["and"] = 2, ["=="] = 3, ["~="] = 3, ["<"] = 3, ["<="] = 3, [">"] = 3, [">="] = 3,
                 [".."] = 4, ["+"] = 5, ["-"] = 5, ["*"] = 6, ["//"] = 6, ["%"] = 6 }

-- Operators that bind at least as tightly as `least`, from the left.
local function binary(r, least)
  local node = unary(r)
  while true do
    local token = r.tokens[r.i]
    local power = token.type ~= "string" and powers[token.value]
    if not power or power < least then return node end
    r.i, r.operators = r.i + 1, r.operators + 1
    if r.operators > LENGTH then fail(token, "expression-long") end
    node = { op = "binary", operator = token.value, left = node, right = binary(r, power + 1), at = token.at }
  end
end

function expression(r)
  r.depth = r.depth + 1
  if r.depth > DEPTH then fail(peek(r), "expression-deep") end
  local node = binary(r, 1)
  while true do
    local bar = take(r, "|")
    if not bar then break end
    local name = take_name(r, "a filter's name")
    local args = take(r, "(") and arguments(r) or {}
    node = { op = "filter", name = name.value, base = node, args = args, at = name.at }
  end
  local token = peek(r)
  local behind = r.tokens[r.i + 1]
  if token.type == "op" or token.type == "name" and not (behind and behind.value == "=") then
    if superfluous[token.value] then fail(token, "word-superfluous", token.value) end
    if token.value == "?" then fail(token, "operator-choice") end
    if mistaken[token.value] then fail(token, "operator", mistaken[token.value], token.value) end
  end
  r.depth = r.depth - 1
  return node
end

function M.reader(tokens, i) return { tokens = tokens, i = i or 1, depth = 0, operators = 0 } end

M.expression, M.take, M.is, M.expect, M.take_name, M.peek, M.arguments =
  expression, take, is, expect, take_name, peek, arguments

function M.finish(r)
  local token = peek(r)
  if token.type ~= "end" then fail(token, "unexpected", describe(token)) end
end

return M
