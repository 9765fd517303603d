-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reads a page that the renderer drew into a tree. Its HTML is regular (attributes in double quotes or bare, every
-- element closed), since the compiler and the host let nothing else out; what is not so is told in `broken`.
-- A node: name, attributes, children, parent, line, text (of a text node, decoded).

local list = require "template.html"

local M = {}

local void = { meta = true, link = true, use = true, path = true }
for name in pairs(list.void) do void[name] = true end
local raw = { script = true, textarea = true, title = true, style = true }

local entities = { amp = "&", lt = "<", gt = ">", quot = '"', ["#34"] = '"', ["#39"] = "'" }

local function decode(text)
  if not text:find("&", 1, true) then return text end
  return (text:gsub("&([%w#]+);", entities))
end

local function read_attributes(source)
  local made, at = {}, 1
  while true do
    local from, to, name = source:find("^%s*([^%s=>\"/]+)", at)
    if not from then return made end
    local _, stop, value = source:find('^="([^"]*)"', to + 1)
    made[name] = value and decode(value) or ""
    at = (stop or to) + 1
  end
end

local function add(parent, node)
  parent.children[#parent.children + 1] = node
  node.parent = parent
  return node
end

local function add_text(parent, text)
  if text ~= "" then add(parent, { text = decode(text) }) end
end

-- Closes the nearest element of that name; what stands open in it is broken.
local function close(tree, here, name)
  local node = here
  while node and node.name ~= name do node = node.parent end
  if not node then
    tree.broken[#tree.broken + 1] = "</" .. name .. "> closes nothing"
    return here
  end
  if node ~= here then tree.broken[#tree.broken + 1] = "<" .. here.name .. "> is not closed" end
  return node.parent
end

local function open(tree, here, name, inside)
  local node = add(here, { name = name, children = {}, attributes = read_attributes(inside:gsub("/$", "")) })
  tree.elements[#tree.elements + 1] = node
  if void[name] or inside:find("/$") then return here end
  return node
end

function M.parse(html)
  local tree = { children = {}, elements = {}, broken = {} }
  local here, at = tree, 1
  while true do
    local from, to, slash, name, inside = html:find("<(/?)([%a][%w-]*)([^>]*)>", at)
    if not from then break end
    add_text(here, html:sub(at, from - 1))
    at = to + 1
    name = name:lower()
    if slash == "/" then
      here = close(tree, here, name)
    else
      local inner = open(tree, here, name, inside)
      if raw[name] then
        local stop = html:find("</" .. name .. ">", at, true)
        add_text(inner, html:sub(at, (stop or #html + 1) - 1))
        at = stop or #html + 1
      end
      here = inner
    end
  end
  if here ~= tree then tree.broken[#tree.broken + 1] = "<" .. here.name .. "> is not closed" end
  return tree
end

-- All text in it, in order.
function M.text(node)
  if node.text then return node.text end
  local parts = {}
  for i, child in ipairs(node.children) do parts[i] = M.text(child) end
  return table.concat(parts)
end

function M.all(tree, name)
  local found = {}
  for _, node in ipairs(tree.elements) do
    if node.name == name then found[#found + 1] = node end
  end
  return found
end

-- The nearest ancestor that `is` answers for.
function M.above(node, is)
  local up = node.parent
  while up and up.name do
    if is(up) then return up end
    up = up.parent
  end
end

-- <input id="f-name" name="name">, for messages.
function M.show(node)
  local parts = { "<" .. node.name }
  for _, name in ipairs { "type", "id", "name", "class", "href" } do
    local value = node.attributes[name]
    if value and #value < 60 then parts[#parts + 1] = (' %s="%s"'):format(name, value) end
    if #parts == 3 then break end
  end
  return table.concat(parts) .. ">"
end

return M
