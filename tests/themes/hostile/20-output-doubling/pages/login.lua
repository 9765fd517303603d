-- SPDX-License-Identifier: GPL-3.0-or-later
-- A small tree that prints as a forest.
-- wall: OUTPUT
-- evil: size over 2100000
-- Small in memory: each level holds the one below twice.
return function(vm, h)
  local node = h.b{string.rep("x", 200)}
  for i = 1, 14 do node = { node, node } end
  return node
end
