-- SPDX-License-Identifier: GPL-3.0-or-later
-- A page of four megabytes.
-- wall: OUTPUT
-- evil: size over 2100000
return function(vm, h)
  local line = string.rep("all work and no play ", 1000)
  local list = {}
  for i = 1, 200 do list[i] = h.p{line} end
  return list
end
