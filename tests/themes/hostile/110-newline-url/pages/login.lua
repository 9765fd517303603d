-- SPDX-License-Identifier: GPL-3.0-or-later
-- Another server behind a line end.
-- wall: URLS MARKUP
-- evil: page has evil.example
return function(vm, h)
  return h.a{href = "/\n/evil.example/", "x"}
end
