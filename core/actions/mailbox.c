/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "actions/task.h"
#include "store/mailbox.h"

enum { ADDRESS_MOST = 254 };

enum outcome mailbox_add(struct task *t)
{
    struct mailbox m = {.domain_id = t->domain.id,
                        .domain = t->domain.name,
                        .version = 1,
                        .level = LEVEL_USER,
                        .active = 1,
                        .name = "",
                        .maildir = "",
                        .quota_kb = domain_new_quota_kb(&t->domain)};
    input_apply(t->change->input, &m);
    if (m.local_part == NULL)
        return refuse_at(t, OUT_WRONG, "local_part", TEXT_REQUIRED, NULL);
    m.email = arena_printf(t->arena, "%s@%s", m.local_part, m.domain);
    if (strlen(m.email) > ADDRESS_MOST)
        return refuse_at(t, OUT_WRONG, "local_part", TEXT_ADDRESS_TOO_LONG, NULL);
    if (t->change->invite && m.active == 0)
        return refuse_at(t, OUT_WRONG, "active", TEXT_LINK_NEEDS_ACTIVE, NULL);
    enum outcome o = room_for_mailbox(t, m.quota_kb);
    if (o == OUT_OK)
        o = mailbox_insert(t->store, &m, t->hash, &m.id);
    if (o == OUT_CONFLICT)
        return refuse_at(t, OUT_CONFLICT, "local_part", TEXT_MAILBOX_TAKEN, NULL);
    line_about_mailbox(t, &m);
    line_differences(t, mailbox_fields, NULL, &m);
    if (*t->hash != '\0')
        line_put(t, &t->after, "password", "(hidden)");
    t->change->object_version = m.version;
    return o == OUT_OK && t->change->invite ? invite_make(t, m.id) : o;
}

static enum text_key disable_refusal(const struct task *t)
{
    if (account_level(&t->mailbox) == LEVEL_SUPER_ADMIN)
        return TEXT_SUPER_ADMIN_STAYS;
    bool own = t->who->account != NULL && t->who->account->id == t->mailbox.id;
    return own ? TEXT_OWN_ACCOUNT : TEXT_NONE;
}

/* The sessions of an account that is disabled, deleted or given another level are ended by the
 * database, whoever writes (sql/README.md). */
enum outcome mailbox_edit(struct task *t)
{
    struct mailbox before = t->mailbox, after = before;
    input_apply(t->change->input, &after);
    line_about_mailbox(t, &after);
    t->change->object_version = before.version;
    t->unchanged = fields_equal(mailbox_fields, &before, &after);
    if (t->unchanged)
        return OUT_OK;
    bool disabled = before.active != 0 && after.active == 0;
    if (disabled && disable_refusal(t) != TEXT_NONE)
        return refuse(t, OUT_DENIED, disable_refusal(t), NULL);
    enum outcome o = room_for_quota(t, before.quota_kb, after.quota_kb);
    if (o != OUT_OK)
        return o;
    line_differences(t, mailbox_fields, &before, &after);
    t->change->object_version = before.version + 1;
    return mailbox_update(t->store, &before, &after);
}

enum outcome mailbox_remove(struct task *t)
{
    line_about_mailbox(t, &t->mailbox);
    line_differences(t, mailbox_fields, &t->mailbox, NULL);
    enum outcome o = mailbox_delete(t->store, t->mailbox.id, t->mailbox.version);
    if (o == OUT_DENIED)
        return refuse(t, o, TEXT_SUPER_ADMIN_STAYS, NULL);
    /* what comes to its address is the catch-all's from now on */
    return o == OUT_OK ? way_is_straight(t, t->mailbox.email, true, NULL) : o;
}
