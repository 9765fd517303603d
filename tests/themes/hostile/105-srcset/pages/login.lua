-- SPDX-License-Identifier: GPL-3.0-or-later
-- A foreign picture by another attribute.
-- wall: ATTRIBUTES
-- evil: page has srcset=
return function(vm, h)
  return h.img{src = "/x.png", alt = "", srcset = "https://evil.example/x.png"}
end
