-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a theme says of itself in its manifest, and the settings of its chain with their limits, as
-- the bytes of a WIRE_FACTS (core/base/wire.h). What is no setting is left out: the check names it.

local manifest = require "theme.manifest"
local mistakes = require "theme.mistakes"
local settings = require "theme.settings"

local M = {}

local SETTINGS, OPTIONS, PAIRS = 32, 24, 4
local order = { "bool", "choice", "color", "font", "image", "links", "number", "text" }
local numbers = {}
for i, word in ipairs(order) do numbers[word] = i - 1 end

local function text(value) return type(value) == "string" and value or "" end
local function int(value, otherwise) return math.type(value) == "integer" and value or otherwise end
-- At most so many characters, no control characters; of what is no UTF-8, nothing.
local function cut(value, most)
  value = text(value):gsub("%c", " "):gsub("\xc2[\x80-\x9f]", " ")
  local n = utf8.len(value)
  return not n and "" or n > most and value:sub(1, utf8.offset(value, most + 1) - 1) or value
end
local function s(value, most) return string.pack("<s4", cut(value, most or 120)) end
local function list(value) return type(value) == "table" and value or {} end

local function default_of(one)
  local value = one.default
  if type(value) == "boolean" then return value and "1" or "0" end
  if math.type(value) == "integer" then return tostring(value) end
  return text(value)
end

local function put_options(one)
  local options, labels, parts = list(one.options), list(one.labels), {}
  for i = 1, math.min(#options, OPTIONS) do
    parts[#parts + 1] = s(options[i]) .. s(text(labels[i]) ~= "" and labels[i] or options[i])
  end
  return string.pack("<I4", #parts) .. table.concat(parts)
end

-- contrast = { with = "--surface", min = 4.5 }, or a list of such.
local function put_contrasts(one)
  local pairs_, parts = list(one.contrast), {}
  if pairs_.with then pairs_ = { pairs_ } end
  for i = 1, math.min(#pairs_, PAIRS) do
    local pair = list(pairs_[i])
    local least = type(pair.min) == "number" and pair.min or 4.5
    parts[#parts + 1] = s(pair.with) .. string.pack("<I4", math.floor(math.max(1, math.min(21, least)) * 100 + 0.5))
  end
  return string.pack("<I4", #parts) .. table.concat(parts)
end

local function put_setting(one)
  return s(one.id) .. string.pack("<B", numbers[one.type]) .. s(one.label, 80) .. s(one.hint) .. s(default_of(one)) ..
         string.pack("<i8i8", int(one.min, 0), int(one.max, 0)) .. s(one.was) .. put_options(one) .. put_contrasts(one)
end

-- The chain's settings, the parents' first; a child that declares one again changes it in its place.
local function collect(chain)
  local found, places = {}, {}
  for level = #chain, 1, -1 do
    for _, own in ipairs(list(chain[level].settings)) do
      if type(own) == "table" and type(own.id) == "string" then
        local place = places[own.id] or #found + 1
        local made = settings.overlay(found[place], own)
        if settings.is_usable(made) then found[place], places[own.id] = made, place end
      end
    end
  end
  return found
end

local function has(words, word)
  for _, one in ipairs(list(words)) do
    if one == word then return true end
  end
  return false
end

-- sources: theme.lua of each theme of the chain as { name =, text = }, the child first, base last. The bytes, or nil and
-- a sentence.
function M.read(sources)
  local chain = {}
  for i, source in ipairs(sources) do
    local why
    chain[i] = manifest.read(source.text, function(_, ...) why = why or mistakes.text(...) end)
    if not chain[i] then return nil, source.name .. "/theme.lua: " .. (why or "cannot be read") end
  end
  local own, found = chain[1], collect(chain)
  local parts = { s(own.title, 60), s(own.version, 40), s(own.author, 80), s(own.license, 40), s(own.homepage),
                  s(own.description), s(own.extends, 40), s(own.contract, 20), s(own.screenshot),
                  string.pack("<BB", (not own.schemes or has(own.schemes, "light")) and 1 or 0,
                              (not own.schemes or has(own.schemes, "dark")) and 1 or 0),
                  string.pack("<I4", math.min(#found, SETTINGS)) }
  for i = 1, math.min(#found, SETTINGS) do parts[#parts + 1] = put_setting(found[i]) end
  return table.concat(parts)
end

return M
