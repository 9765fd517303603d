-- SPDX-License-Identifier: GPL-3.0-or-later
-- Swallows the stop and goes on.
-- wall: PCALL
-- evil: note lacks instructions
-- Each time the budget is spent, the error is swallowed and the loop goes on.
local function spin() while true do end end
return function(vm, h)
  while true do pcall(spin) end
end
