-- SPDX-License-Identifier: GPL-3.0-or-later
-- For fuzz_check: a theme's file as a style sheet, its values as colours, and as a page that was drawn. Gives
-- function(text).

local colour = require "theme.check.colour"
local css = require "theme.check.css"
local dom = require "theme.check.dom"

local function check_colour(text)
  local made = colour.read(text)
  if not made then return end
  for i = 1, 3 do assert(made[i] >= 0 and made[i] <= 1, text) end
  local ratio = colour.contrast(made, made)
  assert(ratio > 0.999 and ratio < 1.001)
end

local function check_sheet(text)
  local made = css.read(text)
  for _, one in ipairs(made) do
    assert(one.at >= 1 and one.at <= #text and one.property ~= "")
    local line, column = css.place(text, one.at)
    assert(line >= 1 and column >= 1)
    check_colour(one.value)
  end
  for _, one in ipairs(made.loose) do assert(one.text:find("^@")) end
  assert(not made.broken or type(made.broken[1]) == "string")
end

local function check_page(text)
  local tree = dom.parse(text)
  assert(type(dom.text(tree)) == "string")
  for _, node in ipairs(tree.elements) do
    assert(dom.show(node):find("^<") and node.parent)
    dom.above(node, function(up) return up.name == "main" end)
  end
  assert(#dom.all(tree, "a") <= #tree.elements)
end

return function(text)
  check_colour(text)
  check_sheet(text)
  check_page(text)
end
