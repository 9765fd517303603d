-- SPDX-License-Identifier: GPL-3.0-or-later
-- MB05x: is it HTML as the standard has it? What the compiler sees in each file is not told again; this is about
-- what only a whole page shows. The content models are those of the HTML Living Standard, section 4.

local dom = require "theme.check.dom"

local M = {}

local function set(words)
  local made = {}
  for word in words:gmatch("%S+") do made[word] = true end
  return made
end

local parents = {
  li = set "ul ol menu", tr = set "table thead tbody tfoot", td = set "tr", th = set "tr", thead = set "table",
  tbody = set "table", tfoot = set "table", caption = set "table", colgroup = set "table", col = set "colgroup",
  dt = set "dl div", dd = set "dl div", option = set "select optgroup datalist", optgroup = set "select",
  legend = set "fieldset", summary = set "details", figcaption = set "figure",
}
local children = {
  ul = set "li script", ol = set "li script", menu = set "li script", table = set "caption colgroup thead tbody tfoot tr script",
  thead = set "tr script", tbody = set "tr script", tfoot = set "tr script", tr = set "td th script",
  dl = set "dt dd div script", select = set "option optgroup hr", optgroup = set "option",
}
local phrasing_only = set [[p h1 h2 h3 h4 h5 h6 span b strong em i small code label button s u mark abbr cite kbd samp
                            var sub sup q dfn time data output bdi bdo summary legend dt]]
local flow = set [[address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header
                   hgroup hr main menu nav ol p pre search section table ul]]
local heading = set "h1 h2 h3 h4 h5 h6"
local may_hold_headings = set "summary legend"
local transparent = set "a ins del"

local function is_pressable(node)
  local name = node.name
  if name == "a" then return node.attributes.href ~= nil end
  if name == "input" then return node.attributes.type ~= "hidden" end
  return name == "button" or name == "select" or name == "textarea" or name == "summary"
end

-- The element whose content model counts.
local function holder(node)
  return dom.above(node, function(up) return not transparent[up.name] end)
end

local function check_place(node, tell)
  local up, name = node.parent.name, node.name
  if parents[name] and not parents[name][up] then
    tell("MB052", dom.show(node) .. " stands in <" .. tostring(up) .. ">", node)
  elseif children[up] and not children[up][name] then
    tell("MB052", dom.show(node) .. " stands in <" .. up .. ">", node)
  elseif flow[name] then
    local over = holder(node)
    if over and phrasing_only[over.name] and not (heading[name] and may_hold_headings[over.name]) then
      tell("MB052", dom.show(node) .. " stands in <" .. over.name .. ">", node)
    end
  end
end

local function check_press(node, tell)
  if not is_pressable(node) then return end
  local over = dom.above(node, function(up) return up.name == "a" or up.name == "button" end)
  if over then tell("MB053", dom.show(node) .. " stands in " .. dom.show(over), node) end
end

local references = { "for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers", "form" }

local function check_references(node, ids, tell)
  for _, name in ipairs(references) do
    for id in (node.attributes[name] or ""):gmatch("%S+") do
      if not ids[id] then tell("MB054", dom.show(node) .. " refers to '" .. id .. "' by " .. name, node) end
    end
  end
  local target = node.name == "a" and (node.attributes.href or ""):match("^#(.+)$")
  if target and not ids[target] then tell("MB054", dom.show(node) .. " leads to '" .. target .. "'", node) end
end

function M.page(tree, tell)
  local ids = {}
  for _, node in ipairs(tree.elements) do
    local id = node.attributes.id
    if id and ids[id] then tell("MB051", "the id '" .. id:gsub("%d+", "N") .. "'", node) end
    if id then ids[id] = true end
  end
  for _, node in ipairs(tree.elements) do
    if node.parent.name then check_place(node, tell) end
    check_press(node, tell)
    check_references(node, ids, tell)
  end
  for _, what in ipairs(tree.broken) do tell("MB052", what) end
end

return M
