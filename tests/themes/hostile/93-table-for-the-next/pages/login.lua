-- SPDX-License-Identifier: GPL-3.0-or-later
-- Leaves a word in a library's table.
-- wall: FRESH_STATE
-- evil: second has left by the first
return function(vm, h)
  if math.left then return h.p{"left by the first"} end
  math.left = true
  error("nothing to see yet")
end
