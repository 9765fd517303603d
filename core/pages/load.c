/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a path names, from the database. */
#include <stdlib.h>
#include <string.h>

#include "pages/page.h"
#include "store/access.h"
#include "store/alias.h"
#include "store/policy.h"
#include "store/relay.h"

/* A number in the path; 0: it is none. */
static int64_t number_of(const char *text)
{
    char *end;
    int64_t id = strtoll(text, &end, 10);
    return *end != '\0' || id <= 0 ? 0 : id;
}

/* The mailbox that was looked for, and its domain. */
static enum outcome stand_on_mailbox(struct page *p, enum outcome found)
{
    if (found != OUT_OK)
        return found;
    p->domain = (struct domain){.id = p->mailbox.domain_id, .name = p->mailbox.domain};
    p->on.mailbox = &p->mailbox;
    p->on.domain = &p->domain;
    return OUT_OK;
}

static enum outcome load_mailbox(struct page *p, const char *domain, const char *local_part)
{
    const char *email = arena_printf(p->a, "%s@%s", local_part, domain);
    return stand_on_mailbox(p, mailbox_find(p->desk->store, p->a, email, &p->mailbox));
}

static enum outcome load_account(struct page *p, int64_t id)
{
    return stand_on_mailbox(p, mailbox_by_id(p->desk->store, p->a, id, &p->mailbox));
}

/* An alias is found below its own domain only. */
static enum outcome load_alias(struct page *p, const char *domain, const char *alias)
{
    enum outcome o = alias_by_id(p->desk->store, p->a, number_of(alias), &p->alias);
    if (o != OUT_OK || strcmp(p->alias.domain, domain) != 0)
        return o != OUT_OK ? o : OUT_ABSENT;
    p->domain = (struct domain){.id = p->alias.domain_id, .name = p->alias.domain};
    p->on.alias = &p->alias;
    p->on.domain = &p->domain;
    return OUT_OK;
}

static enum outcome load_access(struct page *p, enum access_kind kind, const char *id)
{
    p->on.access = &p->access;
    return access_by_id(p->desk->store, p->a, kind, number_of(id), &p->access);
}

enum outcome page_load(struct page *p, const struct route_match *m)
{
    struct store *s = p->desk->store;
    p->match = *m;
    if (m->mailbox != NULL)
        return load_mailbox(p, m->domain, m->mailbox);
    if (m->alias != NULL)
        return load_alias(p, m->domain, m->alias);
    if (m->domain != NULL) {
        p->on.domain = &p->domain;
        return domain_find(s, p->a, m->domain, &p->domain);
    }
    if (m->relay != NULL) {
        p->on.relay = &p->relay;
        return relay_find(s, p->a, m->relay, &p->relay);
    }
    if (m->policy != NULL) {
        p->on.policy = &p->policy;
        return policy_by_id(s, p->a, number_of(m->policy), &p->policy);
    }
    if (m->client != NULL)
        return load_access(p, ACCESS_CLIENT, m->client);
    if (m->sender != NULL)
        return load_access(p, ACCESS_SENDER, m->sender);
    if (m->account != NULL)
        return load_account(p, number_of(m->account));
    if (m->entry != NULL) {
        p->on.entry = &p->entry;
        return audit_by_id(s, p->a, number_of(m->entry), &p->entry);
    }
    p->on.theme = m->theme;
    return OUT_OK;
}
