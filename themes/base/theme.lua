-- SPDX-License-Identifier: GPL-3.0-or-later
-- The built-in theme: neutral, light and dark. Every other theme ends here, so each page of the
-- contract has its file in pages/.
return {
  name = "base", title = "Base", version = "1.0.0", license = "GPL-3.0-or-later",
  contract = "1.0", api = 1,
  schemes = { "light", "dark" },
}
