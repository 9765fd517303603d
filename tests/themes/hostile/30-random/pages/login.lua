-- SPDX-License-Identifier: GPL-3.0-or-later
-- A page that differs each time.
-- wall: ENVIRONMENT
-- evil: page has chance
return function(vm, h)
  return h.p{math.random(1, 6) > 0 and "chance" or ""}
end
