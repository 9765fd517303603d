/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policies as the database keeps them, and who chose which. */
#ifndef STORE_POLICY_H
#define STORE_POLICY_H

#include "model/policy.h"
#include "store/store.h"

enum { POLICY_LAYERS = 3, POLICY_CHOICES = 200, POLICY_USERS = 5 };

enum outcome policy_by_id(struct store *s, struct arena *a, int64_t id, struct policy *policy_r);
enum outcome policy_find(struct store *s, struct arena *a, const char *name,
                         struct policy *policy_r);
/* Inside a transaction: the row, locked against other changes; without the counts. */
enum outcome policy_lock(struct store *s, struct arena *a, int64_t id, struct policy *policy_r);
/* By name, in small letters first; with the counts of who chose each, which end at POLICY_COUNTED. */
enum outcome policy_list(struct store *s, struct arena *a, const struct keyset *k,
                         struct policy **rows_r, size_t *n_r, struct keyset_ends *ends_r);
enum outcome policy_count(struct store *s, int64_t *n_r);
/* What may be chosen: those that are offered, or all; and the one that is chosen now. */
enum outcome policy_choices(struct store *s, struct arena *a, bool all, int64_t chosen,
                            struct policy **rows_r, size_t *n_r);
/* In force for an account, or for a domain's accounts that chose none: POLICY_LAYERS rows at most,
 * the account's own first; `layer` says whose. */
enum outcome policy_layers_of_mailbox(struct store *s, struct arena *a, int64_t id,
                                      struct policy **rows_r, size_t *n_r);
enum outcome policy_layers_of_domain(struct store *s, struct arena *a, int64_t id,
                                     struct policy **rows_r, size_t *n_r);

/* OUT_CONFLICT: the name is taken. */
enum outcome policy_insert(struct store *s, struct arena *a, const struct policy *p, int64_t *id_r);
enum outcome policy_update(struct store *s, struct arena *a, const struct policy *before,
                           const struct policy *p);
/* OUT_CONFLICT: somebody uses it. */
enum outcome policy_delete(struct store *s, int64_t id, int64_t version);
/* No policy but this one is the server's default. */
enum outcome policy_yield_default(struct store *s, int64_t id);
/* Addresses and domains that chose it, POLICY_USERS of each at most. */
enum outcome policy_users(struct store *s, struct arena *a, int64_t id, const char ***names_r,
                          size_t *n_r);

/* What an account or a domain chose; 0: nothing. */
enum outcome policy_of_mailbox(struct store *s, int64_t id, int64_t *policy_r);
enum outcome policy_of_domain(struct store *s, int64_t id, int64_t *policy_r);
enum outcome policy_choose_mailbox(struct store *s, int64_t id, int64_t version, int64_t policy);
enum outcome policy_choose_domain(struct store *s, int64_t id, int64_t version, int64_t policy);

#endif
