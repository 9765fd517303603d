-- SPDX-License-Identifier: GPL-3.0-or-later
-- A log-in page elsewhere.
-- wall: URLS MARKUP
-- evil: page has https://evil
return function(vm, h)
  return h.a{href = "https://evil.example/login", "Sign in"}
end
