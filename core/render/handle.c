/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/handle.h"

#include <lauxlib.h>
#include <stdlib.h>

#include "base/log.h"
#include "render/sandbox.h"

void handle_push(lua_State *L, const struct node *v)
{
    switch (v != NULL ? v->tag : WIRE_NIL) {
    case WIRE_NIL: lua_pushnil(L); break;
    case WIRE_FALSE: lua_pushboolean(L, 0); break;
    case WIRE_TRUE: lua_pushboolean(L, 1); break;
    case WIRE_INT: lua_pushinteger(L, v->number); break;
    case WIRE_TEXT: lua_pushlstring(L, v->text, v->n); break;
    default: lua_pushlightuserdata(L, (void *)(uintptr_t)v);
    }
}

/* A slot plus one is no address. */
static const struct node *handle_of(const void *light)
{
    return (uintptr_t)light > WRITER_SLOTS ? light : NULL;
}

const struct node *handle_at(lua_State *L, int index)
{
    return lua_type(L, index) == LUA_TLIGHTUSERDATA ? handle_of(lua_touserdata(L, index)) : NULL;
}

static struct name *name_at(lua_State *L, int index)
{
    struct memo *names = &sandbox_of(L)->names;
    const char *text = lua_tostring(L, index);
    struct name *name = memo_find(names, text);
    if (name != NULL)
        return name;
    struct memo_row *row = memo_string(L, names, index);
    name = row->made = calloc(1, sizeof *name);
    if (name == NULL)
        log_fatal("render", "out of memory");
    name->text = lua_tolstring(L, index, &name->n);
    return name;
}

static int get(lua_State *L)
{
    const struct node *v = handle_of(lua_touserdata(L, 1));
    if (v != NULL && v->tag == WIRE_MAP) {
        luaL_checktype(L, 2, LUA_TSTRING);
        handle_push(L, model_field(&sandbox_of(L)->render->model, v, name_at(L, 2)));
        return 1;
    }
    if (v == NULL || v->tag != WIRE_LIST)
        return luaL_error(L, "it has no fields");
    lua_Integer i = luaL_checkinteger(L, 2);
    handle_push(L, i >= 1 && i <= v->n ? &v->nodes[i - 1] : NULL);
    return 1;
}

static int length(lua_State *L)
{
    const struct node *v = handle_at(L, 1);
    if (v == NULL || v->tag != WIRE_LIST)
        return luaL_error(L, "it is no list");
    lua_pushinteger(L, v->n);
    return 1;
}

void handle_prepare(lua_State *L)
{
    static const luaL_Reg functions[] = {{"__index", get}, {"__len", length}, {NULL, NULL}};
    lua_pushlightuserdata(L, NULL);
    luaL_newlib(L, functions);
    lua_setmetatable(L, -2); /* of all light userdata of the state */
    lua_pop(L, 1);
}
