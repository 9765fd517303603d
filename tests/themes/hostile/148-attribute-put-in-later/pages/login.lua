-- SPDX-License-Identifier: GPL-3.0-or-later
-- An attribute that make_element never saw, with a handler behind a blank.
-- wall: ATTRIBUTES
-- evil: page has onclick=
return function(vm, h)
  local node = h.p{"x"}
  node["data-x onclick"] = "alert(1)"
  return node
end
