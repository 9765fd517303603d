-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keeps a hundred thousand texts of its own.
-- wall: MEMORY
-- evil: page has 150000
return function(vm, h)
  local kept, long = {}, string.rep("x", 100)
  for i = 1, 150000 do kept[i] = long .. i end
  return h.p{#kept}
end
