-- SPDX-License-Identifier: GPL-3.0-or-later
-- The files of a chain of themes while it is compiled: their mistakes with places, and the code that
-- grows from them. A build, which the modules of theme/ share, is made by inherit.lua.

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

function M.tell(file, at, message)
  at = math.max(1, math.min(at or 1, #file.source + 1))
  local row, column, start = M.place(file, at)
  column = (utf8.len(file.source:sub(start, at - 1)) or column - 1) + 1
  return ("%s:%d:%d: %s"):format(file.shown, row, column, message), row * 10000 + column, row, column
end

function M.finding(file, message, row, column, level)
  local plain, hint = message:match("^(.-) %- (did you mean .*)$")
  return { code = "MB010", level = level, theme = file.owner, path = file.path, line = row, column = column,
           message = plain or message, hint = hint }
end

function M.make(build, level, path, source)
  local theme = build.chain[level]
  local file = { path = path, source = source or theme.files[path], level = level, theme = build.theme,
                 contract = build.contract, mistakes = {}, doubts = {},
                 owner = theme.name, shown = level == 1 and path or theme.name .. "/" .. path }
  local function note(list, level_of)
    return function(at, message)
      if #list == MOST then return end
      local text, order, row, column = M.tell(file, at, message)
      if not list[text] then
        list[text] = true
        list[#list + 1] = { text = text, order = order, finding = M.finding(file, message, row, column, level_of) }
      end
    end
  end
  file.report, file.warn = note(file.mistakes, "error"), note(file.doubts, "warning")
  return file
end

function M.done(build, file)
  for list, into in pairs { [file.mistakes] = build.errors, [file.doubts] = build.warnings } do
    table.sort(list, function(a, b) return a.order < b.order end)
    for _, mistake in ipairs(list) do
      if not into[mistake.text] then
        into[mistake.text] = true
        into[#into + 1] = mistake.text
        build.findings[#build.findings + 1] = mistake.finding
      end
    end
  end
  return #file.mistakes == 0
end

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

function M.sorted(set)
  local list = {}
  for name in pairs(set) do list[#list + 1] = name end
  table.sort(list)
  return list
end

return M
