-- SPDX-License-Identifier: GPL-3.0-or-later
-- A page inside the page.
-- wall: ATTRIBUTES
-- evil: page has srcdoc
return function(vm, h)
  return h.div{srcdoc = "x", "x"}
end
