-- SPDX-License-Identifier: GPL-3.0-or-later
-- Stays inside C, where no hook looks.
-- wall: DEADLINE
-- evil: page has at last
-- Needs a fault of Lua's own to stay in C for long; the build for the tests has one to offer.
return function(vm, h)
  test_linger(2500)
  return h.p{"at last"}
end
