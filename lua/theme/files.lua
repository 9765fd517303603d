-- SPDX-License-Identifier: GPL-3.0-or-later
-- The files of a chain of themes while it is compiled: their mistakes with places, and the code that
-- grows from them. A build, which the modules of theme/ share, is made by inherit.lua.

local mistakes = require "theme.mistakes"

local M = {}

local MOST = 50   -- mistakes told of one file

function M.place(file, at)
  local starts = file.starts
  if not starts then
    starts = { 1 }
    for stop in file.source:gmatch("()\n") do starts[#starts + 1] = stop + 1 end
    file.starts = starts
  end
  local low, high = 1, #starts
  while low < high do
    local middle = (low + high + 1) // 2
    if starts[middle] <= at then low = middle else high = middle - 1 end
  end
  return low, at - starts[low] + 1, starts[low]
end

-- A mistake as a table; its text is what result.errors and result.warnings hold.
local function finding(file, at, kind, ...)
  at = math.max(1, math.min(at or 1, #file.source + 1))
  local row, column, start = M.place(file, at)
  column = (utf8.len(file.source:sub(start, at - 1)) or column - 1) + 1
  local code, level, said = mistakes.tell(kind, ...)
  local plain, hint = said:match("^(.-) %- (.*)$")
  return { code = code, kind = kind, level = level, theme = file.owner, path = file.path, line = row, column = column,
           message = plain or said, hint = hint }, ("%s:%d:%d: %s"):format(file.shown, row, column, said)
end

local function before(a, b)
  if a.finding.line ~= b.finding.line then return a.finding.line < b.finding.line end
  return a.finding.column < b.finding.column
end

-- Where a line begins.
function M.line_start(file, line)
  M.place(file, 1)
  return file.starts[math.min(line, #file.starts)]
end

-- Words of the theme's own templates that no language changes: told where its translations are looked at, and less
-- gravely while it has none.
local function plain_kind(build, level)
  if level > 1 or build.locale ~= "en" or not next(build.tags) then return nil end
  for path in pairs(build.chain[1].files) do
    if path:find("^po/.+%.po$") and path ~= "po/en.po" then return "text-english" end
  end
  return "text-plain"
end

function M.make(build, level, path, source)
  local theme = build.chain[level]
  local file = { path = path, source = source or theme.files[path] or "", level = level, theme = build.theme,
                 contract = build.contract, mistakes = {}, doubts = {},
                 owner = theme.name, shown = level == 1 and path or theme.name .. "/" .. path }
  if path:find("%.html$") then file.source = file.source:gsub("^\xEF\xBB\xBF", "") end   -- the mark of some editors
  -- What is told twice in the same words is one mistake.
  function file.report(at, kind, ...)
    if build.trusts and mistakes.is_html(kind) then return end
    if kind == "text-plain" then kind = plain_kind(build, level) end
    if not kind then return end
    local list = mistakes.stands_in_the_way(kind) and file.mistakes or file.doubts
    if #list == MOST then return end
    local made, text = finding(file, at, kind, ...)
    if list[text] then return end
    list[text] = true
    list[#list + 1] = { text = text, finding = made }
  end
  return file
end

-- Within a unit it is kept until the units before it have told theirs (units.tell).
function M.tell(build, list, mistake)
  local into = build[list]
  if build.unit then
    build.told[#build.told + 1] = { list = list, mistake = mistake }
  elseif not into[mistake.text] then
    into[mistake.text] = true
    into[#into + 1] = mistake.text
    build.findings[#build.findings + 1] = mistake.finding
  end
end

function M.done(build, file)
  for _, list in ipairs { "mistakes", "doubts" } do
    table.sort(file[list], before)
    for _, mistake in ipairs(file[list]) do M.tell(build, list == "mistakes" and "errors" or "warnings", mistake) end
  end
  return #file.mistakes == 0
end

-- Of the code's comments: the same whatever stands above.
function M.named(file) return file.owner .. "/" .. file.path end

-- How far a level is from base's: the same whatever stands above.
function M.rank(build, level) return #build.chain - level end

-- The levels of the chain that have this file, from `first` on.
function M.levels_with(build, path, first)
  local level = (first or 1) - 1
  return function()
    repeat level = level + 1 until level > #build.chain or build.chain[level].files[path]
    return build.chain[level] and level
  end
end

function M.add_function(build, head, w, foot)
  local out, map = build.code, build.map
  out[#out + 1] = head
  for i, text in ipairs(w.lines) do
    out[#out + 1] = text
    local at = w.ats[i]
    if at then map[#out] = w.file.shown .. ":" .. M.place(w.file, at) end
  end
  out[#out + 1] = foot or "end"
end

function M.scope(file, vm)
  local build = file.theme.build
  local scope = { vars = { shell = { code = "shell", type = build.contract.shell } }, facts = {}, file = file }
  if vm then scope.vars.vm = { code = "vm", type = vm } end
  return scope
end

return M
