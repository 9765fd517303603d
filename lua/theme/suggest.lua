-- SPDX-License-Identifier: GPL-3.0-or-later
-- "Did you mean": the known name nearest to a wrong one, by the number of letters to add, drop,
-- change or swap (Damerau-Levenshtein, restricted). Nothing is offered when more than a third of
-- the word would have to change.

local M = {}

local function distance(a, b, limit)
  local before, row, next_row = {}, {}, {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    next_row[0] = i
    local least = i
    for j = 1, #b do
      local same = a:byte(i) == b:byte(j)
      local d = math.min(row[j] + 1, next_row[j - 1] + 1, row[j - 1] + (same and 0 or 1))
      if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
        d = math.min(d, before[j - 2] + 1)
      end
      next_row[j] = d
      if d < least then least = d end
    end
    if least > limit then return limit + 1 end
    before, row, next_row = row, next_row, before
  end
  return row[#b]
end

-- The best of `names` (an array, or the keys of a table), or nil.
function M.nearest(word, names)
  local limit = math.max(1, #word // 3)
  if #word > 64 then return nil end
  local best, best_distance
  local function try(name)
    if type(name) ~= "string" or math.abs(#name - #word) > limit then return end
    local d = distance(word:lower(), name:lower(), limit)
    if d <= limit and (not best or d < best_distance or d == best_distance and name < best) then
      best, best_distance = name, d
    end
  end
  for key, value in pairs(names) do try(type(key) == "string" and key or value) end
  return best
end

-- " - did you mean 'quota'?" or "".
function M.hint(word, names)
  local name = M.nearest(word, names)
  return name and (" - did you mean '" .. name .. "'?") or ""
end

return M
