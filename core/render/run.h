/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A straight run of a template: the format of an emit() (lua/README.md), taken apart when it is met
 * first. */
#ifndef RENDER_RUN_H
#define RENDER_RUN_H

#include <lua.h>

#include "render/model.h"

/* A value, or a field of that at `of`: looked up once for each emit(), however many holes ask for it; or what
 * the format itself says. */
struct run_place {
    struct run_place *of; /* NULL: a value */
    struct name name;     /* of the field */
    int value;            /* number of the value, from 1; 0: `literal` */
    struct node literal;
    uint64_t turn;           /* of the emit() that found `node` */
    const struct node *node; /* NULL: no node, but what a page script handed on or code made */
};

struct run_piece {
    const char *text; /* raw, before the hole; with WRITER_BEHIND bytes behind it */
    uint32_t n;
    char hole;                       /* 0: none, the end */
    struct run_place *place, *other; /* NULL: none; other: to compare with */
    const struct run_piece *next;    /* to go on with */
    const struct run_piece *skip;    /* ... if the condition does not hold */
};

struct run {
    uint64_t turn; /* another for each emit() */
    size_t n;
    struct run_piece pieces[];
};

/* Of the format at `index`; raises where that is none. */
struct run *run_of(lua_State *L, int index);

#endif
