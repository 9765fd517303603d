-- SPDX-License-Identifier: GPL-3.0-or-later
-- MB08x and MB12x: what a theme's files weigh, whether they are what they say, and which of them nothing uses.

local sorted = require "theme.sorted"

local M = {}

local STYLES, PICTURE = 10 * 1024, 100 * 1024
M.PAGE = 24 * 1024

local pictures = { png = true, jpg = true, webp = true, ico = true, svg = true }

-- What stands in assets/ or beside theme.lua and is no part of the language.
function M.is_asset(path)
  return path:find("^assets/") ~= nil or not path:find("/", 1, true) and not path:find("%.lua$") and not path:find("%.md$")
         and path ~= "LICENSE" and path ~= "COPYING" and not path:find("%.license$")
end

local function ending(path) return path:match("%.(%w+)$") end

-- Everything that could name an asset: templates, scripts, styles, the manifest.
local function all_text(theme)
  local parts = {}
  for _, path in ipairs(sorted(theme.files)) do
    if path:find("%.html$") or path:find("%.lua$") or path:find("%.css$") then parts[#parts + 1] = theme.files[path] end
  end
  return table.concat(parts, "\n")
end

local by_name = { ["app.css"] = true, ["tokens.css"] = true, ["app.js"] = true, ["favicon.svg"] = true, ["icons.svg"] = true,
                  ["trying.css"] = true }

local function is_of_a_parent(chain, name)
  for level = 2, #chain do
    if chain[level].files[name] or chain[level].files["assets/" .. name] then return true end
  end
  return false
end

local function check_asset(theme, chain, path, text, host, tell)
  local bytes, name = theme.files[path], path:match("[^/]+$")
  local problem = host.asset_problem(path, bytes, theme.name == "base")
  if problem then tell("MB083", problem, path) end
  if pictures[ending(path)] and #bytes > PICTURE then tell("MB081", ("%d KB"):format(#bytes // 1024), path) end
  if not problem and not by_name[name] and not is_of_a_parent(chain, name) and not text:find(name, 1, true) then tell("MB122", name, path) end
end

-- The manifest alone reads none of its settings; a parent's templates may read one that the child states anew.
local function check_settings(chain, manifest, tell)
  local texts = {}
  for level, theme in ipairs(chain) do
    local files = {}
    for path, bytes in pairs(theme.files) do files[path] = path ~= "theme.lua" and bytes or nil end
    texts[level] = all_text({ files = files })
  end
  local text = table.concat(texts, "\n")
  for _, setting in ipairs(type(manifest.settings) == "table" and manifest.settings or {}) do
    local id = type(setting) == "table" and setting.id
    if type(id) == "string" and not text:find('setting("' .. id .. '"', 1, true) and not text:find("--set-" .. id, 1, true) then
      tell("MB123", id, "theme.lua")
    end
  end
end

local function used(text, name)
  return text:find('"' .. name .. '"', 1, true) ~= nil
end

local function check_parts(chain, tell)
  local theme, texts = chain[1], {}
  for level, one in ipairs(chain) do texts[level] = all_text(one) end
  local text = table.concat(texts, "\n")
  for _, path in ipairs(sorted(theme.files)) do
    local name = path:match("^components/([^/]+)%.html$") or path:match("^layouts/([^/]+)%.html$")
    if name and not used(text, name) then tell("MB124", name, path) end
  end
end

-- host: deflated(bytes) -> size, asset_problem(path, bytes, is_base) -> sentence or nil.
function M.check(chain, manifest, host, tell)
  local theme, styles, text = chain[1], 0, all_text(chain[1])
  for _, path in ipairs(sorted(theme.files)) do
    if M.is_asset(path) then check_asset(theme, chain, path, text, host, tell) end
    if ending(path) == "css" then styles = styles + host.deflated(theme.files[path]) end
  end
  if styles > STYLES then tell("MB080", ("%.1f KB compressed"):format(styles / 1024), "app.css") end
  check_settings(chain, manifest, tell)
  check_parts(chain, tell)
end

return M
