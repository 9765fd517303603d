-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who defines blocks where they stand: a page (`b_NAME`, local functions), a layout (whose blocks are called through `b`,
-- so that a page can bring its own), or an override that brings blocks itself. A block is overridden alone by
-- blocks/PAGE/BLOCK.html (PAGE may be a layout's name too) of the themes nearer to the child; such a block runs under
-- guard(), with what it stands in for behind it.

local compiler = require "template.compiler"
local contexts = require "template.contexts"
local files = require "theme.files"
local slots = require "theme.slots"
local sources = require "theme.sources"
local tags = require "template.tags"
local types = require "template.types"

local quote = types.quote

local function parameters(args)
  local list = { "vm", "shell", "b" }
  for _, arg in ipairs(args) do list[#list + 1] = "v_" .. arg.name end
  return table.concat(list, ", ")
end

local function call_arguments(args)
  local list = { "vm", "shell", "b" }
  for _, arg in ipairs(args) do list[#list + 1] = arg.code end
  return table.concat(list, ", ")
end

-- The scope of a block: vm, shell, its arguments, and what is known of them where it stands.
local function block_scope(file, vm, args, facts)
  local scope = files.scope(file, vm)
  scope.facts = facts
  for _, arg in ipairs(args) do scope.vars[arg.name] = { code = "v_" .. arg.name, type = arg.type } end
  return scope
end

local Owner = {}
Owner.__index = Owner

function Owner.make(build, name, file, vm)
  return setmetatable({ build = build, name = name, file = file, vm = vm, title_apart = true,
                        functions = {}, order = {}, runs = {}, sites = {}, sources = {}, around = {} }, Owner)
end

function Owner:define(name, fn, w, args)
  self.functions[#self.functions + 1] = { fn = fn, w = w, args = args }
  self.order[#self.order + 1] = fn
  self.runs[fn] = w.run
end

local function override_path(folder, name) return "blocks/" .. folder .. "/" .. name .. ".html" end

-- Does the theme of this level override a block around this one, and bring the block there itself? Then whoever overrides
-- the block means that one.
function Owner:is_brought(name, folder, around, level)
  for _, outer in ipairs(around) do
    local path = override_path(folder, outer)
    if self.build.chain[level].files[path] then
      local file = files.make(self.build, level, path)
      tags.parse(file)
      if file.blocks[name] then return true end
    end
  end
end

-- An override's own function and those of the blocks in it; `behind` is the call of what it stands in for. Nil where it
-- has a mistake. Is it one run (template/writer.lua), it can fail only where what it stands in for would fail too.
function Owner:override(name, folder, level, site, behind)
  local build, path = self.build, override_path(folder, name)
  local file, stem = files.make(build, level, path), (self.prefix or "") .. ("o%d_%s"):format(level, name)
  tags.parse(file)
  if file.extends then file.report(file.extends_at, "block-extends") end
  local inner = Owner.make(build, self.name, file, self.vm)
  inner.prefix, inner.around = stem .. "_", { name, table.unpack(site.around) }
  local w = compiler.body(file, inner, file.tree, block_scope(file, self.vm, site.args, site.facts),
                          contexts.copy(site.state), behind)
  sources.based_on(build, file, name, site.source)
  slots.keeps(file, site.tree)
  if not files.done(build, file) then return nil end
  site.source = sources.of_file(build, file, site.args, site.source)
  self.sources[name] = site.source
  for inside, source in pairs(inner.sources) do self.sources[inside] = source end
  table.move(inner.functions, 1, #inner.functions, #self.functions + 1, self.functions)
  table.move(inner.order, 1, #inner.order, #self.order + 1, self.order)
  self:define(name, stem, w, site.args)
  return stem
end

-- blocks/OWNER/BLOCK.html of the themes below `level`, nearest to it first: each wraps the one before. Gives the function
-- to call.
function Owner:overrides(name, folder, level, site, fn)
  local current, given = fn, {}
  for i, arg in ipairs(site.args) do given[i] = { name = arg.name, type = arg.type, code = "v_" .. arg.name } end
  local arguments = call_arguments(given)
  for l = level - 1, 1, -1 do
    if self:is_brought(name, folder, site.around, l) then break end
    if self.build.chain[l].files[override_path(folder, name)] then
      self.build.used[l .. override_path(folder, name)] = true
      local own = self:override(name, folder, l, site, ("%s(%s)"):format(current, arguments))
      if own and self.runs[own] then
        current = own
      elseif own then
        local wrapped = own .. "_or"
        self.order[#self.order + 1] = wrapped
        self.functions[#self.functions + 1] = { fn = wrapped, args = site.args,
          guard = ("return guard(%s, %s, %s, %s)"):format(own, current, quote(self.name .. ":" .. name), arguments) }
        current = wrapped
      end
    end
  end
  return current
end

-- Called by the compiler where a block stands; gives the call that draws it, and the run that it is, if it is one.
function Owner:block(w, node, state, args)
  if self.sites[node.name] then return nil end
  local facts, file = w.scope.facts, w.file
  local site = { args = args, state = state, facts = facts, at = node.name_at, tree = node.body,
                 around = { table.unpack(self.around) } }
  self.sites[node.name] = site
  local fn = (self.prefix or "b_") .. node.name
  table.insert(self.around, 1, node.name)
  local body = compiler.body(file, self, node.body, block_scope(file, self.vm, args, facts), contexts.copy(state))
  table.remove(self.around, 1)
  self:define(node.name, fn, body, args)
  site.source = sources.of_block(self.build, file, node)
  self.sources[node.name] = site.source
  site.fn = self:overrides(node.name, self.name, file.level, site, fn)
  if node.name == "title" then return nil end
  if self.is_layout then return ("b.b_%s(%s)"):format(node.name, call_arguments(args)) end
  return ("%s(%s)"):format(site.fn, call_arguments(args)), self.runs[site.fn]
end

-- Writes what was defined.
function Owner:write(build)
  if #self.order > 0 then build.code[#build.code + 1] = "local " .. table.concat(self.order, ", ") end
  for _, part in ipairs(self.functions) do
    local head = ("%s = function(%s)"):format(part.fn, parameters(part.args))
    if part.guard then
      files.add_function(build, head, { lines = { "  " .. part.guard }, ats = {} })
    else
      files.add_function(build, head, part.w)
    end
  end
end

return Owner
