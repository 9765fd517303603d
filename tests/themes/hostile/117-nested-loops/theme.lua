-- SPDX-License-Identifier: GPL-3.0-or-later
-- A template that prints nothing for long: two fields, gone through by each of 22 loops within another.
-- wall: BUDGET CPU DEADLINE
-- evil: page went through all
return { name = "117-nested-loops", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
