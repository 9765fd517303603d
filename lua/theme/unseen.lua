-- SPDX-License-Identifier: GPL-3.0-or-later
-- Characters in a theme's sources that an editor does not show: those that turn the direction of what follows, so that
-- a line reads otherwise than it runs (Unicode Technical Report 36, "Trojan Source"), those without a width, and NUL.
-- Translations may hold what their script needs: marks and joiners.

local files = require "theme.files"
local sorted = require "theme.sorted"

local M = {}

local text = { html = true, lua = true, css = true, po = true }

-- first, last, may a translation hold it?
local ranges = { { 0, 0 }, { 0xAD, 0xAD, true }, { 0x61C, 0x61C, true }, { 0x180E, 0x180E, true }, { 0x200B, 0x200F, true },
                 { 0x202A, 0x202E }, { 0x2060, 0x2065, true }, { 0x2066, 0x2069 }, { 0x206A, 0x206F }, { 0xFEFF, 0xFEFF } }

local function is_unseen(code, in_words)
  for _, range in ipairs(ranges) do
    if code >= range[1] and code <= range[2] then return not (in_words and range[3]) end
  end
  return false
end

local function look(file, in_words)
  -- whatever it may be begins with one of these bytes
  for at, byte in file.source:gmatch("()([\0\xC2\xD8\xE1\xE2\xEF])") do
    local code = byte == "\0" and 0 or utf8.len(file.source, at, at) and utf8.codepoint(file.source, at)
    if code and is_unseen(code, in_words) then file.report(at, "unseen", ("%04X"):format(code)) end
  end
end

-- Of the theme itself: its parents answer for theirs.
function M.tell(build)
  local theme = build.chain[1]
  for _, path in ipairs(sorted(theme.files)) do
    local ending = path:match("%.(%w+)$")
    if text[ending] then
      local file = files.make(build, 1, path)
      look(file, ending == "po")
      files.done(build, file)
    end
  end
end

return M
