/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limits of a domain. Whoever asks holds the domain's row for himself, so the counts stay true
 * until he has committed. */
#include "actions/task.h"
#include "model/size.h"

static enum outcome full(struct task *t, enum text_key why, int64_t limit)
{
    return refuse_at(t, OUT_WRONG, NULL, why, arena_printf(t->arena, "%lld", (long long)limit));
}

/* `own`: what the mailbox has already, which is its own to keep. */
static enum outcome room_for_space(struct task *t, int64_t own_kb, int64_t want_kb)
{
    const struct domain *d = &t->domain;
    int64_t most = domain_quota_most_kb(d, own_kb);
    bool over_one = d->quota_most_kb > 0 && want_kb > d->quota_most_kb;
    if (most == 0 || (want_kb > 0 && want_kb <= most))
        return OUT_OK;
    enum text_key why = most < 0       ? TEXT_QUOTA_NONE_LEFT
                        : want_kb == 0 ? TEXT_QUOTA_NEEDED
                        : over_one     ? TEXT_QUOTA_OVER_MOST
                                       : TEXT_QUOTA_OVER_LEFT;
    int64_t told = over_one ? d->quota_most_kb : most;
    return refuse_at(t, OUT_WRONG, "quota", why, most < 0 ? NULL : size_text(t->arena, told));
}

enum outcome room_for_mailbox(struct task *t, int64_t quota_kb)
{
    const struct domain *d = &t->domain;
    if (d->limit_mailboxes > 0 && d->mailboxes >= d->limit_mailboxes)
        return full(t, TEXT_DOMAIN_FULL_MAILBOXES, d->limit_mailboxes);
    return room_for_space(t, 0, quota_kb);
}

/* What stays or shrinks is nobody's loss. No limit counts as nothing in the sum, so a first limit
 * is asked for like a larger one. */
enum outcome room_for_quota(struct task *t, int64_t before_kb, int64_t after_kb)
{
    bool more = after_kb != before_kb && (before_kb == 0 || after_kb == 0 || after_kb > before_kb);
    return more ? room_for_space(t, before_kb, after_kb) : OUT_OK;
}

enum outcome room_for_aliases(struct task *t, int64_t more)
{
    const struct domain *d = &t->domain;
    if (d->limit_aliases > 0 && more > 0 && d->aliases + more > d->limit_aliases)
        return full(t, TEXT_DOMAIN_FULL_ALIASES, d->limit_aliases);
    return OUT_OK;
}
