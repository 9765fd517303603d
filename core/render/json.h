/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Lua value as JSON in a page: keys in order, and safe inside a script element. */
#ifndef RENDER_JSON_H
#define RENDER_JSON_H

#include <lua.h>

#include "render/writer.h"

/* `index`: from the bottom of the stack. Raises on what JSON has no words for, and below WIRE_DEPTH. */
void json_print(lua_State *L, struct writer *w, int index);

#endif
