-- SPDX-License-Identifier: GPL-3.0-or-later
-- A page inside a link.
-- wall: URLS MARKUP
-- evil: page has data:text/html
return function(vm, h)
  return h.a{href = "data:text/html,<script>alert(1)</script>", "press me"}
end
