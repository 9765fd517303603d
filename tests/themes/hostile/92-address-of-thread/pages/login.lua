-- SPDX-License-Identifier: GPL-3.0-or-later
-- An address of a function, part by part.
-- wall: TOSTRING
-- evil: page has 0x
return function(vm, h)
  return h.p{("%s %s"):format(pairs, {})}
end
