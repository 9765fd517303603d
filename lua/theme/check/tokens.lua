-- SPDX-License-Identifier: GPL-3.0-or-later
-- The tokens that base declares: what each is for, and which of them must stay readable on which (WCAG 2.2: text
-- 4.5:1 by 1.4.3, edges of controls and parts of pictures 3:1 by 1.4.11).

local M = {}

-- { token, what for }
M.tokens = {
  { "canvas", "the page" }, { "surface", "cards and tables" }, { "raised", "what lies on them" },
  { "ink", "text" }, { "muted", "lesser text" }, { "line", "lines between things" }, { "edge", "edges of controls" },
  { "accent", "links, the main button, focus" }, { "accent-hover", "the same, pointed at" },
  { "accent-ink", "text on the accent" }, { "accent-soft", "its tint, behind accent text" },
  { "ok", "a good state" }, { "ok-soft", "its tint" }, { "warn", "a state to watch" }, { "warn-soft", "its tint" },
  { "bad", "a bad state" }, { "bad-soft", "its tint" }, { "bad-fill", "the button that deletes" },
  { "bad-ink", "its text" }, { "track", "behind bars that fill" }, { "hover", "behind what is pointed at" }, { "shadow", "shadows" },
  { "font", "type" }, { "mono", "type of one width" }, { "radius", "corners" }, { "radius-small", "corners of small things" },
  { "control", "height of controls, at least 2.5rem" }, { "gap", "space between blocks" },
  { "side", "width of the navigation" }, { "measure", "width of forms" },
}

M.pairs = {}
local function pair(inks, grounds, least)
  for ink in inks:gmatch("%S+") do
    for ground in grounds:gmatch("%S+") do M.pairs[#M.pairs + 1] = { ink = ink, on = ground, least = least } end
  end
end
pair("ink muted accent bad", "canvas surface raised", 4.5)
pair("ok warn bad", "surface", 4.5)
for _, state in ipairs { "ok", "warn", "bad" } do pair(state, state .. "-soft", 4.5) end
pair("accent", "accent-soft", 4.5)
pair("accent-ink", "accent accent-hover", 4.5)
pair("bad-ink", "bad-fill", 4.5)
pair("ink", "hover", 4.5)
pair("edge", "canvas surface raised", 3)
pair("accent warn bad", "track", 3)

return M
