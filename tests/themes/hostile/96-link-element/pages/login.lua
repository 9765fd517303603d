-- SPDX-License-Identifier: GPL-3.0-or-later
-- A style sheet of its own.
-- wall: ELEMENTS
-- evil: page has <link>forged
return function(vm, h)
  return h.link{"forged"}
end
