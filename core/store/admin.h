/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who administers what, as the pages list it. */
#ifndef STORE_ADMIN_H
#define STORE_ADMIN_H

#include "model/admin.h"
#include "store/store.h"

/* Who administers anything: first those of the server, then those of domains alone, each in the
 * order of their ids; with a prefix whose address starts so. One statement; key: admin_key(). */
enum outcome admin_list(struct store *s, struct arena *a, const struct keyset *k,
                        struct admin **rows_r, size_t *n_r, struct keyset_ends *ends_r);
/* "s17", "d23" */
const char *admin_key(struct arena *a, const struct admin *row);

#endif
