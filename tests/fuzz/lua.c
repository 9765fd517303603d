/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lua.h"

#include <assert.h>
#include <stdbool.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"

extern const struct embedded embed_fuzz[];

enum { COUNTERS = 1 << 16, FILES = 64, LINES = 1024, STEPS = 20000 /* thousands */ };

__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t counters[COUNTERS];
static struct seen_file {
    const char *name;
    uint8_t lines[LINES];
} seen[FILES];
static unsigned steps, last;

/* Each line of Lua comes here: code that itself is neither checked nor counted. */
#define PLAIN __attribute__((no_sanitize("address", "undefined", "coverage")))

/* A module is never given back, so its name's address is its own. */
PLAIN static struct seen_file *file_of(const char *source)
{
    static const char *asked[FILES];
    size_t i = 0;
    while (i < FILES - 1 && asked[i] != NULL && asked[i] != source)
        i++;
    if (asked[i] == NULL) {
        asked[i] = source;
        seen[i].name = strdup(source);
    }
    return &seen[i];
}

PLAIN static void hook(lua_State *L, lua_Debug *event)
{
    if (event->event == LUA_HOOKCOUNT) {
        if (++steps > STEPS)
            abort();
        return;
    }
    lua_getinfo(L, "S", event);
    struct seen_file *f = event->source[0] == '@' ? file_of(event->source) : NULL;
    if (f == NULL || event->currentline >= LINES)
        return;
    f->lines[event->currentline] = 1;
    unsigned here = (unsigned)(f - seen) * 2654435761u + (unsigned)event->currentline * 40503u;
    counters[(here ^ last >> 1) % COUNTERS]++;
    last = here;
}

static void tell(void)
{
    FILE *out = fopen(getenv("FUZZ_LUA_LINES"), "a");
    for (size_t i = 0; out != NULL && i < FILES && seen[i].name != NULL; i++)
        for (int line = 0; line < LINES; line++)
            if (seen[i].lines[line])
                fprintf(out, "%s %d\n", seen[i].name + 1, line);
    if (out != NULL)
        fclose(out);
}

void fuzz_lua_watch(lua_State *L)
{
    static bool registered;
    if (!registered && getenv("FUZZ_LUA_LINES") != NULL)
        atexit(tell);
    registered = true;
    steps = 0;
    last = 0;
    lua_sethook(L, hook, LUA_MASKLINE | LUA_MASKCOUNT, 1000);
}

static int search(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    luaL_gsub(L, name, ".", "/");
    const char *path = lua_pushfstring(L, "%s.lua", lua_tostring(L, -1));
    const struct embedded *f = embedded_find(embed_lua, path);
    lua_pushfstring(L, f != NULL ? "@lua/%s" : "=%s", path); /* the tests' own is not counted */
    if (f == NULL)
        f = embedded_find(embed_fuzz, path);
    assert(f != NULL);
    if (luaL_loadbufferx(L, f->bytes, f->size, lua_tostring(L, -1), "t") != LUA_OK)
        return lua_error(L);
    return 1;
}

void fuzz_lua_modules(lua_State *L)
{
    lua_getglobal(L, "package");
    lua_createtable(L, 1, 0);
    lua_pushcfunction(L, search);
    lua_rawseti(L, -2, 1);
    lua_setfield(L, -2, "searchers");
    lua_pop(L, 1);
}

lua_State *fuzz_lua_driver(const char *file)
{
    lua_State *L = luaL_newstate();
    assert(L != NULL);
    const struct embedded *f = embedded_find(embed_fuzz, lua_pushfstring(L, "fuzz/%s", file));
    assert(f != NULL);
    lua_pop(L, 1);
    luaL_openlibs(L);
    fuzz_lua_modules(L);
    fuzz_lua_watch(L);
    assert(luaL_loadbufferx(L, f->bytes, f->size, file, "t") == LUA_OK);
    fuzz_lua_call(L, 0, 1);
    assert(lua_isfunction(L, 1));
    return L;
}

void fuzz_lua_begin(lua_State *L)
{
    fuzz_lua_watch(L);
    lua_settop(L, 1);
    lua_pushvalue(L, 1);
}

void fuzz_lua_call(lua_State *L, int arguments, int results)
{
    if (lua_pcall(L, arguments, results, 0) != LUA_OK) {
        fprintf(stderr, "ERROR: it raised: %s\n", lua_tostring(L, -1));
        abort();
    }
}
