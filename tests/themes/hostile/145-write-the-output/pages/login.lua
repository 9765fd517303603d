-- SPDX-License-Identifier: GPL-3.0-or-later
-- Writes where the server does.
-- wall: SECCOMP
-- evil: page has written
return function(vm, h)
  return h.p{test_write_output() and "written" or ""}
end
