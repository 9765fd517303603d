-- SPDX-License-Identifier: GPL-3.0-or-later
-- A folder's files: read(dir) gives {path below it = bytes}, list(dir) the paths, sorted. Lua itself can list no
-- folder, so `find` does; the name goes to the shell inside single quotes, its own quotes taken care of.
local M = {}

function M.quoted(path) return "'" .. path:gsub("'", "'\\''") .. "'" end

function M.list(dir)
  local paths = {}
  local found = assert(io.popen("cd " .. M.quoted(dir) .. " && find . -type f"))   -- quoted: one word to the shell
  for line in found:lines() do paths[#paths + 1] = line:sub(3) end
  assert(found:close(), "no folder " .. dir)
  table.sort(paths)
  return paths
end

function M.read(dir)
  local files = {}
  for _, path in ipairs(M.list(dir)) do
    local f = assert(io.open(dir .. "/" .. path, "rb"))
    files[path] = f:read("a")
    f:close()
  end
  return files
end

return M
