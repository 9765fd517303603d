-- SPDX-License-Identifier: GPL-3.0-or-later
-- Mistakes that stand in no other file of cases, and the table of a mistake.
local M = ...
local case, same, wrong = M.case, M.same, M.wrong

local function chain(name, files, child, ...)
  local messages = { ... }
  case("error: " .. name, function() same(M.compile(files, child).errors, messages, "errors") end)
end

wrong("end takes nothing", "{% if vm.filtered %}{% end if %}", "1:28: {% end %} takes nothing")
wrong("else takes nothing", "{% if vm.filtered %}{% else x %}{% end %}", "1:29: {% else %} takes nothing")
wrong("empty takes nothing", "{% for m in vm.rows %}{% empty x %}{% end %}", "1:32: {% empty %} takes nothing")
wrong("a loop of two names", "{% for i, m in vm.rows %}{% end %}", "1:9: a loop has one name; its number is loop.index")
wrong("two layouts", '{% extends "shell" %}{% extends "shell" %}', "1:25: a page extends one layout")
wrong("a component by a name", "{% use meter %}", "1:8: a component's name expected as a literal, not 'meter'")
wrong("a sign is due", "{% set x 1 %}", "1:10: '=' expected, not '1'")
wrong("a word is due", "{{ vm. }}", "1:8: a field's name expected, not the end")
wrong("!", "{% if !vm.filtered %}{% end %}", "1:7: write 'not' for '!'")
wrong("an escape", '{{ t("a\\q") }}', "1:8: no such escape in a string: \\q")
wrong("loop alone", "{% for m in vm.rows %}{{ loop }}{% end %}", "1:26: 'loop' has index, first and last")
wrong("a helper without its text", "{{ t() }}", "1:4: t() needs a text")
wrong("a helper with too much", '{{ tc("a", "b", "c") }}', "1:17: tc() takes 2 arguments")
wrong("icon() without a name", "{{ icon() }}", "1:4: icon() needs an icon's name")
wrong("icon() of a number", "{{ icon(vm.total) }}", "1:12: icon() takes a text, not an int")
wrong("url() of a text", '<a href="{{ url("mailboxes.list", vm.title) }}">x</a>', "1:38: url() takes a record, not a text")
wrong("a record in a text for people", '{{ t("%s", vm.box) }}', "1:15: cannot print a Mailbox in a text")
wrong("a call that may be absent", '{{ "a" .. (vm.filtered and vm.note) }}', "1:11: this may be false: give it an 'or'")
wrong("an absent value without a name", '{{ "a" .. (vm.note or vm.note) }}', "1:11: this may be absent: give it an 'or'")
wrong("a record set again", "{% set d = vm.box %}{% set d = vm.box %}",
      "1:28: 'd' holds a Mailbox: only texts, numbers and truths can be set again")
wrong("vm as a block's argument", "{% block a(vm) %}{% end %}", "1:12: a block has 'vm' without asking")
wrong("a block's argument twice", "{% block a(vm, vm) %}{% end %}", "1:16: 'vm' is given twice")
wrong("a component inside an end tag", "<p></p x>", "1:1: <p> is never closed", "1:4: </p is not closed by '>'")
wrong("< in JSON", '<script type="application/json">"a<b"</script>', "1:35: write '<' in JSON as \\u003c")
wrong("a literal URL in another script", '<a href="/é">x</a>', "1:10: a literal URL is written in ASCII")
wrong("many branches", "{% if vm.total == 1 %}" .. ("{% elseif vm.total == 2 %}"):rep(60) .. "{% end %}",
      "1:1560: this 'if' has too many branches")
do
  local many = {}
  for i = 1, 102 do many[i] = "{% set x" .. i .. " = 1 %}" end
  wrong("many names", table.concat(many), "1:1700: more than 100 names are set here")
  local args = {}
  for i = 1, 21 do args[i] = "a" .. i end
  wrong("many arguments", "{% block a(" .. table.concat(args, ", ") .. ") %}{% end %}", "1:103: a block takes up to 20 arguments")
  local blocks = {}
  for i = 1, 151 do blocks[i] = "{% block b" .. i .. "() %}{% end %}" end
  chain("many blocks", M.page(table.concat(blocks)), nil, "pages/p.html:1:1: this page has more than 150 blocks")
  local deep = table.concat(many, "", 1, 99)
  for i = 1, 45 do deep = deep .. "{% for y" .. i .. " in vm.rows %}" end
  case("error: a page Lua cannot hold", function()
    local found = M.compile(M.page(deep .. ("{% end %}"):rep(45))).findings[1]
    same({ found.kind, found.code }, { "too-large", "MB018" }, "finding")
  end)
  for i = 1, 31 do args[i] = "a" .. i .. "=text" end
  chain("many arguments of a component", { ["components/a.html"] = "{# args: " .. table.concat(args, ", ") .. " #}" }, nil,
        "components/a.html:1:301: a component takes up to 30 arguments")
end

do
  local made = { ["components/a.html"] = "{# args: form=Form #}{% form form %}{% end %}",
                 ["components/b.html"] = '{# args: form=Form #}<p>{% use "a" form=form %}</p>',
                 ["components/c.html"] = '{# args: #}{% slot "top" %}' }
  local function within(name, inside, ...)
    local parts = M.page("{% form vm.form %}" .. inside .. "{% end %}")
    for path, text in pairs(made) do parts[path] = text end
    chain(name, parts, nil, ...)
  end
  local here = "pages/p.html:1:22: a form cannot stand inside a form"
  within("a component's form in a form", '{% use "a" form=vm.form %}', here)
  within("a form of a component's component in a form", '{% use "b" form=vm.form %}', here)
  within("a component's slot in a form", '{% use "c" %}', here)
end

chain("a component with a block", { ["components/a.html"] = "{% block a() %}{% end %}" }, nil,
      "components/a.html:1:4: a component has no blocks")
chain("a component that extends", { ["components/a.html"] = '{% extends "shell" %}' }, nil,
      "components/a.html:1:12: a component extends nothing")
chain("a layout that extends", { ["layouts/a.html"] = '{% extends "shell" %}' }, nil, "layouts/a.html:1:12: a layout extends nothing")
chain("a component's enum without words", { ["components/a.html"] = "{# args: a=enum(ok) #}" }, nil,
      'components/a.html:1:17: enum("one", "other") expected')
chain("a component's argument of another type", nil, { ["components/meter.html"] = "{# args: q=Quota, label=int? #}" },
      "components/meter.html:1:1: 'label' has another type than in the parent's component")
chain("a layout's block with other arguments", { ["layouts/shell.html"] = "{% for n in shell.nav %}{% block item(n) %}{% end %}{% end %}" },
      { ["layouts/shell.html"] = "{% block item() %}{% end %}" },
      "layouts/shell.html:1:10: the block 'item' has other arguments than in the parent's layout")
chain("a block that extends", M.page("{% block a() %}{% end %}"), { ["blocks/p/a.html"] = '{% extends "shell" %}' },
      "blocks/p/a.html:1:12: a block extends nothing")
chain("a block of the theme's own page", nil, { ["pages/p.html"] = "{% block title() %}P{% end %}{% block a() %}{% end %}", ["blocks/p/a.html"] = "x" },
      "blocks/p/a.html:1:1: the theme has this page itself: write the block there")
chain("a block that leaves its element", M.page("{% block a() %}</p>{% end %}"), nil,
      "pages/p.html:1:16: </p> closes nothing that was opened here")
chain("a title that leaves it", { ["pages/p.html"] = "{% block title() %}P{% end %}<p>{% block a() %}<b title=\"{% end %}" }, nil,
      'pages/p.html:1:30: <p> is never closed', 'pages/p.html:1:48: <b is not closed by \'>\'')
chain("a page that ends in data", M.page('{% block a() %}<script type="application/json">1{% end %}'), nil,
      "pages/p.html:1:16: <script> is never closed", "pages/p.html:1:16: this leaves the HTML in another context than it began")
chain("components and slots in a circle", { ["components/a.html"] = '{% slot "top" %}' }, { ["slots/top.html"] = '{% use "a" %}' },
      "slots/top.html:1:8: the component 'a' uses itself")
chain("a slot in a circle of slots", nil, { ["slots/top.html"] = '{% slot "top" %}' }, "slots/top.html:1:9: the slot 'top' stands in itself")
chain("behind the manifest", { ["theme.lua"] = 'return { name = "base" } x' }, nil, "theme.lua:1:26: nothing may follow the table")
chain("a manifest's string", { ["theme.lua"] = 'return { name = "base }' }, nil, "theme.lua:1:17: this string is not closed")
case("error: no theme has the page", function()
  local base = M.base()
  base.files["pages/p.html"] = nil
  same(M.compiler.compile(M.contract, { base }).errors, { "pages/p.html:1:1: no theme of the chain has this page" }, "errors")
end)

case("warning: a folder that nothing reads", function()
  same(M.compile(nil, { ["page/p.html"] = "x" }).warnings, { "page/p.html:1:1: nothing reads the folder 'page' - did you mean 'pages'?" }, "warnings")
end)
local function stray(name, path, wanted, more)
  case("warning: " .. name, function()
    local child = { [path] = "x" }
    for key, text in pairs(more or {}) do child[key] = text end
    same(M.compile(nil, child, { tags = { en = true, de = true, fr = true } }).warnings, { path .. ":1:1: " .. wanted }, "warnings")
  end)
end
stray("a block as a script", "blocks/p/row.lua", "nothing reads this file", nil)
stray("a page of another ending", "pages/p.htm", "nothing reads this file - did you mean 'pages/p.html'?")
stray("a page beside theme.lua", "p.html", "nothing reads this file - did you mean 'pages/p.html'?")
stray("a component beside theme.lua", "meter.html", "nothing reads this file - did you mean 'components/meter.html'?")
stray("a block without its page", "blocks/row.html", "nothing reads this file")
stray("helpers by another name", "helper.lua", "nothing reads this file - did you mean 'helpers.lua'?")
stray("a language that there is not", "po/xx.po", "the program has no language 'xx', so this is never read - it has de, en, fr; a new one is built in (core/po/README.md)")
stray("a language near another", "po/es.po", "the program has no language 'es', so this is never read - it has de, en, fr; a new one is built in (core/po/README.md)")
stray("a language by another name", "po/dee.po", "the program has no language 'dee', so this is never read - did you mean 'de'?")
stray("a language of a country's own", "po/de-AT.po", "the program has no language 'de-AT', so this is never read - did you mean 'de'?")
stray("a language of a country", "po/de_AT.po", "nothing reads this file - did you mean 'po/de.po'?")
stray("a translation that is compiled", "po/de.mo", "nothing reads this file - did you mean 'po/de.po'?")
stray("an asset in a folder of its own", "assets/img/x.png", "nothing reads this file - did you mean 'assets/x.png'?")
case("error: an asset in a folder of its own", function()
  local files = M.page('<img alt="" src="{{ asset("img/x.png") }}">')
  files["assets/img/x.png"] = "x"
  same(M.compile(files, nil).errors, { "pages/p.html:1:27: there is no asset 'img/x.png'" }, "errors")
end)
stray("a page twice", "pages/p.lua", "nothing reads this while there is 'pages/p.html': keep one of the two", M.page("<p>x</p>"))

local function unseen(name, path, text, ...)
  local wanted = { ... }
  case("warning: unseen " .. name, function()
    same(M.compile(nil, { [path] = text }).warnings, wanted, "warnings")
  end)
end
unseen("direction in a template", "pages/p.html", "<p>x</p>\n{# a\u{202E}b #}" .. M.page("")["pages/p.html"],
       "pages/p.html:2:5: U+202E is not seen here: leave it out, or write it by its number")
unseen("NUL and width in a style", "app.css", ".a { }\0\n.\u{200B}b { }", "app.css:1:7: U+0000 is not seen here: leave it out, or write it by its number",
       "app.css:2:2: U+200B is not seen here: leave it out, or write it by its number")
unseen("mark at the beginning", "tokens.css", "\u{FEFF}:root { }", "tokens.css:1:1: U+FEFF is not seen here: leave it out, or write it by its number")
unseen("joiner where a script needs it", "po/de.po", 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n# \u{200C}\n')

-- What is told of a page's text; `tags`: the languages of the program, where they are known.
local function text(name, source, files, ...)
  local wanted = { ... }
  case("text: " .. name, function()
    local child = M.page(source)
    for path, content in pairs(files or {}) do child[path] = content end
    local found = {}
    for _, one in ipairs(M.compile(nil, child, { tags = { en = true, fr = true } }).findings) do
      if one.path == "pages/p.html" then
        found[#found + 1] = ("%d:%d: %s: %s%s"):format(one.line, one.column, one.level, one.message, one.hint and " - " .. one.hint or "")
      end
    end
    same(found, wanted, "findings")
  end)
end
local unknown, itself = "is no name of a character that is known here", "write the character itself"
text("a reference with a slip", "<p>1&nbps;2</p>", nil, "1:5: warning: '&nbps;' " .. unknown .. " - did you mean '&nbsp;'?")
text("a reference by another name", '<p title="&zzzzzz;">&#8199;&Auml;&#xA0;&amp;</p>', nil, "1:11: warning: '&zzzzzz;' " .. unknown .. " - " .. itself)
text("a reference without its end", "<p>1 &copy 2 &x</p>", nil, "1:6: warning: '&copy' is read as a character: write '&copy;', or '&' as &amp;")
text("an address with a name in it", '<a href="?a=1&amp;copy=2">1</a>', nil)
text("references by number", "<p>&#0;&#xD800;&#x110000;&#x10FFFF;</p>", nil, "1:4: warning: '&#0;' is no character",
     "1:8: warning: '&#xD800;' is no character", "1:16: warning: '&#x110000;' is no character")
text("a reference in t()", '{{ t("a&nbsp;b") }}{{ tn("%d&nbsp;b", "%d bs", vm.total) }}{{ "a & b" }}', nil,
     "1:6: warning: what is printed is escaped, so '&nbsp;' is read as it stands: " .. itself,
     "1:26: warning: what is printed is escaped, so '&nbsp;' is read as it stands: " .. itself)
text("a reference in trans", "{% trans %}a&nbsp;b{% end %}", nil)
text("behind the mark of an editor", "<p>1</p>", { ["pages/p.html"] = "\u{FEFF}" .. M.page("<p>1</p>")["pages/p.html"] })
text("a slip in aria", '<p aria-lable="{{ vm.title }}" aria-zzzzzzzzz="1" aria-live="polite">1</p>', nil,
     "1:4: warning: there is no attribute 'aria-lable' - did you mean 'aria-label'?", "1:32: warning: there is no attribute 'aria-zzzzzzzzz'")
text("a slip in a role", '<p role="buton">1</p><p role="status">1</p><p role="{{ vm.title }}">1</p>', nil,
     "1:10: warning: there is no role 'buton' - did you mean 'button'?")
local plain = "stays as it is in every language"
text("in one language", "<p>\n  Hello  there\n</p>", nil, "2:3: advice: 'Hello there' " .. plain .. ': {{ t("Hello there") }} can be translated')
text("in one language, of many", "<p>Hello</p>", { ["po/fr.po"] = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n' },
     "1:4: warning: 'Hello' " .. plain .. ', and this theme has translations: write {{ t("Hello") }}')
text("in one language, in an attribute", '<p title="Bonjour" class="card wide" aria-label="{{ vm.title }} été" data-x="word">1</p>', nil,
     "1:11: advice: 'Bonjour' " .. plain .. ': {{ t("Bonjour") }} can be translated',
     "1:65: advice: 'été' " .. plain .. ': {{ t("été") }} can be translated')
text("no words", '<p>1 &middot; 2 – 3 → × {{ vm.title }} @ Mailboy, <code>postfix</code> <b translate="no">ACME <i>Ltd</i></b></p>', nil)
text("that is translated", '<p title="{{ t("Hello") }}">{% trans %}Dear <b title="x">you</b>{% end %}</p>', nil)

case("warning: a key of the manifest", function()
  same(M.compile { ["theme.lua"] = 'return { name = "base", titel = "x" }' }.warnings,
       { "theme.lua:1:25: theme.lua knows no 'titel' - did you mean 'title'?" }, "warnings")
end)
case("a block of the contract", function()
  local text = 'record "Shell" {} page "p" { route = "/p", model = {}, blocks = { "row" } }'
  local contract = M.compiler.contract({ { path = "c.lua", text = text } }, {})
  local base = { name = "base", files = { ["pages/p.html"] = "{% block title() %}P{% end %}" } }
  same(M.compiler.compile(contract, { base }).errors, { "pages/p.html:1:1: the contract promises a block 'row' in this page" }, "errors")
  base.files["pages/p.html"] = "{% block title() %}P{% end %}{% block row() %}{% end %}"
  local child = { name = "child", files = { ["pages/p.html"] = "{% block title() %}P{% end %}" } }
  same(M.compiler.compile(contract, { child, base }).warnings, { "pages/p.html:1:1: the contract promises a block 'row' in this page" }, "warnings")
end)

case("mistakes: as a table", function()
  local found = M.compile(nil, { ["pages/p.html"] = "<p>\n{{ vm.box.quotta }}</p>" }).findings[1]
  same({ found.code, found.kind, found.level, found.theme, found.path, tostring(found.line), tostring(found.column), found.message,
         found.hint }, { "MB021", "unknown-field", "error", "child", "pages/p.html", "2", "11", "Mailbox has no field 'quotta'",
         "did you mean 'quota'?" }, "finding")
end)
