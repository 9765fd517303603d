-- SPDX-License-Identifier: GPL-3.0-or-later

record "Policy" {
  id = id, version = int, name = text { max = 64 }, description = text { max = 255, optional = true },
  offered = bool { doc = "everybody may choose it" },
  server_default = bool { doc = "of all who chose none" },
  mailboxes = int { doc = "that chose it; counted up to 1,000" }, mailboxes_more = bool { doc = "there are more of them" },
  domains = int { doc = "whose default it is; counted up to 1,000" }, domains_more = bool { doc = "there are more of them" },
  summary = list { text { doc = "what it does, a phrase each" } },
  values = map { doc = "its settings by Amavis' names; what is not set is absent" },
  created = time, url = url,
}
record "PolicyPreset" { label = text, text = text, url = url, current = bool }
record "PolicySetting" {
  field = text { doc = "its name, as Amavis knows it" }, label = text,
  group = text { optional = true, doc = "words that head the settings from this one on" },
  value = text { optional = true, doc = "in words; absent: not set" },
  other = text { optional = true, doc = "of the policy that it is held against" },
  differs = bool { doc = "the two are not the same" },
  source = enum { "own", "domain", "server", optional = true, doc = "whose choice says so" },
  from = text { optional = true, doc = "the name of that policy" },
  note = text { optional = true, doc = "that it contradicts what another policy sets, and the mend" },
}
record "PolicyChoice" { id = id, name = text { max = 64 }, description = text { max = 255, optional = true },
                        summary = list { text }, chosen = bool }

record "PolicyInForce" { name = text { max = 64 }, source = enum { "own", "domain", "server", doc = "whose choice it is" } }

page "policies.list" {
  since = "1.0", route = "/policies", roles = { "server", "domain" },
  doc = "The spam policies, one keyset page. Domain admins see them where privacy_level opens them.",
  must = { "add", "rows.url" },
  model = { rows = list "Policy", pager = ref "Pager", filter = ref "Form", filtered = bool, total = ref "Count", sort = ref "Sort",
            add = url { optional = true },
            bulk = ref "BulkForm" { optional = true, doc = "what may be done to the selected rows" } },
  blocks = { "head", "filters", "table", "columns", "row", "empty", "bulk", "pager" },
}
page "policies.form" {
  since = "1.0", route = "/policies/new", roles = { "server", "domain" },
  doc = "Add a policy, or edit one; ready-made settings to start from.",
  must = { "presets.url" },
  model = { form = ref "Form", policy = ref "Policy" { optional = true }, presets = list "PolicyPreset" },
}
page "policies.show" {
  since = "1.0", route = "/policies/{policy}", roles = { "server", "domain" },
  doc = "One policy with every setting that is set, beside another where the reader compares them.",
  must = { "edit", "delete" },
  model = { policy = ref "Policy", other = ref "Policy" { optional = true }, settings = list "PolicySetting",
            compare = list "Link", edit = url { optional = true }, delete = url { optional = true } },
}
page "policies.delete" {
  since = "1.0", route = "/policies/{policy}/delete", roles = { "server", "domain" },
  doc = "Deletes a policy that nobody uses.",
  model = { policy = ref "Policy", form = ref "Form",
            used = list { text { doc = "some of those who use it, for server admins" } } },
}
page "policies.choose" {
  since = "1.0", route = "/domains/{domain}/policy", roles = { "server", "domain", "user" },
  doc = "Chooses the policy of a domain, of a mailbox, or (neither is there) the reader's own; what is in force and who says so.",
  model = { form = ref "Form", domain = ref "Domain" { optional = true }, mailbox = ref "Mailbox" { optional = true },
            choices = list "PolicyChoice", settings = list "PolicySetting" },
}
