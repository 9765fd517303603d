-- SPDX-License-Identifier: GPL-3.0-or-later
-- Compares two long texts in C, a million times.
-- wall: CHARGE
-- evil: note lacks instructions
return function(vm, h)
  local a, t = ("a"):rep(900000), {}
  local b = a .. "b"
  for i = 1, 30000 do t[i] = i % 2 == 0 and a or b end
  table.sort(t)
  return "sorted"
end
