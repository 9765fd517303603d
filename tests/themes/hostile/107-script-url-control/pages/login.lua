-- SPDX-License-Identifier: GPL-3.0-or-later
-- The same behind a control character.
-- wall: URLS MARKUP
-- evil: page has script:
return function(vm, h)
  return h.a{href = "\1javascript:alert(1)", "x"}
end
