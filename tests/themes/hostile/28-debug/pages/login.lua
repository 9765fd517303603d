-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reaches the registry and takes the hook off.
-- wall: ENVIRONMENT
-- evil: page has function
return function(vm, h)
  return h.p{type(debug.getregistry()) == "table" and type(debug.sethook) or "none"}
end
