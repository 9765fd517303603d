-- SPDX-License-Identifier: GPL-3.0-or-later
-- A list in a list in a list.
-- wall: DEPTH
-- evil: page has bottom
return function(vm, h)
  local node = h.li{"bottom"}
  for i = 1, 3000 do node = h.li{h.ul{node}} end
  return h.ul{node}
end
