-- SPDX-License-Identifier: GPL-3.0-or-later
-- Copies a long text in C, over and over.
-- wall: CHARGE
-- evil: note lacks instructions
return function(vm, h)
  local s = string.rep("a", 900000)
  for i = 1, 1000000 do
    local t = s:upper()
  end
end
