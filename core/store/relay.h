/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Relay domains as the database keeps them. Names are A-labels. */
#ifndef STORE_RELAY_H
#define STORE_RELAY_H

#include "model/relay.h"
#include "store/store.h"

enum outcome relay_find(struct store *s, struct arena *a, const char *domain,
                        struct relay *relay_r);
enum outcome relay_by_id(struct store *s, struct arena *a, int64_t id, struct relay *relay_r);
/* Inside a transaction: the row, locked against other changes. */
enum outcome relay_lock(struct store *s, struct arena *a, int64_t id, struct relay *relay_r);

#endif
