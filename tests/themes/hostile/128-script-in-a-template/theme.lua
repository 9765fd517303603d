-- SPDX-License-Identifier: GPL-3.0-or-later
-- A script element.
-- wall: TEMPLATES
-- evil: page has <script src="//evil.example
return { name = "128-script-in-a-template", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
