/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A live view model held against the contract: "PAGE NUL", then the model, the shell and the
 * keys in the wire's form. Whatever the model, the check only ever says what differs. */
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>

#include "base/embed.h"
#include "fuzz.h"
#include "lua.h"
#include "render/decode.h"
#include "render/sandbox.h"

static const char prelude[] = "local contract, validate = ...\n"
                              "return function(page, vm, shell)\n"
                              "  for _, text in ipairs(validate.model(contract, page, vm, shell)) "
                              "do assert(type(text) == 'string') end\n"
                              "end\n";

static void push_module(lua_State *L, const char *name)
{
    lua_getglobal(L, "require");
    lua_pushstring(L, name);
    lua_call(L, 1, 1);
}

static void push_contract(lua_State *L)
{
    lua_Integer n = 0;
    push_module(L, "init");
    lua_getfield(L, -1, "contract");
    lua_newtable(L);
    for (const struct embedded *f = embed_lua; f->path != NULL; f++) {
        if (strncmp(f->path, "contract/", 9) != 0)
            continue;
        lua_createtable(L, 0, 2);
        lua_pushstring(L, f->path);
        lua_setfield(L, -2, "path");
        lua_pushlstring(L, f->bytes, f->size);
        lua_setfield(L, -2, "text");
        lua_rawseti(L, -2, ++n);
    }
    lua_call(L, 1, 1);
    lua_remove(L, -2);
}

static lua_State *state_make(void)
{
    struct sandbox *s = sandbox_create(&compiler_limits);
    assert(s != NULL);
    lua_State *L = s->L;
    luaL_openlibs(L);
    fuzz_lua_modules(L);
    fuzz_lua_watch(L);
    assert(luaL_loadbuffer(L, prelude, sizeof prelude - 1, "=prelude") == LUA_OK);
    push_contract(L);
    push_module(L, "theme.validate");
    lua_call(L, 2, 1);
    return L;
}

struct pushing {
    struct wire_reader r;
    const struct keys *keys;
};

static int push(lua_State *L)
{
    struct pushing *p = lua_touserdata(L, 1);
    decode_push(L, &p->r, p->keys);
    return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static lua_State *L;
    const uint8_t *end = n > 0 ? memchr(data, 0, n) : NULL;
    if (end == NULL)
        return 0;
    if (L == NULL)
        L = state_make();
    struct keys keys;
    struct wire_reader r = wire_reader(end + 1, n - (size_t)(end - data) - 1);
    struct pushing parts[2] = {{wire_part(&r), &keys}, {wire_part(&r), &keys}};
    if (!decode_keys(fuzz_arena(), &r, &keys))
        return 0;
    fuzz_lua_watch(L);
    lua_settop(L, 1);
    lua_pushvalue(L, 1);
    lua_pushstring(L, (const char *)data);
    for (int i = 0; i < 2; i++) {
        lua_pushcfunction(L, push);
        lua_pushlightuserdata(L, &parts[i]);
        if (lua_pcall(L, 1, 1, 0) != LUA_OK)
            return 0;
    }
    if (lua_pcall(L, 3, 0, 0) != LUA_OK) {
        fprintf(stderr, "the check raised: %s\n", lua_tostring(L, -1));
        abort();
    }
    return 0;
}
