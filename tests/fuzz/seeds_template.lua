-- SPDX-License-Identifier: GPL-3.0-or-later
-- lua5.4 seeds_template.lua ROOT: runs the compiler's tests and writes the files of each theme that they compile, in
-- the form of fuzz_template ("@@ PATH" and the file), each behind its length.

local root = ...
package.path = root .. "/lua/?.lua;" .. root .. "/tests/themes/?.lua"
arg = { [0] = root .. "/tests/themes/compiler_test.lua" }
local init = require "init"
local compile, seen = init.compile, {}
local usual = { ["base:theme.lua"] = true, ["base:icons.svg"] = true, ["base:app.css"] = true }   -- template.lua has its own

local function dump(files, prefix)
  local paths = {}
  for path, text in pairs(files) do
    if not usual[prefix .. path] and #text < 2000 then paths[#paths + 1] = path end
  end
  table.sort(paths)
  local parts = {}
  for _, path in ipairs(paths) do parts[#parts + 1] = "@@ " .. prefix .. path .. "\n" .. files[path] .. "\n" end
  return table.concat(parts)
end

function init.compile(contract, chain, options)
  local base = chain[#chain].files
  local text = dump(base, "base:") .. (chain[2] and dump(chain[1].files, "") or "")
  if #text < 4000 and not seen[text] then
    seen[text] = true
    io.write(string.pack("<s4", text))
  end
  return compile(contract, chain, options)
end

print = function() end
os.exit = function() end
dofile(arg[0])
