-- SPDX-License-Identifier: GPL-3.0-or-later
-- Covers the page.
-- wall: ATTRIBUTES
-- evil: page has style="
return function(vm, h)
  return h.div{style = "position:fixed;inset:0", "over everything"}
end
