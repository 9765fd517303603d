-- SPDX-License-Identifier: GPL-3.0-or-later
-- Trees to Lua: walks what tags.lua read with an HTML state (contexts.lua) and a scope (types.lua) and
-- writes lines that print. Nothing written here assigns an upvalue or a global.
--
-- A `file` as used here: { path =, source =, theme =, contract =, report =, tree =, ... };
-- report(at, kind, ...) (theme/mistakes.lua) collects, so that all mistakes of a file are told at once.

local contexts = require "template.contexts"
local controls = require "template.controls"
local types = require "template.types"
local html = require "template.html"
local texts = require "template.texts"
local writer = require "template.writer"
local suggest = require "theme.suggest"

local M = {}

local quote = types.quote

local function report(w, at, ...) w.file.report(at, ...) end

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&#34;", ["'"] = "&#39;" }
local function escape(text) return (text:gsub("[&<>\"']", entities)) end
M.escape = escape

local walk

-- Printing: one function for each place.
local function print_part(w, part)
  if part.literal ~= nil then return writer.literal(w, escape(tostring(part.literal))) end
  if part.either and writer.either(w, part.either[1], part.either[2]) then return end
  writer.value(w, part.held or part.code, part.hole, part.of, part.field)
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
    report(w, node.at, "may-be-false")
    return true
  end
  if printable_kinds[t.kind] or t.kind == "secret" or t.kind == "icon" then return false end
  report(w, node.at, "print", types.describe(t), (mends[t.kind] or "it is no text"))
  return true
end

local prints = {}

function prints.text(w, state, node, result)
  if result.type.kind == "secret" and contexts.is_sent(state) then return report(w, node.at, "secret-sent") end
  if result.type.kind == "icon" then
    if state.open and html.raw[state.open.name] then
      return report(w, node.at, "text-only-element", state.open.name)
    end
  end
  controls.value(state, { at = node.at, control = result.control }, w.file.report)
  print_parts(w, result)
end

function prints.title(w, state, node, result)
  if result.type.kind == "icon" or result.type.kind == "secret" then
    return report(w, node.at, "title-text")
  end
  print_parts(w, result)
end

function prints.json(w, state, node, result)
  if result.type.kind == "secret" or result.type.kind == "icon" then
    return report(w, node.at, "json-holds", result.type.kind)
  end
  writer.flush(w)
  writer.line(w, "emit_json(" .. result.code .. ")", node.at)
end

function prints.tag(w, state, node, result)
  if state.unquoted then return end
  report(w, node.at, "attribute-name")
end

local function print_url(w, state, node, result)
  local start = state.url == nil
  state.holes = true
  if not start then
    local kind = result.type.kind
    if kind == "url" then
      return report(w, node.at, "url-start")
    end
    if kind ~= "int" and kind ~= "id" and kind ~= "count" and not state.value:find("#", 1, true) then
      return report(w, node.at, "url-text")
    end
    if state.url == "root" and not result.type.optional and not result.type.maybe_false then state.url = "settled" end
    return print_parts(w, result)
  end
  state.url = "hole"
  if result.type.kind ~= "url" then
    return report(w, node.at, "url-takes", state.attribute, types.describe(result.type))
  end
  if types.needed(w.scope, node.value, result).type.kind == "wrong" then return end
  if result.safe then return writer.value(w, result.code) end
  writer.value(w, result.code, "u", result.of, result.field)
end

function prints.attribute(w, state, node, result)
  local kind = result.type.kind
  local key = state.tag .. "." .. state.attribute
  if kind == "icon" then return report(w, node.at, "icon-attribute") end
  if html.url[state.attribute] then return print_url(w, state, node, result) end
  if kind == "secret" then
    if state.attribute ~= "value" or state.value ~= "" or state.holes then
      state.holes = true
      return report(w, node.at, "secret")
    end
    state.secret_at = node.at
  end
  if result.literal ~= nil then
    local text = tostring(result.literal)
    contexts.literal(state, text, node.at, w.file.report)
    return writer.literal(w, escape(text), true)
  end
  if state.attribute == "name" and (state.value ~= "" or state.holes or not result.control or result.control.field ~= "name") then
    report(w, node.at, "control-name")
  elseif html.values[key] and (kind ~= "enum" or key == "script.type" or state.holes) then
    report(w, node.at, "attribute-whole", state.attribute, state.tag)
  end
  controls.put(state, { at = node.at, control = result.control, path = result.path })
  state.holes = true
  print_parts(w, result)
end

local nodes = {}

function nodes.text(w, state, node)
  local text, at = node.text, node.at
  if (node.lead or node.trail) and state.mode == "text" and not (state.open and state.open.exact) then
    local first, last = 1, #text
    if node.lead then first = text:find("%S") or last + 1 end
    while node.trail and last >= first and text:find("^%s", last) do last = last - 1 end
    text, at = text:sub(first, last), at + first - 1
  end
  contexts.feed(state, text, at, function(text)
    local exact = text:find("%s%s") and (state.mode == "attribute" or state.mode == "json"
                                         or state.open and state.open.exact)
    writer.literal(w, text, exact)
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
      report(w, node.at, "context-left", word)
      return
    end
  end
  for _, ended in ipairs(ends) do contexts.join(state, ended) end
  for _, key in ipairs { "value", "holes", "url" } do if state.mode == "attribute" then state[key] = state[key] or ends[1][key] end end
end

-- Each branch is written aside; its facts hold in it, their contrary in the branches behind it.
local function write_branches(w, state, node)
  local scope, facts = w.scope, w.scope.facts
  local written, ends = {}, {}
  local function one(list, condition)
    local inside, part = types.scope_inside(scope, facts), {}
    if condition then
      part.condition, part.test = types.condition(inside, condition)
      facts = types.facts(inside, condition, false)
    end
    writer.aside(w, part, function()
      w.scope = inside
      local proven = condition and types.facts(inside, condition, true)
      ends[#ends + 1] = list and branch(w, state, list, proven) or contexts.copy(state)
      w.scope = scope
    end)
    written[#written + 1] = part
  end
  for _, part in ipairs(node.branches) do one(part.body, part.condition) end
  one(node.otherwise, nil)
  return written, ends
end

-- Where all branches are literals they become one argument of the run:
-- emit("<input", nil, cond and " required" or "", nil, ">").
local function choice(written)
  local code = written[#written].text
  for i = #written - 1, 1, -1 do
    if not code or not written[i].text then return nil end
    code = ("(%s and %s or %s)"):format(written[i].condition, written[i].text, code)
  end
  return code
end

nodes["if"] = function(w, state, node)
  local written, ends = write_branches(w, state, node)
  check_ends(w, node, state, ends, "if")
  if writer.sections(w, written) then return end
  local code = choice(written)
  if code then return writer.chosen(w, code) end
  writer.flush(w)
  for i, part in ipairs(written) do
    local last = i == #written
    if not last then
      writer.line(w, (i == 1 and "if " or "elseif ") .. part.condition .. " then", node.at)
    elseif node.otherwise then
      writer.line(w, "else", node.at)
    end
    if not last or node.otherwise then writer.take(w, part) end
  end
  writer.line(w, "end", node.at)
end

nodes["for"] = function(w, state, node)
  local rows = types.check(w.scope, node.rows)
  local of = types.WRONG
  if rows.type.kind == "list" then
    if types.needed(w.scope, node.rows, rows).type.kind ~= "wrong" then of = rows.type.of end
  elseif rows.type.kind ~= "wrong" then
    report(w, node.rows.at, "not-a-list", types.shown(node.rows) or "this")
  end
  if state.mode == "tag" then report(w, node.at, "loop-in-tag") end
  if state.mode == "attribute" and not contexts.may_repeat(state) then report(w, node.at, "loop-in-value", state.attribute) end
  if types.find_var(w.scope, node.name) then
    report(w, node.name_at, "name-taken", node.name)
  end
  writer.flush(w)
  local list, i, item = writer.fresh(w, "rows"), writer.fresh(w, "i"), "v_" .. node.name
  local outer, ended, body = w.scope, contexts.copy(state), {}
  writer.line(w, "do local " .. list .. " = " .. rows.code, node.at)
  w.scope = types.scope_inside(outer)
  w.scope.vars[node.name] = { code = item, type = of, loop = true, of = rows.control }
  w.scope.loop = { rows = list, index = i }
  -- what was known of an outer name of the same spelling does not hold for each element
  writer.aside(w, body, function()
    w.pays = false
    walk(w, ended, node.body)
    if #w.lines > 0 then writer.pay(w, node.at) end
  end)
  w.scope = outer
  if not writer.each(w, body, { item = item, list = list }, i) then
    writer.line(w, ("for %s = 1, #%s do local %s = %s[%s]"):format(i, list, item, list, i), node.at)
    writer.take(w, body)
    writer.line(w, "end", node.at)
  end
  local pays = w.pays
  local ends = { ended }
  if node.empty then
    writer.line(w, "if #" .. list .. " == 0 then", node.at)
    w.indent = w.indent + 1
    ends[2] = branch(w, state, node.empty)
    writer.flush(w)
    w.indent = w.indent - 1
    writer.line(w, "end", node.at)
  end
  writer.line(w, "end", node.at)
  w.pays = pays
  check_ends(w, node, state, ends, "for")
end

local fixed = { vm = true, shell = true, loop = true }

function nodes.set(w, state, node)
  local result = types.check(w.scope, node.value)
  local t = result.type
  if t.kind == "icon" then
    report(w, node.at, "icon-kept")
    t = types.WRONG
  end
  if fixed[node.name] then return report(w, node.name_at, "set-fixed", node.name) end
  local var = types.find_var(w.scope, node.name)
  writer.flush(w)
  if not var then
    w.scope.vars[node.name] = { code = "v_" .. node.name, type = t, set = true }
    w.sets = (w.sets or 0) + 1
    if w.sets == 101 then report(w, node.name_at, "names-many") end
    return writer.line(w, ("local v_%s = %s"):format(node.name, result.code), node.at)
  end
  if not var.set then return report(w, node.name_at, "set-foreign", node.name) end
  if t.kind ~= "wrong" and var.type.kind ~= "wrong" and types.misfit(result, var.type) then
    return report(w, node.value.at, "set-kind", node.name, types.describe(var.type), types.describe(t))
  end
  if t.kind == "record" or t.kind == "list" then
    return report(w, node.name_at, "set-again", node.name, types.describe(t))
  end
  types.needed(w.scope, node.value, result)
  writer.line(w, ("v_%s = %s"):format(node.name, result.code), node.at)
end

local function text_only(w, state, node, what)
  if state.mode == "text" and not (state.open and html.raw[state.open.name]) and not contexts.is_sent(state) then return true end
  report(w, node.at, "stands-in-text", what)
end

-- The Lua of the arguments in their order, and parameter -> what is given for it.
local function bind_arguments(w, node, component)
  local given, codes, bound = {}, {}, {}
  for _, arg in ipairs(node.args) do
    local wanted = component.args[arg.name]
    local result = types.check(w.scope, arg.value)
    if given[arg.name] then
      report(w, arg.at, "given-twice", arg.name)
    elseif not wanted then
      report(w, arg.at, "unknown-argument", node.name, arg.name, suggest.hint(arg.name, component.args))
    else
      local why = types.misfit(result, wanted)
      if why then
        report(w, arg.value.at, "argument-kind", arg.name, why)
      elseif not wanted.optional or result.type.maybe_false then
        types.needed(w.scope, arg.value, result)
      end
    end
    given[arg.name] = result
  end
  for _, name in ipairs(component.order) do
    if not given[name] and not component.args[name].optional then
      report(w, node.name_at, "argument-missing", node.name, name)
    end
    given[name] = given[name] or { code = "nil" }
    codes[#codes + 1] = given[name].code
    bound["v_" .. name] = given[name]
  end
  while codes[#codes] == "nil" do codes[#codes] = nil end
  return codes, bound
end

function nodes.use(w, state, node)
  local component = w.file.theme.component(node.name)
  if not component then
    return report(w, node.name_at, "unknown-component", node.name, suggest.hint(node.name, w.file.theme.component_names()))
  end
  if not text_only(w, state, node, "a component") then return end
  local codes, given = bind_arguments(w, node, component)
  w.file.uses = w.file.uses or {}
  w.file.uses[node.name] = w.file.uses[node.name] or node.name_at
  local run = w.file.theme.component_run(node.name)
  if w.file.theme.component_holds_form(node.name) then
    w.file.holds_form = true
    if state.open and state.open.in_form then report(w, node.at, "form-in-form") end
  end
  if run and writer.inline(w, run, given) then return end
  writer.flush(w)
  table.insert(codes, 1, "shell")
  writer.line(w, ("C[%s](%s)"):format(quote(node.name), table.concat(codes, ", ")), node.at)
end

-- Nothing is written where no theme of the chain fills the slot.
function nodes.slot(w, state, node)
  local slots = w.file.contract.slots
  local slot = slots[node.name]
  if not slot then
    return report(w, node.name_at, "unknown-slot", node.name, suggest.hint(node.name, slots))
  end
  if not text_only(w, state, node, "a slot") then return end
  w.file.holds_form = true   -- a fill may bring one
  if state.open and state.open.in_form then
    report(w, node.at, "slot-in-form")
  end
  local codes, given = { "shell" }, {}
  for i, value in ipairs(node.args) do
    local name, result = slot.order[i], types.check(w.scope, value)
    local wanted = slot.args[name]
    local why = wanted and types.misfit(result, wanted)
    if not wanted then
      report(w, value.at, "slot-takes", node.name, table.concat(slot.order, ", "))
    elseif why then
      report(w, value.at, "argument-kind", name, why)
    elseif not wanted.optional then
      types.needed(w.scope, value, result)
    end
    codes[#codes + 1] = result.code
    given["v_" .. (name or "")] = result
  end
  if #node.args < #slot.order then
    report(w, node.name_at, "argument-missing", node.name, slot.order[#node.args + 1])
  end
  w.file.uses = w.file.uses or {}
  w.file.uses["slot " .. node.name] = w.file.uses["slot " .. node.name] or node.name_at
  if slot.deprecated then
    report(w, node.name_at, "deprecated-slot", node.name, slot.deprecated.since or "?", slot.deprecated.use or "another slot")
  end
  w.file.theme.slot_stands(node.name, w.file, node.name_at)
  if not w.file.theme.slot_is_filled(node.name) then return end
  local run = w.file.theme.slot_run(node.name)
  if run and writer.inline(w, run, given) then return end
  writer.flush(w)
  writer.line(w, ("S[%s](%s)"):format(quote(node.name), table.concat(codes, ", ")), node.at)
end

function nodes.trans(w, state, node)
  if text_only(w, state, node, "{% trans %}") then texts.put(w, state, node, nodes.print) end
end

-- The records that know where they are sent.
local posted = { Form = true, BulkForm = true, Action = true }

function nodes.form(w, state, node)
  local form = types.check(w.scope, node.form)
  if form.type.kind ~= "wrong" then
    if form.type.kind ~= "record" or not posted[form.type.name] then
      report(w, node.form.at, "form-takes", types.describe(form.type))
    else
      types.needed(w.scope, node.form, form)
    end
  end
  if state.open and state.open.in_form then report(w, node.at, "form-in-form") end
  text_only(w, state, node, "a form")
  w.file.holds_form = true
  writer.value(w, form.code, "f", form.of, form.field)
  contexts.push(state, "{% form %}", node.at)
  local before = state.open
  local ended = branch(w, state, node.body)
  contexts.unclosed(ended, before, w.file.report)
  if ended.open ~= before or ended.mode ~= "text" then
    report(w, node.at, "context-left", "form")
  end
  writer.literal(w, "</form>")
  state.open = before.outer
end

-- A block is a function; here it is called. Who defines it is the page's business (w.owner).
function nodes.block(w, state, node)
  local owner = w.owner
  if node.name == "title" and owner.title_apart then
    return owner:block(w, node, contexts.start("title"), {})
  end
  if not text_only(w, state, node, "a block") then return end
  local args, given = {}, {}
  for i, arg in ipairs(node.args) do
    local var = types.find_var(w.scope, arg.name)
    if not var then
      report(w, arg.at, "block-argument", arg.name)
    elseif arg.name == "vm" or arg.name == "shell" then
      report(w, arg.at, "block-has", arg.name)
    end
    local result = var and types.check(w.scope, { op = "name", name = arg.name, at = arg.at })
    args[i] = { name = arg.name, type = result and result.type or types.WRONG, code = result and result.code or "nil" }
    given["v_" .. arg.name] = args[i]
  end
  local call, run = owner:block(w, node, contexts.copy(state), args)
  if not call or run and writer.inline(w, run, given) then return end
  writer.flush(w)
  writer.line(w, call, node.at)
end

function nodes.parent(w, state, node)
  if not w.parent_call then
    return report(w, node.at, "parent-outside")
  end
  if state.mode ~= "title" and not text_only(w, state, node, "{% parent %}") then return end
  writer.flush(w)
  writer.line(w, w.parent_call, node.at)
end

function walk(w, state, list)
  for _, node in ipairs(list) do
    w.at = w.at or node.at
    nodes[node.kind](w, state, node)
  end
end

-- The body of a function: its lines, from a tree, in a scope and an HTML state.
function M.body(file, owner, list, scope, state, parent_call)
  local w = writer.start(file, owner)
  w.scope, w.parent_call = scope, parent_call
  contexts.push(state, "{% block %}", 1)
  local before = state.open
  local mode = state.mode
  walk(w, state, list)
  contexts.unclosed(state, before, file.report)
  if state.mode == "tag" or state.mode == "attribute" then
    file.report(state.tag_at, "tag-cut", state.tag)
  elseif state.mode ~= mode or state.open ~= before then
    file.report(list[1] and list[1].at or 1, "file-left")
  end
  w.run = writer.run(w)
  writer.pay(w, list[1] and list[1].at)
  return w
end

return M
