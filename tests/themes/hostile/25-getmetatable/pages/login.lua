-- SPDX-License-Identifier: GPL-3.0-or-later
-- Changes the methods of all strings.
-- wall: ENVIRONMENT
-- evil: page has changed for all
return function(vm, h)
  getmetatable("").__index.upper = function() return "changed for all" end
  return h.p{("x"):upper()}
end
