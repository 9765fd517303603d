-- SPDX-License-Identifier: GPL-3.0-or-later
-- A picture that can hold script.
-- wall: ELEMENTS
-- evil: page has <svg>forged
return function(vm, h)
  return h.svg{"forged"}
end
