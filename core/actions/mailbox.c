/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "actions/task.h"
#include "store/mailbox.h"

enum { ADDRESS_MOST = 254 };

static const char *text_or(const struct input *in, const char *name, const char *otherwise)
{
    return input_has(in, name) ? input_text(in, name) : otherwise;
}

/* What may be set at any time. */
static void read_input(const struct input *in, struct mailbox *m)
{
    m->name = text_or(in, "name", m->name);
    m->quota_kb = input_number(in, "quota", m->quota_kb);
    m->quota_messages = input_number(in, "quota_messages", m->quota_messages);
    m->active = input_number(in, "active", m->active);
}

enum outcome mailbox_add(struct task *t)
{
    struct input *in = t->change->input;
    struct mailbox m = {.domain_id = t->domain.id,
                        .domain = t->domain.name,
                        .version = 1,
                        .level = LEVEL_USER,
                        .active = 1,
                        .name = "",
                        .maildir = "",
                        .local_part = input_text(in, "local_part")};
    if (m.local_part == NULL)
        return refuse_at(t, OUT_WRONG, "local_part", TEXT_REQUIRED, NULL);
    m.email = arena_printf(t->arena, "%s@%s", m.local_part, m.domain);
    if (strlen(m.email) > ADDRESS_MOST)
        return refuse_at(t, OUT_WRONG, "local_part", TEXT_ADDRESS_TOO_LONG, NULL);
    read_input(in, &m);
    enum outcome o = mailbox_insert(t->store, &m, t->hash, &m.id);
    if (o == OUT_CONFLICT)
        return refuse_at(t, OUT_CONFLICT, "local_part", TEXT_MAILBOX_TAKEN, NULL);
    line_about_mailbox(t, &m);
    line_differences(t, mailbox_fields, NULL, &m);
    if (*t->hash != '\0')
        line_put(t, &t->after, "password", "(hidden)");
    t->change->object_version = m.version;
    return o;
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
    read_input(t->change->input, &after);
    line_about_mailbox(t, &after);
    t->change->object_version = before.version;
    t->unchanged = strcmp(before.name, after.name) == 0 && before.quota_kb == after.quota_kb &&
                   before.quota_messages == after.quota_messages && before.active == after.active;
    if (t->unchanged)
        return OUT_OK;
    bool disabled = before.active != 0 && after.active == 0;
    if (disabled && disable_refusal(t) != TEXT_NONE)
        return refuse(t, OUT_DENIED, disable_refusal(t), NULL);
    line_differences(t, mailbox_fields, &before, &after);
    t->change->object_version = before.version + 1;
    return mailbox_update(t->store, &before, &after);
}

enum outcome mailbox_remove(struct task *t)
{
    line_about_mailbox(t, &t->mailbox);
    line_differences(t, mailbox_fields, &t->mailbox, NULL);
    enum outcome o = mailbox_delete(t->store, t->mailbox.id, t->mailbox.version);
    return o == OUT_DENIED ? refuse(t, o, TEXT_SUPER_ADMIN_STAYS, NULL) : o;
}
