/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our own versions of some functions of Lua: sorted, charged, without patterns or addresses. */
#ifndef RENDER_LIBRARY_H
#define RENDER_LIBRARY_H

#include <lua.h>

/* Ours for table.name (table NULL: a global); never NULL for a row marked OWN. */
lua_CFunction library_own(const char *table, const char *name);
int library_format(lua_State *L);
/* string.format, over Lua's own, which it finds in the table of libraries at that index. */
void library_push_format(lua_State *L, int libraries);
/* Upvalue 1, charged by the size of the first argument. */
int library_paid(lua_State *L);

#endif
