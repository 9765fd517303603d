/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One value of Lua as a text in the page. */
#ifndef RENDER_SCALAR_H
#define RENDER_SCALAR_H

#include <lua.h>

#include "render/writer.h"

/* Text is escaped, integers are digits, nil is nothing, a secret is a slot; raises on the rest. */
void scalar_print(lua_State *L, struct writer *w, int index);

#endif
