-- SPDX-License-Identifier: GPL-3.0-or-later
-- Templates to Lua. parse() makes a tree of a file; the writer below walks it with an HTML state
-- (contexts.lua) and a scope (types.lua) and gives Lua that prints by `emit(lit, val, lit, ...)`,
-- one call for each straight run. Nothing it writes assigns an upvalue or a global.
--
-- A `file` as used here: { path =, source =, theme =, contract =, report =, warn =, tree =, ... };
-- report(at, message) collects, so that all mistakes of a file are told at once.

local lexer = require "template.lexer"
local expressions = require "template.expressions"
local contexts = require "template.contexts"
local types = require "template.types"
local html = require "template.html"
local suggest = require "theme.suggest"

local M = {}

local quote = types.quote
local DEPTH = 50
local RUN = 48          -- pairs of one emit: 96 arguments

-- Parsing --------------------------------------------------------------------------------------

local fail = expressions.fail
local tags = {}

-- A parser: { pieces =, i =, file =, depth = }. Nodes are appended to the list that is open.
local parse_list

local function tag_word(piece)
  local token = piece.kind == "tag" and piece.tokens[1]
  return token and token.type == "name" and token.value
end

local enders = { ["end"] = true, ["else"] = true, ["elseif"] = true, ["empty"] = true }
local misspelt = { endif = "end", endfor = "end", endblock = "end", endform = "end", elif = "elseif",
                   elsif = "elseif", include = "use", component = "use", macro = "use", extend = "extends",
                   raw = false, safe = false, autoescape = false }

local function body(p, opened)
  p.depth = p.depth + 1
  if p.depth > DEPTH then fail(opened, "this is nested too deep") end
  local list = parse_list(p)
  p.depth = p.depth - 1
  return list
end

-- The next ender, or a mistake at the tag that was opened.
local function ender(p, opened, allowed)
  local piece = p.pieces[p.i]
  if not piece then fail(opened, "{% " .. opened.value .. " %} is never closed: {% end %} is missing") end
  local word = tag_word(piece)
  if word ~= "end" and not allowed[word] then
    fail(piece.tokens[1], "{% " .. word .. " %} does not belong to {% " .. opened.value .. " %}")
  end
  p.i = p.i + 1
  return word, piece.tokens
end

local function finish_end(tokens)
  if tokens[2].type ~= "end" then fail(tokens[2], "{% end %} takes nothing") end
end

tags["if"] = function(p, r, token)
  local node = { kind = "if", at = token.at, branches = {} }
  local word, condition = "if", expressions.expression(r)
  expressions.finish(r)
  while true do
    local list = body(p, token)
    if word == "else" then
      node.otherwise = list
    else
      node.branches[#node.branches + 1] = { condition = condition, body = list }
    end
    local tokens
    word, tokens = ender(p, token, { ["else"] = not node.otherwise, ["elseif"] = not node.otherwise })
    if word == "end" then finish_end(tokens) return node end
    if #node.branches == 60 then fail(tokens[1], "this 'if' has too many branches") end
    if word == "elseif" then
      local inner = expressions.reader(tokens, 2)
      condition = expressions.expression(inner)
      expressions.finish(inner)
    elseif tokens[2].type ~= "end" then
      fail(tokens[2], tokens[2].value == "if" and "write {% elseif ... %}" or "{% else %} takes nothing")
    end
  end
end

tags["for"] = function(p, r, token)
  local name = expressions.take_name(r, "a name")
  if expressions.is(r, ",") then fail(expressions.peek(r), "a loop has one name; its number is loop.index") end
  expressions.expect(r, "in")
  local node = { kind = "for", at = token.at, name = name.value, name_at = name.at,
                 rows = expressions.expression(r) }
  expressions.finish(r)
  node.body = body(p, token)
  local word, tokens = ender(p, token, { empty = true })
  if word == "empty" then
    if tokens[2].type ~= "end" then fail(tokens[2], "{% empty %} takes nothing") end
    node.empty = body(p, token)
    word, tokens = ender(p, token, {})
  end
  finish_end(tokens)
  return node
end

function tags.set(p, r, token)
  local name = expressions.take_name(r, "a name")
  expressions.expect(r, "=")
  local node = { kind = "set", at = token.at, name = name.value, name_at = name.at,
                 value = expressions.expression(r) }
  expressions.finish(r)
  return node
end

local function string_of(r, what)
  local token = expressions.peek(r)
  if token.type ~= "string" then fail(token, what .. " expected as a literal, not " .. expressions.describe(token)) end
  r.i = r.i + 1
  return token.value, token.at
end

function tags.extends(p, r, token)
  if p.file.extends then fail(token, "a page extends one layout") end
  local name, at = string_of(r, "a layout's name")
  expressions.finish(r)
  p.file.extends, p.file.extends_at = name, at
  return nil
end
tags.layout = tags.extends

function tags.block(p, r, token)
  local name = expressions.take_name(r, "a block's name")
  local node = { kind = "block", at = token.at, name = name.value, name_at = name.at, args = {} }
  local seen = {}
  if expressions.take(r, "(") and not expressions.take(r, ")") then
    repeat
      local arg = expressions.take_name(r, "an argument's name")
      if seen[arg.value] then fail(arg, "'" .. arg.value .. "' is given twice") end
      if #node.args == 20 then fail(arg, "a block takes up to 20 arguments") end
      node.args[#node.args + 1], seen[arg.value] = { name = arg.value, at = arg.at }, true
    until not expressions.take(r, ",")
    expressions.expect(r, ")")
  end
  expressions.finish(r)
  if p.file.blocks[node.name] then fail(name, "the block '" .. node.name .. "' is defined twice") end
  p.file.blocks[node.name] = node
  node.body = body(p, token)
  local _, tokens = ender(p, token, {})
  finish_end(tokens)
  return node
end

function tags.parent(p, r, token)
  expressions.finish(r)
  return { kind = "parent", at = token.at }
end

local function named_arguments(r)
  local list = {}
  while expressions.peek(r).type ~= "end" do
    local name = expressions.take_name(r, "an argument (name=value)")
    expressions.expect(r, "=")
    list[#list + 1] = { name = name.value, at = name.at, value = expressions.expression(r) }
    expressions.take(r, ",")
  end
  return list
end

function tags.use(p, r, token)
  local name, at = string_of(r, "a component's name")
  return { kind = "use", at = token.at, name = name, name_at = at, args = named_arguments(r) }
end

function tags.form(p, r, token)
  local node = { kind = "form", at = token.at, form = expressions.expression(r) }
  if expressions.peek(r).type == "name" then
    fail(expressions.peek(r), "{% form %} takes the form alone: give a class to an element around it")
  end
  expressions.finish(r)
  node.body = body(p, token)
  local _, tokens = ender(p, token, {})
  finish_end(tokens)
  return node
end

local function parse_tag(p, piece)
  local token = piece.tokens[1]
  local word = token.type == "name" and token.value
  if not word or not tags[word] then
    local known = misspelt[word]
    if word and known == false then fail(token, "there is no {% " .. word .. " %}: whatever is printed is escaped") end
    fail(token, "unknown tag " .. expressions.describe(token)
         .. (known and " - did you mean '" .. known .. "'?" or suggest.hint(word or "", tags)))
  end
  return tags[word](p, expressions.reader(piece.tokens, 2), token)
end

local function parse_print(piece)
  local r = expressions.reader(piece.tokens)
  local node = { kind = "print", at = piece.at, value = expressions.expression(r) }
  expressions.finish(r)
  return node
end

local function guarded(p, read, piece)
  local ok, node = pcall(read, p, piece)
  if ok then return node end
  if type(node) ~= "table" then error(node, 0) end
  p.file.report(node.at, node.message)
  return { kind = "bad", at = piece.at }
end

function parse_list(p)
  local list = {}
  while true do
    local piece = p.pieces[p.i]
    if not piece then return list end
    if piece.kind == "text" then
      list[#list + 1] = piece
      p.i = p.i + 1
    elseif piece.kind == "print" then
      p.i = p.i + 1
      list[#list + 1] = guarded(p, function() return parse_print(piece) end, piece)
    elseif piece.kind == "tag" then
      local word = tag_word(piece)
      if enders[word] then return list end
      p.i = p.i + 1
      list[#list + 1] = parse_tag(p, piece)
    else
      if piece.kind == "bad" then list[#list + 1] = piece end
      p.i = p.i + 1
    end
  end
end

-- The tree of a file, kept in file.tree; file.blocks holds its blocks by name. A mistake in the
-- structure of the tags ends the reading of the file.
function M.parse(file)
  file.blocks = {}
  if not utf8.len(file.source) then
    local _, at = utf8.len(file.source)
    file.report(at, "this file is not UTF-8")
    file.tree = {}
    return
  end
  local p = { pieces = lexer.pieces(file.source, file.report), i = 1, file = file, depth = 0 }
  file.pieces = p.pieces
  local ok, list = pcall(parse_list, p)
  if not ok then
    if type(list) ~= "table" then error(list, 0) end
    file.report(list.at, list.message)
    list = {}
  elseif p.pieces[p.i] then
    local token = p.pieces[p.i].tokens[1]
    file.report(token.at, "{% " .. token.value .. " %} closes nothing that was opened")
  end
  file.tree = list
end

-- The writer -----------------------------------------------------------------------------------

-- w: { lines =, indent =, lit =, args =, n = (names made), file =, owner = }
local function writer(file, owner)
  return { lines = {}, ats = {}, indent = 1, lit = {}, args = {}, n = 0, file = file, owner = owner }
end

local indents = setmetatable({}, { __index = function(t, n)
  t[n] = ("  "):rep(n)
  return t[n]
end })

local function line(w, text, at)
  w.lines[#w.lines + 1] = indents[w.indent] .. text
  w.ats[#w.lines] = at
end

local function close_literal(w)
  local text = #w.lit == 1 and w.lit[1] or table.concat(w.lit)
  w.lit = {}
  if text:find("[ \n][ \n]") then text = text:gsub("([ \n])[ \n]+", "%1") end
  return quote(text)
end

local function flush(w)
  if #w.lit > 0 or #w.args > 0 then
    if #w.lit > 0 then w.args[#w.args + 1] = close_literal(w) end
    line(w, "emit(" .. table.concat(w.args, ", ") .. ")", w.at)
    w.args = {}
  end
end

local function literal(w, text, exact)
  if text == "" then return end
  if exact then
    -- kept as it is: close what came before, so that no squeezing crosses the border
    if #w.lit > 0 then
      w.args[#w.args + 1] = close_literal(w)
      w.args[#w.args + 1] = "nil"
    end
    w.args[#w.args + 1] = quote(text)
    w.args[#w.args + 1] = "nil"
  else
    w.lit[#w.lit + 1] = text
  end
  if #w.args >= 2 * RUN then flush(w) end
end

local function value(w, code)
  w.args[#w.args + 1] = #w.lit > 0 and close_literal(w) or '""'
  w.args[#w.args + 1] = code
  if #w.args >= 2 * RUN then flush(w) end
end

-- A literal that depends on a condition: it stands at a literal's place.
local function chosen(w, code)
  if #w.lit > 0 then
    w.args[#w.args + 1] = close_literal(w)
    w.args[#w.args + 1] = "nil"
  end
  w.args[#w.args + 1] = code
  w.args[#w.args + 1] = "nil"
  if #w.args >= 2 * RUN then flush(w) end
end

local function fresh(w, stem)
  w.n = w.n + 1
  return stem .. w.n
end

local function report(w, at, message) w.file.report(at, message) end

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&#34;", ["'"] = "&#39;" }
local function escape(text) return (text:gsub("[&<>\"']", entities)) end
M.escape = escape

local walk

-- Printing: one function for each place.
local function print_part(w, part)
  if part.literal ~= nil then literal(w, escape(tostring(part.literal))) else value(w, part.code) end
end

local function print_parts(w, result)
  for _, part in ipairs(result.parts or { result }) do print_part(w, part) end
end

local printable_kinds = types.printable
local mends = { time = 'give it a filter: | date("short")', bool = "use {% if %}",
                record = "print one of its fields", list = "use {% for %}" }

local function refuse_print(w, node, result)
  local t = result.type
  if t.kind == "wrong" then return true end
  if t.maybe_false then
    report(w, node.at, "this may be false: give it an 'or'")
    return true
  end
  if printable_kinds[t.kind] or t.kind == "secret" or t.kind == "icon" then return false end
  report(w, node.at, "cannot print " .. types.describe(t) .. "; " .. (mends[t.kind] or "it is no text"))
  return true
end

local prints = {}

function prints.text(w, state, node, result)
  if result.type.kind == "icon" then
    if state.open and html.raw[state.open.name] then
      return report(w, node.at, "<" .. state.open.name .. "> holds text only")
    end
    flush(w)
    return line(w, result.code, node.at)
  end
  print_parts(w, result)
end

function prints.title(w, state, node, result)
  if result.type.kind == "icon" or result.type.kind == "secret" then
    return report(w, node.at, "a title holds text only")
  end
  print_parts(w, result)
end

function prints.json(w, state, node, result)
  if result.type.kind == "secret" or result.type.kind == "icon" then
    return report(w, node.at, "a JSON island holds no " .. result.type.kind)
  end
  flush(w)
  line(w, "emit_json(" .. result.code .. ")", node.at)
end

function prints.tag(w, state, node, result)
  if state.unquoted then return end
  report(w, node.at, "the name of an attribute cannot be printed")
end

local function print_url(w, state, node, result)
  local start = state.url == nil
  state.holes = true
  if not start then
    local kind = result.type.kind
    if kind == "url" then
      return report(w, node.at, "a URL stands at the start of its attribute")
    end
    if kind ~= "int" and kind ~= "id" and kind ~= "count" and not state.value:find("#", 1, true) then
      return report(w, node.at, "a text stands in a URL only behind '#': build the URL with url(...)")
    end
    return print_parts(w, result)
  end
  state.url = "hole"
  if result.type.kind ~= "url" then
    return report(w, node.at, ("'%s' takes url(...), asset(...) or a URL of the model, not %s"):format(
                  state.attribute, types.describe(result.type)))
  end
  if types.needed(w.scope, node.value, result).type.kind == "wrong" then return end
  if result.safe then return value(w, result.code) end
  flush(w)
  line(w, "emit_url(" .. result.code .. ")", node.at)
end

function prints.attribute(w, state, node, result)
  local kind = result.type.kind
  local key = state.tag .. "." .. state.attribute
  if kind == "icon" then return report(w, node.at, "icon() writes an element: it cannot stand in an attribute") end
  if html.url[state.attribute] then return print_url(w, state, node, result) end
  if kind == "secret" and (state.attribute ~= "value" or state.value ~= "" or state.holes) then
    state.holes = true
    return report(w, node.at, "a secret can only be printed, as text or as a 'value' attribute")
  end
  if result.literal ~= nil then
    local text = tostring(result.literal)
    contexts.literal(state, text, node.at, w.file.report)
    return literal(w, escape(text), true)
  end
  if state.attribute == "name" and (state.value ~= "" or state.holes or not result.names_control) then
    report(w, node.at, "a control's name comes from the model: name=\"{{ f.name }}\"")
  elseif html.values[key] and (kind ~= "enum" or key == "script.type" or state.holes) then
    report(w, node.at, ("the %s of <%s> is one literal or one value of the model"):format(state.attribute, state.tag))
  end
  state.holes = true
  print_parts(w, result)
end

local nodes = {}

function nodes.text(w, state, node)
  contexts.feed(state, node.text, node.at, function(text)
    local exact = text:find("%s%s") and (state.mode == "attribute" or state.mode == "json"
                                         or state.open and state.open.exact)
    literal(w, text, exact)
  end, w.file.report)
end

function nodes.print(w, state, node)
  if not w.at then w.at = node.at end
  local result = types.check(w.scope, node.value)
  if state.mode == "tag" then return prints.tag(w, state, node, result) end
  local said = state.mode == "json" and result.type.kind == "bool" or not refuse_print(w, node, result)
  if not said then
    if state.mode == "attribute" then state.holes = true end
    return
  end
  prints[state.mode](w, state, node, result)
end

function nodes.bad(w, state)
  if state.mode == "attribute" then state.holes = true end
end

-- A body in a scope of its own; the state behind it is returned.
local function branch(w, state, list, facts)
  local ended, outer = contexts.copy(state), w.scope
  w.scope = types.scope_inside(outer, facts)
  walk(w, ended, list)
  w.scope = outer
  return ended
end

local function check_ends(w, node, state, ends, word)
  for _, ended in ipairs(ends) do
    contexts.unclosed(ended, state.open, w.file.report)
    if not contexts.same(ended, ends[1]) or ended.open ~= state.open
       or ended.mode ~= state.mode and not (state.mode == "tag" and ended.mode == "tag") then
      report(w, node.at, "'" .. word .. "' leaves the HTML in another context than it began")
      return
    end
  end
  for _, ended in ipairs(ends) do contexts.join(state, ended) end
  for _, key in ipairs { "value", "holes" } do if state.mode == "attribute" then state[key] = state[key] or ends[1][key] end end
end

-- The code of a body that prints literals only, as one Lua string; nil where it does more.
local function only_literal(w, before, list)
  if #w.lines ~= before.lines or #w.args > 0 then return nil end
  local text = #w.lit > 0 and close_literal(w) or '""'
  w.lit = {}
  return text
end

-- if: each branch is written into lines of its own; where all are literals they become one
-- argument of the run: emit("<input", nil, cond and " required" or "", nil, ">").
nodes["if"] = function(w, state, node)
  local written, ends = {}, {}
  local lit, args, lines, ats, indent, scope = w.lit, w.args, w.lines, w.ats, w.indent, w.scope
  local facts = scope.facts
  local simple = true
  local function one(list, condition)
    w.lit, w.args, w.lines, w.ats, w.indent = {}, {}, {}, {}, indent + 1
    local code
    if condition then
      w.scope = types.scope_inside(scope, facts)
      code = types.condition(w.scope, condition)
      ends[#ends + 1] = branch(w, state, list, types.facts(w.scope, condition, true))
      facts = types.facts(w.scope, condition, false)
      w.scope = scope
    else
      w.scope = types.scope_inside(scope, facts)
      ends[#ends + 1] = list and branch(w, state, list, facts) or contexts.copy(state)
      w.scope = scope
    end
    local text = only_literal(w, { lines = 0 }, list)
    if not text then
      simple = false
      flush(w)
    end
    written[#written + 1] = { condition = code, text = text, lines = w.lines, ats = w.ats }
  end
  for _, part in ipairs(node.branches) do one(part.body, part.condition) end
  one(node.otherwise, nil)
  w.lit, w.args, w.lines, w.ats, w.indent = lit, args, lines, ats, indent
  check_ends(w, node, state, ends, "if")
  if simple then
    local code = written[#written].text
    for i = #written - 1, 1, -1 do
      code = ("(%s and %s or %s)"):format(written[i].condition, written[i].text, code)
    end
    return chosen(w, code)
  end
  flush(w)
  for i, part in ipairs(written) do
    if part.condition then
      line(w, (i == 1 and "if " or "elseif ") .. part.condition .. " then", node.at)
    elseif node.otherwise then
      line(w, "else", node.at)
    end
    if part.condition or node.otherwise then
      if part.text and part.text ~= '""' then line(w, "  emit(" .. part.text .. ")", node.at) end
      for n, text in ipairs(part.lines) do
        w.lines[#w.lines + 1] = text
        w.ats[#w.lines] = part.ats[n]
      end
    end
  end
  line(w, "end", node.at)
end

nodes["for"] = function(w, state, node)
  local rows = types.check(w.scope, node.rows)
  local of = types.WRONG
  if rows.type.kind == "list" then
    if types.needed(w.scope, node.rows, rows).type.kind ~= "wrong" then of = rows.type.of end
  elseif rows.type.kind ~= "wrong" then
    report(w, node.rows.at, ("'%s' is not a list"):format(types.shown(node.rows) or "this"))
  end
  if state.mode == "tag" then report(w, node.at, "a loop cannot stand between attributes") end
  if types.find_var(w.scope, node.name) then
    report(w, node.name_at, "the name '" .. node.name .. "' is taken")
  end
  flush(w)
  local list, i = fresh(w, "rows"), fresh(w, "i")
  line(w, "do local " .. list .. " = " .. rows.code, node.at)
  line(w, ("for %s = 1, #%s do local v_%s = %s[%s]"):format(i, list, node.name, list, i), node.at)
  w.indent = w.indent + 1
  local outer = w.scope
  w.scope = types.scope_inside(outer)
  w.scope.vars[node.name] = { code = "v_" .. node.name, type = of, loop = true }
  w.scope.loop = { rows = list, index = i }
  -- what was known of an outer name of the same spelling does not hold for each element
  local ended = contexts.copy(state)
  walk(w, ended, node.body)
  flush(w)
  w.scope = outer
  w.indent = w.indent - 1
  line(w, "end", node.at)
  local ends = { ended }
  if node.empty then
    line(w, "if #" .. list .. " == 0 then", node.at)
    w.indent = w.indent + 1
    ends[2] = branch(w, state, node.empty)
    flush(w)
    w.indent = w.indent - 1
    line(w, "end", node.at)
  end
  line(w, "end", node.at)
  check_ends(w, node, state, ends, "for")
end

local fixed = { vm = true, shell = true, loop = true }

function nodes.set(w, state, node)
  local result = types.check(w.scope, node.value)
  local t = result.type
  if t.kind == "icon" then
    report(w, node.at, "icon() writes an element: it cannot be kept in a name")
    t = types.WRONG
  end
  if fixed[node.name] then return report(w, node.name_at, "'" .. node.name .. "' cannot be set") end
  local var = types.find_var(w.scope, node.name)
  flush(w)
  if not var then
    w.scope.vars[node.name] = { code = "v_" .. node.name, type = t, set = true }
    w.sets = (w.sets or 0) + 1
    if w.sets == 101 then report(w, node.name_at, "more than 100 names are set here") end
    return line(w, ("local v_%s = %s"):format(node.name, result.code), node.at)
  end
  if not var.set then return report(w, node.name_at, "'" .. node.name .. "' cannot be set: it is no {% set %} name") end
  if t.kind ~= "wrong" and var.type.kind ~= "wrong" and types.misfit(result, var.type) then
    return report(w, node.value.at, ("'%s' holds %s, not %s"):format(node.name, types.describe(var.type),
                                                                    types.describe(t)))
  end
  if t.kind == "record" or t.kind == "list" then
    return report(w, node.name_at, ("'%s' holds %s: only texts, numbers and truths can be set again"):format(node.name,
                  types.describe(t)))
  end
  types.needed(w.scope, node.value, result)
  line(w, ("v_%s = %s"):format(node.name, result.code), node.at)
end

local function text_only(w, state, node, what)
  if state.mode == "text" and not (state.open and html.raw[state.open.name]) then return true end
  report(w, node.at, what .. " stands in text, not inside a tag, a title or data")
end

local function bind_arguments(w, node, component)
  local given, codes = {}, {}
  for _, arg in ipairs(node.args) do
    local wanted = component.args[arg.name]
    local result = types.check(w.scope, arg.value)
    if given[arg.name] then
      report(w, arg.at, "'" .. arg.name .. "' is given twice")
    elseif not wanted then
      report(w, arg.at, ("'%s' takes no '%s'%s"):format(node.name, arg.name, suggest.hint(arg.name, component.args)))
    else
      local why = types.misfit(result, wanted)
      if why then
        report(w, arg.value.at, "'" .. arg.name .. "': " .. why)
      elseif not wanted.optional or result.type.maybe_false then
        types.needed(w.scope, arg.value, result)
      end
    end
    given[arg.name] = result.code
  end
  for _, name in ipairs(component.order) do
    if not given[name] and not component.args[name].optional then
      report(w, node.name_at, ("'%s' needs '%s'"):format(node.name, name))
    end
    codes[#codes + 1] = given[name] or "nil"
  end
  while codes[#codes] == "nil" do codes[#codes] = nil end
  return codes
end

function nodes.use(w, state, node)
  local component = w.file.theme.component(node.name)
  if not component then
    return report(w, node.name_at, "there is no component '" .. node.name .. "'"
                  .. suggest.hint(node.name, w.file.theme.component_names()))
  end
  if not text_only(w, state, node, "a component") then return end
  flush(w)
  local codes = bind_arguments(w, node, component)
  w.file.uses = w.file.uses or {}
  w.file.uses[node.name] = w.file.uses[node.name] or node.name_at
  table.insert(codes, 1, "shell")
  line(w, ("C[%s](%s)"):format(quote(node.name), table.concat(codes, ", ")), node.at)
end

function nodes.form(w, state, node)
  local form = types.check(w.scope, node.form)
  if form.type.kind ~= "wrong" then
    if form.type.kind ~= "record" or form.type.name ~= "Form" and form.type.name ~= "Action" then
      report(w, node.form.at, "{% form %} takes a Form or an Action, not " .. types.describe(form.type))
    else
      types.needed(w.scope, node.form, form)
    end
  end
  if state.open and state.open.in_form then report(w, node.at, "a form cannot stand inside a form") end
  text_only(w, state, node, "a form")
  flush(w)
  line(w, ("form_open(%s)"):format(form.code), node.at)
  contexts.push(state, "{% form %}", node.at)
  local before = state.open
  local ended = branch(w, state, node.body)
  contexts.unclosed(ended, before, w.file.report)
  if ended.open ~= before or ended.mode ~= "text" then
    report(w, node.at, "'form' leaves the HTML in another context than it began")
  end
  flush(w)
  line(w, "form_close()", node.at)
  state.open = before.outer
end

-- A block is a function; here it is called. Who defines it is the page's business (w.owner).
function nodes.block(w, state, node)
  local owner = w.owner
  if node.name == "title" and owner.title_apart then
    return owner:block(w, node, contexts.start("title"), {})
  end
  if not text_only(w, state, node, "a block") then return end
  local args = {}
  for i, arg in ipairs(node.args) do
    local var = types.find_var(w.scope, arg.name)
    if not var then
      report(w, arg.at, "unknown name '" .. arg.name .. "': a block's arguments are names known where it stands")
    elseif arg.name == "vm" or arg.name == "shell" then
      report(w, arg.at, "a block has '" .. arg.name .. "' without asking")
    end
    local result = var and types.check(w.scope, { op = "name", name = arg.name, at = arg.at })
    args[i] = { name = arg.name, type = result and result.type or types.WRONG, code = result and result.code or "nil" }
  end
  flush(w)
  local call = owner:block(w, node, contexts.copy(state), args)
  if call then line(w, call, node.at) end
end

function nodes.parent(w, state, node)
  if not w.parent_call then
    return report(w, node.at, "{% parent %} stands in a block that overrides one")
  end
  if not text_only(w, state, node, "{% parent %}") then return end
  flush(w)
  line(w, w.parent_call, node.at)
end

function walk(w, state, list)
  for _, node in ipairs(list) do
    w.at = w.at or node.at
    nodes[node.kind](w, state, node)
  end
end

-- The body of a function: its lines, from a tree, in a scope and an HTML state.
function M.body(file, owner, list, scope, state, parent_call)
  local w = writer(file, owner)
  w.scope, w.parent_call = scope, parent_call
  contexts.push(state, "{% block %}", 1)
  local before = state.open
  local mode = state.mode
  walk(w, state, list)
  contexts.unclosed(state, before, file.report)
  if state.mode == "tag" or state.mode == "attribute" then
    file.report(state.tag_at, "<" .. state.tag .. " is not closed by '>'")
  elseif state.mode ~= mode or state.open ~= before then
    file.report(list[1] and list[1].at or 1, "this leaves the HTML in another context than it began")
  end
  flush(w)
  return w
end

return M
