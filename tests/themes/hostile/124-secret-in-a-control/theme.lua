-- SPDX-License-Identifier: GPL-3.0-or-later
-- The token in a control with a name, which a search would put into an address.
-- wall: TEMPLATES
-- evil: page has name="q" value="TOKEN
return { name = "124-secret-in-a-control", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
