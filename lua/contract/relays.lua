-- SPDX-License-Identifier: GPL-3.0-or-later

record "Relay" {
  id = id, version = int, domain = text { max = 253 }, name = text { max = 253 },
  description = text { max = 255, optional = true },
  recipients = enum { "list", "any" }, listed = int { doc = "addresses in its list" },
  next_hop = text { max = 255, optional = true, doc = "absent: by MX record, or not the reader's business" },
  created = time, url = url, recipients_url = url,
}
record "RelayRecipient" { id = id, email = text { max = 254 }, recipient = text { max = 64, doc = "the part before the @" },
                          created = time, remove = ref "Action" { optional = true } }

page "relays.list" {
  since = "1.0", route = "/relays", roles = { "server", "domain" },
  doc = "The domains this server is a backup for, one keyset page. For domain admins where privacy_level opens it.",
  must = { "add", "rows.url" },
  model = { rows = list "Relay", pager = ref "Pager", filter = ref "Form", filtered = bool, total = ref "Count", sort = ref "Sort",
            add = url { optional = true },
            bulk = ref "BulkForm" { optional = true, doc = "what may be done to the selected rows" } },
  blocks = { "head", "filters", "table", "columns", "row", "empty", "bulk", "pager" },
}
page "relays.form" {
  since = "1.0", route = "/relays/new", roles = { "server", "domain" },
  doc = "Add a relay domain, or edit one.",
  model = { form = ref "Form", relay = ref "Relay" { optional = true } },
}
page "relays.show" {
  since = "1.0", route = "/relays/{relay}", roles = { "server", "domain" },
  doc = "One relay domain: where its mail goes, which addresses are taken, what happened.",
  must = { "edit", "delete" },
  model = { relay = ref "Relay", recent = list "AuditRow", edit = url { optional = true }, delete = url { optional = true } },
}
page "relays.delete" {
  since = "1.0", route = "/relays/{relay}/delete", roles = { "server", "domain" },
  doc = "What is lost with a relay domain.",
  model = { relay = ref "Relay", form = ref "Form" },
}
page "relays.recipients" {
  since = "1.0", route = "/relays/{relay}/recipients", roles = { "server", "domain" },
  doc = "The known addresses of a relay domain, one keyset page; paste many at once.",
  model = { relay = ref "Relay", rows = list "RelayRecipient", pager = ref "Pager", filter = ref "Form", filtered = bool,
            total = ref "Count", sort = ref "Sort", form = ref "Form" { optional = true } },
  blocks = { "head", "filters", "table", "columns", "row", "empty", "pager" },
}
