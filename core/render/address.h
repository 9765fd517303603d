/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses of this site that a theme asks for by name: of pages, of assets, of symbols in an asset. */
#ifndef RENDER_ADDRESS_H
#define RENDER_ADDRESS_H

#include <lua.h>

#include "render/render.h"

/* The URL of a route with this record's names in it, onto the stack. Args: name, record or nil. */
int address_route(lua_State *L);
/* The URL of an asset of the theme in hand. Arg: name. Raises where there is none. */
int address_asset(lua_State *L);
/* Draws that symbol of the theme's icons.svg. */
void address_icon(struct render *r, const char *name, size_t n);

#endif
