-- SPDX-License-Identifier: GPL-3.0-or-later
-- The keys of a table as a list, sorted, numbers first: whatever is told or written comes in the same order every time.
return function(set)
  local keys, names = {}, {}
  for key in pairs(set) do
    local list = type(key) == "number" and keys or names
    list[#list + 1] = key
  end
  table.sort(keys)
  table.sort(names)
  return table.move(names, 1, #names, #keys + 1, keys)
end
