-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keeps a closure for every step.
-- wall: MEMORY
-- evil: page has 300000
return function(vm, h)
  local kept = {}
  for i = 1, 300000 do kept[i] = function() return i end end
  return h.p{#kept}
end
