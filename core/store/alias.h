/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Aliases as the database keeps them: a row for each destination, told apart by the id of the
 * oldest. Sources are local parts in lower case, "" for a catch-all. */
#ifndef STORE_ALIAS_H
#define STORE_ALIAS_H

#include "model/alias.h"
#include "store/store.h"

/* id: of any of its rows. */
enum outcome alias_by_id(struct store *s, struct arena *a, int64_t id, struct alias *alias_r);
/* Inside a transaction: its domain, then its rows, locked against other changes. */
enum outcome alias_lock(struct store *s, struct arena *a, int64_t id, struct alias *alias_r);
/* The active ones around an address, a row for each pair: those that lead to it, and those that
 * lead away from it; at most ALIASES_AROUND of either. */
enum { ALIASES_AROUND = 20 };
struct alias_pair {
    const char *source, *destination; /* whole addresses; of a catch-all "@example.org" */
};
enum outcome aliases_around(struct store *s, struct arena *a, const char *email,
                            struct alias_pair **rows_r, size_t *n_r);

#endif
