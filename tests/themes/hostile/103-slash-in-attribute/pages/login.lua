-- SPDX-License-Identifier: GPL-3.0-or-later
-- A handler behind a slash.
-- wall: ATTRIBUTES
-- evil: page has onfocus
return function(vm, h)
  return h.p{["title/onfocus"] = "alert(1)", "x"}
end
