-- SPDX-License-Identifier: GPL-3.0-or-later
-- Prints an address by format.
-- wall: TOSTRING
-- evil: page has function: 0x
return function(vm, h)
  return h.p{string.format("%s", h.text) .. string.format("%20s", function() end)}
end
