-- SPDX-License-Identifier: GPL-3.0-or-later
-- An allowed element renamed.
-- wall: ELEMENTS
-- evil: page has <script>
return function(vm, h)
  local node = h.p{"alert(1)"}
  node[0] = "script"
  return node
end
