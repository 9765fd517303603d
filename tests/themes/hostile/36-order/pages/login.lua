-- SPDX-License-Identifier: GPL-3.0-or-later
-- The order of a table differs from process to process.
-- wall: ORDER
-- evil: differs
return function(vm, h)
  local t, list = {}, {}
  for i = 1, 60 do t["key" .. i * 7919] = i end
  for k in pairs(t) do list[#list + 1] = k .. " " end
  return h.p(list)
end
