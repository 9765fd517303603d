-- SPDX-License-Identifier: GPL-3.0-or-later
-- Recursion: the stack is the memory.
-- wall: MEMORY
-- evil: page has 90000
local function down(n)
  if n == 0 then return 0 end
  return 1 + down(n - 1)
end
return function(vm, h)
  return h.p{down(90000)}
end
