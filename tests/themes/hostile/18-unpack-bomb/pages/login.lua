-- SPDX-License-Identifier: GPL-3.0-or-later
-- Half a million values on the stack.
-- wall: MEMORY
-- evil: page has 480000
return function(vm, h)
  local t = {}
  for i = 1, 60000 do t[i] = i end
  local function many(...)
    return select("#", ...)
  end
  local n = 0
  for i = 1, 8 do n = many(table.unpack(t, 1, 60000 * i)) end
  return h.p{n}
end
