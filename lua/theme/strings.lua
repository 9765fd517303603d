-- SPDX-License-Identifier: GPL-3.0-or-later
-- The words of a chain of themes in one language: po/LANGUAGE.po of the child, of its parents, of base,
-- then the core's, then the text as it stands. They become part of the compiled templates. A theme can
-- have an en.po too: its own words for what base says.

local files = require "theme.files"
local po = require "theme.po"
local sorted = require "theme.sorted"
local suggest = require "theme.suggest"
local units = require "theme.units"

local M = {}

local HINTS = 20   -- so many unknown texts of a file are compared with all that is said

-- "de-AT" reads po/de-AT.po, or else po/de.po.
local function path_of(theme, locale)
  local path = "po/" .. locale .. ".po"
  if theme.files[path] then return path end
  path = "po/" .. (locale:match("^(%a+)%-") or locale) .. ".po"
  return theme.files[path] and path
end

local function catalogs_of(build, locale)
  local catalogs = {}
  for level, theme in ipairs(build.chain) do
    local path = path_of(theme, locale)
    if path then
      local file = files.make(build, level, path)
      local function read() return po.read(file.source, file.report) end
      local catalog = level == #build.chain and units.catalog(build, locale, read) or read()
      local tag, language = path:match("^po/(%a+)"), (catalog.language or ""):match("^%a+")
      if language and language ~= tag then file.report(1, "po-language", catalog.language, tag) end
      catalog.file, catalog.number = file, files.rank(build, level)
      catalogs[#catalogs + 1] = catalog
    end
  end
  return catalogs
end

-- A theme that is compiled in English, as it is when it is checked, has all its translations looked at: for each
-- of its languages the catalogs of the chain, its own first.
local function languages_beside(build)
  local languages = {}
  if build.locale ~= "en" or #build.chain == 1 then return languages end
  for _, path in ipairs(sorted(build.chain[1].files)) do
    local locale = path:match("^po/([%w-]+)%.po$")
    local is_known = not next(build.tags) or build.tags[locale]
    if locale and locale ~= "en" and is_known then languages[#languages + 1] = catalogs_of(build, locale) end
  end
  return languages
end

local function forms_of(entry, n)
  local forms = {}
  for i = 0, n - 1 do forms[i + 1] = entry[i] end
  return forms
end

-- The nearest theme's entry; one of another kind (a plural or not) does not count.
local function entry_in(catalogs, msgid, plural, context)
  local key = po.key(msgid, context)
  for _, catalog in ipairs(catalogs) do
    local entry = catalog.messages[key]
    if entry and (entry.plural == nil) == (plural == nil) then return entry, catalog end
  end
end

-- A text, or the forms of a plural and the name of their rule in the code.
local function find(build, options, msgid, plural, context)
  local entry, catalog = entry_in(build.catalogs, msgid, plural, context)
  local pseudo = options.pseudo   -- made from the theme's own English, where it has some
  if entry and plural then
    local forms = forms_of(entry, catalog.forms)
    for i = 1, pseudo and #forms or 0 do forms[i] = pseudo(forms[i]) end
    return forms, ("P[%d]"):format(catalog.number)
  end
  if entry then return pseudo and pseudo(entry[0]) or entry[0] end
  if pseudo and plural then return { pseudo(msgid), pseudo(plural) }, "P.en" end
  if pseudo then return pseudo(msgid) end
  return not plural and not context and options.core and options.core(msgid) or nil
end

-- Before anything is compiled: build.strings(msgid, plural, context) from then on.
function M.read(build, options)
  build.catalogs, build.beside = catalogs_of(build, build.locale), languages_beside(build)
  build.strings = options.strings or function(...) return find(build, options, ...) end
  local code = build.code
  code[#code + 1] = "local P = { en = function(n) return n == 1 and 0 or 1 end }"
  for _, catalog in ipairs(build.catalogs) do
    if catalog.rule then code[#code + 1] = ("P[%d] = function(n) return %s end"):format(catalog.number, catalog.rule) end
  end
end

-- What a template says at `at`, in the reader's language; the msgid itself, and false, where it is English.
function M.say(file, at, msgid, plural, context)
  local build = file.theme.build
  units.note(build, "word", po.key(msgid, context))
  local text, rule = build.strings(msgid, plural, context)
  local asked = { msgid = msgid, plural = plural, context = context, level = file.level, path = file.shown,
                  line = (files.place(file, at)) }
  build.asked[#build.asked + 1] = asked
  if text then return text, rule end
  if build.locale ~= "en" then build.untranslated[#build.untranslated + 1] = asked end
  return plural and { msgid, plural } or msgid, false
end

-- What is missing there of the texts of the theme's own templates.
local function compare(build, catalogs)
  local all, missing, first, seen = 0, 0, nil, {}
  for _, asked in ipairs(build.all_asked) do
    local key = po.key(asked.msgid, asked.context)
    if asked.level == 1 and not seen[key] then
      seen[key], all = true, all + 1
      if not entry_in(catalogs, asked.msgid, asked.plural, asked.context) then missing, first = missing + 1, first or asked.msgid end
    end
  end
  local own = catalogs[1]
  local unsure = own.fuzzy > 0 and ("; marked fuzzy and not used: %d"):format(own.fuzzy) or ""
  if missing > 0 then own.file.report(1, "po-missing", missing, all, first, unsure) end
end

-- The texts of the templates by their keys and by their words alone.
local function index_of(build)
  local index = { keys = {}, words = {} }
  for _, asked in ipairs(build.all_asked) do
    index.keys[po.key(asked.msgid, asked.context)] = asked
    index.words[asked.msgid] = asked
  end
  return index
end

-- What was meant by a text that no template says: with another context, as a plural or not, or a like one; nil: one
-- says it.
local function meant(index, key, entry, wants_hint)
  local same, msgid = index.keys[key], key:gsub("^.*\4", "")
  if same and not entry then return nil end
  if same and same.plural and not entry.plural then return (" - but with msgid_plural '%s'"):format(same.plural) end
  if same then return not same.plural and entry.plural and " - but without msgid_plural" or nil end
  local other = index.words[msgid]
  if other then return other.context and (" - but with msgctxt '%s'"):format(other.context) or " - but without msgctxt" end
  return wants_hint and suggest.hint(msgid, index.words) or ""
end

local function unknowns_tell(build, index, catalog)
  local hints = 0
  for _, key in ipairs(sorted(catalog.places)) do
    local instead = meant(index, key, catalog.messages[key], hints < HINTS)
    if instead then
      hints = hints + 1
      catalog.file.report(catalog.places[key], "po-unknown", (key:gsub("^.*\4", "")), instead)
    end
  end
end

-- Tells what the child's own PO file translates and no template says. Afterwards.
function M.finish(build)
  for _, catalogs in ipairs(build.beside) do
    compare(build, catalogs)
    build.catalogs[#build.catalogs + 1] = catalogs[1]
  end
  local index = index_of(build)
  for _, catalog in ipairs(build.catalogs) do
    if catalog.file.level == 1 then unknowns_tell(build, index, catalog) end
    files.done(build, catalog.file)
  end
end

return M
