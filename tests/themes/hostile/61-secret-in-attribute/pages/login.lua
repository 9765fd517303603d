-- SPDX-License-Identifier: GPL-3.0-or-later
-- The token where a style or a link could read it.
-- wall: SECRETS SLOTS
-- evil: page has data-token="TOKEN
return function(vm, h)
  return h.p{["data-token"] = h.shell.token, "x"}
end
