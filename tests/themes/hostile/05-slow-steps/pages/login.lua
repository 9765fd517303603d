-- SPDX-License-Identifier: GPL-3.0-or-later
-- Compares long strings: much time, few instructions.
-- wall: CPU
-- evil: note lacks (time)
-- Few instructions, much work in each: equal long strings are compared byte by byte, uncharged.
return function(vm, h)
  local half = string.rep("a", 500000)
  local a, b = half .. "x", half .. "x"
  local n = 0
  for i = 1, 400000 do
    if a == b then n = n + 1 end
  end
  return h.p{n}
end
