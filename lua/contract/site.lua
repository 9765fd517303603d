-- SPDX-License-Identifier: GPL-3.0-or-later

record "AuditRow" {
  id = id, at = time, actor = text { max = 300 }, action = text { doc = "mailbox.add and so on" },
  label = text { doc = "the action in words" }, object = text { max = 300 }, outcome = enum { "done", "refused" },
  via = enum { "web", "json", "cli" }, url = url,
}
record "AuditChange" { field = text { doc = "its name, as a program knows it" }, label = text, before = text { optional = true }, after = text { optional = true } }
record "Number" { key = enum { "domains", "mailboxes", "aliases", "disabled" }, label = text, value = int, url = url { optional = true } }
record "Step"   { label = text, text = text, url = url, done = bool }
record "Check"  { key = text, label = text, state = enum { "ok", "warn", "bad" }, text = text }
record "Process" { name = text, pid = int, requests = int, restarts = int, started = time { optional = true } }

page "overview" {
  since = "1.0", route = "/", roles = { "server", "domain" },
  doc = "What there is and what needs attention; while nothing is there, the next three steps.",
  must = { "add_domain", "shell.nav.url", "shell.user.url" },
  model = { numbers = list "Number", steps = list "Step", domains = list "Domain", recent = list "AuditRow",
            add_domain = url { optional = true } },
}
page "audit.list" {
  since = "1.0", route = "/audit", roles = { "server", "domain" },
  doc = "Who changed what, one keyset page; newest first, unless asked otherwise.",
  must = { "rows.url" },
  model = { rows = list "AuditRow", pager = ref "Pager", filter = ref "Form", filtered = bool, sort = ref "Sort",
            domain = ref "DomainRef" { optional = true } },
}
page "audit.show" {
  since = "1.0", route = "/audit/{entry}", roles = { "server", "domain" },
  doc = "One entry with what was before and after.",
  model = { entry = ref "AuditRow", request_id = text, remote = text { optional = true },
            changes = list "AuditChange", undo = url { optional = true, doc = "the reader may still take it back" } },
}
page "audit.undo" {
  since = "1.0", route = "/audit/{entry}/undo", roles = { "server", "domain", "user" },
  doc = "Asks before a change is taken back, and says why it was not possible.",
  model = { entry = ref "AuditRow", changes = list "AuditChange", form = ref "Form" },
}
record "BulkItem" { id = id, label = text { max = 300 }, reason = text { optional = true, doc = "why it stays as it is" },
                    now = text { optional = true, doc = "what it has now of what is asked for" } }
page "bulk.preview" {
  since = "1.0", route = "/bulk/preview", roles = { "server", "domain", "user" },
  doc = "What a change of several things would do, before it is done.",
  must = { "back" }, mistakes = "problem",
  model = { heading = text, effect = text { optional = true, doc = "what the change means" }, danger = bool,
            problem = text { optional = true, doc = "why nothing was done, or nothing can be" },
            count = int { doc = "how many would be changed" },
            rows_heading = text { optional = true, doc = "what would become of the rows" },
            rows = list "BulkItem" { doc = "the first ten of them" },
            more = int { doc = "how many of them are not in rows" }, skipped = list "BulkItem" { doc = "these stay as they are" },
            form = ref "Form" { optional = true, doc = "absent where nothing is left to do" }, back = url },
}
page "status" {
  since = "1.0", route = "/status", roles = { "server" },
  doc = "Is everything well: database, schema, theme, processes.",
  model = { checks = list "Check", faults = list "ThemeFault" { doc = "of all themes in the last seven days, the newest twenty" },
            processes = list "Process", version = text, schema = int, theme = text },
}
page "help" {
  since = "1.0", route = "/help", roles = { "anonymous", "server", "domain", "user" },
  doc = "The manual, for everybody; the foot of each page leads here.",
  model = {},
}
page "error" {
  since = "1.0", route = "*", roles = { "anonymous", "server", "domain", "user" },
  doc = "400 403 404 405 409 413 422 429 and others: what happened, what to do, the request id.",
  model = { code = int, heading = text, text = text, mends = list { text },
            back = url { optional = true, doc = "the start; who has not signed in: the log-in, and from there on to the page of the form" } },
}
page "conflict" {
  since = "1.0", route = "*", roles = { "server", "domain", "user" },
  doc = "409: somebody else changed it first; both values, field by field.",
  must = { "reload" },
  model = { object = text, fields = list "ConflictField", version = int, reload = url, form = ref "Form" },
}
record "ConflictField" { field = text, label = text, yours = text { optional = true }, theirs = text { optional = true } }
