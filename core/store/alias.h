/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Aliases as the database keeps them: a row for each destination, told apart by the id of the
 * oldest. Sources are local parts in lower case, "" for a catch-all. */
#ifndef STORE_ALIAS_H
#define STORE_ALIAS_H

#include <stdbool.h>

#include "model/alias.h"
#include "store/store.h"

/* id: of any of its rows. */
enum outcome alias_by_id(struct store *s, struct arena *a, int64_t id, struct alias *alias_r);
/* By address in normal form, "@example.org" for a catch-all. */
enum outcome alias_find(struct store *s, struct arena *a, const char *email, struct alias *alias_r);
/* Inside a transaction: its domain, its rows, and the account at its address, locked against other
 * changes. */
enum outcome alias_lock(struct store *s, struct arena *a, int64_t id, struct alias *alias_r);
/* The active ones around an address, a row for each pair: those that lead to it, and those that
 * lead away from it; at most ALIASES_AROUND of either. */
enum { ALIASES_AROUND = 20 };
struct alias_pair {
    const char *source, *destination; /* whole addresses; of a catch-all "@example.org" */
};
enum outcome aliases_around(struct store *s, struct arena *a, const char *email,
                            struct alias_pair **rows_r, size_t *n_r);

/* The account at an address that an alias is to stand at: the row is locked. Filled into the
 * alias; account_id 0: there is none. */
enum outcome alias_lock_account(struct store *s, struct arena *a, struct alias *alias);
/* Everything that changes where mail goes comes here first, so that two who each make one half of a
 * circle see each other: the row stays locked to the end of the transaction. */
enum outcome routes_lock(struct store *s);

/* Which of them a list has. */
struct alias_filter {
    int64_t domain_id;  /* 0: all that `reach` allows */
    const char *target; /* only what leads to this address, or any of "@domain"; NULL */
    int active;         /* -1 any, 0, 1 */
    bool catch_all;     /* only those */
};
/* Key of the keyset, as alias_key() tells it: the source within a domain, else the address; with a
 * target always the address. Of catch-alls the prefix is that of the domain. Rows hold the first destinations only (LIST_DESTINATIONS). One statement. */
enum { LIST_DESTINATIONS = 5 };
enum outcome alias_list(struct store *s, struct arena *a, const struct reach *reach,
                        const struct alias_filter *filter, const struct keyset *k,
                        struct alias **rows_r, size_t *n_r, struct keyset_ends *ends_r);

/* What somebody typed to look for, as destinations are kept. What is none leads to nothing. */
const char *alias_target_of(struct store *s, struct arena *a, const char *text);
/* Within a domain, where its own order serves the filter: by the source, else by the address. */
bool alias_is_keyed_by_source(const struct alias_filter *filter);
/* Marks those of a page whose mail comes back to them (`circle`), by destinations that are on and by
 * catch-alls. One statement, which reads ALIASES_FOLLOWED rows at most: behind so many it knows of no more. */
enum { ALIASES_FOLLOWED = 50000 };
enum outcome aliases_mark_circles(struct store *s, struct arena *a, struct alias *rows, size_t n);

const char *alias_key(const struct alias_filter *filter, const struct alias *alias);

/* All of its rows; its own address among them where a copy is kept. OUT_CONFLICT: a destination
 * twice. */
enum outcome alias_insert(struct store *s, struct arena *a, struct alias *alias);
/* By id; the row of that id stays. */
enum outcome alias_update(struct store *s, struct arena *a, const struct alias *before,
                          const struct alias *after);
enum outcome alias_delete(struct store *s, const struct alias *alias);

/* What stands at an address: what Postfix finds there, key by key (docs of virtual(5)). */
struct hop {
    const char *at;          /* the key: the address, it without its +extension, or "@domain" */
    const char *destination; /* "" where a mailbox takes it */
};
enum outcome alias_hops(struct store *s, struct arena *a, const char *address, struct hop **hops_r,
                        size_t *n_r);

/* Those that are on and lead into a domain of that name, hosted here or not: id, domain_id, source,
 * email; at most ALIASES_INTO. */
enum { ALIASES_INTO = 1000 };
enum outcome aliases_into(struct store *s, struct arena *a, const char *domain,
                          struct alias **rows_r, size_t *n_r);

/* Where one destination leads. */
struct alias_target {
    const char *address;
    int64_t domain_id; /* 0: the domain is not hosted here */
    int64_t mailbox;   /* its id; 0: there is none */
    int64_t active;    /* of the mailbox */
    int64_t alias;     /* an alias that is on takes its mail: its id */
    int64_t catch_all; /* so does its domain's catch-all */
};
enum outcome alias_targets(struct store *s, struct arena *a, const struct alias *alias,
                           struct alias_target **rows_r, size_t *n_r);

#endif
