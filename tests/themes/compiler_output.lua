-- SPDX-License-Identifier: GPL-3.0-or-later
-- What compiled pages print, run on a stand-in of the host.
local M = ...
local gives = M.gives

gives("text is escaped", "<b>{{ vm.box.email }}</b>", "<b>&lt;b&gt;@x</b>")
gives("attributes are escaped", '<b title="{{ vm.title }}">x</b>', '<b title="A &#39;title&#39;">x</b>')
gives("literals are escaped", '{{ "<i>" }}{{ t("a & b") }}', "&lt;i&gt;a &amp; b")
gives("an int", "{{ vm.total }}", "2")
gives("an absent text", "<p>{{ vm.note }}</p>", "<p></p>")
gives("or", '{{ vm.note or "none" }}', "none")
gives("and or", '{{ vm.filtered and "yes" or "no" }}', "no")
gives("arithmetic", "{{ vm.total * 2 + 1 - 6 // 4 % 3 }}", "4")
gives("parentheses", "{{ (vm.total + 1) * 2 }}", "6")
gives("count of a list", "{{ #vm.rows }}", "2")
gives("join", '<p id="mb-{{ vm.box.id }}">{{ "a" .. vm.total .. "-" .. vm.title }}</p>', '<p id="mb-7">a2-A &#39;title&#39;</p>')
gives("if", "{% if vm.filtered %}a{% elseif vm.total == 2 %}b{% else %}c{% end %}", "b")
gives("if of a list", "{% if vm.rows %}some{% end %}{% if not vm.rows %}none{% end %}", "some")
gives("if of an optional", "{% if vm.domain %}{{ vm.domain.name }}{% end %}", "Ex &amp; Co")
gives("if not ... else", "{% if not vm.domain %}none{% else %}{{ vm.domain.name }}{% end %}", "Ex &amp; Co")
gives("if not ... elseif", "{% if not vm.domain %}none{% elseif vm.domain.name ~= \"\" %}{{ vm.domain.name }}{% end %}", "Ex &amp; Co")
gives("and proves", "{% if vm.domain and vm.domain.name == \"x\" %}x{% else %}y{% end %}", "y")
gives("not or proves", "{% if not vm.domain or vm.domain.name == \"x\" %}x{% else %}{{ vm.domain.url }}{% end %}", "/d")
gives("equality proves", '{% if vm.note == "x" %}{{ "a" .. vm.note }}{% else %}no{% end %}', "no")
gives("set keeps what is proven", "{% if vm.domain %}{% set d = vm.domain %}{{ d.name }}{% end %}", "Ex &amp; Co")
gives("set of an optional is tested", "{% set d = vm.domain %}{% if d %}{{ d.name }}{% end %}", "Ex &amp; Co")
gives("set again in a branch", '{% set c = "a" %}{% if vm.total > 1 %}{% set c = "b" %}{% end %}{{ c }}', "b")
gives("set in a loop", "{% set n = 0 %}{% for m in vm.rows %}{% set n = n + m.id %}{% end %}{{ n }}", "15")
gives("for", "{% for m in vm.rows %}{{ loop.index }}{{ m.id }}{% if not loop.last %}, {% end %}{% end %}", "17, 28")
gives("for empty", "{% for c in vm.tree.children %}x{% empty %}<p>none</p>{% end %}", "<p>none</p>")
gives("nested for", "{% for m in vm.rows %}{% for w in vm.words %}{{ loop.index }}{{ w }}{{ m.id }} {% end %}{{ loop.first and \"f\" or \"l\" }}{% end %}",
      "1a7 2b7 f1a8 2b8 l")
gives("list of texts", "{{ vm.words | join(\"+\") }}", "a+b")
gives("filters", '{{ vm.total | bytes }} {{ vm.at | date("iso") }} {{ vm.at | relative }} {{ vm.title | upper | truncate(3) }}',
      "2 bytes iso 4 4 ago A &#39;")
gives("date relative", '{{ vm.at | date("relative") }}', "4 ago")
gives("filter of an absent time", "<p>{{ vm.seen | relative }}</p>", "<p></p>")
gives("filter of a guarded or", '{{ (vm.note or "x") | upper }}', "X")
gives("t with values", '{{ t("Delete %s of %s?", vm.box.email, vm.total) }}', "Delete &lt;b&gt;@x of 2?")
gives("t in an argument", '{% use "meter" q=vm.box.quota label=t("Of %s", vm.title) %}', "\n<b>Of A &#39;title&#39;50</b>")
gives("tn", '{{ tn("%d box", "%d boxes", vm.total) }}', "2 boxes")
gives("tc", '{{ tc("verb", "Open") }}', "Open")
gives("url", '<a href="{{ url("mailboxes.list", vm.box) }}">x</a>', '<a href="/domains/example.org/mailboxes">x</a>')
gives("url by id", '<a href="{{ url("audit.show", vm.box) }}">x</a>', '<a href="/audit/7">x</a>')
gives("url and more", '<a href="{{ url("overview") }}?q=1&amp;x=2#a">x</a>', '<a href="/?q=1&amp;x=2#a">x</a>')
gives("url of the model", '<a href="{{ vm.box.url }}">x</a>', '<a href="/m/7?a=1&amp;b=2">x</a>')
gives("a bad url of the model", '{% for m in vm.rows %}<a href="{{ m.url }}">x</a>{% end %}', '<a href="/m/7?a=1&amp;b=2">x</a><a href="#">x</a>')
gives("url by branches", '<a href="{% if vm.filtered %}{{ vm.here }}{% else %}{{ url("overview") }}{% end %}">x</a>', '<a href="/">x</a>')
gives("url by and or", '<a href="{{ vm.next or vm.here }}">x</a>', '<a href="/here">x</a>')
gives("literal path", '<a href="/x?y={{ vm.total }}#z-{{ vm.level }}">x</a>', '<a href="/x?y=2#z-warn">x</a>')
gives("fragment", '<a href="#e-{{ vm.title }}">x</a>', '<a href="#e-A &#39;title&#39;">x</a>')
gives("asset", '<img alt="" src="{{ asset("app.css") }}">', '<img alt="" src="/assets/base/app.css">')
gives("icon", '<b>{{ icon("trash") }}x</b>', '<b><svg class="icon" aria-hidden="true"><use href="/assets/base/icons.svg#trash"/></svg>x</b>')
gives("icon of an enum", "{% for n in shell.nav %}{{ icon(n.key) }}{% end %}",
      '<svg class="icon" aria-hidden="true"><use href="/assets/base/icons.svg#home"/></svg><svg class="icon" aria-hidden="true"><use href="/assets/base/icons.svg#trash"/></svg>')
gives("secret as text", "<code>{{ vm.password }}</code>", "<code>[secret 5]</code>")
gives("secret as a value", '<input value="{{ vm.password }}">', '<input value="[secret 5]">')
gives("JSON island", '<script type="application/json">{"a": {{ vm.box.email }}, "n": {{ vm.total }}, "b": {{ vm.filtered }} }</script>',
      nil)
gives("attributes by branches", '{% for n in shell.nav %}<a href="{{ n.url }}"{% if n.current %} aria-current="page"{% end %}>{{ n.label }}</a>{% end %}',
      '<a href="/" aria-current="page">Home</a><a href="/bin">Bin</a>')
gives("either attribute", '<p{% if vm.filtered %} class="a"{% else %} class="b"{% end %} id="x"></p>', '<p class="b" id="x"></p>')
gives("part of an attribute", '<p class="a{% if vm.total > 1 %} many{% end %}"></p>', '<p class="a many"></p>')
gives("a value within a branch of an attribute", '<p class="a{% if vm.domain %} {{ vm.domain.domain }}{% end %}"></p>', '<p class="a example.org"></p>')
gives("what a form may send", '{% for f in vm.form.fields %}<input type="hidden" name="{{ f.name }}" value="0"><input value="{{ (f).value }}" name="{{ f.name }}">' ..
      '<select name="{{ f.name }}">{% for o in f.options %}<option value="{{ o.value }}">{{ o.label }}</option>{% end %}</select>' ..
      '<textarea name="{{ f.name }}">{% if f.required %}{{ f.value }}{% end %}</textarea><input value="mine">{% end %}',
      '<input type="hidden" name="n" value="0"><input value="" name="n"><select name="n"><option value="1">One</option></select><textarea name="n"></textarea><input value="mine">')
gives("form", '{% form vm.form %}{% for f in vm.form.fields %}<input name="{{ f.name }}" type="{{ f.type }}"{% if f.required %} required{% end %}>{% end %}<button type="submit" name="generate" value="1">{{ vm.form.submit }}</button>{% end %}',
      '<form method="post" action="/f"><input type="hidden" name="token" value="[secret 0]"><input name="n" type="text" required><button type="submit" name="generate" value="1">Save</button></form>')
gives("component", '{% use "meter" q=vm.box.quota label="x" %}', "\n<b>x50</b>")
gives("component without its optional", '{% use "meter" q=vm.box.quota %}', "\n<b>50</b>")
gives("block", "{% for m in vm.rows %}{% block row(m) %}[{{ m.id }}]{% end %}{% end %}", "[7][8]")
gives("block keeps what is proven", "{% if vm.domain %}{% block d() %}{{ vm.domain.name }}{% end %}{% end %}", "Ex &amp; Co")
gives("nested blocks", "{% block a() %}1{% block b() %}2{% end %}3{% end %}", "123")
gives("comment", "a{# {{ os }} {% if %} #}b", "ab")
gives("strings may hold the ends", "{{ \"}} %} #}\" }}", "}} %} #}")
gives("whitespace is squeezed", "<p>\n\n   a   b\n  </p>\n\n\n<p>c</p>", "<p>\na b\n</p>\n<p>c</p>")
gives("pre is kept", "<pre>a   b\n\n  c</pre>", "<pre>a   b\n\n  c</pre>")
gives("textarea is kept", "<textarea>a   b\n\n{{ vm.title }}</textarea>", "<textarea>a   b\n\nA &#39;title&#39;</textarea>")
gives("attributes keep blanks", '<p title="a   b"></p>', '<p title="a   b"></p>')
gives("< in an attribute", '<p title="a < b"></p>', '<p title="a &lt; b"></p>')
gives("single quotes", "<p title='a \"{{ vm.title }}\"'></p>", "<p title='a \"A &#39;title&#39;\"'></p>")
gives("entities of the author", "<p>&nbsp;&lt;&amp;</p>", "<p>&nbsp;&lt;&amp;</p>")
gives("boolean attributes", '<details open><summary>x</summary></details>', "<details open><summary>x</summary></details>")
gives("bare data attribute", '<p data-mb-guard data-n="{{ vm.total }}"></p>', '<p data-mb-guard data-n="2"></p>')
gives("Lua's words as names", "{% for repeat in vm.words %}{{ repeat }}{% end %}{% set local = 1 %}{{ local }}", "ab1")
gives("names of the host", "{% set emit = 1 %}{% set F = 2 %}{{ emit + F }}", "3")
gives("backslash and NUL in a literal", 'a\\n"\'b', 'a\\n"\'b')
gives("many values in one run", ("<i>{{ vm.total }}</i>"):rep(120), ("<i>2</i>"):rep(120))
gives("many literals by branches", ("<i{% if vm.filtered %} hidden{% end %}></i>"):rep(120), ("<i></i>"):rep(120))
gives("long elseif chain of literals", "{% if vm.total == 99 %}x" .. ("{% elseif vm.total == 98 %}y"):rep(50) .. "{% else %}z{% end %}", "z")

-- The JSON case: what the island holds must parse back, so it is written out here.
M.cases[#M.cases] = M.cases[#M.cases]
for _, case in ipairs(M.cases) do
  if case.name == "gives: JSON island" then
    case.run = function()
      local result = M.compile(M.page('<script type="application/json">{"a": {{ vm.box.email }}, "n": {{ vm.total }}, "b": {{ vm.filtered }} }</script>'))
      M.same(result.errors, {}, "errors")
      M.same({ (M.render(result)) }, { '<script type="application/json">{"a": "\\u003cb\\u003e@x", "n": 2, "b": false }</script>' }, "page")
    end
  end
end

local function page_code(source)
  local result = M.compile(M.page(source))
  M.same(result.errors, {}, "errors")
  return result.code:match("do %-%- [%w-]+/pages/p.html\n.-local function body%(vm, shell, b%)\n(.-)\nend"), result
end

M.case("code: one emit for a straight run", function()
  M.same({ (page_code('<b title="{{ vm.title }}">{{ vm.total }}</b>{{ t("x") }}')) },
         { '  emit("<b title=\\"\\0e1.title;\\">\\0e1.total;</b>x", vm)' }, "code")
end)

M.case("code: branches of literals join the run", function()
  M.same({ (page_code("<input{% if vm.filtered %} required{% end %}>{{ vm.total }}")) },
         { '  emit("<input\\0?1.filtered; required\\0.>\\0e1.total;", vm)' }, "code")
end)

M.case("code: a branch of prints joins the run", function()
  M.same({ (page_code("<p>{% if vm.total > 1 and vm.filtered %}a{% end %}{% if vm.total > 1 %}{{ vm.title }}{% elseif vm.note %}b{% end %}</p>")) },
         { '  emit("<p>\\0r1;\\0>2.total,#1;\\0e2.title;\\0|\\0?2.note;b\\0.\\0.</p>",'
           .. ' (((vm.total > 1) and vm.filtered) and "a" or ""), vm)' }, "code")
end)

M.case("code: the host finds a field of a field", function()
  M.same({ (page_code("{% if vm.box.quota.used > 1 %}{{ vm.box.quota.used }}{% end %}")) },
         { '  emit("\\0>1.box.quota.used,#1;\\0e1.box.quota.used;\\0.", vm)' }, "code")
end)

M.case("code: a component of prints is written where it stands", function()
  M.same({ (page_code('<i>{% use "meter" q=vm.box.quota label=vm.title %}</i>')) },
         { '  emit("<i>\\n<b>\\0e1.title;\\0e1.box.quota.percent;</b></i>", vm)' }, "code")
end)

M.case("code: what a component is given through a filter is printed through it", function()
  M.same({ (page_code('<i>{% use "meter" q=vm.box.quota label=vm.total | number %}</i>')) },
         { '  emit("<i>\\n<b>\\0n1.total;\\0e1.box.quota.percent;</b></i>", vm)' }, "code")
end)

M.case("code: a block of prints is written where it stands, in a loop too", function()
  local code = page_code("{% for m in vm.rows %}{% block row(m) %}<i>{{ m.email }}</i>{% end %}{% end %}")
  assert(code:find('emit_each("<i>\\0e1.email;</i>", rows1)\n', 1, true), code)
end)

M.case("code: a loop whose body is one run is one call, its items the first value", function()
  local code = page_code('{% for m in vm.rows %}{{ vm.title }}<i>{{ m.email }}</i>{% empty %}none{% end %}')
  assert(code:find('emit_each("\\0e2.title;<i>\\0e1.email;</i>", rows1, vm)\n  if #rows1 == 0 then', 1, true), code)
end)

M.case("code: a loop that asks for its index, or computes, is a loop", function()
  for _, body in ipairs { "{{ loop.index }}", "{{ m.email | upper }}", "{% if loop.first %}{{ m.email }}{% end %}" } do
    local code = page_code("{% for m in vm.rows %}" .. body .. "{% end %}")
    assert(code:find("for i2 = 1, #rows1 do local v_m = rows1[i2]", 1, true) and not code:find("emit_each", 1, true), code)
  end
end)

M.case("code: the first of two fields that is there", function()
  M.same({ (page_code("{{ vm.note or vm.title }}")) }, { '  emit("\\0?1.note;\\0e1.note;\\0|\\0e1.title;\\0.", vm)' }, "code")
end)

M.case("code: a component that is given what has to be computed is called", function()
  local code = page_code('{% use "meter" q=vm.box.quota label=vm.title | upper %}')
  assert(code:find('C["meter"](shell, vm.box.quota, F.upper(vm.title))', 1, true), code)
end)

M.case("code: a branch that computes stands apart", function()
  local code = page_code("{% if vm.total > 1 %}{{ vm.title | upper }}{% end %}")
  assert(code:find("if (vm.total > 1) then", 1, true), code)
end)

gives("many branches", "{% if vm.total == 100 %}x" .. ("{% elseif vm.total == 101 %}x"):rep(40) .. "{% elseif vm.total == 2 %}y{% end %}", "y")
gives("deep branches", ("{% if vm.total == 2 %}<i>{{ vm.title }}"):rep(40) .. ("</i>{% end %}"):rep(40),
      ("<i>A &#39;title&#39;"):rep(40) .. ("</i>"):rep(40))

M.case("code: branches within branches go as deep as the host takes", function()
  local code = page_code(("{% if vm.total == 2 %}<i>{{ vm.title }}"):rep(40) .. ("</i>{% end %}"):rep(40))
  assert(code:find("then"), code)
  for emit in code:gmatch("emit%b()") do
    local _, opened = emit:gsub("\\0[?!=~<>()]", "")
    assert(opened <= 30, emit)
  end
end)

for _, case in ipairs { { "==", 2 }, { "~=", 3 }, { "<", 3 }, { "<=", 2 }, { ">", 1 }, { ">=", 2 } } do
  gives("a branch by " .. case[1], ("{%% if vm.total %s %d %%}a{%% else %%}b{%% end %%}{%% if not (vm.total %s %d) %%}c{%% else %%}d{%% end %%}"):format(
        case[1], case[2], case[1], case[2]), "ad")
  gives("none by " .. case[1], ("{%% if vm.total %s %d %%}a{%% else %%}b{%% end %%}"):format(case[1], case[1] == "==" and 5
        or case[1] == "~=" and 2 or case[1]:find("<") and 1 or 3), "b")
end

M.case("code: a loop and a function pay where they print on a condition alone", function()
  local code = page_code("{% for m in vm.rows %}{% if vm.rows %}x{% else %}{{ m.id }}{% end %}{% end %}")
  local _, emits = code:gsub("emit%(", "")
  assert(code:find('\n      emit%("x"%).*\n    end\n    emit%(""%)\n'), code)
  assert(code:find('\n  emit%(""%)$'), code)
  M.same({ emits }, { 4 }, "prints")
end)

M.case("code: what pays already does not pay twice", function()
  local code = page_code("{% for m in vm.rows %}{% if vm.filtered %}x{% end %}{{ m.id }}{% empty %}none{% end %}.")
  M.same({ code:find('emit("")', 1, true) }, {}, "an emit of nothing")
end)

gives("a NUL is no hole", "<p title=\"\0r\">\0r{{ vm.total }}\0</p>", "<p title=\"\u{FFFD}r\">\u{FFFD}r2\u{FFFD}</p>")

M.case("code: nothing outside is written", function()
  local _, result = page_code('{% set n = 0 %}{% for m in vm.rows %}{% set n = n + 1 %}{% block row(m) %}{{ m.id }}{% end %}{% end %}{{ n }}')
  local file = os.tmpname()
  local f = assert(io.open(file, "w"))
  f:write(result.code)
  f:close()
  local list = io.popen("luac5.4 -p -l -l '" .. file .. "'")   -- a name of os.tmpname: nothing in it to quote
  local text = list:read("a")
  list:close()
  os.remove(file)
  assert(text:find("SETFIELD"), "luac5.4 listed nothing")
  assert(not text:find("SETTABUP"), "a global is written")
  -- the chunk itself fills its own tables and forward-declared functions; functions of pages must not
  for fn in text:gmatch("\nfunction <theme.-\n\n") do assert(not fn:find("SETUPVAL"), fn) end
end)

M.case("code: lines lead back to the template", function()
  local result = M.compile(M.page("<p>\n{% if vm.rows %}\n{{ vm.title }}{% end %}</p>"))
  local n, found = 0, nil
  for text in result.code:gmatch("([^\n]*)\n") do
    n = n + 1
    if text:find("if (#vm.rows > 0) then", 1, true) then found = result.lines[n] end
  end
  M.same({ tostring(found) }, { "pages/p.html:2" }, "line")
end)

M.case("warning: deprecated", function()
  M.same(M.compile(M.page("{{ vm.box.login }}")).warnings,
         { "pages/p.html:1:11: Mailbox.login is deprecated since 1.2, use email" }, "warnings")
end)

M.case("output: the same code each time", function()
  local one = M.compile(M.page("{{ vm.title }}")).code
  for _ = 1, 5 do assert(one == M.compile(M.page("{{ vm.title }}")).code) end
end)

M.case("output: hostile text in every printable place stays text", function()
  local evil = '"\'><script>alert(1)</script>&{{ vm }}{% x %}'
  local model = {}
  for key, value in pairs(M.model) do model[key] = value end
  model.title, model.note = evil, evil
  local result = M.compile(M.page('<p title="{{ vm.title }}" class=\'{{ vm.note }}\' data-x="{{ vm.title }}">{{ vm.note }}</p><a href="#{{ vm.title }}">{{ t("%s!", vm.title) }}</a><textarea>{{ vm.title }}</textarea>'))
  local body = M.render(result, "p", model)
  assert(not body:find("<script", 1, true))
  local _, n = body:gsub("<[%a/]", "")
  M.same({ tostring(n) }, { "6" }, "tags in " .. body)
end)

gives("blanks just inside a tag go where blanks stand outside", "<p>\n{% if vm.total > 1 %}\n  <b>x</b>\n{% end %}\n</p>", "<p>\n<b>x</b>\n</p>")
gives("blanks inside a tag stay where none stand outside", "a{% if vm.total > 1 %} b {% end %}c", "a b c")
gives("a loop keeps what stands between its rounds", "<p>\n{% for w in vm.words %}\n<b>{{ w }}</b>\n{% end %}\n</p>", "<p>\n<b>a</b>\n<b>b</b>\n\n</p>")
gives("a body of blanks", "a {% if vm.total > 1 %}\n  \n{% end %} b", "a  b")
