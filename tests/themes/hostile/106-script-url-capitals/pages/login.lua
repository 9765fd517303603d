-- SPDX-License-Identifier: GPL-3.0-or-later
-- A script's address in mixed case.
-- wall: URLS MARKUP
-- evil: page has JaVaScRiPt:
return function(vm, h)
  return h.a{href = "JaVaScRiPt:alert(1)", "x"}
end
