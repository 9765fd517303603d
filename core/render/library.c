/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/library.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>

#include "render/sandbox.h"
#include "render/walls.h"

/* Text of any value, without a table's address: the same model gives the same page. */
static void push_text(lua_State *L, int index)
{
    if (!wall(WALL_TOSTRING)) {
        luaL_tolstring(L, index, NULL);
        return;
    }
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
    case LUA_TNUMBER:
        lua_pushvalue(L, index);
        lua_tostring(L, -1);
        break;
    case LUA_TBOOLEAN: lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false"); break;
    case LUA_TLIGHTUSERDATA: lua_pushliteral(L, "secret"); break;
    default: lua_pushstring(L, luaL_typename(L, index));
    }
}

static int own_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    push_text(L, 1);
    return 1;
}

static int own_pcall(lua_State *L)
{
    luaL_checkany(L, 1);
    int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    const char *stopped = sandbox_of(L)->stopped;
    if (stopped != NULL && wall(WALL_PCALL))
        return luaL_error(L, "%s", stopped);
    lua_pushboolean(L, status == LUA_OK);
    lua_insert(L, 1);
    return lua_gettop(L);
}

struct key {
    bool text;
    lua_Number number;
    const char *at;
    size_t n;
};

static int key_order(const void *one, const void *other)
{
    const struct key *a = one, *b = other;
    if (a->text != b->text)
        return a->text ? 1 : -1;
    if (!a->text)
        return a->number < b->number ? -1 : a->number > b->number;
    size_t n = a->n < b->n ? a->n : b->n;
    int order = memcmp(a->at, b->at, n);
    return order != 0 ? order : a->n < b->n ? -1 : a->n > b->n;
}

static size_t count_keys(lua_State *L, int table)
{
    size_t n = 0;
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1))
        n++;
    return n;
}

static struct key key_at_top(lua_State *L)
{
    struct key k = {.text = lua_type(L, -1) == LUA_TSTRING};
    if (k.text)
        k.at = lua_tolstring(L, -1, &k.n);
    else if (lua_type(L, -1) == LUA_TNUMBER)
        k.number = lua_tonumber(L, -1);
    else
        luaL_error(L, "only numbers and strings are keys here, not a %s", luaL_typename(L, -1));
    return k;
}

/* Pushes an array of the keys: numbers, then strings by their bytes. */
static void push_sorted_keys(lua_State *L, int table)
{
    size_t n = count_keys(L, table), i = 0, depth = 1;
    while (n >> depth != 0)
        depth++;
    sandbox_charge(L, n * (4 + 4 * depth)); /* what sorting costs, in instructions */
    lua_createtable(L, (int)n, 0);
    struct key *keys = lua_newuserdatauv(L, (n + 1) * sizeof *keys, 0);
    for (lua_pushnil(L); lua_next(L, table) != 0 && i < n;) {
        lua_pop(L, 1);
        keys[i++] = key_at_top(L);
    }
    if (wall(WALL_ORDER))
        qsort(keys, n, sizeof *keys, key_order);
    for (i = 0; i < n; i++) {
        if (keys[i].text)
            lua_pushlstring(L, keys[i].at, keys[i].n);
        else if (keys[i].number == (lua_Number)(lua_Integer)keys[i].number)
            lua_pushinteger(L, (lua_Integer)keys[i].number);
        else
            lua_pushnumber(L, keys[i].number);
        lua_rawseti(L, -3, (lua_Integer)i + 1);
    }
    lua_pop(L, 1);
}

static int next_sorted(lua_State *L)
{
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));
    for (;;) {
        i++;
        if (lua_rawgeti(L, lua_upvalueindex(1), i) == LUA_TNIL)
            return 1;
        lua_pushvalue(L, -1);
        if (lua_rawget(L, lua_upvalueindex(3)) != LUA_TNIL)
            break;
        lua_pop(L, 2);
    }
    lua_pushinteger(L, i);
    lua_replace(L, lua_upvalueindex(2));
    return 2;
}

static int own_pairs(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    push_sorted_keys(L, 1);
    lua_pushinteger(L, 0);
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, next_sorted, 3);
    return 1;
}

int library_paid(lua_State *L)
{
    sandbox_charge(L, (size_t)lua_rawlen(L, 1) / 8);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    if (lua_type(L, 1) == LUA_TSTRING)
        sandbox_charge(L, (size_t)lua_rawlen(L, 1) / 8);
    return lua_gettop(L);
}

/* string.find without patterns: linear, whatever the two texts are. */
static int own_find(lua_State *L)
{
    size_t n, m;
    const char *text = luaL_checklstring(L, 1, &n), *part = luaL_checklstring(L, 2, &m);
    lua_Integer from = luaL_optinteger(L, 3, 1);
    if (from < 0)
        from = (lua_Integer)n + from + 1;
    if (from < 1)
        from = 1;
    sandbox_charge(L, (n + m) / 8);
    const char *at =
        (size_t)from > n + 1 ? NULL : memmem(text + from - 1, n - (size_t)(from - 1), part, m);
    if (at == NULL) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, at - text + 1);
    lua_pushinteger(L, at - text + (lua_Integer)m);
    return 2;
}

static int own_starts(lua_State *L)
{
    size_t n, m;
    const char *text = luaL_checklstring(L, 1, &n), *start = luaL_checklstring(L, 2, &m);
    lua_pushboolean(L, n >= m && memcmp(text, start, m) == 0);
    return 1;
}

static int own_split(lua_State *L)
{
    size_t n, m;
    const char *text = luaL_checklstring(L, 1, &n), *part = luaL_checklstring(L, 2, &m);
    luaL_argcheck(L, m > 0, 2, "is empty");
    sandbox_charge(L, n);
    lua_newtable(L);
    for (lua_Integer i = 1;; i++) {
        const char *at = memmem(text, n, part, m);
        size_t piece = at == NULL ? n : (size_t)(at - text);
        lua_pushlstring(L, text, piece);
        lua_rawseti(L, -2, i);
        if (at == NULL)
            return 1;
        text = at + m;
        n -= piece + m;
    }
}

static int own_rep(lua_State *L)
{
    size_t n, m, whole;
    const char *text = luaL_checklstring(L, 1, &n), *between = luaL_optlstring(L, 3, "", &m);
    lua_Integer times = luaL_checkinteger(L, 2);
    if (times <= 0)
        times = 0;
    if (__builtin_mul_overflow(n + m, (size_t)times, &whole) ||
        (whole > sandbox_of(L)->limits->block && wall(WALL_MEMORY)))
        return sandbox_stop(L, "the theme uses too much memory");
    sandbox_charge(L, (size_t)times + whole / 16);
    luaL_Buffer b;
    luaL_buffinitsize(L, &b, whole + 1);
    for (lua_Integer i = 0; i < times; i++) {
        luaL_addlstring(&b, text, n);
        if (i + 1 < times)
            luaL_addlstring(&b, between, m);
    }
    luaL_pushresult(&b);
    return 1;
}

/* Walks the conversions and makes text of what %s will print. */
static void check_conversions(lua_State *L, const char *format, int argument)
{
    for (const char *at = strchr(format, '%'); at != NULL; at = strchr(at + 1, '%')) {
        at++;
        if (*at == '%')
            continue;
        at += strspn(at, "-+ #0123456789.");
        argument++;
        if (*at == '\0' || strchr("cdigGeExXosuf", *at) == NULL)
            luaL_error(L, "format: %%%c is not known here", *at != '\0' ? *at : '%');
        if (*at != 's')
            continue;
        luaL_checkany(L, argument);
        push_text(L, argument);
        lua_replace(L, argument);
    }
}

int library_format(lua_State *L)
{
    size_t n;
    const char *format = luaL_checklstring(L, 1, &n);
    luaL_argcheck(L, strlen(format) == n, 1, "holds a NUL");
    sandbox_charge(L, n);
    check_conversions(L, format, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

void library_push_format(lua_State *L, int libraries)
{
    lua_getfield(L, libraries, LUA_STRLIBNAME);
    lua_getfield(L, -1, "format");
    lua_remove(L, -2);
    lua_pushcclosure(L, library_format, 1);
}

static bool comes_before(lua_State *L, int a, int b)
{
    if (lua_isnoneornil(L, 2)) {
        if (lua_type(L, a) == LUA_TSTRING)
            sandbox_charge(L, lua_rawlen(L, a) / 8);
        return lua_compare(L, a, b, LUA_OPLT);
    }
    lua_pushvalue(L, 2);
    lua_pushvalue(L, a);
    lua_pushvalue(L, b);
    lua_call(L, 2, 1);
    bool before = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return before;
}

/* Merges from[low..middle) and from[middle..high) into `to`; the second goes first only if it comes
 * before, so equal ones keep their order. */
static void merge(lua_State *L, int from, int to, lua_Integer low, lua_Integer middle,
                  lua_Integer high)
{
    lua_Integer i = low, j = middle;
    for (lua_Integer k = low; k < high; k++) {
        bool second = i >= middle;
        if (!second && j < high) {
            lua_rawgeti(L, from, j);
            lua_rawgeti(L, from, i);
            second = comes_before(L, lua_gettop(L) - 1, lua_gettop(L));
            lua_pop(L, 2);
        }
        lua_rawgeti(L, from, second ? j++ : i++);
        lua_rawseti(L, to, k);
    }
}

/* Lua's own sort picks its pivot by the clock: not stable, not the same twice. */
static int own_sort(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    if (!lua_isnoneornil(L, 2))
        luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    lua_Integer n = (lua_Integer)lua_rawlen(L, 1);
    lua_createtable(L, (int)(n < 65536 ? n : 65536), 0);
    int from = 1, to = 3;
    for (lua_Integer width = 1; width < n; width *= 2) {
        sandbox_charge(L, (size_t)n * 4);
        for (lua_Integer low = 1; low <= n; low += 2 * width) {
            lua_Integer middle = low + width < n + 1 ? low + width : n + 1;
            lua_Integer high = low + 2 * width < n + 1 ? low + 2 * width : n + 1;
            merge(L, from, to, low, middle, high);
        }
        from = to;
        to = 4 - from;
    }
    for (lua_Integer i = 1; from == 3 && i <= n; i++) {
        lua_rawgeti(L, 3, i);
        lua_rawseti(L, 1, i);
    }
    return 0;
}

static const struct {
    const char *table, *name;
    lua_CFunction f;
} own[] = {
    {NULL, "pairs", own_pairs},           {NULL, "pcall", own_pcall},
    {NULL, "tostring", own_tostring},     {"string", "find", own_find},
    {"string", "format", library_format}, {"string", "rep", own_rep},
    {"string", "split", own_split},       {"string", "starts", own_starts},
    {"table", "sort", own_sort},
};

lua_CFunction library_own(const char *table, const char *name)
{
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i].name, name) == 0 &&
            (table == NULL ? own[i].table == NULL
                           : own[i].table != NULL && strcmp(own[i].table, table) == 0))
            return own[i].f;
    abort();
}
