-- SPDX-License-Identifier: GPL-3.0-or-later
-- Two functions that call each other for ever: tail calls need no stack.
-- wall: BUDGET
-- evil: note lacks instructions
return function(vm, h)
  local a, b
  function a() return b() end
  function b() return a() end
  return a()
end
