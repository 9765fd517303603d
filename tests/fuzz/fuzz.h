/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the fuzz targets share. A target is LLVMFuzzerTestOneInput in fuzz_NAME.c; what it found
 * is an assert that failed or a sanitizer's report. Its arena gives every piece a heap block of
 * its own (arena.c), so that a byte past a piece is seen; a full arena is a finding too. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* As much as a worker gives a request. */
enum { FUZZ_ARENA = 66 * 1024 * 1024 };

/* The arena, emptied. */
static inline struct arena *fuzz_arena(void)
{
    static struct arena *a;
    if (a == NULL)
        a = arena_create(FUZZ_ARENA);
    arena_reset(a);
    return a;
}

/* As C text: up to the first NUL. */
static inline char *fuzz_text(struct arena *a, const uint8_t *data, size_t n)
{
    return arena_memdup(a, data, strnlen((const char *)data, n));
}

/* Takes a line off the front; false at the end. */
static inline bool fuzz_line(const uint8_t **at, const uint8_t *end, const uint8_t **line_r,
                             size_t *n_r)
{
    if (*at == end)
        return false;
    const uint8_t *newline = memchr(*at, '\n', (size_t)(end - *at));
    *line_r = *at;
    *n_r = (size_t)((newline != NULL ? newline : end) - *at);
    *at = newline != NULL ? newline + 1 : end;
    return true;
}

#endif
