-- SPDX-License-Identifier: GPL-3.0-or-later

record "AccessEntry" {
  id = id, version = int, kind = enum { "client", "sender" }, entry = text { max = 254, doc = "in its normal form" },
  name = text { max = 254, doc = "as people read it" },
  about = enum { "address", "network", "octets", "name", "below", "email", "user", "null", doc = "what the entry speaks of" },
  state = enum { "OK", "REJECT", "DUNNO", "DEFER_IF_PERMIT", "DEFER", "HOLD", "DISCARD", "CODE",
                 doc = "CODE: the text begins with a reply code" },
  text = text { max = 255, optional = true }, comment = text { max = 255, optional = true },
  created = time, url = url,
}

page "lists.list" {
  since = "1.0", route = "/lists", roles = { "server", "domain" },
  doc = "Who may send mail here: clients or senders, one keyset page. For domain admins where privacy_level opens it.",
  must = { "add", "paste", "clients", "senders", "rows.url" },
  model = { kind = enum { "client", "sender" }, rows = list "AccessEntry", pager = ref "Pager", filter = ref "Form", filtered = bool,
            total = ref "Count", sort = ref "Sort", clients = url, senders = url, add = url { optional = true }, paste = url { optional = true },
            bulk = ref "BulkForm" { optional = true, doc = "what may be done to the selected rows" } },
  blocks = { "head", "filters", "table", "columns", "row", "empty", "bulk", "pager" },
}
page "lists.form" {
  since = "1.0", route = "/lists/new", roles = { "server", "domain" },
  doc = "Add an access entry, or edit one.",
  model = { form = ref "Form", entry = ref "AccessEntry" { optional = true } },
}
page "lists.paste" {
  since = "1.0", route = "/lists/paste", roles = { "server", "domain" },
  doc = "Many access entries at once, a line each.",
  model = { form = ref "Form" },
}
page "lists.show" {
  since = "1.0", route = "/lists/clients/{client}", roles = { "server", "domain" },
  doc = "One access entry, the wider ones that it wins over, and those inside it that win over it.",
  must = { "edit", "delete", "wider.url", "inside.url" },
  model = { entry = ref "AccessEntry", wider = list "AccessEntry", all_inside = url { optional = true, doc = "the list of them, where there are more" }, inside = list "AccessEntry", recent = list "AuditRow",
            edit = url { optional = true }, delete = url { optional = true } },
}
page "lists.delete" {
  since = "1.0", route = "/lists/clients/{client}/delete", roles = { "server", "domain" },
  doc = "Delete an access entry.",
  model = { entry = ref "AccessEntry", form = ref "Form" },
}
