-- SPDX-License-Identifier: GPL-3.0-or-later
-- A field that the form does not have.
-- wall: TEMPLATES
-- evil: page has name="role" value="1"
return { name = "133-name-of-the-theme", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
