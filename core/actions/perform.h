/* SPDX-License-Identifier: GPL-3.0-or-later */
/* perform() alone changes anything. It takes a list of changes and does all of them or none:
 * permit, begin, claim the operation id, then for each change lock its object, permit again on
 * what the database holds now (the actor's own rights too), run, and write its audit line;
 * commit. A refusal of somebody signed in is written to the audit log too. The same call serves
 * a page, JSON, one chunk of a bulk job, an import and the command line. Passwords are judged
 * and hashed before the transaction begins. */
#ifndef ACTIONS_PERFORM_H
#define ACTIONS_PERFORM_H

#include "actions/permit.h"
#include "auth/login.h"
#include "model/input.h"
#include "store/invite.h"

/* One change. The caller fills the first group. */
struct change {
    enum action_id action;
    struct object on;           /* as loaded for the page; locked and read anew inside */
    struct input *input;        /* NULL: none; its errors are filled in on OUT_WRONG */
    const struct field *fields; /* of an action whose fields a theme makes; else NULL */
    int64_t version;  /* the row version the form was made from; 0: whatever is there (command
                                     line, JSON without one is refused by the pages) */
    bool generate;    /* make the password and tell it in `secret` */
    bool no_password; /* a new mailbox without one: nobody can sign in yet */
    bool invite;      /* a new mailbox whose owner sets it by a one-time link; so it is too where
                       * nothing is said of a password */
    const struct audit_entry *undoes; /* made by undo_change() from that line; NULL */
    /* filled by perform() */
    const char *object_name; /* the normal form of what was stored or touched */
    int64_t object_id,
        object_version;   /* object_version: as it is after the change; 0: gone or unknown */
    const char *secret;   /* a generated password to show once; NULL */
    const char *link;     /* what stands in a one-time link, to show once; NULL */
    int64_t line;         /* of the audit log; 0: none was written, or several */
    bool unchanged;       /* it was so already */
    enum outcome verdict; /* OUT_OK but for the one that kept all others from being done;
                              perform_rehearse(): of each */
    enum text_key refusal; /* why OUT_DENIED, OUT_CONFLICT or OUT_BUSY, TEXT_NONE: the plain reason */
    const char *refusal_arg;
    const void *theirs; /* OUT_CONFLICT by version: the entity as it is now (struct domain,
                                     mailbox ...); NULL when it is there already or not any more: then the error
                                     stands at its field too */
    int64_t theirs_version;
};

/* What perform needs besides: one per process. */
struct workshop {
    struct store *store;
    const struct login_rules *login;
    int64_t super_admin; /* option super_admin: an id that counts as super admin; 0: none */
    bool (*theme_exists)(void *ctx, const char *name);
    /* Why it must not be worn, by all or by who tries it on, in the arena; NULL: it may. May be NULL itself. */
    const char *(*theme_problem)(void *ctx, struct arena *a, const char *name, bool by_all);
    void *theme_ctx;
};

/* Which operation this is, for exactly-once: `id` as the form carried it (NULL: not repeatable),
 * fields_hash over everything that was sent but tokens and secrets' plain text. */
struct operation {
    const char *id;
    unsigned char fields_hash[SHA256_BYTES];
};

/* OUT_OK: done (or was done before by the same operation: repeated_r true, object_name as then;
 * nothing ran again and no secret is shown). OUT_WRONG: errors at the inputs. OUT_DENIED,
 * OUT_ABSENT: permit's answer, or refusal TEXT_REAUTHENTICATE where the action CONFIRMS and
 * neither the session nor the field `current` does. OUT_CONFLICT: version, or the thing is there
 * already. OUT_BUSY: deadlock three times, or throttled. OUT_UNAVAILABLE, OUT_UNCERTAIN. Unless
 * OUT_OK or OUT_UNCERTAIN, nothing was changed. */
enum outcome perform(struct workshop *w, struct arena *a, const struct actor *who,
                     struct change *changes, size_t n, const struct operation *operation,
                     bool *repeated_r);

/* What perform() would say to each change if they were sent now: all of them are run in their
 * order, in one transaction that is rolled back. No password is asked for, nothing is written
 * to the audit log. OUT_OK: each has its `verdict`, with refusal, input errors and `unchanged`
 * as perform() fills them. Else OUT_BUSY, OUT_UNAVAILABLE, or OUT_DENIED: the actor is gone. */
enum outcome perform_rehearse(struct workshop *w, struct arena *a, const struct actor *who,
                              struct change *changes, size_t n);

/* Is such a change made from one version of its object (VERSIONED)? */
bool action_is_about_version(enum action_id what);
/* Does it set a password, so that it may ask for one to be made? */
bool action_sets_password(enum action_id what);

/* For a form sent again whose object is gone by now (its deletion): was this operation done?
 * OUT_OK: the change is filled in as perform() does for a repeated one. OUT_ABSENT: no. */
enum outcome perform_repeated(struct workshop *w, struct arena *a, const struct actor *who,
                              const struct operation *operation, struct change *change);

/* Who stands before the door with what stands in a one-time link: the account that it is for,
 * with `administers`, as the database has it now. OUT_ABSENT: made up, used, ended or past its
 * time, or whoever made it may not do so any more; all alike. OUT_BUSY: too many that did not
 * fit came from there (throttled by itself), wait_s_r seconds to wait. hash_r: for
 * actor.invite. */
enum outcome invite_open(struct workshop *w, struct arena *a, const char *token, const char *remote,
                         struct mailbox *account_r, unsigned char hash_r[SHA256_BYTES],
                         int64_t *wait_s_r);

/* Audit line of a refusal that never reached perform (a GET). Best effort; nothing for nobody. */
void audit_refusal(struct workshop *w, struct arena *a, const struct actor *who,
                   enum action_id what, const struct object *on);

#endif
