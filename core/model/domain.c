/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/domain.h"

#include "model/mailbox.h"

#define COUNT_MAX INT64_C(4294967295) /* INT UNSIGNED */
#define LIMIT(member, word, kind, most, text)                                                  \
    FIELD_NAMED(domain, member, word, kind, .column = #member, .max = (most),                  \
                .when = ON_CREATE | ON_EDIT, .edit = SERVER_ADMIN, .label = TEXT_LABEL_##text, \
                .hint = TEXT_HINT_##text)

const struct field domain_fields[] = {
    FIELD_AS(domain, name, FIELD_DOMAIN, .column = "name", .max = 253, .required = true,
             .when = ON_CREATE | ON_EDIT, .edit = SERVER_ADMIN, .label = TEXT_LABEL_DOMAIN,
             .hint = TEXT_HINT_DOMAIN),
    FIELD(domain, description, .column = "description", .max = 255, .when = ON_CREATE | ON_EDIT,
          .edit = SERVER_ADMIN | DOMAIN_ADMIN, .label = TEXT_LABEL_DESCRIPTION,
          .hint = TEXT_HINT_DESCRIPTION),
    LIMIT(limit_mailboxes, "limit_mailboxes", FIELD_INT, COUNT_MAX, LIMIT_MAILBOXES),
    LIMIT(limit_aliases, "limit_aliases", FIELD_INT, COUNT_MAX, LIMIT_ALIASES),
    LIMIT(limit_quota_kb, "limit_quota", FIELD_SIZE, MAILBOX_QUOTA_MAX_KB, LIMIT_QUOTA),
    LIMIT(quota_most_kb, "quota_most", FIELD_SIZE, MAILBOX_QUOTA_MAX_KB, QUOTA_MOST),
    LIMIT(quota_default_kb, "quota_default", FIELD_SIZE, MAILBOX_QUOTA_MAX_KB, QUOTA_DEFAULT),
    {0},
};

int64_t domain_new_quota_kb(const struct domain *d)
{
    return d->quota_default_kb > 0 ? d->quota_default_kb : d->quota_most_kb;
}

int64_t domain_quota_most_kb(const struct domain *d, int64_t own_kb)
{
    int64_t left = d->limit_quota_kb - (d->quota_kb - own_kb);
    if (d->limit_quota_kb == 0)
        return d->quota_most_kb;
    if (d->quota_most_kb > 0 && d->quota_most_kb < left)
        left = d->quota_most_kb;
    return left > 0 ? left : -1;
}
