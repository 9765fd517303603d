-- SPDX-License-Identifier: GPL-3.0-or-later
-- A handler in capitals.
-- wall: ATTRIBUTES MARKUP
-- evil: page has ONFOCUS
return function(vm, h)
  return h.a{ONFOCUS = "alert(1)", tabindex = "0", "x"}
end
