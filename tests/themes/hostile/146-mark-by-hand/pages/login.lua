-- SPDX-License-Identifier: GPL-3.0-or-later
-- A form of the theme, marked as what h.form makes.
-- wall: FORMS
-- evil: page has action="https://evil
return function(vm, h)
  return {[0] = "#form", {action = "https://evil.example/", method = "post", fields = {}}}
end
