/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of a theme as the rules of `mailboy theme check` read it: a style sheet, a colour, a page
 * (check.lua says what has to hold). */
#include "fuzz.h"
#include "lua.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static lua_State *L;
    if (L == NULL)
        L = fuzz_lua_driver("check.lua");
    fuzz_lua_begin(L);
    lua_pushlstring(L, (const char *)data, n);
    fuzz_lua_call(L, 1, 0);
    return 0;
}
