-- SPDX-License-Identifier: GPL-3.0-or-later
-- pages/login.lua is compiled Lua: return function(vm, h) return h.p{"byte code ran"} end
-- wall: BYTECODE
-- evil: page has byte code ran
return { name = "33-bytecode", title = "Hostile", version = "1.0.0", license = "GPL-3.0-or-later", extends = "base", contract = "1.0", api = 1 }
