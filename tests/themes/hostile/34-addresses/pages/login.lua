-- SPDX-License-Identifier: GPL-3.0-or-later
-- Prints an address: learns where memory is, and differs each time.
-- wall: TOSTRING
-- evil: page has table: 0x
return function(vm, h)
  return h.p{tostring({})}
end
