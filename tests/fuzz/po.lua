-- SPDX-License-Identifier: GPL-3.0-or-later
-- For fuzz_po: what is taken is text that may be shown, and the rule of the plurals is an expression that gives one
-- of its forms. Gives function(a file of translations).

local mistakes = require "theme.mistakes"
local po = require "theme.po"

local function report(_, kind, ...)
  assert(mistakes.kinds[kind], kind)
  assert(type(select(3, mistakes.tell(kind, ...))) == "string")
end

local function check_rule(catalog)
  local rule = assert(load("local n = ... return " .. catalog.rule, "=rule", "t", {}))
  for n = 0, 30 do
    local form = rule(n)
    assert(math.type(form) == "integer" and form >= 0 and form < catalog.forms)
  end
end

return function(source)
  local catalog = po.read(source, report)
  if catalog.rule then check_rule(catalog) end
  for key, entry in pairs(catalog.messages) do
    assert(type(key) == "string" and not entry.fuzzy and not entry.spoilt)
    for form = 0, entry.plural and catalog.forms - 1 or 0 do
      assert(utf8.len(entry[form]) and not entry[form]:gsub("\n", ""):find("%c"))
    end
  end
end
