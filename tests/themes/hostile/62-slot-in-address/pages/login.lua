-- SPDX-License-Identifier: GPL-3.0-or-later
-- A secret put into an address by a forged reply.
-- wall: SLOTS
-- evil: page has href="/?TOKEN
-- Stands for a renderer that was taken over and answers with slots where it likes.
return function(vm, h)
  test_slot('href="/?', h.shell.token)
  return h.a{href = "/?", "x"}
end
