-- SPDX-License-Identifier: GPL-3.0-or-later
-- A chain of themes (child first, `base` last) flattened into one chunk of Lua. A page, layout or
-- component is looked up by its file from the child on; a file with a mistake is told and passed
-- over, so its parent's is used. Blocks and their overrides are owner.lua's business.

local compiler = require "template.compiler"
local components = require "theme.components"
local contexts = require "template.contexts"
local files = require "theme.files"
local functions = require "theme.functions"
local manifest = require "theme.manifest"
local owner_make = require("theme.owner").make
local parts = require "theme.parts"
local settings = require "theme.settings"
local slots = require "theme.slots"
local sorted = require "theme.sorted"
local stated = require "theme.stated"
local strays = require "theme.strays"
local strings = require "theme.strings"
local suggest = require "theme.suggest"
local tags = require "template.tags"
local types = require "template.types"
local units = require "theme.units"
local unseen = require "theme.unseen"

local M = {}

local quote = types.quote

-- The file that this one stands in for, parsed; nil where there is none.
local function parent_of(build, file)
  local level = files.levels_with(build, file.path, file.level + 1)()
  if not level then return nil end
  local parent = files.make(build, level, file.path)
  tags.parse(parent)
  return parent
end

-- Layouts --------------------------------------------------------------------------------------

-- A child's layout must have the blocks of its parent's, which the parent's pages fill.
local function layout_fits(build, file)
  local parent = parent_of(build, file)
  if not parent then return end
  for name, node in pairs(parent.blocks) do
    local own = file.blocks[name]
    if not own and name ~= "title" then
      file.report(1, "layout-block-dropped", name)
    elseif own then
      local same = #own.args == #node.args
      for i, arg in ipairs(node.args) do same = same and own.args[i].name == arg.name end
      if not same then file.report(own.name_at, "layout-block-changed", name) end
    end
  end
  slots.keeps(file, parent.tree)
end

local function layout_try(build, name, level)
  local path = "layouts/" .. name .. ".html"
  local file = files.make(build, level, path)
  tags.parse(file)
  if file.extends then file.report(file.extends_at, "layout-extends") end
  local owner = owner_make(build, name, file, nil)
  owner.is_layout = true
  local w = compiler.body(file, owner, file.tree, files.scope(file, nil), contexts.start("text"))
  layout_fits(build, file)
  if not files.done(build, file) then return nil end
  build.sources[name] = owner.sources
  local code = build.code
  code[#code + 1] = "do -- " .. files.named(file)
  owner:write(build)
  files.add_function(build, ("local function body(vm, shell, b)"), w)
  local fields = {}
  for block, site in pairs(owner.sites) do fields[#fields + 1] = "b_" .. block .. " = " .. site.fn end
  table.sort(fields)
  code[#code + 1] = ("L[%s] = { body = body, blocks = { %s } }"):format(quote(name), table.concat(fields, ", "))
  code[#code + 1] = "end"
  return owner
end

-- name -> true
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

local function layout_find(build, name)
  for level in files.levels_with(build, "layouts/" .. name .. ".html") do
    local owner = layout_try(build, name, level)
    if owner then return owner end
  end
  return false
end

local function layout_get(build, name)
  units.note(build, "layout", name)
  if build.layouts[name] == nil then
    build.layouts[name] = units.within(build, "layout " .. name, layout_find, build, name)
  end
  return build.layouts[name]
end

-- All that a layout's pages see of it: of each block what it takes, what is known where it stands, and where that is.
local function layout_face(build, name)
  local owner, face = layout_get(build, name), {}
  for block, site in pairs(owner and owner.sites or {}) do
    local args, facts, around = {}, {}, site.facts
    for i, arg in ipairs(site.args) do args[i] = { arg.name, components.type_shown(arg.type) } end
    while around do
      for path, known in pairs(around) do facts[path] = facts[path] == nil and known or facts[path] end
      around = (getmetatable(around) or {}).__index
    end
    face[block] = { args, facts, contexts.shown(site.state) }
  end
  return face
end

-- Pages ----------------------------------------------------------------------------------------

local function arguments_agree(file, node, site)
  local same = #node.args == #site.args
  for i, arg in ipairs(node.args) do same = same and site.args[i].name == arg.name end
  if same then return true end
  local names = {}
  for i, arg in ipairs(site.args) do names[i] = arg.name end
  file.report(node.name_at, "block-takes", node.name, table.concat(names, ", "))
end

-- The top of a page in a layout holds blocks only.
local function page_blocks(owner, file, layout)
  for _, node in ipairs(file.tree) do
    if node.kind == "block" then
      local site = layout.sites[node.name]
      if not site and node.name == "title" then
        owner:block({ file = file, scope = { facts = {} } }, node, contexts.start("title"), {})
      elseif not site then
        file.report(node.name_at, "unknown-layout-block", layout.name, node.name, suggest.hint(node.name, layout.sites))
      elseif arguments_agree(file, node, site) then
        local w = { file = file, scope = { facts = site.facts } }
        owner:block(w, node, contexts.copy(site.state), site.args)
      end
    elseif node.kind ~= "text" and node.kind ~= "bad" or node.kind == "text" and node.text:find("%S") then
      local skip = node.kind == "text" and #node.text:match("^%s*") or 0
      file.report(node.at + skip, "page-beside-blocks")
    end
  end
end

local function contract_blocks(build, page, owner, file)
  for _, name in ipairs(page.blocks or {}) do
    if not owner.sites[name] then
      file.report(1, file.level == #build.chain and "block-promised" or "block-left-out", name)
    end
  end
end

local function unknown_overrides(build, name, owner, layout)
  local folder = "blocks/" .. name
  for level in ipairs(build.chain) do
    for _, leaf in ipairs(units.folder(build, level, folder)) do
      local path, block = folder .. "/" .. leaf, leaf:match("^([%w_]+)%.html$")
      if block and not build.used[level .. path] then
        build.used[level .. path] = true
        local known = {}
        for site in pairs(owner.sites) do known[site] = true end
        for site in pairs(layout and layout.sites or {}) do known[site] = true end
        local file = files.make(build, level, path)
        if known[block] then
          file.report(1, "block-own-page")
        else
          file.report(1, "unknown-block", name, block, suggest.hint(block, known))
        end
        files.done(build, file)
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
  local file = files.make(build, level, "pages/" .. name .. ".html")
  tags.parse(file)
  local owner = owner_make(build, name, file, page.type)
  local layout, w, fields
  if file.extends then
    layout = layout_get(build, file.extends)
    if not layout then
      if build.layout_names[file.extends] then return nil end   -- its mistakes are told already
      file.report(file.extends_at, "unknown-layout", file.extends, suggest.hint(file.extends, build.layout_names))
    else
      page_blocks(owner, file, layout)
      fields = layout_fields(owner, layout)
    end
  else
    w = compiler.body(file, owner, file.tree, files.scope(file, page.type), contexts.start("text"))
  end
  if #file.mistakes == 0 then
    contract_blocks(build, page, owner, file)
    if not owner.sites.title and not (layout and layout.sites.title) then
      local base = not layout and parent_of(build, file)
      if base and base.extends then file.report(1, "no-layout", base.extends) else file.report(1, "no-title") end
    end
  end
  local parent = parent_of(build, file)
  if parent then slots.keeps(file, parent.tree) end
  if not files.done(build, file) then return nil end
  if #owner.order > 150 then
    file.report(1, "blocks-many")
    files.done(build, file)
    return nil
  end
  unknown_overrides(build, name, owner, layout)
  build.sources[name] = owner.sources
  local code = build.code
  code[#code + 1] = "do -- " .. files.named(file)
  owner:write(build)
  code[#code + 1] = ("local b = { %s }"):format(table.concat(fields or {}, ", "))
  local title = owner.sites.title and owner.sites.title.fn or "b.b_title"
  if layout then
    code[#code + 1] = ("local body = L[%s].body"):format(quote(layout.name))
  else
    files.add_function(build, "local function body(vm, shell, b)", w)
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
    local file = files.make(build, level, path)
    local line, said = why:match("^[^:]*:(%d+): (.*)$")
    file.report(files.line_start(file, tonumber(line) or 1), "script-syntax", said or why)
    files.done(build, file)
    return nil
  end
  build.scripts[name] = { path = path, text = text, theme = theme.name, level = level }
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
    local file = files.make(build, #build.chain, "pages/" .. name .. ".html", "")
    file.report(1, "page-missing")
    files.done(build, file)
  end
end

-- The whole chain ------------------------------------------------------------------------------

local asset_types = { css = 1, svg = 1, png = 1, jpg = 1, webp = 1, ico = 1, woff2 = 1 }

-- What asset("...") may name: files of these types in assets/ itself or beside theme.lua; scripts are base's.
local function asset_name(path, is_base)
  local name = path:match("^assets/([^/]+)$") or path:match("^[^/]+$")
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

local function manifests_read(build)
  for level, theme in ipairs(build.chain) do
    if theme.files["theme.lua"] then
      local file = files.make(build, level, "theme.lua")
      build.manifests[theme.name], build.places[theme.name] = manifest.read(file.source, file.report)
      files.done(build, file)
    end
  end
end

-- How many themes of the chain, from the child on, bring stylesheets, and whether base's script is linked: what the
-- nearest manifest says that says anything.
local function looks(build)
  local levels, script = #build.chain, nil
  for level = #build.chain, 1, -1 do
    local manifest = build.manifests[build.chain[level].name] or {}
    if manifest.parent_styles ~= nil then levels = manifest.parent_styles and #build.chain or level end
    if manifest.script ~= nil then script = manifest.script end
  end
  return levels, script ~= false
end

local function slot_stands(build, name, file, at)
  build.stands[#build.stands + 1] = { slot = name, theme = file.owner, path = file.path, line = (files.place(file, at)) }
end

local HEAD = [[
local emit, emit_each, emit_json, route, asset, F, guard = emit, emit_each, emit_json, route, asset, F, guard
local tn, plural, helper, div, mod = tn, plural, helper, div, mod
local C, S, L, pages = {}, {}, {}, {}
local function nothing() end]]

-- What the modules of the compiler ask of a chain.
local function doors(build)
  return { build = build, assets = units.noted(build, "asset", build.assets), icons = units.noted(build, "icon", build.icons),
           settings = units.noted(build, "setting", build.settings),
           functions = units.noted(build, "helper", build.functions),
           component = function(name) return components.header(build, name) end,
           component_run = function(name) return components.run(build, name) end,
           component_holds_form = function(name) return components.holds_form(build, name) end,
           component_names = function() return build.component_names end,
           slot_is_filled = function(name)
             units.note(build, "slot", name)
             return build.fills[name] ~= nil
           end,
           slot_run = function(name)
             units.note(build, "slot", name)
             return build.runs["slot " .. name]
           end,
           slot_stands = function(name, file, at) slot_stands(build, name, file, at) end }
end

local function start(contract, chain, options)
  local build = { contract = contract, errors = {}, warnings = {}, findings = {},
                  layouts = {}, component_files = {}, runs = {}, uses = {}, used = {}, functions = {},
                  scripts = {}, manifests = {}, places = {}, settings = {}, slots = {}, sources = {},
                  locale = options.locale or "en", tags = options.tags or {}, trusts = options.trusts }
  units.start(build, chain, options)
  build.assets, build.icons = assets_of(build.chain)
  build.layout_names = layout_names(build)
  build.theme = doors(build)
  build.faces = { component = components.face, layout = layout_face }
  return build
end

-- A unit of its own, written now.
local function unit(build, key, write, ...)
  units.place(build, key)
  return units.within(build, key, write, build, ...)
end

local function head_write(build, options)
  for text in (HEAD .. "\n"):gmatch("([^\n]*)\n") do build.code[#build.code + 1] = text end
  strings.read(build, options)
  manifests_read(build)
  settings.read(build)
  settings.write(build)
end

local function layout_write(build, name)
  local owner = layout_get(build, name)
  if owner then unknown_overrides(build, name, owner, nil) end
end

local function layouts_write(build)
  for _, name in ipairs(sorted(build.layout_names)) do
    local key = "layout " .. name
    if units.take(build, key) then units.place(build, key) else unit(build, key, layout_write, name) end
  end
end

local function pages_write(build)
  local pages = {}
  for _, name in ipairs(sorted(build.contract.pages)) do
    local key = "page " .. name
    if units.take(build, key) then
      units.place(build, key)
      pages[name] = { theme = build.chain[#build.chain].name, kind = "template" }
    else
      pages[name] = unit(build, key, page_find, name, build.contract.pages[name])
    end
  end
  return pages
end

local function tail_write(build)
  local layouts = {}
  for _, name in ipairs(next(build.scripts) and sorted(build.layout_names) or {}) do
    if layout_get(build, name) then layouts[#layouts + 1] = name end
  end
  local asked = parts.write(build, layouts)
  build.code[#build.code + 1] = ("return { pages = pages, parts = %s }"):format(asked)
end

-- The second value: where each unit stands in the code; the third is the build.
function M.flatten(contract, chain, options)
  local build = start(contract, chain, options)
  local is_checked = build.locale == "en"   -- what concerns no language is told once
  unit(build, "head", head_write, options)
  units.tell(build)
  if is_checked then stated.check(build) end
  functions.read(build)
  components.read(build)
  slots.read(build)
  unit(build, "slots", slots.write)
  units.recall(build)
  components.write(build)
  layouts_write(build)
  local pages = pages_write(build)
  units.tell(build)
  if is_checked then
    strays.tell(build, build.layout_names)
    unseen.tell(build)
  end
  unit(build, "tail", tail_write)
  units.tell(build)
  local code, lines, spans = units.join(build)
  strings.finish(build)
  local chunk, why = load(code, "=theme", "t", {})
  if not chunk then
    local file = files.make(build, 1, "theme.lua", "")
    file.report(1, "too-large", why)
    files.done(build, file)
  end
  local style_levels, script = looks(build)
  return { style_levels = style_levels, script = script, errors = build.errors, warnings = build.warnings,
           code = chunk and code or "return { pages = {} }",
           pages = pages, scripts = build.scripts, helpers = build.helpers, lines = lines,
           manifests = build.manifests, findings = build.findings, sources = build.sources, slots = build.slots,
           settings = build.settings, asked = build.all_asked, untranslated = build.all_untranslated,
           taken = build.taken }, spans, build
end

-- What is known of base once it is compiled, as the text of a chunk for options.baked.
function M.record(contract, base, options)
  local alone = M.flatten(contract, { base }, options)
  options.records = true
  local under, spans, build = M.flatten(contract, { base }, options)
  if #under.findings > 0 then error(under.errors[1] or under.warnings[1], 0) end
  if alone.code ~= under.code then error("base is another under a theme that brings nothing", 0) end
  return units.record(build, spans, components.row)
end

return M
