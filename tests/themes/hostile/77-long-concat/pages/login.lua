-- SPDX-License-Identifier: GPL-3.0-or-later
-- A chain of .. that makes one big text.
-- wall: MEMORY
-- evil: page has 25165824
return function(vm, h)
  local s = string.rep("x", 1048575) .. "x"
  local t = s .. s .. s .. s .. s .. s
  return h.p{#(t .. t .. t .. t)}
end
