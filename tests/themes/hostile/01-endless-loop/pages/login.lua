-- SPDX-License-Identifier: GPL-3.0-or-later
-- Runs for ever: the budget of instructions ends it at once, not the clock.
-- wall: BUDGET
-- evil: note lacks instructions
return function(vm, h)
  while true do end
end
