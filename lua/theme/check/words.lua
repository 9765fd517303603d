-- SPDX-License-Identifier: GPL-3.0-or-later
-- MB09x: each PO file of the theme, whatever language the pages are looked at in: read as the compiler reads it, held
-- against what the templates say, and against what they leave untranslated.

local files = require "theme.files"
local po = require "theme.po"

local M = {}

local function catalog_of(build, level, path)
  local file = files.make(build, level, path)
  return po.read(file.source, file.report), file
end

local function keys_of(asked)
  local keys = {}
  for _, one in ipairs(asked) do keys[po.key(one.msgid, one.context)] = true end
  return keys
end

-- Texts of the theme's own templates that no theme of the chain has in this language.
local function lacking(build, asked, path, own)
  local catalogs, own_texts, missing, seen = { own }, 0, 0, {}
  for level = 2, #build.chain do
    if build.chain[level].files[path] then catalogs[#catalogs + 1] = catalog_of(build, level, path) end
  end
  for _, one in ipairs(asked) do
    local key, found = po.key(one.msgid, one.context), false
    if one.level == 1 and not seen[key] then
      seen[key], own_texts = true, own_texts + 1
      for _, catalog in ipairs(catalogs) do found = found or catalog.messages[key] ~= nil end
      if not found then missing = missing + 1 end
    end
  end
  return missing, own_texts
end

-- add(finding) takes those of the PO reader, tell(code, what, path) the others. English was read by the compiler.
function M.check(contract, chain, asked, add, tell)
  local build = { chain = chain, contract = contract, errors = {}, warnings = {}, findings = {} }
  local keys, paths = keys_of(asked), {}
  for path in pairs(chain[1].files) do
    if path:find("^po/[%w-]+%.po$") and path ~= "po/en.po" then paths[#paths + 1] = path end
  end
  table.sort(paths)
  for _, path in ipairs(paths) do
    local catalog, file = catalog_of(build, 1, path)
    for key, at in pairs(catalog.places) do
      if not keys[key] then file.report(at, "po-unknown", (key:gsub("^.*\4", ""))) end
    end
    files.done(build, file)
    local missing, all = lacking(build, asked, path, catalog)
    if missing > 0 then tell("MB094", ("%d of %d"):format(missing, all), path) end
  end
  for _, found in ipairs(build.findings) do add(found) end
end

return M
