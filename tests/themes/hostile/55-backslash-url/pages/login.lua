-- SPDX-License-Identifier: GPL-3.0-or-later
-- Browsers read a backslash as a slash.
-- wall: URLS MARKUP
-- evil: page has evil.example
return function(vm, h)
  return h.a{href = "/\\evil.example/", "press me"}
end
