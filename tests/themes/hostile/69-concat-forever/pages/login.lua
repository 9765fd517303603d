-- SPDX-License-Identifier: GPL-3.0-or-later
-- Joins a long list over and over.
-- wall: CHARGE
-- evil: note lacks instructions
return function(vm, h)
  local list = {}
  for i = 1, 900 do list[i] = string.rep("x", 900) end
  while true do table.concat(list) end
end
