-- SPDX-License-Identifier: GPL-3.0-or-later
-- Holds a live view model against the contract: what the core sends is what the contract promises,
-- no more and no less. Builds with sanitizers run it for every page; release builds never do.

local M = {}

local MESSAGES = 20

local check

local function is_text(v) return type(v) == "string" end
local function is_int(v) return math.type(v) == "integer" end
local function is_bool(v) return type(v) == "boolean" end
local function is_slot(v) return type(v) == "userdata" end
local function is_time(v)
  return type(v) == "table" and is_int(v.seconds) and is_int(v.offset) and is_text(v.zone)
end

-- Settings: what the theme declares, chosen by the site.
local function is_map(v)
  if type(v) ~= "table" then return false end
  for key, value in pairs(v) do
    if not is_text(key) or not (is_text(value) or is_int(value) or is_bool(value)) then return false end
  end
  return true
end

local plain = { text = is_text, url = is_text, int = is_int, id = is_int, count = is_int, bool = is_bool,
                secret = is_slot, time = is_time, map = is_map }

local function say(said, where, what)
  if #said < MESSAGES then said[#said + 1] = where .. ": " .. what end
end

local function sorted(fields)
  local names = {}
  for name in pairs(fields) do names[#names + 1] = tostring(name) end
  table.sort(names)
  return names
end

local function record(said, where, made, value)
  for _, name in ipairs(sorted(value)) do
    if not made.fields[name] then say(said, where .. "." .. name, "the contract's " .. made.name .. " has no such field") end
  end
  for _, name in ipairs(sorted(made.fields)) do
    check(said, where .. "." .. name, made.fields[name], value[name])
  end
end

local function limits(said, where, made, value)
  local size = is_int(value) and value or is_text(value) and (utf8.len(value) or #value) or nil
  if not size then return end
  if made.max and size > made.max then say(said, where, size .. " is above the maximum of " .. made.max) end
  if made.min and size < made.min then say(said, where, size .. " is below the minimum of " .. made.min) end
end

check = function(said, where, made, value)
  if value == nil then
    if not made.optional then say(said, where, "is absent, and not optional") end
  elseif made.kind == "enum" then
    if not made.has[value] then say(said, where, "'" .. tostring(value) .. "' is no word of the enum") end
  elseif made.kind == "list" then
    if type(value) ~= "table" then return say(said, where, "is no list but a " .. type(value)) end
    for i, one in ipairs(value) do check(said, where .. "[" .. i .. "]", made.of, one) end
  elseif made.kind == "record" then
    if type(value) ~= "table" then return say(said, where, "is no " .. made.name .. " but a " .. type(value)) end
    record(said, where, made, value)
  elseif not plain[made.kind](value) then
    say(said, where, "is no " .. made.kind .. " but a " .. type(value))
  else
    limits(said, where, made, value)
  end
end

-- An array of "vm.rows[1].name: what is wrong", empty where all is as the contract says.
function M.model(contract, page, vm, shell)
  local said = {}
  local known = contract.pages[page]
  if not known then return { "the contract has no such page" } end
  check(said, "vm", known.type, vm)
  check(said, "shell", contract.shell, shell)
  return said
end

return M
