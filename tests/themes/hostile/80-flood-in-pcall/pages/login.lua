-- SPDX-License-Identifier: GPL-3.0-or-later
-- Prints too much, is stopped, and prints on.
-- wall: OUTPUT PCALL
-- evil: size over 2100000
return function(vm, h)
  local long, list = string.rep("x", 900000), {}
  for i = 1, 5 do pcall(function() list[i] = h.p{long} end) end
  return h.div(list)
end
