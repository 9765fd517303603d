-- SPDX-License-Identifier: GPL-3.0-or-later
-- The same as the only choice.
-- wall: TEMPLATES
-- evil: page has <option value="super">
return { name = "120-option-of-the-theme", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
