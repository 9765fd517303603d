-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reads bytes as numbers.
-- wall: STRING_METATABLE
-- evil: page has packed
return function(vm, h)
  return h.p{("<i4"):pack(1) ~= nil and "packed" or ""}
end
