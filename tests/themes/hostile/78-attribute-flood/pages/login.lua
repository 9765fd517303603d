-- SPDX-License-Identifier: GPL-3.0-or-later
-- Two megabytes in one attribute.
-- wall: OUTPUT
-- evil: size over 2100000
return function(vm, h)
  local long = string.rep("x", 900000)
  return h.div{h.p{title = long, "a"}, h.p{title = long, "b"}, h.p{title = long, "c"}}
end
