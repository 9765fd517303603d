-- SPDX-License-Identifier: GPL-3.0-or-later
-- Invented view models, written by hand: what each page holds on an ordinary day (`usual`), and the
-- states that no rule can find (an empty installation, a log-in that is refused). fixtures.lua completes
-- them by the contract and makes the awkward cases from them.
-- Returns { now =, pages = { [page] = { [case] = { vm =, shell = changes to the shell } } }, records = }.

local NOW = 1761998400
local function time(ago) return { seconds = NOW - ago, offset = 3600, zone = "CET" } end
local MINUTE, HOUR, DAY = 60, 3600, 86400
local GB = 1024 * 1024 * 1024

local function field(name, label, kind, more)
  local made = { name = name, label = label, type = kind, checked = false, options = {}, required = true, autofocus = false }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
local function form(action, submit, fields, more)
  local made = { action = action, method = "post", version = 3, fields = fields, errors = {}, submit = submit,
                 danger = false, generate = false, cancel = "/domains/example.org/mailboxes" }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
local function option(value, label, selected) return { value = value, label = label, selected = selected or false } end

local domain_ref = { domain = "example.org", name = "example.org", url = "/domains/example.org" }
local function quota(used, limit, level)
  return { used = used, limit = limit, percent = limit > 0 and used * 100 // limit or 0, level = level or "ok",
           messages = used // 70000, messages_limit = 0 }
end
local function mailbox(id, name, person, used, limit, level, more)
  local made = { id = id, email = name .. "@example.org", domain = "example.org", mailbox = name, name = person,
    active = true, role = "user", quota = quota(used, limit, level), last_seen = time(id * 5 * HOUR),
    created = time(300 * DAY), url = "/domains/example.org/mailboxes/" .. name }
  made.toggle = { url = made.url .. "/active", label = "Disable", name = "active", value = "0", version = 1 }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
local ada = mailbox(1, "ada", "Ada Lovelace", 170 * GB // 100, 5 * GB, "ok", { role = "domain" })
local people = {
  ada,
  mailbox(2, "alan.turing", "Alan Turing", 46 * GB // 10, 5 * GB, "warn"),
  mailbox(3, "annie.easley", "Annie Easley", 5 * GB, 5 * GB, "full"),
  mailbox(4, "barbara", "Barbara Liskov", 12 * GB, 0, "ok"),
  mailbox(5, "postmaster", nil, 20 * 1024 * 1024, GB, "ok", { role = "server", toggle = false }),
  mailbox(6, "dorothy", "Dorothy Vaughan", 0, GB, "ok", { active = false, last_seen = false }),
  mailbox(7, "edsger", "Edsger W. Dijkstra", 7 * GB // 10, 2 * GB),
  mailbox(8, "frances", "Frances Allen", 11 * GB // 10, 2 * GB),
  mailbox(9, "grace", "Grace Hopper", 19 * GB // 10, 2 * GB, "warn"),
  mailbox(10, "zoe", "Zoë \"Zed\" Müller", 3 * GB // 10, 2 * GB),
}
for _, row in ipairs(people) do
  if row.toggle == false then row.toggle = nil end
  if row.last_seen == false then row.last_seen = nil end
  if row.toggle and not row.active then row.toggle.label, row.toggle.value = "Enable", "1" end
end

local function event(id, label, object, actor, ago, more)
  local made = { id = id, at = time(ago), actor = actor, action = "mailbox.edit", label = label, object = object,
                 outcome = "done", via = "web", url = "/audit/" .. id }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
local recent = {
  event(9, "Add mailbox", "grace@example.org", "ada@example.org", 4 * MINUTE),
  event(8, "Set password", "alan.turing@example.org", "ada@example.org", 3 * HOUR),
  event(7, "Delete mailbox", "super@example.org", "alan.turing@example.org", 20 * HOUR, { outcome = "refused" }),
  event(6, "Edit domain", "example.org", "root on the machine", 3 * DAY, { via = "cli" }),
}
local function share(used, limit)
  local percent = limit > 0 and used * 100 // limit or 0
  return { used = used, limit = limit, percent = percent, level = percent >= 100 and "full" or percent >= 90 and "warn" or "ok" }
end
local function limits(mailboxes, aliases, given, most)
  return { mailboxes = mailboxes, aliases = aliases, quota = given, quota_most = most, quota_default = most }
end
local function done(id, label, actor, ago, more)
  local made = { id = id, at = time(ago), own = actor == "ada@example.org", actor = actor, action = "mailbox.edit", label = label,
                 object = "ada@example.org", outcome = "done" }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
local activity = {
  done(19, "Change one's own password", "ada@example.org", 4 * MINUTE, { remote = "192.0.2.17" }),
  done(18, "Edit mailbox", "grace@example.org", 3 * HOUR),
  done(17, "Delete mailbox", "ada@example.org", 20 * HOUR, { outcome = "refused", object = "super@example.org", remote = "2001:db8::1f" }),
  done(16, "Add mailbox", "console", 3 * DAY),
}
local function domain(id, name, mailboxes, aliases, text, its)
  return { limits = its or limits(share(mailboxes, 0), share(aliases, 0), share(mailboxes * GB, 0), 0), id = id, domain = name, name = name, description = text, mailboxes = mailboxes, aliases = aliases,
           created = time(id * 40 * DAY), url = "/domains/" .. name, mailboxes_url = "/domains/" .. name .. "/mailboxes",
           aliases_url = "/domains/" .. name .. "/aliases" }
end
local example = domain(1, "example.org", 1243, 86, "The main domain")
local bounded = limits(share(12, 12), share(3, 20), share(46 * GB, 50 * GB), 5 * GB)
local domains = { example, domain(2, "example.net", 12, 3, nil, bounded), domain(3, "bücher.example", 1, 0, "Books and more"),
                  domain(4, "mathematics.example", 310, 41) }

local function alias(id, source, destinations, more)
  local made = { id = id, version = 2, email = source .. "@example.org", domain = "example.org", source = source, kind = "alias",
    destinations = destinations, more = 0, catch_all = source == "", keep_copy = false, active = true, created = time(id * 20 * DAY),
    url = "/domains/example.org/aliases/" .. id }
  made.toggle = { url = made.url .. "/edit", label = "Disable", name = "active", value = "0", version = 2 }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
local sales = alias(21, "sales", { "ada@example.org", "grace@example.org", "orders@partner.example" }, { description = "Orders of the shop" })
local aliases = {
  alias(20, "", { "postmaster@example.org" }, { kind = "catchall" }),
  alias(22, "ada", { "ada.lovelace@home.example" }, { keep_copy = true }),
  alias(23, "everybody", { "ada@example.org", "alan.turing@example.org", "annie.easley@example.org", "barbara@example.org",
    "dorothy@example.org" }, { more = 38, kind = "internal", active = false }),
  sales,
}

local mailbox_filter = form("/domains/example.org/mailboxes", "Filter", {
  field("q", "Address", "search", { value = "" }),
  field("state", "State", "select", { options = { option("", "Any", true), option("on", "On"), option("off", "Off") } }),
}, { method = "get" })
local function filter(action, label)
  return form(action, "Filter", { field("q", label, "search", { value = "" }) }, { method = "get" })
end
local function filtered(from)
  local made = {}
  for key, value in pairs(from) do made[key] = value end
  made.fields = { field("q", from.fields[1].label, "search", { value = "qqq" }), from.fields[2] }
  made.chips = { { label = from.fields[1].label .. ": qqq", url = from.action } }
  return made
end
local pager = { first = "/x?", previous = "/x?before=1", next = "/x?after=2", shown = 10,
  sizes = { { rows = 25, url = "/x?rows=25", current = false }, { rows = 50, url = "/x?rows=50", current = true }, { rows = 100, url = "/x?rows=100", current = false } } }
local sort = { url = "/x?order=desc", descending = false }
local no_pager = { shown = 0 }

local function mailbox_form()
  local made = form("/domains/example.org/mailboxes/new", "Add mailbox", {
    field("mailbox", "Address", "text", { suffix = "@example.org", autocomplete = "off", autofocus = true,
          hint = "Letters, digits, dots and hyphens, such as ada or ada.lovelace.", value = "ada" }),
    field("name", "Name", "text", { required = false, autocomplete = "off", value = "" }),
    field("password", "Password", "password", { autocomplete = "new-password",
          hint = "Leave it empty for a one-time link with which the owner sets it." }),
    field("role", "Role", "select", { options = { option("user", "User", true), option("domain", "Domain admin") } }),
    field("quota", "Space", "number", { group = "Limits", suffix = "MB", value = "1024", hint = "Such as 500 MB or 2 GB. 0 means no limit." }),
    field("active", "Active", "checkbox", { checked = true, hint = "A disabled mailbox takes no mail and nobody can sign in to it." }),
    field("note", "Note", "textarea", { required = false, value = "First line\nsecond line" }),
  }, { generate = true })
  return made
end
local login_form = form("/login", "Sign in", {
  field("email", "Address", "email", { autocomplete = "username", autofocus = true, value = "" }),
  field("password", "Password", "password", { autocomplete = "current-password" }),
  field("back", "", "hidden", { value = "/" }),
})
login_form.cancel = nil
local invite_form = form("?", "Set password and sign in", {
  field("password", "New password", "password", { autocomplete = "new-password", hint = "At least 8 characters. Several words make a good one." }),
})
invite_form.cancel = nil
local no_user = { user = false, nav = {}, crumbs = {} }

local function crumbs(...)
  local made = {}
  for _, label in ipairs { ... } do made[#made + 1] = { label = label, url = "/" } end
  return made
end
local function hidden(name, value) return field(name, "", "hidden", { value = value, required = false }) end
local function selected(kind, list, options)
  return { id = "bulk", action = "/bulk/preview", method = "get", fields = {
    hidden("kind", kind), hidden("next", list), field("action", "With the selected", "select", { options = options }) } }
end
local bulk_form = selected("mailboxes", "/domains/example.org/mailboxes", { option("enable", "Enable"), option("disable", "Disable"),
  option("quota", "Change space"), option("delete", "Delete") })
local function bulk_page(heading, fields, more)
  local hiddens = { hidden("kind", "mailboxes"), hidden("action", "delete"), hidden("id", "1:3"), hidden("id", "2:1") }
  table.move(hiddens, 1, #hiddens, #fields + 1, fields)
  local made = { heading = heading, rows_heading = "These are enabled", danger = false, count = 2, more = 0, skipped = {}, back = "/domains/example.org/mailboxes",
    rows = { { id = 1, label = "ada@example.org" }, { id = 2, label = "alan.turing@example.org" } },
    form = form("/bulk", heading, fields) }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
local function list(rows, more)
  local made = { domain = domain_ref, rows = rows, pager = pager, filter = mailbox_filter, filtered = false, sort = sort,
                 bulk = #rows > 0 and bulk_form or nil,
                 total = { value = 1243, estimated = false }, add = "/domains/example.org/mailboxes/new" }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
local nothing = { value = 0, estimated = false }
-- Of a filter that no index serves: how many fit is not known.
local function list_so_far(rows)
  local made = list(rows, { pager = no_pager, filtered = true,
                            looked = { rows = 5000, found = #rows, on = "/domains/example.org/mailboxes?use=nearly-full&after=hopper" } })
  made.total = nil
  return made
end
local in_domain = { crumbs = crumbs("Domains", "example.org"), current = "mailboxes" }
local in_mailbox = { crumbs = crumbs("Domains", "example.org", "Mailboxes", "ada@example.org"), current = "mailboxes" }

local in_aliases = { crumbs = crumbs("Domains", "example.org"), current = "aliases" }
local in_alias = { crumbs = crumbs("Domains", "example.org", "Aliases", "sales@example.org"), current = "aliases" }
local function alias_list(rows, more)
  local made = list(rows, { filter = form("/domains/example.org/aliases", "Filter", {
    field("q", "Address", "search", { value = "" }),
    field("state", "State", "select", { options = { option("", "Any", true), option("on", "On"), option("off", "Off") } }),
    field("to", "Leads to", "text", { value = "" }),
  }, { method = "get" }), total = { value = 86, estimated = false }, add = "/domains/example.org/aliases/new" })
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
local function alias_form(lines)
  return form("/domains/example.org/aliases/new", "Add alias", {
    field("source", "Name before the @", "text", { suffix = "@example.org", required = false, value = "sales" }),
    field("catch_all", "Catch-all", "checkbox", { hint = "Takes the mail of every name that the domain does not have, much of it spam. The name before the @ stays empty." }),
    field("destinations", "Goes to", "textarea", { hint = "One address a line, on this server or elsewhere; at most 100.", required = false,
      value = "ada@example.org\ngrace@@example.org", lines = lines, error = lines and "Nothing was changed. These lines are not right: 2." }),
    field("keep_copy", "Keep a copy", "checkbox", { checked = true }),
  }, { cancel = "/domains/example.org/aliases" })
end
local wrong_lines = { { line = 1, text = "ada@example.org", verdict = "good" },
  { line = 2, text = "grace@@example.org", verdict = "wrong", said = "The part before the @ cannot hold @.", offer = "grace@example.org" },
  { line = 3, text = "zoe@example.org", verdict = "there" } }

local pending = { made = time(4 * HOUR), by = "grace@example.org", expires = time(-20 * HOUR),
                  withdraw = { url = "/w", label = "Withdraw", name = "return", value = "1" } }
local show = { mailbox = ada, domain = domain_ref, administers = { domain_ref }, recent = recent, protected = false,
               alias = aliases[2], aliases = { sales, aliases[3] }, all_aliases = "/aliases?to=ada%40example.org",
               maildir = "example.org/ada", edit = "/e", password = "/p", delete = "/d", spam = "/s", in_force = { name = "Strict", source = "own" },
               pending = pending }

local function theme(name, title, more)
  local made = { theme = name, title = title, version = "1.0.0", author = "Ada Lovelace", license = "MIT", extends = "base",
    contract = "1.0", light = true, dark = true, active = false, preview = false, aside = false, settings = 0, state = "ok",
    errors = 0, warnings = 0, faults = 0, url = "/themes/" .. name }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
local harbour = theme("harbour", "Harbour", { settings = 3, state = "warn", warnings = 2, faults = 1,
  description = "Quiet greens for a small office." })
local themes = { theme("base", "Base", { active = true, license = "GPL-3.0-or-later" }), harbour,
  theme("broken", "broken", { state = "bad", aside = true, problem = "broken/theme.lua is missing" }) }
local findings = {
  { level = "error", code = "MB021", place = "pages/login.html:3:12", text = "Form has no field 'submitt' - did you mean 'submit'?" },
  { level = "warning", code = "MB110", place = "app.css:14:3", text = "A side is named left or right. margin-left: 1rem",
    mend = "Use the logical property: margin-inline-start." },
}
local in_themes = { current = "themes", crumbs = crumbs("Themes", "Harbour") }

local function admin(id, name, role, count, more)
  local made = { id = id, email = name .. "@example.org", role = role, active = true, domains = count, last_seen = time(id * HOUR),
                 url = "/admins/" .. id }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
local sessions = { { started = time(2 * HOUR), last_seen = time(10), remote = "192.0.2.17", agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", current = true },
  { started = time(9 * DAY), last_seen = time(2 * DAY), remote = "2001:db8::1f", agent = "Mozilla/5.0 (iPhone)", current = false } }
local in_admins = { current = "admins", crumbs = crumbs("Administrators") }

local function policy(id, name, text, mailboxes, domains, summary, more)
  local made = { id = id, version = 2, name = name, description = text, offered = true, server_default = false,
                 mailboxes = mailboxes, mailboxes_more = false, domains = domains, domains_more = false, summary = summary, values = {}, created = time(id * 30 * DAY),
                 url = "/policies/" .. id }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
local strict = policy(1, "Strict", "For those who get too much of it", 1000, 2, { "spam from 4", "held back from 6" }, { mailboxes_more = true })
local relaxed = policy(2, "Relaxed", nil, 3, 0, { "spam from 8", "held back from 15", "the subject of spam is marked" },
                       { server_default = true })
local policies = { relaxed, strict, policy(3, "Nothing at all", nil, 0, 0, {}, { offered = false }) }
local presets = { { label = "Relaxed", text = "Lets doubtful mail through: little is marked, only the worst is held back.", url = "/policies/new?preset=relaxed", current = false },
                  { label = "Strict", text = "Marks and holds back early. Now and then that hits a message that was wanted.", url = "/policies/new?preset=strict", current = true } }
local function setting(name, label, value, more)
  local made = { field = name, label = label, value = value, differs = false }
  for key, other in pairs(more or {}) do made[key] = other end
  return made
end
local in_policies = { current = "policies", crumbs = crumbs("Spam policies") }
local choices = { { id = 1, name = "Strict", description = "For those who get too much of it", chosen = true,
                    summary = { "spam from 4", "held back from 6" } },
                  { id = 3, name = "Nothing at all", chosen = false, summary = {} } }
local in_force = {
  setting("spam_tag2_level", "Spam from", "4", { group = "Spam", source = "own", from = "Strict" }),
  setting("spam_kill_level", "Held back from", "3.5", { source = "domain", from = "Middle",
    note = "This is below the score from which mail counts as spam (4), which another policy sets. Choose a policy that sets both." }),
  setting("spam_subject_tag2", "Tag of spam", "***SPAM***", { group = "Subject", source = "server", from = "Relaxed" }),
}
local choice_form = form("/me/spam", "Save", { field("policy", "Policy", "select", { hint = "How mail is checked.",
  options = { option("", "As the domain has it"), option("1", "Strict", true), option("3", "Nothing at all") } }) })

local pages = {
  ["policies.list"] = {
    usual = { shell = { current = "policies" }, vm = { rows = policies, pager = pager, total = { value = 3, estimated = false }, add = "/policies/new",
              filter = filter("/policies", "Policy"), filtered = false, sort = sort,
              bulk = selected("policies", "/policies", { option("offer", "Offer"), option("withhold", "Do not offer"), option("delete", "Delete") }) } },
    empty = { shell = { current = "policies" }, vm = { rows = {}, pager = no_pager, total = nothing, add = "/policies/new",
              filter = filter("/policies", "Policy"), filtered = false, sort = sort } },
  },
  ["policies.form"] = {
    usual = { shell = in_policies, vm = { presets = presets, form = form("/policies/new", "Add policy", {
      field("name", "Name", "text", { value = "Strict" }), field("offered", "Offered", "checkbox", { checked = true }),
      field("spam_tag2_level", "Spam from", "text", { group = "Spam", required = false, value = "4", offer = "4.5" }),
      field("spam_lover", "Deliver spam", "select", { group = "What is delivered all the same", required = false,
            options = { option("", "Not set", true), option("1", "Yes"), option("0", "No") } }) }) } },
    edit = { shell = in_policies, vm = { presets = presets, policy = strict, form = form("/p", "Save", {
      field("name", "Name", "text", { value = "Strict" }) }) } },
  },
  ["policies.show"] = {
    usual = { shell = in_policies, vm = { policy = strict, edit = "/e", delete = "/d",
      compare = { { label = "Relaxed", url = "/policies/1?with=2" } },
      settings = { setting("spam_tag2_level", "Spam from", "4", { group = "Spam" }), setting("spam_kill_level", "Held back from", "6") } } },
    compared = { shell = in_policies, vm = { policy = strict, other = relaxed, compare = {}, settings = {
      setting("spam_tag2_level", "Spam from", "4", { group = "Spam", other = "8", differs = true }),
      setting("spam_subject_tag2", "Tag of spam", nil, { other = "***SPAM***", differs = true }) } } },
    empty = { shell = in_policies, vm = { policy = policies[3], compare = {}, settings = {} } },
  },
  ["policies.delete"] = { usual = { shell = in_policies, vm = { policy = strict, used = { "ada@example.org", "example.net" },
    form = form("/d", "Delete policy", {}, { danger = true }) } } },
  ["policies.choose"] = {
    usual = { shell = { current = "spam" }, vm = { form = choice_form, mailbox = ada, choices = choices, settings = in_force } },
    domain = { shell = in_domain, vm = { form = choice_form, domain = example, choices = choices, settings = {} } },
  },
  ["admins.list"] = {
    usual = { shell = { current = "admins" }, vm = { rows = { admin(1, "root", "super", 0, { name = "Ada Lovelace" }), admin(2, "ada", "server", 2), admin(7, "edsger", "domain", 1), admin(8, "frances", "domain", 12, { active = false }) }, pager = { next = "/x", shown = 2 }, add = "/admins/new", filter = filter("/admins", "Address"), filtered = false } },
    empty = { shell = { current = "admins" }, vm = { rows = {}, pager = no_pager, filter = filter("/admins", "Address"), filtered = true } },
  },
  ["admins.form"] = { usual = { shell = in_admins, vm = { form = form("/admins/new", "Make administrator", {
    field("address", "Address", "email", { autofocus = true, hint = "A mailbox on this server." }),
    field("domain", "Domain", "text", { required = false, value = "", hint = "The domain to administer." }) }, { cancel = "/admins" }) } } },
  ["admins.show"] = {
    usual = { shell = in_admins, vm = { mailbox = people[5], recent = recent, sessions = sessions, add = "/admins/new?address=a", remove = "/r", end_sessions = "/s",
      domains = { { domain = "example.org", name = "example.org", url = "/domains/example.org", remove = { url = "/r", label = "Remove", name = "address", value = "a" } },
                  { domain = "example.net", name = "example.net", url = "/domains/example.net" } } } },
    empty = { shell = in_admins, vm = { mailbox = people[6], recent = {}, sessions = {}, domains = {} } },
  },
  ["admins.confirm"] = {
    usual = { shell = in_admins, vm = { mailbox = people[5], task = "remove", form = form("/r", "Take the right away", {}, { danger = true, cancel = "/admins/5" }) } },
    sessions = { shell = in_admins, vm = { mailbox = people[5], task = "sessions", form = form("/s", "End sessions", {}, { danger = true, cancel = "/admins/5" }) } },
  },
  ["themes.list"] = { usual = { shell = { current = "themes" }, vm = { rows = themes, safe = "/safe" } } },
  ["themes.show"] = { usual = { shell = in_themes, vm = { theme = harbour, findings = findings, report = harbour.url .. "/report",
    preview = { url = harbour.url .. "/preview", label = "Try it on", name = "theme", value = "harbour" },
    activate = harbour.url .. "/activate", settings = harbour.url .. "/settings" } } },
  ["themes.settings"] = { usual = { shell = in_themes, vm = { theme = harbour, form = form(harbour.url .. "/settings", "Save", {
    field("accent", "Accent colour", "color", { value = "#0b6470", hint = "Where a page wants to be seen.", offer = "#0a5b66" }),
    field("motto", "Motto", "text", { required = false, value = "" }),
    field("wide", "Use the whole width", "checkbox"),
    field("corners", "Corners", "select", { options = { option("round", "Round", true), option("sharp", "Sharp") } }),
  }, { cancel = harbour.url }) } } },
  ["themes.report"] = { usual = { shell = in_themes, vm = { theme = harbour, findings = findings,
    faults = { { theme = "harbour", text = "pages/login.html:3: attempt to index a nil value", count = 4, first = time(3 * DAY), last = time(HOUR), report = harbour.url .. "/report" } },
    retry = { url = harbour.url .. "/retry", label = "Try again now", name = "theme", value = "harbour" } } } },
  ["themes.confirm"] = { usual = { shell = in_themes, vm = { theme = harbour, task = "activate", findings = findings,
    form = form(harbour.url .. "/activate", "Activate", {}, { cancel = harbour.url }) } } },
  ["safe"] = { usual = { vm = { form = form("/safe", "Use the built-in theme", {}, { cancel = "/" }), safe = false, everybody = false } },
               safe = { vm = { form = form("/safe", "Back to the site's theme", {}, { cancel = "/" }), safe = true, everybody = false } } },
  ["login"] = {
    usual = { vm = { form = login_form }, shell = no_user },
    refused = { vm = { form = login_form, problem = "The address or the password is not right." }, shell = no_user },
    http = { vm = { form = form("/login", "Sign in", {}), secure_url = "https://mail.example.org/login" }, shell = no_user },
  },
  ["invite"] = { usual = { shell = no_user, vm = { email = "ada@example.org", expires = time(-20 * HOUR),
    form = invite_form } } },
  ["logout"] = { usual = { vm = { form = form("/logout", "Sign out", {}, { cancel = "/" }) } } },
  ["error"] = {
    usual = { vm = { code = 404, heading = "There is nothing here", text = "What was here may have been renamed or deleted.",
                    mends = { "Check the address.", "Start again from the overview." }, back = "/" } },
    anonymous = { vm = { code = 429, heading = "Too many attempts", text = "Wait a moment, then try again.", mends = {} }, shell = no_user },
  },
  ["conflict"] = { usual = { shell = in_mailbox, vm = { object = "ada@example.org", reload = "/e", fields = {
      { label = "Name", yours = "Ada King", theirs = "Ada Lovelace" }, { label = "Storage", yours = "5 GB", theirs = "2 GB" },
      { label = "Note", theirs = "moved" } },
      form = form("/e", "Save mine", { field("name", "Name", "hidden", { value = "Ada King" }) }) } } },
  ["overview"] = {
    usual = { shell = { current = "overview", flash = { kind = "done", text = "The mailbox grace@example.org was added." },
                       notices = { { kind = "warn", text = "The theme purplehaze has a mistake: pages/login.html:3:1." } } },
      vm = { numbers = { { key = "domains", label = "Domains", value = 4, url = "/domains" },
                         { key = "mailboxes", label = "Mailboxes", value = 1566, url = "/mailboxes" },
                         { key = "aliases", label = "Aliases", value = 130, url = "/aliases" } },
             steps = {}, domains = domains, recent = recent, add_domain = "/domains/new" } },
    empty = { shell = { current = "overview" },
      vm = { numbers = { { key = "domains", label = "Domains", value = 0, url = "/domains" },
                         { key = "mailboxes", label = "Mailboxes", value = 1 } },
             steps = { { label = "Sign in as super admin", text = "Done, you are here.", url = "/me", done = true },
                       { label = "Add a domain", text = "The part behind the @ of the addresses that this server receives mail for.", url = "/domains/new", done = false },
                       { label = "Add a mailbox", text = "For each person one.", url = "/domains", done = false } },
             domains = {}, recent = {}, add_domain = "/domains/new" } },
  },
  ["domains.list"] = {
    usual = { shell = { current = "domains" }, vm = { rows = domains, pager = { next = "/x", shown = 4 },
             filter = filter("/domains", "Name"), filtered = false, total = { value = 4, estimated = true }, add = "/domains/new", names = "/domains/names",
             bulk = selected("domains", "/domains", { option("policy", "Change spam policy"), option("limits", "Change limits"),
               option("admin", "Add administrator"), option("admin-remove", "Remove administrator") }) } },
    empty = { shell = { current = "domains" }, vm = { rows = {}, pager = no_pager, filter = filter("/domains", "Name"),
              filtered = false, total = nothing, add = "/domains/new" } },
  },
  ["domains.names"] = {
    usual = { shell = { current = "domains" }, vm = { rows = { { domain = "example.org", name = "example.org", idn = false },
              { domain = "xn--bcher-kva.example", name = "bücher.example", idn = true } }, pager = { next = "/x", shown = 2 },
              filter = filter("/domains/names", "Domain"), filtered = false } },
    empty = { shell = { current = "domains" }, vm = { rows = {}, pager = no_pager, filter = filter("/domains/names", "Domain"), filtered = true } },
  },
  ["domains.form"] = {
    usual = { shell = { current = "domains", crumbs = crumbs("Domains") }, vm = { form = form("/domains/new", "Add domain", {
      field("domain", "Name", "text", { hint = "Such as example.org. Letters outside a-z are fine.", autofocus = true }),
      field("description", "Description", "text", { required = false }) }) } },
    edit = { shell = { current = "domains", crumbs = crumbs("Domains", "example.org") }, vm = { domain = example,
      form = form("/e", "Save", { field("description", "Description", "text", { required = false, value = "The main domain" }) }) } },
  },
  ["domains.show"] = {
    usual = { shell = { current = "domains", crumbs = crumbs("Domains") }, vm = { domain = example, recent = recent,
      admins = { { id = 1, email = "ada@example.org", name = "Ada Lovelace", active = true, last_seen = time(HOUR), url = "/u" },
                 { id = 2, email = "alan.turing@example.org", active = false } },
      add_mailbox = "/a", add_alias = "/al", edit = "/e", delete = "/d", administrators = "/ad", activity = "/ac", policy = "/po", in_force = { name = "Relaxed", source = "server" } } },
    empty = { shell = { current = "domains", crumbs = crumbs("Domains") }, vm = { domain = domains[2], recent = {}, admins = {} } },
  },
  ["domains.delete"] = { usual = { shell = { current = "domains", crumbs = crumbs("Domains", "example.org") }, vm = { domain = example,
    mailboxes = 1243, aliases = 86, admins = 2, form = form("/d", "Delete domain", {
      field("confirm", "Type the domain's name", "text", { hint = "example.org", autocomplete = "off" }) }, { danger = true }) } } },
  ["domains.admins"] = {
    usual = { shell = { current = "domains", crumbs = crumbs("Domains", "example.org") }, vm = { domain = example, rows = {
      { id = 1, email = "ada@example.org", name = "Ada Lovelace", active = true, last_seen = time(HOUR), url = "/u",
        remove = { url = "/r", label = "Remove", name = "remove", value = "1", version = 1 } },
      { id = 2, email = "alan.turing@example.org", active = false } },
      form = form("/a", "Add administrator", { field("email", "Address", "email", { hint = "A mailbox on this server." }) }, { cancel = "/domains/example.org" }) } },
    empty = { shell = { current = "domains", crumbs = crumbs("Domains", "example.org") }, vm = { domain = example, rows = {} } },
  },
  ["mailboxes.list"] = {
    usual = { shell = in_domain, vm = list(people) },
    empty = { shell = in_domain, vm = list({}, { pager = no_pager, total = nothing }) },
    filtered = { shell = in_domain, vm = list({}, { pager = no_pager, total = nothing, filtered = true, filter = filtered(mailbox_filter) }) },
    looked = { shell = in_domain, vm = list_so_far { people[2], people[3] } },
    ["looked-in-vain"] = { shell = in_domain, vm = list_so_far {} },
  },
  ["mailboxes.form"] = {
    usual = { shell = in_domain, vm = { form = mailbox_form(), domain = domain_ref } },
    full = { shell = in_domain, vm = { form = mailbox_form(), domain = domain_ref, limits = bounded } },
  },
  ["mailboxes.show"] = {
    usual = { shell = in_domain, vm = show },
    protected = { shell = in_domain, vm = { mailbox = people[5], domain = domain_ref, administers = {}, recent = {},
                  protected = true, maildir = "example.org/postmaster", aliases = {}, forward = "/f" } },
  },
  ["mailboxes.password"] = { usual = { shell = in_mailbox, vm = { mailbox = ada, domain = domain_ref, invite = "/i", form = form("/p", "Set password", {
    field("password", "New password", "password", { autocomplete = "new-password", hint = "At least 8 characters. Several words make a good one." }) }, { generate = true }) } } },
  ["mailboxes.secret"] = { usual = { shell = in_mailbox, vm = { mailbox = ada, domain = domain_ref,
    password = "w4Rk-yTbm8_QsVe2Hn+c", next = "/m", another = "/p" } } },
  ["mailboxes.invite"] = {
    usual = { shell = in_mailbox, vm = { mailbox = ada, domain = domain_ref, pending = pending, form = form("/i", "Make a one-time link", {}) } },
    withdraw = { shell = in_mailbox, vm = { mailbox = ada, domain = domain_ref, pending = { made = time(4 * HOUR), expires = time(-20 * HOUR) },
      form = form("/w", "Withdraw the link", {}, { danger = true }) } },
    first = { shell = in_mailbox, vm = { mailbox = ada, domain = domain_ref, form = form("/i", "Make a one-time link", {
      field("current", "Your current password", "password", { autocomplete = "current-password" }) }) } },
  },
  ["mailboxes.link"] = { usual = { shell = in_mailbox, vm = { mailbox = ada, domain = domain_ref,
    link = "https://mail.example.org/invite/7sJtP0yQvXb2mWc9Lr4KfHn8ZaEuGd1oTiVxRy5BwMk", next = "/m", another = "/a" } } },
  ["mailboxes.delete"] = { usual = { shell = in_mailbox, vm = { mailbox = ada, domain = domain_ref, aliases = 2,
    form = form("/d", "Delete mailbox", {}, { danger = true }) } } },
  ["aliases.list"] = {
    usual = { shell = in_aliases, vm = alias_list(aliases) },
    empty = { shell = in_aliases, vm = alias_list({}, { pager = no_pager, total = nothing }) },
    filtered = { shell = in_aliases, vm = alias_list({}, { pager = no_pager, total = nothing, filtered = true }) },
    circle = { shell = in_aliases, vm = alias_list { sales, alias(24, "support", { "sales@example.org" }, { circle = true }) } },
  },
  ["aliases.form"] = {
    usual = { shell = in_aliases, vm = { form = alias_form(), domain = domain_ref } },
    lines = { shell = in_alias, vm = { form = alias_form(wrong_lines), domain = domain_ref, alias = sales } },
  },
  ["aliases.show"] = {
    usual = { shell = in_aliases, vm = { alias = sales, domain = domain_ref, recent = recent, protected = false, edit = "/e", delete = "/d",
      targets = { { address = "ada@example.org", state = "mailbox", url = "/m" }, { address = "grace@example.org", state = "alias", url = "/a" },
                  { address = "orders@partner.example", state = "elsewhere" }, { address = "gone@example.org", state = "dead" },
                  { address = "dorothy@example.org", state = "disabled", url = "/m" }, { address = "nobody@example.net", state = "catchall" } },
      warnings = { { code = "alias_dead_end", text = "There is no address gone@example.org here: its mail is sent back. Add the mailbox, or take the address out." } } } },
    shadow = { shell = in_aliases, vm = { alias = aliases[2], domain = domain_ref, recent = {}, protected = true, targets = {}, mailbox = "/m",
      warnings = { { code = "alias_shadows", text = "The mailbox ada@example.org gets no mail: this alias takes it all. Keep a copy there, or choose another name." } },
      keep = { url = "/e", label = "Keep a copy", name = "keep_copy", value = "1", version = 2 } } },
  },
  ["aliases.delete"] = {
    usual = { shell = in_alias, vm = { alias = sales, domain = domain_ref, next = "nobody", form = form("/d", "Delete alias", {}, { danger = true }) } },
    mailbox = { shell = in_alias, vm = { alias = aliases[2], domain = domain_ref, next = "mailbox", form = form("/d", "Delete alias", {}, { danger = true }) } },
    catchall = { shell = in_alias, vm = { alias = sales, domain = domain_ref, next = "catchall", form = form("/d", "Delete alias", {}, { danger = true }) } },
  },
  ["audit.list"] = {
    usual = { shell = { current = "audit" }, vm = { rows = recent, pager = { next = "/x", shown = 4 }, filter = form("/audit", "Filter", {
      field("q", "Object", "search", { value = "" }), field("actor", "Who (address)", "text", { value = "" }) }, { method = "get" }), filtered = false } },
    empty = { shell = { current = "audit" }, vm = { rows = {}, pager = no_pager, filter = filter("/audit", "Object"), filtered = false } },
  },
  ["audit.show"] = { usual = { shell = { current = "audit", crumbs = crumbs("Audit log") }, vm = { entry = recent[1], request_id = "0f3a77c1d2",
    remote = "192.0.2.17", changes = { { field = "quota", label = "Space", before = "1 GB", after = "2 GB" }, { field = "name", label = "Full name", after = "Grace Hopper" } } } } },
  ["audit.undo"] = { usual = { shell = { current = "audit", crumbs = crumbs("Audit log") }, vm = { entry = recent[1],
    changes = { { field = "active", label = "Active", before = "1", after = "0" } }, form = form("/audit/9/undo", "Undo", {}, { cancel = "/audit/9" }) } } },
  ["bulk.preview"] = {
    usual = { shell = in_domain, vm = bulk_page("Change the space of 2 mailboxes", { field("quota", "Space", "text", { value = "2 GB" }) },
      { rows_heading = "These get the space that you type", effect = "Each of them may hold as much as you type below." }) },
    delete = { shell = in_domain, vm = bulk_page("Delete 62 mailboxes", { field("count", "How many are deleted", "number", { value = "" }),
      field("current", "Your current password", "password", { autocomplete = "current-password" }) },
      { rows_heading = "These are deleted", danger = true, count = 62, more = 60, problem = "Some of these cannot be changed as they are now, so nothing was done. Look at what is left below.", effect = "This is final.",
        skipped = { { id = 5, label = "postmaster@example.org", reason = "A super admin's account can be neither deleted nor disabled." } } }) },
    limits = { shell = { current = "domains" }, vm = bulk_page("Change the limits of 2 domains", { field("limit_mailboxes", "Mailboxes at most", "number", { value = "" }),
      field("limit_quota", "Space for all mailboxes", "text", { value = "", hint = "0 means no limit." }) },
      { rows_heading = "These get the limits that you type", effect = "Each of them gets what you type below. A limit that you leave empty stays as it is.", back = "/domains",
        rows = { { id = 1, label = "example.org", now = "Mailboxes at most: 20, Space for all mailboxes: 50 GB" }, { id = 2, label = "example.net" } } }) },
    nothing = { shell = in_domain, vm = { heading = "Change several at once", danger = false, count = 0, more = 0, rows = {}, skipped = {},
      problem = "Nothing is selected. Go back and select what you mean.", back = "/mailboxes" } },
  },
  ["status"] = { usual = { shell = { current = "status" }, vm = { version = "1.0.0", schema = 12, theme = "base",
    checks = { { key = "database", label = "Database", state = "ok", text = "Answers in 2 ms." }, { key = "theme", label = "Theme", state = "warn", text = "purplehaze has one mistake." },
               { key = "disk", label = "Disk", state = "bad", text = "97 % are used." } },
    faults = { { theme = "purplehaze", text = "pages/login.html:3: attempt to index a nil value", count = 4, first = time(3 * DAY), last = time(HOUR), report = "/themes/purplehaze/report" },
               { theme = "harbour", text = "pages/status.html:7: it took too long", count = 1, first = time(HOUR), last = time(HOUR) } },
    processes = { { name = "worker 1", pid = 4711, requests = 120345, restarts = 0, started = time(3 * DAY) },
                  { name = "worker 2", pid = 4712, requests = 98002, restarts = 1, started = time(HOUR) } } } } },
  ["help"] = { usual = { vm = {} }, anonymous = { shell = { user = false, nav = {} }, vm = {} } },
  ["me.show"] = { usual = { shell = { current = "me" }, vm = { mailbox = ada, administers = { domain_ref }, recent = activity, password = "/me/password", spam = "/me/spam", activity = "/me/activity", devices = "/me/devices",
    mail = { kept = true, aliases = { "sales@example.org", "*@example.net" }, forwards = { "ada@example.com" } }, appearance = "/me/appearance", language = "Français",
    sessions = { { started = time(2 * HOUR), last_seen = time(10), remote = "192.0.2.17", agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", current = true },
                 { started = time(9 * DAY), last_seen = time(2 * DAY), remote = "2001:db8::1f", agent = "Mozilla/5.0 (iPhone)", current = false } } } } },
  ["me.activity"] = {
    usual = { shell = { current = "me" }, vm = { rows = activity, pager = { next = "/x", shown = 4 } } },
    empty = { shell = { current = "me" }, vm = { rows = {}, pager = no_pager } },
  },
  ["me.devices"] = { usual = { shell = { current = "devices" }, vm = { email = "ada@example.org", user = "ada@example.org", password = "/me/password",
    servers = { { service = "imap", host = "mail.example.org", port = 993, security = "tls" },
                { service = "smtp", host = "mail.example.org", port = 587, security = "starttls" } } } } },
  ["me.appearance"] = { usual = { shell = { current = "me" }, vm = { form = form("/me/appearance", "Save", {
    field("language", "Language", "select", { hint = "The language of these pages.", value = "fr", options = {
      option("", "As the browser asks", false), option("de", "Deutsch", false), option("fr", "Français", true) } }) }) } } },
  ["me.password"] = { usual = { shell = { current = "password" }, vm = { form = form("/me/password", "Change password", {
    field("current", "Your current password", "password", { autocomplete = "current-password" }),
    field("password", "New password", "password", { autocomplete = "new-password", hint = "At least 8 characters. Several words make a good one." }) }) } } },
}

local function relay(id, name, recipients, listed, next_hop, text)
  return { id = id, version = 1, domain = name, name = name, recipients = recipients, listed = listed, next_hop = next_hop,
           description = text, created = time(id * 20 * DAY), url = "/relays/" .. name, recipients_url = "/relays/" .. name .. "/recipients" }
end
local backup = relay(1, "backup.example", "list", 312, "[mail.backup.example]:25", "The school's own server")
local relays = { backup, relay(2, "open.example", "any", 0), relay(3, "bücher.example", "list", 0, "mx.bücher.example") }
local function recipient(id, name)
  return { id = id, email = name .. "@backup.example", recipient = name, created = time(id * DAY),
           remove = { url = backup.recipients_url .. "/remove", label = "Remove", name = "address", value = name .. "@backup.example" } }
end
local in_relays = { current = "relays", crumbs = crumbs("Relay domains", "backup.example") }
local function relay_form(action, submit, first)
  local fields = { field("recipients", "Which addresses are taken", "select", { hint = "With a list, mail to anybody else is refused at once. Taking any address means that mail to names that do not exist is sent back later, mostly to people who never wrote it.",
                         options = { option("list", "Only the addresses in its list", true), option("any", "Any address") } }),
                   field("next_hop", "Next server", "text", { required = false, value = backup.next_hop, hint = "Empty: by the domain's MX record." }),
                   field("description", "Description", "text", { required = false, value = "" }) }
  if first then table.insert(fields, 1, first) end
  return form(action, submit, fields, { cancel = "/relays" })
end
local function paste_form(lines)
  return form(backup.recipients_url, "Add addresses", {
    field("addresses", "Addresses to add", "textarea", { hint = "One a line: ada, or ada@example.org.", value = "ada\ngrace@example.net", lines = lines }),
    field("good_only", "Add the good lines though others are not", "checkbox", { hint = "Else nothing is added while one line is wrong." }) })
end
local pasted = { { line = 1, text = "ada", verdict = "there", said = "This address is in the list already." }, { line = 2, text = "alan", verdict = "good" },
                 { line = 3, text = "grace@example.net", verdict = "wrong", said = "Only addresses of backup.example stand in this list.", offer = "grace@backup.example" } }
local function known(rows, more)
  local made = { relay = backup, rows = rows, pager = pager, filter = filter(backup.recipients_url, "Address"), filtered = false,
                 total = { value = 312, estimated = false }, form = paste_form() }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
pages["relays.list"] = {
  usual = { shell = { current = "relays" }, vm = { rows = relays, pager = pager, filter = filter("/relays", "Domain"), filtered = false,
            total = { value = 3, estimated = false }, add = "/relays/new" } },
  empty = { shell = { current = "relays" }, vm = { rows = {}, pager = no_pager, filter = filter("/relays", "Domain"), filtered = false, total = nothing } },
}
pages["relays.form"] = {
  usual = { shell = in_relays, vm = { form = relay_form("/relays/new", "Add relay domain", field("domain", "Domain", "text", { value = "", autofocus = true })) } },
  edit = { shell = in_relays, vm = { relay = backup, form = relay_form(backup.url .. "/edit", "Save") } },
}
pages["relays.show"] = {
  usual = { shell = { current = "relays", crumbs = crumbs("Relay domains") }, vm = { relay = backup, recent = recent, edit = "/e", delete = "/d" } },
  open = { shell = { current = "relays", crumbs = crumbs("Relay domains") }, vm = { relay = relays[2], recent = {} } },
  unlisted = { shell = { current = "relays", crumbs = crumbs("Relay domains") }, vm = { relay = relays[3], recent = {} } },
}
pages["relays.delete"] = { usual = { shell = in_relays, vm = { relay = backup, form = form("/d", "Delete relay domain", {}, { danger = true }) } } }
pages["relays.recipients"] = {
  usual = { shell = in_relays, vm = known({ recipient(1, "ada"), recipient(2, "alan.turing"), recipient(3, "jo+box") }) },
  empty = { shell = in_relays, vm = known({}, { pager = no_pager, total = nothing }) },
  pasted = { shell = in_relays, vm = known({ recipient(1, "ada") }, { form = paste_form(pasted) }) },
}

local function entry(id, kind, name, form, state, text, comment)
  return { id = id, version = 1, kind = kind, entry = name, name = name, about = form, state = state, text = text, comment = comment,
           created = time(id * 3 * DAY), url = "/lists/" .. kind .. "s/" .. id }
end
local blocked = entry(1, "client", "192.0.2.0/24", "network", "REJECT", nil, "A botnet")
local clients = { blocked, entry(2, "client", "192.0.2.25", "address", "OK", nil, "Their mail server"), entry(3, "client", "198.51.100", "octets", "REJECT"),
  entry(4, "client", "2001:db8:aa::/48", "network", "HOLD"), entry(5, "client", "mx.example.net", "name", "CODE", "550 5.7.1 Not here"),
  entry(6, "client", ".dynamic.example", "below", "DEFER_IF_PERMIT", "Use your provider's server") }
local senders = { entry(1, "sender", "spam.example", "name", "REJECT", "Go away"), entry(2, "sender", "good@spam.example", "email", "OK"),
  entry(3, "sender", ".spam.example", "below", "DISCARD"), entry(4, "sender", "offers@", "user", "DUNNO"), entry(5, "sender", "<>", "null", "DEFER") }
local function access_list(kind, rows, more)
  local made = { kind = kind, rows = rows, pager = no_pager, filter = filter("/lists", "Client"), filtered = false, clients = "/lists",
    senders = "/lists?kind=senders", total = { value = #rows, estimated = false }, add = "/lists/new", paste = "/lists/paste",
    sort = { descending = false, url = "/lists?order=desc" } }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end
local in_lists = { current = "lists", crumbs = crumbs("Allow & block lists") }
local function access_form(action, submit, fields)
  fields[#fields + 1] = field("state", "What happens", "select", { options = { option("REJECT", "Refuse", true), option("OK", "Accept, whatever wider entries say") } })
  fields[#fields + 1] = field("comment", "Comment", "text", { required = false, value = "" })
  return form(action, submit, fields, { cancel = "/lists" })
end
local judged = { { line = 1, text = "192.0.2.7", verdict = "good", said = "It lies within 192.0.2.0/24 REJECT, and wins over that." },
  { line = 2, text = "192.0.2.9/24", verdict = "wrong", said = "This is an address inside a network (host bits are set). Did you mean 192.0.2.0/24?", offer = "192.0.2.0/24" } }
pages["lists.list"] = {
  usual = { shell = { current = "lists" }, vm = access_list("client", clients) },
  senders = { shell = { current = "lists" }, vm = access_list("sender", senders) },
  empty = { shell = { current = "lists" }, vm = access_list("client", {}) },
}
pages["lists.form"] = {
  usual = { shell = in_lists, vm = { form = access_form("/lists/new", "Add entry", { field("entry", "Entry", "text", { value = "192.0.2.9/24", offer = "192.0.2.0/24" }),
    field("null_sender", "Mail without a sender", "checkbox", { hint = "Instead of an entry: bounces and other notices. To refuse them keeps everybody here from learning that a mail did not arrive." }) }) } },
  edit = { shell = in_lists, vm = { entry = blocked, form = access_form("/e", "Save", {}) } },
}
pages["lists.paste"] = {
  usual = { shell = in_lists, vm = { form = access_form("/lists/paste", "Add entries", { field("lines", "Entries", "textarea", { value = "192.0.2.7" }) }) } },
  pasted = { shell = in_lists, vm = { form = access_form("/lists/paste", "Add entries", { field("lines", "Entries", "textarea", { value = "192.0.2.7", lines = judged }) }) } },
}
pages["lists.show"] = {
  usual = { shell = in_lists, vm = { entry = blocked, wider = { entry(7, "client", "192.0.0.0/16", "network", "HOLD") }, inside = { clients[2] }, recent = recent, edit = "/e", delete = "/d" } },
  sender = { shell = in_lists, vm = { entry = senders[2], wider = { senders[1] }, inside = {}, recent = {} } },
  many = { shell = in_lists, vm = { entry = senders[1], wider = {}, inside = { senders[2] }, all_inside = "/lists?kind=senders&q=*.example", recent = {} } },
}
pages["lists.delete"] = { usual = { shell = in_lists, vm = { entry = blocked, form = form("/d", "Delete entry", {}, { danger = true, cancel = "/lists" }) } } }

-- One of each record that is met in many places.
local records = {
  Mailbox = ada, Alias = sales, Domain = example, Limits = bounded, Share = bounded.quota, DomainRef = domain_ref, Quota = ada.quota, AuditRow = recent[1], Form = mailbox_form(),
  FormField = field("name", "Name", "text", { value = "Ada Lovelace" }), FormOption = option("user", "User", true),
  FieldError = { name = "name", label = "Name", text = "Type a name." }, Action = ada.toggle, Pager = pager,
  Count = { value = 1243, estimated = false }, Link = { label = "Domains", url = "/domains" },
  Flash = { kind = "done", text = "The mailbox grace@example.org was added." }, BulkItem = { id = 1, label = "ada@example.org" },
  ShellUser = { email = "ada@example.org", name = "Ada Lovelace", role = "server", url = "/me" },
}

return { now = NOW, pages = pages, records = records }
