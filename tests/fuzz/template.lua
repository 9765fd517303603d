-- SPDX-License-Identifier: GPL-3.0-or-later
-- For fuzz_template: a contract with one field of each kind and a small base, as the compiler's tests have them
-- (tests/themes/compiler_test.lua), so that their cases are seeds. Gives function(files).

function sha256(text) return ("%08x"):format(#text) .. ("0"):rep(56) end   -- the host gives it

local init = require "init"

local CONTRACT = [[
record "Shell" { site = text, user = ref "ShellUser" { optional = true }, nav = list "NavItem", token = secret,
                 settings = map { optional = true } }
record "ShellUser" { email = text, name = text { optional = true }, url = url }
record "NavItem" { key = enum { "home", "trash" }, label = text, url = url, current = bool }
record "Quota" { used = int { unit = "bytes" }, limit = int, percent = int, level = enum { "ok", "warn", "full" } }
record "Mailbox" { id = id, email = text, domain = text, name = text { optional = true }, active = bool,
                   quota = ref "Quota", last_seen = time { optional = true }, created = time, url = url,
                   toggle = ref "Action" { optional = true },
                   login = text { deprecated = { since = "1.2", use = "email" } } }
record "Action" { url = url, label = text, name = text, value = text }
record "DomainRef" { domain = text, name = text, url = url }
record "Form" { action = url, method = enum { "post", "get" }, fields = list "FormField", error = text { optional = true },
                cancel = url { optional = true }, submit = text }
record "FormField" { name = text, label = text, type = enum { "text", "email", "checkbox" },
                     value = text { optional = true }, checked = bool, required = bool, error = text { optional = true } }
record "Count" { value = int, estimated = bool }
record "Tree" { name = text, children = list "Tree" }
slot "top" { doc = "x" }
slot "row.actions" { doc = "x", takes = { { "m", ref "Mailbox" } } }
page "p" {
  route = "/p",
  model = { domain = ref "DomainRef" { optional = true }, rows = list "Mailbox", total = int, count = count,
            filtered = bool, title = text, note = text { optional = true }, next = url { optional = true },
            here = url, at = time, seen = time { optional = true }, form = ref "Form", box = ref "Mailbox",
            password = secret, words = list { text }, can = set { "add", "delete" }, level = enum { "ok", "warn", "full" },
            tree = ref "Tree", size = int { optional = true }, total_count = ref "Count" },
}
]]

local BASE = {
  ["theme.lua"] = 'return { name = "base" }',
  ["icons.svg"] = '<svg><symbol id="trash" viewBox="0 0 1 1"/><symbol id="home" viewBox="0 0 1 1"/></svg>',
  ["app.css"] = "",
  ["layouts/shell.html"] = "<main>{% block main() %}{% end %}</main>",
  ["components/meter.html"] = "{# args: q=Quota, label=text? #}\n<b>{{ label }}{{ q.percent }}</b>",
  ["pages/p.html"] = "{% block title() %}P{% end %}",
}

local contract = init.contract({ { path = "contract/fuzz.lua", text = CONTRACT } },
                               { { name = "mailboxes.list", pattern = "/domains/{domain}/mailboxes" },
                                 { name = "overview", pattern = "/" }, { name = "audit.show", pattern = "/audit/{entry}" } })

-- A path of base: "base:pages/p.html".
local function part(files)
  local base, child = {}, {}
  for path, text in pairs(BASE) do base[path] = text end
  for path, text in pairs(files) do
    local of_base = path:match("^base:(.+)$")
    if of_base then base[of_base] = text else child[path] = text end
  end
  return base, child
end

return function(files)
  local base, child = part(files)
  local locale = child["po/fr.po"] and "fr" or child["po/de.po"] and "en-XA" or "en"
  local made = init.compile(contract, { { name = "child", files = child }, { name = "base", files = base } },
                            { locale = locale, core = function(msgid) return #msgid > 5 and msgid or nil end,
                              pseudo = locale == "en-XA" and function(text) return "[" .. text .. "]" end or nil })
  for _, list in ipairs { made.errors, made.warnings } do
    for _, text in ipairs(list) do assert(type(text) == "string") end
  end
  assert(load(made.code, "=code", "t", {}))
end
