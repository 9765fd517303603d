-- SPDX-License-Identifier: GPL-3.0-or-later

record "Theme" {
  theme = text { max = 40, doc = "its folder's name, as in URLs" }, title = text { max = 60 },
  version = text { max = 40, optional = true }, author = text { max = 80, optional = true },
  license = text { max = 40, optional = true },
  homepage = text { max = 120, optional = true, doc = "as the theme wrote it: a text, not a link" },
  description = text { max = 120, optional = true }, extends = text { max = 40, optional = true },
  contract = text { max = 20, optional = true },
  light = bool, dark = bool, active = bool { doc = "the site wears it" },
  preview = bool { doc = "this session alone wears it" }, aside = bool { doc = "it failed too often and rests" },
  settings = int { doc = "how many it has" }, screenshot = url { optional = true },
  state = enum { "ok", "warn", "bad", "unknown", doc = "what the check says; unknown: there was no time to ask" },
  errors = int, warnings = int, faults = int { doc = "what went wrong in the last seven days" },
  problem = text { optional = true, doc = "why it cannot be read at all" }, url = url,
}
record "Finding" {
  level = enum { "fatal", "error", "warning", "advice" }, code = text, place = text { optional = true, doc = "file:line:column" },
  text = text, mend = text { optional = true },
}
record "ThemeFault" {
  theme = text { max = 40 }, text = text { doc = "with file:line where it is known" }, count = int, first = time, last = time,
  report = url { optional = true, doc = "of its theme, if that is still there" },
}

page "themes.list" {
  since = "1.0", route = "/themes", roles = { "server" },
  doc = "Which themes there are, which one the site wears, and how each stands the check.",
  model = { rows = list "Theme", pager = ref "Pager", safe = url { doc = "the built-in theme for this browser alone" } },
}
page "themes.show" {
  since = "1.0", route = "/themes/{theme}", roles = { "server" },
  doc = "One theme, and what can be done with it.",
  model = { theme = ref "Theme", findings = list "Finding", preview = ref "Action" { optional = true },
            activate = url { optional = true }, settings = url { optional = true }, report = url },
}
page "themes.settings" {
  since = "1.0", route = "/themes/{theme}/settings", roles = { "server" },
  doc = "What the theme lets the site choose; the form is made from its manifest.",
  model = { theme = ref "Theme", form = ref "Form" },
}
page "themes.report" {
  since = "1.0", route = "/themes/{theme}/report", roles = { "server" },
  doc = "Every finding of the check, and what went wrong in the last seven days.",
  model = { theme = ref "Theme", findings = list "Finding", faults = list "ThemeFault",
            retry = ref "Action" { optional = true } },
}
page "themes.confirm" {
  since = "1.0", route = "/themes/{theme}/activate", roles = { "server" },
  doc = "Asks before a theme is activated, tried on, or given another try.",
  model = { theme = ref "Theme", task = enum { "activate", "preview", "retry" }, form = ref "Form", findings = list "Finding" },
}
page "safe" {
  since = "1.0", route = "/safe", roles = { "anonymous", "server", "domain", "user" },
  doc = "One button: the built-in theme for this browser, or the site's again.",
  model = { form = ref "Form", safe = bool, everybody = bool { doc = "the configuration says so for all" } },
}
