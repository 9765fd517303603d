/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walls around a theme, by name. In a build for the tests of the walls (MAILBOY_TEST_WALLS)
 * each can be taken away alone, to prove that the hostile theme it stops would succeed without
 * it. In every other build `wall()` is the constant true and there is no switch. */
#ifndef RENDER_WALLS_H
#define RENDER_WALLS_H

#include <stdbool.h>

enum wall {
    WALL_BUDGET,           /* instructions */
    WALL_CPU,              /* the hook's look at the clock */
    WALL_CHARGE,           /* C helpers pay from the same budget */
    WALL_MEMORY,           /* 16 MB, 1 MB a block, sticky */
    WALL_OUTPUT,           /* 2 MB a page */
    WALL_PCALL,            /* ours raises again once a limit is spent */
    WALL_ENVIRONMENT,      /* the allow-list of names */
    WALL_STRING_METATABLE, /* ("").method is the allow-list too */
    WALL_TOSTRING,         /* no addresses */
    WALL_ORDER,            /* pairs is sorted */
    WALL_BYTECODE,         /* text chunks only */
    WALL_FRESH_STATE,      /* scripts: a state for each render */
    WALL_ESCAPE,           /* text is escaped */
    WALL_ELEMENTS,         /* closed list of elements */
    WALL_ATTRIBUTES,       /* closed list of attributes */
    WALL_URLS,             /* forms of URLs */
    WALL_FORMS,            /* only the view model's own forms */
    WALL_SECRETS,          /* secrets are slots */
    WALL_DEPTH,            /* nesting of what a script prints */
    WALL_SECCOMP,          /* system calls */
    WALL_DEADLINE,         /* the worker's clock */
    WALL_SLOTS,            /* the worker's check of the reply */
    WALL_MARKUP,           /* the worker's look at the page's elements */
    WALL_TEMPLATES,        /* the compiler's lists of what a template's HTML may hold */
    WALL_COUNT
};

#ifdef MAILBOY_TEST_WALLS
extern unsigned walls_off; /* bit (1 << enum wall) */
static inline bool wall(enum wall w)
{
    return (walls_off & (1u << w)) == 0;
}
#else
static inline bool wall(enum wall w)
{
    (void)w;
    return true;
}
#endif

#endif
