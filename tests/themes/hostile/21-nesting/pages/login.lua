-- SPDX-License-Identifier: GPL-3.0-or-later
-- Nested deeper than browsers like.
-- wall: DEPTH
-- evil: page has bottom
return function(vm, h)
  local node = h.b{"bottom"}
  for i = 1, 150 do node = h.div{node} end
  return node
end
