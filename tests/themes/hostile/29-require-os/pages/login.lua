-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reads a clock.
-- wall: ENVIRONMENT
-- evil: page has clock
return function(vm, h)
  return h.p{os.clock() >= 0 and "clock" or ""}
end
