/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a form starts: its tag, and the hidden fields of one that posts. Its address is of this site. */
#ifndef RENDER_OPENING_H
#define RENDER_OPENING_H

#include <lua.h>

#include "render/render.h"

/* Of a Form, or of an Action, which posts to its `url`; raises where the address is not of this site. */
void opening_print_node(lua_State *L, struct writer *w, const struct node *v);
/* The same of the table that a page script handed on. */
void opening_print(lua_State *L, struct writer *w, int index);
/* The hidden fields of a POST form: slots, which the worker fills. */
void opening_tokens(struct render *r);

#endif
