-- SPDX-License-Identifier: GPL-3.0-or-later
-- MB04x: what a theme may not drop. The model of a page says what it must offer: its forms with every field, its
-- mistakes, its buttons, the ways that the contract marks (`must` of a page), a secret that is shown once.

local dom = require "theme.check.dom"

local M = {}

-- What is in the page, to look things up.
local function index(tree)
  local page = { forms = {}, hrefs = {} }
  for _, node in ipairs(tree.elements) do
    if node.name == "form" then
      local action = node.attributes.action or ""
      page.forms[action] = page.forms[action] or {}
      table.insert(page.forms[action], node)
    elseif node.name == "a" and node.attributes.href then
      page.hrefs[node.attributes.href] = true
    elseif node.name == "input" and node.attributes.name == "id" and node.attributes.type == "checkbox" then
      page.has_picks = true
    end
  end
  page.text = dom.text(tree)
  return page
end

local function controls(form)
  local made = { names = {}, submits = 0 }
  local function walk(node)
    for _, child in ipairs(node.children or {}) do
      local a = child.attributes
      if a and a.name then made.names[a.name] = true end
      if child.name == "button" and (a.type or "submit") == "submit" then made.submits = made.submits + 1 end
      walk(child)
    end
  end
  walk(form)
  return made
end

local function has_all(form, drawn)
  for _, field in ipairs(form.fields) do
    if not drawn.names[field.name] then return false, field.name end
  end
  return true
end

-- The drawn form that has most of it, since two may go to one address.
local function best(form, nodes)
  for _, node in ipairs(nodes) do
    local drawn = controls(node)
    if has_all(form, drawn) then return drawn end
  end
  return controls(nodes[1])
end

local function check_form(form, where, page, tell)
  local nodes = page.forms[form.action]
  if not nodes then return tell("MB041", where) end
  local drawn = best(form, nodes)
  local _, missing = has_all(form, drawn)
  if missing then tell("MB042", where .. ": '" .. missing .. "'") end
  if drawn.submits == 0 then tell("MB043", where) end
  if form.generate and not drawn.names.generate then tell("MB043", where .. ": 'generate'") end
end

-- The form below a list changes what is picked in its rows.
local function check_bulk(form, where, page, tell)
  check_form(form, where, page, tell)
  if not page.has_picks then tell("MB050", where) end
end

local function check_mistakes(form, where, page, tell)
  if form.error and not page.text:find(form.error, 1, true) then tell("MB044", where .. ".error") end
  for _, mistake in ipairs(form.errors) do
    if not page.text:find(mistake.text, 1, true) then tell("MB044", where .. ".errors: '" .. mistake.name .. "'") end
  end
end

local function check_action(action, where, page, tell)
  for _, node in ipairs(page.forms[action.url] or {}) do
    if controls(node).names[action.name] then return end
  end
  tell("MB047", where)
end

local function check_pager(pager, where, page, tell)
  for _, way in ipairs { "previous", "next" } do
    if pager[way] and not page.hrefs[pager[way]] then tell("MB045", where .. "." .. way) end
  end
end

local checks = { Form = function(...) check_form(...) check_mistakes(...) end, BulkForm = check_bulk, Pager = check_pager, Action = check_action }

local function walk(made, value, where, page, tell)
  if value == nil then return end
  if made.kind == "record" and checks[made.name] then
    -- A record is shown with its button where it is a row; elsewhere it may only be named.
    local due = made.name ~= "Action" or where:find("[]", 1, true)
    return due and checks[made.name](value, where, page, tell)
  end
  if made.kind == "record" then
    for name, of in pairs(made.fields) do walk(of, value[name], where .. "." .. name, page, tell) end
  elseif made.kind == "list" then
    for _, one in ipairs(value) do walk(made.of, one, where .. "[]", page, tell) end
  end
end

-- "delete", "rows.url", "shell.nav.url": addresses that the page must link, each of a list. False once it was told.
local function check_must(value, path, where, page, tell)
  if value == nil or type(value) ~= "table" and page.hrefs[value] then return true end
  if type(value) ~= "table" then
    tell("MB045", where)
    return false
  end
  for _, one in ipairs(value) do
    if not check_must(one, path, where .. "[]", page, tell) then return false end
  end
  local name, rest = path:match("^([^.]+)%.?(.*)$")
  return #value > 0 or not name or check_must(value[name], rest, where .. "." .. name, page, tell)
end

-- What the last change did, and what a server admin has to know.
local function check_said(shell, page, tell)
  if shell.flash and not page.text:find(shell.flash.text, 1, true) then tell("MB049", "shell.flash") end
  for _, notice in ipairs(shell.notices) do
    if not page.text:find(notice.text, 1, true) then return tell("MB049", "shell.notices") end
  end
end

-- contract_page: of the contract; model: of the case that was drawn.
function M.page(contract_page, model, tree, tell)
  local page = index(tree)
  walk(model.vm_type, model.vm, "vm", page, tell)
  for _, path in ipairs(contract_page.must or {}) do
    local frame = path:match("^shell%.(.+)$")
    check_must(frame and model.shell or model.vm, frame or path, frame and "shell" or "vm", page, tell)
  end
  check_said(model.shell, page, tell)
  local mistakes = contract_page.mistakes
  if mistakes and model.vm[mistakes] and not page.text:find(model.vm[mistakes], 1, true) then tell("MB044", "vm." .. mistakes) end
end

return M
