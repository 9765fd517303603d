-- SPDX-License-Identifier: GPL-3.0-or-later
-- The model's form with another target.
-- wall: FORMS
-- evil: page has action="/domains
return function(vm, h)
  vm.form.action = "/domains"
  return h.form(vm.form)
end
