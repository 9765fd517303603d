-- SPDX-License-Identifier: GPL-3.0-or-later
-- A pcall within a pcall, forty deep.
-- wall: PCALL CHARGE
-- evil: page has forty lives
local function life(n)
  if n == 0 then while true do end end
  pcall(life, n - 1)
  while n % 2 == 1 do break end
end
return function(vm, h)
  life(40)
  return h.p{"forty lives"}
end
