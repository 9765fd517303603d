-- SPDX-License-Identifier: GPL-3.0-or-later

record "Admin" { id = id, email = text { max = 254 }, name = text { max = 200, optional = true },
                 role = enum { "super", "server", "domain", "user" }, active = bool,
                 domains = int { doc = "how many it administers" }, last_seen = time { optional = true }, url = url }
record "AdminDomain" { domain = text { max = 253 }, name = text { max = 253 }, url = url,
                       remove = ref "Action" { optional = true } }

page "admins.list" {
  since = "1.0", route = "/admins", roles = { "server" },
  doc = "Who administers anything, one keyset page: those of the server first.",
  must = { "add", "rows.url" },
  model = { rows = list "Admin", pager = ref "Pager", filter = ref "Form", filtered = bool, add = url { optional = true } },
}
page "admins.form" {
  since = "1.0", route = "/admins/new", roles = { "server" },
  doc = "Make an account the administrator of a domain; the super admin also of the server.",
  model = { form = ref "Form" },
}
page "admins.show" {
  since = "1.0", route = "/admins/{account}", roles = { "server" },
  doc = "One administrator: role, domains, where he is signed in, what he did last.",
  must = { "add", "remove", "end_sessions" },
  model = { mailbox = ref "Mailbox", domains = list "AdminDomain", sessions = list "Session", recent = list "AuditRow",
            add = url { optional = true, doc = "give a right" },
            remove = url { optional = true, doc = "be a server admin no more" }, end_sessions = url { optional = true } },
}
page "admins.confirm" {
  since = "1.0", route = "/admins/{account}/remove", roles = { "server" },
  doc = "Asks before a right goes (`remove`) or before all sessions end (`sessions`).",
  model = { mailbox = ref "Mailbox", task = enum { "remove", "sessions" }, form = ref "Form" },
}
