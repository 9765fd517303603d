/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Relay domains and their known recipients as the database keeps them. Names are A-labels. */
#ifndef STORE_RELAY_H
#define STORE_RELAY_H

#include "model/relay.h"
#include "store/store.h"

enum outcome relay_find(struct store *s, struct arena *a, const char *domain,
                        struct relay *relay_r);
enum outcome relay_by_id(struct store *s, struct arena *a, int64_t id, struct relay *relay_r);
/* Inside a transaction: the row, locked against other changes; `listed` is not filled. */
enum outcome relay_lock(struct store *s, struct arena *a, int64_t id, struct relay *relay_r);
/* By domain, one statement; key of the keyset is the domain. */
enum outcome relay_list(struct store *s, struct arena *a, const struct keyset *k,
                        struct relay **rows_r, size_t *n_r, struct keyset_ends *ends_r);
enum outcome relay_count(struct store *s, int64_t *n_r);

/* OUT_CONFLICT: it is here already. OUT_CONFLICT or OUT_DENIED with SIGNAL_HOSTED: it is hosted. */
enum outcome relay_insert(struct store *s, const struct relay *r, int64_t *id_r);
/* Writes recipients, transport and description; OUT_CONFLICT: version has moved on. */
enum outcome relay_update(struct store *s, const struct relay *before, const struct relay *after);
/* With its recipients. */
enum outcome relay_delete(struct store *s, int64_t id, int64_t version);

/* By name; key of the keyset is the part before the @. */
enum outcome relay_recipients(struct store *s, struct arena *a, int64_t relay_id,
                              const struct keyset *k, struct relay_recipient **rows_r, size_t *n_r,
                              struct keyset_ends *ends_r);
enum outcome relay_recipient_find(struct store *s, struct arena *a, int64_t relay_id,
                                  const char *user, struct relay_recipient *recipient_r);
/* OUT_CONFLICT: it is in the list already; OUT_WRONG or OUT_DENIED: the address gets too long. */
enum outcome relay_recipient_insert(struct store *s, int64_t relay_id, const char *user,
                                    int64_t *id_r);
/* OUT_CONFLICT: it is not there. */
enum outcome relay_recipient_delete(struct store *s, int64_t relay_id, const char *user);

#endif
