-- SPDX-License-Identifier: GPL-3.0-or-later
-- The lines of one function of generated code. Literals and values are gathered and written as one
-- emit(format, value, ...) for each straight run. The format is what is written raw, with a hole for each value:
-- a NUL and a letter that says how it is written (lua/README.md). No literal holds a NUL.
-- Each function and each turn of a loop has an emit() that no condition skips, since emit() is where the code pays for
-- the time it takes.
-- A writer: { lines =, ats = (line -> offset in the template), indent =, lit = (the literal in hand),
--             format =, args = (of the emit in hand), at = (where it began), n = (names made), pays = (an emit was
--             written that no condition skips), file =, owner = }

local quote = require("template.types").quote

local M = {}

local RUN = 96          -- values of one emit


function M.start(file, owner)
  return { lines = {}, ats = {}, indent = 1, lit = {}, format = {}, args = {}, n = 0, file = file, owner = owner }
end

local indents = setmetatable({}, { __index = function(t, n)
  t[n] = ("  "):rep(n)
  return t[n]
end })

function M.line(w, text, at)
  w.lines[#w.lines + 1] = indents[w.indent] .. text
  w.ats[#w.lines] = at
end

local function close_literal(w)
  if #w.lit == 0 then return end
  local text = #w.lit == 1 and w.lit[1] or table.concat(w.lit)
  w.lit = {}
  if text:find("[ \n][ \n]") then text = text:gsub("([ \n])[ \n]+", "%1") end
  w.format[#w.format + 1] = text
end

function M.flush(w)
  close_literal(w)
  if #w.format == 0 then return end
  local format = quote(table.concat(w.format))
  M.line(w, ("emit(%s)"):format(#w.args == 0 and format or format .. ", " .. table.concat(w.args, ", ")), w.at)
  w.format, w.args, w.at, w.pays = {}, {}, nil, true
end

-- Behind the last line of a function or loop, which stands at `at` in the template.
function M.pay(w, at)
  M.flush(w)
  if not w.pays then M.line(w, 'emit("")', at) end
  w.pays = true
end

function M.literal(w, text, exact)
  if text == "" then return end
  if text:find("\0", 1, true) then text = text:gsub("%z", "\u{FFFD}") end
  if exact then
    -- kept as it is: close what came before, so that no squeezing crosses the border
    close_literal(w)
    w.format[#w.format + 1] = text
  else
    w.lit[#w.lit + 1] = text
  end
end

-- `hole`: how it is written, "e" (escaped) if not told.
function M.value(w, code, hole)
  close_literal(w)
  w.format[#w.format + 1] = "\0" .. (hole or "e")
  w.args[#w.args + 1] = code
  if #w.args == RUN then M.flush(w) end
end

-- A literal that depends on a condition.
function M.chosen(w, code) M.value(w, code, "r") end

-- Runs `write` with buffers of its own, one step further in. part.text is what it printed where that was
-- literals alone, as a Lua string; else part.lines and part.ats hold what it wrote.
function M.aside(w, part, write)
  local lit, format, args, lines, ats, at, pays = w.lit, w.format, w.args, w.lines, w.ats, w.at, w.pays
  w.lit, w.format, w.args, w.lines, w.ats, w.at, w.indent = {}, {}, {}, {}, {}, nil, w.indent + 1
  write()
  close_literal(w)
  if #w.lines == 0 and #w.args == 0 then part.text = quote(table.concat(w.format)) else M.flush(w) end
  part.lines, part.ats = w.lines, w.ats
  w.lit, w.format, w.args, w.lines, w.ats, w.at, w.pays = lit, format, args, lines, ats, at, pays
  w.indent = w.indent - 1
end

-- What was written aside goes here.
function M.take(w, part)
  if part.text and part.text ~= '""' then M.line(w, "  emit(" .. part.text .. ")", w.at) end
  for n, text in ipairs(part.lines) do
    w.lines[#w.lines + 1] = text
    w.ats[#w.lines] = part.ats[n]
  end
end

-- A name that no other of this function has.
function M.fresh(w, stem)
  w.n = w.n + 1
  return stem .. w.n
end

return M
