-- SPDX-License-Identifier: GPL-3.0-or-later
-- Named empty places in base's pages: a theme adds to a page there without copying any of it. What fills a slot is a
-- file slots/SLOT.html or slots/SLOT/NN-NAME.html, which sees `shell` and what the slot takes.

slot "shell.header"        { since = "1.0", doc = "In the header of every page, behind the site's name." }
slot "shell.navigation"    { since = "1.0", doc = "Behind the navigation, where a small panel may stand." }
slot "shell.footer"        { since = "1.0", doc = "At the foot of every page: paragraphs." }
slot "login.below"         { since = "1.0", doc = "Below the form of the log-in page." }
slot "overview.cards"      { since = "1.0", doc = "Behind the numbers of the overview: panels of its width." }
slot "domain.row.badges"   { since = "1.0", doc = "Behind a domain's name in a list.", takes = { { "d", ref "Domain" } } }
slot "domain.row.actions"  { since = "1.0", doc = "At the end of a domain's row.", takes = { { "d", ref "Domain" } } }
slot "domain.panels"       { since = "1.0", doc = "Panels on a domain's page.", takes = { { "d", ref "Domain" } } }
slot "mailbox.row.badges"  { since = "1.0", doc = "Behind a mailbox's address in a list.", takes = { { "m", ref "Mailbox" } } }
slot "mailbox.row.actions" { since = "1.0", doc = "At the end of a mailbox's row.", takes = { { "m", ref "Mailbox" } } }
slot "mailbox.facts"       { since = "1.0", doc = "More lines of the facts of a mailbox: <div><dt>...</dt><dd>...</dd></div>.",
                             takes = { { "m", ref "Mailbox" } } }
slot "mailbox.panels"      { since = "1.0", doc = "Panels on a mailbox's page.", takes = { { "m", ref "Mailbox" } } }
slot "alias.row.badges"    { since = "1.0", doc = "Behind an alias's address in a list.", takes = { { "a", ref "Alias" } } }
slot "alias.row.actions"   { since = "1.0", doc = "At the end of an alias's row.", takes = { { "a", ref "Alias" } } }
slot "alias.facts"         { since = "1.0", doc = "More lines of the facts of an alias: <div><dt>...</dt><dd>...</dd></div>.",
                             takes = { { "a", ref "Alias" } } }
slot "alias.panels"        { since = "1.0", doc = "Panels on an alias's page.", takes = { { "a", ref "Alias" } } }
slot "me.panels"           { since = "1.0", doc = "Panels on the reader's own page.", takes = { { "m", ref "Mailbox" } } }
