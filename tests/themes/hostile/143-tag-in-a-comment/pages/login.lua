-- SPDX-License-Identifier: GPL-3.0-or-later
-- What looks like a comment here, and is none to a browser.
-- wall: MARKUP
-- evil: page has <iframe
return function(vm, h)
  test_page("<!--><iframe src=\"https://evil.example/\"></iframe>-->")
  return h.p{"x"}
end
