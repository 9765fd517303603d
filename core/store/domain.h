/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Domains as the database keeps them. Names are A-labels. */
#ifndef STORE_DOMAIN_H
#define STORE_DOMAIN_H

#include "model/domain.h"
#include "store/store.h"

enum outcome domain_find(struct store *s, struct arena *a, const char *name,
                         struct domain *domain_r);
enum outcome domain_by_id(struct store *s, struct arena *a, int64_t id, struct domain *domain_r);
/* By name, one statement; key of the keyset is the name. */
enum outcome domain_list(struct store *s, struct arena *a, const struct reach *reach,
                         const struct keyset *k, struct domain **rows_r, size_t *n_r,
                         struct keyset_ends *ends_r);

/* The bare names of all hosted domains; key: the name. */
enum outcome domain_name_list(struct store *s, struct arena *a, const struct keyset *k,
                              const char ***rows_r, size_t *n_r, struct keyset_ends *ends_r);

/* Inside a transaction: the row, locked against other changes and against whoever asks its limits;
 * the counts as they are behind that lock. */
enum outcome domain_lock(struct store *s, struct arena *a, int64_t id, struct domain *domain_r);
/* OUT_CONFLICT: the name is hosted or relayed already. id_r: the new one. */
enum outcome domain_insert(struct store *s, const struct domain *d, int64_t *id_r);
/* Writes name, description and limits; OUT_CONFLICT: version has moved on, or the name is taken. A
 * new name also rewrites destinations and access entries that name the old addresses, quota2,
 * last_login. */
enum outcome domain_update(struct store *s, struct arena *a, const struct domain *before,
                           const struct domain *after);
/* With its mailboxes and aliases. */
enum outcome domain_delete(struct store *s, int64_t id, int64_t version);
struct mailbox_brief {
    int64_t id, level;
    const char *email;
    bool administers_elsewhere; /* administers a domain other than this one */
};
/* Addresses of accounts in this domain with a level above LEVEL_USER, at most `max`, locked when
 * inside a transaction; they keep a domain from being deleted or renamed by who may not touch
 * them. */
enum outcome domain_privileged(struct store *s, struct arena *a, int64_t id, size_t max,
                               struct mailbox_brief **rows_r, size_t *n_r);
/* Who administers it, by address. key: email. */
struct domain_admin {
    int64_t id, level, active, last_seen;
    const char *email, *name;
};
enum outcome domain_admins(struct store *s, struct arena *a, int64_t domain_id,
                           struct domain_admin **rows_r, size_t *n_r);
/* OUT_CONFLICT: does already / does not. */
enum outcome domain_admin_insert(struct store *s, int64_t domain_id, int64_t user_id);
enum outcome domain_admin_delete(struct store *s, int64_t domain_id, int64_t user_id);
/* The domains an account administers. */
enum outcome domains_of_admin(struct store *s, struct arena *a, int64_t user_id,
                              struct domain **rows_r, size_t *n_r);

/* Whole numbers from the counters, constant time. */
struct site_numbers {
    int64_t domains, mailboxes, aliases;
};
enum outcome site_numbers(struct store *s, const struct reach *reach,
                          struct site_numbers *numbers_r);

#endif
