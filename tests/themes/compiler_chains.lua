-- SPDX-License-Identifier: GPL-3.0-or-later
-- Layouts, children, components, manifests, contracts.
local M = ...
local case, same = M.case, M.same

local function chain(name, files, child, wanted, errors, warnings)
  case("chain: " .. name, function()
    local result = M.compile(files, child)
    same(result.errors, errors or {}, "errors")
    if warnings then same(result.warnings, warnings, "warnings") end
    if not wanted then return end
    local body, title, env = M.render(result)
    same({ title .. "|" .. body, env.fell_back }, type(wanted) == "table" and wanted or { wanted }, "page")
  end)
end

local LAID = '{% extends "shell" %}\n{% block title() %}T {{ vm.title }}{% end %}\n{% block main() %}<p>{{ vm.total }}</p>{% end %}'
local ROWS = M.page("<ul>{% for m in vm.rows %}{% block row(m) %}<li>{{ m.id }}</li>{% end %}{% end %}</ul>")["pages/p.html"]

chain("page in a layout", { ["pages/p.html"] = LAID }, nil, "T A &#39;title&#39;|<main><p>2</p></main>")
chain("layout's own block", { ["pages/p.html"] = LAID, ["layouts/shell.html"] = "{% block top() %}top{% end %}<main>{% block main() %}{% end %}</main>" }, nil,
      "T A &#39;title&#39;|top<main><p>2</p></main>")
chain("layout's title", { ["pages/p.html"] = '{% extends "shell" %}{% block main() %}{% end %}',
      ["layouts/shell.html"] = "{% block title() %}{{ shell.site }}{% end %}<main>{% block main() %}{% end %}</main>" }, nil, "Mail|<main></main>")
chain("layout's block with arguments", { ["pages/p.html"] = LAID .. '{% block item(n) %}({{ n.label }}){% end %}',
      ["layouts/shell.html"] = '{% for n in shell.nav %}{% block item(n) %}{{ n.key }}{% end %}{% end %}<main>{% block main() %}{% end %}</main>' }, nil,
      "T A &#39;title&#39;|(Home)(Bin)<main><p>2</p></main>")
chain("no title", { ["pages/p.html"] = "x" }, nil, nil, { "pages/p.html:1:1: the page has no title: {% block title() %}...{% end %}" })
chain("no layout where the parent has one", { ["pages/p.html"] = LAID }, { ["pages/p.html"] = "x" }, "T A &#39;title&#39;|<main><p>2</p></main>",
      { 'pages/p.html:1:1: the page has no layout, and no title of its own: begin it with {% extends "shell" %}, and write {% block title() %}...{% end %}' })
chain("no vm in a layout", { ["layouts/shell.html"] = "{{ vm.total }}<main>{% block main() %}{% end %}</main>", ["pages/p.html"] = LAID }, nil, nil,
      { "layouts/shell.html:1:4: a layout and a component have no 'vm': what they need is given to them" })
chain("a block named like Lua's words", { ["pages/p.html"] = LAID .. '{% block ["end"] %}' }, nil, nil, { "pages/p.html:3:58: a block's name expected, not '['" })
chain("a block named function", { ["pages/p.html"] = "{% block function() %}f{% end %}{% block title() %}P{% end %}" }, nil, "P|f")

chain("element in the title", { ["pages/p.html"] = "{% block title() %}<b>x</b>{% end %}" }, nil, nil, { "pages/p.html:1:20: a title holds text only" })
chain("icon in the title", { ["pages/p.html"] = '{% block title() %}{{ icon("trash") }}{% end %}' }, nil, nil, { "pages/p.html:1:20: a title holds text only" })
chain("secret in the title", { ["pages/p.html"] = '{% block title() %}{{ vm.password }}{% end %}' }, nil, nil, { "pages/p.html:1:20: a title holds text only" })

chain("child's page", nil, { ["pages/p.html"] = "{% block title() %}C{% end %}mine" }, "C|mine")
chain("child's page with a mistake", nil, { ["pages/p.html"] = "{{ vm.nope }}" }, "P|",
      { "pages/p.html:1:7: vm has no field 'nope' - did you mean 'note'?" })
chain("child's block", { ["pages/p.html"] = ROWS }, { ["blocks/p/row.html"] = "<li class=\"c\">{{ m.email }}</li>" },
      "P|<ul><li class=\"c\">&lt;b&gt;@x</li><li class=\"c\">b@x</li></ul>")
chain("child's block with its parent", { ["pages/p.html"] = ROWS }, { ["blocks/p/row.html"] = "[{% parent %}]" }, "P|<ul>[<li>7</li>][<li>8</li>]</ul>")
chain("child's block with a mistake", { ["pages/p.html"] = ROWS }, { ["blocks/p/row.html"] = "{{ n.id }}" }, "P|<ul><li>7</li><li>8</li></ul>",
      { "blocks/p/row.html:1:4: unknown name 'n' - did you mean 'm'?" })
chain("child's block that leaves the list", { ["pages/p.html"] = ROWS }, { ["blocks/p/row.html"] = "</ul>" }, "P|<ul><li>7</li><li>8</li></ul>",
      { "blocks/p/row.html:1:1: </ul> closes nothing that was opened here" })
chain("child's block that fails", { ["pages/p.html"] = ROWS }, { ["blocks/p/row.html"] = "x{{ 1 // (m.id - 7) }}" },
      { "P|<ul><li>7</li>x1</ul>", "p:row" })
chain("unknown block", { ["pages/p.html"] = ROWS }, { ["blocks/p/rwo.html"] = "x" }, "P|<ul><li>7</li><li>8</li></ul>",
      { "blocks/p/rwo.html:1:1: 'p' has no block 'rwo' - did you mean 'row'?" })
chain("block of an unknown page", nil, { ["blocks/pp/row.html"] = "x" }, "P|",
      { "blocks/pp/row.html:1:1: there is no page or layout 'pp' - did you mean 'p'?" })
chain("unknown page", nil, { ["pages/q.html"] = "x" }, "P|", { "pages/q.html:1:1: the contract has no page 'q' - did you mean 'p'?" })
chain("child's block of a layout", { ["pages/p.html"] = LAID, ["layouts/shell.html"] = "{% block top() %}top{% end %}<main>{% block main() %}{% end %}</main>" },
      { ["blocks/shell/top.html"] = "TOP {{ shell.site }} {% parent %}" }, "T A &#39;title&#39;|TOP Mail top<main><p>2</p></main>")
chain("child's block of a layout for one page", { ["pages/p.html"] = LAID, ["layouts/shell.html"] = "{% block top() %}top{% end %}<main>{% block main() %}{% end %}</main>" },
      { ["blocks/p/top.html"] = "{{ vm.total }} {% parent %}" }, "T A &#39;title&#39;|2 top<main><p>2</p></main>")
chain("child's block of a page's layout block", { ["pages/p.html"] = LAID }, { ["blocks/p/main.html"] = "{% parent %}!" }, "T A &#39;title&#39;|<main><p>2</p>!</main>")
chain("child's title", { ["pages/p.html"] = LAID }, { ["blocks/p/title.html"] = "C {{ vm.title }}" }, "C A &#39;title&#39;|<main><p>2</p></main>")
chain("child's layout", { ["pages/p.html"] = LAID }, { ["layouts/shell.html"] = "<div>{% block main() %}{% end %}</div>" }, "T A &#39;title&#39;|<div><p>2</p></div>")
chain("child's layout lacks a block", { ["pages/p.html"] = LAID }, { ["layouts/shell.html"] = "<div></div>" }, "T A &#39;title&#39;|<main><p>2</p></main>",
      { "layouts/shell.html:1:1: the parent's layout has a block 'main': keep it" })
case("a component that does not say what it takes", function()
  same(M.compile(nil, { ["components/mine.html"] = "<i>{{ label }}</i>" }).errors,
       { "components/mine.html:1:7: unknown name 'label' - in the first line stands what it takes: {# args: label=text #}" }, "errors")
end)
chain("child's component", M.page('{% use "meter" q=vm.box.quota label="x" %}'), { ["components/meter.html"] = "<i>{{ q.used }}{{ label }}</i>" }, "P|<i>5x</i>")
chain("child's component with more", M.page('{% use "meter" q=vm.box.quota label="x" %}'),
      { ["components/meter.html"] = "{# args: more=text?, label=text?, q=Quota #}<i>{{ q.used }}{{ label }}{{ more }}</i>" }, "P|<i>5x</i>")
chain("child's component lacks an argument", M.page('{% use "meter" q=vm.box.quota label="x" %}'),
      { ["components/meter.html"] = "{# args: q=Quota #}<i></i>" }, "P|\n<b>x50</b>", { "components/meter.html:1:1: the parent's component takes 'label' too: keep it" })
chain("child's component asks for more", M.page('{% use "meter" q=vm.box.quota %}'),
      { ["components/meter.html"] = "{# args: q=Quota, label=text?, z=int #}<i></i>" }, "P|\n<b>50</b>",
      { "components/meter.html:1:1: 'z' must be optional: the parent's pages do not give it" })
chain("child's component with a mistake", M.page('{% use "meter" q=vm.box.quota label="x" %}'), { ["components/meter.html"] = "{{ q.usd }}" }, "P|\n<b>x50</b>",
      { "components/meter.html:1:6: Quota has no field 'usd' - did you mean 'used'?" })
chain("component's header: unknown type", { ["components/meter.html"] = "{# args: q=Quotta #}" }, nil, nil,
      { "components/meter.html:1:12: unknown type 'Quotta' - did you mean 'Quota'?" })
chain("component's header: list and enum", { ["components/c.html"] = '{# args: rows=list Mailbox, level=enum("ok", "warn", "full"), n=int? #}{% for m in rows %}{{ m.id }}{% end %}{{ level }}{{ n }}',
      ["pages/p.html"] = '{% use "c" rows=vm.rows level=vm.level n=vm.size %}{% block title() %}P{% end %}' }, nil, "P|78warn")
chain("component's enum refused", { ["components/c.html"] = '{# args: level=enum("ok", "warn") #}{{ level }}',
      ["pages/p.html"] = '{% use "c" level=vm.level %}{% block title() %}P{% end %}' }, nil, nil,
      { "pages/p.html:1:21: 'level': 'full' is not one of ok, warn" })
chain("component of a print, given filtered values", { ["components/c.html"] = "{# args: size=text, when=text?, of=text? #}<i>{{ size }} {{ when }}</i>{{ of }}",
      ["pages/p.html"] = '{% use "c" size=vm.total | bytes when=vm.at | date("iso") of=vm.box.quota.used | bytes %}{% block title() %}P{% end %}' }, nil,
      "P|<i>2 bytes iso 4</i>5 bytes")
chain("component that asks for a filtered value", { ["components/c.html"] = "{# args: size=text? #}{% if size %}<i>{{ size }}</i>{% end %}{% if size == \"2 bytes\" %}!{% end %}",
      ["pages/p.html"] = '{% use "c" size=vm.total | bytes %}{% block title() %}P{% end %}' }, nil, "P|<i>2 bytes</i>!")
chain("component that uses itself", { ["components/a.html"] = '{% use "b" %}', ["components/b.html"] = '{% use "a" %}' }, nil, nil,
      { "components/b.html:1:8: the component 'a' uses itself" })
chain("component sees no vm", { ["components/a.html"] = "{{ vm.total }}" }, nil, nil,
      { "components/a.html:1:4: a layout and a component have no 'vm': what they need is given to them" })

chain("page script", nil, { ["pages/p.lua"] = "return function(vm, h) end" })
case("chain: who made a page", function()
  local result = M.compile(nil, { ["pages/p.lua"] = "return function(vm, h) end" })
  same({ result.pages.p.theme, result.pages.p.kind, result.scripts.p.path, result.scripts.p.theme },
       { "child", "script", "pages/p.lua", "child" }, "page")
end)
case("chain: page script that does not parse", function()
  local result = M.compile(nil, { ["pages/p.lua"] = "return function(vm, h)\nx x\nend" })
  same({ result.errors[1], result.pages.p.theme }, { "pages/p.lua:2:1: syntax error near 'x'", "base" }, "errors")
end)
case("chain: bytecode is no page script", function()
  local result = M.compile(nil, { ["pages/p.lua"] = string.dump(function() end) })
  assert(#result.errors == 1 and result.errors[1]:find("binary"), result.errors[1])
end)
case("chain: three themes", function()
  local base = M.base { ["pages/p.html"] = ROWS }
  local parent = { name = "parent", files = { ["blocks/p/row.html"] = "<li>p{{ m.id }}</li>" } }
  local child = { name = "child", files = { ["blocks/p/row.html"] = "({% parent %})" } }
  local result = M.compiler.compile(M.contract, { child, parent, base })
  same(result.errors, {}, "errors")
  same({ (M.render(result)) }, { "<ul>(<li>p7</li>)(<li>p8</li>)</ul>" }, "page")
end)
-- base's block `main` holds `row`; a parent rewrites `main`, and its `row` takes another name.
local NESTED = "{% block main() %}{% for m in vm.rows %}{% block row(m) %}b{{ m.id }}{% end %}{% end %}{% end %}"
local function nested(name, wanted, ...)
  local themes = { ... }
  case("chain: nested: " .. name, function()
    local made = {}
    for i, files in ipairs(themes) do made[i] = { name = "t" .. i, files = files } end
    made[#made + 1] = M.base(M.page(NESTED))
    local result = M.compiler.compile(M.contract, made)
    same(result.errors, {}, "errors")
    same({ (M.render(result)) }, { wanted }, "page")
    for _, row in pairs(result.sources.p) do assert(row.text) end
  end)
end
local REWRITE = { ["blocks/p/main.html"] = "<ol>{% for x in vm.rows %}{% block row(x) %}p{{ x.id }}{% end %}{% end %}</ol>" }
nested("a block in an override", "<ol>p7p8</ol>", REWRITE)
nested("a child of it", "<ol>c7c8</ol>", { ["blocks/p/row.html"] = "c{{ x.id }}" }, REWRITE)
nested("a child with its parent", "<ol>[p7][p8]</ol>", { ["blocks/p/row.html"] = "[{% parent %}]" }, REWRITE)
nested("a grandchild", "<ol>([p7])([p8])</ol>", { ["blocks/p/row.html"] = "({% parent %})" }, { ["blocks/p/row.html"] = "[{% parent %}]" }, REWRITE)
nested("a child that fails", "<ol>p7c1</ol>", { ["blocks/p/row.html"] = "c{{ 1 // (x.id - 7) }}" }, REWRITE)
nested("both overridden without a block inside", "<b>c7</b>c8", { ["blocks/p/row.html"] = "{% if m.id == 7 %}<b>c7</b>{% else %}c8{% end %}" },
       { ["blocks/p/main.html"] = "{% parent %}" })
nested("a child that rewrites again", "x", { ["blocks/p/main.html"] = "x" }, { ["blocks/p/row.html"] = "[{% parent %}]" }, REWRITE)

case("chain: another theme's mistakes carry its name", function()
  local base = M.base { ["components/x.html"] = "{{ nope }}" }
  same(M.compiler.compile(M.contract, { { name = "child", files = {} }, base }).errors,
       { "base/components/x.html:1:4: unknown name 'nope'" }, "errors")
end)

-- theme.lua
local function manifest(name, text, errors, check)
  case("manifest: " .. name, function()
    local result = M.compile { ["theme.lua"] = text }
    same(result.errors, errors or {}, "errors")
    if check then check(result.manifests.base) end
  end)
end
manifest("whole", [[
-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  name = "base", title = "X", extends = "base", contract = "1.0", api = 1, schemes = { "light", "dark" },
  settings = { { id = "a", type = "bool", default = true, contrast = { with = "--ink", min = -4 }, }, },
}]], nil, function(m)
  same({ m.name, m.extends, m.schemes[2], tostring(m.settings[1].contrast.min), tostring(m.settings[1].default) },
       { "base", "base", "dark", "-4", "true" }, "manifest")
end)
manifest("code is refused", "return { name = os.exit() }", { "theme.lua:1:17: a theme's manifest holds strings, numbers, true, false and tables only" })
manifest("a loop is refused", "while true do end", { "theme.lua:1:1: a theme's manifest is 'return { ... }'" })
manifest("no name", "return { }", { "theme.lua:1:1: the theme has no name" })
manifest("a kind", "return { name = 1 }", { "theme.lua:1:10: 'name' is a string" })
manifest("unclosed", 'return { name = "x"', { "theme.lua:1:20: ',' or '}' expected" })
manifest("too deep", "return { name = " .. ("{"):rep(50), { "theme.lua:1:25: too deep" })


-- What it states and cannot be so, of a theme that has settings.
local function stated(name, keys, wanted, list)
  case("manifest: " .. name, function()
    local result = M.compile { ["theme.lua"] = 'return { name = "base", ' .. keys .. " }" }
    same(result[list or "errors"], { wanted and "theme.lua:1:" .. wanted }, list or "errors")
  end)
end
stated("nothing wrong", [[title = "T", version = "1.0.0", contract = "1.0", api = 1, homepage = "https://example.org/", settings = {
  { id = "a", type = "color", default = "#102030", label = "A", contrast = { with = "--surface", min = 3 } },
  { id = "n", type = "number", default = 3, min = 1, max = 9, label = "N" },
  { id = "f", type = "font", default = "mono", label = "F" } }]], nil, "warnings")
stated("mixed keys", '"x", settings = { { id = "a", type = "bool", label = "A", 5 } }', "25: theme.lua knows no '1'", "warnings")
stated("limits and options that are none", [[title = "T", settings = { { id = "n", type = "number", default = 3, min = "x", max = {}, label = "N" },
  { id = "f", type = "font", default = "mono", options = "x", label = "F" } }]], nil, "warnings")
stated("a key twice", 'title = "A", title = "B"', "38: 'title' stands twice: the last counts", "warnings")
manifest("left open", 'return { name = "x",', { "theme.lua:1:21: '}' is missing at the end" })
stated("another contract", 'contract = "9.4"', "25: the theme was written for the contract 9.4, this program has 1.0: state that, then mend what else is found")
stated("a contract in words", 'contract = "new"', "25: contract = \"new\" is written as two numbers: \"1.0\"")
stated("another api", "api = 2", "25: the theme was written for scripts of api 2, this program has 1")
stated("a version in words", 'version = "one"', "25: the version 'one' is written in numbers: \"1.0.0\"", "warnings")
stated("a homepage that is a script", 'homepage = "javascript:alert(1)"', "25: a homepage begins with https:// or http://", "warnings")
stated("a long title", 'title = "' .. ("x"):rep(61) .. '"', "25: 'title' is shown up to 60 characters", "warnings")
stated("a scheme", 'schemes = { "ligth" }', "25: there is no scheme 'ligth' - did you mean 'light'?")
stated("no scheme", "schemes = {}", "25: schemes names light, dark or both: { \"light\", \"dark\" }")
stated("tokens elsewhere", 'tokens = "my.css"', "25: the file of tokens is called tokens.css, not 'my.css'")
stated("no tokens", 'tokens = "tokens.css"', "25: the theme has no file 'tokens.css'", "warnings")
stated("no screenshot", 'screenshot = "pages/p.htm"', "25: the theme has no file 'pages/p.htm' - did you mean 'pages/p.html'?", "warnings")
stated("settings by name", 'settings = { motto = { type = "text" } }', "25: settings is a list: settings = { { id = \"motto\", type = \"text\" } }")
stated("a setting twice", 'settings = { { id = "a", type = "bool", label = "A" }, { id = "a", type = "bool", label = "A" } }',
       "82: the setting 'a' is declared twice: the last counts", "warnings")
stated("a setting's key", 'settings = { { id = "a", type = "bool", label = "A", lable = "A" } }', "40: the setting 'a' knows no 'lable' - did you mean 'label'?", "warnings")
stated("a setting without label", 'settings = { { id = "a", type = "bool" } }', "40: the setting 'a' has no label, which an admin reads", "warnings")
stated("labels and options", 'settings = { { id = "a", type = "choice", options = { "x", "y" }, labels = { "X" }, label = "A" } }',
       "40: the setting 'a' has 2 options and 1 labels", "warnings")
stated("min above max", 'settings = { { id = "a", type = "number", min = 9, max = 1, label = "A" } }', "40: the setting 'a' has a min above its max")
stated("a token", 'settings = { { id = "a", type = "color", contrast = { with = "--surfce" }, label = "A" } }',
       "40: the setting 'a' is held against a token '--surfce' that there is not - did you mean '--surface'?")
for _, one in ipairs { { "color", '"red"', "'red', is not #rrggbb" }, { "number", "30, max = 9", "'30', is not a number from ... to 9" },
                       { "text", '"abcd", max = 3', "'abcd', is not a text of up to 3 characters" },
                       { "image", '"logo.svg"', "'logo.svg', is not a picture in assets/" },
                       { "font", '"mon"', "'mon', is not among its options - did you mean 'mono'?" } } do
  stated("a default: " .. one[1], ('settings = { { id = "a", type = "%s", label = "A", default = %s } }'):format(one[1], one[2]),
         "40: the default of the setting 'a', " .. one[3])
end
case("manifest: another theme's name", function()
  local base = M.base {}
  local findings = M.compiler.compile(M.contract, { { name = "child", files = { ["theme.lua"] = 'return { name = "Child" }' } }, base }).findings
  same({ findings[1].message }, { "the name 'Child' is of a-z, 0-9 and '-', up to 40 of them" }, "findings")
  findings = M.compiler.compile(M.contract, { { name = "child", files = { ["theme.lua"] = 'return { name = "other", title = "T" }' } }, base }).findings
  same({ findings[1].message, findings[2].message, findings[2].level }, { "theme.lua states no 'api'", "theme.lua states no 'contract'", "advice" }, "findings")
  same({ findings[#findings].message }, { "the theme is called 'other', its folder 'child': the folder's name counts, here and in an archive" }, "findings")
end)

-- Contracts
local function refused(name, text, wanted)
  case("contract: " .. name, function()
    local ok, why = pcall(M.compiler.contract, { { path = "c.lua", text = text } }, {})
    assert(not ok, "it was taken")
    same({ tostring(why) }, { wanted }, "message")
  end)
end
refused("unknown constructor", 'record "A" { x = txt }', "c.lua:1: a contract knows no 'txt'")
refused("unknown record", 'record "A" { x = ref "Shel" } record "Shell" {}', "A.x: there is no record 'Shel' - did you mean 'Shell'?")
refused("record twice", 'record "A" {}\nrecord "A" {}', "c.lua:2: record 'A' is declared twice")
refused("no shell", 'record "A" {}', "the contract has no record Shell")
refused("global", "x = 1", "c.lua:1: a contract sets nothing: 'x'")

local below = dofile(M.here .. "/folder.lua").read

case("contract: the shipped one and base compile without a word", function()
  local files = {}
  for path, text in pairs(below(M.here .. "/../../lua/contract")) do files[#files + 1] = { path = path, text = text } end
  assert(#files >= 5)
  local contract = M.compiler.contract(files)
  local base = below(M.here .. "/../../themes/base")
  if not next(base) then return end
  local result = M.compiler.compile(contract, { { name = "base", files = base } })
  same(result.errors, {}, "errors")
  same(result.warnings, {}, "warnings")
  for name in pairs(contract.pages) do assert(result.pages[name], name) end
end)
