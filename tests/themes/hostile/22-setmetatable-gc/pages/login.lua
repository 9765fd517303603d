-- SPDX-License-Identifier: GPL-3.0-or-later
-- A finaliser runs where no hook looks.
-- wall: ENVIRONMENT
-- evil: page has collected
local said = "not"
return function(vm, h)
  setmetatable({}, { __gc = function() said = "collected" end })
  collectgarbage()
  return h.p{said}
end
