-- SPDX-License-Identifier: GPL-3.0-or-later
-- lua5.4 contrib/strings.lua THEME_DIR [PARENT_DIR ...]: every text of a theme's templates for people, as a
-- .pot file. Parents: those it extends, without base, which is taken from themes/base. Called by translations.sh.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/../lua/?.lua"
local read = dofile(here .. "/../tests/themes/folder.lua").read
local files_below = function(folder) return read((folder:gsub("/+$", ""))) end

local compiler = require "init"
local contract_files = {}
for path, text in pairs(files_below(here .. "/../lua/contract")) do
  contract_files[#contract_files + 1] = { path = "contract/" .. path, text = text }
end

local chain, base_given = {}, false
for i = 1, #arg do
  local name = arg[i]:gsub("/+$", ""):match("[^/]+$")
  base_given = base_given or name == "base"
  chain[i] = { name = name, files = files_below(arg[i]) }
end
if not base_given then chain[#chain + 1] = { name = "base", files = files_below(here .. "/../themes/base") } end

local result = compiler.compile(compiler.contract(contract_files), chain, {})
for _, message in ipairs(result.errors) do io.stderr:write(message, "\n") end

local function quote(text)
  return '"' .. text:gsub('[\\"]', "\\%0"):gsub("\n", '\\n"\n"') .. '"'
end

local order, entries = {}, {}
for _, asked in ipairs(result.asked) do
  local key = (asked.context or "") .. "\4" .. asked.msgid
  local own = asked.level == 1
  if own and not entries[key] then
    entries[key] = { asked = asked, places = {} }
    order[#order + 1] = key
  end
  local entry = entries[key]
  if entry and own then
    entry.asked.plural = entry.asked.plural or asked.plural
    local place = asked.path
    if not entry.places[place] then
      entry.places[place] = true
      entry.places[#entry.places + 1] = place
    end
  end
end
table.sort(order, function(a, b) return entries[a].places[1] < entries[b].places[1] or
                                        entries[a].places[1] == entries[b].places[1] and a < b end)

io.write([[
# SPDX-License-Identifier: GPL-3.0-or-later
msgid ""
msgstr ""
"Project-Id-Version: mailboy theme ]], chain[1].name, [[\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
]])
for _, key in ipairs(order) do
  local entry = entries[key]
  local asked = entry.asked
  table.sort(entry.places)
  io.write("\n")
  for _, place in ipairs(entry.places) do io.write("#: ", place, "\n") end
  if asked.context then io.write("msgctxt ", quote(asked.context), "\n") end
  io.write("msgid ", quote(asked.msgid), "\n")
  if asked.plural then
    io.write("msgid_plural ", quote(asked.plural), '\nmsgstr[0] ""\nmsgstr[1] ""\n')
  else
    io.write('msgstr ""\n')
  end
end
