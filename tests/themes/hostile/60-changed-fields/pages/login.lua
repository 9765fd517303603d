-- SPDX-License-Identifier: GPL-3.0-or-later
-- Other fields in a form of the model.
-- wall: FORMS
-- evil: page has name="role"
return function(vm, h)
  vm.form.fields[1].name = "role"
  vm.form.fields[1].value = "super"
  return h.form(vm.form)
end
