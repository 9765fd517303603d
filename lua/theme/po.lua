-- SPDX-License-Identifier: GPL-3.0-or-later
-- PO files, by the rules of GNU gettext's manual ("The Format of PO Files"): contexts, plurals, escapes,
-- comments; fuzzy and obsolete entries are passed over. A mistake is told with its place and costs its own
-- entry alone, which then stays English. A catalog is
--   { messages = key -> { at =, used =, [0] = text, [1] = ... }, fuzzy = how many, forms = how many, rule = Lua of it in `n` }
-- key: the msgid, behind its context and "\4" where it has one.

local M = {}

local MOST = 20000          -- lines of a file
local TOKENS, DEPTH = 200, 30   -- of a Plural-Forms expression
local FORMS = 6             -- as many as Arabic has
local BYTE_ORDER_MARK = "\u{FEFF}"   -- is passed over; that it stands there is told elsewhere (theme/unseen.lua)

function M.key(msgid, context) return context and context .. "\4" .. msgid or msgid end

-- Strings ----------------------------------------------------------------------------------------

local escapes = { n = "\n", t = "\t", r = "\r", a = "\a", b = "\b", f = "\f", v = "\v", ["\\"] = "\\", ['"'] = '"' }

-- What stands between two quotes; nil, the kind of mistake and more.
local function unescape(text)
  local why
  local result = text:gsub("\\(.?)([0-7]?[0-7]?)", function(c, digits)
    if c:find("^[0-7]") then
      local code = tonumber(c .. digits, 8)
      if code < 256 then return string.char(code) end
    end
    if escapes[c] then return escapes[c] .. digits end
    why = why or c
  end)
  if why then return nil, "po-escape", why end
  return result
end

-- The end of a line: "..." alone.
local function quoted(text)
  local inside = text:match('^%s*"(.*)"%s*$')
  if not inside then return nil, "po-quotes" end
  local plain = inside:gsub("\\.", "")
  if plain:find('"', 1, true) then return nil, "po-quote-inside" end
  if plain:find("\\", 1, true) then return nil, "po-quote-end" end
  return unescape(inside)
end

-- Plural-Forms -----------------------------------------------------------------------------------

local levels = { { "||" }, { "&&" }, { "==", "!=" }, { "<=", ">=", "<", ">" }, { "+", "-" }, { "*", "/", "%" } }

local function tokens_of(text)
  local tokens, at = {}, 1
  while true do
    at = text:find("%S", at)
    if not at then return tokens end
    local token = text:match("^%d+", at) or text:match("^[=!<>]=", at) or text:match("^&&", at)
                  or text:match("^||", at) or text:match("^[n()?:*/%%+<>!-]", at)
    if not token then return nil, "'" .. text:sub(at, at) .. "' has no meaning there" end
    tokens[#tokens + 1] = token
    if #tokens > TOKENS then return nil, "it is too long" end
    if #token > 9 then return nil, "the number " .. token .. " is too large" end
    at = at + #token
  end
end

local function fail(why) error({ why = why }, 0) end

local expression

local function primary(r, depth)
  if depth > DEPTH then fail("it is nested too deep") end
  local token = r[r.i]
  r.i = r.i + 1
  if token == "n" then return { op = "n" } end
  if token == "!" then return { op = "!", primary(r, depth + 1) } end
  if token == "(" then
    local inner = expression(r, depth + 1)
    if r[r.i] ~= ")" then fail("')' expected") end
    r.i = r.i + 1
    return inner
  end
  local number = token and token:find("^%d") and math.tointeger(tonumber(token))
  if not number then fail("a number or n expected" .. (token and ", not '" .. token .. "'" or "")) end
  return { op = "number", number }
end

local function binary(r, level, depth)
  if not levels[level] then return primary(r, depth) end
  local left = binary(r, level + 1, depth)
  while true do
    local operator
    for _, known in ipairs(levels[level]) do
      if r[r.i] == known then operator = known end
    end
    if not operator then return left end
    r.i, r.made = r.i + 1, r.made + 1
    if r.made > TOKENS then fail("it is too long") end
    local right = binary(r, level + 1, depth)
    if (operator == "/" or operator == "%") and (right.op ~= "number" or right[1] == 0) then
      fail("it divides by something other than a number above 0")
    end
    left = { op = operator, left, right }
  end
end

function expression(r, depth)
  if depth > DEPTH then fail("it is nested too deep") end
  local condition = binary(r, 1, depth)
  if r[r.i] ~= "?" then return condition end
  r.i = r.i + 1
  local yes = expression(r, depth + 1)
  if r[r.i] ~= ":" then fail("':' expected") end
  r.i = r.i + 1
  return { op = "?", condition, yes, expression(r, depth + 1) }
end

local function truth(b) return b and 1 or 0 end

local meanings = {
  ["||"] = function(a, b) return truth(a ~= 0 or b ~= 0) end, ["&&"] = function(a, b) return truth(a ~= 0 and b ~= 0) end,
  ["=="] = function(a, b) return truth(a == b) end, ["!="] = function(a, b) return truth(a ~= b) end,
  ["<="] = function(a, b) return truth(a <= b) end, [">="] = function(a, b) return truth(a >= b) end,
  ["<"] = function(a, b) return truth(a < b) end, [">"] = function(a, b) return truth(a > b) end,
  ["+"] = function(a, b) return a + b end, ["-"] = function(a, b) return a - b end,
  ["*"] = function(a, b) return a * b end, ["/"] = function(a, b) return a // b end,
  ["%"] = function(a, b) return a % b end,
}

local function evaluate(node, n)
  if node.op == "n" then return n end
  if node.op == "number" then return node[1] end
  if node.op == "!" then return truth(evaluate(node[1], n) == 0) end
  if node.op == "?" then return evaluate(evaluate(node[1], n) ~= 0 and node[2] or node[3], n) end
  return meanings[node.op](evaluate(node[1], n), evaluate(node[2], n))
end

local spelled = { ["!="] = "~=", ["/"] = "//" }
local comparisons = { ["=="] = 1, ["!="] = 1, ["<="] = 1, [">="] = 1, ["<"] = 1, [">"] = 1 }

local code_of

local function condition_of(node)
  if node.op == "!" then return "not (" .. condition_of(node[1]) .. ")" end
  if node.op == "||" or node.op == "&&" then
    return ("(%s %s %s)"):format(condition_of(node[1]), node.op == "||" and "or" or "and", condition_of(node[2]))
  end
  if comparisons[node.op] then
    return ("(%s %s %s)"):format(code_of(node[1]), spelled[node.op] or node.op, code_of(node[2]))
  end
  return "(" .. code_of(node) .. " ~= 0)"
end

-- Lua for the value: numbers are never false there, so `and` and `or` choose.
function code_of(node)
  if node.op == "n" then return "n" end
  if node.op == "number" then return ("%d"):format(node[1]) end
  if node.op == "?" then
    return ("(%s and %s or %s)"):format(condition_of(node[1]), code_of(node[2]), code_of(node[3]))
  end
  if meanings[node.op] and not comparisons[node.op] and node.op ~= "||" and node.op ~= "&&" then
    return ("(%s %s %s)"):format(code_of(node[1]), spelled[node.op] or node.op, code_of(node[2]))
  end
  return "(" .. condition_of(node) .. " and 1 or 0)"
end

-- "nplurals=2; plural=(n > 1);" -> how many forms and Lua of the rule; nil and why.
function M.plural_forms(text)
  local forms, rule = text:match("^%s*nplurals%s*=%s*(%d+)%s*;%s*plural%s*=%s*(.-)%s*;?%s*$")
  forms = math.tointeger(tonumber(forms))
  if not forms or forms < 1 or forms > FORMS then
    return nil, ("it looks like nplurals=2; plural=(n != 1); with up to %d forms"):format(FORMS)
  end
  local tokens, why = tokens_of(rule)
  if not tokens then return nil, why end
  tokens.i, tokens.made = 1, 0
  local ok, tree = pcall(expression, tokens, 1)
  if not ok then
    if type(tree) ~= "table" then error(tree, 0) end
    return nil, tree.why
  end
  if tokens[tokens.i] then return nil, "'" .. tokens[tokens.i] .. "' was not expected" end
  for n = 0, 200 do
    local form = evaluate(tree, n)
    if form < 0 or form >= forms then return nil, ("for n = %d it gives %d of %d forms"):format(n, form, forms) end
  end
  return forms, code_of(tree)
end

-- Placeholders -----------------------------------------------------------------------------------

-- What is filled in, sorted: "%d %s %s {name}". A number is kept where nothing stands at it: "%3$s" of two.
local function holes(text)
  local found, most = {}, 0
  for _ in text:gmatch("%%%d*%$?[sd]") do most = most + 1 end
  for hole, number in text:gmatch("(%%(%d*)%$?[sd])") do
    number = tonumber(number)
    found[#found + 1] = number and (number < 1 or number > most) and hole or hole:gsub("%d+%$", "")
  end
  for hole in text:gmatch("{[%w_]+}") do found[#found + 1] = hole end
  table.sort(found)
  return table.concat(found, " ")
end
M.holes = holes

local function quote(what) return what == "" and "nothing" or "'" .. what .. "'" end

-- A form of a plural may say its number in words.
local function holes_fit(entry, forms)
  local wanted = holes(entry.plural or entry.msgid)
  for i = 0, forms - 1 do
    local text = entry[i]
    local given = text and holes(text) or wanted
    local words = entry.plural and given == "" and wanted == "%d"
    if given ~= wanted and not words then
      return nil, "po-holes", quote(given), quote(wanted)
    end
  end
  return true
end

-- The file ---------------------------------------------------------------------------------------

local function header_read(catalog, entry, report)
  local fields = {}
  for name, value in (entry[0] or ""):gmatch("([%w-]+):%s*([^\n]*)") do fields[name:lower()] = value end
  local charset = (fields["content-type"] or ""):match("charset=([%w_-]+)")
  if not charset or charset:lower() ~= "utf-8" then report(entry.at, "po-charset") end
  catalog.language = fields.language
  if fields["plural-forms"] then
    local forms, rule = M.plural_forms(fields["plural-forms"])
    if forms then
      catalog.forms, catalog.rule = forms, rule
    else
      report(entry.at, "po-rule", rule)
    end
  end
end

local function forms_fit(catalog, entry)
  local last = -1
  for i = 0, FORMS do last = entry[i] and i or last end
  if not entry.plural then return last == 0, "po-msgstr" end
  if not catalog.rule then return nil, "po-no-rule" end
  for i = 0, catalog.forms - 1 do
    if not entry[i] then return nil, "po-forms-few", i, catalog.forms end
  end
  return last == catalog.forms - 1, "po-forms-many", last, catalog.forms
end

local function is_translated(entry)
  for i = 0, FORMS do
    if entry[i] == "" then return false end
  end
  return true
end

local function entry_done(catalog, entry, report)
  if not entry or not entry.msgid or entry.spoilt then return end
  if entry.msgid == "" and not entry.context then
    if not entry.fuzzy or not catalog.header then header_read(catalog, entry, report) end
    catalog.header = true
    return
  end
  local key = M.key(entry.msgid, entry.context)
  if catalog.places[key] then return report(entry.at, "po-twice", catalog.lines[key]) end
  catalog.places[key], catalog.lines[key] = entry.at, entry.line
  if not catalog.header then
    catalog.header = true
    report(entry.at, "po-header")
  end
  local fits, kind, one, other = forms_fit(catalog, entry)
  if not fits then return report(entry.at, kind, one, other) end
  if entry.fuzzy then catalog.fuzzy = catalog.fuzzy + 1 end
  if entry.fuzzy or not is_translated(entry) then return end
  for i = 0, FORMS do
    local text = entry[i]
    if text and not utf8.len(text) then return report(entry.at, "po-utf8") end
    if text and text:gsub("\n", ""):find("%c") then
      return report(entry.at, "po-control")
    end
  end
  fits, kind, one, other = holes_fit(entry, catalog.forms or 1)
  if not fits then return report(entry.at, kind, one, other) end
  catalog.messages[key] = entry
end

local order = { msgctxt = 1, msgid = 2, msgid_plural = 3, msgstr = 4 }

-- keyword "msgstr", form 1 -> where the text goes in the entry.
local function slot_of(keyword, form)
  if keyword == "msgctxt" then return "context" end
  if keyword == "msgid" then return "msgid" end
  if keyword == "msgid_plural" then return "plural" end
  if keyword == "msgstr" then return form or 0 end
end

local function keyword_line(state, line, at, report)
  local keyword, form, rest = line:match("^(%a[%w_]*)%[?(%d*)%]?(.*)$")
  local slot = keyword and slot_of(keyword, math.tointeger(tonumber(form)))
  if not slot or type(slot) == "number" and slot > FORMS then
    if state.entry then state.entry.spoilt = true end
    state.slot = nil
    return report(at, "po-line")
  end
  local entry = state.entry
  if not entry or entry.msgid and order[keyword] <= 2 and (entry.last or 0) >= order[keyword] or entry.last == 4 and order[keyword] < 4 then
    entry_done(state.catalog, entry, report)
    entry = { at = at, fuzzy = state.fuzzy }
    state.entry, state.fuzzy = entry, false
  end
  if entry[slot] ~= nil or order[keyword] < (entry.last or 0) then
    entry.spoilt = true
    return report(at, "po-order", keyword)
  end
  if keyword == "msgid" then entry.at, entry.line = at, state.line end
  entry.last, state.slot = order[keyword], slot
  local text, kind, what = quoted(rest)
  if not text then
    entry.spoilt = true
    report(at, kind, what)
  end
  entry[slot] = text or ""
end

local function line_read(state, line, at, report)
  if line:find("^%s*$") then return end
  local comment = line:match("^%s*#(.?)")
  if comment then
    if comment == "," and line:find("fuzzy", 1, true) then state.fuzzy = true end
    if state.entry and state.entry.last == 4 then
      entry_done(state.catalog, state.entry, report)
      state.entry, state.slot = nil, nil
    end
    return
  end
  local indent = #line:match("^%s*")
  if line:find('^%s*"') and state.entry and state.slot then
    local text, kind, what = quoted(line)
    if not text then
      state.entry.spoilt = true
      return report(at + indent, kind, what)
    end
    state.entry[state.slot] = state.entry[state.slot] .. text
    return
  end
  keyword_line(state, line:sub(indent + 1), at + indent, report)
end

-- Reads a whole file; report(at, kind, ...) is told each mistake with its offset (theme/mistakes.lua).
function M.read(source, report)
  local catalog = { messages = {}, places = {}, lines = {}, fuzzy = 0 }
  local state = { catalog = catalog, fuzzy = false, line = 0 }
  local at = source:sub(1, #BYTE_ORDER_MARK) == BYTE_ORDER_MARK and #BYTE_ORDER_MARK + 1 or 1
  if source:find("^\xff\xfe") or source:find("^\xfe\xff") then
    report(1, "po-utf16")
    return catalog
  end
  while at <= #source do
    local stop = source:find("\n", at, true) or #source + 1
    state.line = state.line + 1
    if state.line > MOST then
      report(at, "po-long", MOST)
      break
    end
    line_read(state, source:sub(at, stop - 1):gsub("\r$", ""), at, report)
    at = stop + 1
  end
  entry_done(catalog, state.entry, report)
  return catalog
end

return M
