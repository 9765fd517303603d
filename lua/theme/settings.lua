-- SPDX-License-Identifier: GPL-3.0-or-later
-- The settings that the manifests of a chain declare, and their types in templates. A child sees its parents'
-- settings; where it declares one again, what it states counts and the rest stays the parent's.

local files = require "theme.files"
local schema = require "schema"
local suggest = require "theme.suggest"
local types = require "template.types"

local M = {}

-- type in the manifest -> kind in the contract, type in Lua
local kinds = { bool = { "bool", "boolean" }, choice = { "enum", "string" }, color = { "text", "string" },
                text = { "text", "string" }, font = { "text", "string" }, number = { "int", "number" },
                image = { "url", "string" }, links = { "text", "string" } }
M.kinds = kinds

local function type_of(setting)
  local kind = kinds[setting.type][1]
  local optional = setting.default == nil and kind ~= "bool" or nil
  if kind ~= "enum" then return schema.type_make(kind, { optional = optional }) end
  local made = schema.type_make("enum", { values = {}, has = {}, optional = optional })
  for i, value in ipairs(setting.options) do made.values[i], made.has[value] = value, true end
  return made
end

local function overlay(parent, own)
  local made = {}
  for key, value in pairs(parent or {}) do made[key] = value end
  for key, value in pairs(own) do made[key] = value end
  return made
end

local function is_texts(list)
  if type(list) ~= "table" or #list == 0 then return false end
  for _, one in ipairs(list) do
    if type(one) ~= "string" then return false end
  end
  return true
end

local function has(list, word)
  for _, one in ipairs(list) do
    if one == word then return true end
  end
end

-- Why a setting cannot be used, as a kind of mistake and its values; nil where it can.
local function refused(setting)
  local id, kind = setting.id, kinds[setting.type]
  if not kind then
    return "setting-type", id, tostring(setting.type), suggest.hint(tostring(setting.type), kinds)
  end
  if setting.type == "choice" and not is_texts(setting.options) then return "setting-options", id end
  if setting.default == nil then return nil end
  if type(setting.default) ~= kind[2] then return "setting-default", id, kind[2] end
  if setting.type == "choice" and not has(setting.options, setting.default) then
    return "setting-choice", id, setting.default, suggest.hint(setting.default, setting.options)
  end
end
M.overlay = overlay
function M.is_usable(setting) return not refused(setting) end

-- build.settings: id -> { id =, type =, default =, made = (its type), theme = (who declared it last), ... }
function M.read(build)
  for level = #build.chain, 1, -1 do
    local theme = build.chain[level].name
    local manifest, file = build.manifests[theme], files.make(build, level, "theme.lua")
    for i, own in ipairs(manifest and manifest.settings or {}) do
      if type(own) ~= "table" or type(own.id) ~= "string" or not own.id:find("^[%a][%w_-]*$") then
        local places = build.places[theme]
        file.report(places[own] and places[own].id or places[manifest.settings][i], "setting-id")
      else
        local setting = overlay(build.settings[own.id], own)
        setting.theme = theme
        if M.is_usable(setting) then
          setting.made = type_of(setting)
          build.settings[own.id] = setting
        else
          file.report(file.source:find('"' .. own.id .. '"', 1, true), refused(setting))
        end
      end
    end
    files.done(build, file)
  end
end

-- A value of another type than declared, or no longer among the choices, is as if it were not there.
local READ = [[
local Z, type = {}, type
local function setting(shell, id)
  local known, all = Z[id], shell.settings
  local v = all and all[id]
  if v == nil or type(v) ~= known.is or known.one and not known.one[v] then return known.default end
  return v
end]]

local function literal(value)
  return type(value) == "string" and types.quote(value) or tostring(value)
end

function M.write(build)
  local ids = {}
  for id in pairs(build.settings) do ids[#ids + 1] = id end
  if #ids == 0 then return end
  table.sort(ids)
  for text in (READ .. "\n"):gmatch("([^\n]*)\n") do build.code[#build.code + 1] = text end
  for _, id in ipairs(ids) do
    local setting, one = build.settings[id], {}
    local default = setting.default
    if setting.type == "bool" then default = default or false end
    if setting.translatable and type(default) == "string" then default = build.strings(default) or default end
    for i, value in ipairs(setting.made.values or {}) do one[i] = ("[%s] = true"):format(types.quote(value)) end
    build.code[#build.code + 1] = ("Z[%s] = { is = %s, default = %s, one = %s }"):format(types.quote(id),
      types.quote(kinds[setting.type][2]), literal(default), #one > 0 and "{ " .. table.concat(one, ", ") .. " }" or "nil")
  end
end

return M
