-- SPDX-License-Identifier: GPL-3.0-or-later
-- Stops the collector, so that memory grows for all who come after.
-- wall: ENVIRONMENT
-- evil: page has stopped
return function(vm, h)
  collectgarbage("stop")
  return h.p{"stopped"}
end
