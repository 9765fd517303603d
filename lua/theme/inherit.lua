-- SPDX-License-Identifier: GPL-3.0-or-later
-- A chain of themes (child first, `base` last) flattened into one chunk of Lua. A page, layout or
-- component is looked up by its file from the child on; a file with a mistake is told and passed
-- over, so its parent's is used. A block is overridden alone by blocks/PAGE/BLOCK.html (PAGE may be
-- a layout's name too); the child's block then runs under guard(), with its parent's behind it.

local compiler = require "template.compiler"
local contexts = require "template.contexts"
local expressions = require "template.expressions"
local lexer = require "template.lexer"
local manifest = require "theme.manifest"
local schema = require "schema"
local suggest = require "theme.suggest"
local types = require "template.types"

local M = {}

local quote = types.quote

local MOST = 50   -- mistakes told of one file

-- Files and their mistakes ---------------------------------------------------------------------

local function place(file, at)
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

local function tell(file, at, message)
  at = math.max(1, math.min(at or 1, #file.source + 1))
  local row, column, start = place(file, at)
  column = (utf8.len(file.source:sub(start, at - 1)) or column - 1) + 1
  return ("%s:%d:%d: %s"):format(file.shown, row, column, message), row * 10000 + column
end

local function file_make(build, level, path, source)
  local theme = build.chain[level]
  local file = { path = path, source = source or theme.files[path], level = level, theme = build.theme,
                 contract = build.contract, mistakes = {}, doubts = {},
                 shown = level == 1 and path or theme.name .. "/" .. path }
  local function note(list)
    return function(at, message)
      if #list == MOST then return end
      local text, order = tell(file, at, message)
      if not list[text] then
        list[text] = true
        list[#list + 1] = { text = text, order = order }
      end
    end
  end
  file.report, file.warn = note(file.mistakes), note(file.doubts)
  return file
end

local function file_done(build, file)
  for list, into in pairs { [file.mistakes] = build.errors, [file.doubts] = build.warnings } do
    table.sort(list, function(a, b) return a.order < b.order end)
    for _, mistake in ipairs(list) do
      if not into[mistake.text] then
        into[mistake.text] = true
        into[#into + 1] = mistake.text
      end
    end
  end
  return #file.mistakes == 0
end

-- The levels of the chain that have this file, from `first` on.
local function levels_with(build, path, first)
  local level = (first or 1) - 1
  return function()
    repeat level = level + 1 until level > #build.chain or build.chain[level].files[path]
    return build.chain[level] and level
  end
end

-- Functions of the chunk -----------------------------------------------------------------------

local function add_function(build, head, w, foot)
  local out, map = build.code, build.map
  out[#out + 1] = head
  for i, text in ipairs(w.lines) do
    out[#out + 1] = text
    local at = w.ats[i]
    if at then map[#out] = w.file.shown .. ":" .. place(w.file, at) end
  end
  out[#out + 1] = foot or "end"
end

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

local function root_scope(file, vm)
  local build = file.theme.build
  local scope = { vars = { shell = { code = "shell", type = build.contract.shell } }, facts = {}, file = file }
  if vm then scope.vars.vm = { code = "vm", type = vm } end
  return scope
end

-- The scope of a block: vm, shell, its arguments, and what is known of them where it stands.
local function block_scope(file, vm, args, facts)
  local scope = root_scope(file, vm)
  scope.facts = facts
  for _, arg in ipairs(args) do scope.vars[arg.name] = { code = "v_" .. arg.name, type = arg.type } end
  return scope
end

-- An owner defines blocks where they stand: a page (`b_NAME`, local functions) or a layout (whose
-- blocks are called through `b`, so that a page can bring its own).
local Owner = {}
Owner.__index = Owner

local function owner_make(build, name, file, vm)
  return setmetatable({ build = build, name = name, file = file, vm = vm, title_apart = true,
                        functions = {}, order = {}, sites = {} }, Owner)
end

function Owner:define(name, fn, w, args)
  self.functions[#self.functions + 1] = { fn = fn, w = w, args = args }
  self.order[#self.order + 1] = fn
end

-- blocks/OWNER/BLOCK.html of the themes below `level`, nearest to it first: each wraps the one before.
-- Gives the code of the call and whether it goes through guard().
function Owner:overrides(name, folder, level, site, fn)
  local build, current = self.build, fn
  local guarded = false
  for l = level - 1, 1, -1 do
    local path = "blocks/" .. folder .. "/" .. name .. ".html"
    if build.chain[l].files[path] then
      build.used[l .. path] = true
      local file = file_make(build, l, path)
      compiler.parse(file)
      if file.extends then file.report(file.extends_at, "a block extends nothing") end
      local names = {}
      for i, arg in ipairs(site.args) do names[i] = { name = arg.name, type = arg.type, code = "v_" .. arg.name } end
      local parent = ("%s(%s)"):format(current, call_arguments(names))
      local inner = owner_make(build, self.name, file, self.vm)
      inner.prefix = ("o%d_%s_"):format(l, name)
      local w = compiler.body(file, inner, file.tree, block_scope(file, self.vm, site.args, site.facts),
                              contexts.copy(site.state), name ~= "title" and parent or nil)
      if file_done(build, file) then
        for i, part in ipairs(inner.functions) do
          self.functions[#self.functions + 1], self.order[#self.order + 1] = part, inner.order[i]
        end
        local own = ("o%d_%s"):format(l, name)
        self:define(name, own, w, site.args)
        local wrapped = ("g%d_%s"):format(l, name)
        self.order[#self.order + 1] = wrapped
        self.functions[#self.functions + 1] = { fn = wrapped, args = site.args, guard = ("return guard(%s, %s, %s, %s)"):format(
          own, current, quote(self.name .. ":" .. name), call_arguments(names)) }
        current, guarded = wrapped, true
      end
    end
  end
  return current, guarded
end

-- Called by the compiler where a block stands; gives the call that draws it.
function Owner:block(w, node, state, args)
  if self.sites[node.name] then return nil end
  local facts = w.scope.facts
  local site = { args = args, state = state, facts = facts, at = node.name_at }
  self.sites[node.name] = site
  local file = w.file
  local own = contexts.copy(state)
  local fn = (self.prefix or "b_") .. node.name
  local body = compiler.body(file, self, node.body, block_scope(file, self.vm, args, facts), own)
  self:define(node.name, fn, body, args)
  site.fn, site.guarded = fn, false
  if not self.prefix then site.fn = self:overrides(node.name, self.name, file.level, site, fn) end
  if node.name == "title" then return nil end
  if self.is_layout then return ("b.b_%s(%s)"):format(node.name, call_arguments(args)) end
  return ("%s(%s)"):format(site.fn, call_arguments(args))
end

local function write_functions(build, owner)
  if #owner.order > 0 then build.code[#build.code + 1] = "local " .. table.concat(owner.order, ", ") end
  for _, part in ipairs(owner.functions) do
    local head = ("%s = function(%s)"):format(part.fn, parameters(part.args))
    if part.guard then
      add_function(build, head, { lines = { "  " .. part.guard }, ats = {} })
    else
      add_function(build, head, part.w)
    end
  end
end

-- Layouts --------------------------------------------------------------------------------------

-- A child's layout must have the blocks of its parent's, which the parent's pages fill.
local function layout_fits(build, file)
  local next_level = levels_with(build, file.path, file.level + 1)()
  if not next_level then return end
  local parent = file_make(build, next_level, file.path)
  compiler.parse(parent)
  for name, node in pairs(parent.blocks) do
    local own = file.blocks[name]
    if not own and name ~= "title" then
      file.report(1, "the parent's layout has a block '" .. name .. "': keep it")
    elseif own then
      local same = #own.args == #node.args
      for i, arg in ipairs(node.args) do same = same and own.args[i].name == arg.name end
      if not same then file.report(own.name_at, "the block '" .. name .. "' has other arguments than in the parent's layout") end
    end
  end
end

local function layout_try(build, name, level)
  local path = "layouts/" .. name .. ".html"
  local file = file_make(build, level, path)
  compiler.parse(file)
  if file.extends then file.report(file.extends_at, "a layout extends nothing") end
  local owner = owner_make(build, name, file, nil)
  owner.is_layout = true
  local w = compiler.body(file, owner, file.tree, root_scope(file, nil), contexts.start("text"))
  layout_fits(build, file)
  if not file_done(build, file) then return nil end
  local code = build.code
  code[#code + 1] = "do -- " .. file.shown
  write_functions(build, owner)
  add_function(build, ("local function body(vm, shell, b)"), w)
  local fields = {}
  for block, site in pairs(owner.sites) do fields[#fields + 1] = "b_" .. block .. " = " .. site.fn end
  table.sort(fields)
  code[#code + 1] = ("L[%s] = { body = body, blocks = { %s } }"):format(quote(name), table.concat(fields, ", "))
  code[#code + 1] = "end"
  return owner
end

local function layout_names(build)
  local names = {}
  for _, theme in ipairs(build.chain) do
    for path in pairs(theme.files) do
      local name = path:match("^layouts/([%w_.-]+)%.html$")
      if name then names[name] = true end
    end
  end
  return names
end

local function layout_get(build, name)
  local owner = build.layouts[name]
  if owner == nil then
    owner = false
    for level in levels_with(build, "layouts/" .. name .. ".html") do
      owner = layout_try(build, name, level) or false
      if owner then break end
    end
    build.layouts[name] = owner
  end
  return owner
end

-- Components -----------------------------------------------------------------------------------

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
      if word.type ~= "string" then expressions.fail(word, "enum(\"one\", \"other\") expected") end
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
    expressions.fail(token, "unknown type '" .. token.value .. "'" .. suggest.hint(token.value, known))
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
  if not tokens then expressions.fail({ at = wrong_at }, why) end
  local r = expressions.reader(tokens)
  local args, order = {}, {}
  while expressions.peek(r).type ~= "end" do
    local name = expressions.take_name(r, "an argument's name")
    if args[name.value] or name.value == "shell" or name.value == "vm" or name.value == "loop" then
      expressions.fail(name, "the name '" .. name.value .. "' is taken")
    end
    expressions.expect(r, "=")
    args[name.value] = header_type(r, file.contract)
    order[#order + 1] = name.value
    if #order > 30 then expressions.fail(name, "a component takes up to 30 arguments") end
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
        local ok, made = pcall(header_read, file, piece.at + 2 + before - 1)
        if ok then return made, piece.at end
        if type(made) ~= "table" then error(made, 0) end
        file.report(made.at, made.message)
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
      file.report(at, "the parent's component takes '" .. name .. "' too: keep it")
    elseif types.misfit({ type = wanted }, given) or wanted.optional and not given.optional then
      file.report(at, "'" .. name .. "' has another type than in the parent's component")
    end
  end
  for _, name in ipairs(own.order) do
    if not parent.args[name] and not own.args[name].optional then
      file.report(at, "'" .. name .. "' must be optional: the parent's pages do not give it")
    end
  end
end

-- Headers first (a file's own, or its parent's), then bodies, which may use each other.
local function component_files(build, name)
  local path = "components/" .. name .. ".html"
  local files, parent = {}, nil
  for level = #build.chain, 1, -1 do
    if build.chain[level].files[path] then
      local file = file_make(build, level, path)
      compiler.parse(file)
      local header, at = component_header(file)
      if file.extends then file.report(file.extends_at, "a component extends nothing") end
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
      table.insert(files, 1, file)
    end
  end
  return files
end

local component_owner = {
  block = function(_, w, node)
    w.file.report(node.at, "a component has no blocks")
  end,
}

-- Writes the nearest component without a mistake, or an empty one so that the chunk stands.
local function component_write(build, name, files)
  for _, file in ipairs(files) do
    local scope = root_scope(file, nil)
    local names = { "shell" }
    for _, arg in ipairs(file.header.order) do
      scope.vars[arg] = { code = "v_" .. arg, type = file.header.args[arg] }
      names[#names + 1] = "v_" .. arg
    end
    local w = compiler.body(file, component_owner, file.tree, scope, contexts.start("text"))
    if file_done(build, file) then
      build.uses[name] = { file = file, of = file.uses or {} }
      build.code[#build.code + 1] = "-- " .. file.shown
      add_function(build, ("C[%s] = function(%s)"):format(quote(name), table.concat(names, ", ")), w)
      return
    end
  end
end

local function components_read(build)
  local names = {}
  for _, theme in ipairs(build.chain) do
    for path in pairs(theme.files) do
      local name = path:match("^components/([%w_-]+)%.html$")
      if name then names[name] = true end
    end
  end
  for name in pairs(names) do
    build.component_files[name] = component_files(build, name)
    build.components[name] = build.component_files[name][1].header
  end
end

local function sorted(set)
  local list = {}
  for name in pairs(set) do list[#list + 1] = name end
  table.sort(list)
  return list
end

local function components_write(build)
  for _, name in ipairs(sorted(build.components)) do component_write(build, name, build.component_files[name]) end
  local state = {}
  local function visit(name)
    local use = build.uses[name]
    if not use or state[name] == "done" then return end
    state[name] = "open"
    for other, at in pairs(use.of) do
      if state[other] == "open" then
        build.errors[#build.errors + 1] = tell(use.file, at, "the component '" .. other .. "' uses itself")
        build.code[#build.code + 1] = ("C[%s] = function() end"):format(quote(other))
      else
        visit(other)
      end
    end
    state[name] = "done"
  end
  for _, name in ipairs(sorted(build.uses)) do visit(name) end
end

-- Pages ----------------------------------------------------------------------------------------

local function arguments_agree(file, node, site)
  local same = #node.args == #site.args
  for i, arg in ipairs(node.args) do same = same and site.args[i].name == arg.name end
  if same then return true end
  local names = {}
  for i, arg in ipairs(site.args) do names[i] = arg.name end
  file.report(node.name_at, ("the block '%s' takes (%s)"):format(node.name, table.concat(names, ", ")))
end

-- The top of a page in a layout holds blocks only.
local function page_blocks(owner, file, layout)
  for _, node in ipairs(file.tree) do
    if node.kind == "block" then
      local site = layout.sites[node.name]
      if not site and node.name == "title" then
        owner:block({ file = file, scope = { facts = {} } }, node, contexts.start("title"), {})
      elseif not site then
        file.report(node.name_at, ("the layout '%s' has no block '%s'%s"):format(layout.name, node.name,
                                    suggest.hint(node.name, layout.sites)))
      elseif arguments_agree(file, node, site) then
        local w = { file = file, scope = { facts = site.facts } }
        owner:block(w, node, contexts.copy(site.state), site.args)
      end
    elseif node.kind ~= "text" and node.kind ~= "bad" or node.kind == "text" and node.text:find("%S") then
      local skip = node.kind == "text" and #node.text:match("^%s*") or 0
      file.report(node.at + skip, "a page in a layout holds blocks only: this would never be shown")
    end
  end
end

local function contract_blocks(build, page, owner, file)
  for _, name in ipairs(page.blocks or {}) do
    if not owner.sites[name] then
      local note = file.level == #build.chain and file.report or file.warn
      note(1, "the contract promises a block '" .. name .. "' in this page")
    end
  end
end

local function unknown_overrides(build, name, owner, layout)
  local pattern = "^blocks/" .. name:gsub("[%.%-]", "%%%0") .. "/([%w_]+)%.html$"
  for level, theme in ipairs(build.chain) do
    for path in pairs(theme.files) do
      local block = path:match(pattern)
      if block and not build.used[level .. path] then
        build.used[level .. path] = true
        local known = {}
        for site in pairs(owner.sites) do known[site] = true end
        for site in pairs(layout and layout.sites or {}) do known[site] = true end
        local file = file_make(build, level, path)
        file.report(1, known[block] and "the theme has this page itself: write the block there"
                       or ("'%s' has no block '%s'%s"):format(name, block, suggest.hint(block, known)))
        file_done(build, file)
      end
    end
  end
end

-- b_NAME of the page, or the layout's own, perhaps overridden for this page alone.
local function layout_fields(owner, layout)
  local fields = {}
  for _, name in ipairs(sorted(layout.sites)) do
    local site = owner.sites[name]
    if site then
      fields[#fields + 1] = "b_" .. name .. " = " .. site.fn
    else
      local default = ("L[%s].blocks.b_%s"):format(quote(layout.name), name)
      local fn = owner:overrides(name, owner.name, #owner.build.chain + 1, layout.sites[name], default)
      fields[#fields + 1] = "b_" .. name .. " = " .. fn
    end
  end
  return fields
end

local function page_try(build, name, page, level)
  local file = file_make(build, level, "pages/" .. name .. ".html")
  compiler.parse(file)
  local owner = owner_make(build, name, file, page.type)
  local layout, w, fields
  if file.extends then
    layout = layout_get(build, file.extends)
    if not layout then
      local names = layout_names(build)
      if names[file.extends] then return nil end   -- its mistakes are told already
      file.report(file.extends_at, "there is no layout '" .. file.extends .. "'" .. suggest.hint(file.extends, names))
    else
      page_blocks(owner, file, layout)
      fields = layout_fields(owner, layout)
    end
  else
    w = compiler.body(file, owner, file.tree, root_scope(file, page.type), contexts.start("text"))
  end
  if #file.mistakes == 0 then
    contract_blocks(build, page, owner, file)
    if not owner.sites.title and not (layout and layout.sites.title) then
      file.report(1, "the page has no title: {% block title() %}...{% end %}")
    end
  end
  if not file_done(build, file) then return nil end
  if #owner.order > 150 then
    build.errors[#build.errors + 1] = tell(file, 1, "this page has more than 150 blocks")
    return nil
  end
  unknown_overrides(build, name, owner, layout)
  local code = build.code
  code[#code + 1] = "do -- " .. file.shown
  write_functions(build, owner)
  code[#code + 1] = ("local b = { %s }"):format(table.concat(fields or {}, ", "))
  local title = owner.sites.title and owner.sites.title.fn or "b.b_title"
  if layout then
    code[#code + 1] = ("local body = L[%s].body"):format(quote(layout.name))
  else
    add_function(build, "local function body(vm, shell, b)", w)
  end
  code[#code + 1] = ("local title = %s"):format(title)
  code[#code + 1] = ("pages[%s] = { title = function(vm, shell) title(vm, shell, b) end,"):format(quote(name))
  code[#code + 1] = "  body = function(vm, shell) body(vm, shell, b) end }"
  code[#code + 1] = "end"
  return { theme = build.chain[level].name, kind = "template" }
end

local function script_try(build, name, level)
  local path = "pages/" .. name .. ".lua"
  local theme = build.chain[level]
  local text = theme.files[path]
  local chunk, why = load(text, "=" .. path, "t", {})
  if not chunk then
    build.errors[#build.errors + 1] = (level == 1 and "" or theme.name .. "/") .. why
    return nil
  end
  build.scripts[name] = { path = path, text = text, theme = theme.name }
  return { theme = theme.name, kind = "script" }
end

local function page_find(build, name, page)
  local found = false
  for level, theme in ipairs(build.chain) do
    local made
    found = found or theme.files["pages/" .. name .. ".html"] or theme.files["pages/" .. name .. ".lua"]
    if theme.files["pages/" .. name .. ".html"] then made = page_try(build, name, page, level) end
    if not made and theme.files["pages/" .. name .. ".lua"] then made = script_try(build, name, level) end
    if made then return made end
  end
  if not found then
    build.errors[#build.errors + 1] = ("pages/%s.html:1:1: no theme of the chain has this page"):format(name)
  end
end

-- The whole chain ------------------------------------------------------------------------------

local asset_types = { css = 1, svg = 1, png = 1, jpg = 1, webp = 1, ico = 1, woff2 = 1 }

-- What asset("...") may name: files of these types in assets/ or beside theme.lua; scripts are base's.
local function asset_name(path, is_base)
  local name = path:match("^assets/(.+)$") or path:match("^[^/]+$")
  local ending = name and name:match("%.(%w+)$")
  return (asset_types[ending] or ending == "js" and is_base) and name
end

-- The sprite that is used is the nearest theme's.
local function assets_of(chain)
  local assets, icons = {}, nil
  for level, theme in ipairs(chain) do
    for path in pairs(theme.files) do
      local name = asset_name(path, level == #chain)
      if name then assets[name] = true end
    end
    local sprite = not icons and (theme.files["icons.svg"] or theme.files["assets/icons.svg"])
    if sprite then
      icons = {}
      for id in sprite:gmatch('<symbol[^>]-%sid="([%w_-]+)"') do icons[id] = true end
    end
  end
  return assets, icons or {}
end

local folders = { pages = true, layouts = true, components = true, blocks = true, slots = true, assets = true, po = true }

-- Files that nothing would ever read: a page the contract has not, a block of no page.
local function strays(build)
  for level, theme in ipairs(build.chain) do
    for _, path in ipairs(sorted(theme.files)) do
      local function stray(message)
        local file = file_make(build, level, path)
        file.report(1, message)
        file_done(build, file)
      end
      local page = path:match("^pages/(.+)%.html$") or path:match("^pages/(.+)%.lua$")
      local of = path:match("^blocks/([^/]+)/")
      local folder = path:match("^([^/]+)/")
      if page and not build.contract.pages[page] then
        stray("the contract has no page '" .. page .. "'" .. suggest.hint(page, build.contract.pages))
      elseif of and not build.contract.pages[of] and not layout_names(build)[of] then
        stray("there is no page or layout '" .. of .. "'" .. suggest.hint(of, build.contract.pages))
      elseif folder and not folders[folder] and not path:find("^%.") then
        local file = file_make(build, level, path)
        file.warn(1, "nothing reads the folder '" .. folder .. "'" .. suggest.hint(folder, folders))
        file_done(build, file)
      end
    end
  end
end

local function manifests_read(build)
  for level, theme in ipairs(build.chain) do
    if theme.files["theme.lua"] then
      local file = file_make(build, level, "theme.lua")
      build.manifests[theme.name] = manifest.read(file.source, file.report, file.warn)
      file_done(build, file)
    end
  end
end

local HEAD = [[
local emit, emit_url, emit_json, route, asset, icon = emit, emit_url, emit_json, route, asset, icon
local F, guard, form_open, form_close, tn = F, guard, form_open, form_close, tn
local C, L, pages = {}, {}, {}]]

function M.flatten(contract, chain)
  local build = { contract = contract, chain = chain, errors = {}, warnings = {}, code = {}, map = {},
                  layouts = {}, components = {}, component_files = {}, uses = {}, used = {},
                  scripts = {}, manifests = {} }
  local assets, icons = assets_of(chain)
  build.theme = { build = build, assets = assets, icons = icons,
                  component = function(name) return build.components[name] end,
                  component_names = function() return build.components end }
  for text in (HEAD .. "\n"):gmatch("([^\n]*)\n") do build.code[#build.code + 1] = text end
  manifests_read(build)
  components_read(build)
  components_write(build)
  for _, name in ipairs(sorted(layout_names(build))) do
    local owner = layout_get(build, name)
    if owner then unknown_overrides(build, name, owner, nil) end
  end
  local pages = {}
  for _, name in ipairs(sorted(contract.pages)) do
    pages[name] = page_find(build, name, contract.pages[name])
  end
  strays(build)
  build.code[#build.code + 1] = "return { pages = pages }"
  local code = table.concat(build.code, "\n") .. "\n"
  local chunk, why = load(code, "=theme", "t", {})
  if not chunk then build.errors[#build.errors + 1] = "theme.lua:1:1: this theme is too large: " .. why end
  local helpers = {}
  for level, theme in ipairs(chain) do
    local text = theme.files["helpers.lua"]
    if text then
      local file = file_make(build, level, "helpers.lua")
      file.warn(1, "helpers.lua is not read by this version")
      file_done(build, file)
      helpers[#helpers + 1] = { path = "helpers.lua", text = text, theme = theme.name }
    end
  end
  return { errors = build.errors, warnings = build.warnings, code = chunk and code or "return { pages = {} }",
           pages = pages, scripts = build.scripts, helpers = helpers, lines = build.map,
           manifests = build.manifests }
end

return M
