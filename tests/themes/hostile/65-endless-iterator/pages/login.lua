-- SPDX-License-Identifier: GPL-3.0-or-later
-- A loop over an iterator that never ends.
-- wall: BUDGET
-- evil: note lacks instructions
return function(vm, h)
  for i in function(_, n) return (n or 0) + 1 end do end
end
