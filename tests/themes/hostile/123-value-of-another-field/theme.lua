-- SPDX-License-Identifier: GPL-3.0-or-later
-- What stands in one field is sent as another.
-- wall: TEMPLATES
-- evil: page has <p>of another</p>
return { name = "123-value-of-another-field", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
