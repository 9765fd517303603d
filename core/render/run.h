/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A straight run of a template: the format of an emit() (lua/README.md), taken apart when it is met
 * first. */
#ifndef RENDER_RUN_H
#define RENDER_RUN_H

#include <lua.h>

#include "render/model.h"

/* A value, or a field of that at `of`: looked up once for each emit(), however many holes ask for it. */
struct run_place {
    struct run_place *of;    /* NULL: a value */
    struct name name;        /* of the field */
    int value;               /* number of the value, from 1 */
    uint64_t turn;           /* of the emit() that found `node` */
    const struct node *node; /* NULL: no node, but what a page script handed on or code made */
};

struct run_piece {
    const char *text; /* raw, before the hole; with WRITER_BEHIND bytes behind it */
    struct run_place *place;
    uint32_t n;
    uint32_t skip; /* of a condition and its "else": the piece to go on with if it does not hold */
    char hole;     /* 0: none, the end */
    unsigned char other; /* number of the value to compare with, 0: none */
};

struct run {
    uint64_t turn; /* another for each emit() */
    size_t n;
    struct run_piece pieces[];
};

/* Of the format at `index`; raises where that is none. */
struct run *run_of(lua_State *L, int index);

#endif
