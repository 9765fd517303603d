/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/sandbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "render/walls.h"

enum { MEGABYTE = 1024 * 1024, HOOK_EVERY = 1000, LOOK_EVERY = 1000 };

#ifdef MAILBOY_SANITIZED /* which see what malloc gives, not what a pool does */
enum { SLOWER = 10, POOLED = false };
#else
enum { SLOWER = 1, POOLED = true };
#endif

const struct sandbox_limits theme_limits = {.memory = 16 * MEGABYTE,
                                            .block = MEGABYTE,
                                            .instructions = 5000000,
                                            .cpu_us = 250000 * SLOWER,
                                            .pooled = POOLED};
const struct sandbox_limits compiler_limits = {.memory = 64 * MEGABYTE,
                                               .block = 8 * MEGABYTE,
                                               .instructions = 400000000,
                                               .cpu_us = 1500000 * SLOWER};

static const char out_of_memory[] = "the theme uses too much memory";
static const char out_of_budget[] = "the theme ran too long (instructions)";
static const char out_of_time[] = "the theme ran too long (time)";

static void give(struct sandbox *s, void *old, size_t size)
{
    if (s->limits->pooled && pool_holds(size))
        pool_give(&s->pool, old, size);
    else
        free(old);
}

static void *change(struct sandbox *s, void *old, size_t old_size, size_t size)
{
    bool pooled = s->limits->pooled && pool_holds(size);
    if (!pooled && (old_size == 0 || !s->limits->pooled || !pool_holds(old_size)))
        return realloc(old, size);
    void *fresh = pooled ? pool_take(&s->pool, size) : malloc(size);
    if (fresh != NULL && old_size > 0) {
        memcpy(fresh, old, old_size < size ? old_size : size);
        give(s, old, old_size);
    }
    return fresh;
}

/* Once refused, refused: a theme that catches the error finds no memory either. */
static void *allocate(void *user, void *old, size_t old_size, size_t size)
{
    struct sandbox *s = user;
    if (old == NULL)
        old_size = 0;
    if (size == 0) {
        if (old_size > 0)
            give(s, old, old_size);
        s->used -= old_size;
        return NULL;
    }
    if (size > old_size && wall(WALL_MEMORY)) {
        if (size > s->limits->block || size - old_size > s->limits->memory - s->used)
            s->stopped = out_of_memory;
        if (s->stopped == out_of_memory)
            return NULL;
    }
    void *fresh = change(s, old, old_size, size);
    if (fresh != NULL)
        s->used = s->used - old_size + size;
    return fresh;
}

static void next_look(struct sandbox *s)
{
    s->look_at = s->left > LOOK_EVERY ? s->left - LOOK_EVERY : 0;
}

/* CPU time never passes faster than the wall's, whose clock is no system call: the other need not be asked
 * before so much could have been used. */
static bool is_out_of_time(struct sandbox *s)
{
    int64_t now = clock_monotonic_us();
    if (now < s->clock_at_us)
        return false;
    int64_t left = s->cpu_end_us - clock_cpu_us();
    s->clock_at_us = now + left;
    return left < 0;
}

static void spend(lua_State *L, struct sandbox *s, int64_t instructions)
{
    s->left -= instructions;
    if (s->left > s->look_at)
        return;
    next_look(s);
    if (s->left <= 0 && wall(WALL_BUDGET))
        sandbox_stop(L, out_of_budget);
    if (wall(WALL_CPU) && is_out_of_time(s))
        sandbox_stop(L, out_of_time);
}

static void hook(lua_State *L, lua_Debug *event)
{
    (void)event;
    spend(L, sandbox_of(L), HOOK_EVERY);
}

struct sandbox *sandbox_create(const struct sandbox_limits *limits)
{
    struct sandbox *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->limits = limits;
    s->L = lua_newstate(allocate, s);
    if (s->L == NULL) {
        pool_release(&s->pool);
        free(s);
        return NULL;
    }
    *(struct sandbox **)lua_getextraspace(s->L) = s;
    lua_sethook(s->L, hook, LUA_MASKCOUNT, HOOK_EVERY);
    sandbox_arm(s);
    return s;
}

void sandbox_destroy(struct sandbox *s)
{
    if (s == NULL)
        return;
    lua_close(s->L);
    pool_release(&s->pool);
    memo_release(&s->names);
    memo_release(&s->runs);
    free(s);
}

void sandbox_arm(struct sandbox *s)
{
    s->left = s->limits->instructions;
    next_look(s);
    s->clock_at_us = clock_monotonic_us() + s->limits->cpu_us;
    s->cpu_end_us = clock_cpu_us() + s->limits->cpu_us;
    s->stopped = NULL;
}

void sandbox_trust(struct sandbox *s)
{
    lua_sethook(s->L, NULL, 0, 0);
}

/* Where the theme's own code is: in a hook it is the function that runs, in a helper its caller. */
static void push_place(lua_State *L)
{
    lua_Debug at;
    for (int level = 0; level < 8 && lua_getstack(L, level, &at); level++) {
        if (lua_getinfo(L, "Sl", &at) != 0 && at.currentline > 0) {
            lua_pushfstring(L, "%s:%d: ", at.short_src, at.currentline);
            return;
        }
    }
    lua_pushliteral(L, "");
}

int sandbox_stop(lua_State *L, const char *what)
{
    struct sandbox *s = sandbox_of(L);
    s->stopped = what;
    push_place(L);
    lua_pushstring(L, what);
    lua_concat(L, 2);
    return lua_error(L);
}

void sandbox_charge(lua_State *L, size_t units)
{
    if (wall(WALL_CHARGE))
        spend(L, sandbox_of(L), units > INT32_MAX ? INT32_MAX : (int64_t)units);
}

/* The host never calls a metamethod on a theme's value: only a string is quoted. */
static void explain(struct sandbox *s, char *why_r, size_t n)
{
    const char *text = lua_type(s->L, -1) == LUA_TSTRING ? lua_tostring(s->L, -1) : NULL;
    if (s->stopped != NULL && (text == NULL || strstr(text, s->stopped) == NULL))
        text = s->stopped;
    snprintf(why_r, n, "%s", text != NULL ? text : "an error that is no text");
    lua_settop(s->L, 0);
}

bool sandbox_call(struct sandbox *s, int args, int results, char *why_r, size_t n)
{
    int status = lua_pcall(s->L, args, results, 0);
    if (status == LUA_OK && (s->stopped == NULL || !wall(WALL_PCALL)))
        return true;
    if (status == LUA_OK)
        lua_pushnil(s->L);
    explain(s, why_r, n);
    return false;
}

bool sandbox_run(struct sandbox *s, lua_CFunction f, void *argument, char *why_r, size_t n)
{
    lua_settop(s->L, 0);
    lua_pushcfunction(s->L, f); /* light functions and pointers take no memory */
    lua_pushlightuserdata(s->L, argument);
    return sandbox_call(s, 1, 0, why_r, n);
}
