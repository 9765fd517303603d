-- SPDX-License-Identifier: GPL-3.0-or-later
-- For fuzz_template: a contract with one field of each kind and a small base, as the compiler's tests have them
-- (tests/themes/compiler_test.lua), so that their cases are seeds. Gives function(files).

function sha256(text) return ("%08x"):format(#text) .. ("0"):rep(56) end   -- the host gives it

local init = require "init"
local site = require "themes.small_site"

local contract = init.contract({ { path = "contract/fuzz.lua", text = site.contract } }, site.routes)

-- A path of base: "base:pages/p.html".
local function part(files)
  local base, child = site.base(), {}
  for path, text in pairs(files) do
    local of_base = path:match("^base:(.+)$")
    if of_base then base[of_base] = text else child[path] = text end
  end
  return base, child
end

return function(files)
  local base, child = part(files)
  local locale = child["po/fr.po"] and "fr" or child["po/de.po"] and "en-XA" or "en"
  local made = init.compile(contract, { { name = "child", files = child }, { name = "base", files = base } },
                            { locale = locale, tags = { en = true, de = true, es = true, fr = true, ["en-XA"] = true },
                              core = function(msgid) return #msgid > 5 and msgid or nil end,
                              pseudo = locale == "en-XA" and function(text) return "[" .. text .. "]" end or nil })
  for _, list in ipairs { made.errors, made.warnings } do
    for _, text in ipairs(list) do assert(type(text) == "string") end
  end
  assert(load(made.code, "=code", "t", {}))
end
