/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/keyset.h"

#include <string.h>

enum { PAGE_MAX = 500 };
#define LAST_CHARACTER "\xf4\x8f\xbf\xbf" /* U+10FFFF sorts behind every other in utf8mb4_bin */

static unsigned page_size(const struct keyset *k)
{
    return k->limit == 0 ? 1 : k->limit > PAGE_MAX ? PAGE_MAX : k->limit;
}

struct keyset_range keyset_range(struct arena *a, const struct keyset *k)
{
    const char *prefix = k->prefix != NULL ? k->prefix : "";
    const char *below = arena_printf(a, "%s" LAST_CHARACTER, prefix);
    struct keyset_range r = {
        .backwards = (k->before != NULL) != k->descending,
        .edge = k->before != NULL  ? k->before
                : k->after != NULL ? k->after
                : k->descending    ? below
                                   : "",
        .from = prefix,
        .below = below,
        .limit = (int64_t)page_size(k) + 1,
    };
    return r;
}

void keyset_look_to(struct arena *a, struct keyset_range *r, const char *looked_to)
{
    if (looked_to == NULL)
        return;
    if (r->backwards)
        r->from = looked_to;
    else
        r->below = arena_printf(a, "%s" NEXT_CHARACTER, looked_to);
}

static void swap_rows(char *x, char *y, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        char c = x[i];
        x[i] = y[i];
        y[i] = c;
    }
}

static void turn(char *rows, size_t size, size_t n)
{
    for (size_t i = 0; i < n / 2; i++)
        swap_rows(rows + i * size, rows + (n - 1 - i) * size, size);
}

void keyset_finish(const struct keyset *k, void *rows, size_t size, size_t *n,
                   struct keyset_ends *ends_r)
{
    bool backwards = k->before != NULL, more = *n > page_size(k);
    if (more)
        *n = page_size(k);
    if (backwards)
        turn(rows, size, *n);
    ends_r->more_before = backwards ? more : k->after != NULL;
    ends_r->more_after = backwards || more;
    ends_r->looked_to = NULL;
}

void keyset_finish_look(const struct keyset *k, const char *looked_to, void *rows, size_t size,
                        size_t *n, struct keyset_ends *ends_r)
{
    bool full = *n > page_size(k);
    keyset_finish(k, rows, size, n, ends_r);
    if (full || looked_to == NULL)
        return;
    ends_r->looked_to = looked_to;
    *(k->before != NULL ? &ends_r->more_before : &ends_r->more_after) = true;
}
