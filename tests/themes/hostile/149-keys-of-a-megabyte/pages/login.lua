-- SPDX-License-Identifier: GPL-3.0-or-later
-- One instruction hashes a megabyte: few of them pass between two looks at the clock.
-- wall: CPU DEADLINE
-- evil: page has done
return function(vm, h)
  local long = ("x"):rep(1000000)
  for i = 1, 1000 do
    local t = {}
    t[long .. i] = true
  end
  return h.p{"done"}
end
