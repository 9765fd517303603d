-- SPDX-License-Identifier: GPL-3.0-or-later
-- The token in a class, where a style could read it.
-- wall: SECRETS SLOTS
-- evil: page has class="TOKEN
return function(vm, h)
  return h.p{class = h.shell.token, "x"}
end
