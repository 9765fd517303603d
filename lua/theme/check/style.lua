-- SPDX-License-Identifier: GPL-3.0-or-later
-- MB11x: sides by their logical names, nothing forced, colours in tokens only, nothing from elsewhere.

local css = require "theme.check.css"
local properties = require "theme.check.properties"
local sorted = require "theme.sorted"
local suggest = require "theme.suggest"

local M = {}

local physical = { left = true, right = true, ["border-left"] = true, ["border-right"] = true }
for _, what in ipairs { "margin", "padding", "border", "scroll-margin", "scroll-padding" } do
  for _, side in ipairs { "left", "right" } do
    physical[what .. "-" .. side] = true
    for _, part in ipairs { "width", "color", "style" } do physical[what .. "-" .. side .. "-" .. part] = true end
  end
end
local sided_values = { ["text-align"] = true, float = true, clear = true }

local function is_physical(one)
  return physical[one.property] or sided_values[one.property] and (one.value:match("^left") or one.value:match("^right"))
end

-- Hiding must win, and paper and forced colours are not the theme's.
local function may_force(one)
  return one.property == "display" and one.value:find("^none") or one.within:find("print", 1, true)
         or one.within:find("prefers-reduced-motion", 1, true) or one.within:find("forced-colors", 1, true)
end

local painted = { color = true, fill = true, stroke = true, outline = true, background = true, border = true,
                  caret = true, accent = true, text = true }

local function is_paint(property)
  local first = property:match("^%a+")
  return painted[first] and (property == first or property:find("color", 1, true) or property:find("^border%-")
         or property:find("^background%-image")) ~= nil
end

-- What is seen through, a shadow and a mixture of tokens belong to no scheme.
local function has_colour(one)
  if not is_paint(one.property) then return false end
  local value = one.value:gsub("url%b()", ""):gsub("color%-mix%b()", ""):gsub('%b""', ""):gsub("%b''", "")
  for digits in value:gmatch("#(%x+)") do
    if #digits == 3 or #digits == 6 then return true end
  end
  for _, inside in value:gmatch("%f[%w](%a+)(%b())") do
    if value:find("rgb" .. inside, 1, true) and not inside:find("[/,].*[/,].*[/,]") then return true end
  end
  return value:find("hsl%(") ~= nil or value:find("oklch%(") ~= nil
end

local function leaves(url) return url:find("^%a[%w+.-]*:") or url:find("^//") end

-- What a value loads from elsewhere: url(...), and what image-set() and its kin take as a bare text.
local function loads(value)
  for url in value:gmatch("url%(%s*[\"']?([^\"')]*)") do
    if leaves(url) then return url end
  end
  if value:find("image") or value:find("src%(") then
    for text in value:gmatch("[\"']([^\"']*)[\"']") do
      if leaves(text) then return text end
    end
  end
  local plain = value:gsub('%b""', ""):gsub("%b''", "")
  if plain:find("\\", 1, true) then return value end
end

-- The custom properties that the theme gives and reads, for M.names.
local function collect(names, read, path, line_of)
  for _, one in ipairs(read) do
    local given = one.property:match("^%-%-(.+)$")
    if given and not names.given[given] then names.given[given] = { path = path, at = { line_of(one.at) } } end
    for name, behind in one.value:gmatch("var%(%s*%-%-([%w_-]+)%s*([,)])") do
      if not names.read[name] then names.read[name] = { path = path, at = { line_of(one.at) }, bare = behind == ")" } end
    end
  end
end

-- files of the chain that a url() of a style may name.
local function is_there(chain, url)
  local name = url:match("[^/]+$") or url
  for _, theme in ipairs(chain) do
    if theme.files[name] or theme.files["assets/" .. name] then return true end
  end
end

function M.missing(chain, read, path, source, tell)
  for _, one in ipairs(read) do
    for url in one.value:gmatch("url%(%s*[\"']?([^\"')]*)") do
      if url ~= "" and not leaves(url) and not url:find("^[#/]") and not is_there(chain, url) then
        tell("MB117", url, path, css.place(source, one.at))
      end
    end
  end
end

-- reads: { { read, path, source, own }, ... } of the whole chain. What the theme itself gives and nobody reads, or
-- reads and nobody gives.
function M.names(reads, tell)
  local all, own = { given = {}, read = {} }, { given = {}, read = {} }
  for _, one in ipairs(reads) do
    local function line_of(at) return css.place(one.source, at) end
    collect(all, one.read, one.path, line_of)
    if one.own then collect(own, one.read, one.path, line_of) end
  end
  for _, name in ipairs(sorted(own.given)) do
    local one = own.given[name]
    if not all.read[name] then
      tell("MB115", "--" .. name .. suggest.hint(name, all.read):gsub("'", "'--", 1), one.path, table.unpack(one.at))
    end
  end
  for _, name in ipairs(sorted(own.read)) do
    local one = own.read[name]
    if one.bare and not all.given[name] and not name:find("^set%-") then
      tell("MB116", "--" .. name .. suggest.hint(name, all.given), one.path, table.unpack(one.at))
    end
  end
end

local lengths = { gap = 1, width = 1, height = 1, inset = 1, ["inline-size"] = 1, ["block-size"] = 1, ["row-gap"] = 1,
                  ["column-gap"] = 1, ["font-size"] = 1, ["letter-spacing"] = 1, ["outline-offset"] = 1, ["text-indent"] = 1 }
for _, first in ipairs { "margin", "padding", "inset", "min", "max" } do lengths[first] = lengths[first] or 1 end

local function is_length(property)
  if lengths[property] then return true end
  local first = property:match("^(%a+)%-")
  return lengths[first] ~= nil and first ~= "row" or property:find("^border.*width$") ~= nil or property:find("^border.*radius$") ~= nil
end

-- A browser leaves out what it cannot read, without a word.
local function unread(one)
  if one.property:find("^%-") then return nil end
  if not properties[one.property:lower()] then
    local near = suggest.nearest(one.property, properties)
    return near and ("%s - did you mean '%s'?"):format(one.property, near)
  end
  if not is_length(one.property:lower()) then return nil end
  for word in one.value:gsub("%b()", " "):gmatch("[^%s,/]+") do
    if word:find("^[+-]?%d*%.?%d+$") and tonumber(word) ~= 0 then
      return ("%s: %s - a length has a unit: %srem, %spx"):format(one.property, one.value, word, word)
    end
  end
end

local drawn = { outline = true, border = true, background = true, box = true, text = true }

-- A ring around what has the focus, or none of it; nil: about something else.
local function ring_of(one)
  if one.property:find("^outline") and one.property ~= "outline-offset" and one.property ~= "outline-color" then
    return not (one.value:find("^none") or one.value:find("^0%a*$") or one.value:find("^0%a* ")
                or one.value:find("^hidden") or one.value:find("%snone"))
  end
  local first = one.property:match("^%a+")
  return drawn[first] and not one.value:find("^none") and one.property ~= "text-align" or nil
end

-- What the browser or the page moves the focus to, and nobody presses: the page's main part, a list of mistakes.
local function is_target(selector)
  local subject = selector:gsub(":[%w-]+%b()", ""):gsub(":[%w-]+", "")
  return subject:find("tabindex=.?%-1") or subject:find("main$") or subject:find("summary$") and subject:find("%.")
end

local function parts(selector)
  local list, flat = {}, selector:gsub("%b()", function(inside) return (inside:gsub(",", "\1")) end)
  for part in flat:gmatch("[^,]+") do list[#list + 1] = part:gsub("\1", ","):match("^%s*(.-)%s*$") end
  return list
end

-- Rules that take the ring away: without another in the same rule, in what is nested there, or for :focus-visible.
local function ringless(read)
  local rings, found = {}, {}
  for _, one in ipairs(read) do
    if ring_of(one) then rings[one.within .. one.selector:gsub("%s*&.*$", "")] = true end
  end
  for _, one in ipairs(read) do
    local visible = one.selector:gsub(":focus%f[^%w-]", ":focus-visible")
    local replaced = rings[one.within .. one.selector] or visible ~= one.selector and rings[one.within .. visible]
    if ring_of(one) == false and not replaced and not one.within:find("print", 1, true) then
      for _, part in ipairs(parts(one.selector)) do
        if not is_target(part) and not part:find(":not(:focus-visible)", 1, true) then found[#found + 1] = one break end
      end
    end
  end
  return found
end

-- tell(code, what, path, line, column)
function M.file(path, source, tell)
  local read = css.read(source)
  local function at(one, code, what)
    local line, column = css.place(source, one.at)
    tell(code, what, path, line, column)
  end
  if read.broken then at({ at = read.broken[2] }, "MB114", read.broken[1]) end
  for _, one in ipairs(read) do
    local url = loads(one.value)
    if is_physical(one) then at(one, "MB110", one.property .. ": " .. one.value) end
    if one.value:find("!%s*important") and not may_force(one) then at(one, "MB111", one.property) end
    if has_colour(one) then at(one, "MB112", one.property .. ": " .. one.value) end
    if url then at(one, "MB113", url) end
    local why = unread(one)
    if why then at(one, "MB119", why) end
  end
  for _, one in ipairs(ringless(read)) do at(one, "MB118", one.selector .. " { " .. one.property .. ": " .. one.value .. " }") end
  for _, one in ipairs(read.loose) do
    if one.text:find("^@import") then at(one, "MB113", one.text .. ": a theme's styles are app.css and tokens.css alone") end
  end
  return read
end

return M
