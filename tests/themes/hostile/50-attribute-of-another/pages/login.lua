-- SPDX-License-Identifier: GPL-3.0-or-later
-- An attribute that redirects a form.
-- wall: ATTRIBUTES
-- evil: page has formaction
return function(vm, h)
  return h.p{formaction = "/elsewhere", "x"}
end
