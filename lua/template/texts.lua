-- SPDX-License-Identifier: GPL-3.0-or-later
-- {% trans %}: texts for people with markup and values in them. Translators see "Delete <b>{m.email}</b>?"; what they
-- give back may hold the same values and elements within a line, and is held against the same lists as a template.

local contexts = require "template.contexts"
local strings = require "theme.strings"
local types = require "template.types"
local writer = require "template.writer"

local M = {}

local function report(w, at, ...) w.file.report(at, ...) end

local inline = {}
for name in ([[a abbr b bdi bdo br cite code data del dfn em i ins kbd mark q s samp small span strong sub sup time
               u var wbr]]):gmatch("%a+") do inline[name] = true end

-- What translators see of a part of the text; nil where it is a mistake.
local function message_part(w, part, holes)
  if part.kind == "text" then
    local hole = part.text:match("{[%w_.]+}")
    return not hole and part.text or report(w, part.at, "trans-braces", hole)
  end
  if part.kind ~= "print" then return part.kind ~= "bad" and report(w, part.at, "trans-holds") or nil end
  local value = part.value
  while value.op == "filter" do value = value.base end
  local name = types.shown(value)
  if not name or name:find("[^%w_.]") then return report(w, part.at, "trans-name") end
  holes[name] = holes[name] or part
  return "{" .. name .. "}"
end

-- The text for translators, "Delete <b>{name}</b>?", or nil; its values go into `holes` by name.
local function message_of(w, node, list, holes)
  local parts = {}
  for _, part in ipairs(list) do
    local text = message_part(w, part, holes)
    if not text then return nil end
    parts[#parts + 1] = text
  end
  local message = table.concat(parts):gsub("%s+", " "):gsub("^ ", ""):gsub(" $", "")
  return message ~= "" and message or report(w, node.at, "trans-empty")
end

-- Writes such a text. What is wrong in it is told where the tag stands.
local function message_write(w, print, state, node, message, holes)
  local function literal(text)
    contexts.feed(state, text, node.at, function(piece) writer.literal(w, piece, state.mode == "attribute") end,
                  function(_, ...) w.file.report(node.at, ...) end)
  end
  for name in message:gmatch("</?(%a[%w-]*)") do
    if not inline[name:lower()] then report(w, node.at, "trans-element", name) end
  end
  local from = 1
  for at, name, past in message:gmatch("(){([%w_.]+)}()") do
    literal(message:sub(from, at - 1))
    if holes[name] then print(w, state, holes[name]) else report(w, node.at, "trans-name") end
    from = past
  end
  literal(message:sub(from))
end

-- Would the translation stand here? It is written for nothing, to see.
local function message_fits(w, print, state, node, message, holes)
  local file, fits = {}, true
  for key, value in pairs(w.file) do file[key] = value end
  function file.report() fits = false end
  local trial = writer.start(file, w.owner)
  trial.scope = types.scope_inside(w.scope)
  trial.scope.file = file
  local ended = contexts.copy(state)
  ended.translated = true
  message_write(trial, print, ended, node, message, holes)
  contexts.unclosed(ended, state.open, file.report)
  return fits and ended.open == state.open and ended.mode == state.mode
end

-- A message, or its translation where that fits; what is wrong in the message itself is told.
local function message_put(w, print, state, node, message, translated, holes)
  if translated ~= message and message_fits(w, print, state, node, translated, holes) then
    message = translated
  elseif translated ~= message then
    report(w, node.at, "trans-wrong")
  end
  local ended = contexts.copy(state)
  ended.translated = true
  message_write(w, print, ended, node, message, holes)
  contexts.unclosed(ended, state.open, w.file.report)
  if ended.open ~= state.open or ended.mode ~= state.mode then report(w, node.at, "context-left", "trans") end
end

-- A form of the plural for each number the language's rule gives.
local function plural_put(w, print, state, node, one, holes)
  local many = message_of(w, node, node.many, holes)
  if not many then return end
  local forms, rule = strings.say(w.file, node.at, one, many, node.context)
  local pays = w.pays
  local chosen = writer.fresh(w, "k")
  writer.line(w, ("local %s = %s(v_%s)"):format(chosen, rule or "P.en", node.count.name), node.at)
  for i, form in ipairs(forms) do
    local last = i == #forms
    if last and i > 1 then
      writer.line(w, "else", node.at)
    else
      writer.line(w, ("%s %s == %d then"):format(i == 1 and "if" or "elseif", last and "0" or chosen, i - 1), node.at)
    end
    w.indent = w.indent + 1
    message_put(w, print, state, node, i == 1 and one or many, form, holes)
    writer.flush(w)
    w.indent = w.indent - 1
  end
  writer.line(w, "end", node.at)
  w.pays = pays
end

-- `print` writes a {{ print }}.
function M.put(w, state, node, print)
  local outer, holes = w.scope, {}
  if node.many then
    local count = node.count
    if types.find_var(outer, count.name) then report(w, count.at, "name-taken", count.name) end
    writer.flush(w)
    writer.line(w, ("do local v_%s = %s"):format(count.name, types.int_operand(outer, count.value).code), node.at)
    w.scope = types.scope_inside(outer)
    w.scope.vars[count.name] = { code = "v_" .. count.name, type = types.INT }
  end
  local message = message_of(w, node, node.body, holes)
  if message and node.many then
    plural_put(w, print, state, node, message, holes)
  elseif message then
    message_put(w, print, state, node, message, strings.say(w.file, node.at, message, nil, node.context), holes)
  end
  if node.many then writer.line(w, "end", node.at) end
  w.scope = outer
end

return M
