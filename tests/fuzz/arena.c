/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/arena.h with one heap block for each piece: the linker takes this in place of the arena of
 * mb_base. */
#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct piece {
    struct piece *next;
    void *bytes;
};

struct arena {
    struct piece *top;
    size_t limit, used;
};

struct arena *arena_create(size_t limit)
{
    struct arena *a = calloc(1, sizeof *a);
    assert(a != NULL);
    a->limit = limit;
    return a;
}

void arena_reset(struct arena *a)
{
    while (a->top != NULL) {
        struct piece *p = a->top;
        a->top = p->next;
        free(p->bytes);
        free(p);
    }
    a->used = 0;
}

void arena_wipe(struct arena *a)
{
    arena_reset(a);
}

void arena_destroy(struct arena *a)
{
    if (a != NULL)
        arena_reset(a);
    free(a);
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}

void *arena_alloc(struct arena *a, size_t size)
{
    struct piece *p = malloc(sizeof *p);
    size_t held = (size + 15) & ~(size_t)15;
    assert(held >= size && held <= a->limit &&
           a->used <= a->limit - held); /* else the worker would end */
    assert(p != NULL);
    p->bytes = calloc(1, size > 0 ? size : 1);
    assert(p->bytes != NULL);
    p->next = a->top;
    a->top = p;
    a->used += held;
    return p->bytes;
}

void *arena_raw(struct arena *a, size_t size)
{
    return arena_alloc(a, size);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    assert(size == 0 || n <= SIZE_MAX / size);
    return arena_alloc(a, n * size);
}

char *arena_memdup(struct arena *a, const void *bytes, size_t n)
{
    char *copy = arena_alloc(a, n + 1);
    if (n > 0)
        memcpy(copy, bytes, n);
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s == NULL ? NULL : arena_memdup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    assert(n >= 0);
    char *text = arena_alloc(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, format, args);
    return text;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(a, format, args);
    va_end(args);
    return text;
}
