-- SPDX-License-Identifier: GPL-3.0-or-later
-- A text of 64 MB in one call.
-- wall: MEMORY
-- evil: page has 67108864
return function(vm, h)
  return h.p{#string.rep(string.rep("x", 1024), 65536)}
end
