-- SPDX-License-Identifier: GPL-3.0-or-later
-- The fixtures against the contract: every case of every page is as the contract says, and every field of the contract,
-- optional ones too, is in some fixture. Prints what is not so; status 1 then.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
local root = here .. "/../.."
package.path = root .. "/lua/?.lua;" .. package.path

local folder = dofile(here .. "/folder.lua")
local fixtures = require "theme.fixtures"
local schema = require "schema"
local validate = require "theme.validate"

local files = {}
for path, text in pairs(folder.read(root .. "/lua/contract")) do files[#files + 1] = { path = path, text = text } end
table.sort(files, function(a, b) return a.path < b.path end)
local contract = schema.contract(files)

local bad, seen = 0, {}
local function say(...)
  bad = bad + 1
  print(...)
end

-- Marks what is there. A slot of the host stands for each secret, which only the host can make.
local function look(made, value, record, name)
  if value == nil then return nil end
  seen[record .. "." .. name] = true
  if made.kind == "secret" then return io.stdout end
  if made.kind == "record" then
    for field, of in pairs(made.fields) do value[field] = look(of, value[field], made.page or made.name, field) end
  elseif made.kind == "list" then
    for i, one in ipairs(value) do value[i] = look(made.of, one, record, name) end
  end
  return value
end

local cases = 0
for _, row in ipairs(fixtures.list(contract)) do
  local model = fixtures.make(contract, row.page, row.case, {})
  local vm, shell = look(model.vm_type, model.vm, row.page, "vm"), look(model.shell_type, model.shell, "Shell", "shell")
  for _, what in ipairs(validate.model(contract, row.page, vm, shell)) do say(row.page, row.case, what) end
  cases = cases + 1
end

for _, role in ipairs { "server", "domain", "user" } do
  local model = fixtures.make(contract, "error", "usual", { role = role, locale = "ar-XB", scheme = "dark" })
  if model.shell.user.role ~= role or model.shell.dir ~= "rtl" or model.shell.scheme ~= "dark" then say("options", role) end
end

local function due(name, fields)
  for field in pairs(fields) do
    if not seen[name .. "." .. field] then say("no fixture has " .. name .. "." .. field) end
  end
end
for name, page in pairs(contract.pages) do due(name, page.model) end
local used = {}
local function use(made)
  if made.kind == "list" then return use(made.of) end
  if made.kind ~= "record" or used[made.name] then return end
  used[made.name] = true
  for _, of in pairs(made.fields) do use(of) end
end
for _, page in pairs(contract.pages) do
  for _, of in pairs(page.model) do use(of) end
end
use(contract.shell)
for name in pairs(used) do due(name, contract.records[name]) end

-- The same call, the same model.
local function flat(value)
  if type(value) ~= "table" then return tostring(value) end
  local keys, parts = {}, {}
  for key in pairs(value) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  for i, key in ipairs(keys) do parts[i] = tostring(key) .. "=" .. flat(value[key]) end
  return "{" .. table.concat(parts, ",") .. "}"
end
for _, case in ipairs { "usual", "whole", "full", "hostile" } do
  local one = fixtures.make(contract, "mailboxes.list", case, {}).vm
  local other = fixtures.make(contract, "mailboxes.list", case, {}).vm
  if flat(one) ~= flat(other) then say("mailboxes.list", case, "differs from call to call") end
end
if #fixtures.make(contract, "mailboxes.list", "full", {}).vm.rows ~= 50 then say("full has not fifty rows") end

print(cases .. " cases")
os.exit(bad == 0 and 0 or 1)
