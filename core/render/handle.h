/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The nodes of the model (model.h) as compiled templates hold them: records, lists, times and secrets
 * are light userdata with a metatable, by which x.field, list[i] and #list work as of tables; numbers,
 * truths and texts that code asks for by x.field are Lua's own. Only generated code, which keeps nothing,
 * ever has one: a handle dies with the page. */
#ifndef RENDER_HANDLE_H
#define RENDER_HANDLE_H

#include <lua.h>

#include "render/model.h"
#include "render/render.h"

/* Once for each state of templates. */
void handle_prepare(lua_State *L);
void handle_push(lua_State *L, const struct node *v);
/* The node at `index`; NULL if there is something else, as a slot that a page script handed on. */
const struct node *handle_at(lua_State *L, int index);

#endif
