-- SPDX-License-Identifier: GPL-3.0-or-later
-- Attributes inside the name of an element.
-- wall: ELEMENTS
-- evil: page has <img src=x onerror
return function(vm, h)
  local node = h.p{}
  node[0] = "img src=x onerror=alert(1)"
  return node
end
