-- SPDX-License-Identifier: GPL-3.0-or-later
-- A control that moves its value into the theme's limits.
-- wall: TEMPLATES
-- evil: page has type="range"
return { name = "122-value-by-limits", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
