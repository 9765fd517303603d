-- SPDX-License-Identifier: GPL-3.0-or-later
-- Short coroutines dodge the count.
-- wall: ENVIRONMENT
-- evil: page has dodged
return function(vm, h)
  for i = 1, 10 do coroutine.wrap(function() for k = 1, 900 do end end)() end
  return h.p{"dodged"}
end
