-- SPDX-License-Identifier: GPL-3.0-or-later
-- An address that is told of every click.
-- wall: ATTRIBUTES
-- evil: page has ping=
return function(vm, h)
  return h.a{href = "/", ping = "https://evil.example/", "x"}
end
