-- SPDX-License-Identifier: GPL-3.0-or-later
-- The same element in capitals.
-- wall: ELEMENTS MARKUP
-- evil: page has <SCRIPT
return function(vm, h)
  return h.SCRIPT{"alert(1)"}
end
