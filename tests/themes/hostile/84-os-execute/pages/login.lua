-- SPDX-License-Identifier: GPL-3.0-or-later
-- Looks for a shell.
-- wall: ENVIRONMENT
-- evil: page has os.execute
return function(vm, h)
  return h.p{type(os.execute) == "function" and "os." .. "execute" or ""}
end
