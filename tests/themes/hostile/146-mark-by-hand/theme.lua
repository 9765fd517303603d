-- SPDX-License-Identifier: GPL-3.0-or-later
return { name = "146-mark-by-hand", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
