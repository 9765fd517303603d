/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit log: who did what to what, before and after. Written in the change's own transaction;
 * the pages' database user can only read and add. */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "store/store.h"

struct audit_entry {
    int64_t id, at;
    int64_t actor_id;                 /* 0: console */
    const char *actor;                /* address, or "console (unix user)" */
    const char *via;                  /* "web", "json", "cli" */
    const char *action;               /* "mailbox.add" */
    const char *object_kind, *object; /* "mailbox", "ada@example.org" */
    int64_t object_id, domain_id;     /* 0: none */
    int64_t version;     /* of the object after the change; 0: it is gone, or has none */
    int64_t age;         /* seconds, by the database's clock; not for audit_insert() */
    const char *outcome; /* "done", "refused" */
    const char *before,
        *after; /* JSON objects of field: text; secrets are "(hidden)"; "" for none */
    const char *request_id, *remote, *unix_user;
};

/* id_r: its number; NULL: not wanted. */
enum outcome audit_insert(struct store *s, const struct audit_entry *e, int64_t *id_r);
enum outcome audit_by_id(struct store *s, struct arena *a, int64_t id, struct audit_entry *entry_r);
/* Newest first; the keyset's key is the id in decimal. domain_id, actor_id, object_id: 0 any;
 * object_kind goes with object_id, NULL any. A reader who is not `everything` sees entries of
 * the domains he administers. */
struct audit_filter {
    int64_t domain_id, actor_id, object_id;
    const char *object_kind, *action, *actor;
};
enum outcome audit_list(struct store *s, struct arena *a, const struct reach *reach,
                        const struct audit_filter *f, const struct keyset *k,
                        struct audit_entry **rows_r, size_t *n_r, struct keyset_ends *ends_r);
/* Of one account: what it did, and what was done to it by whomever. Newest first. */
enum outcome audit_own(struct store *s, struct arena *a, int64_t account, const struct keyset *k,
                       struct audit_entry **rows_r, size_t *n_r, struct keyset_ends *ends_r);

#endif
