-- SPDX-License-Identifier: GPL-3.0-or-later
-- A terminal of 1980: phosphor at night, green-bar paper by day. Shows off blocks, components and slots.
return {
  name = "funky-tandy", title = "Funky Tandy", version = "1.0.0", license = "GPL-3.0-or-later",
  description = "A terminal of 1980: phosphor at night, line-printer paper by day.",
  extends = "base", contract = "1.0", api = 1,
  schemes = { "light", "dark" }, tokens = "tokens.css", screenshot = "screenshot.png",
  settings = {
    { id = "tube", type = "choice", default = "green", options = { "green", "amber", "white" },
      labels = { "Green", "Amber", "White" }, label = "Phosphor" },
  },
}
