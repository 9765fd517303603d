/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What compiled templates print through: emit and its relatives. */
#ifndef RENDER_PRINT_H
#define RENDER_PRINT_H

#include <lua.h>

/* emit, route, asset, F ...: into the environment at index `env` of a template state. */
void print_functions(lua_State *L, int env);

#endif
