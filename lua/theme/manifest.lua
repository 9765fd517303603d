-- SPDX-License-Identifier: GPL-3.0-or-later
-- theme.lua is read as data and never run: `return { ... }` with strings, numbers, booleans, lists
-- and tables. Anything else is an error with its place.

local lexer = require "template.lexer"
local mistakes = require "theme.mistakes"
local sorted = require "theme.sorted"
local suggest = require "theme.suggest"

local M = {}

local keys = { name = "string", title = "string", version = "string", license = "string", extends = "string",
               contract = "string", api = "number", schemes = "table", screenshot = "string",
               tokens = "string", parent_styles = "boolean", script = "boolean", settings = "table", author = "string", homepage = "string",
               description = "string" }

local function fail(at, kind) error({ at = at, kind = kind }, 0) end

local read_value

-- places: table -> key -> where the key stands; places.twice: keys that stand again.
local function read_table(tokens, i, depth, places)
  local made, n = {}, 0
  places[made] = {}
  if depth > 8 then fail(tokens[i].at, "manifest-deep") end
  while true do
    local token = tokens[i]
    if token.value == "}" and token.type == "op" then return made, i + 1 end
    local value
    if token.type == "name" and tokens[i + 1].value == "=" then
      value, i = read_value(tokens, i + 2, depth, places)
      if made[token.value] ~= nil then places.twice[#places.twice + 1] = token end
      made[token.value], places[made][token.value] = value, token.at
    else
      n = n + 1
      places[made][n] = token.at
      made[n], i = read_value(tokens, i, depth, places)
    end
    if tokens[i].value == "," or tokens[i].value == ";" then
      i = i + 1
    elseif tokens[i].value ~= "}" then
      fail(tokens[i].at, "manifest-comma")
    end
  end
end

function read_value(tokens, i, depth, places)
  local token = tokens[i]
  if token.type == "string" or token.type == "int" or token.type == "decimal" then return token.value, i + 1 end
  if token.type == "name" and (token.value == "true" or token.value == "false") then
    return token.value == "true", i + 1
  end
  if token.type == "op" and token.value == "-" and tokens[i + 1].type == "int" then
    return -tokens[i + 1].value, i + 2
  end
  if token.type == "op" and token.value == "{" then return read_table(tokens, i + 1, depth + 1, places) end
  if token.type == "end" then fail(token.at, "manifest-open") end
  fail(token.at, "manifest-value")
end

local function read(tokens)
  if tokens[1].value ~= "return" or tokens[2].value ~= "{" then
    fail(tokens[1].at, "manifest-shape")
  end
  local places = { twice = {} }
  local made, i = read_table(tokens, 3, 1, places)
  if tokens[i].type ~= "end" then fail(tokens[i].at, "manifest-behind") end
  return { made, places }
end

-- Comments become blanks, so that places stay; two dashes inside a string begin none.
local function bare(text)
  local at, quoted = 1, nil
  local made = {}
  while at <= #text do
    local c = text:sub(at, at)
    local n = 1
    if quoted then
      if c == "\\" then n = 2 elseif c == quoted or c == "\n" then quoted = nil end
    elseif c == '"' or c == "'" then
      quoted = c
    elseif text:find("^%-%-", at) then
      n = #text:match("^[^\n]*", at)
      c = nil
    end
    made[#made + 1] = c and text:sub(at, at + n - 1) or (" "):rep(n)
    at = at + n
  end
  return table.concat(made)
end

-- The table, or nil, and where its keys stand (table -> key -> offset); mistakes go to report(offset, kind, ...).
function M.read(text, report)
  local tokens, why, at = lexer.code(bare(text), 1, nil, true)
  if not tokens then return report(at, "manifest-syntax", select(3, mistakes.tell(table.unpack(why)))) end
  local ok, made = pcall(read, tokens)
  if not ok then
    if type(made) ~= "table" then error(made, 0) end
    return report(made.at, made.kind)
  end
  local places
  made, places = made[1], made[2]
  for _, token in ipairs(places.twice) do report(token.at, "key-twice", token.value) end
  for _, key in ipairs(sorted(made)) do
    if not keys[key] then
      report(places[made][key], "unknown-key", tostring(key), suggest.hint(tostring(key), keys))
    elseif type(made[key]) ~= keys[key] then
      return report(places[made][key], "key-kind", key, keys[key])
    end
  end
  if not made.name then return report(1, "no-name") end
  return made, places
end

return M
