/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "actions/task.h"
#include "store/mailbox.h"

/* "" follows the browser again. */
enum outcome language_choose(struct task *t)
{
    struct mailbox before = t->mailbox, after = before;
    if (input_has(t->change->input, "language"))
        after.language = input_text(t->change->input, "language");
    line_about_mailbox(t, &after);
    t->change->object_version = before.version;
    t->unchanged = strcmp(before.language, after.language) == 0;
    if (t->unchanged)
        return OUT_OK;
    line_differences(t, language_fields, &before, &after);
    t->change->object_version = before.version + 1;
    return mailbox_set_language(t->store, before.id, before.version, after.language);
}
