-- SPDX-License-Identifier: GPL-3.0-or-later
-- {% trans %}: texts with markup, their values by name, their plurals, and what a translation may hold.
local M = ...
local case, same, wrong, gives = M.case, M.same, M.wrong, M.gives

gives("trans", "<p>{% trans %}\n  Delete <b>{{ vm.box.email }}</b>?\n{% end %}</p>", "<p>Delete <b>&lt;b&gt;@x</b>?</p>")
gives("trans with a filter", "{% trans %}{{ vm.total | bytes }} used{% end %}", "2 bytes used")
gives("trans with an address", '{% trans %}See <a href="{{ vm.here }}" title="a  b">this</a>.{% end %}', 'See <a href="/here" title="a b">this</a>.')
gives("trans with a plural", "{% for m in vm.rows %}{% trans n=m.id - 6 %}<b>{{ n }}</b> box{% plural %}<b>{{ n }}</b> boxes{% end %} {% end %}",
      "<b>1</b> box <b>2</b> boxes ")

-- translated(name, source, { msgid = translation, or forms and a rule }, page, warnings)
local function translated(name, source, words, wanted, warnings)
  case("trans: " .. name, function()
    local function strings(msgid, plural, context)
      local found = words[(context and context .. "|" or "") .. msgid]
      if plural and found then return found, "P.en" end
      return found
    end
    local result = M.compiler.compile(M.contract, { M.base(M.page(source)) }, { locale = "xx", strings = strings })
    same(result.errors, {}, "errors")
    same(result.warnings, warnings or {}, "warnings")
    same({ (M.render(result)) }, { wanted }, "page")
  end)
end
translated("a translation", "{% trans %}Delete <b>{{ vm.box.email }}</b>?{% end %}", { ["Delete <b>{vm.box.email}</b>?"] = "<b>{vm.box.email}</b> weg?" },
           "<b>&lt;b&gt;@x</b> weg?")
translated("a context", '{% trans "verb" %}Open{% end %}', { ["verb|Open"] = "Aufmachen", Open = "Offen" }, "Aufmachen")
translated("a plural", "{% trans n=vm.total %}{{ n }} box{% plural %}{{ n }} boxes{% end %}",
           { ["{n} box"] = { "{n} Dose", "<i>{n}</i> Dosen" } }, "<i>2</i> Dosen")
translated("one form alone", "{% trans n=vm.total %}{{ n }} box{% plural %}{{ n }} boxes{% end %}", { ["{n} box"] = { "{n} hako" } }, "2 hako")
local UNFIT = { "pages/p.html:1:4: the translation of this text has other values or elements than it: the text is used" }
for _, case in ipairs { { "another value", "x {vm.password}" }, { "an element that is not closed", "<b>x" },
                        { "an element of its own line", "<p>x</p>" }, { "a script", "<script>x</script>" },
                        { "an attribute that runs", '<b onclick="x">y</b>' }, { "an end tag", "x</div>" },
                        { "an address elsewhere", '<a href="https://example.org/">x</a>' } } do
  translated(case[1] .. " in a translation", "{% trans %}Hello{% end %}", { Hello = case[2] }, "Hello", UNFIT)
end

wrong("trans of a call", '{% trans %}{{ t("x") }}{% end %}', "1:12: translators know a value by its name: write {% set x = ... %} before, and {{ x }} here")
wrong("trans with a tag", "{% trans %}a {% if vm.filtered %}x{% end %}{% end %}", "1:17: {% trans %} holds text, elements and {{ names }} only")
wrong("trans with an element of its own line", "{% trans %}<p>x</p>{% end %}",
      "1:4: <p> cannot stand in {% trans %}: translators get elements within a line only")
wrong("trans without text", "{% trans %} {% end %}", "1:4: {% trans %} holds no text")
wrong("trans with braces", "{% trans %}a {b}{% end %}", "1:12: '{b}' in a text of {% trans %} would be taken for a value")
wrong("trans with an open element", "{% trans %}<b>x{% end %}", "1:4: <b> is never closed")
wrong("trans in an attribute", '<p title="{% trans %}x{% end %}"></p>', "1:14: {% trans %} stands in text, not inside a tag, a title or data")
wrong("plural without a number", "{% trans %}a{% plural %}b{% end %}", "1:16: {% plural %} needs a number: {% trans n=vm.total %}")
wrong("trans without its plural", "{% trans n=vm.total %}a{% end %}", "1:4: {% plural %} is missing")
wrong("trans with two numbers", "{% trans n=1 m=2 %}a{% plural %}b{% end %}", "1:14: {% trans %} takes one number: {% trans n=vm.total %}")
wrong("plural takes nothing", "{% trans n=1 %}a{% plural x %}b{% end %}", "1:27: {% plural %} takes nothing")
wrong("trans of a text", "{% trans n=vm.title %}a{% plural %}b{% end %}", "1:15: an int expected, not a text")
wrong("trans of a value that may be absent", "{% trans %}a {{ vm.domain.name }}{% end %}", "1:20: 'vm.domain' may be absent: test it with {% if vm.domain %}")
