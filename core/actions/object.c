/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/object.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "actions/task.h"
#include "store/access.h"
#include "store/alias.h"
#include "store/domain.h"
#include "store/mailbox.h"
#include "store/policy.h"
#include "store/relay.h"

static enum outcome lock_domain(struct task *t)
{
    t->now.domain = &t->domain;
    return domain_lock(t->store, t->arena, t->change->on.domain->id, &t->domain);
}

/* mailbox_lock holds the domain too, so that its deletion and a change of rights inside see each
 * other. */
static enum outcome lock_mailbox(struct task *t)
{
    t->now.mailbox = &t->mailbox;
    return mailbox_lock(t->store, t->arena, t->change->on.mailbox->id, &t->mailbox);
}

static enum outcome lock_self(struct task *t)
{
    t->now.mailbox = &t->mailbox;
    return mailbox_lock(t->store, t->arena, t->who->account->id, &t->mailbox);
}

static enum outcome lock_alias(struct task *t)
{
    t->now.alias = &t->alias;
    return alias_lock(t->store, t->arena, t->change->on.alias->id, &t->alias);
}

static enum outcome lock_relay(struct task *t)
{
    t->now.relay = &t->relay;
    return relay_lock(t->store, t->arena, t->change->on.relay->id, &t->relay);
}

static enum outcome lock_policy(struct task *t)
{
    t->now.policy = &t->policy;
    return policy_lock(t->store, t->arena, t->change->on.policy->id, &t->policy);
}

static enum outcome lock_access(struct task *t)
{
    const struct access_entry *e = t->change->on.access;
    t->now.access = &t->access;
    return access_lock(t->store, t->arena, (enum access_kind)e->kind, e->id, &t->access);
}

#define ENTITY(member_, type, name_)                                             \
    .member = offsetof(struct object, member_), .id = offsetof(struct type, id), \
    .version = offsetof(struct type, version), .name = offsetof(struct type, name_)
#define WITHOUT_DOMAIN .domain_id = SIZE_MAX

const struct object_row object_rows[OBJECT_KINDS] = {
    [ON_SITE] = {.word = "site", .member = SIZE_MAX},
    [ON_DOMAIN] = {.word = "domain",
                   ENTITY(domain, domain, name),
                   .domain_id = offsetof(struct domain, id),
                   .lock = lock_domain},
    [ON_MAILBOX] = {.word = "mailbox",
                    ENTITY(mailbox, mailbox, email),
                    .domain_id = offsetof(struct mailbox, domain_id),
                    .lock = lock_mailbox},
    [ON_ALIAS] = {.word = "alias",
                  ENTITY(alias, alias, email),
                  .domain_id = offsetof(struct alias, domain_id),
                  .lock = lock_alias},
    [ON_RELAY] = {.word = "relay", ENTITY(relay, relay, domain), WITHOUT_DOMAIN, .lock = lock_relay},
    [ON_POLICY] = {.word = "policy",
                   ENTITY(policy, policy, name),
                   WITHOUT_DOMAIN,
                   .lock = lock_policy},
    [ON_ACCESS] = {.word = "access",
                   ENTITY(access, access_entry, pattern),
                   WITHOUT_DOMAIN,
                   .lock = lock_access},
    [ON_AUDIT_ENTRY] = {.word = "audit",
                        .member = offsetof(struct object, entry),
                        .id = offsetof(struct audit_entry, id),
                        .version = SIZE_MAX,
                        .name = SIZE_MAX,
                        .domain_id = offsetof(struct audit_entry, domain_id)},
    [ON_SELF] = {.word = "self",
                 ENTITY(mailbox, mailbox, email),
                 .domain_id = offsetof(struct mailbox, domain_id),
                 .lock = lock_self},
    [ON_INVITE] = {.word = "invite",
                   ENTITY(mailbox, mailbox, email),
                   .domain_id = offsetof(struct mailbox, domain_id),
                   .lock = lock_self},
};

const void *object_entity(const struct object *on, enum object_kind kind)
{
    size_t at = object_rows[kind].member;
    return at == SIZE_MAX ? NULL : *(const void *const *)((const char *)on + at);
}

static int64_t number(const struct object *on, enum object_kind kind, size_t at)
{
    const char *entity = object_entity(on, kind);
    return entity == NULL || at == SIZE_MAX ? 0 : *(const int64_t *)(const void *)(entity + at);
}

int64_t object_id(const struct object *on, enum object_kind kind)
{
    return number(on, kind, object_rows[kind].id);
}

int64_t object_version(const struct object *on, enum object_kind kind)
{
    return number(on, kind, object_rows[kind].version);
}

int64_t object_domain_id(const struct object *on, enum object_kind kind)
{
    return number(on, kind, object_rows[kind].domain_id);
}

const char *object_word(const struct object *on, enum object_kind kind)
{
    return kind == ON_ACCESS && on->access != NULL ? access_kind_word(on->access->kind)
                                                   : object_rows[kind].word;
}

int object_which(const char *word)
{
    return strcmp(word, access_kind_word(ACCESS_SENDER)) == 0 ? ACCESS_SENDER : ACCESS_CLIENT;
}

const char *object_name(struct arena *a, const struct object *on, enum object_kind kind)
{
    const char *entity = object_entity(on, kind);
    size_t at = object_rows[kind].name;
    if (entity == NULL)
        return "";
    return at != SIZE_MAX ? *(const char *const *)(const void *)(entity + at)
                          : arena_printf(a, "%lld", (long long)object_id(on, kind));
}

enum outcome object_load(struct store *s, struct arena *a, enum object_kind kind, int which,
                         int64_t id, struct object *on_r)
{
    union {
        struct domain domain;
        struct mailbox mailbox;
        struct alias alias;
        struct relay relay;
        struct policy policy;
        struct access_entry access;
    } *e = arena_alloc(a, sizeof *e);
    struct domain *home = ARENA_NEW(a, struct domain);
    struct object on = {0};
    enum outcome o = OUT_ABSENT;
    switch (kind) {
    case ON_DOMAIN:
        o = domain_by_id(s, a, id, &e->domain);
        on.domain = &e->domain;
        break;
    case ON_MAILBOX:
        o = mailbox_by_id(s, a, id, &e->mailbox);
        *home = (struct domain){.id = e->mailbox.domain_id, .name = e->mailbox.domain};
        on = (struct object){.mailbox = &e->mailbox, .domain = home};
        break;
    case ON_ALIAS:
        o = alias_by_id(s, a, id, &e->alias);
        *home = (struct domain){.id = e->alias.domain_id, .name = e->alias.domain};
        on = (struct object){.alias = &e->alias, .domain = home};
        break;
    case ON_RELAY:
        o = relay_by_id(s, a, id, &e->relay);
        on.relay = &e->relay;
        break;
    case ON_POLICY:
        o = policy_by_id(s, a, id, &e->policy);
        on.policy = &e->policy;
        break;
    case ON_ACCESS:
        o = access_by_id(s, a, (enum access_kind)which, id, &e->access);
        on.access = &e->access;
        break;
    default: break;
    }
    *on_r = o == OUT_OK ? on : (struct object){0};
    return o;
}

/* A mailbox or alias stands before the domain that is named with it. */
enum object_kind object_kind_of(const struct object *on)
{
    static const enum object_kind kinds[] = {ON_MAILBOX, ON_ALIAS,  ON_RELAY,      ON_POLICY,
                                             ON_ACCESS,  ON_DOMAIN, ON_AUDIT_ENTRY};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (object_entity(on, kinds[i]) != NULL)
            return kinds[i];
    return ON_SITE;
}

enum object_kind action_result(enum action_id what)
{
    const struct action *action = &actions[what];
    if ((action->flags & CREATES) == 0)
        return action->on;
    for (enum object_kind kind = ON_SITE; kind < OBJECT_KINDS; kind++) {
        size_t n = strlen(object_rows[kind].word);
        if (strncmp(action->name, object_rows[kind].word, n) == 0 && action->name[n] == '.')
            return kind;
    }
    assert(false && "an action that creates is named after what it makes");
    return ON_SITE;
}
