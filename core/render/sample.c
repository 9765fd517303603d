/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/sample.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "base/locale.h"
#include "base/pseudo.h"
#include "base/texts.h"

/* A model on its way to the wire. The numbers of its keys lie in a table on the stack. */
struct encoding {
    struct str *s;
    int keys;
    size_t keys_n, secrets_n;
    struct span *names;
    struct arena *arena;
};

struct work {
    struct compiler *compiler;
    struct arena *arena;
    const struct sample_ask *ask;
    struct sample *sample;
    struct span what;
    struct str *s;
};

static void put_value(lua_State *L, struct encoding *e, int type, int value, int depth);

static size_t key_number(lua_State *L, struct encoding *e, int key)
{
    lua_pushvalue(L, key);
    if (lua_rawget(L, e->keys) == LUA_TNIL) {
        struct span name;
        if (e->keys_n == WIRE_KEYS)
            luaL_error(L, "a fixture has too many keys");
        name.at = lua_tolstring(L, key, &name.n);
        name.at = arena_memdup(e->arena, name.at, name.n);
        e->names[e->keys_n] = name;
        lua_pushvalue(L, key);
        lua_pushinteger(L, (lua_Integer)e->keys_n++);
        lua_rawset(L, e->keys);
        lua_pop(L, 1);
        return e->keys_n - 1;
    }
    size_t number = (size_t)lua_tointeger(L, -1);
    lua_pop(L, 1);
    return number;
}

static int64_t int_field(lua_State *L, int table, const char *name)
{
    lua_getfield(L, table, name);
    int64_t n = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return n;
}

static void put_time(lua_State *L, struct encoding *e, int value)
{
    size_t n;
    luaL_checktype(L, value, LUA_TTABLE);
    wire_put_u8(e->s, WIRE_TIME);
    wire_put_i64(e->s, int_field(L, value, "seconds"));
    wire_put_i64(e->s, int_field(L, value, "offset"));
    lua_getfield(L, value, "zone");
    const char *zone = luaL_checklstring(L, -1, &n);
    wire_put_text(e->s, zone, n);
    lua_pop(L, 1);
}

static void put_list(lua_State *L, struct encoding *e, int type, int value, int depth)
{
    size_t n = lua_rawlen(L, value);
    wire_put_u8(e->s, WIRE_LIST);
    wire_put_u32(e->s, n);
    lua_pushnil(L);
    if (lua_istable(L, type))
        lua_getfield(L, type, "of"), lua_remove(L, -2);
    int of = lua_gettop(L);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, value, (lua_Integer)i);
        put_value(L, e, of, of + 1, depth + 1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void push_field_type(lua_State *L, int type, int key)
{
    lua_pushnil(L);
    if (!lua_istable(L, type) || lua_getfield(L, type, "fields") != LUA_TTABLE)
        return;
    lua_pushvalue(L, key);
    lua_rawget(L, -2);
    lua_remove(L, -2);
    lua_remove(L, -2);
}

static int by_name(const void *x, const void *y)
{
    const struct span *a = x, *b = y;
    int order = memcmp(a->at, b->at, a->n < b->n ? a->n : b->n);
    return order != 0 ? order : (a->n > b->n) - (a->n < b->n);
}

/* Of a map, whose they stay. Sorted: the same model makes the same message, and each secret has its number. */
static struct span *names_of(lua_State *L, struct encoding *e, int value, size_t *n_r)
{
    size_t n = 0;
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1))
        n++;
    struct span *names = arena_array(e->arena, n + 1, sizeof *names);
    *n_r = n;
    n = 0;
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            luaL_error(L, "a fixture has a key that is no text");
        names[n].at = lua_tolstring(L, -2, &names[n].n);
        n++;
    }
    qsort(names, n, sizeof *names, by_name);
    return names;
}

static void put_map(lua_State *L, struct encoding *e, int type, int value, int depth)
{
    size_t n;
    const struct span *names = names_of(L, e, value, &n);
    wire_put_u8(e->s, WIRE_MAP);
    wire_put_u32(e->s, n);
    for (size_t i = 0; i < n; i++) {
        lua_pushlstring(L, names[i].at, names[i].n);
        int key = lua_gettop(L);
        wire_put_u16(e->s, (unsigned)key_number(L, e, key));
        push_field_type(L, type, key);
        int of = lua_gettop(L);
        lua_pushvalue(L, key);
        lua_rawget(L, value);
        put_value(L, e, of, of + 1, depth + 1);
        lua_settop(L, key - 1);
    }
}

static void put_plain(lua_State *L, struct encoding *e, int value)
{
    size_t n;
    const char *text;
    switch (lua_type(L, value)) {
    case LUA_TBOOLEAN: wire_put_u8(e->s, lua_toboolean(L, value) ? WIRE_TRUE : WIRE_FALSE); break;
    case LUA_TNUMBER:
        wire_put_u8(e->s, WIRE_INT);
        wire_put_i64(e->s, luaL_checkinteger(L, value));
        break;
    case LUA_TSTRING:
        text = lua_tolstring(L, value, &n);
        wire_put_u8(e->s, WIRE_TEXT);
        wire_put_text(e->s, text, n);
        break;
    default: wire_put_u8(e->s, WIRE_NIL);
    }
}

/* By the contract's type; what it does not know goes as Lua has it. */
static void put_value(lua_State *L, struct encoding *e, int type, int value, int depth)
{
    const char *kind = "";
    luaL_checkstack(L, 12, NULL);
    if (depth > WIRE_DEPTH)
        luaL_error(L, "a fixture is too deep");
    if (lua_istable(L, type)) {
        lua_getfield(L, type, "kind"); /* the contract holds the text */
        kind = luaL_optstring(L, -1, "");
        lua_pop(L, 1);
    }
    if (strcmp(kind, "time") == 0) {
        put_time(L, e, value);
    } else if (strcmp(kind, "secret") == 0) {
        wire_put_u8(e->s, WIRE_SECRET);
        wire_put_u32(e->s, e->secrets_n++);
    } else if (!lua_istable(L, value)) {
        put_plain(L, e, value);
    } else if (strcmp(kind, "list") == 0 || lua_rawlen(L, value) > 0) {
        put_list(L, e, type, value, depth);
    } else {
        put_map(L, e, type, value, depth);
    }
}

static void set_span(lua_State *L, const char *name, struct span s)
{
    if (s.n == 0)
        return;
    lua_pushlstring(L, s.at, s.n);
    lua_setfield(L, -2, name);
}

/* A part of the model: the wire's offsets of it. */
static void encode_part(lua_State *L, struct encoding *e, int made, const char *field, size_t *from)
{
    *from = e->s->len;
    lua_getfield(L, made, field);
    lua_getfield(L, made, strcmp(field, "vm") == 0 ? "vm_type" : "shell_type");
    put_value(L, e, lua_gettop(L), lua_gettop(L) - 1, 0);
    lua_pop(L, 2);
}

/* say(english): the program's own words in that language, nil for what is none of them. French has them all. */
static int say(lua_State *L)
{
    enum locale l = (enum locale)lua_tointeger(L, lua_upvalueindex(1));
    size_t n;
    const char *text = luaL_checklstring(L, 1, &n);
    luaL_Buffer b;
    if (!pseudo_is(l)) {
        lua_pushstring(L, text_translation(l, text));
    } else if (text_translation(LOCALE_FR, text) == NULL) {
        lua_pushnil(L);
    } else {
        char *to = luaL_buffinitsize(L, &b, pseudo_room(n));
        luaL_pushresultsize(&b, pseudo_write(l, text, n, to));
    }
    return 1;
}

static void push_say(lua_State *L, struct span tag)
{
    for (size_t i = 0; i < LOCALE_COUNT; i++)
        if (strlen(locale_tag((enum locale)i)) == tag.n &&
            memcmp(locale_tag((enum locale)i), tag.at, tag.n) == 0) {
            lua_pushinteger(L, (lua_Integer)i);
            lua_pushcclosure(L, say, 1);
            lua_setfield(L, -2, "say");
        }
}

static int make(lua_State *L)
{
    struct work *w = lua_touserdata(L, 1);
    struct encoding e = {.s = w->s, .arena = w->arena};
    size_t vm, shell;
    compiler_push_function(L, "theme.fixtures", "make");
    compiler_push_contract(w->compiler);
    lua_pushlstring(L, w->ask->page.at, w->ask->page.n);
    lua_pushlstring(L, w->ask->name.at, w->ask->name.n);
    lua_newtable(L);
    set_span(L, "role", w->ask->role);
    set_span(L, "locale", w->ask->locale);
    set_span(L, "scheme", w->ask->scheme);
    push_say(L, w->ask->locale);
    lua_call(L, 4, 1);
    int made = lua_gettop(L);
    lua_newtable(L);
    e.keys = lua_gettop(L);
    e.names = arena_array(w->arena, WIRE_KEYS, sizeof *e.names);
    encode_part(L, &e, made, "vm", &vm);
    encode_part(L, &e, made, "shell", &shell);
    if (w->s->overflow)
        return luaL_error(L, "the fixture is too large");
    const unsigned char *at = (const unsigned char *)w->s->data;
    *w->sample = (struct sample){
        .vm = {.at = at + vm, .end = at + shell},
        .shell = {.at = at + shell, .end = at + w->s->len},
        .keys = {.n = e.keys_n, .at = e.names},
        .bytes = at,
        .end = at + w->s->len,
        .now = int_field(L, made, "now"),
    };
    return 0;
}

bool sample_make(struct compiler *c, struct arena *a, const struct sample_ask *ask,
                 struct sample *sample_r, char *why_r, size_t n)
{
    struct str s;
    str_init(&s, a, WIRE_MAX);
    str_reserve(&s, 32 * 1024);
    struct work w = {.compiler = c, .arena = a, .ask = ask, .sample = sample_r, .s = &s};
    return compiler_run(c, make, &w, why_r, n);
}

static void put_text_field(lua_State *L, struct str *s, const char *name)
{
    size_t n;
    lua_getfield(L, -1, name);
    const char *text = luaL_checklstring(L, -1, &n);
    wire_put_text(s, text, n);
    lua_pop(L, 1);
}

static int list_cases(lua_State *L)
{
    struct work *w = lua_touserdata(L, 1);
    compiler_push_function(L, "theme.fixtures", "list");
    compiler_push_contract(w->compiler);
    lua_call(L, 1, 1);
    size_t n = lua_rawlen(L, -1);
    wire_put_u32(w->s, n);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        put_text_field(L, w->s, "page");
        put_text_field(L, w->s, "case");
        put_text_field(L, w->s, "roles");
        lua_pop(L, 1);
    }
    return 0;
}

bool sample_cases(struct compiler *c, struct str *s, char *why_r, size_t n)
{
    struct work w = {.compiler = c, .s = s};
    return compiler_run(c, list_cases, &w, why_r, n);
}

static int write_docs(lua_State *L)
{
    struct work *w = lua_touserdata(L, 1);
    size_t n;
    compiler_push_function(L, "theme.docs", "write");
    compiler_push_contract(w->compiler);
    compiler_push_result(w->compiler);
    compiler_push_chain(w->compiler);
    lua_pushlstring(L, w->what.at, w->what.n);
    lua_call(L, 4, 1);
    const char *text = luaL_checklstring(L, -1, &n);
    wire_put_text(w->s, text, n);
    return 0;
}

bool sample_docs(struct compiler *c, struct span what, struct str *s, char *why_r, size_t n)
{
    struct work w = {.compiler = c, .what = what, .s = s};
    return compiler_run(c, write_docs, &w, why_r, n);
}
