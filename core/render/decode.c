/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/decode.h"

#include <lauxlib.h>
#include <string.h>

enum { KEYS = 256 };

static const char places_key = 0, addresses_key = 0, keys_key = 0;

static void push(lua_State *L, struct wire_reader *r, int keys, int depth);

static struct render *script_of(lua_State *L)
{
    struct render *r = sandbox_of(L)->render;
    return r != NULL && r->script ? r : NULL;
}

static void push_registry(lua_State *L, const void *key)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

static void remember_place(lua_State *L, const struct render *script, const unsigned char *at)
{
    push_registry(L, &places_key);
    lua_pushvalue(L, -2);
    lua_pushinteger(L, at - script->message);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

static void remember_address(lua_State *L)
{
    push_registry(L, &addresses_key);
    lua_pushvalue(L, -2);
    lua_pushboolean(L, 1);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

bool decode_brought(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    push_registry(L, &addresses_key);
    lua_pushvalue(L, index);
    bool brought = lua_rawget(L, -2) != LUA_TNIL;
    lua_pop(L, 2);
    return brought;
}

void decode_again(lua_State *L, int table)
{
    struct render *script = script_of(L);
    table = lua_absindex(L, table);
    push_registry(L, &places_key);
    lua_pushvalue(L, table);
    if (script == NULL || lua_rawget(L, -2) != LUA_TNUMBER)
        luaL_error(L, "the table did not come with the view model");
    struct wire_reader r = {.at = script->message + lua_tointeger(L, -1), .end = script->message_end};
    lua_pop(L, 2);
    decode_push(L, &r);
}

/* A count that the rest of the message cannot hold is a lie. */
static uint32_t count(struct wire_reader *r, size_t least)
{
    uint32_t n = wire_u32(r);
    if ((size_t)(r->end - r->at) / least < n)
        r->broken = true;
    return r->broken ? 0 : n;
}

/* Rows repeat their keys. Each state keeps those it saw last, so that most need not be looked up among
 * all of Lua's strings: a table of them by the place their bytes lead to. */
static size_t place_of(const char *key, size_t n)
{
    return ((unsigned char)key[0] * 31U + (unsigned char)key[n - 1] * 7U + n) % KEYS + 1;
}

static void push_key(lua_State *L, int keys, const char *key, size_t n)
{
    size_t m;
    if (n == 0 || keys == 0) {
        lua_pushlstring(L, key, n);
        return;
    }
    lua_Integer place = (lua_Integer)place_of(key, n);
    if (lua_rawgeti(L, keys, place) == LUA_TSTRING) {
        const char *known = lua_tolstring(L, -1, &m);
        if (m == n && memcmp(known, key, n) == 0)
            return;
    }
    lua_pop(L, 1);
    lua_pushlstring(L, key, n);
    lua_pushvalue(L, -1);
    lua_rawseti(L, keys, place);
}

static void push_list(lua_State *L, struct wire_reader *r, int keys, int depth)
{
    uint32_t n = count(r, 1);
    lua_createtable(L, (int)n, 0);
    for (uint32_t i = 1; i <= n; i++) {
        push(L, r, keys, depth + 1);
        lua_rawseti(L, -2, i);
    }
}

static void push_map(lua_State *L, struct wire_reader *r, int keys, int depth)
{
    const unsigned char *at = r->at - 1;
    uint32_t n = count(r, 5);
    lua_createtable(L, 0, (int)n);
    if (script_of(L) != NULL)
        remember_place(L, script_of(L), at);
    for (uint32_t i = 0; i < n; i++) {
        size_t len;
        const char *key = wire_text(r, &len);
        push_key(L, keys, key, len);
        push(L, r, keys, depth + 1);
        lua_rawset(L, -3);
    }
}

static void push(lua_State *L, struct wire_reader *r, int keys, int depth)
{
    size_t n;
    const char *text;
    if (depth > WIRE_DEPTH)
        r->broken = true;
    luaL_checkstack(L, 8, NULL);
    switch (wire_u8(r)) {
    case WIRE_NIL: lua_pushnil(L); break;
    case WIRE_FALSE: lua_pushboolean(L, 0); break;
    case WIRE_TRUE: lua_pushboolean(L, 1); break;
    case WIRE_INT: lua_pushinteger(L, wire_i64(r)); break;
    case WIRE_TEXT:
        text = wire_text(r, &n);
        lua_pushlstring(L, text, n);
        if (script_of(L) != NULL && n > 4 && memcmp(text, "http", 4) == 0)
            remember_address(L);
        break;
    case WIRE_SECRET: lua_pushlightuserdata(L, (void *)((uintptr_t)wire_u32(r) + 1)); break;
    case WIRE_LIST: push_list(L, r, keys, depth); break;
    case WIRE_MAP: push_map(L, r, keys, depth); break;
    default: r->broken = true;
    }
    if (r->broken)
        luaL_error(L, "the view model is broken");
}

void decode_push(lua_State *L, struct wire_reader *r)
{
    push_registry(L, &keys_key);
    push(L, r, lua_gettop(L), 0);
    lua_remove(L, -2);
}

static void skip(struct wire_reader *r, int depth)
{
    size_t n;
    if (depth > WIRE_DEPTH)
        r->broken = true;
    if (r->broken)
        return;
    switch (wire_u8(r)) {
    case WIRE_NIL:
    case WIRE_FALSE:
    case WIRE_TRUE: break;
    case WIRE_INT: wire_i64(r); break;
    case WIRE_TEXT: wire_text(r, &n); break;
    case WIRE_SECRET: wire_u32(r); break;
    case WIRE_LIST:
        for (uint32_t i = count(r, 1); i > 0; i--)
            skip(r, depth + 1);
        break;
    case WIRE_MAP:
        for (uint32_t i = count(r, 5); i > 0; i--) {
            wire_text(r, &n);
            skip(r, depth + 1);
        }
        break;
    default: r->broken = true;
    }
}

void decode_skip(struct wire_reader *r)
{
    skip(r, 0);
}

static bool key_is(const char *key, size_t n, const char *name)
{
    return strlen(name) == n && memcmp(key, name, n) == 0;
}

static void take_text(struct wire_reader *r, struct span *to)
{
    if (r->at < r->end && *r->at == WIRE_TEXT) {
        wire_u8(r);
        to->at = wire_text(r, &to->n);
    } else {
        decode_skip(r);
    }
}

static void take_slot(struct wire_reader *r, int64_t *to)
{
    if (r->at < r->end && *r->at == WIRE_SECRET) {
        wire_u8(r);
        *to = wire_u32(r);
    } else {
        decode_skip(r);
    }
}

struct facts decode_facts(struct wire_reader r)
{
    struct facts f = {.site = {"Mailboy", 7}, .prefix = {"", 0}, .page = {"", 0}, .lang = {"en", 2},
                      .dir = {"ltr", 3}, .scheme = {"auto", 4}, .token = -1, .operation = -1};
    struct {
        const char *name;
        struct span *to;
    } texts[] = {{"site", &f.site}, {"prefix", &f.prefix}, {"page", &f.page}, {"lang", &f.lang},
                 {"dir", &f.dir}, {"scheme", &f.scheme}};
    if (wire_u8(&r) != WIRE_MAP)
        return f;
    for (uint32_t n = count(&r, 5); n > 0 && !r.broken; n--) {
        size_t len, i = 0;
        const char *key = wire_text(&r, &len);
        while (i < sizeof texts / sizeof *texts && !key_is(key, len, texts[i].name))
            i++;
        if (i < sizeof texts / sizeof *texts)
            take_text(&r, texts[i].to);
        else if (key_is(key, len, "token"))
            take_slot(&r, &f.token);
        else if (key_is(key, len, "operation"))
            take_slot(&r, &f.operation);
        else if (key_is(key, len, "title_error") && r.at < r.end && *r.at == WIRE_TRUE)
            f.title_error = wire_u8(&r) == WIRE_TRUE;
        else
            decode_skip(&r);
    }
    return f;
}
