-- SPDX-License-Identifier: GPL-3.0-or-later
-- A plug-in's element.
-- wall: ELEMENTS MARKUP
-- evil: page has <object
return function(vm, h)
  return h.object{data = "/x", "x"}
end
