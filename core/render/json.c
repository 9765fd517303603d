/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/json.h"

#include <lauxlib.h>
#include <string.h>

#include "render/library.h"
#include "render/model.h"
#include "render/scalar.h"

static void print_depth(lua_State *L, struct writer *w, int index, int depth);

static void json_list(lua_State *L, struct writer *w, int index, int depth)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, index);
    writer_raw(w, "[", 1);
    for (lua_Integer i = 1; i <= n; i++) {
        if (i > 1)
            writer_raw(w, ",", 1);
        lua_rawgeti(L, index, i);
        print_depth(L, w, lua_gettop(L), depth + 1);
        lua_pop(L, 1);
    }
    writer_raw(w, "]", 1);
}

static void json_map(lua_State *L, struct writer *w, int index, int depth)
{
    lua_pushcfunction(L, library_own(NULL, "pairs"));
    lua_pushvalue(L, index);
    lua_call(L, 1, 1);
    int step = lua_gettop(L);
    writer_raw(w, "{", 1);
    for (bool first = true;; first = false) {
        lua_pushvalue(L, step);
        lua_call(L, 0, 2);
        if (lua_isnil(L, -2))
            break;
        if (!first)
            writer_raw(w, ",", 1);
        size_t n;
        const char *key = luaL_checklstring(L, -2, &n);
        writer_json_text(w, key, n);
        writer_raw(w, ":", 1);
        print_depth(L, w, lua_gettop(L), depth + 1);
        lua_settop(L, step);
    }
    lua_settop(L, step - 1);
    writer_raw(w, "}", 1);
}

static void json_time(struct writer *w, const struct instant *t)
{
    writer_text(w, "{\"offset\":");
    writer_int(w, t->offset);
    writer_text(w, ",\"seconds\":");
    writer_int(w, t->seconds);
    writer_text(w, ",\"zone\":");
    writer_json_text(w, t->zone, strlen(t->zone));
    writer_text(w, "}");
}

static void print_depth(lua_State *L, struct writer *w, int index, int depth)
{
    size_t n;
    const char *text;
    if (depth > WIRE_DEPTH)
        luaL_error(L, "JSON is nested too deep");
    luaL_checkstack(L, 8, NULL);
    switch (lua_type(L, index)) {
    case LUA_TNIL: writer_text(w, "null"); break;
    case LUA_TBOOLEAN: writer_text(w, lua_toboolean(L, index) ? "true" : "false"); break;
    case LUA_TNUMBER: scalar_print(L, w, index); break;
    case LUA_TSTRING:
        text = lua_tolstring(L, index, &n);
        writer_json_text(w, text, n);
        break;
    case LUA_TUSERDATA: json_time(w, lua_touserdata(L, index)); break;
    case LUA_TTABLE:
        lua_pushnil(L);
        bool is_list = lua_next(L, index) == 0 || lua_rawlen(L, index) > 0;
        lua_settop(L, index);
        if (is_list)
            json_list(L, w, index, depth);
        else
            json_map(L, w, index, depth);
        break;
    default: luaL_error(L, "JSON holds no %s", luaL_typename(L, index));
    }
}

void json_print(lua_State *L, struct writer *w, int index)
{
    print_depth(L, w, index, 0);
}
