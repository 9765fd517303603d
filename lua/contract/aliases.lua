-- SPDX-License-Identifier: GPL-3.0-or-later

record "Alias" {
  id = id, version = int, email = text { max = 254, doc = "as people read it; '@example.org' of a catch-all" },
  domain = text { max = 253 }, source = text { max = 64, doc = "the local part; '' of a catch-all" },
  kind = enum { "alias", "internal", "catchall", doc = "internal: all of it stays in its own domain" },
  destinations = list { text }, more = int { doc = "how many destinations besides those: lists show the first five" },
  catch_all = bool, keep_copy = bool { doc = "the mailbox of the same name gets the mail as well" },
  description = text { max = 255, optional = true }, active = bool, created = time, url = url,
  circle = bool { optional = true, doc = "in lists: its mail comes back to it, so nobody gets it" },
  toggle = ref "Action" { optional = true, doc = "absent where the reader may not change it" },
}
record "AliasTarget" {
  address = text { max = 254 },
  state = enum { "mailbox", "disabled", "alias", "catchall", "dead", "elsewhere",
                 doc = "what stands at that address; elsewhere: nothing that the reader may know of" },
  url = url { optional = true },
}
record "Warning" { code = text, text = text { max = 5000, doc = "what is the matter, and the mend" } }

page "aliases.list" {
  since = "1.0", route = "/domains/{domain}/aliases", roles = { "server", "domain" },
  doc = "The aliases of one domain (or of all the reader may see), one keyset page.",
  must = { "add", "rows.url" },
  model = { domain = ref "DomainRef" { optional = true }, rows = list "Alias", pager = ref "Pager",
            filter = ref "Form", filtered = bool, total = ref "Count", sort = ref "Sort", add = url { optional = true },
            bulk = ref "BulkForm" { optional = true, doc = "what may be done to the selected rows" } },
  blocks = { "head", "filters", "table", "columns", "row", "empty", "bulk", "pager" },
}
page "aliases.form" {
  since = "1.0", route = "/domains/{domain}/aliases/new", roles = { "server", "domain" },
  doc = "Add an alias, or edit one.",
  model = { form = ref "Form", domain = ref "DomainRef", alias = ref "Alias" { optional = true } },
}
page "aliases.show" {
  since = "1.0", route = "/domains/{domain}/aliases/{alias}", roles = { "server", "domain" },
  doc = "One alias: where it leads and what is the matter with that, what happened, the way to each task.",
  must = { "edit", "delete" },
  model = { alias = ref "Alias", domain = ref "DomainRef", targets = list "AliasTarget", warnings = list "Warning",
            mailbox = url { optional = true, doc = "the mailbox of the same name" },
            keep = ref "Action" { optional = true, doc = "has that mailbox get a copy, where it gets nothing" },
            protected = bool { doc = "the reader may not change it" }, recent = list "AuditRow",
            edit = url { optional = true }, delete = url { optional = true } },
}
page "aliases.delete" {
  since = "1.0", route = "/domains/{domain}/aliases/{alias}/delete", roles = { "server", "domain" },
  doc = "Asks before an alias goes, and says who gets its mail then.",
  model = { alias = ref "Alias", domain = ref "DomainRef", form = ref "Form",
            next = enum { "mailbox", "catchall", "nobody", doc = "who gets the mail from then on" } },
}
