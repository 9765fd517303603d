-- SPDX-License-Identifier: GPL-3.0-or-later
-- A password that the theme's author knows goes where a reader sets one.
-- wall: TEMPLATES
-- evil: page has value="known to the thief"
return { name = "118-value-of-the-theme", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
