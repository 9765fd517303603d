-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a theme's HTML may hold: a closed list, kept here once for the compiler and, read by the
-- host, for pages written as Lua scripts. What is not here is refused; `refused` says what to do
-- instead. A theme's author may be a stranger: nothing in these lists runs script, loads from
-- another origin, or sends a form anywhere but where the core said.

local M = {}

local function set(words)
  local made = {}
  for word in words:gmatch("%S+") do made[word] = true end
  return made
end

-- element -> its own attributes, besides the global ones.
M.elements = {
  a = set "href rel hreflang", abbr = {}, address = {}, article = {}, aside = {}, b = {}, bdi = {}, bdo = {},
  blockquote = {}, br = {}, button = set "type name value disabled autofocus",
  caption = {}, cite = {}, code = {}, col = set "span", colgroup = set "span",
  data = set "value", datalist = {}, dd = {}, del = set "datetime", details = set "open name", dfn = {},
  dialog = set "open", div = {}, dl = {}, dt = {}, em = {},
  fieldset = set "disabled", figcaption = {}, figure = {}, footer = {},
  h1 = {}, h2 = {}, h3 = {}, h4 = {}, h5 = {}, h6 = {}, header = {}, hgroup = {}, hr = {}, i = {},
  img = set "src alt width height loading decoding",
  input = set [[type name value checked required readonly disabled placeholder minlength maxlength min
                max step size list multiple autocomplete autofocus inputmode autocapitalize form]],
  ins = set "datetime", kbd = {}, label = set "for", legend = {}, li = set "value", main = {}, mark = {},
  menu = {}, meter = set "value min max low high optimum", nav = {}, ol = set "start reversed type",
  optgroup = set "label disabled", option = set "value selected disabled label", output = set "for",
  p = {}, pre = {}, progress = set "value max", q = {}, s = {}, samp = {}, search = {}, section = {},
  select = set "name required disabled multiple size autocomplete autofocus",
  small = {}, span = {}, strong = {}, sub = {}, summary = {}, sup = {},
  table = {}, tbody = {}, td = set "colspan rowspan headers",
  textarea = set [[name rows cols required readonly disabled placeholder minlength maxlength
                   autocomplete autofocus wrap inputmode]],
  tfoot = {}, th = set "scope colspan rowspan headers abbr", thead = {}, time = set "datetime",
  tr = {}, u = {}, ul = {}, var = {}, wbr = {},
  script = set "type",   -- only as a JSON island: type="application/json"
}

M.attributes = set [[id class title lang dir hidden tabindex role translate spellcheck enterkeyhint
                     accesskey inert]]
M.attribute_prefixes = { "aria-", "data-" }

-- WAI-ARIA 1.2: what may follow "aria-", and the words of `role`. A slip in them does nothing, and nobody sees it.
M.aria = set [[activedescendant atomic autocomplete braillelabel brailleroledescription busy checked colcount colindex
               colindextext colspan controls current describedby description details disabled dropeffect errormessage
               expanded flowto grabbed haspopup hidden invalid keyshortcuts label labelledby level live modal multiline
               multiselectable orientation owns placeholder posinset pressed readonly relevant required roledescription
               rowcount rowindex rowindextext rowspan selected setsize sort valuemax valuemin valuenow valuetext]]
M.roles = set [[alert alertdialog application article banner blockquote button caption cell checkbox code columnheader
                combobox comment complementary contentinfo definition deletion dialog document emphasis feed figure form
                generic grid gridcell group heading image img insertion link list listbox listitem log main mark marquee
                math menu menubar menuitem menuitemcheckbox menuitemradio meter navigation none note option paragraph
                presentation progressbar radio radiogroup region row rowgroup rowheader scrollbar search searchbox
                separator slider spinbutton status strong subscript suggestion superscript switch tab table tablist
                tabpanel term textbox time timer toolbar tooltip tree treegrid treeitem]]

M.void = set "br col hr img input wbr"
M.boolean = set [[checked required readonly disabled hidden open selected multiple autofocus reversed inert]]
M.url = set "href src"
M.raw = set "textarea"          -- the browser reads their content as text: no tags inside
M.preformatted = set "pre textarea"

-- attribute of element -> the values it may have as a literal, where that list is closed.
M.values = {
  ["button.type"] = set "submit button reset",
  ["input.form"] = set "bulk",   -- the checkbox of a row belongs to the form below the list
  ["script.type"] = set "application/json",
  ["input.type"]  = set [[text email password number checkbox radio search hidden tel url date
                          datetime-local time month week color]],
}

-- Names of controls come from the model. These literals are the contract's.
M.names = set "generate q id"

-- Elements whose content is no language of people's, and attributes that are read out or shown to them.
M.as_is = set "code kbd samp var pre"
local said = set [[title alt placeholder label aria-label aria-description aria-roledescription aria-placeholder
                   aria-valuetext]]
function M.is_said(attribute) return said[attribute] end

-- What a literal says in words, shortened for a message; nil where it has none: signs, digits, the program's name.
function M.words_of(literal)
  local bare = literal:gsub("&#?%w+;?", " "):gsub("Mailboy", " "):gsub("\xC3[\x97\xB7]", " ")
  if not bare:find("%a%a") and not bare:find("[\xC3-\xE1\xE3-\xED][\x80-\xBF]") then return nil end
  local text = literal:gsub("%s+", " "):match("^ ?(.-) ?$")
  local stop = utf8.len(text) and utf8.offset(text, 41)
  return stop and text:sub(1, stop - 1) .. "..." or text
end

-- element -> what to do instead.
local skeleton = ": the page's skeleton (doctype, html, head, body) is the core's"
M.refused = {
  html = skeleton, head = skeleton, body = skeleton,
  title = ": write {% block title() %}...{% end %}",
  form = ": {% form vm.form %}...{% end %} writes it, with its token",
  style = ": styles go into app.css",
  link = ": the core links tokens.css and app.css",
  meta = ": the page's head is the core's",
  base = ": addresses come from url(...)",
  svg = ": use {{ icon(\"name\") }}",
  iframe = "", object = "", embed = "", template = "", noscript = "",
}

local function prefixed(name)
  for _, prefix in ipairs(M.attribute_prefixes) do
    if name:sub(1, #prefix) == prefix and name:find("^[a-z0-9]+[a-z0-9-]*$", #prefix + 1) then return true end
  end
  return false
end

-- The kind of mistake (theme/mistakes.lua) this element is in a template, and what to do instead where that is known;
-- nil where it may stand.
function M.element_refused(name)
  if M.elements[name] then return nil end
  if M.refused[name] then return "element-refused", M.refused[name] end
  return "unknown-element"
end

-- The kind of mistake this attribute is on this element, or nil.
function M.attribute_refused(element, name)
  if M.attributes[name] or prefixed(name) then return nil end
  local own = M.elements[element]
  if own and own[name] then return nil end
  if name:find("^on") then return "attribute-handler" end
  if name == "style" then return "attribute-style" end
  return "unknown-attribute"
end

-- The kind of mistake a literal is as the whole or the start of a URL attribute, or nil: a theme names only
-- places of this site, so a path, a query or a fragment.
function M.url_refused(literal)
  if literal:find("[%c\\]") or literal:find("^%s") then return "url-characters" end
  if literal:find("[\128-\255]") then return "url-ascii" end
  if literal:find("^//") then return "url-leaves" end
  if literal:find("&", 1, true) and literal:gsub("&amp;", ""):find("&", 1, true) then
    return "url-ampersand"
  end
  if literal:match("^[^/?#]*"):find(":", 1, true) then
    return (literal:find("^https?:") or literal:find("^mailto:")) and "url-elsewhere" or "url-scheme"
  end
  if literal:find("^/?assets/") then return "url-asset" end
end

return M
