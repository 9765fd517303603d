-- SPDX-License-Identifier: GPL-3.0-or-later
-- A scheme that no piece of the address has whole.
-- wall: TEMPLATES MARKUP
-- evil: page has script:alert(1)
return { name = "127-scheme-of-two-pieces", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
