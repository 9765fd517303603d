-- SPDX-License-Identifier: GPL-3.0-or-later
-- Components of a chain: the types in their headers, and one function for each name. A child's
-- component stands wherever its parent's is used, so it must take the same arguments.

local compiler = require "template.compiler"
local contexts = require "template.contexts"
local expressions = require "template.expressions"
local files = require "theme.files"
local lexer = require "template.lexer"
local schema = require "schema"
local sorted = require "theme.sorted"
local suggest = require "theme.suggest"
local tags = require "template.tags"
local types = require "template.types"
local units = require "theme.units"

local M = {}

local function path_of(name) return "components/" .. name .. ".html" end

-- A type as far as a caller can tell.
local function type_shown(made)
  return { made.kind, made.name or "", made.optional or false, made.values or {}, made.of and type_shown(made.of) }
end

M.type_shown = type_shown

local plain = { text = 1, int = 1, bool = 1, url = 1, time = 1, id = 1, count = 1, secret = 1 }

local function header_type(r, contract)
  local token = expressions.take_name(r, "a type")
  local made
  if token.value == "list" then
    local bracket = expressions.take(r, "(")
    made = schema.type_make("list", { of = header_type(r, contract) })
    if bracket then expressions.expect(r, ")") end
  elseif token.value == "enum" then
    expressions.expect(r, "(")
    made = schema.type_make("enum", { values = {}, has = {} })
    repeat
      local word = expressions.peek(r)
      if word.type ~= "string" then expressions.fail(word, "header-enum") end
      r.i = r.i + 1
      made.values[#made.values + 1], made.has[word.value] = word.value, true
    until not expressions.take(r, ",")
    expressions.expect(r, ")")
  elseif plain[token.value] then
    made = schema.type_make(token.value)
  elseif contract.records[token.value] then
    made = schema.type_make("record", { name = token.value, fields = contract.records[token.value] })
  else
    local known = { list = 1, enum = 1 }
    for name in pairs(plain) do known[name] = 1 end
    for name in pairs(contract.records) do known[name] = 1 end
    expressions.fail(token, "unknown-type", token.value, suggest.hint(token.value, known))
  end
  while expressions.take(r, "[") do
    expressions.expect(r, "]")
    made = schema.type_make("list", { of = made })
  end
  if expressions.take(r, "?") then made.optional = true end
  return made
end

local function header_read(file, at)
  local tokens, why, wrong_at = lexer.code(file.source, at, "#}")
  if not tokens then expressions.fail({ at = wrong_at }, table.unpack(why)) end
  local r = expressions.reader(tokens)
  local args, order = {}, {}
  while expressions.peek(r).type ~= "end" do
    local name = expressions.take_name(r, "an argument's name")
    if args[name.value] or name.value == "shell" or name.value == "vm" or name.value == "loop" then
      expressions.fail(name, "name-taken", name.value)
    end
    expressions.expect(r, "=")
    args[name.value] = header_type(r, file.contract)
    order[#order + 1] = name.value
    if #order > 30 then expressions.fail(name, "component-arguments") end
    if not expressions.take(r, ",") then break end
  end
  expressions.finish(r)
  return { args = args, order = order }
end

-- {# args: form=Form, label=text? #} among the comments at the top of a component.
local function component_header(file)
  for _, piece in ipairs(file.pieces or {}) do
    if piece.kind == "comment" then
      local before = piece.text:match("^%s*args:()")
      if before then
        file.header_at = piece.at + 2 + before - 1
        local ok, made = pcall(header_read, file, file.header_at)
        if ok then return made, piece.at end
        if type(made) ~= "table" then error(made, 0) end
        file.report(made.at, table.unpack(made.mistake))
        return { args = {}, order = {} }, piece.at
      end
    elseif piece.kind ~= "text" or piece.text:find("%S") then
      break
    end
  end
end

-- A child's component stands where its parent's was used, so it must take the same arguments.
local function header_fits(file, at, own, parent)
  for _, name in ipairs(parent.order) do
    local wanted, given = parent.args[name], own.args[name]
    if not given then
      file.report(at, "argument-dropped", name)
    elseif types.misfit({ type = wanted }, given) or wanted.optional and not given.optional then
      file.report(at, "argument-changed", name)
    end
  end
  for _, name in ipairs(own.order) do
    if not parent.args[name] and not own.args[name].optional then
      file.report(at, "argument-new", name)
    end
  end
end

-- Headers first (a file's own, or its parent's), then bodies, which may use each other.
local function component_files(build, name)
  local path = path_of(name)
  local found, parent = {}, nil
  for level = #build.chain, 1, -1 do
    if build.chain[level].files[path] then
      local file = files.make(build, level, path)
      tags.parse(file)
      local header, at = component_header(file)
      if file.extends then file.report(file.extends_at, "component-extends") end
      if header and parent then header_fits(file, at, header, parent) end
      if header and parent and #file.mistakes == 0 then
        -- the parent's arguments first, so that its body can stand in for this one's
        local order = { table.unpack(parent.order) }
        for _, arg in ipairs(header.order) do
          if not parent.args[arg] then order[#order + 1] = arg end
        end
        header.order = order
      end
      file.header = #file.mistakes == 0 and header or parent or { args = {}, order = {} }
      parent = file.header
      table.insert(found, 1, file)
    end
  end
  return found
end

-- Read when the component is first asked for.
local function files_of(build, name)
  if not build.component_files[name] then
    build.component_files[name] = units.within(build, "header " .. name, component_files, build, name)
  end
  return build.component_files[name]
end

local component_owner = {
  block = function(_, w, node)
    w.file.report(node.at, "component-block")
  end,
}

-- The farthest theme's is written first. A nearer one is guarded, with the one before behind it; one with a
-- mistake is passed over. What is one run (writer.lua) is written into its callers: it can fail only where the model is
-- not what the contract says, and there the one behind it would fail as well.
local function component_write(build, name)
  local quote, behind = types.quote, nil
  build.uses[name] = {}
  local list = files_of(build, name)
  for i = #list, 1, -1 do
    local file = list[i]
    local scope = files.scope(file, nil)
    local names = { "shell" }
    for _, arg in ipairs(file.header.order) do
      scope.vars[arg] = { code = "v_" .. arg, type = file.header.args[arg] }
      names[#names + 1] = "v_" .. arg
    end
    local parameters = table.concat(names, ", ")
    local w = compiler.body(file, component_owner, file.tree, scope, contexts.start("text"),
                            behind and ("C[%s](%s)"):format(quote(behind), parameters))
    if files.done(build, file) then
      table.insert(build.uses[name], { file = file, of = file.uses or {} })
      build.code[#build.code + 1] = "-- " .. files.named(file)
      local own = ("%s:%d"):format(name, files.rank(build, file.level))
      files.add_function(build, ("C[%s] = function(%s)"):format(quote(own), parameters), w)
      if behind then
        build.code[#build.code + 1] = ("C[%s] = function(%s) return guard(C[%s], C[%s], %s, %s) end"):format(
          quote(own .. "?"), parameters, quote(own), quote(behind), quote("components/" .. name), parameters)
        own = own .. "?"
      end
      behind = own
      build.runs[name] = w.run or false
    end
  end
  if behind then build.code[#build.code + 1] = ("C[%s] = C[%s]"):format(quote(name), quote(behind)) end
end

-- build.component_names: name -> true.
function M.read(build)
  local names = {}
  build.component_names = names
  for _, theme in ipairs(build.chain) do
    for path in pairs(theme.files) do
      local name = path:match("^components/([%w_-]+)%.html$")
      if name then names[name] = true end
    end
  end
end

-- What a component takes, { args =, order = }; nil where there is none.
function M.header(build, name)
  units.note(build, "component", name)
  local row = units.component(build, name)
  if row then
    row.header = row.header or row.at and header_read(files.make(build, #build.chain, path_of(name)), row.at)
                 or { args = {}, order = {} }
    return row.header
  end
  return build.component_names[name] and files_of(build, name)[1].header
end

-- Components and slots that lead back to themselves are told and emptied.
local function circles(build)
  local state = {}
  local function visit(name)
    if not build.uses[name] or state[name] == "done" then return end
    state[name] = "open"
    for _, use in ipairs(build.uses[name]) do
      for _, other in ipairs(sorted(use.of)) do
        if state[other] == "open" then
          local slot = other:match("^slot (.*)")
          use.file.report(use.of[other], slot and "slot-circle" or "component-circle", slot or other)
          files.done(build, use.file)
          build.code[#build.code + 1] = ("%s[%s] = nothing"):format(slot and "S" or "C", types.quote(slot or other))
        else
          visit(other)
        end
      end
    end
    state[name] = "done"
  end
  for _, name in ipairs(sorted(build.uses)) do visit(name) end
end

-- The run of a component, if it is one; nil too while it is being written, as one that uses itself.
function M.run(build, name)
  units.note(build, "component", name)
  local row = units.component(build, name)
  if row then return row.run end
  if build.runs[name] == nil then
    build.runs[name] = false
    units.within(build, "component " .. name, component_write, build, name)
  end
  return build.runs[name]
end

-- Whether one of the files of a component, or of those that it uses, opens a form; known once it is written (M.run).
function M.holds_form(build, name)
  units.note(build, "component", name)
  local row = units.component(build, name)
  if row then return row.holds_form end
  for _, file in ipairs(build.component_names[name] and files_of(build, name) or {}) do
    if file.holds_form then return true end
  end
  return false
end

-- What is recorded of base's, so that it need not be read where it is used: where its header is, its run.
function M.row(build, name)
  return { at = files_of(build, name)[1].header_at, run = M.run(build, name), holds_form = M.holds_form(build, name) }
end

-- All that those who use a component see of it.
function M.face(build, name)
  local header, args = M.header(build, name), {}
  for arg, made in pairs(header.args) do args[arg] = type_shown(made) end
  return { header.order, args, M.run(build, name), M.holds_form(build, name) }
end

function M.write(build)
  for _, name in ipairs(sorted(build.component_names)) do
    local key = "component " .. name
    units.place(build, key)
    if not units.take(build, key) then M.run(build, name) end
  end
  units.place(build, "circles")
  units.within(build, "circles", circles, build)
end

return M
