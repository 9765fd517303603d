-- SPDX-License-Identifier: GPL-3.0-or-later
-- Where in the HTML the template stands, kept while its text goes by: in text, between the
-- attributes of a tag, inside a quoted attribute, or in a JSON island. So each hole is escaped for
-- its place, and elements and attributes are held against html.lua. A state:
--   mode     "text" | "tag" | "attribute" | "json" | "title"
--   open     the open elements, innermost first: { name =, at =, outer =, in_form =, exact = (blanks are kept) }
--   tag, tag_at, attributes, spaced         within a tag
--   attribute, quote, value, holes          within an attribute: its literal so far, printed holes
--   url                                     within a URL attribute: nil at its start, "open" in a
--                                           literal that may still be a scheme, "root" behind a '/' that a
--                                           second one would make another site's, "hole" behind a URL,
--                                           "settled" behind all of these
--   secret_at                               within a tag: where a secret is printed into it
--   as_is                                   within a tag: what it holds is not translated (translate="no")
--   translated                              the text is what t() or {% trans %} says
--   sends, filled                           within a tag: what it sends (controls.lua); something is in the text area
-- States are copied at a branch and joined behind it.

local controls = require "template.controls"
local entities = require "template.entities"
local html = require "template.html"
local suggest = require "theme.suggest"

local M = {}

local find, sub = string.find, string.sub

function M.start(mode)
  return { mode = mode or "text", open = nil }
end

function M.copy(state)
  local made = {}
  for key, value in pairs(state) do made[key] = value end
  if state.attributes then
    made.attributes = {}
    for name in pairs(state.attributes) do made.attributes[name] = true end
  end
  return made
end

-- Elements that are nothing to what stands in them.
local boxes = { div = 1, main = 1, section = 1, header = 1, footer = 1, nav = 1, aside = 1, article = 1, ["{% block %}"] = 1 }

-- Where a block stands, as far as what is written there depends on it; a block stands in text or is a title.
function M.shown(state)
  local open, element = {}, state.open
  while element do
    if not boxes[element.name] then open[#open + 1] = element.name end
    element = element.outer
  end
  local innermost = state.open or {}
  return { state.mode, innermost.in_form or false, innermost.exact or false, open }
end

function M.push(state, name, at)
  local outer = state.open
  state.open = { name = name, at = at, outer = outer, in_form = name == "{% form %}" or outer and outer.in_form,
                 exact = html.preformatted[name] or outer and outer.exact, sends = state.sends,
                 as_is = html.as_is[name] or state.as_is or outer and outer.as_is }
  state.filled = nil
end

local function inside(state, name)
  local element = state.open
  while element do
    if element.name == name then return true end
    element = element.outer
  end
end

-- Whether a form sends what is printed here as the value of one of its controls.
function M.is_sent(state)
  return inside(state, "option") or inside(state, "textarea")
end

-- Attributes whose whole value is held against a list: it cannot be pieced together.
local function is_closed(state)
  return state.attribute == "name" or html.values[state.tag .. "." .. state.attribute]
end

-- Whether what comes next may stand here more than once, or not at all, and an address is still what was checked.
function M.may_repeat(state)
  return not html.url[state.attribute] or state.url == "settled"
end

-- Whether two branches end in the same place.
function M.same(a, b)
  if a.mode ~= b.mode or a.open ~= b.open or a.tag ~= b.tag or a.attribute ~= b.attribute or a.quote ~= b.quote
     or a.url ~= b.url then
    return false
  end
  return a.mode ~= "attribute" or a.value == b.value and a.holes == b.holes
         or not is_closed(a) and a.url ~= "open"
end

-- What is known behind a branch: `state` takes in the other end.
function M.join(state, other)
  if state.attributes and other.attributes then
    for name in pairs(other.attributes) do state.attributes[name] = true end
  end
  state.spaced = state.spaced and other.spaced
  state.secret_at = state.secret_at or other.secret_at
  state.filled = state.filled or other.filled
  if state.mode == "attribute" and state.value ~= other.value then
    state.holes = true
    if state.value == "" then state.value = other.value end
  end
  state.holes = state.holes or other.holes
end

-- Whitespace: a run becomes one blank, or one line end where it held one.
local function squeeze(text)
  if not find(text, "[\t\r\f\v]") and not find(text, "%s%s") then return text end
  text = text:gsub("[\t\r\f\v]", " "):gsub(" *\n[ \n]*", "\n")
  return (text:gsub("  +", " "))
end

-- True where the attribute must not stand there, which is reported.
local function refuse_attribute(element, name, at, report)
  local why = html.attribute_refused(element, name)
  if why == "unknown-attribute" then
    local near = suggest.hint(name, html.elements[element] or {})
    report(at, why, element, name, near ~= "" and near or suggest.hint(name, html.attributes))
  elseif why then
    report(at, why, name)
  end
  local aria = name:match("^aria%-(.+)$")
  if aria and not html.aria[aria] then report(at, "unknown-aria", name, suggest.hint(aria, html.aria):gsub("'", "'aria-", 1)) end
  return why ~= nil
end

local function attribute_end(state, at, report)
  local key = state.tag .. "." .. state.attribute
  local value = state.value
  if state.holes then
    if is_closed(state) and value ~= "" then
      report(at, "attribute-whole", state.attribute, state.tag)
    end
  else
    local values = html.values[key]
    if values and not values[value] then
      if key == "script.type" then state.refused = true end
      if key == "script.type" then
        report(at, "script")
      else
        report(at, "attribute-word", state.tag, state.attribute, value, suggest.hint(value, values))
      end
    end
    if state.attribute == "name" and not html.names[value] and state.tag ~= "details" then
      report(at, "control-name")
    end
    if key == "script.type" then state.json = value == "application/json" end
    if state.attribute == "role" and value ~= "" and not html.roles[value] and not find(value, "%s") then
      report(at, "unknown-role", value, suggest.hint(value, html.roles))
    end
    if state.attribute == "translate" then state.as_is = value == "no" end
  end
  state.mode, state.attribute, state.quote, state.value, state.holes, state.spaced = "tag", nil, nil, nil, nil, false
  state.url = nil
end

local function tag_end(state, at, sink, report)
  local name = state.tag
  if name == "button" and not state.attributes.type then
    report(state.tag_at, "button-type")
  end
  if name == "img" and not state.attributes.alt then
    report(state.tag_at, "image-alt")
  end
  if name == "script" and not state.json and not state.refused then
    report(state.tag_at, "script")
  end
  if state.secret_at and (state.attributes.name or name == "option") then report(state.secret_at, "secret-sent") end
  controls.finish(state, report)
  state.mode, state.tag, state.attributes, state.secret_at = "text", nil, nil, nil
  if not html.void[name] and not html.refused[name] then M.push(state, name, state.tag_at) end
  state.sends, state.as_is = nil, nil
  if name == "script" then state.mode = "json" end
end

local function close(state, name, at, report)
  if html.void[name] then return report(at, "void-closed", name) end
  local top = state.open
  if not top or top.name:find("^{%%") then
    return report(at, "element-stray", name)
  end
  if top.name ~= name then
    if inside(state, name) then
      report(at, "element-crossed", name, top.name)
      while state.open and state.open.name ~= name and not state.open.name:find("^{%%") do
        state.open = state.open.outer
      end
      if state.open and state.open.name == name then state.open = state.open.outer end
      return
    end
    return report(at, "element-stray", name)
  end
  state.open = top.outer
end

-- A literal text of the theme: its references, and whether it is for people and in one language.
local function words(state, piece, at, report)
  local is_attribute = state.mode == "attribute"
  entities.check(piece, at, report, is_attribute)
  if state.translated or is_attribute and not html.is_said(state.attribute) then return end
  if state.as_is or not is_attribute and state.open and state.open.as_is then return end
  local said = html.words_of(piece)
  if said then report(at + (piece:find("%S") or 1) - 1, "text-plain", said, said) end
end

-- Each mode reads some of `text` from i and returns where it stopped.
local modes = {}

local function tag_start(state, text, i, at, sink, report)
  local _, stop, slash, name = find(text, "^<(/?)([%a][%w-]*)", i)
  if not stop then
    if find(text, "^<!%-%-", i) then
      report(at, "html-comment")
      local _, past = find(text, "-->", i, true)
      return past and past + 1 or #text + 1
    end
    if find(text, "^<[!?]", i) then
      report(at, "skeleton")
      return (find(text, ">", i, true) or #text) + 1
    end
    if i == #text or find(text, "^</?$", i) then
      report(at, "tag-name")
    else
      report(at, "less-than")
    end
    return i + 1
  end
  name = name:lower()
  if slash == "/" then
    local _, past = find(text, "^%s*>", stop + 1)
    if not past then
      report(at, "end-tag-open", name)
      return stop + 1
    end
    if not html.refused[name] then close(state, name, at, report) end
    sink("</" .. name .. ">")
    return past + 1
  end
  local why, instead = html.element_refused(name)
  if why then report(at, why, name, instead or suggest.hint(name, html.elements)) end
  state.mode, state.tag, state.tag_at, state.attributes, state.spaced, state.json = "tag", name, at, {}, false, nil
  state.refused = why and true or nil
  controls.start(state)
  sink("<" .. name)
  return stop + 1
end

function modes.text(state, text, i, at, sink, report)
  local raw = state.open and html.raw[state.open.name] and state.open.name
  local stop = find(text, "<", i, true) or #text + 1
  if stop > i then
    local piece = sub(text, i, stop - 1)
    controls.text(state, piece, at, report)
    words(state, piece, at, report)
    sink(state.open and state.open.exact and piece or squeeze(piece))
  end
  if stop > #text then return stop end
  if raw and not find(text, "^</" .. raw .. "%s*>", stop) then
    report(at + stop - i, "text-only-element", raw)
    return stop + 1
  end
  return tag_start(state, text, stop, at + stop - i, sink, report)
end

function modes.title(state, text, i, at, sink, report)
  local stop = find(text, "<", i, true)
  if stop then report(at + stop - i, "title-text") end
  words(state, sub(text, i, (stop or #text + 1) - 1), at, report)
  sink(squeeze(stop and sub(text, i, stop - 1) or sub(text, i)))
  return #text + 1
end

function modes.json(state, text, i, at, sink, report)
  local stop = find(text, "<", i, true)
  sink(sub(text, i, (stop or #text + 1) - 1))
  if not stop then return #text + 1 end
  local _, past = find(text, "^</[sS][cC][rR][iI][pP][tT]%s*>", stop)
  if not past then
    report(at + stop - i, "json-less-than")
    return stop + 1
  end
  state.open, state.mode = state.open.outer, "text"
  sink("</script>")
  return past + 1
end

-- A literal goes into the attribute in hand.
function M.literal(state, piece, at, report)
  if html.url[state.attribute] and piece ~= "" and state.url ~= "settled" then
    local whole, why = state.value .. piece, nil
    if state.url == "hole" then
      why = not find(piece, "^[?#]") and "url-behind"
    elseif state.url == "root" then
      why = html.url_refused("/" .. piece)
    else
      why = html.url_refused(whole)
    end
    if why then report(at, why) end
    if whole == "/" and not why then
      state.url = "root"
    else
      state.url = (why or state.url == "hole" or state.url == "root" or find(piece, "[/?#]")) and "settled" or "open"
    end
  end
  if piece ~= "" then controls.put(state, { at = at, literal = piece }) end
  state.value = state.value .. piece
end

function modes.attribute(state, text, i, at, sink, report)
  local stop = find(text, state.quote, i, true)
  local piece = sub(text, i, (stop or #text + 1) - 1)
  M.literal(state, piece, at, report)
  words(state, piece, at, report)
  sink((piece:gsub("<", "&lt;")))
  if not stop then return #text + 1 end
  sink(state.quote)
  attribute_end(state, at, report)
  return stop + 1
end

function modes.tag(state, text, i, at, sink, report)
  local _, past = find(text, "^%s+", i)
  if past then
    state.spaced = true
    sink(" ")
    return past + 1
  end
  _, past = find(text, "^/?>", i)
  if past then
    if past > i and not html.void[state.tag] then
      report(at, "self-closed", state.tag, state.tag, state.tag)
    end
    sink(">")
    tag_end(state, at, sink, report)
    return past + 1
  end
  local name
  _, past, name = find(text, "^([^%s\"'<>/=]+)", i)
  if not past then
    report(at, "attribute-expected", state.tag)
    return i + 1
  end
  name = name:lower()
  if not state.spaced then report(at, "attribute-blank", name) end
  local why = not state.refused and refuse_attribute(state.tag, name, at, report)
  if state.attributes[name] then report(at, "attribute-twice", name, state.tag) end
  state.attributes[name], state.spaced = true, false
  local _, equals, quote = find(text, "^%s*=%s*([\"']?)", past + 1)
  if not equals then
    if not html.boolean[name] and not name:find("^data%-") and not why and past < #text then
      report(at, "attribute-value", name, name)
    end
    sink(name)
    return past + 1
  end
  if quote == "" then
    report(at, "attribute-unquoted", name)
    local _, value_end = find(text, "^[^%s>]*", equals + 1)
    state.unquoted = value_end == #text or nil
    return value_end + 1
  end
  sink(name .. "=" .. quote)
  state.mode, state.attribute, state.quote, state.value, state.holes = "attribute", name, quote, "", nil
  return equals + 1
end

-- Reads a piece of literal text; `sink` gets what is to be written for it.
function M.feed(state, text, at, sink, report)
  local i = 1
  if state.unquoted and #text > 0 then
    state.unquoted = nil
    local _, rest = find(text, "^[^%s>]*", 1)
    i = rest + 1
  end
  while i <= #text do
    i = modes[state.mode](state, text, i, at + i - 1, sink, report)
  end
end

-- Reports elements left open since `before` (a value of state.open), and forgets them.
function M.unclosed(state, before, report)
  while state.open and state.open ~= before do
    if state.open.name:find("^{%%") then break end
    report(state.open.at, "element-open", state.open.name)
    state.open = state.open.outer
  end
end

return M
