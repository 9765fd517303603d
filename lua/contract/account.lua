-- SPDX-License-Identifier: GPL-3.0-or-later

page "login" {
  since = "1.0", route = "/login", roles = { "anonymous" },
  doc = "Sign in. Before log-in the shell has no user and no navigation.",
  must = { "secure_url" }, mistakes = "problem",
  model = { form = ref "Form", problem = text { optional = true, doc = "wrong, throttled or busy" },
            secure_url = url { optional = true, doc = "set where log-in over http is refused: the same page over https; the form then has no fields" } },
}
page "invite" {
  since = "1.0", route = "/invite/{token}", roles = { "anonymous" },
  doc = "Where a one-time link leads: its holder sets the password of the account, and is signed in.",
  model = { email = text { max = 254, doc = "whose account, as people read it" },
            expires = time { doc = "the link works so long" }, form = ref "Form" },
}
page "logout" {
  since = "1.0", route = "/logout", roles = { "server", "domain", "user" },
  doc = "Asks, with one button.",
  model = { form = ref "Form" },
}
page "me.show" {
  since = "1.0", route = "/me", roles = { "server", "domain", "user" },
  doc = "The reader's own account.",
  must = { "password" },
  model = { mailbox = ref "Mailbox", administers = list "DomainRef", sessions = list "Session",
            recent = list "AuditRow", password = url, spam = url, appearance = url,
            language = text { optional = true, doc = "the language that was chosen, in its own words; absent: as the browser asks" } },
}
record "Session" { started = time, last_seen = time, remote = text { max = 64 }, agent = text { max = 255 }, current = bool }
page "me.appearance" {
  since = "1.0", route = "/me/appearance", roles = { "server", "domain", "user" },
  doc = "Choose the language of the pages.",
  model = { form = ref "Form" },
}
page "me.password" {
  since = "1.0", route = "/me/password", roles = { "server", "domain", "user" },
  doc = "Change the reader's own password; the other sessions end.",
  model = { form = ref "Form" },
}
