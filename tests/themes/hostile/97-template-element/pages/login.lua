-- SPDX-License-Identifier: GPL-3.0-or-later
-- Markup out of sight.
-- wall: ELEMENTS MARKUP
-- evil: page has <template
return function(vm, h)
  return h.template{"x"}
end
