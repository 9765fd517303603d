-- SPDX-License-Identifier: GPL-3.0-or-later
-- Doubles a text 25 times.
-- wall: MEMORY
-- evil: page has 33554432
return function(vm, h)
  local s = "x"
  for i = 1, 25 do s = s .. s end
  return h.p{#s}
end
