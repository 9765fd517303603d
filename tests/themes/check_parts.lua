-- SPDX-License-Identifier: GPL-3.0-or-later
-- The readers of `theme check` by themselves: colours, stylesheets, pages. Prints what is wrong; status 1 then.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/../../lua/?.lua;" .. package.path

local colour = require "theme.check.colour"
local css = require "theme.check.css"
local dom = require "theme.check.dom"

local bad = 0
local function is(what, got, wanted)
  if got == wanted then return end
  bad = bad + 1
  print(what, "is", got, "not", wanted)
end

local function ratio(one, other)
  local a, b = colour.read(one), colour.read(other)
  return a and b and ("%.2f"):format(colour.contrast(a, b))
end

-- The first three are examples that any checker of WCAG gives; the rest are one colour in other words.
is("black on white", ratio("#000", "#fff"), "21.00")
is("#767676 on white", ratio("#767676", "white"), "4.54")
is("order", ratio("#fff", "#0b6470"), ratio("#0b6470", "#fff"))
for _, pair in ipairs { { "rgb(11, 100, 112)", "#0b6470" }, { "rgb(11 100 112)", "#0B6470" }, { "rgba(11, 100, 112)", "#0b6470ff" },
                        { "hsl(120 100% 25.1%)", "#008000" }, { "hsl(0, 0%, 50.2%)", "gray" }, { "oklch(1 0 0)", "#ffffff" },
                        { "oklch(62.8% 0.2577 29.23)", "#ff0000" }, { "#abc", "#aabbcc" } } do
  is(pair[1], ratio(pair[1], pair[2]), "1.00")
end
for _, text in ipairs { "color(display-p3 1 0 0)", "#12", "#0008", "rgb(1 2 3 / 50%)", "red-ish", "rgb(1)", "", "transparent" } do
  is(text, colour.read(text), nil)
end

local read = css.read("/* a: b; } */\n:root { --x: light-dark(#fff, #000); }\n@media print { .a, .b { color: red; & i { margin: 0 } } }\n"
                      .. "@import 'x.css';\n.c { background: url(\"a;b}.png\"); }")
is("declarations", #read, 4)
is("custom property", read[1].property .. "=" .. read[1].value, "--x=light-dark(#fff, #000)")
is("line", (css.place("a\nb\ncd", 5)), 3)
is("within", read[2].within .. "|" .. read[2].selector, "@media print|.a, .b")
is("nested", read[3].selector .. " " .. read[3].property, ".a, .b & i margin")
is("in quotes", read[4].value, 'url("a;b}.png")')
is("at-rule", read.loose[1].text, "@import 'x.css'")
is("whole", read.broken, nil)
for _, text in ipairs { ".a {", ".a } b", ".a { x: 'y }" } do is(text, css.read(text).broken ~= nil, true) end

local tree = dom.parse('<ul class="a b"><li id=\'x\'>1 &amp; &lt;b&gt;<li hidden>2</li></ul><textarea><b></textarea><br><p>')
is("names", tree.elements[1].name .. tree.elements[2].name, "ulli")
is("class", tree.elements[1].attributes.class, "a b")
is("bare", tree.elements[3].attributes.hidden, "")
is("text", dom.text(tree.elements[1]), "1 & <b>2")
is("raw text", dom.text(dom.all(tree, "textarea")[1]), "<b>")
is("unclosed", #tree.broken, 2)
is("above", dom.above(tree.elements[3], function(node) return node.name == "ul" end), tree.elements[1])

os.exit(bad == 0 and 0 or 1)
