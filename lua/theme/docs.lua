-- SPDX-License-Identifier: GPL-3.0-or-later
-- The reference, written from the contract.

local M = {}

function M.write(contract, what)
  return "# " .. what .. "\n"
end

return M
