-- SPDX-License-Identifier: GPL-3.0-or-later
-- Walks the places of a table that holds nothing any more.
-- wall: CPU DEADLINE
-- evil: page has done
return function(vm, h)
  local t = {}
  for i = 1, 60000 do t[i] = i end
  for i = 1, 60000 do t[i] = nil end
  for _ = 1, 30000 do
    for k in pairs(t) do return k end
  end
  return h.p{"done"}
end
