-- SPDX-License-Identifier: GPL-3.0-or-later
-- Has a big table sorted by its keys over and over.
-- wall: CHARGE
-- evil: note lacks instructions
return function(vm, h)
  local big = {}
  for i = 1, 8000 do big["k" .. i] = i end
  while true do for k in pairs(big) do break end end
end
