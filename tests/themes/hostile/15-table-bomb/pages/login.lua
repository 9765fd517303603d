-- SPDX-License-Identifier: GPL-3.0-or-later
-- Four hundred thousand tables.
-- wall: MEMORY
-- evil: page has 400000
return function(vm, h)
  local t = {}
  for i = 1, 400000 do t[i] = { i } end
  return h.p{#t}
end
