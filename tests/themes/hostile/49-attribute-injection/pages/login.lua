-- SPDX-License-Identifier: GPL-3.0-or-later
-- An attribute inside the name of another.
-- wall: ATTRIBUTES
-- evil: page has onload
return function(vm, h)
  return h.p{["class=x onload"] = "alert(1)", "x"}
end
