-- SPDX-License-Identifier: GPL-3.0-or-later
-- The lines of one function of generated code. Literals, values and branches that hold no more than these are gathered
-- and written as one emit(format, value, ...) for each straight run: the format (lua/README.md) says what is written raw, and
-- in each hole which value is written there, and how. No literal holds a NUL, with which a hole begins.
-- Each function and each turn of a loop has an emit() that no condition skips, since emit() is where the code pays for
-- the time it takes.
-- A writer: { lines =, ats = (line -> offset in the template), indent =, lit = (the literal in hand),
--             items = (of the emit in hand: texts and holes), holes = (how many), at = (where it began),
--             n = (names made), pays = (an emit was written that no condition skips), file =, owner = }
-- A hole: { letter =, code =, field =, other = }: the value, or the field of a record (or of one in it: "quota.level"); what
-- it is compared with. A function that is nothing but one run of holes whose values are there whenever it is called
-- needs no call: M.inline writes the run where the call would stand, with the arguments in place of the parameters.

local quote = require("template.types").quote

local M = {}

local RUN = 96          -- holes of one emit
local NESTED = 30       -- conditions within each other in one emit


function M.start(file, owner)
  return { lines = {}, ats = {}, indent = 1, lit = {}, items = {}, holes = 0, n = 0, file = file, owner = owner }
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
  w.items[#w.items + 1] = text
end

-- Each value is given once, and its number stands in the holes; a literal stands there itself. `of`: the item of a list, which is the first, and its list.
local function emit_code(items, of)
  local format, args, numbers = {}, {}, {}
  if of then args[1], numbers[of.item] = of.list, 1 end
  local function number(code)
    if not numbers[code] then
      args[#args + 1] = code
      numbers[code] = #args
    end
    return numbers[code]
  end
  local function literal(code)
    return code:match('^"([%w _.-]*)"$')
  end
  local function operand(code)
    return literal(code) and code or math.tointeger(code) and "#" .. code or number(code)
  end
  for i, item in ipairs(items) do
    if type(item) == "string" then
      format[i] = item
    elseif not item.code then
      format[i] = "\0" .. item.letter
    elseif item.letter == "e" and literal(item.code) then
      format[i] = literal(item.code)
    elseif item.letter == "r" then
      format[i] = ("\0r%d;"):format(number(item.code))
    else
      format[i] = ("\0%s%s%s%s;"):format(item.letter, operand(item.code), item.field and "." .. item.field or "",
                                        item.other and "," .. operand(item.other) or "")
    end
  end
  table.insert(args, 1, quote(table.concat(format)))
  return (of and "emit_each(" or "emit(") .. table.concat(args, ", ") .. ")"
end

function M.flush(w)
  close_literal(w)
  if #w.items == 0 then return end
  M.line(w, emit_code(w.items), w.at)
  w.items, w.holes, w.at, w.pays = {}, 0, nil, true
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
    w.items[#w.items + 1] = text
  else
    w.lit[#w.lit + 1] = text
  end
end

-- `letter`: how it is written, "e" (escaped) if not told. `field`: the value is that field of the record `of`.
function M.value(w, code, letter, of, field)
  close_literal(w)
  w.items[#w.items + 1] = { letter = letter or "e", code = field and of or code, field = field }
  w.holes = w.holes + 1
  if w.holes == RUN then M.flush(w) end
end

-- A literal that depends on a condition.
function M.chosen(w, code) M.value(w, code, "r") end

local kept = { "lit", "items", "holes", "lines", "ats", "at", "pays", "indent" }

-- Runs `write` with buffers of its own, one step further in. part.items is what it printed where that is one run, and
-- part.text, as a Lua string, where that is literals alone; else part.lines and part.ats hold what it wrote.
function M.aside(w, part, write)
  local outer = {}
  for _, key in ipairs(kept) do outer[key] = w[key] end
  w.lit, w.items, w.holes, w.lines, w.ats, w.at, w.indent = {}, {}, 0, {}, {}, nil, w.indent + 1
  write()
  close_literal(w)
  if #w.lines > 0 then
    M.flush(w)
  else
    part.items, part.holes, part.at = w.items, w.holes, w.at
    if w.holes == 0 then part.text = quote(table.concat(w.items)) end
  end
  part.lines, part.ats = w.lines, w.ats
  for _, key in ipairs(kept) do w[key] = outer[key] end
end

-- What was written aside goes here.
function M.take(w, part)
  if part.items and #part.items > 0 then M.line(w, "  " .. emit_code(part.items), part.at or w.at) end
  for n, text in ipairs(part.lines) do
    w.lines[#w.lines + 1] = text
    w.ats[#w.lines] = part.ats[n]
  end
end

-- A value that is there whenever the run is: a name, a literal or a setting.
local function is_plain(code)
  return code:find("^[%a_][%w_]*$") or code:find('^setting%(shell, "[%w_]+"%)$') or code:gsub("\\.", ""):find('^"[^"]*"$') or math.tointeger(code)
end

local tests = { ["?"] = true, ["!"] = true, ["="] = true, ["~"] = true, ["<"] = true, [">"] = true, ["("] = true, [")"] = true }

local function is_steady(hole)
  return (not hole.code or is_plain(hole.code)) and (not hole.other or is_plain(hole.other))
end

-- A loop whose body, written aside, is one run: a call for the whole list. `of`: { item =, list = }, as named in the code;
-- `index`: the number of the item, which only a loop in Lua knows. False where it is more.
function M.each(w, part, of, index)
  if #part.lines > 0 then return false end
  for _, item in ipairs(part.items) do
    if type(item) == "table" and (not is_steady(item) or item.code == index or item.other == index) then return false end
  end
  M.line(w, emit_code(part.items, of), part.at or w.at)
  w.pays = true
  return true
end

local function fits(part, last)
  if not part.items or not last and not part.test then return false end
  for _, item in ipairs(part.items) do
    if type(item) == "table" and not is_steady(item) then return false end
  end
  return last or is_steady(part.test)
end

local function depth_of(items)
  local depth, deepest = 0, 0
  for _, item in ipairs(items) do
    local letter = type(item) == "table" and item.letter
    if letter == "." then
      depth = depth - 1
    elseif tests[letter] then
      depth = depth + 1
      deepest = math.max(deepest, depth)
    end
  end
  return deepest
end

-- Branches written aside, the last without a condition, become part of the run; false where they do not fit.
function M.sections(w, parts)
  local holes = 0
  for i, part in ipairs(parts) do
    if not fits(part, i == #parts) or #parts + depth_of(part.items) > NESTED then return false end
    holes = holes + part.holes + 1
  end
  if holes >= RUN then return false end
  close_literal(w)
  if w.holes + holes >= RUN then M.flush(w) end
  for i, part in ipairs(parts) do
    if i > 1 and (part.test or #part.items > 0) then w.items[#w.items + 1] = { letter = "|" } end
    if part.test then w.items[#w.items + 1] = part.test end
    table.move(part.items, 1, #part.items, #w.items + 1, w.items)
  end
  for _ = 2, #parts do w.items[#w.items + 1] = { letter = "." } end
  w.holes = w.holes + holes
  return true
end

-- The first of two fields, or the second where that is not there.
function M.either(w, first, second)
  local function hole(letter, of) return { letter = letter, code = of.of, field = of.field } end
  return M.sections(w, { { test = hole("?", first), items = { hole("e", first) }, holes = 1 },
                         { items = { hole("e", second) }, holes = 1 } })
end

-- The run that a function is, if it is one: { items =, holes = }; asked before M.pay.
function M.run(w)
  close_literal(w)
  if #w.lines > 0 then return nil end
  for _, item in ipairs(w.items) do
    if type(item) == "table" and not is_steady(item) then return nil end
  end
  return { items = w.items, holes = w.holes }
end

-- Two runs, one after the other.
function M.joined(run, other)
  local items = table.move(run.items, 1, #run.items, 1, {})
  return { items = table.move(other.items, 1, #other.items, #items + 1, items), holes = run.holes + other.holes }
end

-- The hole with what is given in place of a parameter; nil where that is no value to be had by a name.
local function bound(hole, given)
  local argument = given[hole.code]
  if given[hole.other] then return nil end
  if not argument then return hole end
  local code, field, letter = argument.code, hole.field, hole.letter
  if argument.hole then                  -- of a filter: its text can be printed here, and nothing else asked of it
    if letter ~= "e" then return nil end
    code, letter = argument.held, argument.hole
  end
  if argument.of then code, field = argument.of, argument.field .. (field and "." .. field or "") end
  return is_plain(code) and { letter = letter, code = code, field = field, other = hole.other } or nil
end

-- Writes a run here. `given`: parameter -> { code =, of =, field = }. False where it does not fit.
function M.inline(w, run, given)
  if run.holes >= RUN then return false end
  local items = {}
  for i, item in ipairs(run.items) do
    local is_value = type(item) == "table" and item.code
    items[i] = is_value and bound(item, given) or not is_value and item or nil
    if not items[i] then return false end
  end
  close_literal(w)
  if w.holes + run.holes >= RUN then M.flush(w) end
  table.move(items, 1, #items, #w.items + 1, w.items)
  w.holes = w.holes + run.holes
  return true
end

-- A name that no other of this function has.
function M.fresh(w, stem)
  w.n = w.n + 1
  return stem .. w.n
end

return M
