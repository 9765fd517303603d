/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws a whole form for pages written in Lua. The form is read again from the worker's message, so
 * that nothing a script did to its copy counts: not the address, not the fields' names. */
#ifndef RENDER_FORM_H
#define RENDER_FORM_H

#include <lua.h>

#include "render/render.h"

/* `form`: index of a table that came from the view model; raises for any other. */
void form_print(lua_State *L, struct render *r, int form);

#endif
