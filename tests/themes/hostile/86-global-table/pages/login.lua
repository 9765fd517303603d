-- SPDX-License-Identifier: GPL-3.0-or-later
-- Looks through the table of all names for what was forgotten.
-- wall: ENVIRONMENT
-- evil: page has dofile
return function(vm, h)
  local found = {}
  for name in pairs(_G) do found[#found + 1] = name end
  return h.p{table.concat(found, " ")}
end
