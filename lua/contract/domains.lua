-- SPDX-License-Identifier: GPL-3.0-or-later

record "Share" { used = int, limit = int { doc = "0 = no limit" }, percent = int { min = 0, max = 999 },
                 level = enum { "ok", "warn", "full" } }
record "Limits" {
  mailboxes = ref "Share", aliases = ref "Share",
  quota = ref "Share" { doc = "bytes: what the quotas of all mailboxes add up to" },
  quota_most = int { unit = "bytes", doc = "for one mailbox; 0 = no limit" },
  quota_default = int { unit = "bytes", doc = "what a new mailbox gets; 0 = as much as one may have" },
}
record "Domain" {
  id = id, version = int, domain = text { max = 253 }, name = text { max = 253 },
  description = text { max = 255, optional = true },
  mailboxes = int, aliases = int, limits = ref "Limits", created = time, url = url, mailboxes_url = url, aliases_url = url,
}
record "DomainAdmin" { id = id, email = text { max = 254 }, name = text { max = 200, optional = true },
                       active = bool, last_seen = time { optional = true }, url = url { optional = true },
                       remove = ref "Action" { optional = true } }

page "domains.list" {
  since = "1.0", route = "/domains", roles = { "server", "domain" },
  doc = "The domains the reader may see, one keyset page.",
  must = { "add", "rows.url" },
  model = { rows = list "Domain", pager = ref "Pager", filter = ref "Form", filtered = bool, total = ref "Count", sort = ref "Sort",
            add = url { optional = true },
            bulk = ref "BulkForm" { optional = true, doc = "what may be done to the selected rows" },
            names = url { optional = true, doc = "the names of all domains, where the server opens them to domain admins" } },
  blocks = { "head", "filters", "table", "columns", "row", "empty", "bulk", "pager" },
}
record "DomainName" { domain = text { max = 253, doc = "the A-label form" }, name = text { max = 253 },
                      idn = bool { doc = "the name is another than the A-label form" } }
page "domains.names" {
  since = "1.0", route = "/domains/names", roles = { "server", "domain" },
  doc = "The bare names of all domains of this server; for domain admins where privacy_level is 1 or above.",
  model = { rows = list "DomainName", pager = ref "Pager", filter = ref "Form", filtered = bool },
}
page "domains.form" {
  since = "1.0", route = "/domains/new", roles = { "server", "domain" },
  doc = "Add a domain, or edit one.",
  model = { form = ref "Form", domain = ref "Domain" { optional = true } },
}
page "domains.show" {
  since = "1.0", route = "/domains/{domain}", roles = { "server", "domain" },
  doc = "One domain: numbers, who administers it, what happened last, and the way to each task.",
  must = { "add_mailbox", "edit", "delete", "administrators", "policy" },
  model = { domain = ref "Domain", admins = list "DomainAdmin", recent = list "AuditRow",
            add_mailbox = url { optional = true }, add_alias = url { optional = true }, edit = url { optional = true },
            delete = url { optional = true }, administrators = url { optional = true },
            activity = url { optional = true }, policy = url { optional = true },
            in_force = ref "PolicyInForce" { optional = true, doc = "the spam policy of those who chose none" } },
}
page "domains.delete" {
  since = "1.0", route = "/domains/{domain}/delete", roles = { "server" },
  doc = "What is lost with a domain; the typed name deletes it.",
  model = { domain = ref "Domain", form = ref "Form", mailboxes = int, aliases = int, admins = int },
}
page "domains.admins" {
  since = "1.0", route = "/domains/{domain}/admins", roles = { "server", "domain" },
  doc = "Who administers this domain; a server admin adds and removes.",
  model = { domain = ref "Domain", rows = list "DomainAdmin", form = ref "Form" { optional = true } },
}
