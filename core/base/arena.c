/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* Larger than what nearly every request needs, so that one block is kept and none is asked for. */
enum { BLOCK = 256 * 1024 };

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *top;         /* allocation happens here; older blocks follow */
    size_t limit, held, usual; /* usual: size of a block that is kept */
};

static struct block *block_new(struct arena *a, size_t size)
{
    if (size > a->limit || a->held > a->limit - size)
        log_fatal("base", "arena of %zu bytes is full", a->limit);
    struct block *b = malloc(sizeof *b + size);
    if (b == NULL)
        log_fatal("base", "out of memory (%zu bytes)", size);
    b->size = size;
    b->used = 0;
    b->next = a->top;
    a->top = b;
    a->held += size;
    return b;
}

struct arena *arena_create(size_t limit)
{
    struct arena *a = calloc(1, sizeof *a);
    if (a == NULL)
        log_fatal("base", "out of memory");
    a->limit = limit;
    a->usual = limit < BLOCK ? limit : BLOCK;
    return a;
}

static void release(struct arena *a, struct block *keep)
{
    struct block *b = a->top;
    while (b != NULL) {
        struct block *next = b->next;
        if (b != keep)
            free(b);
        b = next;
    }
    a->top = keep;
    a->held = keep != NULL ? keep->size : 0;
    if (keep != NULL) {
        keep->next = NULL;
        keep->used = 0;
    }
}

void arena_destroy(struct arena *a)
{
    if (a == NULL)
        return;
    release(a, NULL);
    free(a);
}

void arena_reset(struct arena *a)
{
    struct block *b = a->top;
    while (b != NULL && b->size != a->usual)
        b = b->next;
    release(a, b);
}

void arena_wipe(struct arena *a)
{
    for (struct block *b = a->top; b != NULL; b = b->next)
        explicit_bzero(b->bytes, b->used);
    arena_reset(a);
}

size_t arena_used(const struct arena *a)
{
    size_t sum = 0;
    for (const struct block *b = a->top; b != NULL; b = b->next)
        sum += b->used;
    return sum;
}

/* A whole block, or what the limit leaves of one. */
static size_t block_size(const struct arena *a, size_t size)
{
    size_t left = a->limit > a->held ? a->limit - a->held : 0;
    size_t most = left < BLOCK ? left / alignof(max_align_t) * alignof(max_align_t) : BLOCK;
    return size > most ? size : most;
}

void *arena_raw(struct arena *a, size_t size)
{
    const size_t unit = alignof(max_align_t);
    assert(size <= SIZE_MAX - unit);
    size = (size + unit - 1) / unit * unit;
    struct block *b = a->top;
    if (b == NULL || b->size - b->used < size)
        b = block_new(a, block_size(a, size));
    void *p = b->bytes + b->used;
    b->used += size;
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return memset(arena_raw(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes))
        log_fatal("base", "array of %zu x %zu bytes", n, size);
    return arena_alloc(a, bytes);
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s == NULL ? NULL : arena_memdup(a, s, strlen(s));
}

char *arena_memdup(struct arena *a, const void *bytes, size_t n)
{
    char *copy = arena_raw(a, n + 1);
    if (n > 0)
        memcpy(copy, bytes, n);
    copy[n] = '\0';
    return copy;
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
    char small[256], *text;
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(small, sizeof small, format, args);
    assert(n >= 0);
    if ((size_t)n < sizeof small) {
        text = arena_memdup(a, small, (size_t)n);
    } else {
        text = arena_raw(a, (size_t)n + 1);
        vsnprintf(text, (size_t)n + 1, format, again);
    }
    va_end(again);
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
