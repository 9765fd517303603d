-- SPDX-License-Identifier: GPL-3.0-or-later
-- lua5.4 tests/themes/compiler_test.lua: runs every case and prints one line for each,
-- "ok NAME" or "not ok NAME" and, indented, what was wrong. test_compiler.py shows them one by one.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/../../lua/?.lua;" .. here .. "/?.lua"

sha256 = dofile(here .. "/sha256.lua")   -- the host gives it
local compiler = require "init"
local site = require "small_site"
local stand_in = require "stand_in"
local mistakes = require "theme.mistakes"
local told = {}   -- kind of mistake -> true once a case brought it about
local tell = mistakes.tell
function mistakes.tell(kind, ...)
  told[kind] = true
  return tell(kind, ...)
end

local M = { here = here, compiler = compiler, stand_in = stand_in, cases = {} }

M.contract = compiler.contract({ { path = "contract/test.lua", text = site.contract } }, site.routes)

function M.base(more) return { name = "base", files = site.base(more) } end

local TITLE = site.title

-- What is under test stands on the first line of the page, so that columns are its own.
function M.page(source) return { ["pages/p.html"] = source .. TITLE } end

function M.compile(files, child, options)
  local chain = { M.base(files) }
  if child then table.insert(chain, 1, { name = "child", files = child }) end
  return compiler.compile(M.contract, chain, options)
end

local function show(list) return #list == 0 and "(none)" or "\n    " .. table.concat(list, "\n    ") end

local function same(got, wanted, what)
  local a, b = show(got), show(wanted)
  if a ~= b then error(("%s:\n  wanted: %s\n  got: %s"):format(what, b, a), 0) end
end
M.same = same

function M.case(name, run) M.cases[#M.cases + 1] = { name = name, run = run } end

-- wrong(name, page source, message, ...): messages without their file, "1:4: ...".
function M.wrong(name, source, ...)
  local messages = { ... }
  M.case("error: " .. name, function()
    local wanted = {}
    for i, message in ipairs(messages) do wanted[i] = "pages/p.html:" .. message end
    same(M.compile(M.page(source)).errors, wanted, "errors of " .. source)
  end)
end

local BOX = { id = 7, email = "<b>@x", domain = "example.org", active = true, url = "/m/7?a=1&b=2",
              quota = { used = 5, limit = 10, percent = 50, level = "ok" }, created = { seconds = 9 },
              last_seen = { seconds = 3 }, login = "l" }
M.model = {
  domain = { domain = "example.org", name = "Ex & Co", url = "/d" }, rows = { BOX, { id = 8, email = "b@x", name = "Bob",
  domain = "x.org", active = false, url = "javascript:alert(1)", quota = BOX.quota, created = { seconds = 1 } } },
  total = 2, count = 2, filtered = false, title = "A 'title'", here = "/here", at = { seconds = 4 },
  form = { action = "/f", method = "post", submit = "Save", fields = { { name = "n", label = "N", type = "text", checked = false, required = true,
           options = { { value = "1", label = "One" } } } } },
  box = BOX, password = { secret = 5 }, words = { "a", "b" }, can = { add = true, delete = false }, level = "warn",
  tree = { name = "t", children = {} }, total_count = { value = 3, estimated = true },
}
M.shell = { site = "Mail", nav = { { key = "home", label = "Home", url = "/", current = true },
                                   { key = "trash", label = "Bin", url = "/bin", current = false } },
            token = { secret = 0 } }

function M.render(result, name, model, shell)
  local env, taken = stand_in.environment(M.contract.routes)
  env.helpers = result.helpers
  local chunk = assert(load(result.code, "=theme", "t", env))
  local page = chunk().pages[name or "p"]
  page.title(model or M.model, shell or M.shell)
  local title = taken()
  page.body(model or M.model, shell or M.shell)
  local body, most = taken()
  return body, title, env, most
end

-- gives(name, page source, HTML it must give)
function M.gives(name, source, wanted, model)
  M.case("gives: " .. name, function()
    local result = M.compile(M.page(source))
    same(result.errors, {}, "errors of " .. source)
    local body, _, _, most = M.render(result, "p", model)
    same({ body }, { wanted }, "page of " .. source)
    assert(most <= 100, "an emit of " .. most .. " arguments")
  end)
end

for _, part in ipairs { "units", "errors", "output", "chains", "strings", "slots", "trans", "helpers", "rest", "models", "fallback" } do
  assert(loadfile(here .. "/compiler_" .. part .. ".lua"))(M)
end

M.after()

M.case("mistakes: each kind has a case, and a code that is explained", function()
  local without = {}
  for kind, row in pairs(mistakes.kinds) do
    if not told[kind] then without[#without + 1] = kind end
    assert(mistakes.codes[row[1]], kind .. " has a code that is not explained")
  end
  table.sort(without)
  same(without, {}, "kinds without a case")
end)

local failed = 0
local only = arg[1]
for _, case in ipairs(M.cases) do
  if not only or case.name == only then
    local ok, why = pcall(case.run)
    print((ok and "ok " or "not ok ") .. case.name)
    if not ok then
      failed = failed + 1
      for text in (tostring(why) .. "\n"):gmatch("([^\n]*)\n") do print("  " .. text) end
    end
  end
end
os.exit(failed == 0)
