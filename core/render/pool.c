/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/pool.h"

#include <stdlib.h>

static size_t class_of(size_t size)
{
    return (size - 1) / POOL_UNIT;
}

/* The first cell of a chunk holds the way to the chunk before. */
static bool add_chunk(struct pool *p)
{
    char *chunk = malloc(POOL_CHUNK);
    if (chunk == NULL)
        return false;
    *(void **)(void *)chunk = p->chunks;
    p->chunks = chunk;
    p->at = chunk + POOL_UNIT;
    p->end = chunk + POOL_CHUNK;
    return true;
}

/* What is left of a chunk that is too short becomes a cell of its own size. */
static void *cut(struct pool *p, size_t size)
{
    if ((size_t)(p->end - p->at) < size) {
        if (p->at != p->end)
            pool_give(p, p->at, (size_t)(p->end - p->at));
        p->at = p->end;
        if (!add_chunk(p))
            return NULL;
    }
    void *cell = p->at;
    p->at += size;
    return cell;
}

void *pool_take(struct pool *p, size_t size)
{
    void **list = &p->free[class_of(size)], *cell = *list;
    if (cell == NULL)
        return cut(p, (class_of(size) + 1) * POOL_UNIT);
    *list = *(void **)cell;
    return cell;
}

void pool_give(struct pool *p, void *cell, size_t size)
{
    void **list = &p->free[class_of(size)];
    *(void **)cell = *list;
    *list = cell;
}

void pool_release(struct pool *p)
{
    while (p->chunks != NULL) {
        void *chunk = p->chunks;
        p->chunks = *(void **)chunk;
        free(chunk);
    }
    *p = (struct pool){0};
}
