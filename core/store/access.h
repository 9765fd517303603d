/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access entries as the database keeps them: clients and senders, each in a table of its own. */
#ifndef STORE_ACCESS_H
#define STORE_ACCESS_H

#include "model/access.h"
#include "store/store.h"

enum { ACCESS_WIDER_MOST = 128 }; /* patterns that access_covering() asks for at most */

enum outcome access_by_id(struct store *s, struct arena *a, enum access_kind kind, int64_t id,
                          struct access_entry *entry_r);
enum outcome access_find(struct store *s, struct arena *a, enum access_kind kind,
                         const char *pattern, struct access_entry *entry_r);
/* Inside a transaction: the row, locked against other changes. */
enum outcome access_lock(struct store *s, struct arena *a, enum access_kind kind, int64_t id,
                         struct access_entry *entry_r);
/* By pattern, one statement; key of the keyset is the pattern. Of senders a prefix "@domain" means the
 * addresses of a domain, "*.domain" all that lies below it, by their domains from their ends. */
enum outcome access_list(struct store *s, struct arena *a, enum access_kind kind,
                         const struct keyset *k, struct access_entry **rows_r, size_t *n_r,
                         struct keyset_ends *ends_r);
enum outcome access_count(struct store *s, enum access_kind kind, int64_t *n_r);

/* Those of many patterns that are there, sorted by pattern, in as few statements as there are hundreds
 * of different ones. The patterns change their order. */
enum outcome access_find_all(struct store *s, struct arena *a, enum access_kind kind,
                             const char **patterns, size_t patterns_n, struct access_entry **rows_r,
                             size_t *n_r);
/* Of rows that are sorted so; NULL: it is not among them. */
const struct access_entry *access_named(const struct access_entry *rows, size_t n,
                                        const char *pattern);
/* Those of the patterns (access_wider(), in its order) that are there. */
enum outcome access_covering(struct store *s, struct arena *a, enum access_kind kind,
                             const char *const *patterns, size_t patterns_n,
                             struct access_entry **rows_r, size_t *n_r);
/* Clients inside a network, without itself: addresses, then networks, each in their order, at
 * most so many of either. */
enum outcome access_inside(struct store *s, struct arena *a, const struct network *network,
                           int64_t itself, size_t most, struct access_entry **rows_r, size_t *n_r);

/* OUT_CONFLICT: there is one for that pattern. A network's ends go into the row. */
enum outcome access_insert(struct store *s, const struct access_entry *e,
                           const struct network *network, int64_t *id_r);
/* Writes state and comment; OUT_CONFLICT: version has moved on. */
enum outcome access_update(struct store *s, const struct access_entry *before,
                           const struct access_entry *after);
enum outcome access_delete(struct store *s, const struct access_entry *e);

#endif
