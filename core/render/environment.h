/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a theme's code sees: an environment made from an allow-list (environment.c, which gives the reason
 * of each omission), never Lua's own globals. */
#ifndef RENDER_ENVIRONMENT_H
#define RENDER_ENVIRONMENT_H

#include <lua.h>
#include <stddef.h>

/* Leaves on the stack a new environment of allowed names; the first call in a state also closes the
 * state: Lua's own globals and libraries are gone afterwards. */
void environment_push(lua_State *L);
/* Loads a text chunk and gives it the environment at index `env`: leaves the function, or
 * raises. */
void environment_load(lua_State *L, const char *bytes, size_t n, const char *name, int env);

#endif
