-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sends a signal to its worker.
-- wall: SECCOMP
-- evil: page has the worker is mine
-- Stands for a fault in Lua's own code by which a theme makes a system call; the build for the tests
-- has one to offer.
return function(vm, h)
  return h.p{test_signal_parent() and "the worker is mine" or ""}
end
