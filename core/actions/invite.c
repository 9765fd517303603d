/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One-time links. Who holds one is an actor of its own: he may set the password of that one
 * account, and nothing else. */
#include <string.h>

#include "actions/task.h"
#include "auth/throttle.h"
#include "base/log.h"
#include "store/invite.h"
#include "store/mailbox.h"

enum { LINK_BYTES = 32, LINK_LIFETIME_S = 24 * 3600 };

enum outcome invite_make(struct task *t, int64_t account)
{
    unsigned char token[LINK_BYTES], hash[SHA256_BYTES];
    random_bytes(token, sizeof token);
    sha256(token, sizeof token, hash);
    t->change->link = base64url(t->arena, token, sizeof token);
    explicit_bzero(token, sizeof token);
    line_put(t, &t->after, "link", "(hidden)");
    int64_t maker = t->who->account != NULL ? t->who->account->id : 0;
    return invite_insert(t->store, hash, account, maker, LINK_LIFETIME_S);
}

enum outcome mailbox_invite(struct task *t)
{
    line_about_mailbox(t, &t->mailbox);
    t->change->object_version = t->mailbox.version;
    if (t->mailbox.active == 0)
        return refuse(t, OUT_CONFLICT, TEXT_LINK_NEEDS_ACTIVE, NULL);
    return invite_make(t, t->mailbox.id);
}

/* Whether there was one that worked until now: none does after that. */
enum outcome invite_end(struct task *t)
{
    line_about_mailbox(t, &t->mailbox);
    line_put(t, &t->before, "link", "(hidden)");
    t->change->object_version = t->mailbox.version;
    return invite_withdraw(t->store, t->mailbox.id);
}

/* May whoever made it still make one, for what the account is now? */
static enum outcome still_permitted(struct store *s, struct arena *a, const struct invite *i,
                                    const struct mailbox *account)
{
    struct mailbox maker = {0};
    struct actor who = {.console = i->maker_id == 0};
    enum outcome o = OUT_OK;
    if (i->maker_id != 0) {
        o = mailbox_by_id(s, a, i->maker_id, &maker);
        who.account = &maker;
    }
    if (o != OUT_OK)
        return o;
    bool may = account->active != 0 && (who.console || maker.active != 0) &&
               permit(&who, ACTION_MAILBOX_INVITE, &(struct object){.mailbox = account}) == OUT_OK;
    return may ? OUT_OK : OUT_ABSENT;
}

static enum outcome find(struct store *s, struct arena *a, const char *token,
                         struct mailbox *account_r, unsigned char hash_r[SHA256_BYTES])
{
    unsigned char bytes[LINK_BYTES];
    struct invite i;
    if (!base64url_decode(token, bytes, sizeof bytes))
        return OUT_ABSENT;
    sha256(bytes, sizeof bytes, hash_r);
    explicit_bzero(bytes, sizeof bytes);
    enum outcome o = invite_find(s, a, hash_r, &i);
    if (o == OUT_OK)
        o = mailbox_by_id(s, a, i.user_id, account_r);
    return o == OUT_OK ? still_permitted(s, a, &i, account_r) : o;
}

enum outcome invite_open(struct workshop *w, struct arena *a, const char *token, const char *remote,
                         struct mailbox *account_r, unsigned char hash_r[SHA256_BYTES],
                         int64_t *wait_s_r)
{
    struct throttle_key key = throttle_by_link(a, remote);
    enum outcome o = throttle_count(w->store, key.kind, key.hash, wait_s_r);
    if (o == OUT_OK && *wait_s_r > 0)
        return OUT_BUSY;
    if (o == OUT_OK)
        o = find(w->store, a, token, account_r, hash_r);
    if (o == OUT_OK)
        throttle_uncount(w->store, key.hash);
    else if (o == OUT_ABSENT)
        log_info("auth", "a one-time link that does not fit, from %s",
                 remote != NULL ? remote : "-");
    return o;
}

/* The account is locked: of two who use the link at once the second finds it gone. */
enum outcome invite_accept(struct task *t)
{
    struct invite i;
    enum outcome o = invite_find(t->store, t->arena, t->who->invite, &i);
    if (o == OUT_OK)
        o = i.user_id == t->mailbox.id ? still_permitted(t->store, t->arena, &i, &t->mailbox)
                                       : OUT_ABSENT;
    if (o == OUT_OK)
        o = invite_take(t->store, t->who->invite, t->mailbox.id);
    if (o == OUT_ABSENT)
        return refuse(t, o, TEXT_LINK_OVER, NULL);
    return o == OUT_OK ? password_store(t, NULL) : o;
}
