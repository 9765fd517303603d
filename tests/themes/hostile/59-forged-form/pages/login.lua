-- SPDX-License-Identifier: GPL-3.0-or-later
-- A form of its own making, with the token in it.
-- wall: FORMS
-- evil: page has name="delete"
return function(vm, h)
  return h.form{ action = "/domains/example.org/delete", method = "post", submit = "Sign in",
                 fields = { { name = "delete", label = "", type = "hidden", value = "example.org" } } }
end
