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
            recent = list "ActivityRow", password = url, spam = url, appearance = url, activity = url, devices = url,
            mail = ref "MailFlow",
            language = text { optional = true, doc = "the language that was chosen, in its own words; absent: as the browser asks" } },
}
record "Session" { started = time, last_seen = time, remote = text { max = 64 }, agent = text { max = 255 }, current = bool }
record "MailFlow" {
  kept = bool { doc = "mail to the account stays in its mailbox; false: it is only sent on" },
  aliases = list { text { max = 254 } } { doc = "addresses whose mail comes here too; a catch-all as *@example.org" },
  forwards = list { text { max = 254 } } { doc = "addresses to which mail to the account is sent on" },
}
record "ActivityRow" {
  id = id, at = time, own = bool { doc = "the reader did it; else somebody did it to the reader's account" },
  actor = text { max = 254, doc = "who; of the machine's own command line just console" },
  action = text, label = text { doc = "the action in words" }, object = text { max = 512 },
  outcome = enum { "done", "refused" },
  remote = text { max = 64, optional = true, doc = "from where; of the reader's own only" },
}
page "me.activity" {
  since = "1.0", route = "/me/activity", roles = { "server", "domain", "user" },
  doc = "What the reader did, and what others did to the reader's account; one keyset page.",
  model = { rows = list "ActivityRow", pager = ref "Pager" },
}
record "MailServer" { service = enum { "imap", "smtp" }, host = text { max = 253 }, port = int,
                      security = enum { "tls", "starttls", "none" } }
page "me.devices" {
  since = "1.0", route = "/me/devices", roles = { "server", "domain", "user" },
  doc = "What to enter in a mail program; here a one-time link leads after the password is set.",
  model = { email = text { max = 254, doc = "as people read it" }, user = text { max = 254, doc = "the name to sign in with" },
            servers = list "MailServer", password = url },
}
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
