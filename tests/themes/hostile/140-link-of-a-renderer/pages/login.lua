-- SPDX-License-Identifier: GPL-3.0-or-later
-- A link over the whole page, to elsewhere, by a renderer that was taken over.
-- wall: MARKUP
-- evil: page has /&#47;evil
return function(vm, h)
  test_page("<a class=\"skip\" href=\"/\">x</a><a title=\"y\" href=\"/&#47;evil.example/?all\"><p>Next</p></a>")
  return h.p{"x"}
end
