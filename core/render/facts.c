/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/facts.h"

#include <lauxlib.h>

#include "base/embed.h"

struct work {
    const struct source_file *sources;
    size_t n;
    struct str *s;
};

static void add_source(lua_State *L, lua_Integer i, struct span name, struct span text)
{
    lua_createtable(L, 0, 2);
    lua_pushlstring(L, name.at, name.n);
    lua_setfield(L, -2, "name");
    lua_pushlstring(L, text.at, text.n);
    lua_setfield(L, -2, "text");
    lua_rawseti(L, -2, i);
}

static int read_facts(lua_State *L)
{
    struct work *w = lua_touserdata(L, 1);
    const struct embedded *base = embedded_find(embed_base, "theme.lua");
    compiler_push_function(L, "theme.facts", "read");
    lua_createtable(L, (int)w->n + 1, 0);
    for (size_t i = 0; i < w->n; i++)
        add_source(L, (lua_Integer)i + 1, w->sources[i].path, w->sources[i].bytes);
    add_source(L, (lua_Integer)w->n + 1, (struct span){"base", 4},
               (struct span){base->bytes, base->size});
    lua_call(L, 1, 2);
    size_t n;
    const char *bytes = lua_tolstring(L, -2, &n);
    if (bytes == NULL)
        return luaL_error(L, "%s", luaL_optstring(L, -1, "theme.lua cannot be read"));
    str_append_n(w->s, bytes, n);
    return 0;
}

bool facts_read(struct compiler *c, const struct source_file *sources, size_t sources_n,
                struct str *s, char *why_r, size_t n)
{
    struct work w = {sources, sources_n, s};
    return compiler_run(c, read_facts, &w, why_r, n);
}
