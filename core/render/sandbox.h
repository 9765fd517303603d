/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Lua state with limits: memory counted in its allocator, instructions and CPU time by a count
 * hook, and C helpers that pay from the same budget. Once a limit is passed, `stopped` says which,
 * and every protected call raises again until the host arms the sandbox anew: a theme cannot
 * swallow it. What code sees there is environment.h's. */
#ifndef RENDER_SANDBOX_H
#define RENDER_SANDBOX_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "render/memo.h"
#include "render/pool.h"

struct render;

struct sandbox_limits {
    size_t memory, block;
    int64_t instructions, cpu_us;
    bool pooled; /* small objects come from a pool, which keeps what they give back */
};
extern const struct sandbox_limits theme_limits, compiler_limits;

struct sandbox {
    lua_State *L;
    const struct sandbox_limits *limits;
    struct pool pool;
    size_t used;
    int64_t left;                    /* instructions */
    int64_t look_at;                 /* when so many are left, the clock is looked at */
    int64_t cpu_end_us, clock_at_us; /* of this process; of the wall's: not looked before */
    const char *stopped;             /* which limit was passed, NULL while none was */
    struct render *render;           /* the page in hand; NULL outside one */
    struct memo names, runs;         /* of templates: handle.c's and run.c's */
};

/* No library is opened. NULL without memory. */
struct sandbox *sandbox_create(const struct sandbox_limits *limits);
void sandbox_destroy(struct sandbox *s);

/* A full budget for what comes next. */
void sandbox_arm(struct sandbox *s);
static inline struct sandbox *sandbox_of(lua_State *L)
{
    return *(struct sandbox **)lua_getextraspace(L);
}

/* Raises: the limit `what` was passed. */
int sandbox_stop(lua_State *L, const char *what);
/* No hook from now on, which costs a fifth of a page: for code of ours, whose every loop and function
 * calls a helper that pays. */
void sandbox_trust(struct sandbox *s);
/* A C helper's work, in instructions. Raises when the budget is spent. */
void sandbox_charge(lua_State *L, size_t units);

/* Runs `f(argument)` protected; false: why_r (n bytes) says what went wrong. */
bool sandbox_run(struct sandbox *s, lua_CFunction f, void *argument, char *why_r, size_t n);
/* As sandbox_run of the function and `args` arguments on the stack. */
bool sandbox_call(struct sandbox *s, int args, int results, char *why_r, size_t n);

#endif
