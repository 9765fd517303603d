-- SPDX-License-Identifier: GPL-3.0-or-later
-- Cuts a template into HTML text, {{ prints }}, {% tags %} and {# comments #}, and the code inside
-- them into tokens. Each piece and token carries `at`, its byte offset in the file.
--   { kind = "text", text =, at = }   { kind = "print" | "tag", tokens =, at = }
--   { kind = "comment", text =, at = }
-- A token: { type = "name" | "string" | "int" | "op" | "end", value =, at = }.

local M = {}

local find, sub = string.find, string.sub

local escapes = { n = "\n", t = "\t", ["\\"] = "\\", ['"'] = '"', ["'"] = "'" }
local operators = { ["=="] = 1, ["~="] = 1, ["!="] = 1, ["<="] = 1, [">="] = 1, [".."] = 1, ["//"] = 1,
                    ["&&"] = 1, ["||"] = 1 }

local function string_token(source, at)
  local quote = sub(source, at, at)
  local parts, from = {}, at + 1
  while true do
    local stop = find(source, "[\\\n" .. quote .. "]", from)
    if not stop or sub(source, stop, stop) == "\n" then return nil, "this string is not closed", at end
    parts[#parts + 1] = sub(source, from, stop - 1)
    if sub(source, stop, stop) == quote then
      return { type = "string", value = table.concat(parts), at = at }, stop + 1
    end
    local meant = escapes[sub(source, stop + 1, stop + 1)]
    if not meant then return nil, "no such escape in a string: \\" .. sub(source, stop + 1, stop + 1), stop end
    parts[#parts + 1] = meant
    from = stop + 2
  end
end

-- Tokens from `at` up to `closer` ("}}" or "%}"; nil reads to the end of the source), and the
-- offset behind it. Or nil, message, offset.
function M.code(source, at, closer)
  local tokens, opened = {}, at
  while true do
    at = find(source, "%S", at) or #source + 1
    if closer and sub(source, at, at + 1) == closer or not closer and at > #source then
      tokens[#tokens + 1] = { type = "end", value = closer or "end of file", at = at }
      return tokens, at + 2
    end
    if at > #source then return nil, "'" .. closer .. "' is missing", opened - 2 end
    local _, stop = find(source, "^[%a_][%w_]*", at)
    local c = sub(source, at, at)
    if stop then
      tokens[#tokens + 1] = { type = "name", value = sub(source, at, stop), at = at }
      at = stop + 1
    elseif c == '"' or c == "'" then
      local token, next_at, wrong_at = string_token(source, at)
      if not token then return nil, next_at, wrong_at end
      tokens[#tokens + 1], at = token, next_at
    elseif find(c, "%d") then
      _, stop = find(source, "^%d+", at)
      if stop - at > 17 or find(source, "^[%a_]", stop + 1) or find(source, "^%.%d", stop + 1) then
        return nil, "numbers are whole, with up to 18 digits", at
      end
      tokens[#tokens + 1] = { type = "int", value = math.tointeger(sub(source, at, stop)), at = at }
      at = stop + 1
    else
      local two = sub(source, at, at + 1)
      local op = operators[two] and two or c
      if not find(op, "^[%.%(%)%[%]?,|=<>+*/%%#{};:~!&-]") then
        return nil, "'" .. op .. "' means nothing here", at
      end
      tokens[#tokens + 1] = { type = "op", value = op, at = at }
      at = at + #op
    end
  end
end

local closers = { ["{{"] = "}}", ["{%"] = "%}", ["{#"] = "#}" }

-- The pieces of a template. A piece that cannot be read is reported and left out.
function M.pieces(source, report)
  local pieces, at = {}, 1
  while at <= #source do
    local open = find(source, "{[{%%#]", at) or #source + 1
    if open > at then pieces[#pieces + 1] = { kind = "text", text = sub(source, at, open - 1), at = at } end
    if open > #source then break end
    local opener = sub(source, open, open + 1)
    if opener == "{#" then
      local stop = find(source, "#}", open + 2, true)
      if not stop then report(open, "'#}' is missing") break end
      pieces[#pieces + 1] = { kind = "comment", text = sub(source, open + 2, stop - 1), at = open }
      at = stop + 2
    else
      local tokens, after, wrong_at = M.code(source, open + 2, closers[opener])
      if tokens then
        pieces[#pieces + 1] = { kind = opener == "{{" and "print" or "tag", tokens = tokens, at = open }
        at = after
      else
        report(wrong_at, after)
        local stop = find(source, closers[opener], open + 2, true)
        if not stop then break end
        pieces[#pieces + 1] = { kind = "bad", at = open }
        at = stop + 2
      end
    end
  end
  return pieces
end

return M
