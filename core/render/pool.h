/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory for Lua's small objects: cells of a few sizes, cut from chunks and handed out again
 * without looking. Lua tells the size of what it gives back, so that no cell needs a head. A
 * pool starts as zeros, grows by POOL_CHUNK and gives its chunks back only as a whole. */
#ifndef RENDER_POOL_H
#define RENDER_POOL_H

#include <stdbool.h>
#include <stddef.h>

enum { POOL_UNIT = 16, POOL_CELL = 512, POOL_CHUNK = 16 * 1024 };

struct pool {
    void *free[POOL_CELL / POOL_UNIT]; /* by size: cells of it, each pointing to the next */
    void *chunks;
    char *at, *end; /* of the chunk that is being cut */
};

static inline bool pool_holds(size_t size)
{
    return size - 1 < POOL_CELL;
}

/* Sizes that the pool holds. NULL: out of memory. */
void *pool_take(struct pool *p, size_t size);
void pool_give(struct pool *p, void *cell, size_t size);
void pool_release(struct pool *p);

#endif
