-- SPDX-License-Identifier: GPL-3.0-or-later
-- Two slashes from two places make another site's address.
-- wall: TEMPLATES MARKUP
-- evil: page has evil.example
return { name = "126-address-of-two-pieces", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
