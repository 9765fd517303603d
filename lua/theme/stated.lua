-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a theme's manifest states and cannot be so: a contract that this program has not, a file that is not there, a
-- setting whose default it would refuse itself. The theme still loads; each is told with the place of its key.

local files = require "theme.files"
local settings = require "theme.settings"
local sorted = require "theme.sorted"
local suggest = require "theme.suggest"
local tokens = require "theme.check.tokens"

local M = {}

local CONTRACT, API = 1, 1   -- the major number of the contract, and that of the calls of scripts

local lengths = { title = 60, version = 40, author = 80, license = 40, description = 120, homepage = 120 }
local schemes = { light = true, dark = true }
local setting_keys = { id = 1, type = 1, label = 1, hint = 1, default = 1, min = 1, max = 1, was = 1, options = 1, labels = 1,
                       contrast = 1, translatable = 1 }
local fonts = { system = 1, humanist = 1, grotesque = 1, rounded = 1, serif = 1, antique = 1, mono = 1, typewriter = 1 }

local function has_file(build, path)
  for _, theme in ipairs(build.chain) do
    if theme.files[path] or theme.files["assets/" .. path] then return true end
  end
end

local keys = {}

function keys.name(stated, name, folder)
  if not name:find("^[a-z0-9-]+$") or #name > 40 then return stated("name", "name-form", name) end
  if name ~= folder then stated("name", "name-folder", name, folder) end
end

function keys.contract(stated, contract)
  local major = contract:match("^(%d+)%.%d+$")
  if not major then return stated("contract", "contract-form", contract) end
  if tonumber(major) ~= CONTRACT then stated("contract", "contract-other", contract, CONTRACT .. ".0") end
end

function keys.api(stated, api)
  if api ~= API then stated("api", "api-other", tostring(api), API) end
end

function keys.version(stated, version)
  if not version:find("^%d+%.%d+[%w.+-]*$") then stated("version", "version-form", version) end
end

function keys.homepage(stated, homepage)
  if not homepage:find("^https?://[^%s/]") then stated("homepage", "homepage-form") end
end

function keys.schemes(stated, list)
  if #list == 0 then stated("schemes", "schemes-none") end
  for i, word in ipairs(list) do
    if not schemes[word] then stated("schemes", "scheme-word", tostring(word), suggest.hint(tostring(word), schemes), i) end
  end
end

function keys.tokens(stated, path, _, build)
  if path ~= "tokens.css" then return stated("tokens", "tokens-name", path) end
  if not has_file(build, path) then stated("tokens", "file-missing", path, "") end
end

function keys.screenshot(stated, path, _, build)
  local own = build.chain[1].files
  if not own[path] then stated("screenshot", "file-missing", path, suggest.hint(path, own)) end
end

local defaults = {}

function defaults.color(value)
  if not value:find("^#%x%x%x%x%x%x$") then return "setting-value", value, "#rrggbb" end
end

function defaults.font(value, setting)
  local offered = type(setting.options) == "table" and setting.options or fonts
  for key, word in pairs(offered) do if key == value or word == value then return end end
  return "setting-choice", value, suggest.hint(value, offered)
end

function defaults.number(value, setting)
  local min, max = type(setting.min) == "number" and setting.min, type(setting.max) == "number" and setting.max
  if value < (min or value) or value > (max or value) then
    return "setting-value", tostring(value), ("a number from %s to %s"):format(min or "...", max or "...")
  end
end

function defaults.text(value, setting)
  local most = math.type(setting.max) == "integer" and setting.max or 120
  if (utf8.len(value) or #value) > most then return "setting-value", value, ("a text of up to %d characters"):format(most) end
end

function defaults.image(value, _, build)
  if not has_file(build, value) then return "setting-value", value, "a picture in assets/" end
end

local function check_contrast(say, setting)
  local list = type(setting.contrast) == "table" and setting.contrast or {}
  local known = {}
  for _, row in ipairs(tokens.tokens) do known["--" .. row[1]] = true end
  for _, pair in ipairs(list.with and { list } or list) do
    local with = type(pair) == "table" and pair.with
    if not known[with or ""] then say("setting-token", setting.id, tostring(with), suggest.hint(tostring(with), known)) end
  end
end

local function check_setting(build, say, own, setting)
  local id = own.id
  for _, key in ipairs(sorted(own)) do
    if type(key) == "string" and not setting_keys[key] then say("setting-key", id, key, suggest.hint(key, setting_keys)) end
  end
  if type(setting.label) ~= "string" then say("setting-label", id) end
  if type(setting.min) == "number" and type(setting.max) == "number" and setting.min > setting.max then say("setting-range", id) end
  if type(setting.labels) == "table" and type(setting.options) == "table" and #setting.labels ~= #setting.options then
    say("setting-labels", id, #setting.options, #setting.labels)
  end
  check_contrast(say, setting)
  local check = defaults[setting.type]
  if check and setting.default ~= nil and setting.default ~= "" then
    local kind, value, what = check(setting.default, setting, build)
    if kind then say(kind, id, value, what) end
  end
end

local function check_settings(build, file, manifest, places)
  local list, seen = manifest.settings, {}
  if #list == 0 and next(list) then file.report(places[manifest].settings, "settings-list") end
  for _, own in ipairs(list) do
    if type(own) == "table" and type(own.id) == "string" then
      local at = (places[own] or {}).id
      local setting = build.settings[own.id]
      if seen[own.id] then file.report(at, "setting-twice", own.id) end
      seen[own.id] = true
      local function say(...) file.report(at, ...) end
      if setting and settings.is_usable(setting) then check_setting(build, say, own, setting) end
    end
  end
end

-- Of the theme itself: its parents answer for theirs.
function M.check(build)
  local theme = build.chain[1]
  local manifest, places = build.manifests[theme.name], build.places[theme.name]
  if not manifest then return end
  local file = files.make(build, 1, "theme.lua")
  local function stated(key, ...) file.report(places[manifest][key], ...) end
  for _, key in ipairs(sorted(keys)) do
    if manifest[key] ~= nil then keys[key](stated, manifest[key], theme.name, build) end
  end
  for _, key in ipairs(sorted(lengths)) do
    local n = manifest[key] and utf8.len(manifest[key])
    if n and n > lengths[key] then stated(key, "key-long", key, lengths[key]) end
  end
  if theme.name ~= "base" then
    for _, key in ipairs { "title", "version", "extends", "contract", "api" } do
      if manifest[key] == nil then file.report(1, "key-missing", key) end
    end
  end
  if manifest.settings then check_settings(build, file, manifest, places) end
  files.done(build, file)
end

return M
