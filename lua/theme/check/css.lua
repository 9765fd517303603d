-- SPDX-License-Identifier: GPL-3.0-or-later
-- A stylesheet as its declarations with their places: { selector, property, value, line, column, within = the at-rules
-- around it }, nested rules too; and its at-rules without a block. Enough for the rules about styles; what a browser
-- makes of it is not asked.

local M = {}

local function blank(text) return (text:gsub("[^\n]", " ")) end

-- Comments and strings keep their length, so that places stay.
local function bare(source)
  local text = source:gsub("/%*.-%*/", blank)
  return text
end

local function place(source, at)
  local line, start = 1, 1
  for stop in source:sub(1, at - 1):gmatch("()\n") do line, start = line + 1, stop + 1 end
  return line, at - start + 1
end

local function trim(text) return text:match("^%s*(.-)%s*$") end

-- The next of ; { } outside quotes and brackets.
local function stop_of(text, at)
  local depth = 0
  while true do
    local from = text:find("[\"'(){};]", at)
    if not from then return nil end
    local sign = text:sub(from, from)
    if sign == '"' or sign == "'" then
      local close = text:find(sign, from + 1, true)
      if not close then return nil, "quote", from end
      at = close + 1
    elseif sign == "(" then
      depth, at = depth + 1, from + 1
    elseif sign == ")" then
      depth, at = math.max(0, depth - 1), from + 1
    elseif depth == 0 then
      return from, sign
    else
      at = from + 1
    end
  end
end

local function declaration(made, text, from, to, stack)
  local start = text:find("%S", from)
  if not start or start > to then return end
  local property, value = text:sub(start, to):match("^([%w_-]+)%s*:%s*(.-)%s*$")
  local selectors, within = {}, {}
  for _, opened in ipairs(stack) do
    local into = opened:find("^@") and within or selectors
    into[#into + 1] = opened
  end
  if text:sub(start, start) == "@" then
    made.loose[#made.loose + 1] = { text = trim(text:sub(start, to)), at = start }
  elseif property then
    made[#made + 1] = { property = property, value = value, at = start, selector = table.concat(selectors, " "),
                        within = table.concat(within, " ") }
    local name = value:match("%s(%-%-[%w-]+)%s*:")
    if name then made.broken = made.broken or { "a ';' is missing before '" .. name .. "'", start } end
  elseif #stack > 0 then
    made.broken = made.broken or { "a ':' is missing in '" .. trim(text:sub(start, to)):sub(1, 40) .. "'", start }
  end
end

-- The declarations in order; `broken`: a sentence and its place where braces or quotes do not match.
function M.read(source)
  local text, made, stack, at = bare(source), { loose = {} }, {}, 1
  local open = text:find("/*", 1, true)
  if open then made.broken = { "a comment is not closed", open } end
  while true do
    local from, sign, where = stop_of(text, at)
    if not from then
      if sign == "quote" and not made.broken then made.broken = { "a quote is not closed", where } end
      break
    end
    if sign == "{" then
      stack[#stack + 1] = trim(text:sub(at, from - 1):gsub("%s+", " "))
    else
      declaration(made, text, at, from - 1, stack)
      if sign == "}" and #stack == 0 then
        made.broken = { "a '}' closes nothing", from }
        break
      end
      if sign == "}" then stack[#stack] = nil end
    end
    at = from + 1
  end
  if not made.broken and #stack > 0 then made.broken = { "a '{' is not closed", #source } end
  return made
end

M.place = place
return M
