-- SPDX-License-Identifier: GPL-3.0-or-later
-- A handler.
-- wall: ATTRIBUTES
-- evil: page has onclick="
return function(vm, h)
  return h.p{onclick = "alert(1)", "press me"}
end
