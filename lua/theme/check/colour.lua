-- SPDX-License-Identifier: GPL-3.0-or-later
-- CSS colours and how well one is read on another (WCAG 2.2, relative luminance and contrast ratio). A colour is
-- { r, g, b } in linear light from 0 to 1; read gives nil for what it does not know.

local M = {}

local named = { white = "#fff", black = "#000", silver = "#c0c0c0", gray = "#808080", grey = "#808080", red = "#f00",
                maroon = "#800000", yellow = "#ff0", olive = "#808000", lime = "#0f0", green = "#008000", aqua = "#0ff",
                teal = "#008080", blue = "#00f", navy = "#000080", fuchsia = "#f0f", purple = "#800080", orange = "#ffa500" }

local function linear(c) return c <= 0.04045 and c / 12.92 or ((c + 0.055) / 1.055) ^ 2.4 end
local function clamp(c) return math.max(0, math.min(1, c)) end

local function from_hex(digits)
  if #digits == 3 or #digits == 4 then digits = digits:gsub("%x", "%0%0") end
  if #digits ~= 6 and not (#digits == 8 and digits:sub(7):lower() == "ff") then return nil end
  local made = {}
  for i = 1, 3 do made[i] = linear(tonumber(digits:sub(2 * i - 1, 2 * i), 16) / 255) end
  return made
end

-- The numbers between the brackets; a percentage is of `whole`.
local function numbers(inside, wholes)
  local made = {}
  for number, unit in inside:gsub("/.*$", ""):gmatch("(%-?%d*%.?%d+)([%%%a]*)") do
    local whole = wholes[#made + 1]
    made[#made + 1] = unit == "%" and tonumber(number) / 100 * (whole or 1) or tonumber(number)
  end
  return made
end

local function from_hsl(n)
  local h, s, l = n[1] % 360, clamp(n[2]), clamp(n[3])
  local made = {}
  for i, k in ipairs { 0, 8, 4 } do
    local at = (k + h / 30) % 12
    made[i] = linear(clamp(l - s * math.min(l, 1 - l) * math.max(-1, math.min(at - 3, 9 - at, 1))))
  end
  return made
end

-- The matrices are those of CSS Color 4, section 10 and its sample code.
local function from_oklch(n)
  local angle = math.rad(n[3] or 0)
  local L, a, b = n[1], n[2] * math.cos(angle), n[2] * math.sin(angle)
  local l = (L + 0.3963377774 * a + 0.2158037573 * b) ^ 3
  local m = (L - 0.1055613458 * a - 0.0638541728 * b) ^ 3
  local s = (L - 0.0894841775 * a - 1.2914855480 * b) ^ 3
  return { clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
           clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
           clamp(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s) }
end

local functions = {
  rgb = function(inside)
    local n = numbers(inside, { 255, 255, 255 })
    if #n < 3 then return nil end
    return { linear(clamp(n[1] / 255)), linear(clamp(n[2] / 255)), linear(clamp(n[3] / 255)) }
  end,
  hsl = function(inside)
    local n = numbers(inside, { 360, 1, 1 })
    return #n >= 3 and from_hsl(n) or nil
  end,
  oklch = function(inside)
    local n = numbers(inside, { 1, 0.4, 360 })
    return #n >= 3 and from_oklch(n) or nil
  end,
}
functions.rgba, functions.hsla = functions.rgb, functions.hsl

function M.read(text)
  text = named[text:lower()] or text
  local digits = text:match("^#(%x+)$")
  if digits then return from_hex(digits) end
  local name, inside = text:match("^(%a+)%((.*)%)$")
  if not functions[name] or inside:find("/", 1, true) and not inside:find("/%s*1%s*$") then return nil end
  return functions[name](inside)
end

local function luminance(c) return 0.2126 * c[1] + 0.7152 * c[2] + 0.0722 * c[3] end

function M.contrast(one, other)
  local a, b = luminance(one), luminance(other)
  if a < b then a, b = b, a end
  return (a + 0.05) / (b + 0.05)
end

return M
