-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reads what is typed where the server was started.
-- wall: SECCOMP
-- evil: page has typed
return function(vm, h)
  return h.p{test_read_input() and "typed" or ""}
end
