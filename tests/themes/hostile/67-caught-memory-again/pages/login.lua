-- SPDX-License-Identifier: GPL-3.0-or-later
-- Takes all memory, is refused, says so and goes on as if nothing were.
-- wall: PCALL MEMORY
-- evil: page has as if nothing were
return function(vm, h)
  pcall(function()
    local long = string.rep("x", 1000)
    local kept = {}
    for i = 1, 20 do kept[i] = long:rep(1000 + i) end
  end)
  return h.p{"as if nothing were"}
end
