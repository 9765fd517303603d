-- SPDX-License-Identifier: GPL-3.0-or-later
-- The token as a choice.
-- wall: TEMPLATES
-- evil: page has <option value="TOKEN
return { name = "125-secret-in-an-option", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
