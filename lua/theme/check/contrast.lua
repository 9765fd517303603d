-- SPDX-License-Identifier: GPL-3.0-or-later
-- MB07x: the token pairs of tokens.lua in each scheme that the theme offers, with the values that the whole chain
-- gives them.

local colour = require "theme.check.colour"
local tokens = require "theme.check.tokens"

local M = {}

local function schemes_of(manifest)
  local has = {}
  for _, scheme in ipairs(manifest.schemes or { "light", "dark" }) do has[scheme] = true end
  return has
end

-- light-dark(a, b) in two, at the comma that lies in no bracket.
-- Of var(--set-ID, c) it is c: what a setting may be instead is held to its own contrast.
local function halves(value)
  value = value:match("^var%(%s*%-%-set%-[%w-]+%s*,%s*(.*)%)$") or value
  local inside = value:match("^light%-dark%((.*)%)$")
  if not inside then return value, value end
  local depth = 0
  for at = 1, #inside do
    local sign = inside:sub(at, at)
    if sign == "(" then depth = depth + 1 elseif sign == ")" then depth = depth - 1 end
    if sign == "," and depth == 0 then
      return inside:sub(1, at - 1):match("^%s*(.-)%s*$"), inside:sub(at + 1):match("^%s*(.-)%s*$")
    end
  end
  return value, value
end

local function scheme_of(one)
  local where = one.within .. " " .. one.selector
  return where:match("prefers%-color%-scheme:%s*(%a+)") or where:match("data%-scheme=\"?'?(%a+)")
end

-- values: token -> { light =, dark =, path, line, column, own }; the later wins, as in a browser.
-- Paper and forced colours are not looked at on a screen of the theme's.
local function is_elsewhere(one)
  return one.within:find("print", 1, true) or one.within:find("forced-colors", 1, true)
         or one.within:find("prefers-contrast", 1, true)
end

function M.collect(values, read, path, source, own, place)
  for _, one in ipairs(read) do
    local name = not is_elsewhere(one) and one.property:match("^%-%-(.+)$")
    if name and (one.selector:find(":root", 1, true) or one.selector:find("^html")) or name and scheme_of(one) then
      local light, dark = halves(one.value)
      local before = values[name] or {}
      local only = scheme_of(one)
      local line, column = place(source, one.at)
      values[name] = { light = only == "dark" and before.light or light, dark = only == "light" and before.dark or dark,
                       path = path, line = line, column = column, own = own, written = one.value, only = only }
    end
  end
end

local function resolve(values, text, scheme, depth)
  local name = text and text:match("^var%(%s*%-%-([%w-]+)%s*%)$")
  if not name or depth > 8 then return text end
  local other = values[name]
  return other and resolve(values, other[scheme], scheme, depth + 1)
end

local function is_single(one)
  return one.own and not one.only and one.light == one.dark and not one.written:find("var(", 1, true)
end

-- Only pairs of which the theme itself gives one: its parents answer for theirs. `all`: every pair.
function M.check(values, manifest, all, tell)
  local has, unread = schemes_of(manifest), {}
  local function read(name, scheme)
    local one = values[name]
    local text = one and resolve(values, one[scheme], scheme, 0)
    local made = text and colour.read(text)
    if one and not made and not unread[name] then
      unread[name] = true
      if one.own then tell("MB071", "--" .. name .. ": " .. tostring(text or one.written), one.path, one.line, one.column) end
    end
    return made, one
  end
  for _, pair in ipairs(tokens.pairs) do
    for _, scheme in ipairs { "light", "dark" } do
      local ink, one = read(pair.ink, scheme)
      local ground, other = read(pair.on, scheme)
      if has[scheme] and ink and ground and (all or one.own or other.own) then
        local ratio = colour.contrast(ink, ground)
        local at = one.own and one or other
        if ratio < pair.least then
          tell("MB070", ("--%s on --%s is %.2f:1 in the %s scheme, %.1f:1 is due"):format(pair.ink, pair.on, ratio, scheme,
               pair.least), at.path, at.line, at.column)
        end
      end
    end
  end
  if not (has.light and has.dark) then return end
  local seen = {}
  for _, pair in ipairs(tokens.pairs) do
    for _, name in ipairs { pair.ink, pair.on } do
      local one = values[name]
      if one and is_single(one) and not seen[name] then
        seen[name] = true
        tell("MB072", "--" .. name, one.path, one.line, one.column)
      end
    end
  end
end

return M
