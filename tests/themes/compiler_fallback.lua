-- SPDX-License-Identifier: GPL-3.0-or-later
-- A theme whose blocks, components or fills fail: for each block of `base` an error is put into a child's override of
-- it, and the page is the one base would have made, to the byte.
local M = ...
local case, same = M.case, M.same

local below = dofile(M.here .. "/folder.lua").read
local files = {}
for path, text in pairs(below(M.here .. "/../../lua/contract")) do files[#files + 1] = { path = path, text = text } end
local base = { name = "base", files = below(M.here .. "/../../themes/base") }
local contract = M.compiler.contract(files)

local function compile(...)
  local result = M.compiler.compile(contract, { ... })
  local env, taken = M.stand_in.environment(contract.routes)
  return result, assert(load(result.code, "=theme", "t", env))().pages, env, taken
end

local plain, plain_pages, _, plain_taken = compile(base)

-- The page in several shapes: full, empty, between. `shell.version` says which block is to fail.
local function draw(pages, taken, name, fails, how)
  local vm, shell = M.make(contract.pages[name].type, how, 0), M.make(contract.shell, how, 0)
  shell.version = fails
  taken()
  pages[name].title(vm, shell)
  local title = taken()
  pages[name].body(vm, shell)
  return title .. "|" .. taken()
end

-- Two pages, and where they part.
local function alike(got, wanted, what)
  if got == wanted then return end
  local at = 1
  while got:byte(at) == wanted:byte(at) do at = at + 1 end
  error(("%s parts at %d:\n  wanted: ...%s\n  got: ...%s"):format(what, at, wanted:sub(math.max(1, at - 40), at + 80),
        got:sub(math.max(1, at - 40), at + 80)), 0)
end

-- Overrides for each block that fail when they are asked to, and else are their parent.
local function failing_blocks(result)
  local made, list = {}, {}
  for owner, blocks in pairs(result.sources) do
    for block in pairs(blocks) do
      local name = owner .. ":" .. block
      local text = '{% if shell.version == "' .. name .. '" %}half{{ 1 // 0 }}{% end %}'
      made["blocks/" .. owner .. "/" .. block .. ".html"] = text .. "{% parent %}"
      -- main and title: every page brings these itself in place of its layout's
      if contract.pages[owner] or block ~= "main" and block ~= "title" then
        list[#list + 1] = { name = name, owner = owner, block = block }
      end
    end
  end
  table.sort(list, function(a, b) return a.name < b.name end)
  return made, list
end

local overrides, list = failing_blocks(plain)
local child, pages, env, taken = compile({ name = "child", files = overrides }, base)

case("fallback: overrides of all blocks compile", function()
  same(child.errors, {}, "errors")
  assert(#list > 60, #list .. " blocks")
end)

-- The pages that draw this block: its own, or all in its layout.
local function pages_of(at)
  if pages[at.owner] then return { at.owner } end
  local names = {}
  for name in pairs(pages) do names[#names + 1] = name end
  table.sort(names)
  return names
end

for _, at in ipairs(list) do
  case("fallback: " .. at.name, function()
    env.fell_back = nil
    local fell = false
    for _, name in ipairs(pages_of(at)) do
      for _, how in ipairs { M.ways("x")[6], M.ways("x")[9], M.ways("x")[10], M.ways("x")[2] } do
        env.fell_back = nil
        local got = draw(pages, taken, name, at.name, how)
        fell = fell or env.fell_back == at.name
        if env.fell_back then alike(got, draw(plain_pages, plain_taken, name, at.name, how), name) end
      end
    end
    assert(fell, "no page drew it")
  end)
end

case("fallback: all blocks at once", function()
  local broken = {}
  for path in pairs(overrides) do broken[path] = "half{{ 1 // 0 }}" end
  local result, all, _, printed = compile({ name = "child", files = broken }, base)
  same(result.errors, {}, "errors")
  for name in pairs(all) do
    for _, how in ipairs { M.ways("x")[2], M.ways("x")[9] } do
      alike(draw(all, printed, name, "", how), draw(plain_pages, plain_taken, name, "", how), name)
    end
  end
end)

-- A fill that prints nothing leaves the blanks around its slot.
local function squeezed(page) return (page:gsub("%s+", " ")) end

case("fallback: components, and slots of all kinds", function()
  local broken = {}
  for path in pairs(base.files) do
    if path:find("^components/") then broken[path] = "half{{ 1 // 0 }}" end
  end
  for name in pairs(contract.slots) do broken["slots/" .. name .. ".html"] = "half{{ 1 // 0 }}" end
  local result, all, _, printed = compile({ name = "child", files = broken }, base)
  same(result.errors, {}, "errors")
  for name in pairs(all) do
    for _, how in ipairs { M.ways("x")[2], M.ways("x")[10] } do
      alike(squeezed(draw(all, printed, name, "", how)), squeezed(draw(plain_pages, plain_taken, name, "", how)), name)
    end
  end
end)

case("fallback: a mistake in a file leaves its parent's, four themes deep", function()
  local function theme(name, more)
    local made = { name = name, files = {} }
    for path, text in pairs(more) do made.files[path] = text end
    return made
  end
  local result, all, _, printed = compile(
    theme("c", { ["blocks/mailboxes.list/row.html"] = "{{ nope }}", ["pages/login.html"] = "{% if %}" }),
    theme("b", { ["blocks/mailboxes.list/row.html"] = "<tr><td>b {% if m.id >= 0 %}{{ 1 // 0 }}{% end %}</td></tr>" }),
    theme("a", { ["blocks/mailboxes.list/row.html"] = "<tr><td>from a</td></tr>" }), base)
  assert(#result.errors == 2, #result.errors)
  local how = M.ways("x")[10]
  assert(how.items > 0)
  assert(draw(all, printed, "mailboxes.list", "", how):find("<td>from a</td>", 1, true))
  alike(draw(all, printed, "login", "", how), draw(plain_pages, plain_taken, "login", "", how), "login")
end)

case("slots: base has each slot of the contract", function()
  for name in pairs(contract.slots) do assert(plain.slots[name].stands[1], name .. " stands nowhere") end
end)
