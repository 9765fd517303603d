/* SPDX-License-Identifier: GPL-3.0-or-later */
/* perform() alone changes anything. It takes a list of changes and does all of them or none: permit, begin,
 * claim the operation id, then for each change lock its object, permit again on what the database holds now,
 * run, and write its audit line; commit. A refusal of somebody signed in is written to the audit log too. The
 * same call serves a page, JSON, one chunk of a bulk job, an import and the command line. */
#ifndef ACTIONS_PERFORM_H
#define ACTIONS_PERFORM_H

#include "actions/permit.h"
#include "auth/login.h"

/* One change. The caller fills the first group. */
struct change {
    enum action_id action;
    struct object on;             /* as loaded for the page; locked and read anew inside */
    struct input *input;          /* NULL: none; its errors are filled in on OUT_WRONG */
    int64_t version;              /* the row version the form was made from; 0: whatever is there (command
                                     line, JSON without one is refused by the pages) */
    /* filled by perform() */
    const char *object_name;      /* the normal form of what was stored or touched */
    int64_t object_id, object_version;
    const char *secret;           /* a generated password to show once; NULL */
    enum text_key refusal;        /* why OUT_DENIED or OUT_CONFLICT, TEXT_NONE: the plain reason */
    const char *refusal_arg;
    const void *theirs;           /* OUT_CONFLICT by version: the entity as it is now (struct domain or mailbox) */
};

/* What perform needs besides: one per process. */
struct workshop {
    struct store *store;
    const struct login_rules *login;
    int64_t super_admin;          /* option super_admin: an id that counts as super admin; 0: none */
    bool (*theme_exists)(void *ctx, const char *name);
    void *theme_ctx;
};

/* Which operation this is, for exactly-once: `id` as the form carried it (NULL: not repeatable), fields_hash
 * over everything that was sent but tokens and secrets' plain text. */
struct operation {
    const char *id;
    unsigned char fields_hash[SHA256_BYTES];
};

/* OUT_OK: done (or was done before by the same operation: repeated_r true, object_name as then; nothing ran
 * again and no secret is shown). OUT_WRONG: errors at the inputs. OUT_DENIED, OUT_ABSENT: permit's answer. OUT_CONFLICT:
 * version, or the thing is there already. OUT_BUSY: deadlock three times. OUT_UNAVAILABLE, OUT_UNCERTAIN.
 * Unless OUT_OK or OUT_UNCERTAIN, nothing was changed. */
enum outcome perform(struct workshop *w, struct arena *a, const struct actor *who, struct change *changes,
                     size_t n, const struct operation *operation, bool *repeated_r);

/* Audit line of a refusal that never reached perform (a GET). Best effort. */
void audit_refusal(struct workshop *w, struct arena *a, const struct actor *who, enum action_id what,
                   const struct object *on);

#endif
