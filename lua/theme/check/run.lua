-- SPDX-License-Identifier: GPL-3.0-or-later
-- `mailboy theme check`: what the compiler found, then what the rules find in the pages of the fixtures and in the
-- theme's files. The host draws the pages: begin, next and page in turn, finish.

local M = {}

local function from_message(said, message)
  local path, line, column, text = message:match("^(.-):(%d+):(%d+): (.*)$")
  said[#said + 1] = { code = "MB010", level = "error", path = path or "", line = tonumber(line), column = tonumber(column),
                      message = text or message, mend = "" }
end

function M.begin(contract, result, chain, messages, whole)
  local state = { contract = contract, result = result, chain = chain, whole = whole, findings = {} }
  for _, message in ipairs(messages) do from_message(state.findings, message) end
  return state
end

function M.next(state)
  return nil
end

function M.page(state, html, why)
end

-- The findings, and the theme's manifest.
function M.finish(state)
  local manifests = state.result and state.result.manifests or {}
  return state.findings, manifests[state.chain[1].name] or {}
end

return M
