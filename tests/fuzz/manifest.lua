-- SPDX-License-Identifier: GPL-3.0-or-later
-- For fuzz_manifest: theme.lua of a theme and of what it extends. Gives function(array of texts), which gives the
-- bytes of a WIRE_FACTS, or nil and a sentence.

local facts = require "theme.facts"
local manifest = require "theme.manifest"
local mistakes = require "theme.mistakes"

local function report(_, kind, ...)
  assert(mistakes.kinds[kind], kind)
  assert(type(select(3, mistakes.tell(kind, ...))) == "string")
end

return function(texts)
  local sources = {}
  for i, text in ipairs(texts) do
    sources[i] = { name = "theme" .. i, text = text }
    local made = manifest.read(text, report)
    assert(made == nil or type(made.name) == "string")
  end
  local bytes, why = facts.read(sources)
  assert(bytes or type(why) == "string")
  return bytes
end
