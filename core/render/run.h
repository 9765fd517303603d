/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A straight run of a template: the format of an emit() (lua/README.md), taken apart when it is met
 * first. */
#ifndef RENDER_RUN_H
#define RENDER_RUN_H

#include <lua.h>

#include "render/model.h"

struct run_piece {
    const char *text;   /* raw, before the hole; with WRITER_BEHIND bytes behind it */
    struct name *names; /* of a field of the value, of a field of that one, ...; none: the value */
    uint32_t n;
    uint32_t skip; /* of a condition and its "else": the piece to go on with if it does not hold */
    char hole;     /* 0: none, the end */
    unsigned char names_n;
    unsigned char value, other; /* numbers of the values, 0: none */
};

struct run {
    size_t n;
    struct run_piece pieces[];
};

/* Of the format at `index`; raises where that is none. */
struct run *run_of(lua_State *L, int index);

#endif
