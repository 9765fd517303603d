/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/helper.h"

#include <lauxlib.h>
#include <string.h>

#include "render/environment.h"
#include "render/sandbox.h"

static const char tables_key = 0, result_key = 0;

/* The table that a helpers.lua returns. */
static void push_file(lua_State *L, const struct compiled_script *file)
{
    if (file->dump == NULL)
        luaL_error(L, "%s does not compile", file->chunk + 1);
    if (luaL_loadbufferx(L, file->dump, file->dump_n, file->chunk, "b") != LUA_OK)
        lua_error(L);
    environment_push(L);
    if (lua_setupvalue(L, -2, 1) == NULL)
        lua_pop(L, 1);
    lua_call(L, 0, 1);
    if (!lua_istable(L, -1))
        luaL_error(L, "%s returns no table", file->chunk + 1);
}

static int load_all(lua_State *L)
{
    const struct compiled *theme = lua_touserdata(L, 1);
    lua_createtable(L, (int)theme->helpers_n, 0);
    for (size_t i = 0; i < theme->helpers_n; i++) {
        push_file(L, &theme->helpers[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &tables_key);
    return 0;
}

void helper_push_all(lua_State *L, const struct compiled *theme)
{
    lua_newtable(L);
    int all = lua_gettop(L);
    for (size_t i = 0; i < theme->helpers_n; i++) {
        push_file(L, &theme->helpers[i]);
        for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
            if (lua_type(L, -2) != LUA_TSTRING)
                continue;
            lua_pushvalue(L, -2);
            lua_pushvalue(L, -2);
            lua_rawset(L, all);
        }
        lua_settop(L, all);
    }
}

/* A call from the state `from`, whose stack holds file, name, kind and the arguments. */
struct call {
    lua_State *from;
};

static void push_argument(lua_State *L, lua_State *from, int index)
{
    size_t n;
    const char *text;
    switch (lua_type(from, index)) {
    case LUA_TSTRING:
        text = lua_tolstring(from, index, &n);
        lua_pushlstring(L, text, n);
        break;
    case LUA_TNUMBER: lua_pushinteger(L, lua_tointeger(from, index)); break;
    case LUA_TBOOLEAN: lua_pushboolean(L, lua_toboolean(from, index)); break;
    default: lua_pushnil(L);
    }
}

static bool is_kind(lua_State *L, const char *kind)
{
    switch (lua_type(L, -1)) {
    case LUA_TSTRING: return strncmp(kind, "text", 4) == 0;
    case LUA_TNUMBER: return strncmp(kind, "int", 3) == 0 && lua_isinteger(L, -1);
    case LUA_TBOOLEAN: return strncmp(kind, "bool", 4) == 0;
    case LUA_TNIL: return strchr(kind, '?') != NULL;
    default: return false;
    }
}

/* The result stays behind in the registry: what is pushed in `from` must not fail from here. */
static int run_call(lua_State *L)
{
    const struct call *c = lua_touserdata(L, 1);
    const char *name = lua_tostring(c->from, 2), *kind = lua_tostring(c->from, 3);
    int last = lua_gettop(c->from);
    luaL_checkstack(L, last + 8, NULL);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &tables_key) != LUA_TTABLE)
        return luaL_error(L, "helpers.lua could not be loaded");
    lua_rawgeti(L, -1, lua_tointeger(c->from, 1));
    lua_pushstring(L, name);
    if (!lua_istable(L, -2) || lua_rawget(L, -2) != LUA_TFUNCTION)
        return luaL_error(L, "helpers.lua has no function '%s'", name);
    for (int i = 4; i <= last; i++)
        push_argument(L, c->from, i);
    lua_call(L, last - 3, 1);
    if (!is_kind(L, kind))
        return luaL_error(L, "helpers.%s gave a %s, not %s", name, luaL_typename(L, -1), kind);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &result_key);
    return 0;
}

int helper_call(lua_State *L)
{
    char why[512];
    struct render *r = sandbox_of(L)->render;
    struct call c = {.from = L};
    luaL_checkinteger(L, 1);
    luaL_checkstring(L, 2);
    luaL_checkstring(L, 3);
    if (r->helpers == NULL) {
        r->helpers = sandbox_create(&theme_limits);
        if (r->helpers == NULL)
            return luaL_error(L, "out of memory");
        /* the dumps are those of the theme whose page this is */
        void *theme = (void *)(uintptr_t)r->theme;
        if (!sandbox_run(r->helpers, load_all, theme, why, sizeof why))
            return luaL_error(L, "%s", why);
    }
    if (!sandbox_run(r->helpers, run_call, &c, why, sizeof why))
        return luaL_error(L, "%s", why);
    lua_State *H = r->helpers->L;
    lua_rawgetp(H, LUA_REGISTRYINDEX, &result_key);
    push_argument(L, H, -1);
    lua_settop(H, 0);
    return 1;
}

void helper_forget(struct render *r)
{
    sandbox_destroy(r->helpers);
    r->helpers = NULL;
}
