/* SPDX-License-Identifier: GPL-3.0-or-later */
/* permit() alone answers who may do what to what. The rows of actions.def say which roles may;
 * two rules stand above them: nobody touches an account (password, sessions, state, name, quota,
 * rights, an alias at its address, its domain's name or existence) that may do anything he may not
 * do himself; and what an actor may not know of looks like what is not there. */
#ifndef ACTIONS_PERMIT_H
#define ACTIONS_PERMIT_H

#include <stdbool.h>

#include "base/outcome.h"
#include "model/access.h"
#include "model/admin.h"
#include "model/alias.h"
#include "model/domain.h"
#include "model/mailbox.h"
#include "model/policy.h"
#include "model/relay.h"
#include "store/audit.h"
#include "store/store.h"

enum action_id {
#define ACTION(id, name, roles, on, run, fields, flags) ACTION_##id,
#include "actions/actions.def"
#undef ACTION
    ACTION_COUNT
};

/* What kind of object an action is asked about; each has a row in actions/object.c. */
enum object_kind {
    ON_SITE,
    ON_DOMAIN,
    ON_MAILBOX,
    ON_ALIAS,
    ON_RELAY,
    ON_POLICY,
    ON_ACCESS,
    ON_AUDIT_ENTRY,
    ON_SELF,
    ON_INVITE, /* a mailbox, to whoever holds a one-time link to it */
    OBJECT_KINDS
};

/* Flags of an action. */
enum {
    TOUCHES_ACCOUNT = 1, /* the account's power must be within the actor's */
    TOUCHES_DOMAIN =
        2,        /* no account of the domain may have more power than the actor (delete, rename) */
    CONFIRMS = 4, /* the actor's password within the last 5 minutes (log-in counts) */
    READS = 8,    /* changes nothing: GET only */
    CREATES = 16, /* makes a new thing, of the kind its name begins with; its fields are those of
                     ON_CREATE */
    VERSIONED = 32,    /* made from one version of its object; adding to a domain, say, is not */
    FILLS_DOMAIN = 64, /* asks the limits of its object's domain: that row is locked first */
    LEADS_MAIL =
        128 /* changes where mail goes: one at a time, and looked at whether it goes round in
                          a circle */
};

/* Who asks. Lives as long as the request; `account` is NULL for nobody and for the console. */
struct actor {
    const struct mailbox *account; /* with `administers` filled */
    bool console;
    bool confirmed;                  /* re-authenticated recently; true for the command line */
    const char *unix_user;           /* console and --as: who ran the command */
    const char *via;                 /* "web", "json", "cli" */
    const char *remote, *request_id; /* for the audit line */
    const unsigned char *session; /* token hash: the session that survives a password change; NULL */
    const unsigned char *invite; /* token hash: who holds a one-time link to `account`; else NULL */
};

/* What it is asked about; NULL members where the kind has none. */
struct object {
    const struct domain *domain;   /* also of a mailbox or alias (its id and name at least) */
    const struct mailbox *mailbox; /* with `administers` filled */
    const struct alias *alias;
    const struct relay *relay;
    const struct policy *policy;
    const struct access_entry *access;
    const struct audit_entry *entry;
    const char *theme; /* of actions on the site */
};

struct action {
    const char *name; /* "mailbox.add" */
    unsigned roles;
    enum object_kind on;
    const struct field *fields; /* what may be sent with it; NULL: nothing */
    unsigned flags;
    const char *label; /* in words, for the audit log: "Add mailbox" */
};
extern const struct action actions[ACTION_COUNT];
/* By name; ACTION_COUNT: there is none. */
enum action_id action_find(const char *name);

/* OUT_OK; OUT_DENIED: knows of the object but may not; OUT_ABSENT: may not know of it (the same
 * answer as for what is not there, which is asked with the member NULL). Nobody (no session)
 * gets OUT_DENIED whatever is there. Pure: asks the database nothing. TOUCHES_DOMAIN is asked
 * again inside the transaction by perform(), which sees the domain's accounts; CONFIRMS by
 * perform() alone, so that a button shows. */
enum outcome permit(const struct actor *who, enum action_id what, const struct object *on);
/* The same, and the plain reason of OUT_DENIED (TEXT_NONE else). */
enum outcome permit_why(const struct actor *who, enum action_id what, const struct object *on,
                        enum text_key *why_r);

/* The actor's roles towards an object (role bits of model/role.h). */
unsigned actor_roles(const struct actor *who, const struct object *on);
/* May everything that this account may do be done by the actor as well? Admins' accounts need a
 * higher level: server admins do not cover one another, a super admin covers himself alone among
 * super admins. */
bool actor_covers(const struct actor *who, const struct mailbox *account);
/* Which lists he sees. */
struct reach actor_reach(const struct actor *who);
bool actor_is_anybody(const struct actor *who); /* no session, not the console */
/* "ada@example.org", "console (root)", "" for nobody. */
const char *actor_name(struct arena *a, const struct actor *who);

/* Option super_admin: this account counts as super admin whatever its row says, wherever a level
 * is asked for. Once at the start of each process; 0: none. */
void super_admin_honour(int64_t id);
/* The level in force. Also of rows that only a list brought. */
enum level account_level(const struct mailbox *account);
/* Option privacy_level: what is open to domain admins besides their own (OPENED_LIST ... of
 * model/role.h). Once at the start of each process. */
void privacy_honour(int64_t level);

#endif
