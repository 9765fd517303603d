-- SPDX-License-Identifier: GPL-3.0-or-later
-- A secret in a tool tip, by a forged reply.
-- wall: SLOTS
-- evil: page has title="TOKEN
return function(vm, h)
  test_slot('title="', h.shell.token)
  return h.p{title = "x", "x"}
end
