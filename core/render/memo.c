/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/memo.h"

#include <lauxlib.h>
#include <stdlib.h>

#include "base/log.h"

enum { FIRST = 256 };

static const char kept_key = 0;

static struct memo_row *place(const struct memo *m, const char *string)
{
    size_t i = (uintptr_t)string / 8;
    while (m->rows[i & (m->size - 1)].string != NULL && m->rows[i & (m->size - 1)].string != string)
        i++;
    return &m->rows[i & (m->size - 1)];
}

static void grow(struct memo *m)
{
    struct memo old = *m;
    m->size = old.size > 0 ? old.size * 2 : FIRST;
    m->rows = calloc(m->size, sizeof *m->rows);
    if (m->rows == NULL)
        log_fatal("render", "out of memory");
    for (size_t i = 0; i < old.size; i++)
        if (old.rows[i].string != NULL)
            *place(m, old.rows[i].string) = old.rows[i];
    free(old.rows);
}

struct memo_row *memo_row(struct memo *m, const char *string)
{
    if (m->n * 2 >= m->size)
        grow(m);
    struct memo_row *row = place(m, string);
    m->n += row->string == NULL;
    row->string = string;
    return row;
}

struct memo_row *memo_string(lua_State *L, struct memo *m, int index)
{
    index = lua_absindex(L, index);
    luaL_checkstack(L, 4, NULL);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &kept_key) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &kept_key);
    }
    lua_pushvalue(L, index);
    lua_pushboolean(L, 1);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    return memo_row(m, lua_tostring(L, index));
}

void memo_release(struct memo *m)
{
    for (size_t i = 0; i < m->size; i++)
        free(m->rows[i].made);
    free(m->rows);
    *m = (struct memo){0};
}
