/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hosted domain. */
#ifndef MODEL_DOMAIN_H
#define MODEL_DOMAIN_H

#include <stdint.h>

#include "model/field.h"

struct domain {
    int64_t id, version, created; /* created: seconds since 1970, UTC */
    const char *name;             /* A-label */
    const char *description;      /* "" for none */
    /* Limits, 0: none. Of all quotas together; what a new mailbox gets; of one mailbox. */
    int64_t limit_mailboxes, limit_aliases, limit_quota_kb, quota_default_kb, quota_most_kb;
    int64_t mailboxes, aliases, quota_kb; /* from the counters; the sum of the mailboxes' quotas */
};

/* name (on create: server admin; on edit: server admin = rename), description (domain admin
 * too), limits (server admin). */
extern const struct field domain_fields[];

/* What a new mailbox gets if nothing else is said. */
int64_t domain_new_quota_kb(const struct domain *d);
/* The most that a mailbox may be given now which has `own_kb` already; 0: no limit, -1: nothing. */
int64_t domain_quota_most_kb(const struct domain *d, int64_t own_kb);

#endif
