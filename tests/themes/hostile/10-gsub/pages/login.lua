-- SPDX-License-Identifier: GPL-3.0-or-later
-- Patterns by a method of a string.
-- wall: STRING_METATABLE
-- evil: page has replaced
return function(vm, h)
  local s = ("x"):rep(100)
  return h.p{(s:gsub("x+", "replaced"))}
end
