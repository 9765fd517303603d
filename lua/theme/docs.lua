-- SPDX-License-Identifier: GPL-3.0-or-later
-- The reference for authors of themes, written from what the program itself reads: the contract, the lists of the
-- language, base's templates, the tables of the rules. Markdown.

local sorted = require "theme.sorted"
local fixtures = require "theme.fixtures"
local helpers = require "template.helpers"
local mistakes = require "theme.mistakes"
local rules = require "theme.check.rules"
local tokens = require "theme.check.tokens"

local M = {}

-- What no table of the language says in words. Each has its row here: a test walks them.
M.helpers = {
  t = { 't("Delete %s?", m.email)', "a text for people, in the reader's language; each %s is filled in order" },
  tc = { 'tc("verb", "Open")', "the same, with a context for translators" },
  tn = { 'tn("%d mailbox", "%d mailboxes", n)', "a text by number" },
  url = { 'url("mailboxes.list", vm.domain)', "the address of a page; the record has a field, or `id`, for each {placeholder}" },
  asset = { 'asset("app.css")', "the address of a file in assets/ or beside theme.lua" },
  icon = { 'icon("trash")', "a symbol of icons.svg, as an element; stands alone in a print" },
  setting = { 'setting("motto")', "what the site chose for a setting of the theme, else its default" },
}
M.filters = {
  bytes = { "m.quota.used | bytes", '"1.5 GB"' }, number = { "n | number", '"12,345", as the language writes it' },
  date = { 'at | date("short")', "short, long, day, date, time, iso or relative" },
  relative = { "at | relative", '"3 hours ago"' }, upper = { "x | upper", "capital letters" },
  lower = { "x | lower", "small letters" }, truncate = { "x | truncate(20)", "cut after so many characters, with an ellipsis" },
  join = { 'list | join(", ")', "a list of texts as one" },
}
M.hooks = {
  { "data-mb-password", "a password field with its buttons" }, { "data-mb-show", "in it: shows and hides what was typed" },
  { "data-mb-generate", "in it: makes a password" }, { "data-mb-strength", "in it: judges the password" },
  { "data-mb-copy", "copies the field of that id" }, { "data-mb-arm", "names whose typing makes the .danger button inside work" },
  { "data-mb-guard", "asks before what was typed is lost" }, { "data-mb-preview", "shows the whole address under its first part" },
  { "data-mb-previewed", "where that is shown" }, { "data-mb-key", "the key that leads there" },
  { "data-mb-words", "the words that a behaviour shows, in base's order" },
  { "data-mb-bulk", "the form below a list: how many rows are selected, {n} of {all}" },
  { "data-mb-all", "in it: the button that selects all of them" },
  { "data-mb-keys", "the button that lists the keys" }, { "data-mb-focus", "focused when the page opens" },
  { "data-mb-page", "on body, by the core: the name of the page" },
}

local function quoted(list)
  local made = {}
  for i, value in ipairs(list) do made[i] = "`" .. value .. "`" end
  return table.concat(made, ", ")
end

local function type_words(made)
  if made.kind == "record" then return ("[%s](#record-%s)"):format(made.name, made.name:lower()) end
  if made.kind == "list" then return "list of " .. type_words(made.of) end
  if made.kind == "enum" then return "one of " .. quoted(made.values) end
  local words = made.kind
  if made.unit then words = words .. " of " .. made.unit end
  if made.max then words = words .. ", at most " .. made.max .. (made.kind == "text" and " characters" or "") end
  return words
end

local function remarks(made)
  local parts = {}
  if made.optional then parts[#parts + 1] = "may be absent" end
  if made.since then parts[#parts + 1] = "since " .. made.since end
  if made.deprecated then
    local gone = made.deprecated
    parts[#parts + 1] = "deprecated" .. (gone.since and " since " .. gone.since or "") .. (gone.use and ": use `" .. gone.use .. "`" or "")
  end
  if made.doc then parts[#parts + 1] = made.doc end
  return (table.concat(parts, "; "):gsub("<", "&lt;"):gsub("|", "\\|"))
end

local function fields_table(out, fields)
  if not next(fields) then
    out[#out + 1] = "It has no model of its own.\n"
    return
  end
  out[#out + 1] = "| field | type | |\n|---|---|---|"
  for _, name in ipairs(sorted(fields)) do
    out[#out + 1] = ("| `%s` | %s | %s |"):format(name, type_words(fields[name]), remarks(fields[name]))
  end
  out[#out + 1] = ""
end

local function blocks_of(result, name)
  local made = {}
  for _, block in ipairs(sorted((result.sources or {})[name] or {})) do
    local args = result.sources[name][block].args or {}
    made[#made + 1] = ("`%s(%s)`"):format(block, table.concat(args, ", "))
  end
  return table.concat(made, ", ")
end

local function write_page(out, contract, result, name)
  local page = contract.pages[name]
  out[#out + 1] = ("### `%s`\n"):format(name)
  out[#out + 1] = page.doc .. "\n"
  local facts = { "since " .. (page.since or "1.0"), "for " .. quoted(page.roles or {}) }
  if page.route then facts[#facts + 1] = page.route == "*" and "at any address" or "at `" .. page.route .. "`" end
  out[#out + 1] = table.concat(facts, "; ") .. (page.deprecated and "; deprecated" or "") .. ".\n"
  fields_table(out, page.model)
  local blocks = blocks_of(result, name)
  if blocks ~= "" then out[#out + 1] = "Blocks: " .. blocks .. ".\n" end
  if page.must then out[#out + 1] = "A theme must link, where they are there: " .. quoted(page.must) .. ".\n" end
  out[#out + 1] = "Cases: " .. quoted(fixtures.cases(contract, name)) .. ".\n"
end

local function write_record(out, contract, name)
  out[#out + 1] = ("### <a id=\"record-%s\"></a>`%s`\n"):format(name:lower(), name)
  fields_table(out, contract.records[name])
end

local function write_rows(out, title, head, rows)
  out[#out + 1] = "## " .. title .. "\n"
  out[#out + 1] = "| " .. table.concat(head, " | ") .. " |\n|" .. ("---|"):rep(#head)
  for _, row in ipairs(rows) do out[#out + 1] = "| " .. table.concat(row, " | ") .. " |" end
  out[#out + 1] = ""
end

local function layout_rows(contract, result)
  local rows = {}
  for _, name in ipairs(sorted(result.sources or {})) do
    if not contract.pages[name] then rows[#rows + 1] = { "`" .. name .. "`", blocks_of(result, name) } end
  end
  return rows
end

local function call_rows(known, words)
  local rows = {}
  for _, name in ipairs(sorted(known)) do
    local said = words[name] or { name, "" }
    rows[#rows + 1] = { "`" .. name .. "`", "`" .. said[1]:gsub("|", "\\|") .. "`", said[2] }
  end
  return rows
end

local function slot_rows(contract)
  local rows = {}
  for _, name in ipairs(sorted(contract.slots or {})) do
    local slot, takes = contract.slots[name], {}
    for i, argument in ipairs(slot.order or {}) do takes[i] = ("`%s`: %s"):format(argument, type_words(slot.args[argument])) end
    rows[#rows + 1] = { "`" .. name .. "`", table.concat(takes, ", "), ((slot.doc or ""):gsub("<", "&lt;")) }
  end
  return rows
end

local function component_rows(base)
  local rows = {}
  for _, path in ipairs(sorted(base.files)) do
    local name = path:match("^components/(.+)%.html$")
    if name then
      local args = base.files[path]:match("{#%s*args:%s*(.-)%s*#}") or ""
      rows[#rows + 1] = { "`" .. name .. "`", args ~= "" and "`" .. args .. "`" or "" }
    end
  end
  return rows
end

local function token_rows()
  local rows, on = {}, {}
  for _, pair in ipairs(tokens.pairs) do
    on[pair.ink] = on[pair.ink] or {}
    table.insert(on[pair.ink], ("`--%s` (%s)"):format(pair.on, pair.least == 3 and "3:1" or "4.5:1"))
  end
  for _, token in ipairs(tokens.tokens) do
    rows[#rows + 1] = { "`--" .. token[1] .. "`", token[2], table.concat(on[token[1]] or {}, ", ") }
  end
  return rows
end

local function hook_rows()
  local rows = {}
  for i, hook in ipairs(M.hooks) do rows[i] = { "`" .. hook[1] .. "`", hook[2] } end
  return rows
end

-- Of the compiler and of the check, in one list.
local function rule_rows()
  local rows, levels = {}, {}
  for _, kind in pairs(mistakes.kinds) do
    local level = kind[3] or "error"
    levels[kind[1]] = (levels[kind[1]] == nil or levels[kind[1]] == level) and level or "error, warning"
  end
  for code, words in pairs(mistakes.codes) do rows[#rows + 1] = { code, levels[code] or "error", words, "" } end
  for code, rule in pairs(rules) do rows[#rows + 1] = { code, rule[1], rule[2], (rule[3]:gsub("|", "\\|")) } end
  table.sort(rows, function(a, b) return a[1] < b[1] end)
  for _, row in ipairs(rows) do row[4] = row[4]:gsub("<", "&lt;"):gsub("{", "&#123;") end
  return rows
end

local function write_all(out, contract, result, base)
  out[#out + 1] = "# Reference for authors of themes\n"
  out[#out + 1] = "`mailboy theme docs` prints this from what the program itself reads; `mailboy theme docs PAGE` prints one page.\n"
                  .. "The language is described in `lua/README.md`, the first steps in `themes/README.md`.\n"
  out[#out + 1] = "## Pages\n\nEach page's model is `vm`. The cases are those that `mailboy theme render` draws.\n"
  for _, name in ipairs(sorted(contract.pages)) do write_page(out, contract, result, name) end
  out[#out + 1] = "## Records\n\n`shell`, which every page has besides its model, is a [Shell](#record-shell).\n"
  for _, name in ipairs(sorted(contract.records)) do write_record(out, contract, name) end
  write_rows(out, "Layouts", { "layout", "blocks" }, layout_rows(contract, result))
  write_rows(out, "Slots", { "slot", "takes", "where" }, slot_rows(contract))
  write_rows(out, "Helpers", { "helper", "such as", "gives" }, call_rows(helpers.known, M.helpers))
  write_rows(out, "Filters", { "filter", "such as", "gives" }, call_rows(helpers.filters, M.filters))
  write_rows(out, "Components of base", { "component", "arguments" }, component_rows(base))
  write_rows(out, "Tokens", { "token", "for", "must be readable on" }, token_rows())
  write_rows(out, "What the script hangs on", { "attribute", "does" }, hook_rows())
  write_rows(out, "Rules of `mailboy theme check`", { "code", "level", "what is wrong", "how to mend it" }, rule_rows())
end

-- what: "themes" for all of it, "rules" for their list, or a page's name. result, chain: of base, compiled.
function M.write(contract, result, chain, what)
  local out = {}
  if what == "themes" then
    write_all(out, contract, result, chain[#chain])
  elseif what == "rules" then
    write_rows(out, "Rules of `mailboy theme check`", { "code", "level", "what is wrong", "how to mend it" }, rule_rows())
  elseif contract.pages[what] then
    write_page(out, contract, result, what)
  else
    error("there is no page '" .. what .. "'" .. require("theme.suggest").hint(what, contract.pages), 0)
  end
  return table.concat(out, "\n") .. "\n"
end

return M
