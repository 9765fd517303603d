-- SPDX-License-Identifier: GPL-3.0-or-later
-- Breaks out of an attribute.
-- wall: ESCAPE
-- evil: page has "><script>
return function(vm, h)
  return h.p{title = "\"><script>alert(1)</script>", "x"}
end
