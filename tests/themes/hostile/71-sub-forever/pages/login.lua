-- SPDX-License-Identifier: GPL-3.0-or-later
-- Cuts the same long text over and over.
-- wall: CHARGE
-- evil: note lacks instructions
return function(vm, h)
  local long = string.rep("x", 900000)
  while true do local part = long:sub(2) end
end
