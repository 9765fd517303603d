-- SPDX-License-Identifier: GPL-3.0-or-later
-- The model's form, sent as an address: the token would stand in logs.
-- wall: FORMS
-- evil: page has method="get"
return function(vm, h)
  vm.form.method = "get"
  return h.form(vm.form)
end
