-- SPDX-License-Identifier: GPL-3.0-or-later
-- An address out of an error's text.
-- wall: TOSTRING
-- evil: page has 0x
return function(vm, h)
  local _, why = pcall(error, tostring(h.p))
  return h.p{why}
end
