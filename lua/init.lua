-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the host calls. See lua/README.md.

local inherit = require "theme.inherit"
local schema = require "schema"

local M = {}

-- files: array of { path =, text = } (lua/contract/*.lua); routes: array of { name =, pattern = }.
-- Raises on a mistake in a contract file.
function M.contract(files, routes) return schema.contract(files, routes) end

-- chain: array of { name =, files = { [path] = bytes } }, the child first, `base` last. Gives
--   errors, warnings   arrays of "path:line:column: message"; another theme than the first is named
--                      before its path
--   code               Lua for the whole flattened chain (lua/README.md says what it needs)
--   lines              line of code -> "path:line" of the template it came from
--   pages              name -> { theme =, kind = "template" | "script" }
--   scripts            name -> { path =, text =, theme = }
--   helpers            array of { path =, text =, theme = }
--   manifests          theme -> its theme.lua as a table
--   style_levels       of how many themes, the child first, the stylesheets are linked
--   script             whether base's script is linked
--   settings           id -> setting as the chain declares it
--   findings           the same mistakes as arrays of { code =, level = "fatal" | "error" | "warning" | "advice",
--                      theme =, path =, line =, column =, message =, hint = (or nil) }
--   sources            page or layout -> block -> { theme =, path =, text = (the block as it stands there), sha =
--                      (8 hex digits of its SHA-256), args = (names), parent = (the block it stands in for, or nil) }
--   slots              slot -> { fills = path -> { theme =, path = }, stands = array of { theme =, path =, line = } }
--   asked, untranslated   arrays of { msgid =, path =, line = }: every text of the templates, and those that stay
--                      English in another language
-- options: trusts = true passes over what HTML may not hold (for the tests of that wall); locale = "en"; core = function(msgid) -> the core's translation or nil; pseudo = function(text) -> text;
-- baked = { of = function(locale) -> the code of base in that language and what M.record said of it }: what a child leaves
-- as it is, is taken from there (taken: "page login" and so on, as keys);
-- strings = function(msgid, plural, context) instead of the PO files: a text, or the forms of a plural and the
-- name of its rule in the code.
function M.compile(contract, chain, options) return (inherit.flatten(contract, chain, options or {})) end

-- base: as a theme of a chain. What its code is made of, and what each piece asked for: the text of a chunk.
function M.record(contract, base, options) return inherit.record(contract, base, options or {}) end

return M
