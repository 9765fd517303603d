-- SPDX-License-Identifier: GPL-3.0-or-later
-- MB06x: can everybody use it? What needs no browser: names, labels, headings, landmarks, table headers (WCAG 2.2
-- 1.1.1, 1.3.1, 2.4.1, 2.4.3, 2.4.6, 4.1.2).

local dom = require "theme.check.dom"

local M = {}

local unlabelled = { hidden = true, submit = true, button = true, reset = true, image = true }

local function has_words(text) return text:find("[^%s]") ~= nil end

local function is_named(node)
  local a = node.attributes
  return has_words(a["aria-label"] or "") or has_words(a["aria-labelledby"] or "") or has_words(a.title or "")
end

-- A picture's alt counts, a decoration's emptiness does not.
local function speaks(node)
  if node.text then return has_words(node.text) end
  if node.attributes["aria-hidden"] == "true" then return false end
  if node.name == "img" then return has_words(node.attributes.alt or "") end
  if is_named(node) then return true end
  for _, child in ipairs(node.children) do
    if speaks(child) then return true end
  end
  return false
end

local function check_controls(tree, tell)
  local labels = {}
  for _, label in ipairs(dom.all(tree, "label")) do
    if label.attributes["for"] and speaks(label) then labels[label.attributes["for"]] = true end
  end
  for _, node in ipairs(tree.elements) do
    local name = node.name
    local control = name == "select" or name == "textarea" or name == "input" and not unlabelled[node.attributes.type or "text"]
    if control and not labels[node.attributes.id or ""] and not is_named(node)
       and not dom.above(node, function(up) return up.name == "label" and speaks(up) end) then
      tell("MB060", dom.show(node), node)
    elseif (name == "button" or name == "a" and node.attributes.href or name == "summary") and not speaks(node) then
      tell("MB061", dom.show(node), node)
    elseif name == "img" and not node.attributes.alt then
      tell("MB066", dom.show(node), node)
    elseif (tonumber(node.attributes.tabindex) or 0) > 0 then
      tell("MB068", dom.show(node), node)
    elseif (name == "meter" or name == "progress") and not is_named(node) and not labels[node.attributes.id or ""] then
      tell("MB069", dom.show(node), node)
    end
  end
end

local function check_headings(tree, tell)
  local before = 1
  for _, node in ipairs(tree.elements) do
    local level = tonumber(node.name:match("^h([1-6])$"))
    if level then
      if level > before + 1 then tell("MB062", ("<h%d> after <h%d>"):format(level, before), node) end
      before = level
    end
  end
  local n = #dom.all(tree, "h1")
  if n ~= 1 then tell("MB063", n == 0 and "there is none" or "there are " .. n) end
end

local function check_landmarks(tree, tell)
  local mains, navs, names = dom.all(tree, "main"), dom.all(tree, "nav"), {}
  if #mains ~= 1 then
    tell("MB064", #mains == 0 and "there is none" or "there are " .. #mains)
  elseif mains[1].attributes.id ~= "main" then
    tell("MB048", dom.show(mains[1]))
  end
  for _, nav in ipairs(navs) do
    local name = nav.attributes["aria-label"] or nav.attributes["aria-labelledby"] or ""
    if #navs > 1 and (name == "" or names[name]) then tell("MB067", dom.show(nav), nav) end
    names[name] = true
  end
end

local function check_tables(tree, tell)
  for _, node in ipairs(dom.all(tree, "table")) do
    local headed, scoped = false, true
    for _, th in ipairs(dom.all(tree, "th")) do
      if dom.above(th, function(up) return up == node end) then
        headed = true
        scoped = scoped and th.attributes.scope ~= nil
      end
    end
    if not headed then tell("MB065", dom.show(node) .. " has no <th>", node) end
    if headed and not scoped then tell("MB065", dom.show(node) .. " has a <th> without scope", node) end
  end
end

function M.page(tree, tell)
  check_controls(tree, tell)
  check_headings(tree, tell)
  check_landmarks(tree, tell)
  check_tables(tree, tell)
end

return M
