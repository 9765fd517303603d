-- SPDX-License-Identifier: GPL-3.0-or-later
-- A form by a component inside another: browsers drop its start, so that a search would send what belongs to it.
-- wall: TEMPLATES
-- evil: page has <p>inside</p></form>
return { name = "136-form-in-a-form", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
