-- SPDX-License-Identifier: GPL-3.0-or-later
-- Patterns by another door.
-- wall: STRING_METATABLE
-- evil: page has matched
return function(vm, h)
  for word in ("matched"):gmatch("%a+") do return h.p{word} end
end
