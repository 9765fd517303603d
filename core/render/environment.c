/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/environment.h"

#include <lauxlib.h>
#include <lualib.h>

#include "render/library.h"
#include "render/walls.h"

/* The allow-list. `own` replaces Lua's function of that name (render/library.c); 0 takes it as it
 * is; `paid` takes it as it is, charged by the size of its first argument.
 * What is missing, and why:
 *   base    collectgarbage: steers the memory of the host; dofile, loadfile: files; load, require:
 *           text made at run time, and byte code; getmetatable, setmetatable: __gc and the host's own
 *           metatables; rawequal, rawget, rawlen, rawset: nothing to go round; next: its order
 *           changes from run to run; print: writes past the page; warn: writes to the log; xpcall:
 *           its handler runs after the budget is spent; _G, _VERSION: not needed
 *   string  dump: byte code; pack, packsize, unpack: read at offsets; find, match, gmatch, gsub with
 *           patterns: one pattern of 24 characters can run for ten seconds without an instruction
 *   table   move: copies ranges through metamethods, no budget
 *   math    random, randomseed: pages would differ from render to render
 *   utf8    charpattern: a pattern
 *   coroutine (short ones escape the hook, and closing nested ones crashes), io, os, debug, package:
 *           all of it */
enum take { AS_IS, PAID, OWN };
static const struct allowed {
    const char *table, *name;
    enum take take;
} allow_list[] = {
    {NULL, "assert", AS_IS},       {NULL, "error", AS_IS},      {NULL, "ipairs", AS_IS},
    {NULL, "pairs", OWN},          {NULL, "pcall", OWN},        {NULL, "select", AS_IS},
    {NULL, "tonumber", PAID},      {NULL, "tostring", OWN},     {NULL, "type", AS_IS},
    {"string", "byte", PAID},      {"string", "char", AS_IS},   {"string", "find", OWN},
    {"string", "format", OWN},     {"string", "len", AS_IS},    {"string", "lower", PAID},
    {"string", "rep", OWN},        {"string", "reverse", PAID}, {"string", "split", OWN},
    {"string", "starts", OWN},     {"string", "sub", PAID},     {"string", "upper", PAID},
    {"table", "concat", PAID},     {"table", "insert", PAID},   {"table", "pack", AS_IS},
    {"table", "remove", PAID},     {"table", "sort", OWN},      {"table", "unpack", PAID},
    {"math", "abs", AS_IS},        {"math", "ceil", AS_IS},     {"math", "floor", AS_IS},
    {"math", "fmod", AS_IS},       {"math", "huge", AS_IS},     {"math", "max", AS_IS},
    {"math", "maxinteger", AS_IS}, {"math", "min", AS_IS},      {"math", "mininteger", AS_IS},
    {"math", "modf", AS_IS},       {"math", "pi", AS_IS},       {"math", "sqrt", AS_IS},
    {"math", "tointeger", AS_IS},  {"math", "type", AS_IS},     {"math", "ult", AS_IS},
    {"utf8", "char", AS_IS},       {"utf8", "codepoint", PAID}, {"utf8", "codes", AS_IS},
    {"utf8", "len", PAID},         {"utf8", "offset", PAID},
};

static void push_allowed(lua_State *L, const struct allowed *a, int libraries)
{
    if (a->take == OWN) {
        lua_pushcfunction(L, library_own(a->table, a->name));
        if (lua_tocfunction(L, -1) == library_format) {
            lua_pop(L, 1);
            library_push_format(L, libraries);
        }
        return;
    }
    lua_getfield(L, libraries, a->table != NULL ? a->table : LUA_GNAME);
    lua_getfield(L, -1, a->name);
    lua_remove(L, -2);
    if (a->take == PAID)
        lua_pushcclosure(L, library_paid, 1);
}

/* The table env[name], made if it is not there yet. */
static void push_table(lua_State *L, int env, const char *name)
{
    if (name == NULL) {
        lua_pushvalue(L, env);
    } else if (lua_getfield(L, env, name) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setfield(L, env, name);
    }
}

static void fill(lua_State *L, int env, int libraries)
{
    for (size_t i = 0; i < sizeof allow_list / sizeof *allow_list; i++) {
        push_table(L, env, allow_list[i].table);
        push_allowed(L, &allow_list[i], libraries);
        lua_setfield(L, -2, allow_list[i].name);
        lua_pop(L, 1);
    }
}

/* "text":method() finds a table of its own, which no theme can reach to change. */
static void lock_strings(lua_State *L, int libraries)
{
    if (!wall(WALL_STRING_METATABLE))
        return;
    lua_newtable(L);
    fill(L, lua_gettop(L), libraries);
    lua_getfield(L, -1, "string");
    lua_createtable(L, 0, 1);
    lua_insert(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "");
    lua_insert(L, -2);
    lua_setmetatable(L, -2);
    lua_pop(L, 2);
}

static const luaL_Reg libraries_used[] = {
    {LUA_GNAME, luaopen_base},       {LUA_STRLIBNAME, luaopen_string},
    {LUA_TABLIBNAME, luaopen_table}, {LUA_MATHLIBNAME, luaopen_math},
    {LUA_UTF8LIBNAME, luaopen_utf8}, {NULL, NULL}};

static const char libraries_key = 0;

/* Lua's libraries stay in the registry, where no theme comes; the globals are emptied. */
static void close_state(lua_State *L)
{
    for (const luaL_Reg *r = libraries_used; r->name != NULL; r++) {
        luaL_requiref(L, r->name, r->func, 0);
        lua_pop(L, 1);
    }
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &libraries_key);
    lock_strings(L, lua_gettop(L));
    lua_pop(L, 1);
}

static void forget_globals(lua_State *L)
{
    if (!wall(WALL_ENVIRONMENT))
        return;
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}

void environment_push(lua_State *L)
{
    bool first = lua_rawgetp(L, LUA_REGISTRYINDEX, &libraries_key) == LUA_TNIL;
    lua_pop(L, 1);
    if (first)
        close_state(L);
    if (!wall(WALL_ENVIRONMENT)) {
        luaL_openlibs(L);
        lua_pushglobaltable(L);
        return;
    }
    lua_newtable(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &libraries_key);
    fill(L, lua_gettop(L) - 1, lua_gettop(L));
    lua_pop(L, 1);
    if (first)
        forget_globals(L);
}

void environment_load(lua_State *L, const char *bytes, size_t n, const char *name, int env)
{
    env = lua_absindex(L, env);
    if (luaL_loadbufferx(L, bytes, n, name, wall(WALL_BYTECODE) ? "t" : NULL) != LUA_OK)
        lua_error(L);
    lua_pushvalue(L, env);
    if (lua_setupvalue(L, -2, 1) == NULL)
        lua_pop(L, 1);
}
