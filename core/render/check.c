/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/check.h"

#include <lauxlib.h>
#include <string.h>
#include <zlib.h>

#include "base/asset.h"

static const char state_key[] = "mailboy check";

struct work {
    struct check *check;
    struct sample_ask *ask;
    const struct writer *page;
    struct span why;
    struct str *s;
};

static bool run(struct check *c, lua_CFunction f, struct work *w)
{
    w->check = c;
    return compiler_run(c->compiler, f, w, c->why, sizeof c->why);
}

/* How many bytes a web server would send. */
static int deflated(lua_State *L)
{
    size_t n;
    const char *bytes = luaL_checklstring(L, 1, &n);
    uLong most = compressBound((uLong)n);
    void *to = lua_newuserdatauv(L, most, 0);
    sandbox_charge(L, n / 4);
    if (compress2(to, &most, (const Bytef *)bytes, (uLong)n, 6) != Z_OK)
        return luaL_error(L, "cannot compress");
    lua_pushinteger(L, (lua_Integer)most);
    return 1;
}

/* Arguments: path, bytes, is it base's? */
static int problem_of_asset(lua_State *L)
{
    size_t n;
    const char *bytes = luaL_checklstring(L, 2, &n);
    struct arena *a = arena_create(1024 * 1024);
    lua_pushstring(L, asset_problem(a, luaL_checkstring(L, 1), bytes, n, lua_toboolean(L, 3) != 0));
    arena_destroy(a);
    return 1;
}

static void push_host(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"deflated", deflated}, {"asset_problem", problem_of_asset}, {NULL, NULL}};
    luaL_newlib(L, functions);
}

static int begin(lua_State *L)
{
    const struct work *w = lua_touserdata(L, 1);
    const struct messages *m = w->check->messages;
    compiler_push_function(L, "theme.check.run", "begin");
    compiler_push_contract(w->check->compiler);
    compiler_push_result(w->check->compiler);
    compiler_push_chain(w->check->compiler);
    lua_createtable(L, (int)m->n, 0);
    for (size_t i = 0; i < m->n; i++) {
        lua_pushstring(L, m->text[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushboolean(L, w->check->whole);
    push_host(L);
    lua_call(L, 6, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, state_key);
    return 0;
}

bool check_begin(struct check *c)
{
    struct work w = {0};
    return run(c, begin, &w);
}

static struct span keep_field(lua_State *L, struct arena *a, const char *name)
{
    struct span s = {"", 0};
    if (lua_getfield(L, -1, name) == LUA_TSTRING) {
        s.at = lua_tolstring(L, -1, &s.n);
        s.at = arena_memdup(a, s.at, s.n);
    }
    lua_pop(L, 1);
    return s;
}

static int next(lua_State *L)
{
    struct work *w = lua_touserdata(L, 1);
    struct arena *a = w->check->arena;
    *w->ask = (struct sample_ask){0};
    compiler_push_function(L, "theme.check.run", "next");
    lua_getfield(L, LUA_REGISTRYINDEX, state_key);
    lua_call(L, 1, 1);
    if (!lua_istable(L, -1))
        return 0;
    w->ask->page = keep_field(L, a, "page");
    w->ask->name = keep_field(L, a, "case");
    w->ask->role = keep_field(L, a, "role");
    w->ask->locale = keep_field(L, a, "locale");
    return 0;
}

bool check_next(struct check *c, struct sample_ask *ask_r)
{
    struct work w = {.ask = ask_r};
    return run(c, next, &w);
}

static int page(lua_State *L)
{
    const struct work *w = lua_touserdata(L, 1);
    compiler_push_function(L, "theme.check.run", "page");
    lua_getfield(L, LUA_REGISTRYINDEX, state_key);
    lua_pushlstring(L, w->page->data, w->page->len);
    lua_pushlstring(L, w->why.at, w->why.n);
    lua_createtable(L, (int)w->page->slots_n, 0);
    for (size_t i = 0; i < w->page->slots_n; i++) {
        lua_pushinteger(L, w->page->slots[i].slot);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_call(L, 4, 0);
    return 0;
}

bool check_page(struct check *c, const struct writer *drawn, struct span why)
{
    struct work w = {.page = drawn, .why = why};
    return run(c, page, &w);
}

static void put_text(lua_State *L, struct str *s, const char *name)
{
    size_t n;
    lua_getfield(L, -1, name);
    const char *text = luaL_optlstring(L, -1, "", &n);
    wire_put_text(s, text, n);
    lua_pop(L, 1);
}

static void put_number(lua_State *L, struct str *s, const char *name)
{
    lua_getfield(L, -1, name);
    lua_Integer n = lua_tointeger(L, -1);
    wire_put_u32(s, n > 0 && n < INT32_MAX ? (size_t)n : 0);
    lua_pop(L, 1);
}

static int end(lua_State *L)
{
    const struct work *w = lua_touserdata(L, 1);
    compiler_push_function(L, "theme.check.run", "finish");
    lua_getfield(L, LUA_REGISTRYINDEX, state_key);
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, state_key);
    lua_call(L, 1, 2); /* the findings, the theme's manifest */
    put_text(L, w->s, "title");
    put_text(L, w->s, "version");
    put_text(L, w->s, "extends");
    lua_pop(L, 1);
    size_t n = lua_rawlen(L, -1);
    wire_put_u32(w->s, n);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        put_text(L, w->s, "code");
        put_text(L, w->s, "level");
        put_text(L, w->s, "theme");
        put_text(L, w->s, "path");
        put_number(L, w->s, "line");
        put_number(L, w->s, "column");
        put_text(L, w->s, "message");
        put_text(L, w->s, "mend");
        lua_pop(L, 1);
    }
    return 0;
}

bool check_end(struct check *c, struct str *s)
{
    struct work w = {.s = s};
    return run(c, end, &w);
}
