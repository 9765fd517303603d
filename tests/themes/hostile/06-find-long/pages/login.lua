-- SPDX-License-Identifier: GPL-3.0-or-later
-- Searches a long text over and over: few instructions, much time.
-- wall: CHARGE
-- evil: note lacks instructions
return function(vm, h)
  local hay = string.rep("a", 900000)
  for i = 1, 100000 do hay:find("b") end
end
