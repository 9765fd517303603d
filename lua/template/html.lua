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
                max step size list multiple autocomplete autofocus inputmode autocapitalize]],
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

M.void = set "br col hr img input wbr"
M.boolean = set [[checked required readonly disabled hidden open selected multiple autofocus reversed inert]]
M.url = set "href src"
M.raw = set "textarea"          -- the browser reads their content as text: no tags inside
M.preformatted = set "pre textarea"

-- attribute of element -> the values it may have as a literal, where that list is closed.
M.values = {
  ["button.type"] = set "submit button reset",
  ["script.type"] = set "application/json",
  ["input.type"]  = set [[text email password number checkbox radio search hidden tel url date
                          datetime-local time month week range color]],
}

-- Names of controls come from the model. These literals are the contract's.
M.names = set "generate q"

local skeleton = "<%s> is not allowed: the page's skeleton (doctype, html, head, body) is the core's"
M.refused = {
  html = skeleton, head = skeleton, body = skeleton,
  title = "<%s> is not allowed: write {%% block title() %%}...{%% end %%}",
  form = "<%s> is not allowed: {%% form vm.form %%}...{%% end %%} writes it, with its token",
  style = "<%s> is not allowed: styles go into app.css",
  link = "<%s> is not allowed: the core links tokens.css and app.css",
  meta = "<%s> is not allowed: the page's head is the core's",
  base = "<%s> is not allowed: addresses come from url(...)",
  svg = "<%s> is not allowed: use {{ icon(\"name\") }}",
  iframe = "<%s> is not allowed", object = "<%s> is not allowed", embed = "<%s> is not allowed",
  template = "<%s> is not allowed", noscript = "<%s> is not allowed",
}

local function prefixed(name)
  for _, prefix in ipairs(M.attribute_prefixes) do
    if name:sub(1, #prefix) == prefix and name:find("^[a-z0-9]+[a-z0-9-]*$", #prefix + 1) then return true end
  end
  return false
end

-- Why this element must not stand in a template, or nil.
function M.element_refused(name)
  if M.elements[name] then return nil end
  local why = M.refused[name]
  return why and why:format(name) or ("<" .. name .. "> is not allowed"), not why
end

-- Why this attribute must not stand on this element, or nil.
function M.attribute_refused(element, name)
  if M.attributes[name] or prefixed(name) then return nil end
  local own = M.elements[element]
  if own and own[name] then return nil end
  if name:find("^on") then return "'" .. name .. "' attributes are not allowed" end
  if name == "style" then return "'style' attributes are not allowed: give it a class" end
  return "<" .. element .. "> takes no attribute '" .. name .. "'", true
end

-- Why a literal cannot be the whole or the start of a URL attribute, or nil: a theme names only
-- places of this site, so a path, a query or a fragment.
function M.url_refused(literal)
  if literal:find("[%c\\]") or literal:find("^%s") then return "a URL holds no '\\', blanks or controls" end
  if literal:find("[\128-\255]") then return "a literal URL is written in ASCII" end
  if literal:find("^//") then return "a literal URL names a place of this site: '//' leaves it" end
  if literal:find("&", 1, true) and literal:gsub("&amp;", ""):find("&", 1, true) then
    return "write '&' in a literal URL as &amp;"
  end
  if literal:match("^[^/?#]*"):find(":", 1, true) then
    return "a literal URL names a place of this site, not another scheme"
  end
  if literal:find("^/?assets/") then return "write asset(\"...\"): the path of an asset changes with its bytes" end
end

return M
