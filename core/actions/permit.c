/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/permit.h"

#include <assert.h>
#include <stddef.h>

#include "actions/undo.h"

/* Is the object that the action speaks of there, and may the actor know? */
static bool is_known(const struct actor *who, enum object_kind kind, const struct object *on,
                     unsigned roles)
{
    switch (kind) {
    case ON_SITE: return true;
    case ON_SELF: return on->mailbox == NULL || (roles & OWNER) != 0;
    case ON_DOMAIN: return on->domain != NULL && (roles & (SERVER_ADMIN | DOMAIN_ADMIN)) != 0;
    case ON_MAILBOX:
        return on->mailbox != NULL && (roles & (SERVER_ADMIN | DOMAIN_ADMIN | OWNER)) != 0;
    case ON_ALIAS: return on->alias != NULL && (roles & (SERVER_ADMIN | DOMAIN_ADMIN)) != 0;
    case ON_RELAY: return on->relay != NULL && (roles & (SERVER_ADMIN | OPENED_LIST)) != 0;
    case ON_POLICY: return on->policy != NULL && (roles & (SERVER_ADMIN | OPENED_LIST)) != 0;
    case ON_ACCESS: return on->access != NULL && (roles & (SERVER_ADMIN | OPENED_LIST)) != 0;
    case ON_INVITE: return on->mailbox != NULL && (roles & INVITED) != 0;
    case ON_AUDIT_ENTRY:
        return on->entry != NULL && (roles & (SERVER_ADMIN | DOMAIN_ADMIN | OWNER)) != 0;
    case OBJECT_KINDS: break;
    }
    assert(who == NULL);
    return false;
}

/* Whoever does it decides who comes in next, or who does not. */
static bool opens_account(enum action_id what)
{
    return what == ACTION_PASSWORD_SET || what == ACTION_MAILBOX_INVITE ||
           what == ACTION_INVITE_WITHDRAW;
}

/* The rules about an account that its power and the actor's decide. */
static enum text_key account_refusal(const struct actor *who, enum action_id what,
                                     const struct mailbox *account, unsigned roles)
{
    enum level level = account_level(account);
    bool own = (roles & OWNER) != 0;
    if (what == ACTION_MAILBOX_DELETE && level == LEVEL_SUPER_ADMIN &&
        (own || (roles & (CONSOLE | SUPER_ADMIN)) != 0))
        return TEXT_SUPER_ADMIN_STAYS;
    if (opens_account(what) && (roles & CONSOLE) != 0)
        return TEXT_NONE; /* also a super admin's: the way back in */
    if (own && (what == ACTION_MAILBOX_DELETE || opens_account(what)))
        return TEXT_OWN_ACCOUNT; /* one's own password is changed with the current one */
    if ((actions[what].flags & TOUCHES_ACCOUNT) != 0 && !actor_covers(who, account))
        return TEXT_MAILBOX_PROTECTED;
    bool of_server = what == ACTION_SERVER_ADMIN_ADD || what == ACTION_SERVER_ADMIN_REMOVE;
    return of_server && level == LEVEL_SUPER_ADMIN ? TEXT_MAILBOX_PROTECTED : TEXT_NONE;
}

/* Undo is for what is not final, and for ten minutes; it is not undone itself. */
static enum text_key undo_refusal(const struct audit_entry *e)
{
    if (!undo_is_offered(e))
        return TEXT_UNDO_FINAL;
    return e->age > UNDO_SECONDS ? TEXT_UNDO_LATE : TEXT_NONE;
}

/* What privacy_level opens are entries that accept or refuse. */
static enum text_key access_refusal(enum action_id what, const struct access_entry *entry,
                                    unsigned roles)
{
    bool reads = (actions[what].flags & READS) != 0;
    return !reads && (roles & SERVER_ADMIN) == 0 && !access_is_plain(entry) ? TEXT_ACCESS_PROTECTED
                                                                            : TEXT_NONE;
}

/* The server's default is everybody's. */
static enum text_key policy_refusal(enum action_id what, const struct policy *policy,
                                    unsigned roles)
{
    bool reads = (actions[what].flags & READS) != 0;
    return !reads && policy->server_default != 0 && (roles & SERVER_ADMIN) == 0
               ? TEXT_POLICY_OF_SERVER
               : TEXT_NONE;
}

/* A catch-all is a right of its own; an alias at an account's address decides over its mail. */
static enum text_key alias_refusal(const struct actor *who, enum action_id what,
                                   const struct alias *alias, unsigned roles)
{
    struct mailbox account = alias_account(alias);
    if ((actions[what].flags & READS) != 0)
        return TEXT_NONE;
    if (alias->source[0] == '\0' && (roles & actions[ACTION_ALIAS_CATCH_ALL].roles) == 0)
        return TEXT_CATCH_ALL_RIGHT;
    return account.id != 0 && !actor_covers(who, &account) ? TEXT_ALIAS_PROTECTED : TEXT_NONE;
}

enum outcome permit_why(const struct actor *who, enum action_id what, const struct object *on,
                        enum text_key *why_r)
{
    static const struct object nothing;
    assert(what < ACTION_COUNT);
    const struct action *action = &actions[what];
    if (on == NULL)
        on = &nothing;
    /* Without an object of its own, an action asks for what the actor is at all. */
    bool about_all = action->on == ON_SITE;
    unsigned roles = actor_roles(who, about_all ? NULL : on);
    *why_r = TEXT_NONE;
    if (actor_is_anybody(who)) {
        *why_r = TEXT_SIGN_IN_FIRST;
        return OUT_DENIED;
    }
    if (!is_known(who, action->on, on, roles))
        return OUT_ABSENT;
    if ((roles & action->roles) == 0)
        *why_r = what == ACTION_UNDO ? TEXT_UNDO_OTHERS : TEXT_NOT_ALLOWED;
    else if (action->on == ON_MAILBOX)
        *why_r = account_refusal(who, what, on->mailbox, roles);
    else if (what == ACTION_UNDO)
        *why_r = undo_refusal(on->entry);
    else if (action->on == ON_POLICY)
        *why_r = policy_refusal(what, on->policy, roles);
    else if (action->on == ON_ALIAS)
        *why_r = alias_refusal(who, what, on->alias, roles);
    else if (action->on == ON_ACCESS)
        *why_r = access_refusal(what, on->access, roles);
    return *why_r == TEXT_NONE ? OUT_OK : OUT_DENIED;
}

enum outcome permit(const struct actor *who, enum action_id what, const struct object *on)
{
    enum text_key why;
    return permit_why(who, what, on, &why);
}
