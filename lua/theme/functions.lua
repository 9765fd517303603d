-- SPDX-License-Identifier: GPL-3.0-or-later
-- helpers.lua of the themes of a chain: pure functions that templates call as helpers.NAME(...). A file returns a table
-- of functions and says of each, in a comment of its own line, what it takes and gives:
--     -- helper: initials(name=text, most=int?) -> text
-- Types are text, int and bool; `?` marks what may be left out, or not be given back. The nearest theme's function of a
-- name counts, and must take and give what its parent's does.

local expressions = require "template.expressions"
local files = require "theme.files"
local lexer = require "template.lexer"
local schema = require "schema"
local suggest = require "theme.suggest"

local M = {}

local plain = { text = 1, int = 1, bool = 1 }

local function read_type(r)
  local token = expressions.take_name(r, "a type")
  if not plain[token.value] then
    expressions.fail(token, "unknown-type", token.value, suggest.hint(token.value, plain))
  end
  return schema.type_make(token.value, { optional = expressions.take(r, "?") and true or nil })
end

local function read_header(r)
  local made = { args = {}, order = {} }
  local name = expressions.take_name(r, "a helper's name")
  expressions.expect(r, "(")
  while not expressions.is(r, ")") do
    local arg = expressions.take_name(r, "an argument's name")
    expressions.expect(r, "=")
    made.args[arg.value] = read_type(r)
    made.order[#made.order + 1] = arg.value
    if not expressions.take(r, ",") then break end
  end
  expressions.expect(r, ")")
  expressions.expect(r, "-")
  expressions.expect(r, ">")
  made.gives = read_type(r)
  expressions.finish(r)
  made.name = name.value
  return made
end

local function header_at(file, at, line)
  local tokens, why, wrong_at = lexer.code(line, 1, nil)
  if not tokens then return file.report(at + wrong_at - 1, table.unpack(why)) end
  local ok, made = pcall(read_header, expressions.reader(tokens))
  if ok then return made end
  if type(made) ~= "table" then error(made, 0) end
  file.report(at + made.at - 1, table.unpack(made.mistake))
end

local function same(own, parent)
  if #own.order ~= #parent.order or own.gives.kind ~= parent.gives.kind
     or own.gives.optional and not parent.gives.optional then
    return false
  end
  for i, name in ipairs(own.order) do
    if own.args[name].kind ~= parent.args[parent.order[i]].kind then return false end
  end
  return true
end

local function read_file(build, level)
  local file = files.make(build, level, "helpers.lua")
  local chunk, why = load(file.source, "=helpers.lua", "t", {})
  if not chunk then
    local line, said = why:match("^[^:]*:(%d+): (.*)$")
    file.report(files.line_start(file, tonumber(line) or 1), "script-syntax", said or why)
  end
  local found = {}
  for name in file.source:gmatch("function%s+[%w_.:]-([%w_]+)%s*%(") do build.helper_names[name] = true end
  for at, line in ("\n" .. file.source):gmatch("\n%s*%-%-%s*helper:%s*()([^\n]*)") do
    local made = header_at(file, at - 1, line)
    local parent = made and build.functions[made.name]
    if parent and not same(made, parent) then file.report(at - 1, "helper-changed", made.name) end
    if made and not file.source:find("%f[%w_]" .. made.name .. "%f[^%w_]%s*[=(]", at + #line - 1) then
      file.report(at - 1, "helper-nowhere", made.name)
    end
    if made then found[made.name] = made end
  end
  if not files.done(build, file) then return end
  local index = #build.helpers + 1
  build.helpers[index] = { path = "helpers.lua", text = file.source, theme = file.owner }
  for name, made in pairs(found) do
    made.index = index
    build.functions[name] = made
  end
end

-- build.helper_names: functions that stand in these files, with a header or not.
-- build.helpers: the files, base's first; build.functions: name -> { index = (of its file), args =, order =, gives = }.
function M.read(build)
  build.helpers, build.helper_names = {}, {}
  for level = #build.chain, 1, -1 do
    if build.chain[level].files["helpers.lua"] then read_file(build, level) end
  end
end

return M
