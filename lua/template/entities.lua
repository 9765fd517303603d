-- SPDX-License-Identifier: GPL-3.0-or-later
-- References to characters in a template's text (`&nbsp;`, `&#160;`): the names of HTML 4 (section 24) and `apos`. A
-- browser shows what it does not know as it stands; every other character is written as itself, in UTF-8.

local suggest = require "theme.suggest"

local M = {}

local known = {}
for name in ([[
  Aacute aacute Acirc acirc acute AElig aelig Agrave agrave alefsym Alpha alpha amp and ang apos Aring aring asymp
  Atilde atilde Auml auml bdquo Beta beta brvbar bull cap Ccedil ccedil cedil cent Chi chi circ clubs cong copy crarr
  cup curren Dagger dagger dArr darr deg Delta delta diams divide Eacute eacute Ecirc ecirc Egrave egrave empty emsp
  ensp Epsilon epsilon equiv Eta eta ETH eth Euml euml euro exist fnof forall frac12 frac14 frac34 frasl Gamma gamma
  ge gt hArr harr hearts hellip Iacute iacute Icirc icirc iexcl Igrave igrave image infin int Iota iota iquest isin
  Iuml iuml Kappa kappa Lambda lambda lang laquo lArr larr lceil ldquo le lfloor lowast loz lrm lsaquo lsquo lt macr
  mdash micro middot minus Mu mu nabla nbsp ndash ne ni not notin nsub Ntilde ntilde Nu nu Oacute oacute Ocirc ocirc
  OElig oelig Ograve ograve oline Omega omega Omicron omicron oplus or ordf ordm Oslash oslash Otilde otilde otimes
  Ouml ouml para part permil perp Phi phi Pi pi piv plusmn pound Prime prime prod prop Psi psi quot radic rang raquo
  rArr rarr rceil rdquo real reg rfloor Rho rho rlm rsaquo rsquo sbquo Scaron scaron sdot sect shy Sigma sigma sigmaf
  sim spades sub sube sum sup sup1 sup2 sup3 supe szlig Tau tau there4 Theta theta thetasym thinsp THORN thorn tilde
  times trade Uacute uacute uArr uarr Ucirc ucirc Ugrave ugrave uml upsih Upsilon upsilon Uuml uuml weierp Xi xi
  Yacute yacute yen Yuml yuml Zeta zeta zwj zwnj
]]):gmatch("%w+") do known[name] = true end

local function is_character(digits, base)
  local number = #digits < 9 and tonumber(digits, base) or 0x110000
  return number > 0 and number < 0x110000 and (number < 0xD800 or number > 0xDFFF)
end

local function hint(name)
  local near = suggest.nearest(name, known)
  return near and (" - did you mean '&%s;'?"):format(near) or " - write the character itself"
end

-- The kind of mistake (theme/mistakes.lua) and its words, or nil.
local function wrong(word, has_end)
  local digits, hex = word:match("^#(%d+)$"), word:match("^#[xX](%x+)$")
  if digits or hex then return not is_character(digits or hex, hex and 16 or 10) and "entity-number" or nil, word end
  if not has_end then return known[word] and "entity-open" or nil, word, word end
  return not known[word] and "entity" or nil, word, hint(word)
end

-- Holds a piece of HTML text that begins at `at` against the list. In an attribute "?a=1&copy=2" is read as it stands.
function M.check(text, at, report, is_attribute)
  if not text:find("&", 1, true) then return end
  for from, word, past in text:gmatch("()&(#?%w+)()") do
    local has_end = text:sub(past, past) == ";"
    if has_end or not is_attribute then
      local kind, one, other = wrong(word, has_end)
      if kind then report(at + from - 1, kind, one, other) end
    end
  end
end

-- The first reference in a text that will be escaped, where a reader would see it as it stands.
function M.first(text) return text:match("&#?%w+;") end

return M
