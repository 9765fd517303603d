/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/shapes.h"

#include <stdlib.h>

static const char kept_key = 0;

struct shapes *shapes_begin(lua_State *L, struct shapes **where)
{
    if (*where == NULL) {
        *where = calloc(1, sizeof **where);
        if (*where == NULL)
            return NULL;
        (*where)->nodes_n = 1;
    }
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &kept_key) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &kept_key);
    }
    for (int i = 0; i < (*where)->nodes_n; i++)
        (*where)->nodes[i].next = (*where)->nodes[i].first;
    return *where;
}

/* The string stays alive, so that no other gets its address. */
static int add_node(lua_State *L, struct shapes *s, int kept, int node, int key, const void *id)
{
    if (s->nodes_n == SHAPES_NODES)
        return -1;
    lua_pushvalue(L, key);
    lua_pushboolean(L, 1);
    lua_rawset(L, kept);
    s->nodes[s->nodes_n] = (struct shape){.key = id, .sibling = s->nodes[node].child};
    s->nodes[node].child = (short)s->nodes_n;
    return s->nodes_n++;
}

int shapes_step(lua_State *L, struct shapes *s, int kept, int node, int key, const void *id)
{
    if (node < 0)
        return -1;
    int at = s->nodes[node].child;
    while (at != 0 && s->nodes[at].key != id)
        at = s->nodes[at].sibling;
    return at != 0 ? at : add_node(L, s, kept, node, key, id);
}

static void keep(lua_State *L, struct shapes *s, int kept, struct shape *shape)
{
    short number = (short)(s->tables_n + 1);
    lua_pushvalue(L, -1);
    lua_rawseti(L, kept, number);
    s->tables_n++;
    if (shape->first == 0)
        shape->first = number;
    else
        s->after[shape->last] = number;
    shape->last = number;
}

void shapes_take(lua_State *L, struct shapes *s, int kept, int node, int n)
{
    struct shape *shape = node < 0 ? NULL : &s->nodes[node];
    if (shape != NULL && shape->next != 0) {
        lua_rawgeti(L, kept, shape->next);
        shape->next = s->after[shape->next];
        return;
    }
    lua_createtable(L, 0, n);
    if (shape != NULL && s->tables_n < SHAPES_TABLES)
        keep(L, s, kept, shape);
}
