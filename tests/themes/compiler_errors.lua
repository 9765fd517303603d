-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the compiler says of a mistake, word for word and where.
local M = ...
local wrong = M.wrong

-- Names and fields
wrong("unknown field", "{{ vm.box.quotta.used }}", "1:11: Mailbox has no field 'quotta' - did you mean 'quota'?")
wrong("unknown field of vm", "{{ vm.rowz }}", "1:7: vm has no field 'rowz' - did you mean 'rows'?")
wrong("unknown field, nothing near", "{{ vm.box.zzzzzz }}", "1:11: Mailbox has no field 'zzzzzz'")
wrong("unknown field of shell", "{{ shell.sit }}", "1:10: Shell has no field 'sit' - did you mean 'site'?")
wrong("unknown name", "{{ os }}", "1:4: unknown name 'os'")
wrong("unknown name, did you mean", "{{ shel.site }}", "1:4: unknown name 'shel' - did you mean 'shell'?")
wrong("second line", "\n<p>{{ vm.totl }}</p>", "2:10: vm has no field 'totl' - did you mean 'total'?")
wrong("columns count characters", "<p>äöü{{ vm.totl }}</p>", "1:13: vm has no field 'totl' - did you mean 'total'?")
wrong("field of an int", "{{ vm.total.value }}", "1:13: 'vm.total' is an int and has no fields")
wrong("field of a list", "{{ vm.rows.email }}", "1:12: 'vm.rows' is a list and has no fields")
wrong("several at once", "{{ vm.a }}<b>{{ vm.totl }}</b>{{ os }}",
      "1:7: vm has no field 'a' - did you mean 'at'?",
      "1:20: vm has no field 'totl' - did you mean 'total'?", "1:34: unknown name 'os'")
wrong("nil", "{% if vm.domain == nil %}{% end %}", "1:20: there is no nil: test with {% if x %} or {% if not x %}")
wrong("loop outside", "{{ loop.index }}", "1:4: 'loop' is known inside {% for %} only")
wrong("loop field", "{% for m in vm.rows %}{{ loop.indx }}{% end %}", "1:31: loop has no field 'indx' - did you mean 'index'?")
wrong("helper without call", "{{ t }}", "1:4: unknown name 't' - it is called: t(...)")

-- Types
wrong("print a record", "{{ vm.box.quota }}", "1:1: cannot print a Quota; print one of its fields")
wrong("print a list", "{{ vm.rows }}", "1:1: cannot print a list; use {% for %}")
wrong("print a bool", "{{ vm.filtered }}", "1:1: cannot print a bool; use {% if %}")
wrong("print a time", "{{ vm.at }}", '1:1: cannot print a time; give it a filter: | date("short")')
wrong("print vm", "{{ vm }}", "1:1: cannot print a view model; print one of its fields")
wrong("print and without or", '{{ vm.filtered and "x" }}', "1:1: this may be false: give it an 'or'")
wrong("not a list", "{% for m in vm.total %}{% end %}", "1:16: 'vm.total' is not a list")
wrong("field of an optional", "{{ vm.domain.name }}", "1:7: 'vm.domain' may be absent: test it with {% if vm.domain %}")
wrong("optional outside its if", "{% if vm.domain %}{% end %}{{ vm.domain.name }}",
      "1:34: 'vm.domain' may be absent: test it with {% if vm.domain %}")
wrong("optional in the else", "{% if vm.domain %}{% else %}{{ vm.domain.name }}{% end %}",
      "1:35: 'vm.domain' may be absent: test it with {% if vm.domain %}")
wrong("optional after or", "{% if vm.domain or vm.filtered %}{{ vm.domain.name }}{% end %}",
      "1:40: 'vm.domain' may be absent: test it with {% if vm.domain %}")
wrong("optional in a join", '{{ "a" .. vm.note }}', "1:14: 'vm.note' may be absent: test it with {% if vm.note %}")
wrong("optional in arithmetic", "{{ vm.size + 1 }}", "1:7: 'vm.size' may be absent: test it with {% if vm.size %}")
wrong("optional in href", '<a href="{{ vm.next }}">x</a>', "1:16: 'vm.next' may be absent: test it with {% if vm.next %}")
wrong("always true: int", "{% if vm.total %}{% end %}", "1:10: 'vm.total' is an int and always true: compare it: vm.total > 0")
wrong("always true: text", "{% if vm.title %}{% end %}", "1:10: 'vm.title' is a text and always true: compare it: vm.title ~= \"\"")
wrong("always true: enum", "{% if vm.level %}{% end %}", "1:10: 'vm.level' is an enum and always true: compare it: vm.level == \"ok\"")
wrong("always true: record", "{% if vm.box %}{% end %}", "1:10: 'vm.box' is a Mailbox and always true: it is never absent")
wrong("enum value", '{% if vm.level == "ful" %}{% end %}', "1:19: 'ful' is not one of ok, warn, full - did you mean 'full'?")
wrong("compare kinds", '{% if vm.total == "1" %}{% end %}', "1:16: an int is never a text")
wrong("compare records", "{% if vm.box == vm.box %}{% end %}", "1:14: a Mailbox cannot be compared")
wrong("order of texts", '{% if vm.title < "b" %}{% end %}', "1:10: an int expected, not a text",
      "1:18: an int expected, not a text")
wrong("join a record", '{{ "a" .. vm.box }}', "1:14: cannot join a Mailbox to a text")
wrong("count no list", "{{ #vm.title }}", "1:4: '#' counts a list, not a text")
wrong("or of different kinds", "{{ vm.note or vm.total }}", "1:12: 'or' joins a text and an int")
wrong("set to another kind", '{% set x = 1 %}{% set x = "a" %}', "1:27: 'x' holds an int, not a text")
wrong("set a loop's name", "{% for m in vm.rows %}{% set m = 1 %}{% end %}", "1:30: 'm' cannot be set: it is no {% set %} name")
wrong("set vm", "{% set vm = 1 %}", "1:8: 'vm' cannot be set")
wrong("loop name taken", "{% for vm in vm.rows %}{% end %}", "1:8: the name 'vm' is taken")

-- Filters and helpers
wrong("unknown filter", "{{ vm.total | byte }}", "1:15: unknown filter 'byte' - did you mean 'bytes'?")
wrong("filter of another kind", "{{ vm.title | bytes }}", "1:15: 'bytes' takes an int, not a text")
wrong("filter's words", '{{ vm.at | date("shrt") }}', "1:17: 'date' knows no 'shrt' - did you mean 'short'?")
wrong("filter's arguments", "{{ vm.title | truncate }}", "1:15: 'truncate' takes 1 argument, not 0")
wrong("filter's argument kind", '{{ vm.title | truncate("x") }}', "1:24: an int expected, not a text")
wrong("date's style is known", "{{ vm.at | date(vm.title) }}", '1:20: \'date\' takes a literal: date("short")')
wrong("join of records", "{{ vm.rows | join }}", "1:14: 'join' takes a list of texts")
wrong("raw filter", "{{ vm.title | safe }}", "1:15: there is no filter 'safe': whatever is printed is escaped for its place")
wrong("unknown helper", "{{ uri(\"overview\") }}", "1:4: unknown helper 'uri' - did you mean 'url'?")
wrong("filter called", "{{ bytes(1) }}", "1:4: unknown helper 'bytes' - it is a filter: x | bytes")
wrong("t of a value", "{{ t(vm.title) }}", '1:9: t() takes a text as a literal: t("...")')
wrong("t lacks a value", '{{ t("Hello %s") }}', "1:4: t() has fewer values than its text has %s")
wrong("t has one too many", '{{ t("Hello", vm.title) }}', "1:18: t() has more values than its text has %s")
wrong("tn without number", '{{ tn("%d box", "%d boxes") }}', "1:4: tn() needs a number")
wrong("tn without %d", '{{ tn("one", "many", vm.total) }}', "1:14: the plural of tn() holds %d, where the number goes")
wrong("unknown route", '<a href="{{ url("overvieww") }}">x</a>', "1:17: there is no route 'overvieww' - did you mean 'overview'?")
wrong("route needs a record", '<a href="{{ url("mailboxes.list") }}">x</a>', "1:13: 'mailboxes.list' needs a record with domain")
wrong("route's field", '<a href="{{ url("mailboxes.list", vm.box.quota) }}">x</a>',
      "1:42: 'mailboxes.list' needs 'domain', which a Quota has not")
wrong("route of an optional", '<a href="{{ url("mailboxes.list", vm.domain) }}">x</a>',
      "1:38: 'vm.domain' may be absent: test it with {% if vm.domain %}")
wrong("unknown asset", '<img alt="" src="{{ asset("app.cs") }}">', "1:27: there is no asset 'app.cs' - did you mean 'app.css'?")
wrong("unknown icon", '{{ icon("trsh") }}', "1:9: there is no icon 'trsh' - did you mean 'trash'?")
wrong("icon of an enum that has none", "{{ icon(vm.level) }}", "1:12: there is no icon 'ok'")
wrong("icon in an attribute", '<p title="{{ icon("trash") }}"></p>', "1:11: icon() writes an element: it cannot stand in an attribute")
wrong("icon kept", '{% set i = icon("trash") %}', "1:4: icon() writes an element: it cannot be kept in a name")

-- Components and forms
wrong("unknown component", '{% use "metre" q=vm.box.quota %}', "1:8: there is no component 'metre' - did you mean 'meter'?")
wrong("component's argument missing", '{% use "meter" %}', "1:8: 'meter' needs 'q'")
wrong("component's argument unknown", '{% use "meter" q=vm.box.quota lable="x" %}', "1:31: 'meter' takes no 'lable' - did you mean 'label'?")
wrong("component's argument of another kind", '{% use "meter" q=vm.box %}', "1:21: 'q': a Quota expected, not a Mailbox")
wrong("component's argument twice", '{% use "meter" q=vm.box.quota q=vm.box.quota %}', "1:31: 'q' is given twice")
wrong("component in an attribute", '<p title="{% use "meter" q=vm.box.quota %}"></p>',
      "1:14: a component stands in text, not inside a tag, a title or data")
wrong("form of another kind", "{% form vm.box %}{% end %}", "1:12: {% form %} takes a Form or an Action, not a Mailbox")
wrong("form of an optional", "{% form vm.box.toggle %}{% end %}",
      "1:16: 'vm.box.toggle' may be absent: test it with {% if vm.box.toggle %}")
wrong("form in a form", "{% form vm.form %}{% form vm.form %}{% end %}{% end %}", "1:22: a form cannot stand inside a form")
wrong("form with attributes", '{% form vm.form class="x" %}{% end %}', "1:17: {% form %} takes the form alone: give a class to an element around it")
wrong("name of a control", '<input name="role">', "1:14: a control's name comes from the model: name=\"{{ f.name }}\"")
wrong("name from any text", '<input name="{{ vm.title }}">', "1:14: a control's name comes from the model: name=\"{{ f.name }}\"")
wrong("name pieced together", '{% for f in vm.form.fields %}<input name="x{{ f.name }}">{% end %}',
      "1:44: a control's name comes from the model: name=\"{{ f.name }}\"",
      "1:56: the name of <input> is one literal or one value of the model")
wrong("name by branches", '<input name="{% if vm.filtered %}a{% else %}b{% end %}">', "1:17: 'if' leaves the HTML in another context than it began",
      "1:55: a control's name comes from the model: name=\"{{ f.name }}\"")

-- Secrets
wrong("secret in an attribute", '<p title="{{ vm.password }}"></p>', "1:11: a secret can only be printed, as text or as a 'value' attribute")
wrong("secret joined", '{{ "x" .. vm.password }}', "1:14: a secret can only be printed, as text or as a 'value' attribute")
wrong("secret compared", '{% if vm.password == "x" %}{% end %}', "1:10: a secret can only be printed, as text or as a 'value' attribute")
wrong("secret filtered", "{{ vm.password | upper }}", "1:7: a secret can only be printed, as text or as a 'value' attribute")
wrong("secret in a URL", '<a href="{{ vm.password }}">x</a>', "1:10: 'href' takes url(...), asset(...) or a URL of the model, not a secret")
wrong("secret in part of a value", '<input value="x{{ vm.password }}">', "1:16: a secret can only be printed, as text or as a 'value' attribute")
wrong("secret that a form sends", '<input name="q" value="{{ vm.password }}">',
      "1:24: a secret stands in no control that a form sends: leave out its name")
wrong("secret that a form sends, name last", '<input value="{{ vm.password }}" name="q">',
      "1:15: a secret stands in no control that a form sends: leave out its name")
wrong("secret as an option", '<select name="q"><option>{{ vm.password }}</option></select>',
      "1:26: a secret stands in no control that a form sends: leave out its name")
wrong("secret as the value of an option", '<select name="q"><option value="{{ vm.password }}">x</option></select>',
      "1:33: a secret stands in no control that a form sends: leave out its name")
wrong("secret in a text area", '<textarea name="q">{{ vm.password }}</textarea>',
      "1:20: a secret stands in no control that a form sends: leave out its name")
local sent = "what a form sends is its reader's or the model's: value=\"{{ f.value }}\" of the field that gives the name"
local function sends(name, inside, ...)
  local at = {}
  for i, column in ipairs { ... } do at[i] = "1:" .. column .. ": " .. sent end
  wrong(name, "{% for f in vm.form.fields %}" .. inside .. "{% end %}", table.unpack(at))
end
sends("a value of the theme in a form", '<input type="hidden" name="{{ f.name }}" value="secret">', 78)
sends("a value of the theme, before the name", '<input value="secret" name="{{ f.name }}">', 44)
sends("a text for people in a form", '<input name="{{ f.name }}" value="{{ t("secret") }}">', 64)
sends("a setting in a form", '<input name="{{ f.name }}" value="{{ shell.site }}">', 64)
sends("a value pieced together", '<input name="{{ f.name }}" value="{{ f.value }}0">', 77)
sends("a value behind a literal", '<input name="{{ f.name }}" value="1{{ f.value }}">', 65)
sends("a value joined", '<input name="{{ f.name }}" value="{{ f.label .. "0" }}">', 64)
sends("a value chosen by the theme", '<input name="{{ f.name }}" value="{% if f.required %}{{ f.value }}{% else %}no{% end %}">', 106)
sends("a value of another field", '{% for g in vm.form.fields %}<input name="{{ f.name }}" value="{{ g.value }}">{% end %}', 93)
sends("a label as a value", '<button type="submit" name="{{ f.name }}" value="{{ f.label }}">x</button>', 79)
sends("a value for two names", '{% for g in vm.form.fields %}<input{% if g.required %} name="{{ g.name }}"{% else %} name="{{ f.name }}"{% end %} '
      .. 'value="{{ f.value }}">{% end %}', 151)
sends("a name of another branch", '{% for g in vm.form.fields %}<input{% if g.required %}{% set x = g %} name="{{ x.name }}"{% end %}'
      .. '{% if f.required %}{% set x = f %} value="{{ x.value }}"{% end %}>{% end %}', 170)
sends("an option of the theme", '<select name="{{ f.name }}"><option value="super">x</option></select>', 73)
sends("an option that sends its text", '<select name="{{ f.name }}"><option>super</option></select>', 58)
sends("an option of another field", '{% for g in vm.form.fields %}<select name="{{ g.name }}">{% for o in f.options %}'
      .. '<option value="{{ o.value }}">x</option>{% end %}</select>{% end %}', 126)
sends("a text of the theme in a text area", '<textarea name="{{ f.name }}">secret</textarea>', 60)
sends("a value of another kind in a text area", '<textarea name="{{ f.name }}">{{ f.label }}</textarea>', 60)
sends("a value twice in a text area", '<textarea name="{{ f.name }}">{{ f.value }}{{ f.value }}</textarea>', 73)
wrong("a row of the theme", '<input type="checkbox" form="bulk" name="id" value="7">', "1:53: " .. sent)
wrong("a button of the theme", '<button type="submit" name="generate" value="2">x</button>', "1:46: " .. sent)
wrong("an option alone", "<p><option>x</option></p>", "1:4: an <option> stands in the <select> or <datalist> of the same block")
wrong("a control that moves what is in it", '<input type="range" min="7" max="7">', "1:14: <input> takes no type \"range\"")

wrong("secret in JSON", '<script type="application/json">{{ vm.password }}</script>', "1:33: a JSON island holds no secret")

-- HTML: elements
wrong("script", "<script>x</script>", "1:1: inline <script> is not allowed, except type=application/json")
wrong("script of another type", '<script type="module">x</script>', "1:15: inline <script> is not allowed, except type=application/json")
wrong("script src", '<script src="/x.js" type="application/json">1</script>', "1:9: <script> takes no attribute 'src'")
wrong("style element", "<style></style>", "1:1: <style> is not allowed: styles go into app.css")
wrong("iframe", "<iframe></iframe>", "1:1: <iframe> is not allowed")
wrong("svg", "<svg></svg>", '1:1: <svg> is not allowed: use {{ icon("name") }}')
wrong("form element", '<form action="/x"></form>', "1:1: <form> is not allowed: {% form vm.form %}...{% end %} writes it, with its token")
wrong("body", "<body></body>", "1:1: <body> is not allowed: the page's skeleton (doctype, html, head, body) is the core's")
wrong("doctype", "<!doctype html>", "1:1: the page's skeleton (doctype, html, head, body) is the core's")
wrong("base", '<base href="/x">', "1:1: <base> is not allowed: addresses come from url(...)")
wrong("unknown element", "<sectoin></sectoin>", "1:1: <sectoin> is not allowed - did you mean 'section'?")
wrong("upper case", "<SCRIPT>x</SCRIPT>", "1:1: inline <script> is not allowed, except type=application/json")
wrong("HTML comment", "<!-- {{ vm.title }} -->", "1:1: an HTML comment is sent to the reader: write {# ... #}")
wrong("stray <", "1 < 2", "1:3: write '<' in text as &lt;")
wrong("printed tag name", "<{{ vm.title }}>", "1:1: the name of a tag cannot be printed")
wrong("unclosed element", "<div><p>x</p>", "1:1: <div> is never closed")
wrong("crossed elements", "<b><i>x</b></i>", "1:8: </b> stands where </i> is due", "1:12: </i> closes nothing that was opened here")
wrong("closes nothing", "x</div>", "1:2: </div> closes nothing that was opened here")
wrong("void element closed", "<br></br>", "1:5: <br> has no end tag")
wrong("self-closed", "<div/></div>", "1:5: <div/> does not close it: write <div></div>")
wrong("tags in a textarea", "<textarea><b></b></textarea>", "1:11: <textarea> holds text only", "1:14: <textarea> holds text only")
wrong("icon in a textarea", '<textarea>{{ icon("trash") }}</textarea>', "1:11: <textarea> holds text only")
wrong("img without alt", '<img src="{{ vm.here }}">', "1:1: give the image an alt text: alt=\"\" where it only decorates")
wrong("button without type", "<button>x</button>", "1:1: give the button a type: type=\"submit\" or type=\"button\"")
wrong("tag cut off", "<div class=\"a\"", "1:1: <div is not closed by '>'")

-- HTML: attributes
wrong("unquoted value", "<a href={{ vm.here }}>x</a>", '1:4: quote this attribute: href="..."')
wrong("unquoted literal", "<a class=x>x</a>", '1:4: quote this attribute: class="..."')
wrong("onclick", '<a onclick="x">x</a>', "1:4: 'onclick' attributes are not allowed")
wrong("style attribute", '<p style="x">x</p>', "1:4: 'style' attributes are not allowed: give it a class")
wrong("srcdoc", '<p srcdoc="x">x</p>', "1:4: <p> takes no attribute 'srcdoc'")
wrong("unknown attribute", '<td colspn="2"></td>', "1:5: <td> takes no attribute 'colspn' - did you mean 'colspan'?")
wrong("formaction", '<button type="submit" formaction="/x">x</button>', "1:23: <button> takes no attribute 'formaction'")
wrong("printed attribute name", "<p {{ vm.title }}></p>", "1:4: the name of an attribute cannot be printed")
wrong("attribute twice", '<p class="a" class="b"></p>', "1:14: 'class' stands twice in <p>")
wrong("no blank before attribute", '<p class="a"id="b"></p>', "1:13: put a blank before the attribute 'id'")
wrong("no blank in a branch", "<input{% if vm.filtered %}required{% end %}>", "1:27: put a blank before the attribute 'required'")
wrong("attribute without value", "<p class></p>", "1:4: 'class' needs a value: class=\"...\"")
wrong("input type", '<input type="file">', '1:14: <input> takes no type "file"')
wrong("input type of a text", '<input type="{{ vm.title }}">', "1:14: the type of <input> is one literal or one value of the model")

-- HTML: URLs
wrong("javascript:", '<a href="javascript:alert(1)">x</a>', "1:10: a literal URL names a place of this site, not another scheme")
wrong("other site", '<a href="https://example.org/">x</a>',
      "1:10: a literal URL names a place of this site - pictures lie in assets/, links to elsewhere are a setting of the type 'links'")
wrong("//", '<a href="//example.org/">x</a>', "1:10: a literal URL names a place of this site: '//' leaves it")
wrong("backslash", '<a href="/\\example.org/">x</a>', "1:10: a URL holds no '\\', blanks or controls")
wrong("entity", '<a href="&#106;avascript:x">x</a>', "1:10: write '&' in a literal URL as &amp;")
wrong("literal asset path", '<img alt="" src="/assets/x.png">', '1:18: write asset("..."): the path of an asset changes with its bytes')
wrong("scheme by branches", '<a href="java{% if vm.filtered %}script:{% end %}x">x</a>',
      "1:17: 'if' leaves the HTML in another context than it began",
      "1:34: a literal URL names a place of this site, not another scheme")
wrong("scheme by open branches", '<a href="a{% if vm.filtered %}b{% end %}:x">x</a>',
      "1:14: 'if' leaves the HTML in another context than it began",
      "1:41: a literal URL names a place of this site, not another scheme")
wrong("text as a URL", '<a href="{{ vm.title }}">x</a>', "1:10: 'href' takes url(...), asset(...) or a URL of the model, not a text")
wrong("text within a URL", '<a href="/x/{{ vm.title }}">x</a>', "1:13: a text stands in a URL only behind '#': build the URL with url(...)")
wrong("URL behind a literal", '<a href="x{{ vm.here }}">x</a>', "1:11: a URL stands at the start of its attribute")
wrong("literal behind a URL", '<a href="{{ vm.here }}x">x</a>', "1:23: behind a URL only '?' or '#' can follow: build it with url(...)")
wrong("a path behind a URL, which may be '/'", '<a href="{{ url("overview") }}/example.org">x</a>',
      "1:31: behind a URL only '?' or '#' can follow: build it with url(...)")
wrong("// by a branch", '<a href="/{% if vm.filtered %}x{% end %}/example.org">x</a>',
      "1:14: 'if' leaves the HTML in another context than it began", "1:41: a literal URL names a place of this site: '//' leaves it")
wrong("// by two branches", '<a href="{% if vm.filtered %}/{% else %}/{% end %}/example.org">x</a>',
      "1:51: a literal URL names a place of this site: '//' leaves it")
wrong("path behind branches with a URL", '<a href="{% if vm.filtered %}{{ vm.here }}{% else %}{{ vm.here }}{% end %}/example.org">x</a>',
      "1:75: behind a URL only '?' or '#' can follow: build it with url(...)")
wrong("// by a loop", '<a href="{% for m in vm.rows %}/{% end %}example.org">x</a>', "1:13: a loop cannot stand at the start of 'href'")
wrong("// around a loop", '<a href="/{% for m in vm.rows %}x{% end %}/example.org">x</a>',
      "1:14: a loop cannot stand at the start of 'href'", "1:43: a literal URL names a place of this site: '//' leaves it")
wrong("script by a loop", '<script type="{% for m in vm.rows %}application/json{% end %}">alert(1)</script>',
      "1:1: inline <script> is not allowed, except type=application/json",
      "1:62: the type of <script> is one literal or one value of the model")
wrong("a control's name by a loop", '<input name="{% for m in vm.rows %}q{% end %}">', "1:46: the name of <input> is one literal or one value of the model")

-- Contexts and control
wrong("if leaves an element", "{% if vm.filtered %}<div>{% end %}</div>",
      "1:21: <div> is never closed", "1:35: </div> closes nothing that was opened here")
wrong("if closes an element", "<div>{% if vm.filtered %}</div>{% end %}", "1:1: <div> is never closed", "1:9: 'if' leaves the HTML in another context than it began")
wrong("if leaves an attribute", '<p{% if vm.filtered %} class="a{% end %}"></p>', "1:6: 'if' leaves the HTML in another context than it began",
      "1:41: an attribute expected in <p>")
wrong("for between attributes", "<p{% for m in vm.rows %} hidden{% end %}></p>", "1:6: a loop cannot stand between attributes")
wrong("if without end", "{% if vm.filtered %}x", "1:4: {% if %} is never closed: {% end %} is missing")
wrong("end of nothing", "x{% end %}", "1:5: {% end %} closes nothing that was opened")
wrong("else of a for", "{% for m in vm.rows %}{% else %}{% end %}", "1:26: {% else %} does not belong to {% for %}")
wrong("else if", "{% if vm.filtered %}{% else if vm.filtered %}{% end %}", "1:29: write {% elseif ... %}")
wrong("endif", "{% if vm.filtered %}{% endif %}", "1:24: unknown tag 'endif' - did you mean 'end'?")
wrong("unknown tag", "{% fro m in vm.rows %}{% end %}", "1:4: unknown tag 'fro' - did you mean 'for'?")
wrong("tag without a word", '{% "x" %}', "1:4: unknown tag 'x'")
wrong("raw tag", "{% raw %}", "1:4: there is no {% raw %}: whatever is printed is escaped")
wrong("parent in a page", "{% parent %}", "1:4: {% parent %} stands in a block that overrides one")
wrong("block twice", "{% block a() %}{% end %}{% block a() %}{% end %}", "1:34: the block 'a' is defined twice")
wrong("block in an attribute", '<p title="{% block a() %}{% end %}"></p>', "1:14: a block stands in text, not inside a tag, a title or data")
wrong("block's argument unknown", "{% block a(m) %}{% end %}", "1:12: unknown name 'm': a block's arguments are names known where it stands")
wrong("block sees its arguments only", "{% for m in vm.rows %}{% block a() %}{{ m.email }}{% end %}{% end %}", "1:41: unknown name 'm' - did you mean 'vm'?")
wrong("print cut off by a tag", "<p>x</p>{{ vm.title", "1:9: '}}' is missing")
wrong("nothing else at the top of a page in a layout", '{% extends "shell" %}x', "1:22: a page in a layout holds blocks only: this would never be shown")
wrong("unknown layout", '{% extends "shel" %}', "1:12: there is no layout 'shel' - did you mean 'shell'?")
wrong("unknown block of a layout", '{% extends "shell" %}{% block mian() %}{% end %}', "1:31: the layout 'shell' has no block 'mian' - did you mean 'main'?")
wrong("arguments of a layout's block", '{% extends "shell" %}{% block main(shell) %}{% end %}', "1:31: the block 'main' takes ()")

-- Syntax
wrong("print not closed", "{{ vm.title", "1:1: '}}' is missing")
wrong("comment not closed", "{# x", "1:1: '#}' is missing")
wrong("string not closed", '{{ t("x }}', "1:6: this string is not closed")
wrong("empty print", "{{ }}", "1:4: an expression expected, not the end")
wrong("index", "{{ vm.rows[1] }}", "1:11: only '.field' can follow a name; of a list, {% for %} gives each")
wrong("method", "{{ vm.title:upper() }}", "1:12: only '.field' can follow a name; what is done with it stands behind a bar: {{ name | upper }}")
wrong("call of a field", "{{ vm.title() }}", "1:12: '(' is not expected here")
wrong("!=", '{% if vm.title != "" %}{% end %}', "1:16: write '~=' for '!='")
wrong("&&", "{% if vm.filtered && vm.filtered %}{% end %}", "1:19: write 'and' for '&&'")
wrong("slash", "{{ vm.total / 2 }}", "1:13: write '//' for '/'")
wrong("fraction", "{{ 1.5 }}", "1:4: numbers are whole, with up to 18 digits")
wrong("two values", "{{ vm.title vm.title }}", "1:13: 'vm' is not expected here")
wrong("assignment", "{{ x = 1 }}", "1:6: write '==' for '='")
wrong("one '=' as a comparison", '{% if vm.title = "x" %}{% end %}', "1:16: write '==' for '='")
wrong("'is'", '{% if vm.title is "x" %}{% end %}', "1:16: write '==' for 'is'")
wrong("then", "{% if vm.filtered then %}x{% end %}", "1:19: leave out 'then'")
wrong("do", "{% for m in vm.rows do %}x{% end %}", "1:21: leave out 'do'")
wrong("a choice by '?'", '{{ vm.filtered ? "a" : "b" }}', '1:16: there is no \'?\': write {% if %}, or x and "one" or "other"')
wrong("null", "{% if vm.domain == null %}{% end %}", "1:20: there is no nil: test with {% if x %} or {% if not x %}")
wrong("texts added", '{{ vm.title + "x" }}', "1:7: texts are joined by '..'", "1:15: texts are joined by '..'")
wrong("length", "{{ vm.rows | length }}", "1:14: there is no filter 'length': write #list")
wrong("import", '{% import "x" %}', "1:4: unknown tag 'import' - did you mean 'use'?")
wrong("a sign that is not seen", "{{ vm.\u{200b}title }}", "1:7: U+200B means nothing here")
wrong("a no-break space", "{% if\u{a0}vm.filtered %}x{% end %}", "1:6: U+00A0 means nothing here", "1:25: {% end %} closes nothing that was opened")
wrong("a print that another follows", "<p>{{ vm.title</p>\n{{ vm.totl }}", "1:4: '}}' is missing", "2:7: vm has no field 'totl' - did you mean 'total'?")
wrong("a tag closed as a print", "{% if vm.filtered }}x{% end %}", "1:1: '%}' is missing")
wrong("strange byte", "{{ vm.title @ }}", "1:13: @ means nothing here")
wrong("deep parentheses", "{{ " .. ("("):rep(300) .. "1" .. (")"):rep(300) .. " }}", "1:24: this expression is too deep")
wrong("long joins", "{{ 1" .. (" .. 1"):rep(300) .. " }}", "1:306: this expression is too long")
wrong("deep nesting", ("{% if vm.filtered %}"):rep(60) .. ("{% end %}"):rep(60), "1:1004: this is nested too deep")
wrong("deep nots", "{% if " .. ("not "):rep(300) .. "vm.filtered %}{% end %}", "1:163: this expression is too deep")
wrong("not UTF-8", "\xff", "1:1: this file is not UTF-8")
