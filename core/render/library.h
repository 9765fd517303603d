/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a theme may call: our own versions of some functions of Lua (sorted, charged, without
 * patterns or addresses), and what the compiled templates print through. */
#ifndef RENDER_LIBRARY_H
#define RENDER_LIBRARY_H

#include <lua.h>

#include "render/model.h"
#include "render/writer.h"

/* Ours for table.name (table NULL: a global); never NULL for a row marked OWN. */
lua_CFunction library_own(const char *table, const char *name);
int library_format(lua_State *L);
/* string.format, over Lua's own, which it finds in the table of libraries at that index. */
void library_push_format(lua_State *L, int libraries);
/* Upvalue 1, charged by the size of the first argument. */
int library_paid(lua_State *L);

/* emit, route, asset, F ...: into the environment at index `env` of a template state. */
void library_templates(lua_State *L, int env);
/* The filters, as fields of the table at index `table`. */
void library_filters(lua_State *L, int table);
/* What the filter of that hole (lua/README.md) makes of a value goes into the page. */
void library_filter_print(lua_State *L, struct writer *w, int index, char hole);
void library_filter_node(lua_State *L, struct writer *w, const struct node *v, char hole);

int library_plural(lua_State *L);
int library_plural_of(lua_State *L);

#endif
