-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keeps what one reader saw for the next one.
-- wall: FRESH_STATE
-- evil: second has left by the first
return function(vm, h)
  if seen then return h.p{"left by the first: " .. seen} end
  seen = vm.form.fields[1].value
  error("nothing to see yet")
end
