/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of the page before, for the maps of the next: rows have the same keys in the same order,
 * page after page, so a map takes over a table that had these keys and writes over every value. Only
 * for states whose code neither changes nor keeps what it is given: compiled templates. A node stands
 * for the keys on the way to it; what does not fit (SHAPES_MAX) is not kept. */
#ifndef RENDER_SHAPES_H
#define RENDER_SHAPES_H

#include <lua.h>

enum { SHAPES_NODES = 512, SHAPES_TABLES = 1024, SHAPES_KEYS = 32 };

struct shapes {
    int nodes_n, tables_n;
    struct shape {
        const void *key; /* the string, which `kept` holds */
        short child, sibling;
        short first, last, next; /* tables, numbered from 1: all, and the one to give */
    } nodes[SHAPES_NODES];
    short after[SHAPES_TABLES + 1]; /* the next table of the same shape */
};

/* Leaves on the stack the table that the calls below take as `kept`: all tables are free again. NULL:
 * no memory. */
struct shapes *shapes_begin(lua_State *L, struct shapes **where);
/* The node behind this one (0: no key yet) by the key at index `key`; -1: none. */
int shapes_step(lua_State *L, struct shapes *s, int kept, int node, int key, const void *id);
/* Pushes a table with the node's keys (n of them) or without any: all are to be set. */
void shapes_take(lua_State *L, struct shapes *s, int kept, int node, int n);

#endif
