-- SPDX-License-Identifier: GPL-3.0-or-later
-- Translations: what a PO file may hold, which file of the chain counts, and what the templates say then.
local M = ...
local case, same = M.case, M.same
local po = require "theme.po"

local HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'

-- bad(name, text behind the header, "6:1: message", ...)
local function bad(name, text, ...)
  local wanted = { ... }
  case("translations: " .. name, function()
    for i, message in ipairs(wanted) do wanted[i] = "po/fr.po:" .. message end
    local files = M.page('{{ t("a %s", vm.title) }}{{ tn("%d b", "%d bs", vm.total) }}{{ t("c") }}')
    files["po/fr.po"] = text
    same(M.compile(files, nil, { locale = "fr" }).errors, wanted, "errors")
  end)
end

bad("no header", 'msgid "c"\nmsgstr "C"\n', '1:1: the file begins with its header: msgid "" and msgstr "Content-Type: ..."')
bad("no charset", 'msgid ""\nmsgstr "Language: fr\\n"\n', "1:1: the header says the charset: Content-Type: text/plain; charset=UTF-8")
bad("another charset", 'msgid ""\nmsgstr "Content-Type: text/plain; charset=ISO-8859-1\\n"\n',
    "1:1: the header says the charset: Content-Type: text/plain; charset=UTF-8")
bad("an escape", HEAD .. 'msgid "c"\nmsgstr "C\\q"\n', "7:1: '\\q' is no escape")
bad("no quotes", HEAD .. 'msgid c\nmsgstr "C"\n', '6:1: a text in quotes expected: "..."')
bad("a quote inside", HEAD .. 'msgid "c"\nmsgstr "C"C"\n', '7:1: a quote inside a text is written \\"')
bad("a quote that is escaped away", HEAD .. 'msgid "c"\nmsgstr "C\\"\n', "7:1: the quote at the end is missing")
bad("an unknown line", HEAD .. 'msgid "c"\nmsgtxt "C"\n', "7:1: msgctxt, msgid, msgid_plural, msgstr or a text in quotes expected")
bad("too many forms for any language", HEAD .. 'msgid "c"\nmsgstr[7] "C"\n',
    "7:1: msgctxt, msgid, msgid_plural, msgstr or a text in quotes expected")
bad("two of one", HEAD .. 'msgid "c"\nmsgstr "C"\nmsgstr "C"\n', "8:1: msgstr was not expected here")
bad("no msgstr", HEAD .. 'msgid "c"\n\nmsgid "d"\nmsgstr "D"\n', "6:1: msgstr expected")
bad("nothing behind", HEAD .. 'msgid "c"\n', "6:1: msgstr expected")
bad("translated twice", HEAD .. 'msgid "c"\nmsgstr "C"\n\nmsgid "c"\nmsgstr "D"\n', "9:1: this text is translated in line 6 already")
bad("no text", HEAD .. 'msgid "c"\nmsgstr "\\377"\n', "6:1: the translation is no text in UTF-8: save the file in UTF-8")
bad("a control character", HEAD .. 'msgid "c"\nmsgstr "\\033[1m"\n', "6:1: the translation holds a control character")
bad("a hole dropped", HEAD .. 'msgid "a %s"\nmsgstr "A"\n', "6:1: the translation fills in nothing, the text '%s'")
bad("a hole of another kind", HEAD .. 'msgid "c"\nmsgstr "%d {x}"\n', "6:1: the translation fills in '%d {x}', the text nothing")
bad("a number behind the last hole", HEAD .. 'msgid "a %s"\nmsgstr "%2$s A"\n', "6:1: the translation fills in '%2$s', the text '%s'")
bad("UTF-16", "\xff\xfem\0s\0g\0", "1:1: this file is written in UTF-16: save it in UTF-8")
bad("a form missing", HEAD .. 'msgid "%d b"\nmsgid_plural "%d bs"\nmsgstr[0] "%d B"\n',
    "6:1: msgstr[1] is missing: this language has 2 forms")
bad("a form too many", HEAD .. 'msgid "%d b"\nmsgid_plural "%d bs"\nmsgstr[0] "%d B"\nmsgstr[1] "%d B"\nmsgstr[2] "%d B"\n',
    "6:1: msgstr[2] is one too many: this language has 2 forms")
bad("a plural without a rule", 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\nmsgid "%d b"\nmsgid_plural "%d bs"\nmsgstr[0] "%d"\nmsgstr[1] "%d"\n',
    "3:1: a plural needs the line Plural-Forms in the header")
bad("a rule that calls", 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=os.exit();\\n"\n',
    "1:1: Plural-Forms: 'o' has no meaning there")
bad("too long", HEAD .. ("#\n"):rep(20000), "20001:1: the file has more than 20000 lines")

case("translations: what no template says", function()
  local files = M.page('{{ t("c") }}')
  files["po/fr.po"] = HEAD .. 'msgid "c"\nmsgstr "C"\n\nmsgctxt "verb"\nmsgid "x"\nmsgstr "X"\n'
  same(M.compile(files, nil, { locale = "fr" }).warnings, { "po/fr.po:10:1: no template says 'x' - did you mean 'c'?" }, "warnings")
end)

-- told(name, template, text behind the header, warning)
local function told(name, template, text, wanted)
  case("translations: " .. name, function()
    local files = M.page(template)
    files["po/fr.po"] = text
    local result = M.compile(files, nil, { locale = "fr" })
    same(result.errors, {}, "errors")
    same(result.warnings, { wanted }, "warnings")
  end)
end

told("a context that is said without one", '{{ t("c") }}', HEAD .. 'msgctxt "verb"\nmsgid "c"\nmsgstr "C"\n',
     "po/fr.po:7:1: no template says 'c' - but without msgctxt")
told("a context that is missing", '{{ tc("verb", "c") }}', HEAD .. 'msgid "c"\nmsgstr "C"\n',
     "po/fr.po:6:1: no template says 'c' - but with msgctxt 'verb'")
told("a plural that is missing", '{{ tn("%d b", "%d bs", vm.total) }}', HEAD .. 'msgid "%d b"\nmsgstr "%d B"\n',
     "po/fr.po:6:1: no template says '%d b' - but with msgid_plural '%d bs'")
told("a plural too many", '{{ t("c") }}', HEAD .. 'msgid "c"\nmsgid_plural "cs"\nmsgstr[0] "C"\nmsgstr[1] "C"\n',
     "po/fr.po:6:1: no template says 'c' - but without msgid_plural")
told("a like text", '{{ t("Sign in") }}', HEAD .. 'msgid "Sign inn"\nmsgstr "X"\n',
     "po/fr.po:6:1: no template says 'Sign inn' - did you mean 'Sign in'?")
told("another language's file", '{{ t("c") }}', HEAD:gsub('\n\n$', '\n"Language: de\\n"\n\n') .. 'msgid "c"\nmsgstr "C"\n',
     "po/fr.po:1:1: the header says Language: de, the file's name fr")

case("translations: a byte order mark and the ends of lines of another system", function()
  local files = M.page('{{ t("c") }}')
  files["po/fr.po"] = ("\u{FEFF}" .. HEAD .. 'msgid "c"\nmsgstr "C"\n'):gsub("\n", "\r\n")
  local result = M.compile(files, nil, { locale = "fr" })
  same(result.errors, {}, "errors")
  same(result.warnings, {}, "warnings")
end)

case("translations: all of a child's are looked at when it is compiled in English", function()
  local child = { ["pages/p.html"] = '{% block title() %}{{ t("x") }}{% end %}{{ t("c") }}{{ t("d") }}', ["po/fr.po"] = HEAD .. 'msgid "c"\nmsgstr "C %s"\n',
                  ["po/de.po"] = HEAD .. 'msgid "c"\nmsgstr "C"\n\nmsgid "x"\nmsgstr "X"\n\nmsgid "d"\nmsgstr "D"\n\nmsgid "z"\nmsgstr "Z"\n' }
  local result = M.compile(nil, child)
  same(result.errors, { "po/fr.po:6:1: the translation fills in '%s', the text nothing" }, "errors")
  same(result.warnings, { "po/de.po:15:1: no template says 'z' - did you mean 'c'?",
                          "po/fr.po:1:1: 3 of 3 texts of this theme's templates are not translated here, such as 'x'" }, "warnings")
end)

local function rule(text, wanted)
  case("plural rule: " .. text, function()
    local forms, code = po.plural_forms(text)
    if not forms then return same({ code }, { wanted }, "why") end
    local f, given = assert(load("return function(n) return " .. code .. " end"))(), {}
    for _, n in ipairs { 0, 1, 2, 5, 11, 12, 21, 22, 100, 111 } do given[#given + 1] = f(n) end
    same({ forms .. ":" .. table.concat(given) }, { wanted }, "forms of 0 1 2 5 11 12 21 22 100 111")
  end)
end

rule("nplurals=1; plural=0;", "1:0000000000")
rule("nplurals=2; plural=(n != 1);", "2:1011111111")
rule("nplurals=2; plural=n>1", "2:0011111111")
rule("nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);", "3:2012220122")
rule("nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);", "6:0123444454")
rule("nplurals=2; plural=!n;", "2:1000000000")
rule("nplurals=2; plural=n;", "for n = 2 it gives 2 of 2 forms")
rule("nplurals=2; plural=n/0;", "it divides by something other than a number above 0")
rule("nplurals=2; plural=n%n;", "it divides by something other than a number above 0")
rule("nplurals=2; plural=" .. ("("):rep(99) .. "n", "it is nested too deep")
rule("nplurals=2; plural=" .. ("n+"):rep(300) .. "n", "it is too long")
rule("nplurals=2; plural=n 1", "'1' was not expected")
rule("nplurals=2; plural=(n", "')' expected")
rule("nplurals=2; plural=n ? 1", "':' expected")
rule("nplurals=2; plural=12345678901", "the number 12345678901 is too large")
rule("nplurals=9; plural=0;", "it looks like nplurals=2; plural=(n != 1); with up to 6 forms")

-- says(name, base's files, child's files, locale, page)
local function says(name, files, child, locale, wanted)
  case("translated: " .. name, function()
    local result = M.compile(files, child, { locale = locale })
    same(result.errors, {}, "errors")
    same({ (M.render(result)) }, { wanted }, "page")
  end)
end

local function with(files, path, text)
  local copy = { [path] = HEAD .. text }
  for key, value in pairs(files) do copy[key] = value end
  return copy
end

local SAVE = M.page('<b title="{{ t("Save") }}">{{ t("Save") }}</b>')
local FRENCH = 'msgid "Save"\nmsgstr "Enregistrer"\n'
says("folded in", with(SAVE, "po/fr.po", FRENCH), nil, "fr", '<b title="Enregistrer">Enregistrer</b>')
says("English stays", with(SAVE, "po/fr.po", FRENCH), nil, "en", '<b title="Save">Save</b>')
says("no file of that language", with(SAVE, "po/fr.po", FRENCH), nil, "de", '<b title="Save">Save</b>')
says("a language of a country", with(SAVE, "po/fr.po", FRENCH), nil, "fr-CA", '<b title="Enregistrer">Enregistrer</b>')
says("a country's own", with(with(SAVE, "po/fr.po", FRENCH), "po/fr-CA.po", 'msgid "Save"\nmsgstr "Sauvegarder"\n'), nil, "fr-CA",
     '<b title="Sauvegarder">Sauvegarder</b>')
says("escaped as any text", with(SAVE, "po/fr.po", 'msgid "Save"\nmsgstr "<i> & \\"\\""\n'), nil, "fr",
     '<b title="&lt;i&gt; &amp; &#34;&#34;">&lt;i&gt; &amp; &#34;&#34;</b>')
says("the child's words before its parent's", with(SAVE, "po/fr.po", FRENCH), { ["po/fr.po"] = HEAD .. 'msgid "Save"\nmsgstr "Garder"\n' }, "fr",
     '<b title="Garder">Garder</b>')
says("the parent's where the child has none", with(SAVE, "po/fr.po", FRENCH), { ["po/fr.po"] = HEAD }, "fr",
     '<b title="Enregistrer">Enregistrer</b>')
says("a child's own English", SAVE, { ["po/en.po"] = HEAD .. 'msgid "Save"\nmsgstr "Keep"\n' }, "en", '<b title="Keep">Keep</b>')
says("fuzzy ones are not used", with(SAVE, "po/fr.po", "#, fuzzy\n" .. FRENCH), nil, "fr", '<b title="Save">Save</b>')
says("obsolete ones are not read", with(SAVE, "po/fr.po", '#~ msgid "Save"\n#~ msgstr "X"\n' .. FRENCH), nil, "fr",
     '<b title="Enregistrer">Enregistrer</b>')
says("empty ones are not used", with(SAVE, "po/fr.po", 'msgid "Save"\nmsgstr ""\n'), nil, "fr", '<b title="Save">Save</b>')
says("a text of several lines", with(SAVE, "po/fr.po", 'msgid ""\n"Sa"\n"ve"\nmsgstr ""\n"En"\n"registrer"\n'), nil, "fr",
     '<b title="Enregistrer">Enregistrer</b>')
says("lines that end as on Windows", with(SAVE, "po/fr.po", FRENCH:gsub("\n", "\r\n")), nil, "fr", '<b title="Enregistrer">Enregistrer</b>')



local HOLES = M.page('{{ t("%s of %s", vm.title, vm.total) }}')
says("filled in order", with(HOLES, "po/fr.po", 'msgid "%s of %s"\nmsgstr "%s de %s"\n'), nil, "fr", "A &#39;title&#39; de 2")
says("filled by number", with(HOLES, "po/fr.po", 'msgid "%s of %s"\nmsgstr "%2$s : %1$s"\n'), nil, "fr", "2 : A &#39;title&#39;")

local OPEN = M.page('{{ tc("verb", "Open") }}|{{ tc("state", "Open") }}|{{ t("Open") }}')
says("by context", with(OPEN, "po/fr.po", 'msgctxt "verb"\nmsgid "Open"\nmsgstr "Ouvrir"\n\nmsgctxt "state"\nmsgid "Open"\nmsgstr "Ouvert"\n'),
     nil, "fr", "Ouvrir|Ouvert|Open")

local BOXES = M.page('{{ tn("%d box", "%d boxes", vm.total) }}{% for m in vm.rows %} {{ tn("One box", "%d boxes", loop.index) }}{% end %}')
local FORMS = 'msgid "%d box"\nmsgid_plural "%d boxes"\nmsgstr[0] "%d boîte"\nmsgstr[1] "%d boîtes"\n\n'
says("plurals", with(BOXES, "po/fr.po", FORMS .. 'msgid "One box"\nmsgid_plural "%d boxes"\nmsgstr[0] "Une boîte"\nmsgstr[1] "%d boîtes"\n'),
     nil, "fr", "2 boîtes Une boîte 2 boîtes")
says("a plural is no single text", with(M.page('{{ t("%d box") }}'), "po/fr.po", FORMS), nil, "fr", "%d box")
says("three forms", { ["pages/p.html"] = BOXES["pages/p.html"], ["po/pl.po"] = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"\n'
     .. 'msgid "%d box"\nmsgid_plural "%d boxes"\nmsgstr[0] "%d a"\nmsgstr[1] "%d b"\nmsgstr[2] "%d c"\n' }, nil, "pl", "2 b One box 2 boxes")

case("translated: what stays English is told", function()
  local result = M.compile(with(SAVE, "po/fr.po", ""), nil, { locale = "fr" })
  same({ #result.untranslated, result.untranslated[1].msgid, result.untranslated[1].path, result.untranslated[1].line },
       { 2, "Save", "pages/p.html", 1 }, "untranslated")
  same({ #M.compile(SAVE, nil, {}).untranslated }, { 0 }, "in English")
end)

case("translated: base and core before the text itself", function()
  local options = { locale = "fr", core = function(text) return text == "Save" and "Enregistrer" or nil end }
  same({ (M.render(M.compile(SAVE, nil, options))) }, { '<b title="Enregistrer">Enregistrer</b>' }, "the core's")
  same({ (M.render(M.compile(with(SAVE, "po/fr.po", 'msgid "Save"\nmsgstr "Garder"\n'), nil, options))) },
       { '<b title="Garder">Garder</b>' }, "the theme's first")
end)

case("translated: pseudo-locales", function()
  local options = { locale = "en-XA", pseudo = function(text) return "[" .. text .. "]" end }
  same({ (M.render(M.compile(M.page('{{ t("a %s", vm.total) }}{{ tn("%d b", "%d bs", vm.total) }}'), nil, options))) }, { "[a 2][2 bs]" }, "page")
  same({ (M.render(M.compile(with(SAVE, "po/en.po", 'msgid "Save"\nmsgstr "Keep"\n'), nil, options))) }, { '<b title="[Keep]">[Keep]</b>' },
       "a theme's own English")
end)
