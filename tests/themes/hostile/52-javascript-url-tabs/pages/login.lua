-- SPDX-License-Identifier: GPL-3.0-or-later
-- The same with a tab inside, which browsers drop.
-- wall: URLS MARKUP
-- evil: page has script:
return function(vm, h)
  return h.a{href = "java\tscript:alert(1)", "press me"}
end
