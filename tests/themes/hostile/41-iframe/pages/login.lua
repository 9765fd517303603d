-- SPDX-License-Identifier: GPL-3.0-or-later
-- A frame.
-- wall: ELEMENTS MARKUP
-- evil: page has <iframe
return function(vm, h)
  return h.iframe{src = "/me/password"}
end
