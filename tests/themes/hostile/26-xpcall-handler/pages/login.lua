-- SPDX-License-Identifier: GPL-3.0-or-later
-- A handler that runs after the stop.
-- wall: ENVIRONMENT
-- evil: page has handled
return function(vm, h)
  local said = "no"
  xpcall(function() error("x") end, function() said = "handled" end)
  return h.p{said}
end
