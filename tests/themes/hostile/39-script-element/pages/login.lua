-- SPDX-License-Identifier: GPL-3.0-or-later
-- A script element.
-- wall: ELEMENTS
-- evil: page has <script>
return function(vm, h)
  return h.script{"alert(document.cookie)"}
end
