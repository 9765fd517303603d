/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mailbox: an account that receives mail and may sign in (table virtual_users). */
#ifndef MODEL_MAILBOX_H
#define MODEL_MAILBOX_H

#include <stdint.h>

#include "model/field.h"

#define MAILBOX_QUOTA_MAX_KB (INT64_C(1) << 40) /* 1024 TB */

struct mailbox {
    int64_t id, domain_id, version, created;
    const char *email, *local_part, *domain; /* domain: its name, A-label */
    const char *name;                        /* "" for none */
    int64_t level;                           /* enum level */
    int64_t active;
    int64_t quota_kb, quota_messages;             /* 0: no limit */
    int64_t used_bytes, used_messages, last_seen; /* as Dovecot wrote them; 0: unknown */
    const char *maildir;                          /* '' = domain/local_part */
    const char *language;                         /* a locale's tag; '': as the browser asks */
    /* Ids of the domains it administers; filled where one mailbox is read, not in lists. */
    const int64_t *administers;
    size_t administers_n;
    int64_t administers_any; /* lists: is there one? */
};

/* How a mailbox is used, as lists find them: by what Dovecot writes, so by no index. Nearly full is
 * from 90 % of its space or its messages on; never signed in: neither to mail nor here, now. */
enum mailbox_use { USE_ANY, USE_NEARLY_FULL, USE_NEVER_SIGNED_IN };
/* By its word, "nearly-full" or "never-signed-in"; false: there is none such. */
bool mailbox_use_of(const char *word, enum mailbox_use *use_r);
/* The word; "" of any. */
const char *mailbox_use_word(enum mailbox_use use);

/* local_part (on create), name, password (on create), quota (size), quota_messages, active. */
extern const struct field mailbox_fields[];
/* password: set for another account. */
extern const struct field password_set_fields[];
/* password: by a one-time link. */
extern const struct field invite_fields[];
/* current, password: one's own. */
extern const struct field password_change_fields[];
/* language: one's own. */
extern const struct field language_fields[];
/* address: who becomes an administrator of a domain. */
extern const struct field domain_admin_fields[];
/* email, password: the log-in form. */
extern const struct field login_fields[];
/* current: one's own password, for changes that ask again and take nothing else. The tables of
 * changes that confirm have a row `current` too; it is never required by the table. */
extern const struct field confirm_fields[];
/* name typed again: the deletion of a domain. */
extern const struct field typed_name_fields[];
/* theme: the site's theme. */
extern const struct field theme_preview_fields[];

#endif
