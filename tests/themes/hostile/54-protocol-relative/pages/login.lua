-- SPDX-License-Identifier: GPL-3.0-or-later
-- Leads away without a scheme.
-- wall: URLS MARKUP
-- evil: page has href="//evil
return function(vm, h)
  return h.a{href = "//evil.example/", "press me"}
end
