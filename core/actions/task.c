/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/task.h"

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
