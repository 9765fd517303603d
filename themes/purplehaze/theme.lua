-- SPDX-License-Identifier: GPL-3.0-or-later
-- Violet, soft and a little festive: base's pages with other tokens, header, rows and log-in.
return {
  name = "purplehaze", title = "Purple Haze", version = "1.0.0", license = "GPL-3.0-or-later",
  description = "Violet, with a header that glows.",
  extends = "base", contract = "1.0", api = 1,
  schemes = { "light", "dark" }, tokens = "tokens.css", screenshot = "screenshot.png",
  settings = {
    { id = "accent", type = "color", default = "#5b2bbd", label = "Accent colour",
      contrast = { { with = "--surface", min = 4.5 }, { with = "--canvas", min = 4.5 }, { with = "--accent-soft", min = 4.5 },
                   { with = "--accent-ink", min = 4.5 } } },
    { id = "density", type = "choice", default = "cosy", options = { "cosy", "compact" },
      labels = { "Cosy", "Compact" }, label = "Height of rows" },
    { id = "motto", type = "text", default = "", max = 80, label = "Line under the name" },
  },
}
