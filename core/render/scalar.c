/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/scalar.h"

#include <lauxlib.h>
#include <stdio.h>

#include "render/walls.h"

void scalar_print(lua_State *L, struct writer *w, int index)
{
    size_t n;
    const char *text;
    char number[40];
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        text = lua_tolstring(L, index, &n);
        if (wall(WALL_ESCAPE))
            writer_html(w, text, n);
        else
            writer_raw(w, text, n);
        break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, index)) {
            writer_int(w, lua_tointeger(L, index));
        } else {
            snprintf(number, sizeof number, "%.14g", lua_tonumber(L, index));
            writer_text(w, number);
        }
        break;
    case LUA_TLIGHTUSERDATA:
        writer_slot(w, (uint32_t)((uintptr_t)lua_touserdata(L, index) - 1));
        break;
    case LUA_TNONE: /* of what is absent a filter makes nothing */
    case LUA_TNIL: break;
    default: luaL_error(L, "cannot print a %s", luaL_typename(L, index));
    }
}
