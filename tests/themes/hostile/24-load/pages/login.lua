-- SPDX-License-Identifier: GPL-3.0-or-later
-- Makes code at run time.
-- wall: ENVIRONMENT
-- evil: page has loaded
return function(vm, h)
  return h.p{load("return 'loaded'")()}
end
