/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "actions/task.h"
#include "store/mailbox.h"
#include "store/session.h"

static const char *address_of(const struct task *t)
{
    const struct object *on = &t->change->on;
    switch (t->change->action) {
    case ACTION_MAILBOX_ADD: {
        const char *local_part = input_text(t->change->input, "local_part");
        return arena_printf(t->arena, "%s@%s", local_part != NULL ? local_part : "",
                            on->domain->name);
    }
    case ACTION_PASSWORD_CHANGE:
    case ACTION_INVITE_ACCEPT: return t->who->account->email;
    default: return on->mailbox->email;
    }
}

static enum outcome throttled(struct task *t, int64_t wait_s)
{
    if (wait_s == 0)
        return refuse(t, OUT_BUSY, TEXT_LOGIN_BUSY, NULL);
    return refuse_at(t, OUT_BUSY, "current", TEXT_LOGIN_THROTTLED,
                     arena_printf(t->arena, "%lld", (long long)wait_s));
}

static enum outcome check_current(struct task *t)
{
    const struct input_value *v = input_at(t->change->input, "current");
    int64_t wait_s;
    enum outcome o = login_confirm(t->store, t->arena, t->workshop->login, t->who->account->id,
                                   v->text, v->text_n, t->who->remote, &wait_s);
    if (o == OUT_BUSY)
        return throttled(t, wait_s);
    return o == OUT_DENIED ? refuse_at(t, OUT_WRONG, "current", TEXT_PASSWORD_WRONG, NULL) : o;
}

enum outcome password_confirm(struct task *t)
{
    if (t->who->confirmed || t->who->console)
        return OUT_OK;
    struct input *in = t->change->input;
    if (in == NULL || !input_has(in, "current") || t->who->account == NULL)
        return refuse(t, OUT_DENIED, TEXT_REAUTHENTICATE, NULL);
    enum outcome o = check_current(t);
    if (o == OUT_OK && t->who->session != NULL)
        session_reauth(
            t->store, t->who->session); /* good for the next 5 minutes; if not, he is asked again */
    return o;
}

static enum outcome judge_and_hash(struct task *t, const char *bytes, size_t n)
{
    enum text_key why = password_judge(bytes, n, address_of(t));
    if (why != TEXT_NONE)
        return refuse_at(t, OUT_WRONG, "password", why, why == TEXT_PASSWORD_SHORT ? "8" : NULL);
    enum outcome o = login_hash(t->arena, t->workshop->login, bytes, n, &t->hash);
    return o == OUT_BUSY ? refuse(t, o, TEXT_LOGIN_BUSY, NULL) : o;
}

enum outcome password_prepare(struct task *t)
{
    struct input *in = t->change->input;
    enum outcome o = OUT_OK;
    t->hash = "";
    if (t->change->action == ACTION_PASSWORD_CHANGE) {
        struct credential c;
        o = credential_by_id(t->store, t->arena, t->who->account->id, &c);
        if (o == OUT_OK) {
            t->current_hash = c.hash;
            o = check_current(t);
        }
    }
    if (o != OUT_OK)
        return o;
    if (t->change->generate) {
        t->change->secret = password_generate(t->arena);
        return judge_and_hash(t, t->change->secret, strlen(t->change->secret));
    }
    if (!input_has(in, "password"))
        return OUT_OK;
    const struct input_value *v = input_at(in, "password");
    return judge_and_hash(t, v->text, v->text_n);
}

enum outcome password_store(struct task *t, const unsigned char *keep)
{
    line_about_mailbox(t, &t->mailbox);
    line_hidden(t, "password");
    enum outcome o = mailbox_set_password(t->store, t->mailbox.id, t->mailbox.version, t->hash);
    t->change->object_version = t->mailbox.version + 1;
    return o == OUT_OK ? sessions_end(t->store, t->mailbox.id, keep) : o;
}

enum outcome password_set(struct task *t)
{
    return password_store(t, NULL);
}

/* All other sessions end. The hash that `current` fitted has to be the one still stored. */
enum outcome password_change(struct task *t)
{
    struct credential c;
    enum outcome o = credential_by_id(t->store, t->arena, t->mailbox.id, &c);
    if (o != OUT_OK)
        return o;
    if (strcmp(c.hash, t->current_hash) != 0)
        return refuse(t, OUT_CONFLICT, TEXT_CHANGED_ELSEWHERE, NULL);
    return password_store(t, t->who->session);
}
