-- SPDX-License-Identifier: GPL-3.0-or-later
-- The page goes elsewhere by itself.
-- wall: TEMPLATES MARKUP
-- evil: page has http-equiv="refresh"
return { name = "132-refresh-in-a-template", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
