-- SPDX-License-Identifier: GPL-3.0-or-later
-- Leads away by meta.
-- wall: ELEMENTS MARKUP
-- evil: page has http-equiv
return function(vm, h)
  return h.meta{["http-equiv"] = "refresh", content = "0;url=https://evil.example/"}
end
