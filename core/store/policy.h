/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policies as the database keeps them. */
#ifndef STORE_POLICY_H
#define STORE_POLICY_H

#include "model/policy.h"
#include "store/store.h"

enum outcome policy_by_id(struct store *s, struct arena *a, int64_t id, struct policy *policy_r);
/* Inside a transaction: the row, locked against other changes. */
enum outcome policy_lock(struct store *s, struct arena *a, int64_t id, struct policy *policy_r);

#endif
