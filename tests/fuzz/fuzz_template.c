/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A child theme through the template compiler: files, each after a line "@@ PATH"; without one,
 * the page p. Contract and base are small ones (template.lua). The compiler never raises, says its
 * mistakes as texts, and what it makes is Lua. */
#include "fuzz.h"
#include "lua.h"

static void keep(lua_State *L, const uint8_t *path, size_t path_n, const uint8_t *from,
                 const uint8_t *to)
{
    lua_pushlstring(L, (const char *)path, path_n);
    lua_pushlstring(L, (const char *)from, (size_t)(to - from));
    lua_rawset(L, -3);
}

static void push_child(lua_State *L, const uint8_t *data, size_t n)
{
    static const uint8_t page[] = "pages/p.html", own[] = "return { name = \"child\" }";
    const uint8_t *path = page, *at = data, *from = data, *line;
    size_t path_n = sizeof page - 1, len;
    lua_newtable(L);
    keep(L, (const uint8_t *)"theme.lua", 9, own, own + sizeof own - 1);
    while (fuzz_line(&at, data + n, &line, &len)) {
        if (len < 4 || memcmp(line, "@@ ", 3) != 0)
            continue;
        if (line > data)
            keep(L, path, path_n, from, line);
        path = line + 3;
        path_n = len - 3;
        from = at;
    }
    keep(L, path, path_n, from, data + n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static lua_State *L;
    if (L == NULL)
        L = fuzz_lua_driver("template.lua");
    fuzz_lua_begin(L);
    push_child(L, data, n);
    fuzz_lua_call(L, 1, 0);
    return 0;
}
