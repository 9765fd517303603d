-- SPDX-License-Identifier: GPL-3.0-or-later
-- Makes a text of almost a megabyte over and over: few instructions, much time.
-- wall: CHARGE
-- evil: note lacks instructions
return function(vm, h)
  for i = 1, 10000000 do string.rep("x", 900000) end
end
