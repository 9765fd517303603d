-- SPDX-License-Identifier: GPL-3.0-or-later
-- What every page gets besides its own model, under the name `shell`, and the records that many
-- pages share. Contract files are data: they are loaded with the constructors of lua/schema.lua and
-- nothing else.

record "Shell" {
  site      = text { doc = "the installation's name, for the header and titles" },
  prefix    = text { doc = "URL prefix of the installation, '' at the root" },
  page      = text { doc = "name of the page in this contract" },
  lang      = text, dir = enum { "ltr", "rtl" },
  scheme    = enum { "auto", "light", "dark", doc = "what the user chose; auto follows the system" },
  title_error = bool { doc = "the page shows mistakes: its title starts with 'Error: '" },
  request_id = text,
  version   = text,
  user      = ref "ShellUser" { optional = true, doc = "absent before log-in" },
  nav       = list "NavItem",
  crumbs    = list "Link",
  flash     = ref "Flash" { optional = true, doc = "what the last change did" },
  notices   = list "Flash" { doc = "for server admins: what needs attention on every page" },
  stylesheet = url { optional = true, doc = "custom properties --set-... of the theme's settings; the core links it" },
  links     = list "Link" { optional = true, doc = "of the theme's settings of type links" },
  token     = secret { doc = "form token; {% form %} writes it" },
  settings  = map { optional = true, doc = "what the site chose for the theme's settings; setting(\"name\") reads it" },
  operation = secret { doc = "operation id of this page's forms; {% form %} writes it" },
}

record "ShellUser" { email = text { max = 254 }, name = text { max = 200, optional = true },
                     role = enum { "super", "server", "domain", "user" }, url = url }
record "NavItem"   { key = enum { "overview", "domains", "mailboxes", "aliases", "relays", "lists", "policies", "admins", "audit", "themes", "status", "me", "spam", "devices", "password" },
                     label = text, url = url, current = bool,
                     apart = bool { doc = "another kind of thing begins: mail, then the server, then the reader's own account" } }
record "Link"      { label = text, url = url }
record "Flash"     { kind = enum { "done", "warn", "error" }, text = text { max = 2000 },
                     link = ref "Link" { optional = true, doc = "where more is said" },
                     undo = ref "Action" { optional = true, doc = "takes it back, for ten minutes" } }

-- A form is drawn from its fields, so that a theme can never forget one.
record "Form" {
  action = url, method = enum { "post", "get" }, version = int { optional = true },
  fields = list "FormField", errors = list "FieldError",
  chips = list "Link" { optional = true, doc = "of a filter: each thing that is filtered by, and the list without it" },
  error  = text { optional = true, doc = "a mistake that belongs to no single field" },
  submit = text, cancel = url { optional = true }, danger = bool,
  generate = bool { doc = "a second button named `generate` makes a password and shows it once" },
}
record "FormField" {
  name = text, label = text,
  type = enum { "text", "email", "password", "number", "checkbox", "select", "textarea", "hidden", "search", "color" },
  value = text { optional = true, doc = "what was typed or is stored; never a password" },
  checked = bool, options = list "FormOption",
  hint = text { optional = true }, error = text { optional = true },
  offer = text { optional = true, doc = "a value that would do instead of the one that does not" },
  group = text { optional = true, doc = "words that head a part of the form, from this field on" },
  required = bool, suffix = text { optional = true, doc = "a unit or '@example.org' behind the control" },
  lines = list "LineVerdict" { optional = true, doc = "of a control that takes a thing each line: the verdict on each" },
  autocomplete = text { optional = true }, autofocus = bool,
  min = int { optional = true }, max = int { optional = true },
}
record "LineVerdict" { line = int, text = text { doc = "as it was typed" }, verdict = enum { "good", "there", "wrong" },
                       said = text { optional = true, doc = "what is wrong, or worth knowing" },
                       offer = text { optional = true, doc = "what would do instead" } }
record "FormOption" { value = text, label = text, selected = bool }
record "FieldError" { name = text, label = text, text = text }

-- The form below a list. The rows' checkboxes are named `id` and belong to it by form="bulk". Of its fields, those
-- that are hidden go along; each option of its select may be a button.
record "BulkForm" { id = enum { "bulk" }, action = url, method = enum { "get" }, fields = list "FormField" }

-- A single button that posts: its hidden fields besides token, operation and version.
record "Action" { url = url, label = text, name = text { doc = "hidden field" }, value = text,
                  version = int { optional = true } }

record "Pager" { first = url { optional = true }, previous = url { optional = true },
                 next = url { optional = true }, shown = int,
                 sizes = list "PageSize" { optional = true, doc = "how many rows a page may have; absent where all are seen" } }
-- A list that no index can find looks at so many rows and shows which of them fit.
record "Looked" { rows = int { doc = "how many it looked at" }, found = int, on = url { doc = "goes on behind them" } }
record "PageSize" { rows = int, url = url, current = bool }
record "Sort" { url = url { doc = "the list in the other order" }, descending = bool }
record "Count" { value = int, estimated = bool }

record "DomainRef" { domain = text { max = 253, doc = "the A-label form, as in URLs" },
                     name = text { max = 253, doc = "as people read it (U-label)" }, url = url }
