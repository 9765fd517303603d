-- SPDX-License-Identifier: GPL-3.0-or-later
-- A contract with one field of each kind, its routes, and a base of one page, one layout and one component: what the
-- compiler's tests (compiler_test.lua) and fuzz_template compile against, so that the cases of the one are seeds of the
-- other, and messages do not change with the real contract.
local M = {}

M.contract = [[
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
                     value = text { optional = true }, checked = bool, required = bool, error = text { optional = true },
                     options = list "FormOption" }
record "FormOption" { value = text, label = text }
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

M.routes = { { name = "mailboxes.list", pattern = "/domains/{domain}/mailboxes" },
             { name = "overview", pattern = "/" }, { name = "audit.show", pattern = "/audit/{entry}" } }

M.title = "{% block title() %}P{% end %}"

-- The files of base; `more` replaces some, or adds.
function M.base(more)
  local files = {
    ["theme.lua"] = 'return { name = "base" }', ["app.css"] = "",
    ["icons.svg"] = '<svg><symbol id="trash" viewBox="0 0 1 1"/><symbol id="home" viewBox="0 0 1 1"/></svg>',
    ["layouts/shell.html"] = "<main>{% block main() %}{% end %}</main>",
    ["components/meter.html"] = "{# args: q=Quota, label=text? #}\n<b>{{ label }}{{ q.percent }}</b>",
    ["pages/p.html"] = M.title,
  }
  for path, text in pairs(more or {}) do files[path] = text or nil end
  return files
end

return M
