-- SPDX-License-Identifier: GPL-3.0-or-later
-- For text browsers, old machines and readers who bring their own style: no script, next to no CSS.
return {
  name = "plain", title = "Plain", version = "1.0.0", license = "GPL-3.0-or-later",
  description = "No script and next to no style: for text browsers, old machines and styles of one's own.",
  extends = "base", contract = "1.0", api = 1,
  schemes = { "light", "dark" }, screenshot = "screenshot.png",
  parent_styles = false, script = false,
}
