-- SPDX-License-Identifier: GPL-3.0-or-later
-- Goes round the host by raw access.
-- wall: ENVIRONMENT
-- evil: page has raw
return function(vm, h)
  rawset(vm, "raw", next({ raw = 1 }))
  return h.p{vm.raw}
end
