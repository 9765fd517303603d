-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a form sends: what its reader typed or chose, and what the model had there; never a text of the theme, whose
-- author would else know the password that somebody sets. While a tag goes by, state.sends holds what its name and
-- value are made of, in all branches: { name = puts, value = puts }, of puts { at =, literal = } or
-- { at =, control =, path = } (types.lua). What is put to something else is no value of the model; `pieced` says so.

local M = {}

local sending = { input = true, button = true, select = true, textarea = true, option = true }

function M.start(state)
  state.sends = sending[state.tag] and { name = {}, value = {} } or nil
end

-- A literal or a value goes into the attribute in hand.
function M.put(state, put)
  local list = state.sends and state.sends[state.attribute]
  if not list then return end
  put.pieced = state.value ~= "" or state.holes
  list[#list + 1] = put
end

local function same(a, b) return a and b and a.var == b.var and a.path == b.path end

-- May a control of this name send that? The literals are what boxes that are ticked or not have to say.
local function fits(name, put)
  if put.pieced then return false end
  if name.literal == "q" then return true end
  if name.literal == "id" then return put.path ~= nil end
  if put.literal then return put.literal == "1" or put.literal == "0" and not name.literal end
  local control = put.control
  if not control or not name.control then return false end
  if control.of then return control.field == "value" and same(control.of, name.control) end
  return (control.field == "value" or control.field == "offer") and same(control, name.control)
end

local function fits_all(names, put)
  for _, name in ipairs(names) do
    if not fits(name, put) then return false end
  end
  return true
end

local function check(names, puts, report)
  for _, put in ipairs(puts) do
    if not fits_all(names, put) then report(put.at, "value-sent") end
  end
end

local function around(state)
  local element = state.open
  while element and element.name ~= "select" and element.name ~= "datalist" do element = element.outer end
  return element
end

-- An option without a value sends its text.
local function check_option(state, report)
  local element = around(state)
  if not element then return report(state.tag_at, "option-alone") end
  if element.name == "datalist" or #element.sends.name == 0 then return end
  local puts = state.attributes.value and state.sends.value or { { at = state.tag_at } }
  check(element.sends.name, puts, report)
end

-- At the end of a start tag.
function M.finish(state, report)
  if state.tag == "option" then
    check_option(state, report)
  elseif state.sends and state.attributes.name then
    check(state.sends.name, state.sends.value, report)
  end
end

-- The names of the text area around, if it is sent.
local function area(state)
  local sends = state.open and state.open.name == "textarea" and state.open.sends
  return sends and #sends.name > 0 and sends.name
end

function M.text(state, piece, at, report)
  local names = piece:find("%S") and area(state)
  if names then check(names, { { at = at, literal = piece } }, report) end
end

function M.value(state, put, report)
  local names = area(state)
  put.pieced = state.filled
  if not names then return end
  check(names, { put }, report)
  state.filled = true
end

return M
