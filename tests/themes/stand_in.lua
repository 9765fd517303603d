-- SPDX-License-Identifier: GPL-3.0-or-later
-- The host's functions in Lua, for tests and previews of templates without the program: what
-- generated code may call, as lua/README.md lists it. Plain, slow, and true to the escapes.

local M = {}

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&#34;", ["'"] = "&#39;" }
local function escape(text) return (text:gsub("[&<>\"']", entities)) end

local function show(v)
  if v == nil then return "" end
  if type(v) == "table" and v.secret then return "[secret " .. v.secret .. "]" end
  if math.type(v) == "integer" then return tostring(v) end
  if type(v) ~= "string" then error("emit: a " .. type(v) .. " cannot be printed", 3) end
  return escape(v)
end

local function json(v)
  if v == nil then return "null" end
  if type(v) ~= "string" then return tostring(v) end
  return '"' .. v:gsub('[%c"\\<>&]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"'
end

local tests = { ["?"] = function(v) return v end, ["!"] = function(v) return not v end,
                ["="] = function(v, w) return v == w end, ["~"] = function(v, w) return v ~= w end,
                ["<"] = function(v, w) return v < w end, [">"] = function(v, w) return v > w end,
                ["("] = function(v, w) return v <= w end, [")"] = function(v, w) return v >= w end }

-- emit() as lua/README.md says, over functions by the letters of their holes. `count` learns how many values there are.
function M.emit(holes, put, count)
  return function(format, ...)
    assert(type(format) == "string", "emit: the format is no string")
    local values, at, go = table.pack(...), 1, nil
    if count then count(values.n) end
    local function value(operand)
      if operand:find('^["#]') then return math.tointeger(operand:match("^#(.*)")) or operand:match('^"(.*)"$') end
      local number, fields = operand:match("^(%d+)(.*)")
      number = tonumber(number)
      assert(number <= values.n, "emit: there is no such value")
      local at = values[number]
      for name in fields:gmatch("[^.]+") do at = at[name] end
      return at
    end
    -- what stands up to the "|" or "." of this branch, written if `on`; what ended it
    function go(on)
      while true do
        local raw, mark = format:match("^(%Z*)%z?(.?)", at)
        at = at + #raw + #mark + 1
        if on then put(raw) end
        if mark == "" or mark == "|" or mark == "." then return mark end
        local operand, other, stop = format:match('^([^;,]+),?([^;]*);()', at)
        assert(operand, "emit: there is no such hole")
        at = stop
        if tests[mark] then
          local holds = on and tests[mark](value(operand), other ~= "" and value(other))
          if go(holds) == "|" then go(on and not holds) end
        elseif on then
          holes[mark](value(operand))
        end
      end
    end
    assert(go(true) == "", "emit: an end without a beginning")
  end
end

function M.emit_each(emit)
  return function(format, list, ...)
    for i = 1, #list do emit(format, list[i], ...) end
  end
end

-- An environment for generated code, and a function that gives what was printed since the last call.
function M.environment(routes)
  local out, most = {}, 0
  local function put(text) out[#out + 1] = text end
  local env = { F = {}, type = type, math = math, error = error, pairs = pairs }
  local holes = { e = function(v) put(show(v)) end, r = put }
  env.emit = M.emit(holes, put, function(n) most = math.max(most, n) end)
  env.emit_each = M.emit_each(env.emit)
  function holes.u(v)
    local scheme = v:match("^([%w+.-]+):")
    local fine = not v:find("[%c\\]") and v:sub(1, 2) ~= "//"
                 and (not scheme or scheme == "http" or scheme == "https" or scheme == "mailto")
    put(fine and escape(v) or "#")
  end
  function env.div(n, m) return n // m end
  function env.mod(n, m) return n % m end
  function env.emit_json(v) put(json(v)) end
  function env.route(name, record)
    return (routes[name].pattern:gsub("{(%w+)}", function(field) return tostring(record[field] or record.id) end))
  end
  function env.kind_of(v)
    return type(v) == "table" and (v.secret and "secret" or v.seconds and "time") or type(v)
  end
  function env.kind_of(v)
    return type(v) == "table" and (v.secret and "secret" or v.seconds and "time") or type(v)
  end
  function env.asset(name) return "/assets/base/" .. name end
  function holes.c(name) put('<svg class="icon" aria-hidden="true"><use href="/assets/base/icons.svg#' .. escape(name) .. '"/></svg>') end
  function env.guard(fn, other, name, ...)
    local mark = #out
    local ok = pcall(fn, ...)
    if ok then return end
    for i = #out, mark + 1, -1 do out[i] = nil end
    env.fell_back = name
    other(...)
  end
  function holes.f(form)
    local token = form.method == "get" and "" or '<input type="hidden" name="token" value="[secret 0]">'
    put(('<form method="%s" action="%s"%s>%s'):format(form.method or "post", escape(form.action or form.url),
        form.id == "bulk" and ' id="bulk"' or "", token))
  end
  function env.plural(i, n, ...) return (((select(i + 1, ...))):gsub("%%d", tostring(n))) end
  function env.tn(one, many, n) return (((n == 1) and one or many):gsub("%%d", tostring(n))) end
  -- As the host does: the functions of helpers.lua, which see a narrow language and give what they said.
  function env.helper(index, name, kind, ...)
    local made = assert(load(env.helpers[index].text, "=helpers.lua", "t", { string = string, ipairs = ipairs, error = error }))()
    local given = made[name](...)
    local wanted = ({ text = "string", int = "number", bool = "boolean" })[kind:gsub("%?$", "")]
    if type(given) ~= wanted and not (given == nil and kind:find("?", 1, true)) then
      error("helpers." .. name .. " gives a " .. type(given), 0)
    end
    return given
  end
  local F = env.F
  local function filter(f) return function(v, ...) if v == nil then return nil end return f(v, ...) end end
  F.bytes = filter(function(n) return n .. " bytes" end)
  F.number = filter(tostring)
  F.date = filter(function(t, style) return (style or "short") .. " " .. t.seconds end)
  F.relative = filter(function(t) return t.seconds .. " ago" end)
  F.upper, F.lower = filter(string.upper), filter(string.lower)
  F.truncate = filter(function(s, n) return s:sub(1, n) end)
  F.join = filter(function(list, between) return table.concat(list, between or ", ") end)
  for hole, style in pairs { s = "short", l = "long", d = "day", t = "time", i = "iso" } do
    holes[hole] = function(v) put(show(F.date(v, style))) end
  end
  for hole, name in pairs { b = "bytes", n = "number", a = "relative" } do
    holes[hole] = function(v) put(show(F[name](v))) end
  end
  local function taken()
    local text = table.concat(out)
    out = {}
    return text, most
  end
  return env, taken
end

return M
