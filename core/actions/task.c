/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/task.h"
#include "store/mailbox.h"

enum outcome refuse(struct task *t, enum outcome o, enum text_key why, const char *arg)
{
    t->change->refusal = why;
    t->change->refusal_arg = arg;
    return o;
}

enum outcome refuse_at(struct task *t, enum outcome o, const char *field, enum text_key why,
                       const char *arg)
{
    input_fail(t->change->input, field, why, arg);
    return refuse(t, o, why, arg);
}

enum outcome refuse_offer(struct task *t, const char *field, enum text_key why, const char *arg,
                          const char *offer)
{
    input_offer(t->change->input, field, why, arg, offer);
    return refuse(t, OUT_WRONG, why, arg);
}

enum outcome task_account(struct task *t, struct mailbox *m)
{
    const char *address = input_text(t->change->input, "address");
    if (address == NULL)
        return refuse_at(t, OUT_WRONG, "address", TEXT_REQUIRED, NULL);
    enum outcome o = mailbox_find(t->store, t->arena, address, m);
    if (o == OUT_OK)
        o = mailbox_lock(t->store, t->arena, m->id, m);
    if (o == OUT_ABSENT)
        return refuse_at(t, OUT_WRONG, "address", TEXT_MAILBOX_UNKNOWN, NULL);
    if (o == OUT_OK && !actor_covers(t->who, m))
        return refuse(t, OUT_DENIED, TEXT_MAILBOX_PROTECTED, NULL);
    return o;
}
