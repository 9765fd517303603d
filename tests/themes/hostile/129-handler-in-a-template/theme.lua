-- SPDX-License-Identifier: GPL-3.0-or-later
-- An attribute that is script.
-- wall: TEMPLATES
-- evil: page has onfocus="alert(1)"
return { name = "129-handler-in-a-template", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
