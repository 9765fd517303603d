-- SPDX-License-Identifier: GPL-3.0-or-later
-- Counts the characters of a long text over and over.
-- wall: CHARGE
-- evil: note lacks instructions
return function(vm, h)
  local long = string.rep("\u{e4}", 400000)
  while true do utf8.len(long) end
end
