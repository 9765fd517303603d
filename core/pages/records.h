/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Things as values: the records Domain, Mailbox and AuditRow of the contract without what
 * belongs to a page (URLs, switches). Pages add those; the command line prints them as they are,
 * so that both give the same JSON. */
#ifndef PAGES_RECORDS_H
#define PAGES_RECORDS_H

#include "model/domain.h"
#include "model/mailbox.h"
#include "store/audit.h"
#include "view/value.h"

void record_domain(struct arena *a, struct value *v, const struct domain *d);
/* Used and limit of what a domain may have. */
void record_limits(struct value *v, const struct domain *d);
void record_mailbox(struct arena *a, struct value *v, const struct mailbox *m);
void record_audit(struct value *v, const struct audit_entry *e);

#endif
