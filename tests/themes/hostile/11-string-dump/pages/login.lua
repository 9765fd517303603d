-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reaches string.dump by a method of a string.
-- wall: STRING_METATABLE
-- evil: page has bytes of code
return function(vm, h)
  local code = ("").dump(function() return 1 end)
  return h.p{"bytes of code"}
end
