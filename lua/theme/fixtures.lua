-- SPDX-License-Identifier: GPL-3.0-or-later
-- A view model for each page and each awkward case, made from the contract and from models.lua: lists empty, of
-- one, of fifty rows; every text as long as it may be, as a stranger would write it, from right to left; every
-- field of a form wrong; each optional field absent. The same call gives the same model each time. A page that
-- models.lua does not know gets an invented one, so that a new page has its fixtures at once.

local sorted = require "theme.sorted"
local models = require "theme.models"

local M = { now = models.now }

-- What stands for a picture that a model names; whoever draws the pages puts it there.
M.picture = { path = "/assets/picture.svg",
              bytes = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 10"><path fill="#808080" d="M0 0h16v10H0z"/></svg>' }

local ROWS = 50

-- Words of the program itself, which no stranger writes and templates compare: Record.field.
local words = {
  ["Shell.prefix"] = true, ["Shell.page"] = true, ["Shell.lang"] = true, ["Shell.version"] = true,
  ["Shell.request_id"] = true, ["FormField.name"] = true, ["FormField.autocomplete"] = true,
  ["FieldError.name"] = true, ["Action.name"] = true, ["AuditRow.action"] = true, ["Check.key"] = true,
}

local function copy(value)
  if type(value) ~= "table" then return value end
  local made = {}
  for key, one in pairs(value) do made[key] = copy(one) end
  return made
end

-- Invention: a value of a type that nobody wrote one for -------------------------------------------

local invent

local invented_texts = { email = "ada@example.org", domain = "example.org", remote = "192.0.2.17", version = "1.0.0",
                         name = "Ada Lovelace", autocomplete = "off", actor = "ada@example.org", object = "grace@example.org" }

local function invent_record(made, depth)
  local known = models.records[made.name]
  if known then return copy(known) end
  local record = {}
  for _, name in ipairs(sorted(made.fields)) do record[name] = invent(made.fields[name], name, depth + 1) end
  return record
end

local inventors = {
  text = function(made, name)
    local words_of = name:gsub("_", " ")
    local text = invented_texts[name] or words_of:sub(1, 1):upper() .. words_of:sub(2)
    return made.max and text:sub(1, made.max) or text
  end,
  url = function(_, name) return name == "screenshot" and M.picture.path or "/" .. name end,
  int = function(made) return math.min(made.max or 3, math.max(made.min or 0, 3)) end,
  bool = function() return true end,
  time = function() return { seconds = models.now - 3 * 86400, offset = 3600, zone = "CET" } end,
  secret = function() return true end,
  enum = function(made) return made.values[1] end,
  map = function() return {} end,
  record = function(made, _, depth) return invent_record(made, depth) end,
  list = function(made, name, depth)
    local list = {}
    for i = 1, 3 do
      list[i] = invent(made.of, name, depth + 1)
      if type(list[i]) == "table" and list[i].id then list[i].id = i end
    end
    return list
  end,
}
inventors.id, inventors.count = inventors.int, inventors.int

function invent(made, name, depth) return inventors[made.kind](made, name, depth) end

-- What a written model lacks: its fields that are not optional, or with `all` those too.
local function complete(made, value, name, all, depth)
  if value == nil then
    if made.optional and (not all or depth > 6) then return nil end
    value = invent(made, name, depth)
  end
  if made.kind == "record" then
    for field, of in pairs(made.fields) do value[field] = complete(of, value[field], field, all, depth + 1) end
  elseif made.kind == "list" then
    for i, one in ipairs(value) do value[i] = complete(made.of, one, name, all, depth + 1) end
  end
  return value
end

-- Changes: a walk over all values of a model by their types -----------------------------------------

-- change(made, value, name, record) gives what stands there instead.
local function walk(made, value, name, record, change)
  if value == nil then return nil end
  if made.kind == "record" then
    for _, field in ipairs(sorted(made.fields)) do
      value[field] = walk(made.fields[field], value[field], field, made.name, change)
    end
  elseif made.kind == "list" then
    for i, one in ipairs(value) do value[i] = walk(made.of, one, name, record, change) end
  end
  return change(made, value, name, record)
end

local function change_texts(by)
  return function(made, value, name, record)
    if made.kind ~= "text" or words[record .. "." .. name] or value == "" then return value end
    return by(made, value, name)
  end
end

local function cut(text, most)
  if utf8.len(text) <= most then return text end
  return text:sub(1, utf8.offset(text, most + 1) - 1)
end

-- The program's own words in the reader's language, as the worker says them; say(english) gives nil for what is none of
-- them. An address or a number is what they fill in.
local function translate(say)
  return change_texts(function(_, value)
    local said = say(value)
    for _, hole in ipairs(said and {} or { "[%w.]+@[%w.]+%w", "%d+" }) do
      local filled = value:match(hole)
      said = said or filled and say((value:gsub(hole, "%%s", 1)))
      if said and filled then return (said:gsub("%%s", filled)) end
    end
    return said or value
  end)
end

local label = ("b"):rep(60)
local long_address = ("a"):rep(64) .. "@" .. label .. "." .. label .. "." .. label .. ".test.org"
local long_domain = label .. "." .. label .. "." .. label .. "." .. label .. ".test.org"
local long_texts = { email = long_address, object = long_address, actor = long_address, domain = long_domain,
                     mailbox = ("a"):rep(64), maildir = long_domain .. "/" .. ("a"):rep(64) }
local sentence = "A very long text of many words that goes on and on, "

-- Labels are the program's own words: as long as a translation makes them.
local labels = { label = 40, submit = 40, heading = 80, field = 40, key = 40, suffix = 60, site = 60 }

local function longer(made, _, name)
  if labels[name] then return cut(sentence, labels[name]) end
  return cut(long_texts[name] or sentence:rep(5), math.min(made.max or 200, 200 + (long_texts[name] and 200 or 0)))
end

local hostile_text = "\"'><script>alert(1)</script><b onclick=x>&lt;{{ vm }}{% end %}]]>--><!--\\\u{202e}\1\u{200b}\u{feff}javascript:x"
local function hostile(made) return cut(hostile_text, made.max or 1000) end

local mirrored_texts = { email = "مريم@مثال.إختبار", domain = "مثال.إختبار", name = "مريم الإسطرلابي" }
local function mirrored(made, _, name) return cut(mirrored_texts[name] or "نص قصير باللغة العربية", made.max or 1000) end

local function without_optional(made, value, name, record)
  if made.optional and not (record == "Shell" and name == "user") then return nil end
  return value
end

local function numbered(value, i)
  local made = copy(value)
  if type(made) ~= "table" then return made end
  if made.id then made.id = 1000 + i end
  if made.email then made.email = i .. "." .. made.email end
  return made
end

-- Lists of records at the top of a model: what a reader would call its rows.
local function each_list(page, vm, change)
  for name, made in pairs(page.model) do
    if made.kind == "list" and made.of.kind == "record" and vm[name] then vm[name] = change(vm[name], name) end
  end
end

-- False where a form has nothing to type.
local function make_wrong(form, shell)
  local wrong = {}
  for _, field in ipairs(form.fields) do
    if field.type ~= "hidden" then
      field.error = field.label .. " is not right: type something else."
      wrong[#wrong + 1] = { name = field.name, label = field.label, text = field.error }
    end
  end
  if #wrong == 0 then return false end
  form.errors, form.error, shell.title_error = wrong, "This cannot be done as it stands.", true
  return true
end

-- Cases ---------------------------------------------------------------------------------------------

-- name, on: "usual" or "whole" (every optional field there); does(contract, page, model) -> false where the
-- page has no such case.
local cases = {
  { name = "usual", on = "usual", does = function() end },
  { name = "whole", on = "whole", does = function() end },
  { name = "empty", on = "usual", does = function(_, page, model)
    local some = false
    each_list(page, model.vm, function(list) some = some or #list > 0 return {} end)
    if model.vm.pager then model.vm.pager = { shown = 0 } end
    return some
  end },
  { name = "one", on = "usual", does = function(_, page, model)
    local some = false
    each_list(page, model.vm, function(list) some = some or #list > 1 return { list[1] } end)
    return some
  end },
  { name = "full", on = "usual", does = function(_, _, model)
    local rows = model.vm.rows
    if not rows or #rows == 0 then return false end
    local some = {}
    for i = 1, ROWS do some[i] = numbered(rows[(i - 1) % #rows + 1], i) end
    model.vm.rows = some
  end },
  { name = "long", on = "whole", texts = longer },
  { name = "hostile", on = "whole", texts = hostile },
  { name = "rtl", on = "whole", texts = mirrored, does = function(_, _, model)
    model.shell.lang, model.shell.dir = "ar", "rtl"
  end },
  { name = "errors", on = "usual", does = function(_, page, model)
    local some = false
    if page.mistakes then -- told by another field than the form's
      model.vm[page.mistakes] = "This cannot be done as it stands."
      return true
    end
    for name, made in pairs(page.model) do
      local form = model.vm[name]
      if made.kind == "record" and made.name == "Form" and form and form.method == "post" then
        some = make_wrong(form, model.shell) or some
      end
    end
    return some
  end },
  { name = "bare", on = "usual", bare = true },
}

-- "without-add", "without-rows.name": one optional field absent, of the page's own model or its rows.
local function absences(page)
  local names = {}
  for _, name in ipairs(sorted(page.model)) do
    local made = page.model[name]
    if made.optional then names[#names + 1] = name end
    if made.kind == "list" and made.of.kind == "record" then
      for _, field in ipairs(sorted(made.of.fields)) do
        if made.of.fields[field].optional then names[#names + 1] = name .. "." .. field end
      end
    end
  end
  return names
end

local function remove(vm, path)
  local name, field = path:match("^([^.]+)%.?(.*)$")
  if field == "" then
    vm[name] = nil
  else
    for _, row in ipairs(vm[name]) do row[field] = nil end
  end
end

-- Models --------------------------------------------------------------------------------------------

local function has_role(page, role)
  for _, one in ipairs(page.roles or {}) do
    if one == role then return true end
  end
  return false
end

local seldom = { domain = { status = true, themes = true }, user = { overview = true, domains = true, mailboxes = true,
                 audit = true, status = true, themes = true } }

-- As the program words them; the others are called as their keys.
local nav_labels = { relays = "Relay domains", policies = "Spam policies", lists = "Allow & block lists", admins = "Administrators",
                     audit = "Audit log", me = "My account", spam = "Spam filter", devices = "Mail programs" }

local function navigation(contract, role, current)
  local nav = {}
  local key_type = contract.records.NavItem.fields and contract.records.NavItem.fields.key or contract.records.NavItem.key
  for _, key in ipairs(key_type.values) do
    if not (seldom[role] and seldom[role][key]) then
      nav[#nav + 1] = { key = key, label = nav_labels[key] or key:sub(1, 1):upper() .. key:sub(2), url = "/" .. key, current = key == current,
                        apart = key == "admins" or key == "me" }
    end
  end
  return nav
end

local function first_role(page)
  local role = page.roles and page.roles[1] or "server"
  return role == "anonymous" and has_role(page, "server") and "server" or role
end

local right_to_left = { ar = true, he = true, fa = true, ur = true }

local function shell_for(contract, name, page, changes, options)
  local shell = { site = "Mail of example.org", prefix = "", page = name, lang = options.locale or "en",
    dir = right_to_left[(options.locale or "en"):match("^%a+")] and "rtl" or "ltr", scheme = options.scheme or "auto",
    title_error = false, request_id = "7c1e09b25f4a", version = "1.0.0", crumbs = {}, notices = {}, token = true,
    operation = true }
  local role = options.role or changes.user == false and "anonymous" or first_role(page)
  if role == "anonymous" then
    shell.nav = {}
  else
    shell.user = { email = "ada@example.org", name = "Ada Lovelace", role = role, url = "/me" }
    shell.nav = navigation(contract, role, changes.current)
  end
  for key, value in pairs(changes) do
    if contract.shell.fields[key] and key ~= "user" and key ~= "nav" then shell[key] = copy(value) end
  end
  return shell
end

local function model_of(contract, name, page, case, options)
  local written = (models.pages[name] or {})[case] or {}
  local model = { vm = copy(written.vm or {}), shell = shell_for(contract, name, page, written.shell or {}, options) }
  if not written.vm then
    for field, made in pairs(page.model) do model.vm[field] = invent(made, field, 0) end
  end
  model.vm = complete(page.type, model.vm, name, false, 0)
  model.shell = complete(contract.shell, model.shell, "shell", false, 0)
  return model
end

local function whole(contract, page, model)
  model.vm = complete(page.type, model.vm, "vm", true, 0)
  local user = model.shell.user
  model.shell = complete(contract.shell, model.shell, "shell", true, 0)
  if not user then model.shell.user = nil end
end

local function find_case(name)
  for _, case in ipairs(cases) do
    if case.name == name then return case end
  end
end

-- The model, or nil where this page has no such case.
local function try(contract, name, case_name, options)
  local page = contract.pages[name]
  local written = models.pages[name] and models.pages[name][case_name]
  local absent = case_name:match("^without%-(.+)$")
  if written or case_name == "usual" then return model_of(contract, name, page, case_name, options) end
  local case = find_case(case_name)
  if not absent and not case then return nil end
  local model = model_of(contract, name, page, "usual", options)
  if absent or case.on == "whole" then whole(contract, page, model) end
  if absent then
    remove(model.vm, absent)
    return model
  end
  if case.does and case.does(contract, page, model) == false then return nil end
  local change = case.bare and without_optional or case.texts and change_texts(case.texts)
  if change then
    model.vm = walk(page.type, model.vm, "vm", "vm", change)
    model.shell = walk(contract.shell, model.shell, "shell", "Shell", change)
  end
  return model
end

-- The names of a page's cases, the ordinary one first.
function M.cases(contract, name)
  local names, seen = {}, {}
  local function add(case)
    if not seen[case] then
      seen[case] = true
      names[#names + 1] = case
    end
  end
  for _, case in ipairs(cases) do
    if try(contract, name, case.name, {}) then add(case.name) end
  end
  for _, case in ipairs(sorted(models.pages[name] or {})) do add(case) end
  for _, absent in ipairs(absences(contract.pages[name])) do add("without-" .. absent) end
  return names
end

-- Cases that come of a rule and differ little to the eye.
function M.is_minor(case) return case:match("^without%-") ~= nil or ({ whole = 1, one = 1, full = 1, bare = 1, rtl = 1 })[case] ~= nil end

-- All of them: { { page =, case =, roles = "server domain" } }.
function M.list(contract)
  local rows = {}
  for _, name in ipairs(sorted(contract.pages)) do
    for _, case in ipairs(M.cases(contract, name)) do
      rows[#rows + 1] = { page = name, case = case, roles = table.concat(contract.pages[name].roles or {}, " ") }
    end
  end
  return rows
end

local function refused(contract, name, page, options)
  if options.role and not has_role(page, options.role) then return "the page '" .. name .. "' is not for '" .. options.role .. "'" end
  local schemes = contract.shell.fields.scheme
  if options.scheme and not schemes.has[options.scheme] then return "there is no scheme '" .. options.scheme .. "'" end
end

-- options: role, locale, scheme and say, a function, each may be absent. The models and their types; raises where there is no such
-- page or case.
function M.make(contract, name, case, options)
  local page = contract.pages[name]
  if not page then error("there is no page '" .. name .. "'", 0) end
  options = options or {}
  local why = refused(contract, name, page, options)
  if why then error(why, 0) end
  local model = try(contract, name, case, options)
  if not model then error("the page '" .. name .. "' has no case '" .. case .. "'", 0) end
  if options.say then
    model.vm = walk(page.type, model.vm, "vm", "vm", translate(options.say))
    model.shell = walk(contract.shell, model.shell, "shell", "Shell", translate(options.say))
  end
  model.vm_type, model.shell_type, model.now = page.type, contract.shell, M.now
  return model
end

return M
