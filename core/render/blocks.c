/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/blocks.h"

#include <lauxlib.h>

struct work {
    struct compiler *compiler;
    struct span page, block;
    struct str *s;
};

static void put_field(lua_State *L, struct str *s, const char *name)
{
    size_t n;
    lua_getfield(L, -1, name);
    const char *text = luaL_checklstring(L, -1, &n);
    wire_put_text(s, text, n);
    lua_pop(L, 1);
}

static void put_row(lua_State *L, struct str *s)
{
    static const char *const texts[] = {"page", "block", "theme", "version",
                                        "path", "sha",   "args",  "text"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        put_field(L, s, texts[i]);
    lua_getfield(L, -1, "depth");
    wire_put_u8(s, (unsigned)luaL_checkinteger(L, -1) & 0xff);
    lua_pop(L, 1);
}

static int list(lua_State *L)
{
    struct work *w = lua_touserdata(L, 1);
    compiler_push_function(L, "theme.blocks", "list");
    compiler_push_result(w->compiler);
    if (!lua_istable(L, -1))
        return luaL_error(L, "no theme was compiled");
    lua_pushlstring(L, w->page.at, w->page.n);
    lua_pushlstring(L, w->block.at, w->block.n);
    lua_call(L, 3, 1);
    size_t n = lua_rawlen(L, -1);
    wire_put_u32(w->s, n);
    for (size_t i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        put_row(L, w->s);
        lua_pop(L, 1);
    }
    return 0;
}

bool blocks_list(struct compiler *c, struct span page, struct span block, struct str *s,
                 char *why_r, size_t n)
{
    struct work w = {.compiler = c, .page = page, .block = block, .s = s};
    return compiler_run(c, list, &w, why_r, n);
}
