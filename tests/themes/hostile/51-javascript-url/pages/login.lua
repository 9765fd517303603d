-- SPDX-License-Identifier: GPL-3.0-or-later
-- Script behind a link.
-- wall: URLS MARKUP
-- evil: page has javascript:
return function(vm, h)
  return h.a{href = "javascript:alert(1)", "press me"}
end
