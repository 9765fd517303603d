-- SPDX-License-Identifier: GPL-3.0-or-later

record "Quota"   { used = int { unit = "bytes" }, limit = int { unit = "bytes", doc = "0 = no limit" },
                   percent = int { min = 0, max = 999 }, level = enum { "ok", "warn", "full" },
                   messages = int, messages_limit = int { doc = "0 = no limit" } }
record "Mailbox" {
  id = id, version = int, email = text { max = 254, doc = "as people read it" },
  domain = text { max = 253 }, mailbox = text { max = 64, doc = "the local part" },
  name = text { max = 200, optional = true }, active = bool,
  role = enum { "super", "server", "domain", "user" },
  quota = ref "Quota", last_seen = time { optional = true }, created = time, url = url,
  toggle = ref "Action" { optional = true, doc = "absent where the reader may not disable it" },
}
record "Invite" {
  made = time, by = text { max = 254, optional = true, doc = "absent: in the shell" }, expires = time,
  withdraw = ref "Action" { optional = true },
}

page "mailboxes.list" {
  since = "1.0", route = "/domains/{domain}/mailboxes", roles = { "server", "domain" },
  doc = "The mailboxes of one domain (or of all the reader may see), one keyset page.",
  must = { "add", "rows.url" },
  model = { domain = ref "DomainRef" { optional = true }, rows = list "Mailbox", pager = ref "Pager",
            filter = ref "Form", filtered = bool, total = ref "Count" { optional = true, doc = "absent where nobody has counted what the filter lets through" }, sort = ref "Sort", add = url { optional = true },
            looked = ref "Looked" { optional = true, doc = "there are more to look at before this page is full" },
            bulk = ref "BulkForm" { optional = true, doc = "what may be done to the selected rows" } },
  blocks = { "head", "filters", "table", "columns", "row", "empty", "bulk", "pager" },
}
page "mailboxes.form" {
  since = "1.0", route = "/domains/{domain}/mailboxes/new", roles = { "server", "domain" },
  doc = "Add a mailbox, or edit one.",
  model = { form = ref "Form", domain = ref "DomainRef", mailbox = ref "Mailbox" { optional = true },
            limits = ref "Limits" { optional = true, doc = "the domain's; absent where it has none" } },
}
page "mailboxes.show" {
  since = "1.0", route = "/domains/{domain}/mailboxes/{mailbox}", roles = { "server", "domain" },
  doc = "One mailbox: state, storage, last sign-in, who it is, what happened, the way to each task.",
  must = { "edit", "password", "spam", "delete" },
  model = { mailbox = ref "Mailbox", domain = ref "DomainRef", administers = list "DomainRef",
            recent = list "AuditRow", protected = bool { doc = "the reader may not touch this account" },
            maildir = text { doc = "folder below the mail root" },
            alias = ref "Alias" { optional = true, doc = "takes the mail of this address" },
            forward = url { optional = true, doc = "where there is none: to make one" },
            aliases = list "Alias" { doc = "the first that lead here" }, all_aliases = url { optional = true },
            pending = ref "Invite" { optional = true, doc = "a one-time link that works now" },
            edit = url { optional = true }, password = url { optional = true },
            delete = url { optional = true }, spam = url { optional = true },
            in_force = ref "PolicyInForce" { optional = true, doc = "the spam policy; absent: the mail server's own configuration counts" } },
}
page "mailboxes.password" {
  since = "1.0", route = "/domains/{domain}/mailboxes/{mailbox}/password", roles = { "server", "domain" },
  doc = "Set another account's password.",
  must = { "invite" },
  model = { mailbox = ref "Mailbox", domain = ref "DomainRef", form = ref "Form",
            invite = url { optional = true, doc = "where a one-time link is made instead" } },
}
page "mailboxes.invite" {
  since = "1.0", route = "/domains/{domain}/mailboxes/{mailbox}/invite", roles = { "server", "domain" },
  doc = "Make a one-time link with which the account's owner sets its password, or (form.danger) take it back.",
  model = { mailbox = ref "Mailbox", domain = ref "DomainRef", form = ref "Form",
            pending = ref "Invite" { optional = true, doc = "a link that was made before; a new one ends it" } },
}
page "mailboxes.link" {
  since = "1.0", route = "/domains/{domain}/mailboxes/{mailbox}/invite", roles = { "server", "domain" },
  doc = "A one-time link, shown once, to be handed on.",
  must = { "next" },
  model = { mailbox = ref "Mailbox", domain = ref "DomainRef", link = secret, next = url, another = url },
}
page "mailboxes.secret" {
  since = "1.0", route = "/domains/{domain}/mailboxes/{mailbox}/password", roles = { "server", "domain" },
  doc = "A generated password, shown once.",
  must = { "next" },
  model = { mailbox = ref "Mailbox", domain = ref "DomainRef", password = secret, next = url, another = url },
}
page "mailboxes.delete" {
  since = "1.0", route = "/domains/{domain}/mailboxes/{mailbox}/delete", roles = { "server", "domain" },
  doc = "What is lost with a mailbox; final, the mail on disk stays.",
  model = { mailbox = ref "Mailbox", domain = ref "DomainRef", form = ref "Form",
            aliases = int { doc = "aliases whose destination is this address" } },
}
