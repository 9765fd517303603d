-- SPDX-License-Identifier: GPL-3.0-or-later
-- Cuts a template into HTML text, {{ prints }}, {% tags %} and {# comments #}, and the code inside
-- them into tokens. Each piece and token carries `at`, its byte offset in the file.
--   { kind = "text", text =, at = }   { kind = "print" | "tag", tokens =, at =, past = }
--   { kind = "comment", text =, at = }
-- A token: { type = "name" | "string" | "int" | "op" | "end", value =, at = }.

local M = {}

local find, sub, byte = string.find, string.sub, string.byte

local escapes = { n = "\n", t = "\t", ["\\"] = "\\", ['"'] = '"', ["'"] = "'" }
local operators = { ["=="] = 1, ["~="] = 1, ["!="] = 1, ["<="] = 1, [">="] = 1, [".."] = 1, ["//"] = 1,
                    ["&&"] = 1, ["||"] = 1 }

local function string_token(source, at)
  local quote = sub(source, at, at)
  local parts, from = {}, at + 1
  while true do
    local stop = find(source, "[\\\n" .. quote .. "]", from)
    if not stop or sub(source, stop, stop) == "\n" then return nil, { "string-open" }, at end
    parts[#parts + 1] = sub(source, from, stop - 1)
    if sub(source, stop, stop) == quote then
      return { type = "string", value = table.concat(parts), at = at }, stop + 1
    end
    local meant = escapes[sub(source, stop + 1, stop + 1)]
    if not meant then return nil, { "string-escape", sub(source, stop + 1, stop + 1) }, stop end
    parts[#parts + 1] = meant
    from = stop + 2
  end
end

-- What a token begins with, by its first byte.
local begins = {}
for c in ("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"):gmatch(".") do begins[c:byte()] = "name" end
for c in ("0123456789"):gmatch(".") do begins[c:byte()] = "int" end
for c in (".()[]?,|=<>+*/%#{};:~!&-"):gmatch(".") do begins[c:byte()] = "op" end
begins[34], begins[39] = "string", "string"

local readers = {}

function readers.name(source, at)
  local _, stop = find(source, "^[%w_]+", at)
  return { type = "name", value = sub(source, at, stop), at = at }, stop + 1
end

function readers.int(source, at, decimals)
  local _, stop = find(source, "^%d+", at)
  local _, decimal = find(source, "^%.%d+", stop + 1)
  if decimals and decimal and decimal - at < 16 and not find(source, "^[%w_.]", decimal + 1) then
    return { type = "decimal", value = tonumber(sub(source, at, decimal)), at = at }, decimal + 1
  end
  if stop - at > 17 or find(source, "^[%a_]", stop + 1) or find(source, "^%.%d", stop + 1) then
    return nil, { "number" }, at
  end
  return { type = "int", value = math.tointeger(sub(source, at, stop)), at = at }, stop + 1
end

function readers.op(source, at)
  local op = sub(source, at, at + 1)
  if not operators[op] then op = sub(op, 1, 1) end
  return { type = "op", value = op, at = at }, at + #op
end

readers.string = string_token

-- A sign as a message shows it: what leaves no trace on paper by its number.
function M.shown(sign)
  local code = utf8.len(sign) == 1 and utf8.codepoint(sign) or 0
  local hidden = code < 33 or code >= 0x7F and code <= 0xA0 or code == 0xAD or code >= 0x2000 and code <= 0x200F
                 or code >= 0x2028 and code <= 0x202F or code >= 0x2060 and code <= 0x206F or code == 0x3000 or code == 0xFEFF
  return hidden and ("U+%04X"):format(code) or sign
end

-- Tokens from `at` up to `closer` ("}}" or "%}"; nil reads to the end of the source), and the
-- offset behind it. Or nil, { kind of mistake, ... }, offset. decimals: "4.5" is a token of type "decimal" (manifests).
function M.code(source, at, closer, decimals)
  local tokens, opened, n = {}, at, 0
  while true do
    at = find(source, "%S", at) or #source + 1
    n = n + 1
    if closer and sub(source, at, at + 1) == closer or not closer and at > #source then
      tokens[n] = { type = "end", value = closer or "end of file", at = at }
      return tokens, at + 2
    end
    if at > #source or closer and find(source, "^{[{%%]", at) then return nil, { "closer-missing", closer }, opened - 2 end
    local kind = begins[byte(source, at)]
    if not kind then
      return nil, { "strange-byte", M.shown(source:match("^" .. utf8.charpattern, at) or "?") }, at
    end
    local token, after, wrong_at = readers[kind](source, at, decimals)
    if not token then return nil, after, wrong_at end
    tokens[n], at = token, after
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
      if not stop then report(open, "comment-open") break end
      pieces[#pieces + 1] = { kind = "comment", text = sub(source, open + 2, stop - 1), at = open }
      at = stop + 2
    else
      local tokens, after, wrong_at = M.code(source, open + 2, closers[opener])
      if tokens then
        pieces[#pieces + 1] = { kind = opener == "{{" and "print" or "tag", tokens = tokens, at = open, past = after }
        at = after
      else
        report(wrong_at, table.unpack(after))
        local stop, past
        if after[1] == "closer-missing" then
          stop = find(source, "[<\n]", open + 2)
          past = stop and stop - 1
        else
          stop, past = find(source, "[%%}]}", wrong_at)
        end
        if not stop then break end
        pieces[#pieces + 1] = { kind = "bad", at = open }
        at = past + 1
      end
    end
  end
  return pieces
end

return M
