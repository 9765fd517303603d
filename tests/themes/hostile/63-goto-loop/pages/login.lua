-- SPDX-License-Identifier: GPL-3.0-or-later
-- Goes in circles by goto.
-- wall: BUDGET
-- evil: note lacks instructions
return function(vm, h)
  ::again::
  goto again
end
