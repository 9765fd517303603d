/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters of the template language (lua/README.md). */
#ifndef RENDER_FILTERS_H
#define RENDER_FILTERS_H

#include <lua.h>

#include "render/model.h"
#include "render/writer.h"

/* All of them, as fields of the table at index `table`. */
void filters_put(lua_State *L, int table);
/* What the filter of that hole makes of a value goes into the page. */
void filter_print(lua_State *L, struct writer *w, int index, char hole);
void filter_print_node(lua_State *L, struct writer *w, const struct node *v, char hole);
/* tn and plural, which choose a text by a number. */
int filter_plural(lua_State *L);
int filter_plural_of(lua_State *L);

#endif
