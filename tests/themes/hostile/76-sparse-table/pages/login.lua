-- SPDX-License-Identifier: GPL-3.0-or-later
-- A table whose one part grows by doubling.
-- wall: MEMORY
-- evil: page has sparse
return function(vm, h)
  local list = {}
  for i = 1, 600000 do list[i * 3] = true end
  return h.p{"sparse"}
end
