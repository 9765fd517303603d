-- SPDX-License-Identifier: GPL-3.0-or-later
-- The same by a text for people.
-- wall: TEMPLATES
-- evil: page has value="known to the thief"
return { name = "119-value-of-a-text", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
