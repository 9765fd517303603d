-- SPDX-License-Identifier: GPL-3.0-or-later
-- Another site's page in this one.
-- wall: TEMPLATES MARKUP
-- evil: page has <iframe src
return { name = "130-frame-in-a-template", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
