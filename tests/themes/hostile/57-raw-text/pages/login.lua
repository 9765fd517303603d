-- SPDX-License-Identifier: GPL-3.0-or-later
-- Markup as text.
-- wall: ESCAPE
-- evil: page has <script>alert
-- With the wall the text is printed harmlessly, by this very theme.
return function(vm, h)
  return h.p{h.text("<script>alert(1)</script>")}
end
