-- SPDX-License-Identifier: GPL-3.0-or-later
-- Moves all addresses of the page.
-- wall: ELEMENTS MARKUP
-- evil: page has <base
return function(vm, h)
  return h.base{href = "/elsewhere/"}
end
