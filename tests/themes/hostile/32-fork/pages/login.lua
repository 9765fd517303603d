-- SPDX-License-Identifier: GPL-3.0-or-later
-- Makes a process.
-- wall: SECCOMP
-- evil: page has a child
return function(vm, h)
  return h.p{test_fork() and "a child" or ""}
end
