-- SPDX-License-Identifier: GPL-3.0-or-later
-- Markup in a text that closes what is around it.
-- wall: ESCAPE
-- evil: page has </main><h1>
return function(vm, h)
  return h.p{"</main><h1>forged</h1>"}
end
