-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sorts in C, over and over.
-- wall: CHARGE
-- evil: note lacks instructions
return function(vm, h)
  local t = {}
  for i = 1, 30000 do t[i] = i end
  for i = 1, 1000000 do table.sort(t) end
end
