-- SPDX-License-Identifier: GPL-3.0-or-later
-- Prints its own page after its budget was spent.
-- wall: PCALL CHARGE
-- evil: page has I am still here
return function(vm, h)
  pcall(function() while true do end end)
  return h.p{"I am still here"}
end
