/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/task.h"
#include "store/domain.h"
#include "store/mailbox.h"
#include "store/session.h"

static const char *level_name(int64_t level)
{
    return level == LEVEL_SUPER_ADMIN    ? "super admin"
           : level == LEVEL_SERVER_ADMIN ? "server admin"
                                         : "user";
}

/* Rights changed: the database ends the account's sessions. */
static enum outcome set_level(struct task *t, enum level level)
{
    const struct mailbox *m = &t->mailbox;
    line_about_mailbox(t, m);
    line_put(t, &t->before, "level", level_name(m->level));
    line_put(t, &t->after, "level", level_name(level));
    t->change->object_version = m->version + 1;
    return mailbox_set_level(t->store, m->id, m->version, level);
}

enum outcome admin_add(struct task *t)
{
    if (t->mailbox.level >= LEVEL_SERVER_ADMIN)
        return refuse(t, OUT_CONFLICT, TEXT_LEVEL_ALREADY, NULL);
    return set_level(t, LEVEL_SERVER_ADMIN);
}

/* Over the whole server: by who may do that to the account named. */
static enum outcome make_server_admin(struct task *t)
{
    enum text_key why;
    enum outcome o = task_account(t, &t->mailbox);
    if (o != OUT_OK)
        return o;
    o = permit_why(t->who, ACTION_SERVER_ADMIN_ADD, &(struct object){.mailbox = &t->mailbox}, &why);
    if (why == TEXT_NOT_ALLOWED)
        return refuse_at(t, OUT_WRONG, "domain", TEXT_ADMIN_NAME_A_DOMAIN, NULL);
    return o != OUT_OK ? refuse(t, o, why, NULL) : admin_add(t);
}

enum outcome admin_make(struct task *t)
{
    enum text_key why;
    const char *name = input_text(t->change->input, "domain");
    if (name == NULL || name[0] == '\0')
        return make_server_admin(t);
    enum outcome o = domain_find(t->store, t->arena, name, &t->domain);
    if (o == OUT_OK)
        o = domain_lock(t->store, t->arena, t->domain.id, &t->domain);
    if (o == OUT_ABSENT)
        return refuse_at(t, OUT_WRONG, "domain", TEXT_DOMAIN_UNKNOWN, NULL);
    if (o != OUT_OK)
        return o;
    o = permit_why(t->who, ACTION_DOMAIN_ADMIN_ADD, &(struct object){.domain = &t->domain}, &why);
    return o != OUT_OK ? refuse(t, o, why, NULL) : domain_admin_add(t);
}

/* His own go on here, where he asks from. */
enum outcome sessions_end_all(struct task *t)
{
    bool own = t->who->account != NULL && t->who->account->id == t->mailbox.id;
    line_about_mailbox(t, &t->mailbox);
    t->change->object_version = t->mailbox.version;
    return sessions_end(t->store, t->mailbox.id, own ? t->who->session : NULL);
}

enum outcome admin_remove(struct task *t)
{
    if (t->mailbox.level != LEVEL_SERVER_ADMIN)
        return refuse(t, OUT_CONFLICT, TEXT_LEVEL_ABSENT, NULL);
    return set_level(t, LEVEL_USER);
}

enum outcome super_add(struct task *t)
{
    if (t->mailbox.level >= LEVEL_SUPER_ADMIN)
        return refuse(t, OUT_CONFLICT, TEXT_LEVEL_ALREADY, NULL);
    if (t->mailbox.active == 0)
        return refuse(t, OUT_CONFLICT, TEXT_SUPER_ADMIN_INACTIVE, NULL);
    return set_level(t, LEVEL_SUPER_ADMIN);
}

/* He stays a server admin: taking that too is a step of its own. All super admins are locked
 * while they are counted, so two removals at once see one another. */
enum outcome super_remove(struct task *t)
{
    int64_t n;
    if (t->mailbox.level != LEVEL_SUPER_ADMIN)
        return refuse(t, OUT_CONFLICT, TEXT_LEVEL_ABSENT, NULL);
    enum outcome o = mailbox_count_super(t->store, &n);
    if (o != OUT_OK)
        return o;
    if (n <= 1)
        return refuse(t, OUT_DENIED, TEXT_LAST_SUPER_ADMIN, NULL);
    o = set_level(t, LEVEL_SERVER_ADMIN);
    return o == OUT_DENIED ? refuse(t, o, TEXT_LAST_SUPER_ADMIN, NULL) : o;
}
