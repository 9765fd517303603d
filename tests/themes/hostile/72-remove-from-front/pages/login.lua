-- SPDX-License-Identifier: GPL-3.0-or-later
-- Takes the first of many from the front of a list, which moves all others each time.
-- wall: CHARGE CPU
-- evil: note lacks ran too long
return function(vm, h)
  local list = {}
  for i = 1, 20000 do list[i] = i end
  while true do table.insert(list, 1, 0) table.remove(list, 1) end
end
