/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Things as values: the records Domain, Mailbox, Alias, Policy and AuditRow of the contract without what
 * belongs to a page (URLs, switches). Pages add those; the command line prints them as they are,
 * so that both give the same JSON. */
#ifndef PAGES_RECORDS_H
#define PAGES_RECORDS_H

#include "actions/permit.h"
#include "model/admin.h"
#include "model/access.h"
#include "model/domain.h"
#include "model/mailbox.h"
#include "model/policy.h"
#include "model/relay.h"
#include "store/alias.h"
#include "store/audit.h"
#include "store/invite.h"
#include "view/value.h"

void record_domain(struct arena *a, struct value *v, const struct domain *d);
/* Used and limit of what a domain may have. */
void record_limits(struct value *v, const struct domain *d);
void record_mailbox(struct arena *a, struct value *v, const struct mailbox *m);
/* A field's value: numbers as such, sizes in bytes; nothing for what is not set. */
void record_value(struct arena *a, struct value *v, const char *key, const struct field *f,
                  int64_t number, const char *text);
/* The same of what is stored. */
void record_field(struct arena *a, struct value *v, const char *key, const struct field *f,
                  const void *entity);
/* What a policy does, in a few phrases. */
void record_summary(struct arena *a, enum locale locale, struct value *list,
                    const struct policy *policy);
/* `whole`: with what is server admins' business alone. */
void record_policy(struct arena *a, enum locale locale, struct value *v, const struct policy *p,
                   bool whole);
/* `whole`: with the next hop, which is the server admins'. */
void record_relay(struct arena *a, struct value *v, const struct relay *r, bool whole);
/* Who made a one-time link, when, and until when it works; nothing of the link. */
void record_invite(struct arena *a, struct value *v, const struct invite *i);
void record_relay_recipient(struct arena *a, struct value *v, const struct relay_recipient *r);
void record_alias(struct arena *a, struct value *v, const struct alias *alias);
void record_admin(struct arena *a, struct value *v, const struct admin *d);
void record_access(struct arena *a, struct value *v, const struct access_entry *e);
void record_audit(struct value *v, const struct audit_entry *e);

/* "mailbox", "disabled", "alias", "catchall", "dead" or "elsewhere": where a destination leads, as far
 * as the reader may know. */
const char *target_state(const struct actor *who, const struct alias_target *target);
/* Where an alias leads, and what is the matter with that. */
struct alias_warning {
    enum text_key text;
    const char *arg; /* for its %s */
};
struct alias_view {
    struct alias_target *targets;
    struct alias_warning *warnings;
    size_t targets_n, warnings_n;
};
enum outcome alias_look(struct store *s, struct arena *a, const struct actor *who,
                        const struct alias *alias, struct alias_view *view_r);

#endif
