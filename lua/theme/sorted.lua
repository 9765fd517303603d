-- SPDX-License-Identifier: GPL-3.0-or-later
-- The keys of a table as a list, sorted: whatever is told or written comes in the same order every time.
return function(set)
  local keys = {}
  for key in pairs(set) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end
