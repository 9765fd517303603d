-- SPDX-License-Identifier: GPL-3.0-or-later
-- Another language.
-- wall: URLS MARKUP
-- evil: page has vbscript:
return function(vm, h)
  return h.a{href = "vbscript:msgbox(1)", "x"}
end
