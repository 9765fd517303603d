/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/check.h"

#include <lauxlib.h>
#include <string.h>

static const char state_key[] = "mailboy check";

struct work {
    struct check *check;
    struct sample_ask *ask;
    struct span html, why;
    struct str *s;
};

static void push_function(lua_State *L, const char *name)
{
    lua_getglobal(L, "require");
    lua_pushliteral(L, "theme.check.run");
    lua_call(L, 1, 1);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
}

static bool run(struct check *c, lua_CFunction f, struct work *w)
{
    w->check = c;
    return compiler_run(c->compiler, f, w, c->why, sizeof c->why);
}

static int begin(lua_State *L)
{
    const struct work *w = lua_touserdata(L, 1);
    const struct messages *m = w->check->messages;
    push_function(L, "begin");
    compiler_push_contract(w->check->compiler);
    compiler_push_result(w->check->compiler);
    compiler_push_chain(w->check->compiler);
    lua_createtable(L, (int)m->n, 0);
    for (size_t i = 0; i < m->n; i++) {
        lua_pushstring(L, m->text[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushboolean(L, w->check->whole);
    lua_call(L, 5, 1);
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
    push_function(L, "next");
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
    push_function(L, "page");
    lua_getfield(L, LUA_REGISTRYINDEX, state_key);
    lua_pushlstring(L, w->html.at, w->html.n);
    lua_pushlstring(L, w->why.at, w->why.n);
    lua_call(L, 3, 0);
    return 0;
}

bool check_page(struct check *c, struct span html, struct span why)
{
    struct work w = {.html = html, .why = why};
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
    push_function(L, "finish");
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
