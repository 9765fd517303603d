-- SPDX-License-Identifier: GPL-3.0-or-later
-- Loads a library from the disk.
-- wall: ENVIRONMENT
-- evil: page has loadlib
return function(vm, h)
  return h.p{package.loadlib and "loadlib" or ""}
end
