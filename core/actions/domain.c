/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "actions/task.h"
#include "model/address.h"
#include "model/size.h"
#include "store/alias.h"
#include "store/domain.h"
#include "store/mailbox.h"

enum { PRIVILEGED_MOST = 10000 };

/* A name is taken by a hosted domain or by a relayed one. */
static enum outcome name_taken(struct task *t)
{
    bool relayed = store_errno(t->store) == SIGNAL_RELAYED;
    return refuse_at(t, OUT_CONFLICT, "name", relayed ? TEXT_DOMAIN_RELAYED : TEXT_DOMAIN_TAKEN,
                     NULL);
}

/* What a new mailbox gets is never more than one may have. */
static enum outcome check_limits(struct task *t, const struct domain *d)
{
    if (d->quota_most_kb == 0 || d->quota_default_kb <= d->quota_most_kb)
        return OUT_OK;
    return refuse_at(t, OUT_WRONG,
                     input_has(t->change->input, "quota_default") ? "quota_default" : "quota_most",
                     TEXT_QUOTA_DEFAULT_OVER_MOST, size_text(t->arena, d->quota_most_kb));
}

enum outcome domain_add(struct task *t)
{
    struct domain d = {.version = 1, .description = ""};
    input_apply(t->change->input, &d);
    if (d.name == NULL)
        return refuse_at(t, OUT_WRONG, "name", TEXT_REQUIRED, NULL);
    enum outcome o = check_limits(t, &d);
    if (o == OUT_OK)
        o = domain_insert(t->store, &d, &d.id);
    if (o == OUT_CONFLICT || o == OUT_DENIED)
        return name_taken(t);
    line_about_domain(t, &d);
    line_differences(t, domain_fields, NULL, &d);
    t->change->object_version = d.version;
    return o;
}

/* Domains whose accounts may do more than the actor keep their name and stay. `stays`: not even
 * super admins may take a super admin away. */
static enum outcome touch_accounts(struct task *t, bool stays)
{
    struct mailbox_brief *rows;
    struct mailbox honoured;
    size_t n = 0;
    enum outcome o =
        domain_privileged(t->store, t->arena, t->domain.id, PRIVILEGED_MOST, &rows, &n);
    for (size_t i = 0; o == OUT_OK && i < n; i++) {
        const struct mailbox m = {.id = rows[i].id, .level = rows[i].level};
        if (!actor_covers(t->who, &m) || (stays && account_level(&m) == LEVEL_SUPER_ADMIN))
            return refuse(t, OUT_DENIED, TEXT_DOMAIN_PROTECTED, rows[i].email);
    }
    if (o != OUT_OK || t->workshop->super_admin == 0)
        return o;
    o = mailbox_by_id(t->store, t->arena, t->workshop->super_admin, &honoured);
    if (o == OUT_OK && honoured.domain_id == t->domain.id &&
        (stays || !actor_covers(t->who, &honoured)))
        return refuse(t, OUT_DENIED, TEXT_DOMAIN_PROTECTED, honoured.email);
    return o == OUT_ABSENT ? OUT_OK : o;
}

/* Under its new name the domain may be where other aliases have led all along. */
static enum outcome ways_into(struct task *t, const struct domain *after, const struct alias *rows,
                              size_t n)
{
    enum outcome o = OUT_OK;
    for (size_t i = 0; o == OUT_OK && i < n; i++) {
        bool its = rows[i].domain_id == after->id;
        const char *email = its ? arena_printf(t->arena, "%s@%s", rows[i].source, after->name)
                                : rows[i].email;
        o = way_is_straight(t, email, false, "name");
    }
    return o;
}

static enum outcome rename_domain(struct task *t, const struct domain *before,
                                  const struct domain *after)
{
    struct alias *rows = NULL;
    size_t n = 0;
    enum outcome o = touch_accounts(t, false);
    if (o == OUT_OK)
        o = aliases_into(t->store, t->arena, after->name, &rows, &n);
    if (o == OUT_OK)
        o = domain_update(t->store, t->arena, before, after);
    return o == OUT_OK ? ways_into(t, after, rows, n) : o;
}

enum outcome domain_edit(struct task *t)
{
    struct domain before = t->domain, after = before;
    input_apply(t->change->input, &after);
    line_about_domain(t, &after);
    bool renamed = strcmp(before.name, after.name) != 0;
    t->change->object_version = before.version;
    t->unchanged = fields_equal(domain_fields, &before, &after);
    if (t->unchanged)
        return OUT_OK;
    enum outcome o = check_limits(t, &after);
    if (o == OUT_OK)
        o = renamed ? rename_domain(t, &before, &after)
                    : domain_update(t->store, t->arena, &before, &after);
    if (renamed && (o == OUT_CONFLICT || (o == OUT_DENIED && t->change->refusal == TEXT_NONE)))
        return name_taken(t);
    if (renamed && o == OUT_WRONG &&
        t->change->refusal == TEXT_NONE) /* with an account's name before it */
        return refuse_at(t, o, "name", TEXT_DOMAIN_ADDRESSES_LONG, NULL);
    line_differences(t, domain_fields, &before, &after);
    t->change->object_version = before.version + 1;
    return o;
}

/* As people write it: with its own letters, in any case. */
static bool is_named(struct task *t, const char *typed)
{
    const char *name;
    return typed != NULL && domain_parse(t->arena, typed, strlen(typed), &name) == TEXT_NONE &&
           strcmp(name, t->domain.name) == 0;
}

enum outcome domain_remove(struct task *t)
{
    line_about_domain(t, &t->domain);
    if (!is_named(t, input_text(t->change->input, "name")))
        return refuse_at(t, OUT_WRONG, "name", TEXT_TYPED_NAME_DIFFERS, t->domain.name);
    enum outcome o = touch_accounts(t, true);
    if (o != OUT_OK)
        return o;
    if (t->who->account != NULL && t->who->account->domain_id == t->domain.id)
        return refuse(t, OUT_DENIED, TEXT_OWN_DOMAIN, NULL);
    line_differences(t, domain_fields, &t->domain, NULL);
    line_put(t, &t->before, "mailboxes",
             arena_printf(t->arena, "%lld", (long long)t->domain.mailboxes));
    line_put(t, &t->before, "aliases",
             arena_printf(t->arena, "%lld", (long long)t->domain.aliases));
    o = domain_delete(t->store, t->domain.id, t->domain.version);
    if (o == OUT_DENIED) /* the database's own word: a super admin lives here */
        return refuse(t, OUT_DENIED, TEXT_DOMAIN_PROTECTED, t->domain.name);
    return o;
}

/* Rights changed: its sessions end, but not the one that this comes from. */
static enum outcome end_sessions(struct task *t, const struct mailbox *m)
{
    bool own = t->who->account != NULL && t->who->account->id == m->id;
    return sessions_end(t->store, m->id, own ? t->who->session : NULL);
}

static enum outcome administer(struct task *t, bool add)
{
    struct mailbox m = {0};
    enum outcome o = task_account(t, &m);
    if (o != OUT_OK)
        return o;
    line_about_domain(t, &t->domain);
    line_put(t, add ? &t->after : &t->before, "administrator", m.email);
    o = add ? domain_admin_insert(t->store, t->domain.id, m.id)
            : domain_admin_delete(t->store, t->domain.id, m.id);
    if (o == OUT_CONFLICT || (o == OUT_ABSENT && !add))
        return refuse_at(t, OUT_CONFLICT, "address", add ? TEXT_ADMIN_ALREADY : TEXT_ADMIN_ABSENT,
                         NULL);
    t->change->object_version = t->domain.version;
    return o == OUT_OK ? end_sessions(t, &m) : o;
}

enum outcome domain_admin_add(struct task *t)
{
    return administer(t, true);
}

enum outcome domain_admin_remove(struct task *t)
{
    return administer(t, false);
}
