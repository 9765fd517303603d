-- SPDX-License-Identifier: GPL-3.0-or-later
-- A button that sends the form elsewhere.
-- wall: TEMPLATES
-- evil: page has formaction="https://evil
return { name = "134-button-elsewhere", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
