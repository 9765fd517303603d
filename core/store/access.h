/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access entries as the database keeps them: clients and senders, each in a table of its own. */
#ifndef STORE_ACCESS_H
#define STORE_ACCESS_H

#include "model/access.h"
#include "store/store.h"

enum outcome access_by_id(struct store *s, struct arena *a, enum access_kind kind, int64_t id,
                          struct access_entry *entry_r);
/* Inside a transaction: the row, locked against other changes. */
enum outcome access_lock(struct store *s, struct arena *a, enum access_kind kind, int64_t id,
                         struct access_entry *entry_r);

#endif
