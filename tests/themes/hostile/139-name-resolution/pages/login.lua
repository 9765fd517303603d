-- SPDX-License-Identifier: GPL-3.0-or-later
-- The page is told to a name server: no policy is asked for that.
-- wall: MARKUP
-- evil: page has dns-prefetch
return function(vm, h)
  test_page("<!doctype html><link rel=\"dns-prefetch\" href=\"//told.evil.example\">")
  return h.p{"x"}
end
