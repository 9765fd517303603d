/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions of a theme's helpers.lua. They run in a state of their own, made when a page first
 * calls one and gone with the page, so that nothing is kept from page to page and nothing of the
 * templates' state is in reach; plain values go in and come out. */
#ifndef RENDER_HELPER_H
#define RENDER_HELPER_H

#include <lua.h>

#include "render/render.h"

/* helper(file, name, kind, ...): calls it and gives what it gave, held against `kind` ("text",
 * "int", "bool", with "?" where nil will do). Raises with the helper's own place otherwise. */
int helper_call(lua_State *L);
/* Pushes a table of all the theme's helpers, the child's over its parents', into a script's state. */
void helper_push_all(lua_State *L, const struct compiled *theme);
/* At the end of a page. */
void helper_forget(struct render *r);

#endif
