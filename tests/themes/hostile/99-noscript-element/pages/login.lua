-- SPDX-License-Identifier: GPL-3.0-or-later
-- Another parser inside.
-- wall: ELEMENTS MARKUP
-- evil: page has <noscript
return function(vm, h)
  return h.noscript{"x"}
end
