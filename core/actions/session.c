/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/task.h"
#include "store/session.h"

enum outcome session_end(struct task *t)
{
    line_about_mailbox(t, &t->mailbox);
    if (t->who->session == NULL)
        return refuse(t, OUT_ABSENT, TEXT_NONE, NULL);
    enum outcome o = session_delete(t->store, t->who->session);
    return o == OUT_ABSENT ? OUT_OK : o;
}
