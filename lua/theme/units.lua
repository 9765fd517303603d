-- SPDX-License-Identifier: GPL-3.0-or-later
-- A chain's code is written in units: the fills, each component, each layout, each page. What base's units are is known
-- when the program is built, and so is whatever each asked for while it was compiled. A child's chain takes those of base
-- that asked for nothing it brings, and compiles the rest.
--
-- Nothing a unit depends on can be missed, since all of it goes through this door: base is compiled for this under an
-- empty theme whose files note who asks for them and cannot be listed; what other tables hold (noted), other units
-- (note) and words (strings.say) are asked for by name. A unit that gets at a child's doings otherwise makes the code of
-- base alone differ from that under a theme which brings something; tests/themes/compiler_units.lua looks for that.
--
-- A unit: { unit = (its key), code = (lines), map = (line -> place), asks = (set), asked =, untranslated =, stands = (lists) }, or
-- { baked = (its row in what was recorded) }. A question is "kind name": file, folder, word, icon, asset, setting, helper,
-- slot, component, layout.

local files = require "theme.files"
local sorted = require "theme.sorted"

local M = {}

local parts = { "unit", "told", "code", "map", "asks", "asked", "untranslated", "stands" }

local witness

-- options.records: base is compiled to be recorded.
function M.start(build, chain, options)
  build.chain = options.records and { witness(build), table.unpack(chain) } or chain
  build.units, build.unit_order, build.recalls = {}, {}, options.baked
  build.folders = {}
end

-- Runs f(...) with the unit's buffers in place of those at hand.
function M.within(build, key, f, ...)
  local unit, outer = build.units[key], {}
  if not unit or unit.baked then
    unit = { unit = key, told = {}, code = {}, map = {}, asks = {}, asked = {}, untranslated = {}, stands = {} }
    build.units[key] = unit
  end
  for _, part in ipairs(parts) do outer[part], build[part] = build[part], unit[part] end
  local first, second = f(...)
  for _, part in ipairs(parts) do build[part] = outer[part] end
  return first, second
end

function M.note(build, kind, name)
  if build.asks then build.asks[kind .. " " .. name] = true end
end

-- A table that is asked by name.
function M.noted(build, kind, set)
  return setmetatable({}, { __index = function(_, name)
    M.note(build, kind, name)
    return set[name]
  end, __pairs = function() return pairs(set) end })
end

local function listed(theme)
  local folders = {}
  for path in next, theme.files do
    local folder, name = path:match("^(.*)/([^/]*)$")
    if folder then
      folders[folder] = folders[folder] or {}
      folders[folder][name] = true
    end
  end
  return folders
end

-- The names of the files in a folder of the theme of that level, sorted.
function M.folder(build, level, folder)
  M.note(build, "folder", folder)
  build.folders[level] = build.folders[level] or listed(build.chain[level])
  return sorted(build.folders[level][folder] or {})
end

-- Where it stands in the code: units follow each other in the order in which they are placed, whenever they are written.
function M.place(build, key) build.unit_order[#build.unit_order + 1] = key end

local function code_of(value)
  if type(value) == "string" then return ("%q"):format(value):gsub("\\\n", "\\n") end
  if type(value) ~= "table" then return tostring(value) end
  local fields = {}
  for i, key in ipairs(sorted(value)) do
    fields[i] = ("[%s]=%s"):format(code_of(key), code_of(value[key]))
  end
  return "{" .. table.concat(fields, ",") .. "}"
end

-- The mistakes of the units so far, in the order in which these stand.
function M.tell(build)
  for _, key in ipairs(build.unit_order) do
    local unit = build.units[key]
    for _, one in ipairs(unit and unit.told or {}) do files.tell(build, one.list, one.mistake) end
    if unit then unit.told = {} end
  end
end

-- As text; nil for what has none. build.faces: kind -> function(build, name).
local function face_of(build, key)
  local kind, name = key:match("^(%l+) (.*)$")
  local face = build.faces[kind]
  return face and code_of(face(build, name))
end

-- What was recorded --------------------------------------------------------------------------------

-- What was recorded of base in a language, nil if nothing was.
function M.recalled(build, locale)
  local known = build.recalls and build.recalls[locale]
  if known == nil and build.recalls and build.recalls.of then
    local code, record = build.recalls.of(locale)
    known = record and load(record, "=baked", "t", {})() or false
    known = known and known.units and known
    if known then known.code = code end
    build.recalls[locale] = known or false
  end
  return known or nil
end

-- base's catalog in a language as far as its templates speak it; the rest is read when it is asked for.
function M.catalog(build, locale, read)
  local known = #build.chain > 1 and M.recalled(build, locale)
  if not known or not known.catalog then return nil end
  local whole
  return { rule = known.catalog.rule, forms = known.catalog.forms, places = {},
           messages = setmetatable({}, { __index = function(_, key)
             local entry = known.catalog.messages[key]
             if entry == nil then
               whole = whole or read()
               entry = whole.messages[key]
             end
             return entry or nil
           end }) }
end

-- Tells each question that the themes above base answer in another way than base alone.
local function answers(build, known, tell)
  for level = 1, #build.chain - 1 do
    local theme = build.chain[level]
    for path in pairs(theme.files) do
      tell("file " .. path)
      tell("folder " .. (path:match("^(.*)/") or ""))
    end
    for _, own in ipairs((build.manifests[theme.name] or {}).settings or {}) do
      if type(own) == "table" then tell("setting " .. tostring(own.id)) end
    end
  end
  for name in pairs(build.functions) do tell("helper " .. name) end
  for name in pairs(build.fills) do tell("slot " .. name) end
  for _, catalog in ipairs(build.catalogs) do
    for key in pairs(catalog.file.level < #build.chain and catalog.messages or {}) do tell("word " .. key) end
  end
  for kind, set in pairs { icon = build.icons, asset = build.assets } do
    for _, name in ipairs(known[kind]) do
      if not set[name] then tell(kind .. " " .. name) end
    end
  end
end

-- The units that asked one of the questions, and those that use such a one which spreads it.
local function reached(known, questions, spreads)
  local found, left = {}, {}
  local function tell(question)
    for number in (known.asks[question] or ""):gmatch("%d+") do
      local key = known.names[tonumber(number)]
      if not found[key] then
        found[key], left[#left + 1] = true, known.faces[key] and key
      end
    end
  end
  for _, question in ipairs(questions) do tell(question) end
  for _, key in ipairs(left) do
    if spreads(key) then tell(key) end
  end
  return found
end

-- build.suspect: the units that may be other than they were, before anything is compiled.
-- build.dirty: the units that are to be compiled. A component or layout that is makes its users dirty where its face,
-- which is all that they see of it, is no longer what it was.
local function look(build, known)
  local questions = {}
  answers(build, known, function(question) questions[#questions + 1] = question end)
  build.suspect = reached(known, questions, function() return true end)
  build.dirty = reached(known, questions, function(key) return known.faces[key] ~= face_of(build, key) end)
end

-- What was recorded of a component that is the same for certain.
function M.component(build, name)
  return build.known and not build.suspect["component " .. name] and build.known.components[name]
end

-- When the child's manifests, settings, helpers, fills and words are known.
function M.recall(build)
  local known = #build.chain > 1 and M.recalled(build, build.locale)
  if not known then return end
  build.known = known
  look(build, known)
end

local function sources_of_row(build, row)
  local base, sources = build.chain[#build.chain], {}
  for block, source in pairs(row.sources) do
    sources[block] = { theme = base.name, path = source.path, args = source.args, sha = source.sha,
                       text = base.files[source.path]:sub(source.from, source.to) }
  end
  return sources
end

-- Takes a unit as it was recorded; false: it has to be compiled.
function M.take(build, key)
  local row = build.known and not build.dirty[key] and build.known.units[key]
  if not row then return false end
  build.units[key] = build.units[key] or { baked = row }
  if row.sources then build.sources[key:match(" (.*)")] = sources_of_row(build, row) end
  return true
end

-- The whole --------------------------------------------------------------------------------------------

local function add_stands(build, stands)
  for _, stand in ipairs(stands) do
    local slot = build.slots[stand.slot]
    slot.stands[#slot.stands + 1] = { theme = stand.theme, path = stand.path, line = stand.line }
  end
end

-- "number of the text:line", with "!" behind it where it stays English.
local function add_asked(build, row)
  local level = #build.chain
  local path = build.chain[level].name .. "/" .. row.path
  for number, line, is_english in row.asked:gmatch("(%d+):(%d+)(!?)") do
    local text = build.known.texts[tonumber(number)]
    local asked = { msgid = text[1], plural = text[2] or nil, context = text[3] or nil, level = level, path = path,
                    line = tonumber(line) }
    build.all_asked[#build.all_asked + 1] = asked
    if is_english == "!" then build.all_untranslated[#build.all_untranslated + 1] = asked end
  end
end

local function join_baked(build, row, code, map, n)
  local base = build.chain[#build.chain].name .. "/"
  code[#code + 1] = build.known.code:sub(row.from, row.to)
  for path, lines in pairs(row.places) do
    for line, place in lines:gmatch("(%d+):(%d+)") do map[n + tonumber(line)] = base .. path .. ":" .. place end
  end
  add_asked(build, row)
  add_stands(build, row.stands)
  return n + row.lines
end

local function join_written(build, unit, code, map, n)
  local text = table.concat(unit.code, "\n")
  code[#code + 1] = text == "" and "" or text .. "\n"
  for line, place in pairs(unit.map) do map[n + line] = place end
  for _, list in ipairs { "asked", "untranslated" } do
    table.move(unit[list], 1, #unit[list], #build["all_" .. list] + 1, build["all_" .. list])
  end
  add_stands(build, unit.stands)
  return n + #unit.code
end

-- The code of all units, the map of its lines, and where each begins and ends.
function M.join(build)
  local code, map, n, at, spans = {}, {}, 0, 1, {}
  build.all_asked, build.all_untranslated, build.taken = {}, {}, {}
  for i, key in ipairs(build.unit_order) do
    local unit, from = build.units[key], n
    if unit and unit.baked then
      build.taken[key] = true
      n = join_baked(build, unit.baked, code, map, n)
    elseif unit then
      n = join_written(build, unit, code, map, n)
    else
      code[i] = ""
    end
    spans[key] = { from = at, to = at + #code[i] - 1, line = from, lines = n - from }
    at = at + #code[i]
  end
  return table.concat(code), map, spans
end

-- Recording --------------------------------------------------------------------------------------------

local function is_kept(key) return key and (key:find("^component ") or key:find("^header ") or key:find("^layout ") or key:find("^page ")) end

-- The empty theme under which base is recorded.
function witness(build)
  return { name = "", files = setmetatable({}, {
    __index = function(_, path) M.note(build, "file", path) end,
    __pairs = function(files)
      if is_kept(build.unit) then error(build.unit .. " lists the files of a theme: units.folder notes what for", 2) end
      return next, files
    end,
  }) }
end

-- The places of a unit's lines by file: path -> "line:line of the file ..."
local function places_of(unit, base)
  local places = {}
  for _, line in ipairs(sorted(unit.map)) do
    local path, at = unit.map[line]:match("^(.*):(%d+)$")
    path = path:sub(#base + 2)
    places[path] = (places[path] or "") .. line .. ":" .. at .. " "
  end
  return places
end

local function sources_of(build, key, base)
  local rows = {}
  if key:find("^component ") then return nil end
  for block, source in pairs(build.sources[key:match(" (.*)")]) do
    local from, to = base.files[source.path]:find(source.text, 1, true)
    rows[block] = { path = source.path, from = from, to = to, args = source.args, sha = source.sha }
  end
  return rows
end

-- As add_asked reads it; record.texts gets what is new.
local function asked_of(unit, record)
  local list, english = {}, {}
  for _, asked in ipairs(unit.untranslated) do english[asked] = true end
  for i, asked in ipairs(unit.asked) do
    local text = { asked.msgid, asked.plural or false, asked.context or false }
    local known = code_of(text)
    if not record.numbers[known] then
      record.texts[#record.texts + 1] = text
      record.numbers[known] = #record.texts
    end
    list[i] = ("%d:%d%s"):format(record.numbers[known], asked.line, english[asked] and "!" or "")
  end
  return table.concat(list, " ")
end

local function unit_row(build, key, span, record)
  local unit, base = build.units[key], build.chain[#build.chain]
  local folder, name = key:match("^(%l+) (.*)$")
  return { path = folder .. "s/" .. name .. ".html", asked = asked_of(unit, record), from = span.from, to = span.to, lines = span.lines, places = places_of(unit, base.name),
           sources = sources_of(build, key, base), stands = unit.stands }
end

local function asked_by(build, key, into)
  local header = build.units[key:gsub("^component", "header")]
  if header and header ~= build.units[key] then
    for question in pairs(header.asks) do into[question] = true end
  end
  for question in pairs(build.units[key].asks) do into[question] = true end
  return into
end

local function catalog_of(build, asks)
  local catalog = build.catalogs[1]
  if not catalog then return nil end
  local messages = {}
  for question in pairs(asks) do
    local key = question:match("^word (.*)")
    local entry = key and catalog.messages[key]
    if key then messages[key] = entry and { plural = entry.plural } or false end
    for form, text in pairs(entry or {}) do
      if math.type(form) == "integer" then messages[key][form] = text end
    end
  end
  return { rule = catalog.rule, forms = catalog.forms, messages = messages }
end

-- The text of a chunk that gives what is known of base: units, who asked what, its words.
-- component: function(build, name) -> what M.component gives of it later.
function M.record(build, spans, component)
  local record = { units = {}, names = {}, asks = {}, faces = {}, components = {}, icon = {}, asset = {}, texts = {},
                   numbers = {} }
  for _, key in ipairs(build.unit_order) do
    if is_kept(key) then
      record.names[#record.names + 1] = key
      record.units[key] = unit_row(build, key, spans[key], record)
      for question in pairs(asked_by(build, key, {})) do
        record.asks[question] = (record.asks[question] or "") .. #record.names .. " "
      end
    end
  end
  for _, key in ipairs(build.unit_order) do record.faces[key] = face_of(build, key) end
  for name in pairs(build.component_names) do record.components[name] = component(build, name) end
  for _, question in ipairs(sorted(record.asks)) do
    local kind, name = question:match("^(%l+) (.*)$")
    if kind == "icon" or kind == "asset" then table.insert(record[kind], name) end
  end
  record.catalog, record.numbers = catalog_of(build, record.asks), nil
  return "return " .. code_of(record)
end

return M
