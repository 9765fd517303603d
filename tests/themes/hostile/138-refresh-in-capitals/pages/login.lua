-- SPDX-License-Identifier: GPL-3.0-or-later
-- The same by letters that a browser reads as well.
-- wall: MARKUP
-- evil: page has <META
return function(vm, h)
  test_page("<p>x</p><META HTTP-EQUIV=refresh CONTENT=0;url=//evil.example/>")
  return h.p{"x"}
end
