-- SPDX-License-Identifier: GPL-3.0-or-later
-- The text of each block as its theme wrote it, and what an override says it was copied from: a comment
--     {# based-on: base@1.4 block=row sha=8f3a19c2 #}
-- where sha is the first 8 digits of the SHA-256 of the parent's block then. `sha256` is the host's; without it
-- nothing is compared.

local files = require "theme.files"

local M = {}

local digest = sha256

local function short(text) return digest and digest(text):sub(1, 8) end

local function names_of(args)
  local names = {}
  for i, arg in ipairs(args) do names[i] = arg.name end
  return names
end

local function record(file, text, args, parent)
  return { theme = file.owner, path = file.path, text = text, sha = short(text), args = names_of(args), parent = parent }
end

function M.of_block(_, file, node)
  return record(file, file.source:sub(node.from or 1, (node.to or #file.source + 1) - 1), node.args)
end

local function header(file)
  for _, piece in ipairs(file.pieces or {}) do
    local said = piece.kind == "comment" and piece.text:match("^%s*based%-on:%s*(.-)%s*$")
    if said then return said, piece end
  end
end

-- A file that is one block, without the comment that tells what it was copied from.
function M.of_file(_, file, args, parent)
  local text = file.source
  local _, piece = header(file)
  if piece then
    local past = text:find("#}", piece.at, true) + 2
    text = text:sub(1, piece.at - 1) .. text:sub(past):gsub("^\n", "", 1)
  end
  return record(file, text, args, parent)
end

function M.based_on(build, file, block, parent)
  local said, piece = header(file)
  if not said then return end
  local theme, version, of, sha = said:match("^([%w_-]+)@([%w_.+-]+)%s+block=([%w_]+)%s+sha=(%x+)$")
  if not theme or #sha ~= 8 then
    return file.report(piece.at, "based-on-form")
  end
  if of ~= block then
    return file.report(piece.at, "based-on-other", of, block)
  end
  if not parent.sha or parent.sha == sha:lower() then return end
  local manifest = build.manifests[parent.theme]
  file.report(piece.at, "stale", theme, version, sha, parent.theme, manifest and manifest.version or "?", parent.sha)
end

return M
