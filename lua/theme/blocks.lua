-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the tools ask about blocks (`mailboy theme override`, `diff`): where each is written, and what it stands in
-- for, from the result of a compilation (lua/init.lua).

local sorted = require "theme.sorted"

local M = {}

local function add_chain(rows, result, page, block, source, whole)
  local depth = 0
  while source do
    local manifest = result.manifests and result.manifests[source.theme]
    rows[#rows + 1] = {
      page = page, block = block, depth = depth, theme = source.theme, path = source.path, sha = source.sha or "",
      version = manifest and tostring(manifest.version or "") or "", args = table.concat(source.args or {}, " "),
      text = whole and source.text or "",
    }
    source, depth = source.parent, depth + 1
  end
end

-- Rows of a block, the one in effect first (depth 0), then what it stands in for; of all blocks, without their
-- texts, where page is "". Sorted by page and block.
function M.list(result, page, block)
  local rows = {}
  for _, of in ipairs(page ~= "" and { page } or sorted(result.sources or {})) do
    local blocks = result.sources and result.sources[of] or {}
    for _, name in ipairs(page ~= "" and { block } or sorted(blocks)) do
      add_chain(rows, result, of, name, blocks[name], page ~= "")
    end
  end
  return rows
end

return M
