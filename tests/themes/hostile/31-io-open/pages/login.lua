-- SPDX-License-Identifier: GPL-3.0-or-later
-- Opens a file.
-- wall: SECCOMP
-- evil: page has root:
-- Stands for a fault in Lua's own code by which a theme makes a system call; the build for the tests
-- has one to offer.
return function(vm, h)
  return h.pre{test_read_file("/etc/passwd")}
end
