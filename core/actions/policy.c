/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/policy.h"

#include <string.h>

#include "actions/task.h"
#include "base/str.h"

enum { NAMES_MOST = 2000 };

static void line_about_policy(struct task *t, const struct policy *p)
{
    line_about(t, &(struct object){.policy = p}, ON_POLICY);
}

/* There is one default. */
static enum outcome yield_default(struct task *t, const struct policy *before,
                                  const struct policy *after)
{
    bool becomes = after->server_default != 0 && before->server_default == 0;
    return becomes ? policy_yield_default(t->store, after->id) : OUT_OK;
}

/* The row is locked, so that a conflict is one of names. */
static enum outcome kept(struct task *t, enum outcome o)
{
    return o == OUT_CONFLICT ? refuse_at(t, o, "name", TEXT_POLICY_TAKEN, NULL) : o;
}

enum outcome policy_add(struct task *t)
{
    struct policy before, p;
    policy_init(&before);
    p = before;
    input_apply(t->change->input, &p);
    policy_check(t->arena, t->change->input, &p);
    if (!input_is_clean(t->change->input))
        return OUT_WRONG;
    enum outcome o = yield_default(t, &before, &p);
    if (o == OUT_OK)
        o = kept(t, policy_insert(t->store, t->arena, &p, &p.id));
    line_about_policy(t, &p);
    line_differences(t, policy_fields, NULL, &p);
    t->change->object_version = 1;
    return o;
}

enum outcome policy_edit(struct task *t)
{
    struct policy before = t->policy, after = before;
    input_apply(t->change->input, &after);
    line_about_policy(t, &after);
    t->change->object_version = before.version;
    t->unchanged = fields_equal(policy_fields, &before, &after);
    if (t->unchanged)
        return OUT_OK;
    policy_check(t->arena, t->change->input, &after);
    if (!input_is_clean(t->change->input))
        return OUT_WRONG;
    line_differences(t, policy_fields, &before, &after);
    t->change->object_version = before.version + 1;
    enum outcome o = yield_default(t, &before, &after);
    return o == OUT_OK ? kept(t, policy_update(t->store, t->arena, &before, &after)) : o;
}

/* Who they are is for server admins; others learn that there are some. */
static enum outcome refuse_used(struct task *t)
{
    const char **names;
    size_t n;
    struct str s;
    enum outcome o = policy_users(t->store, t->arena, t->policy.id, &names, &n);
    if (o != OUT_OK || n == 0)
        return o;
    if ((actor_roles(t->who, NULL) & SERVER_ADMIN) == 0)
        return refuse(t, OUT_CONFLICT, TEXT_POLICY_USED_ELSEWHERE, NULL);
    str_init(&s, t->arena, NAMES_MOST);
    for (size_t i = 0; i < n; i++)
        str_printf(&s, "%s%s", i > 0 ? ", " : "", names[i]);
    if (n >= POLICY_USERS)
        str_append(&s, " ...");
    return refuse(t, OUT_CONFLICT, TEXT_POLICY_USED, s.data);
}

enum outcome policy_remove(struct task *t)
{
    line_about_policy(t, &t->policy);
    line_differences(t, policy_fields, &t->policy, NULL);
    if (t->policy.server_default != 0)
        return refuse(t, OUT_CONFLICT, TEXT_POLICY_IS_DEFAULT, NULL);
    enum outcome o = refuse_used(t);
    if (o != OUT_OK)
        return o;
    o = policy_delete(t->store, t->policy.id, t->policy.version);
    return o == OUT_CONFLICT ? refuse(t, o, TEXT_POLICY_USED_ELSEWHERE, NULL) : o;
}

/* Who may see all policies may choose any; others what is offered, or keep what they have. */
static bool may_choose(const struct task *t, const struct policy *p, int64_t now)
{
    return p->offered != 0 || p->id == now || permit(t->who, ACTION_POLICY_LIST, NULL) == OUT_OK;
}

static enum outcome name_of(struct task *t, int64_t id, const char **name_r)
{
    struct policy p;
    *name_r = "";
    if (id == 0)
        return OUT_OK;
    enum outcome o = policy_by_id(t->store, t->arena, id, &p);
    if (o == OUT_OK)
        *name_r = p.name;
    return o == OUT_ABSENT ? OUT_OK : o;
}

/* What the input chooses instead of `now`; 0: none. */
static enum outcome chosen(struct task *t, int64_t now, int64_t *chosen_r)
{
    struct policy p;
    const struct input *in = t->change->input;
    int64_t id = input_number(in, "policy", now > 0 ? now : FIELD_UNSET);
    const char *was, *is;
    *chosen_r = id == FIELD_UNSET ? 0 : id;
    t->unchanged = *chosen_r == now;
    enum outcome o = *chosen_r != 0 ? policy_by_id(t->store, t->arena, *chosen_r, &p) : OUT_OK;
    if (o == OUT_ABSENT || (o == OUT_OK && *chosen_r != 0 && !may_choose(t, &p, now)))
        return refuse_at(t, OUT_WRONG, "policy", TEXT_POLICY_UNKNOWN, NULL);
    if (o == OUT_OK && (o = name_of(t, now, &was)) == OUT_OK &&
        (o = name_of(t, *chosen_r, &is)) == OUT_OK && !t->unchanged) {
        line_put(t, &t->before, "policy", was);
        line_put(t, &t->after, "policy", is);
    }
    return o;
}

static enum outcome settled(struct task *t, enum outcome o, int64_t version)
{
    t->change->object_version = t->unchanged ? version : version + 1;
    if (o == OUT_CONFLICT) /* deleted a moment ago */
        return refuse_at(t, OUT_WRONG, "policy", TEXT_POLICY_UNKNOWN, NULL);
    return o;
}

enum outcome policy_for_mailbox(struct task *t)
{
    int64_t now, next;
    line_about_mailbox(t, &t->mailbox);
    enum outcome o = policy_of_mailbox(t->store, t->mailbox.id, &now);
    if (o == OUT_OK)
        o = chosen(t, now, &next);
    if (o == OUT_OK && !t->unchanged)
        o = policy_choose_mailbox(t->store, t->mailbox.id, t->mailbox.version, next);
    return settled(t, o, t->mailbox.version);
}

enum outcome policy_for_domain(struct task *t)
{
    int64_t now, next;
    line_about_domain(t, &t->domain);
    enum outcome o = policy_of_domain(t->store, t->domain.id, &now);
    if (o == OUT_OK)
        o = chosen(t, now, &next);
    if (o == OUT_OK && !t->unchanged)
        o = policy_choose_domain(t->store, t->domain.id, t->domain.version, next);
    return settled(t, o, t->domain.version);
}
