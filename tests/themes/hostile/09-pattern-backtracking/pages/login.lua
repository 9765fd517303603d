-- SPDX-License-Identifier: GPL-3.0-or-later
-- One pattern that takes ages, inside C.
-- wall: STRING_METATABLE
-- evil: note lacks nil value
-- One call into a matcher that tries every way: no hook looks there. With the standard methods back
-- in reach of ("") it runs until the worker's clock ends it.
return function(vm, h)
  local s = ("a"):rep(30)
  local p = ("a?"):rep(30) .. ("a"):rep(30) .. "b"
  return h.p{tostring(s:match(p))}
end
