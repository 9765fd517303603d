-- SPDX-License-Identifier: GPL-3.0-or-later
-- lua5.4 tests/themes/compile.lua [-c] THEME_DIR [PARENT_DIR ...]: compiles a theme folder (and its
-- parents, the last one `base`) against the contract; prints the mistakes, or the code with -c.
-- Needs nothing but Lua: a look while a theme is written, before the program is built.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
local root = here .. "/../../lua/"
package.path = root .. "?.lua"

local files_below = dofile(here .. "/folder.lua").read

local compiler = require "init"
local contract_files = {}
for path, text in pairs(files_below(root .. "contract")) do
  contract_files[#contract_files + 1] = { path = "contract/" .. path, text = text }
end

local show_code = arg[1] == "-c"
local chain = {}
for i = show_code and 2 or 1, #arg do
  local folder = arg[i]:gsub("/+$", "")
  chain[#chain + 1] = { name = folder:match("[^/]+$"), files = files_below(folder) }
end
local contract = compiler.contract(contract_files)
local before = os.clock()
local result = compiler.compile(contract, chain)
local took = os.clock() - before
for _, message in ipairs(result.errors) do print(message) end
for _, message in ipairs(result.warnings) do print("warning: " .. message) end
local chunk, why = load(result.code, "=theme", "t", {})
if show_code then io.write(result.code) end
if not chunk then print("the code does not load: " .. why) end
print(("%d errors, %d warnings, %d bytes of code, %.1f ms"):format(#result.errors, #result.warnings,
                                                                  #result.code, took * 1000))
os.exit(#result.errors == 0 and chunk ~= nil)
