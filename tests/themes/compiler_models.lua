-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every page of `base` with models made from the contract's types: each optional absent or there, lists
-- of none to two, every enum value, both truths; and hostile text in every text field, which must
-- give the same elements and attributes as harmless text does.
local M = ...
local case = M.case

local HOSTILE = '"\'><script>alert(1)</script><b onclick="x">&lt;{{ vm }}{% end %}]]>\\ javascript:x'
local HARMLESS = "plain"

local below = dofile(M.here .. "/folder.lua").read

local make
local makers = {
  text = function(_, how) return how.text end,
  url = function() return "/place?a=1&b=2" end,
  int = function(_, how) return how.int end,
  bool = function(_, how) return how.truth end,
  time = function() return { seconds = 1700000000, offset = 3600, zone = "CET" } end,
  secret = function() return { secret = 3 } end,
  map = function() return {} end,
  enum = function(t, how) return t.values[how.enum % #t.values + 1] end,
  list = function(t, how, depth)
    local list = {}
    for i = 1, depth > 3 and 0 or how.items do list[i] = make(t.of, how, depth + 1) end
    return list
  end,
  record = function(t, how, depth)
    local record = {}
    for name, field in pairs(t.fields) do record[name] = make(field, how, depth + 1) end
    return record
  end,
}
makers.id, makers.count = makers.int, makers.int

function make(t, how, depth)
  if t.optional and (how.absent or depth > 5) then return nil end
  return makers[t.kind](t, how, depth)
end

-- The elements and attribute names of a page, in order; raises where it is no HTML of ours.
local function skeleton(html)
  local found, at = {}, 1
  while true do
    local start = html:find("<", at, true)
    if not start then break end
    local name, past = html:match("^</?([%a][%w-]*)()", start)
    assert(name, "a stray '<': " .. html:sub(start, start + 40))
    found[#found + 1] = html:sub(start + 1, past - 1)
    while true do
      past = html:match("^%s*()", past)
      if html:find("^/?>", past) then break end
      local attribute, behind = html:match("^([^%s=\"'<>/]+)()", past)
      assert(attribute, "no attribute: " .. html:sub(start, past + 40))
      found[#found + 1] = attribute
      local _, value_end = html:find('^="[^"<>]*"', behind)
      past = value_end and value_end + 1 or behind
    end
    at = past
  end
  return table.concat(found, " ")
end

local function ways(text)
  local list = {}
  for n = 0, 47 do
    list[#list + 1] = { text = text, absent = n % 2 == 0, truth = n // 2 % 2 == 0, items = n // 4 % 3, enum = n // 12,
                        int = ({ 0, 1, 7, 123456 })[n // 12 + 1] }
  end
  for enum = 4, 8 do list[#list + 1] = { text = text, truth = true, items = 1, enum = enum, int = 5 } end
  return list
end

M.make, M.ways = make, ways

local files = {}
for path, text in pairs(below(M.here .. "/../../lua/contract")) do files[#files + 1] = { path = path, text = text } end
local base = below(M.here .. "/../../themes/base")
if next(base) then
  local contract = M.compiler.contract(files)
  local result = M.compiler.compile(contract, { { name = "base", files = base } })
  local env, taken = M.stand_in.environment(contract.routes)
  local pages = assert(load(result.code, "=theme", "t", env))().pages
  local function draw(page, name, how)
    taken()
    page.title(make(contract.pages[name].type, how, 0), make(contract.shell, how, 0))
    local title = taken()
    assert(not title:find("<", 1, true), "an element in the title")
    page.body(make(contract.pages[name].type, how, 0), make(contract.shell, how, 0))
    return (taken())
  end
  local names = {}
  for name in pairs(pages) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    case("models: " .. name, function()
      local harmless, hostile = ways(HARMLESS), ways(HOSTILE)
      for i, how in ipairs(harmless) do
        local plain, evil = skeleton(draw(pages[name], name, how)), skeleton(draw(pages[name], name, hostile[i]))
        M.same({ evil }, { plain }, "way " .. i)
      end
    end)
  end
end
