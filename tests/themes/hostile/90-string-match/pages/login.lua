-- SPDX-License-Identifier: GPL-3.0-or-later
-- A pattern with a back reference.
-- wall: STRING_METATABLE
-- evil: page has twice
return function(vm, h)
  return h.p{("twicetwice"):match("(%a+)%1")}
end
