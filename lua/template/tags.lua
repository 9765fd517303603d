-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tags into trees: the pieces of a file (lexer.lua) become nodes with their bodies, { kind =, at =, ... }.
-- A mistake in the structure of the tags ends the reading of the file, one inside a print does not.

local lexer = require "template.lexer"
local expressions = require "template.expressions"
local suggest = require "theme.suggest"

local M = {}

local DEPTH = 50

local fail = expressions.fail
local tags = {}

-- A parser: { pieces =, i =, file =, depth = }. Nodes are appended to the list that is open.
local parse_list

local function tag_word(piece)
  local token = piece.kind == "tag" and piece.tokens[1]
  return token and token.type == "name" and token.value
end

local enders = { ["end"] = true, ["else"] = true, ["elseif"] = true, ["empty"] = true, ["plural"] = true }
local misspelt = { endif = "end", endfor = "end", endblock = "end", endform = "end", elif = "elseif",
                   elsif = "elseif", include = "use", import = "use", component = "use", macro = "use", extend = "extends",
                   raw = false, safe = false, autoescape = false }

local function body(p, opened)
  p.depth = p.depth + 1
  if p.depth > DEPTH then fail(opened, "tags-deep") end
  local list = parse_list(p)
  p.depth = p.depth - 1
  return list
end

-- The next ender, or a mistake at the tag that was opened.
local function ender(p, opened, allowed)
  local piece = p.pieces[p.i]
  if not piece then fail(opened, "tag-open", opened.value) end
  local word = tag_word(piece)
  if word ~= "end" and not allowed[word] then
    fail(piece.tokens[1], "tag-foreign", word, opened.value)
  end
  p.i = p.i + 1
  return word, piece.tokens
end

local function finish_end(tokens)
  if tokens[2].type ~= "end" then fail(tokens[2], "end-takes") end
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
    if #node.branches == 60 then fail(tokens[1], "branches") end
    if word == "elseif" then
      local inner = expressions.reader(tokens, 2)
      condition = expressions.expression(inner)
      expressions.finish(inner)
    elseif tokens[2].type ~= "end" then
      fail(tokens[2], tokens[2].value == "if" and "else-if" or "else-takes")
    end
  end
end

tags["for"] = function(p, r, token)
  local name = expressions.take_name(r, "a name")
  if expressions.is(r, ",") then fail(expressions.peek(r), "loop-names") end
  expressions.expect(r, "in")
  local node = { kind = "for", at = token.at, name = name.value, name_at = name.at,
                 rows = expressions.expression(r) }
  expressions.finish(r)
  node.body = body(p, token)
  local word, tokens = ender(p, token, { empty = true })
  if word == "empty" then
    if tokens[2].type ~= "end" then fail(tokens[2], "empty-takes") end
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
  if token.type ~= "string" then fail(token, "literal-expected", what, expressions.describe(token)) end
  r.i = r.i + 1
  return token.value, token.at
end

function tags.extends(p, r, token)
  if p.file.extends then fail(token, "extends-twice") end
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
      if seen[arg.value] then fail(arg, "given-twice", arg.value) end
      if #node.args == 20 then fail(arg, "block-arguments") end
      node.args[#node.args + 1], seen[arg.value] = { name = arg.value, at = arg.at }, true
    until not expressions.take(r, ",")
    expressions.expect(r, ")")
  end
  expressions.finish(r)
  if p.file.blocks[node.name] then fail(name, "block-twice", node.name) end
  p.file.blocks[node.name] = node
  node.from = p.pieces[p.i - 1].past
  node.body = body(p, token)
  node.to = p.pieces[p.i] and p.pieces[p.i].at
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

function tags.slot(p, r, token)
  local name, at = string_of(r, "a slot's name")
  local node = { kind = "slot", at = token.at, name = name, name_at = at, args = {} }
  while expressions.peek(r).type ~= "end" do
    node.args[#node.args + 1] = expressions.expression(r)
    expressions.take(r, ",")
  end
  return node
end

-- {% trans %}, {% trans "context" %}, {% trans n=COUNT %} ... {% plural %}
function tags.trans(p, r, token)
  local node = { kind = "trans", at = token.at }
  if expressions.peek(r).type == "string" then node.context = string_of(r, "a context") end
  local given = named_arguments(r)
  if given[2] then fail(given[2], "trans-takes") end
  node.count = given[1]
  node.body = body(p, token)
  local word, tokens = ender(p, token, { plural = true })
  if word == "plural" then
    if not node.count then fail(tokens[1], "trans-count") end
    if tokens[2].type ~= "end" then fail(tokens[2], "plural-takes") end
    node.many = body(p, token)
    word, tokens = ender(p, token, {})
  elseif node.count then
    fail(token, "trans-plural")
  end
  finish_end(tokens)
  return node
end

function tags.form(p, r, token)
  local node = { kind = "form", at = token.at, form = expressions.expression(r) }
  if expressions.peek(r).type == "name" then
    fail(expressions.peek(r), "form-alone")
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
    if word and known == false then fail(token, "tag-raw", word) end
    fail(token, "unknown-tag", expressions.describe(token),
         known and " - did you mean '" .. known .. "'?" or suggest.hint(word or "", tags))
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
  p.file.report(node.at, table.unpack(node.mistake))
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

local function ends_blank(node) return node and node.kind == "text" and node.text:find("%s$") end
local function begins_blank(node) return node and node.kind == "text" and node.text:find("^%s") end

local function mark(list, first, last)
  local i = 1
  while first and list[i] and list[i].kind == "text" do
    list[i].lead = true
    if list[i].text:find("%S") then break end
    i = i + 1
  end
  local node = list[#list]
  if last and node and node.kind == "text" then node.trail = true end
end

-- Blanks just inside a tag are left out (text.lead, text.trail) where blanks stand just outside it, so that
-- a template can be laid out in lines and the page stays dense. A loop keeps what stands between its rounds.
local function tidy(list)
  for i, node in ipairs(list) do
    local before, behind = ends_blank(list[i - 1]), begins_blank(list[i + 1])
    for _, part in ipairs(node.branches or {}) do
      mark(part.body, before, behind)
      tidy(part.body)
    end
    for _, key in ipairs { "body", "otherwise", "empty" } do
      if node[key] then
        mark(node[key], before, behind and node.kind ~= "for")
        tidy(node[key])
      end
    end
  end
end

-- The tree of a file, kept in file.tree; file.blocks holds its blocks by name. A mistake in the
-- structure of the tags ends the reading of the file.
function M.parse(file)
  file.blocks = {}
  if not utf8.len(file.source) then
    local _, at = utf8.len(file.source)
    file.report(at, "utf8")
    file.tree = {}
    return
  end
  local p = { pieces = lexer.pieces(file.source, file.report), i = 1, file = file, depth = 0 }
  file.pieces = p.pieces
  local ok, list = pcall(parse_list, p)
  if not ok then
    if type(list) ~= "table" then error(list, 0) end
    file.report(list.at, table.unpack(list.mistake))
    list = {}
  elseif p.pieces[p.i] then
    local token = p.pieces[p.i].tokens[1]
    file.report(token.at, "tag-stray", token.value)
  end
  tidy(list)
  file.tree = list
end

return M
