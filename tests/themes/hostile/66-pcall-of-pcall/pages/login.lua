-- SPDX-License-Identifier: GPL-3.0-or-later
-- Catches in a function that is caught itself, each time anew.
-- wall: PCALL
-- evil: note lacks instructions
return function(vm, h)
  local function again() return pcall(again) end
  local function spin() while true do end end
  while true do pcall(pcall, spin) pcall(again) end
end
