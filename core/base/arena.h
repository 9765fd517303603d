/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An arena gives memory that is returned all at once. A request lives in one and is reset when its
 * answer is sent, so nothing in the request path calls free. Memory is aligned for any type and
 * zeroed. An arena that passes its limit, or a machine without memory, ends the process (the
 * supervisor starts the next worker): no caller checks for NULL. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* `limit`: bytes it may hold at most. */
struct arena *arena_create(size_t limit);
/* NULL is fine. */
void arena_destroy(struct arena *a);
/* Everything given so far is gone; keeps one block for the next request. */
void arena_reset(struct arena *a);
/* As reset, and overwrites what was there: for secrets. */
void arena_wipe(struct arena *a);
size_t arena_used(const struct arena *a);

void *arena_alloc(struct arena *a, size_t size);
/* As alloc, but not zeroed: for buffers that are filled at once. */
void *arena_raw(struct arena *a, size_t size);
/* n * size, refuses overflow. */
void *arena_array(struct arena *a, size_t n, size_t size);
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))

char *arena_strdup(struct arena *a, const char *s);
/* Copies n bytes and puts a NUL behind them. */
char *arena_memdup(struct arena *a, const void *bytes, size_t n);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list args);

#endif
