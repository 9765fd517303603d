-- SPDX-License-Identifier: GPL-3.0-or-later
-- Files that nothing would ever read: a page that the contract has not, a block of no page, a translation into a
-- language that the program has not, a file of a wrong ending or in a wrong place. Each is told with the name that was
-- meant, where one is near.

local files = require "theme.files"
local sorted = require "theme.sorted"
local suggest = require "theme.suggest"

local M = {}

local folders = { pages = true, layouts = true, components = true, blocks = true, slots = true, assets = true, po = true }

-- What is read in each folder.
local patterns = {
  pages = { "^pages/.+%.html$", "^pages/.+%.lua$" },
  layouts = { "^layouts/[%w_.-]+%.html$" },
  components = { "^components/[%w_-]+%.html$" },
  blocks = { "^blocks/[^/]+/[%w_]+%.html$" },
  po = { "^po/[%w-]+%.po$" },
  assets = { "^assets/[^/]+$" },
}

-- Papers may lie anywhere; beside theme.lua assets too, which theme/check/files.lua looks at.
local is_paper = { md = true, pot = true, license = true }
local is_code = { html = true, htm = true, lua = true, po = true }

local function is_read(path, folder)
  local ending = path:match("%.(%w+)$")
  if not folder then return path == "theme.lua" or path == "helpers.lua" or not is_code[ending] end
  if not patterns[folder] or is_paper[ending] then return true end
  for _, pattern in ipairs(patterns[folder]) do
    if path:find(pattern) then return true end
  end
  return false
end

-- Every path that could be meant: what the theme's parents have, each page, each block of each page and layout.
local function readable(build)
  local known = { ["theme.lua"] = true, ["helpers.lua"] = true }
  for level = 2, #build.chain do
    for path in pairs(build.chain[level].files) do known[path] = true end
  end
  for owner, blocks in pairs(build.sources) do
    for block in pairs(blocks) do known["blocks/" .. owner .. "/" .. block .. ".html"] = true end
  end
  for page in pairs(build.contract.pages) do known["pages/" .. page .. ".html"] = true end
  for tag in pairs(build.tags) do known["po/" .. tag .. ".po"] = true end
  return known
end

-- Of another ending or in another folder, else the nearest name.
local function meant(build, path)
  build.readable = build.readable or readable(build)
  local stem = path:gsub("%.%w+$", "")
  local name = stem:match("([^/]*)$")
  local exact = { stem .. ".html", "pages/" .. name .. ".html", "components/" .. name .. ".html",
                  "layouts/" .. name .. ".html", "po/" .. name .. ".po", name .. ".lua" }
  if path:find("^assets/") then return (" - did you mean 'assets/%s'?"):format(path:match("[^/]*$")) end
  for _, one in ipairs(exact) do
    if one ~= path and build.readable[one] then return (" - did you mean '%s'?"):format(one) end
  end
  return suggest.hint(path, build.readable)
end

-- Of a page that is both a template and a script, the template is drawn.
local function is_second(theme, path)
  local page = path:match("^(pages/.+)%.lua$")
  return page and theme.files[page .. ".html"] and page .. ".html"
end

local function unknown_language(build, path)
  local tag = path:match("^po/([%w-]+)%.po$")
  return tag and next(build.tags) and not build.tags[tag] and tag
end

local function language_meant(build, tag)
  local plain = tag:match("^%a+")
  if build.tags[plain] then return (" - did you mean '%s'?"):format(plain) end
  local hint, offered = #tag > 2 and suggest.hint(tag, build.tags) or "", {}   -- 'es' is no slip for 'en'
  for _, known in ipairs(sorted(build.tags)) do
    if not known:find("%-X%u$") then offered[#offered + 1] = known end   -- no pseudo-locale
  end
  return hint ~= "" and hint or " - it has " .. table.concat(offered, ", ") .. "; a new one is built in (core/po/README.md)"
end

local function look(build, layouts, theme, path, stray)
  local page = path:match("^pages/(.+)%.html$") or path:match("^pages/(.+)%.lua$")
  local of = path:match("^blocks/([^/]+)/")
  local folder = path:match("^([^/]+)/")
  local second, tag = is_second(theme, path), unknown_language(build, path)
  if page and not build.contract.pages[page] then
    stray("unknown-page", page, suggest.hint(page, build.contract.pages))
  elseif of and not build.contract.pages[of] and not layouts[of] then
    stray("unknown-owner", of, suggest.hint(of, build.contract.pages))
  elseif folder and not folders[folder] and not path:find("^%.") then
    stray("unknown-folder", folder, suggest.hint(folder, folders))
  elseif second then
    stray("page-second", second)
  elseif tag then
    stray("unknown-language", tag, language_meant(build, tag))
  elseif not is_read(path, folder) then
    stray("unread-file", meant(build, path))
  end
end

-- Last, when all that could be meant is known. layouts: their names as keys; build.tags: the languages of the
-- program, none where they are not known.
function M.tell(build, layouts)
  for level, theme in ipairs(build.chain) do
    for _, path in ipairs(sorted(theme.files)) do
      look(build, layouts, theme, path, function(...)
        local file = files.make(build, level, path)
        file.report(1, ...)
        files.done(build, file)
      end)
    end
  end
end

return M
