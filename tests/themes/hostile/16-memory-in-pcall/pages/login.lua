-- SPDX-License-Identifier: GPL-3.0-or-later
-- Asks again after a refusal.
-- wall: MEMORY
-- evil: page has got it
-- Catches the refusal and asks for less and less until it fits: the refusal is for good.
return function(vm, h)
  local ok, keep, line = false, {}, string.rep("x", 1024)
  for i = 14, 15 do
    ok = pcall(function() keep[#keep + 1] = string.rep(line, 1 << i) end) or ok
  end
  if ok then return h.p{"got it"} end
end
