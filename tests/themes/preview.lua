-- SPDX-License-Identifier: GPL-3.0-or-later
-- Draws the pages of a theme from the invented models of lua/theme/fixtures.lua into HTML files, with a Lua
-- stand-in for the functions of the C host, so that a theme can be looked at and checked without
-- the program.  lua5.4 tests/themes/preview.lua THEME_DIR OUT_DIR [SCHEME] [apart]
-- THEME_DIR's parents are taken from its neighbours. OUT_DIR is then a site of files: serve its root.
-- "apart": what template/writer.lua writes into one run is left where it stands, in functions, branches and loops.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
local root = here .. "/../.."
package.path = root .. "/lua/?.lua;" .. root .. "/lua/?/init.lua;" .. package.path

local theme_dir, out_dir, scheme = arg[1], arg[2], arg[3] or "auto"
if not out_dir then
  io.stderr:write("usage: preview.lua THEME_DIR OUT_DIR [auto|light|dark]\n")
  os.exit(2)
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end
local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end
local folders = dofile(here .. "/folder.lua")
local files_below = folders.list
local function folder(dir) return { name = dir:match("([^/]+)/*$"), files = folders.read(dir) } end

local chain, dir = {}, theme_dir:gsub("/+$", "")
while dir do
  local theme = folder(dir)
  chain[#chain + 1] = theme
  local parent = theme.files["theme.lua"]:match('extends%s*=%s*"([%w_-]+)"')
  dir = parent and (parent == "base" and root .. "/themes/base" or dir:gsub("[^/]+$", parent))
end

local main = dofile(root .. "/lua/init.lua")
local fixtures = require "theme.fixtures"
local contract_files = {}
for _, path in ipairs(files_below(root .. "/lua/contract")) do
  contract_files[#contract_files + 1] = { path = "contract/" .. path, text = read(root .. "/lua/contract/" .. path) }
end
local contract = main.contract(contract_files)
if arg[4] == "apart" then
  local writer, never = require "template.writer", function() return false end
  writer.inline, writer.sections, writer.each = never, never, never
end
local result = main.compile(contract, chain)
for _, list in ipairs { result.errors, result.warnings } do
  for _, message in ipairs(list) do io.stderr:write(message, "\n") end
end
if #result.errors > 0 then os.exit(1) end

-- The host's stand-in --------------------------------------------------------------------------

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }
local function escape(value) return (tostring(value):gsub("[&<>\"']", entities)) end

local out
local function put(text) out[#out + 1] = text end
local holes = {}
function holes.e(value)
  if value == nil then return end
  assert(type(value) == "string" or math.type(value) == "integer", "cannot print a " .. type(value))
  put(escape(value))
end
holes.r = put
local function asset(name)
  for _, theme in ipairs(chain) do
    if theme.files[name] or theme.files["assets/" .. name] then return "/assets/" .. name end
  end
  error("there is no asset " .. name)
end

local units = { { "day", 86400 }, { "hour", 3600 }, { "minute", 60 } }
local NOW = fixtures.now
local F = {}
function F.bytes(n)
  if not n then return end
  for _, unit in ipairs { { "GB", 1 << 30 }, { "MB", 1 << 20 }, { "KB", 1 << 10 } } do
    if n >= unit[2] then return (("%.1f"):format(n / unit[2]):gsub("%.0$", "")) .. " " .. unit[1] end
  end
  return n .. " B"
end
function F.number(n)
  local text, k = tostring(n), 1
  while k > 0 do text, k = text:gsub("^(-?%d+)(%d%d%d)", "%1,%2") end
  return text
end
function F.relative(at)
  if not at then return end
  local ago = NOW - at.seconds
  if ago >= 30 * 86400 then return F.date(at, "day") end
  for _, unit in ipairs(units) do
    local n = ago // unit[2]
    if n > 0 then return n .. " " .. unit[1] .. (n > 1 and "s" or "") .. " ago" end
  end
  return "just now"
end
function F.date(at, style)
  if not at then return end
  if style == "relative" then return F.relative(at) end
  local form = { iso = "!%Y-%m-%dT%H:%M:%SZ", long = "!%d %B %Y, %H:%M:%S", day = "!%d %B %Y", time = "!%H:%M" }
  return (os.date(form[style or "short"] or "!%d %b %Y, %H:%M", at.seconds):gsub("^0", ""))
end
function F.upper(s) return s and s:upper() end
function F.lower(s) return s and s:lower() end
function F.truncate(s, n) return s and (utf8.len(s) > n and s:sub(1, utf8.offset(s, n) - 1) .. "…" or s) end
function F.join(list, by) return table.concat(list, by or ", ") end

function holes.u(url)
  local scheme_of = url:match("^(%a[%w+.-]*):")
  local fine = url:sub(1, 2) ~= "//" and not url:find("\\", 1, true)
               and (not scheme_of or ({ http = 1, https = 1, mailto = 1 })[scheme_of:lower()])
  put(fine and escape(url) or "#")
end
function holes.c(name)
  put('<svg class="icon" aria-hidden="true"><use href="' .. asset("icons.svg") .. "#" .. name .. '"/></svg>')
end
function holes.f(form)
  local method = form.method or "post"
  put('<form method="' .. method .. '" action="' .. escape(form.action or form.url) .. '"' .. (form.id and ' id="bulk"' or "") .. ">")
  if method == "post" then
    put('<input type="hidden" name="token" value="t"><input type="hidden" name="operation" value="o">')
    if form.version then put('<input type="hidden" name="version" value="' .. form.version .. '">') end
  end
end
for hole, style in pairs { s = "short", l = "long", d = "day", t = "time", i = "iso" } do
  holes[hole] = function(at) holes.e(F.date(at, style)) end
end
for hole, name in pairs { b = "bytes", n = "number", a = "relative" } do
  holes[hole] = function(value) holes.e(value and F[name](value)) end
end

local stand_in = dofile(here .. "/stand_in.lua")
local emit = stand_in.emit(holes, put)
local env = {
  emit = emit, emit_each = stand_in.emit_each(emit), asset = asset, F = F,
  div = function(n, m) return n // m end,
  mod = function(n, m) return n % m end,
  emit_json = function() put("{}") end,
  route = function(name, record)
    return (contract.routes[name].pattern:gsub("{([%w_]+)}", function(key) return tostring(record[key] or record.id) end))
  end,
  tn = function(one, many, n) return ((n == 1 and one or many):gsub("%%d", tostring(n))) end,
  guard = function(f, _, _, ...) return f(...) end,
}
for _, name in ipairs { "ipairs", "pairs", "tostring", "type", "select", "error", "pcall", "table", "string", "math" } do
  env[name] = env[name] or _G[name]
end
local theme = assert(load(result.code, "=theme", "t", env))()

local function draw(page, case)
  local shell = case.shell
  out = {}
  theme.pages[page].title(case.vm, shell)
  local title = table.concat(out)
  out = {}
  theme.pages[page].body(case.vm, shell)
  local links = ""
  for _, name in ipairs { "app.css", "tokens.css" } do
    local found = pcall(asset, name)
    if found then links = links .. '<link rel="stylesheet" href="/assets/' .. name .. '">' end
  end
  return ('<!doctype html>\n<html lang="%s" dir="%s" data-scheme="%s"><head><meta charset="utf-8">'
          .. '<meta name="viewport" content="width=device-width, initial-scale=1"><title>%s%s – %s</title>'
          .. '%s<script src="/assets/app.js" defer></script><link rel="icon" href="/assets/favicon.svg">'
          .. "</head><body data-mb-page=\"%s\">%s</body></html>\n")
    :format(shell.lang, shell.dir, shell.scheme, shell.title_error and "Error: " or "", title, escape(shell.site), links, page,
            table.concat(out))
end

os.execute("mkdir -p " .. folders.quoted(out_dir .. "/assets"))
for i = #chain, 1, -1 do
  for path, bytes in pairs(chain[i].files) do
    local name = path:match("^assets/(.+)$") or not path:find("/") and path:match("^.+%.(%a+)$") ~= "lua" and path
    if name and name ~= "" then write(out_dir .. "/assets/" .. name:gsub("/", "-"), bytes) end
  end
end

write(out_dir .. fixtures.picture.path, fixtures.picture.bytes)
for _, row in ipairs(fixtures.list(contract)) do
  if not fixtures.is_minor(row.case) then
    local model = fixtures.make(contract, row.page, row.case, { scheme = scheme })
    write(("%s/%s.%s.html"):format(out_dir, row.page, row.case), draw(row.page, model))
  end
end
