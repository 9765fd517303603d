/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Printing a Lua value the way templates do, for pages written in Lua as well. */
#ifndef RENDER_PRINT_H
#define RENDER_PRINT_H

#include <lua.h>

#include "render/render.h"

/* Text is escaped, integers are digits, nil is nothing, a secret is a slot; raises on the rest. */
void print_value(lua_State *L, struct writer *w, int index);

#endif
