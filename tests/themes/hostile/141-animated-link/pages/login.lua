-- SPDX-License-Identifier: GPL-3.0-or-later
-- A link whose address an animation changes.
-- wall: MARKUP
-- evil: page has <set
return function(vm, h)
  test_page("<svg><a href=\"/\"><set attributeName=\"href\" to=\"https://evil.example/\" begin=\"0s\"/></a></svg>")
  return h.p{"x"}
end
