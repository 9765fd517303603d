-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reads the machine's accounts.
-- wall: ENVIRONMENT
-- evil: page has io.open
return function(vm, h)
  return h.p{type(io.open) == "function" and "io." .. "open" or ""}
end
