/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside store/: a page of a list by keyset, forwards or backwards, without OFFSET. A statement
 * takes the three texts as  key > edge (backwards: key < edge)  AND key >= from AND key < below,
 * in its order of keys, LIMIT limit; one row more than the page tells whether there is another. */
#ifndef STORE_KEYSET_H
#define STORE_KEYSET_H

#include "store/store.h"

#define NEXT_CHARACTER "!" /* smaller than all that an address, or a part of one, can go on with */

struct keyset_range {
    const char *edge, *from, *below;
    bool backwards;
    int64_t limit;
};

struct keyset_range keyset_range(struct arena *a, const struct keyset *k);
/* Drops the row too many, turns a page that was read backwards, says what lies around. */
void keyset_finish(const struct keyset *k, void *rows, size_t size, size_t *n,
                   struct keyset_ends *ends_r);
/* Of a list that looked no further than `looked_to` (NULL: to its end). */
void keyset_look_to(struct arena *a, struct keyset_range *r, const char *looked_to);
void keyset_finish_look(const struct keyset *k, const char *looked_to, void *rows, size_t size,
                        size_t *n, struct keyset_ends *ends_r);

#endif
