-- SPDX-License-Identifier: GPL-3.0-or-later
-- The same in a text area.
-- wall: TEMPLATES
-- evil: page has >known to the thief</textarea>
return { name = "121-text-area-of-the-theme", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
