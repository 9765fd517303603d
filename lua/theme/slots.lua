-- SPDX-License-Identifier: GPL-3.0-or-later
-- What fills the slots of a chain: slots/SLOT.html, or several of slots/SLOT/NN-NAME.html in the order of their names.
-- A fill stands next to the other themes'; one of the same path stands in its parent's place. A fill that fails while
-- a page is made prints its parent's, or nothing.

local compiler = require "template.compiler"
local contexts = require "template.contexts"
local files = require "theme.files"
local sorted = require "theme.sorted"
local suggest = require "theme.suggest"
local tags = require "template.tags"
local types = require "template.types"
local writer = require "template.writer"

local M = {}

local quote = types.quote

-- "slots/mailbox.row.actions/10-log.html" -> "mailbox.row.actions", "10-log"
local function fill_of(path)
  local slot, name = path:match("^slots/([%w_.-]+)/([%w_.-]+)%.html$")
  if slot then return slot, name end
  return path:match("^slots/([%w_.-]+)%.html$"), ""
end

-- The slots that stand in a tree.
local function slots_in(list, into)
  for _, node in ipairs(list) do
    if node.kind == "slot" then into[node.name] = true end
    if node.kind == "parent" then into.parent = true end
    for _, part in ipairs(node.branches or {}) do slots_in(part.body, into) end
    for _, key in ipairs { "body", "otherwise", "empty" } do slots_in(node[key] or {}, into) end
  end
  return into
end

-- Tells which slots of the parent's tree a file that stands in its place leaves out.
function M.keeps(file, parent)
  if #file.mistakes > 0 then return end   -- what could not be read may have held it
  local kept = slots_in(file.tree, {})
  for _, name in ipairs(sorted(slots_in(parent, {}))) do
    if name ~= "parent" and not kept[name] and not kept.parent then file.report(1, "slot-left-out", name) end
  end
end

-- Tells where a slot is filled that will go.
local function warn(build, level, path, name)
  local deprecated, file = build.contract.slots[name].deprecated, files.make(build, level, path)
  if not deprecated then return end
  file.report(1, "deprecated-slot", name, deprecated.since or "?", deprecated.use or "another slot")
  files.done(build, file)
end

-- contract slot -> the names of its fills, sorted.
function M.read(build)
  local fills = {}
  for level, theme in ipairs(build.chain) do
    for _, path in ipairs(sorted(theme.files)) do
      local slot, name = fill_of(path)
      if not slot and path:find("^slots/") then
        local file = files.make(build, level, path)
        file.report(1, "fill-name")
        files.done(build, file)
      elseif slot and not build.contract.slots[slot] then
        local file = files.make(build, level, path)
        file.report(1, "unknown-slot", slot, suggest.hint(slot, build.contract.slots))
        files.done(build, file)
      elseif slot then
        warn(build, level, path, slot)
        fills[slot] = fills[slot] or {}
        fills[slot][name] = path
      end
    end
  end
  build.fills = fills
end

local owner = {
  block = function(_, w, node) w.file.report(node.at, "fill-block") end,
}

-- The fills of one path, the farthest theme's first: each is guarded, with the one before behind it. Gives what to call, and
-- the run that the nearest is, if it is one.
local function fill_write(build, name, path, parameters)
  local slot, behind, run, uses = build.contract.slots[name], nil, nil, build.uses["slot " .. name]
  for level = #build.chain, 1, -1 do
    if build.chain[level].files[path] then
      local file = files.make(build, level, path)
      tags.parse(file)
      if file.extends then file.report(file.extends_at, "fill-extends") end
      local scope = files.scope(file, nil)
      for _, arg in ipairs(slot.order) do scope.vars[arg] = { code = "v_" .. arg, type = slot.args[arg] } end
      local w = compiler.body(file, owner, file.tree, scope, contexts.start("text"),
                              behind and ("%s(%s)"):format(behind, parameters))
      if files.done(build, file) then
        uses[#uses + 1] = { file = file, of = file.uses or {} }
        local rank = files.rank(build, level)
        local own = ("S[%s]"):format(quote(("%s:%d"):format(path, rank)))
        build.code[#build.code + 1] = "-- " .. files.named(file)
        files.add_function(build, ("%s = function(%s)"):format(own, parameters), w)
        local guarded = ("S[%s]"):format(quote(("%s:%d?"):format(path, rank)))
        build.code[#build.code + 1] = ("%s = function(%s) return guard(%s, %s, %s, %s) end"):format(guarded, parameters,
                                       own, behind or "nothing", quote(path), parameters)
        behind, run = guarded, w.run
        build.slots[name].fills[path] = { theme = build.chain[level].name, path = path }
      end
    end
  end
  return behind, run
end

-- S[slot] = function(shell, arguments) calls each fill.
function M.write(build)
  for _, name in ipairs(sorted(build.contract.slots)) do
    build.slots[name] = build.slots[name] or { fills = {}, stands = {} }
  end
  for _, name in ipairs(sorted(build.fills)) do
    build.uses["slot " .. name] = {}
    local parameters, calls, run = { "shell" }, {}, { items = {}, holes = 0 }
    for _, arg in ipairs(build.contract.slots[name].order) do parameters[#parameters + 1] = "v_" .. arg end
    parameters = table.concat(parameters, ", ")
    for _, key in ipairs(sorted(build.fills[name])) do
      local call, own = fill_write(build, name, build.fills[name][key], parameters)
      if call then
        calls[#calls + 1] = ("  %s(%s)"):format(call, parameters)
        run = run and own and writer.joined(run, own)
      end
    end
    build.runs["slot " .. name] = run
    local code = build.code
    code[#code + 1] = ("S[%s] = function(%s)"):format(quote(name), parameters)
    for _, call in ipairs(calls) do code[#code + 1] = call end
    code[#code + 1] = "end"
  end
end

return M
