-- SPDX-License-Identifier: GPL-3.0-or-later
-- `mailboy theme check`: what the compiler found, then what the rules find in the pages of the fixtures and in the
-- theme's files. The host draws the pages: begin, then next and page in turn, then finish.

local access = require "theme.check.access"
local contrast = require "theme.check.contrast"
local css = require "theme.check.css"
local dom = require "theme.check.dom"
local files = require "theme.check.files"
local fixtures = require "theme.fixtures"
local hooks = require "theme.check.hooks"
local rules = require "theme.check.rules"
local structure = require "theme.check.structure"
local style = require "theme.check.style"

local M = {}

local MOST = 500   -- findings
-- Cases whose pages must hold everything that the model has; in the others two ways may exclude each other.
local complete = { usual = true, errors = true }
-- Said of each page once, by the case that shows most.
local sampled = { usual = true, errors = true, empty = true, whole = true, bare = true }

-- Which pages this theme draws otherwise than its parent: true for all of them, or a set of names. Only these are
-- looked at, since a parent answers for its own.
local function changed(contract, chain)
  local pages = {}
  for path in pairs(chain[1].files) do
    local name = path:match("^pages/(.+)%.%a+$") or path:match("^blocks/([^/]+)/")
    if path:find("^layouts/") or path:find("^components/") or path:find("^slots/") or path == "helpers.lua"
       or name and not contract.pages[name] then
      return true
    end
    if name then pages[name] = true end
  end
  return #chain == 1 or pages
end

local function wanted(contract, chain)
  local rows, pages = {}, changed(contract, chain)
  if pages ~= true and not next(pages) then return rows end
  for _, row in ipairs(fixtures.list(contract)) do
    local heavy = row.case == "full" and contract.pages[row.page].model.rows
    local telling = sampled[row.case] or heavy
                    or not fixtures.is_minor(row.case) and row.case ~= "hostile" and row.case ~= "long"
    if telling and (pages == true or pages[row.page]) then rows[#rows + 1] = row end
  end
  return rows
end

local function add(state, finding)
  local key = finding.code .. "\0" .. finding.path .. "\0" .. finding.message .. "\0" .. (finding.line or 0)
  local known = state.known[key]
  if known then
    if finding.page ~= known.page or finding.case ~= known.case then known.more = (known.more or 0) + 1 end
  elseif #state.findings < MOST then
    state.known[key] = finding
    state.findings[#state.findings + 1] = finding
  end
end

local function tell(state, code, what, path, line, column)
  local rule = rules[code]
  add(state, { code = code, level = rule[1], theme = state.chain[1].name, path = path or "", line = line, column = column,
               message = rule[2] .. (what and what ~= "" and " " .. what or ""), mend = rule[3] })
end

local function concerns(path, page)
  local folder, rest = path:match("^(%a+)/(.+)$")
  if folder == "pages" then return rest == page .. ".html" or rest == page .. ".lua" end
  if folder == "blocks" then return rest:match("^[^/]+") == page end
  return folder == "components" or folder == "slots" or folder == "layouts"
end

-- The one file of the theme that could have drawn it; "" where several could.
local function culprit(theme, page)
  local only
  for path in pairs(theme.files) do
    if concerns(path, page) then
      if only then return "" end
      only = path
    end
  end
  return only or ""
end

-- The element's place in that file, where it is written there once.
local function place_in(source, node)
  local at = node and source and source:find("<" .. node.name .. "%f[%W]")
  if not at or source:find("<" .. node.name .. "%f[%W]", at + 1) then return nil end
  return css.place(source, at)
end

local function tell_of_page(state, code, what, node)
  local rule, row, theme = rules[code], state.row, state.chain[1]
  local path = culprit(theme, row.page)
  local line, column = place_in(theme.files[path], node)
  add(state, { code = code, level = rule[1], theme = theme.name, path = path, line = line, column = column, page = row.page,
               case = row.case, message = rule[2] .. (what and what ~= "" and " " .. what or ""), mend = rule[3] })
end

local function from_message(message)
  local path, line, column, text = message:match("^(.-):(%d+):(%d+): (.*)$")
  return { code = "MB010", level = "error", path = path or "", line = tonumber(line), column = tonumber(column),
           message = text or message, mend = "" }
end

local function add_compiled(state, found)
  add(state, { code = found.code, level = found.level, theme = found.theme, path = found.path, line = found.line,
               column = found.column, message = found.message, mend = found.hint or "" })
end

-- The compiler's own, which are structured; and what only the host could find.
local function take_compiled(state, result, messages)
  local told = {}
  for _, text in ipairs(result.errors or {}) do told[text] = true end
  for _, found in ipairs(result.findings or {}) do add_compiled(state, found) end
  for _, message in ipairs(messages) do
    if not told[message] then
      local finding = from_message(message)
      finding.theme = state.chain[1].name
      add(state, finding)
    end
  end
end

local function check_files(state)
  local values, manifest, reads = {}, state.manifest, {}
  local function say(...) tell(state, ...) end
  for level = math.min(#state.chain, state.style_levels), 1, -1 do
    local theme = state.chain[level]
    for _, path in ipairs { "app.css", "tokens.css" } do
      local source = theme.files[path]
      if source then
        local read = level == 1 and style.file(path, source, say) or css.read(source)
        contrast.collect(values, read, path, source, level == 1, css.place)
        reads[#reads + 1] = { read = read, path = path, source = source, own = level == 1 }
        if level == 1 then style.missing(state.chain, read, path, source, say) end
      end
    end
  end
  style.names(reads, say)
  contrast.check(values, manifest, #state.chain == 1, say)
  files.check(state.chain, manifest, state.host, say)
end

function M.begin(contract, result, chain, messages, whole, host)
  local state = { contract = contract, chain = chain, findings = {}, known = {}, at = 0, host = host,
                  rows = whole and wanted(contract, chain) or {} }
  result = result or {}
  state.style_levels = result.style_levels or #chain
  state.manifest = (result.manifests or {})[chain[1].name] or {}
  take_compiled(state, result, messages)
  if whole then check_files(state) end
  return state
end

function M.next(state)
  state.at = state.at + 1
  state.row = state.rows[state.at]
  return state.row
end

local function count_secrets(made, value)
  if value == nil then return 0 end
  local n = made.kind == "secret" and 1 or 0
  if made.kind == "record" then
    for name, of in pairs(made.fields) do n = n + count_secrets(of, value[name]) end
  elseif made.kind == "list" then
    for _, one in ipairs(value) do n = n + count_secrets(made.of, one) end
  end
  return n
end

-- The model's secrets come first, so their slots have the lowest numbers.
local function check_secrets(state, model, slots)
  local drawn = {}
  for _, slot in ipairs(slots) do drawn[slot] = true end
  for slot = 0, count_secrets(model.vm_type, model.vm) - 1 do
    if not drawn[slot] then tell_of_page(state, "MB046", "") end
  end
end

-- What could not be drawn, at the innermost place of the theme's own that the message names.
local function tell_of_failure(state, message)
  local theme, path, line = state.chain[1], nil, nil
  for file, number in message:gmatch("([%w_./-]+%.%a+):(%d+):") do
    local own = file:sub(1, #theme.name + 1) == theme.name .. "/" and file:sub(#theme.name + 2) or file
    if theme.files[own] then path, line = own, tonumber(number) end
  end
  local before = #state.findings
  tell_of_page(state, "MB040", message)
  local made = state.findings[before + 1]
  if made and path then made.path, made.line, made.column = path, line, 1 end
end

-- html: "" where the page could not be drawn at all; why: what fell back, a line each; slots: of the secrets in it.
function M.page(state, html, why, slots)
  local row = state.row
  local function say(...) tell_of_page(state, ...) end
  for line in why:gmatch("[^\n]+") do tell_of_failure(state, line) end
  if html == "" or why ~= "" then return end
  if row.case == "full" then
    local weight = state.host.deflated(html)
    if weight > files.PAGE then say("MB082", ("%.1f KB"):format(weight / 1024)) end
    return
  end
  local tree = dom.parse(html)
  structure.page(tree, say)
  access.page(tree, say)
  if complete[row.case] then
    local model = fixtures.make(state.contract, row.page, row.case)
    hooks.page(state.contract.pages[row.page], model, tree, say)
    check_secrets(state, model, slots)
  end
end

local order = { fatal = 1, error = 2, warning = 3, advice = 4 }

-- The findings, the worst first, and the theme's manifest.
function M.finish(state)
  for i, one in ipairs(state.findings) do
    one.at = i
    if one.page then
      one.message = one.message .. (" [%s, %s%s]"):format(one.page, one.case, one.more and (" and %d more"):format(one.more) or "")
    end
  end
  table.sort(state.findings, function(a, b)
    if a.level ~= b.level then return order[a.level] < order[b.level] end
    return a.at < b.at
  end)
  return state.findings, state.manifest
end

return M
