-- SPDX-License-Identifier: GPL-3.0-or-later
-- Goes past what a table says of itself.
-- wall: ENVIRONMENT
-- evil: page has past
return function(vm, h)
  return h.p{rawlen({ 1, 2 }) == 2 and rawequal(1, 1) and "past" or ""}
end
