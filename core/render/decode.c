/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/decode.h"

#include <lauxlib.h>
#include <string.h>

static const char places_key = 0, addresses_key = 0;

/* A value being made. The keys stand on the stack, from `keys` on. */
struct making {
    struct wire_reader *r;
    struct render *script; /* NULL where no page script runs */
    bool tables;           /* a time is a table */
    const bool *open;      /* by key: holds a map of any keys */
    int metatable;         /* of records that are not; 0: none */
    int keys;
    size_t keys_n;
};

static void push(lua_State *L, const struct making *m, int depth, bool open);

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

const unsigned char *decode_place(lua_State *L, int table)
{
    const struct render *script = script_of(L);
    table = lua_absindex(L, table);
    push_registry(L, &places_key);
    lua_pushvalue(L, table);
    if (script == NULL || lua_rawget(L, -2) != LUA_TNUMBER)
        luaL_error(L, "the table did not come with the view model");
    const unsigned char *at = script->message + lua_tointeger(L, -1);
    lua_pop(L, 2);
    return at;
}

void decode_again(lua_State *L, int table)
{
    struct wire_reader r = {.at = decode_place(L, table)};
    const struct render *script = script_of(L);
    r.end = script->message_end;
    decode_push(L, &r, &script->keys);
}

static void push_list(lua_State *L, const struct making *m, int depth)
{
    const unsigned char *at = m->r->at - 1;
    uint32_t n = wire_count(m->r, 1);
    lua_createtable(L, (int)n, 0);
    if (m->script != NULL)
        remember_place(L, m->script, at);
    for (uint32_t i = 1; i <= n; i++) {
        push(L, m, depth + 1, false);
        lua_rawseti(L, -2, i);
    }
}

static size_t map_key(lua_State *L, const struct making *m)
{
    size_t key = wire_u16(m->r);
    if (key >= m->keys_n)
        luaL_error(L, "the view model is broken");
    return key;
}

static void push_map(lua_State *L, const struct making *m, int depth, bool open)
{
    const unsigned char *at = m->r->at - 1;
    uint32_t n = wire_count(m->r, 3);
    lua_createtable(L, 0, (int)n);
    if (m->script != NULL)
        remember_place(L, m->script, at);
    for (uint32_t i = 0; i < n; i++) {
        size_t key = map_key(L, m);
        lua_pushvalue(L, m->keys + (int)key);
        push(L, m, depth + 1, m->metatable != 0 && m->open[key]);
        lua_rawset(L, -3);
    }
    if (m->metatable != 0 && !open) {
        lua_pushvalue(L, m->metatable);
        lua_setmetatable(L, -2);
    }
}

static void push_time(lua_State *L, const struct making *m)
{
    const unsigned char *at = m->r->at - 1;
    struct instant t = {0};
    size_t n;
    t.seconds = wire_i64(m->r);
    t.offset = wire_i64(m->r);
    const char *zone = wire_text(m->r, &n);
    if (n >= sizeof t.zone)
        m->r->broken = true;
    else
        memcpy(t.zone, zone, n);
    if (!m->tables) {
        *(struct instant *)lua_newuserdatauv(L, sizeof t, 0) = t;
        return;
    }
    lua_createtable(L, 0, 3);
    if (m->script != NULL)
        remember_place(L, m->script, at);
    lua_pushinteger(L, t.seconds);
    lua_setfield(L, -2, "seconds");
    lua_pushinteger(L, t.offset);
    lua_setfield(L, -2, "offset");
    lua_pushstring(L, t.zone);
    lua_setfield(L, -2, "zone");
}

static void push_slot(lua_State *L, struct wire_reader *r)
{
    uint32_t slot = wire_u32(r);
    if (slot >= WRITER_SLOTS)
        r->broken = true;
    lua_pushlightuserdata(L, (void *)((uintptr_t)slot + 1));
}

static void push(lua_State *L, const struct making *m, int depth, bool open)
{
    size_t n;
    const char *text;
    struct wire_reader *r = m->r;
    if (depth > WIRE_DEPTH)
        r->broken = true;
    switch (wire_u8(r)) {
    case WIRE_NIL: lua_pushnil(L); break;
    case WIRE_FALSE: lua_pushboolean(L, 0); break;
    case WIRE_TRUE: lua_pushboolean(L, 1); break;
    case WIRE_INT: lua_pushinteger(L, wire_i64(r)); break;
    case WIRE_TEXT:
        text = wire_text(r, &n);
        lua_pushlstring(L, text, n);
        if (m->script != NULL && n > 4 && memcmp(text, "http", 4) == 0)
            remember_address(L);
        break;
    case WIRE_SECRET: push_slot(L, r); break;
    case WIRE_LIST: push_list(L, m, depth); break;
    case WIRE_MAP: push_map(L, m, depth, open); break;
    case WIRE_TIME: push_time(L, m); break;
    default: r->broken = true;
    }
    if (r->broken)
        luaL_error(L, "the view model is broken");
}

void decode_push_strict(lua_State *L, struct wire_reader *r, const struct keys *keys,
                        const bool *open, int metatable)
{
    const struct render *render = sandbox_of(L)->render;
    struct making m = {.r = r,
                       .script = script_of(L),
                       .tables = render == NULL || render->script,
                       .open = open,
                       .metatable = metatable,
                       .keys = lua_gettop(L) + 1,
                       .keys_n = keys->n};
    luaL_checkstack(L, (int)keys->n + 4 * WIRE_DEPTH, NULL);
    for (size_t i = 0; i < keys->n; i++)
        lua_pushlstring(L, keys->at[i].at, keys->at[i].n);
    push(L, &m, 0, false);
    lua_replace(L, m.keys);
    lua_settop(L, m.keys);
}

void decode_push(lua_State *L, struct wire_reader *r, const struct keys *keys)
{
    decode_push_strict(L, r, keys, NULL, 0);
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
    case WIRE_TIME:
        wire_i64(r);
        wire_i64(r);
        wire_text(r, &n);
        break;
    case WIRE_LIST:
        for (uint32_t i = wire_count(r, 1); i > 0; i--)
            skip(r, depth + 1);
        break;
    case WIRE_MAP:
        for (uint32_t i = wire_count(r, 3); i > 0; i--) {
            wire_u16(r);
            skip(r, depth + 1);
        }
        break;
    default: r->broken = true;
    }
}

bool decode_keys(struct arena *a, struct wire_reader *r, struct keys *keys_r)
{
    size_t n = wire_u32(r);
    if (r->broken || n > WIRE_KEYS)
        return false;
    struct span *at = arena_array(a, n + 1, sizeof *at);
    for (size_t i = 0; i < n; i++)
        at[i].at = wire_text(r, &at[i].n);
    *keys_r = (struct keys){.at = at, .n = n};
    return !r->broken;
}

static bool key_is(struct span key, const char *name)
{
    return strlen(name) == key.n && memcmp(key.at, name, key.n) == 0;
}

static void take_text(struct wire_reader *r, struct span *to)
{
    if (r->at < r->end && *r->at == WIRE_TEXT) {
        wire_u8(r);
        to->at = wire_text(r, &to->n);
    } else {
        skip(r, 0);
    }
}

static void take_slot(struct wire_reader *r, int64_t *to)
{
    if (r->at < r->end && *r->at == WIRE_SECRET) {
        wire_u8(r);
        *to = wire_u32(r);
    } else {
        skip(r, 0);
    }
}

struct facts decode_facts(struct wire_reader r, const struct keys *keys)
{
    struct facts f = {.site = {"Mailboy", 7},
                      .prefix = {"", 0},
                      .page = {"", 0},
                      .lang = {"en", 2},
                      .dir = {"ltr", 3},
                      .scheme = {"auto", 4},
                      .stylesheet = {"", 0},
                      .token = -1,
                      .operation = -1};
    struct {
        const char *name;
        struct span *to;
    } texts[] = {{"site", &f.site},
                 {"prefix", &f.prefix},
                 {"page", &f.page},
                 {"lang", &f.lang},
                 {"dir", &f.dir},
                 {"scheme", &f.scheme},
                 {"stylesheet", &f.stylesheet}};
    if (wire_u8(&r) != WIRE_MAP)
        return f;
    for (uint32_t n = wire_count(&r, 3); n > 0 && !r.broken; n--) {
        size_t i = 0, number = wire_u16(&r);
        struct span key = number < keys->n ? keys->at[number] : (struct span){"", 0};
        while (i < sizeof texts / sizeof *texts && !key_is(key, texts[i].name))
            i++;
        if (i < sizeof texts / sizeof *texts)
            take_text(&r, texts[i].to);
        else if (key_is(key, "token"))
            take_slot(&r, &f.token);
        else if (key_is(key, "operation"))
            take_slot(&r, &f.operation);
        else if (key_is(key, "title_error") && r.at < r.end && *r.at == WIRE_TRUE)
            f.title_error = wire_u8(&r) == WIRE_TRUE;
        else
            skip(&r, 0);
    }
    return f;
}
