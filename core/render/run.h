/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A straight run of a template: the format of an emit() (lua/README.md), taken apart when it is met
 * first. */
#ifndef RENDER_RUN_H
#define RENDER_RUN_H

#include <lua.h>

#include "render/model.h"

struct run_piece {
    const char *text; /* raw, before the hole */
    size_t n;
    char hole;        /* 0: none, the end */
    int value, other; /* numbers of the values, 0: none */
    int names_n;
    struct name *names; /* of a field of the value, of a field of that one, ...; none: the value */
    size_t skip; /* of a condition and its "else": the piece to go on with if it does not hold */
};

struct run {
    size_t n;
    struct run_piece pieces[];
};

/* Of the format at `index`; raises where that is none. */
struct run *run_of(lua_State *L, int index);

#endif
