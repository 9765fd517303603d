/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mailboxes (accounts) as the database keeps them. */
#ifndef STORE_MAILBOX_H
#define STORE_MAILBOX_H

#include "model/mailbox.h"
#include "store/store.h"

/* By address in normal form; used space and last log-in come along, `administers` too: one
 * statement. */
enum outcome mailbox_find(struct store *s, struct arena *a, const char *email,
                          struct mailbox *mailbox_r);
enum outcome mailbox_by_id(struct store *s, struct arena *a, int64_t id, struct mailbox *mailbox_r);
/* Inside a transaction: row and rights, locked against other changes. */
enum outcome mailbox_lock(struct store *s, struct arena *a, int64_t id, struct mailbox *mailbox_r);

/* Which of them a list has. */
struct mailbox_filter {
    int64_t domain_id; /* 0: all that `reach` allows */
    int active;        /* -1 any, 0, 1 */
    enum mailbox_use use;
    int64_t of; /* how many there are without a filter, if it is known: spares a statement */
};
/* Key of the keyset: the local part within a domain, else the address. One statement. With `use` it
 * looks at MAILBOXES_LOOKED in their order and keeps what fits, so that an answer takes as long
 * however many there are (ends_r->looked_to says where it stopped); two statements of more than
 * those. */
enum { MAILBOXES_LOOKED = 5000 };
enum outcome mailbox_list(struct store *s, struct arena *a, const struct reach *reach,
                          const struct mailbox_filter *filter, const struct keyset *k,
                          struct mailbox **rows_r, size_t *n_r, struct keyset_ends *ends_r);

/* OUT_CONFLICT: there is one of this name. `hash`: the stored password, with its {SCHEME}; ""
 * for none. */
enum outcome mailbox_insert(struct store *s, const struct mailbox *m, const char *hash,
                            int64_t *id_r);
/* name, quota, active, by id and version. OUT_CONFLICT: the version has moved on. */
enum outcome mailbox_update(struct store *s, const struct mailbox *before,
                            const struct mailbox *after);
enum outcome mailbox_delete(struct store *s, int64_t id, int64_t version);
enum outcome mailbox_set_password(struct store *s, int64_t id, int64_t version, const char *hash);
enum outcome mailbox_set_language(struct store *s, int64_t id, int64_t version,
                                  const char *language);
enum outcome mailbox_set_level(struct store *s, int64_t id, int64_t version, int64_t level);
/* At log-in, when the stored hash is old: changes it only if it is still `old`; no version bump. */
enum outcome mailbox_rehash(struct store *s, int64_t id, const char *old, const char *hash);
/* Aliases with this address as destination. */
enum outcome mailbox_alias_count(struct store *s, const char *email, int64_t *n_r);
/* Active super admins, locked: the last must stay. */
enum outcome mailbox_count_super(struct store *s, int64_t *n_r);

/* For the log-in alone: id and stored hash of an active account; OUT_ABSENT else. */
struct credential {
    int64_t id, version;
    const char *hash;
};
enum outcome credential_find(struct store *s, struct arena *a, const char *email,
                             struct credential *credential_r);
enum outcome credential_by_id(struct store *s, struct arena *a, int64_t id,
                              struct credential *credential_r);

#endif
