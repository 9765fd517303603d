-- SPDX-License-Identifier: GPL-3.0-or-later
-- The lines of one function of generated code. Literals and values are gathered and written as one
-- emit(lit, val, lit, val, ...) for each straight run: odd arguments are written raw, even ones escaped.
-- A writer: { lines =, ats = (line -> offset in the template), indent =, lit = (the literal in hand),
--             args = (of the emit in hand), at = (where it began), n = (names made), file =, owner = }

local quote = require("template.types").quote

local M = {}

local RUN = 48          -- pairs of one emit: 96 arguments


function M.start(file, owner)
  return { lines = {}, ats = {}, indent = 1, lit = {}, args = {}, n = 0, file = file, owner = owner }
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
  local text = #w.lit == 1 and w.lit[1] or table.concat(w.lit)
  w.lit = {}
  if text:find("[ \n][ \n]") then text = text:gsub("([ \n])[ \n]+", "%1") end
  return quote(text)
end

function M.flush(w)
  if #w.lit > 0 or #w.args > 0 then
    if #w.lit > 0 then w.args[#w.args + 1] = close_literal(w) end
    M.line(w, "emit(" .. table.concat(w.args, ", ") .. ")", w.at)
    w.args, w.at = {}, nil
  end
end

function M.literal(w, text, exact)
  if text == "" then return end
  if exact then
    -- kept as it is: close what came before, so that no squeezing crosses the border
    if #w.lit > 0 then
      w.args[#w.args + 1] = close_literal(w)
      w.args[#w.args + 1] = "nil"
    end
    w.args[#w.args + 1] = quote(text)
    w.args[#w.args + 1] = "nil"
  else
    w.lit[#w.lit + 1] = text
  end
  if #w.args >= 2 * RUN then M.flush(w) end
end

function M.value(w, code)
  w.args[#w.args + 1] = #w.lit > 0 and close_literal(w) or '""'
  w.args[#w.args + 1] = code
  if #w.args >= 2 * RUN then M.flush(w) end
end

-- A literal that depends on a condition: it stands at a literal's place.
function M.chosen(w, code)
  if #w.lit > 0 then
    w.args[#w.args + 1] = close_literal(w)
    w.args[#w.args + 1] = "nil"
  end
  w.args[#w.args + 1] = code
  w.args[#w.args + 1] = "nil"
  if #w.args >= 2 * RUN then M.flush(w) end
end

-- Runs `write` with buffers of its own, one step further in. part.text is what it printed where that was
-- literals alone, as a Lua string; else part.lines and part.ats hold what it wrote.
function M.aside(w, part, write)
  local lit, args, lines, ats, at = w.lit, w.args, w.lines, w.ats, w.at
  w.lit, w.args, w.lines, w.ats, w.at, w.indent = {}, {}, {}, {}, nil, w.indent + 1
  write()
  if #w.lines == 0 and #w.args == 0 then part.text = close_literal(w) else M.flush(w) end
  part.lines, part.ats = w.lines, w.ats
  w.lit, w.args, w.lines, w.ats, w.at, w.indent = lit, args, lines, ats, at, w.indent - 1
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
