/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/permit.h"

#include <stddef.h>
#include <string.h>

static int64_t honoured;

void super_admin_honour(int64_t id)
{
    honoured = id;
}

static int64_t opened;

void privacy_honour(int64_t level)
{
    opened = level;
}

enum level account_level(const struct mailbox *account)
{
    return honoured != 0 && account->id == honoured ? LEVEL_SUPER_ADMIN
                                                    : (enum level)account->level;
}

/* The console stands where a server admin does. */
static enum level actor_level(const struct actor *who)
{
    return who->console                                  ? LEVEL_SERVER_ADMIN
           : who->account != NULL && who->invite == NULL ? account_level(who->account)
                                                         : LEVEL_USER;
}

static bool administers(const struct mailbox *account, int64_t domain_id)
{
    for (size_t i = 0; i < account->administers_n; i++) {
        if (account->administers[i] == domain_id)
            return true;
    }
    return false;
}

bool actor_is_anybody(const struct actor *who)
{
    return who->account == NULL && !who->console;
}

/* The domain that an object belongs to; 0: none. */
static int64_t object_domain(const struct object *on)
{
    if (on->mailbox != NULL)
        return on->mailbox->domain_id;
    if (on->alias != NULL)
        return on->alias->domain_id;
    if (on->domain != NULL)
        return on->domain->id;
    return on->entry != NULL ? on->entry->domain_id : 0;
}

static bool is_domain_admin(const struct mailbox *account, const struct object *on)
{
    bool about_something = on != NULL && (on->mailbox != NULL || on->alias != NULL ||
                                          on->domain != NULL || on->entry != NULL);
    return about_something ? administers(account, object_domain(on)) : account->administers_n > 0;
}

/* By privacy_level: each opens what those below it do. */
static unsigned opened_roles(const struct mailbox *account)
{
    static const unsigned steps[] = {OPENED_LIST, OPENED_ADD, OPENED_EDIT, OPENED_DELETE};
    unsigned roles = 0;
    for (int64_t i = 0; account->administers_n > 0 && i < opened && i < 4; i++)
        roles |= steps[i];
    return roles;
}

/* A line of the audit log belongs to who did what it tells. */
static bool did(const struct actor *who, const struct audit_entry *e)
{
    if (e->outcome == NULL || strcmp(e->outcome, "done") != 0)
        return false;
    if (who->console)
        return e->actor_id == 0 && who->unix_user != NULL && e->unix_user != NULL &&
               strcmp(e->unix_user, who->unix_user) == 0;
    return e->actor_id == who->account->id;
}

unsigned actor_roles(const struct actor *who, const struct object *on)
{
    unsigned roles = ANYBODY;
    if (actor_is_anybody(who))
        return roles;
    if (who->invite == NULL && on != NULL && on->entry != NULL && did(who, on->entry))
        roles |= OWNER;
    if (who->console)
        return roles | CONSOLE | SERVER_ADMIN;
    bool own = on != NULL && on->mailbox != NULL && on->mailbox->id == who->account->id;
    if (who->invite != NULL)
        return own ? roles | INVITED : roles;
    roles |= SIGNED_IN;
    if (own)
        roles |= OWNER;
    if (is_domain_admin(who->account, on))
        roles |= DOMAIN_ADMIN;
    roles |= opened_roles(who->account);
    if (actor_level(who) >= LEVEL_SERVER_ADMIN)
        roles |= SERVER_ADMIN;
    if (actor_level(who) >= LEVEL_SUPER_ADMIN)
        roles |= SUPER_ADMIN;
    return roles;
}

/* Of an account without a level: what it administers must be within the actor's. */
static bool covers_user(const struct mailbox *actor, const struct mailbox *account)
{
    if (!administers(actor, account->domain_id))
        return false;
    for (size_t i = 0; i < account->administers_n; i++) {
        if (!administers(actor, account->administers[i]))
            return false;
    }
    return true;
}

bool actor_covers(const struct actor *who, const struct mailbox *account)
{
    if (actor_is_anybody(who) || who->invite != NULL)
        return false;
    bool himself = !who->console && who->account->id == account->id;
    switch (account_level(account)) {
    case LEVEL_SUPER_ADMIN: return himself;
    case LEVEL_SERVER_ADMIN:
        return himself || who->console || actor_level(who) == LEVEL_SUPER_ADMIN;
    case LEVEL_USER: break;
    }
    return himself || actor_level(who) >= LEVEL_SERVER_ADMIN || covers_user(who->account, account);
}

struct reach actor_reach(const struct actor *who)
{
    if (actor_level(who) >= LEVEL_SERVER_ADMIN)
        return (struct reach){.everything = true};
    bool signed_in = who->account != NULL && who->invite == NULL;
    return (struct reach){.account = signed_in ? who->account->id : 0};
}

const char *actor_name(struct arena *a, const struct actor *who)
{
    if (who->console)
        return arena_printf(a, "console (%s)", who->unix_user != NULL ? who->unix_user : "unknown");
    return who->account != NULL ? who->account->email : "";
}
