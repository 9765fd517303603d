-- SPDX-License-Identifier: GPL-3.0-or-later
-- The contract between the core and its themes: what each page's view model holds. Contract files
-- are data; this module gives them their constructors and nothing else, joins what they declare,
-- and resolves the names of records. A mistake in a contract raises, with the file and line.
--
-- A type is a table: kind = text int id count bool url time secret enum record list map, and
--   optional, doc, max ...   the options as written
--   values, has              of an enum: the array, and the set of it
--   fields, name             of a record: name -> type, as declared by record "NAME"
--   of                       of a list: the type of its elements
-- A map has whatever keys the reader of a page brings; templates reach it by a helper alone.
-- A slot, a named empty place that themes fill: slot "NAME" { doc =, takes = { { "name", type }, ... } }.

local suggest = require "theme.suggest"

local M = {}

local callable = {}

local function type_make(kind, options)
  local made = { kind = kind }
  for key, value in pairs(options or {}) do made[key] = value end
  return setmetatable(made, callable)
end

-- text { max = 3 } and ref "Quota" { optional = true }: a type called with options is a copy with them.
callable.__call = function(self, options)
  if type(options) ~= "table" then error("options are a table: { optional = true }", 2) end
  local made = setmetatable({}, callable)
  for key, value in pairs(self) do made[key] = value end
  for key, value in pairs(options) do made[key] = value end
  return made
end

local function enum(list)
  if type(list) ~= "table" or #list == 0 then error("an enum lists its values", 2) end
  local made = type_make("enum", { values = {}, has = {} })
  for key, value in pairs(list) do
    if math.type(key) ~= "integer" then made[key] = value end
  end
  for i, value in ipairs(list) do
    made.values[i], made.has[value] = value, true
  end
  return made
end

local function set(list)
  local fields = {}
  for _, name in ipairs(list) do fields[name] = type_make("bool") end
  return type_make("record", { name = "set", fields = fields })
end

local function ref(name)
  if type(name) ~= "string" then error("ref takes the name of a record", 2) end
  return type_make("record", { name = name, unresolved = true })
end

local function list(of)
  if type(of) == "string" then return type_make("list", { of = ref(of) }) end
  if type(of) == "table" and of[1] and of[1].kind then return type_make("list", { of = of[1] }) end
  error('list takes the name of a record or { type }', 2)
end

local function declare(into, what)
  return function(name)
    if type(name) ~= "string" then error(what .. " takes a name", 2) end
    if into[name] then error(what .. " '" .. name .. "' is declared twice", 2) end
    return function(body)
      if type(body) ~= "table" then error(what .. " '" .. name .. "' takes a table", 2) end
      body.name = body.name or name
      into[name] = body
    end
  end
end

-- record "NAME" { field = type }: fields may be called `name`, so they are kept apart.
local function declare_record(records)
  return function(name)
    if records[name] then error("record '" .. name .. "' is declared twice", 2) end
    return function(fields)
      if type(fields) ~= "table" then error("record '" .. name .. "' takes a table", 2) end
      records[name] = fields
    end
  end
end

local function environment(contract)
  local env = { record = declare_record(contract.records), page = declare(contract.pages, "page"),
                slot = declare(contract.slots, "slot"), map = type_make("map"), enum = enum, set = set, ref = ref, list = list }
  for _, kind in ipairs { "text", "int", "bool", "url", "time", "id", "count", "secret" } do
    env[kind] = type_make(kind)
  end
  return setmetatable(env, {
    __index = function(_, name) error("a contract knows no '" .. tostring(name) .. "'", 2) end,
    __newindex = function(_, name) error("a contract sets nothing: '" .. tostring(name) .. "'", 2) end,
  })
end

local function resolve(contract, made, where)
  if type(made) ~= "table" or not made.kind then error(where .. " has no type", 0) end
  if made.kind == "list" then return resolve(contract, made.of, where) end
  if not made.unresolved then return end
  local fields = contract.records[made.name]
  if not fields then
    error(where .. ": there is no record '" .. made.name .. "'"
          .. suggest.hint(made.name, contract.records), 0)
  end
  made.fields, made.unresolved = fields, nil
end

local function resolve_fields(contract, fields, where)
  for name, made in pairs(fields) do resolve(contract, made, where .. "." .. name) end
end

-- Puts the types of a slot's arguments by name into slot.args, in order into slot.order.
local function resolve_slot(contract, slot, where)
  slot.args, slot.order = {}, {}
  for i, pair in ipairs(slot.takes or {}) do
    local name, made = pair[1], pair[2]
    if type(name) ~= "string" then error(where .. ": takes = { { \"name\", type }, ... }", 0) end
    resolve(contract, made, where .. "." .. name)
    slot.args[name], slot.order[i] = made, name
  end
end

-- "/domains/{domain}/mailboxes" -> { "domain" }
local function placeholders(pattern)
  local names = {}
  for name in pattern:gmatch("{([%w_]+)}") do names[#names + 1] = name end
  return names
end

-- files: array of { path =, text = }; routes: array of { name =, pattern = }, or nil to take those
-- the pages state. The contract: pages, records, slots, routes by name, and the type of `shell`.
function M.contract(files, routes)
  local contract = { pages = {}, records = {}, routes = {}, slots = {} }
  local env = environment(contract)
  for _, file in ipairs(files) do
    local chunk, why = load(file.text, "=" .. file.path, "t", env)
    if not chunk then error(why, 0) end
    chunk()
  end
  for name, fields in pairs(contract.records) do resolve_fields(contract, fields, name) end
  for name, page in pairs(contract.pages) do
    if type(page.model) ~= "table" then error("page '" .. name .. "' has no model", 0) end
    resolve_fields(contract, page.model, name)
    page.type = type_make("record", { name = "vm", fields = page.model, page = name })
  end
  for name, slot in pairs(contract.slots) do resolve_slot(contract, slot, "slot " .. name) end
  if not contract.records.Shell then error("the contract has no record Shell", 0) end
  contract.shell = type_make("record", { name = "Shell", fields = contract.records.Shell })
  if not routes then
    routes = {}
    for name, page in pairs(contract.pages) do
      if page.route and page.route ~= "*" then
        routes[#routes + 1] = { name = name, pattern = page.route }
      end
    end
  end
  for _, route in ipairs(routes) do
    contract.routes[route.name] = { pattern = route.pattern, needs = placeholders(route.pattern) }
  end
  return contract
end

M.type_make = type_make
return M
