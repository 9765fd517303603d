/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One-time links: page mailboxes.invite makes one and takes it back, page invite is where it
 * leads. */
#include "pages/page.h"

static const char *own_url(struct page *p, const char *route)
{
    return page_mailbox_url(p, route, p->mailbox.domain, p->mailbox.local_part);
}

enum outcome invite_fill(struct page *p)
{
    struct invite now;
    if (!page_permits(p, ACTION_INVITE_WITHDRAW, &p->on))
        return OUT_OK;
    enum outcome o = invite_of(p->desk->store, p->a, p->mailbox.id, &now);
    if (o != OUT_OK)
        return o == OUT_ABSENT ? OUT_OK : o;
    struct value *v = value_set_map(p->vm, "pending");
    record_invite(p->a, v, &now);
    button_fill(p, value_set_map(v, "withdraw"),
                &(struct button){.url = own_url(p, "mailboxes.invite.withdraw"),
                                 .label = N_("Withdraw"),
                                 .name = "return",
                                 .value = "1"});
    return OUT_OK;
}

static enum outcome show(struct page *p, struct form_plan plan)
{
    p->name = "mailboxes.invite";
    mailbox_fill(p, value_set_map(p->vm, "mailbox"), &p->mailbox, NULL);
    domain_ref_fill(p, value_set_map(p->vm, "domain"), p->mailbox.domain);
    plan.cancel = own_url(p, "mailboxes.show");
    page_form(p, plan);
    return invite_fill(p);
}

enum outcome page_mailbox_invite(struct page *p)
{
    return show(p, (struct form_plan){.action = own_url(p, "mailboxes.invite"),
                                      .change = ACTION_MAILBOX_INVITE,
                                      .submit = N_("Make a one-time link")});
}

enum outcome page_invite_withdraw(struct page *p)
{
    return show(p, (struct form_plan){.action = own_url(p, "mailboxes.invite.withdraw"),
                                      .change = ACTION_INVITE_WITHDRAW,
                                      .submit = N_("Withdraw the link"),
                                      .danger = true});
}

const char *after_invite_withdraw(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say_of(p, "No one-time link of %s works any more.",
                           address_display(p->a, c->object_name));
    return own_url(p, "mailboxes.show");
}

/* Of the same form sent twice: the link was shown to whoever got the first answer. */
const char *after_mailbox_invite(struct page *p, const struct change *c, const char **flash_r)
{
    (void)c;
    *flash_r = NULL;
    return own_url(p, "mailboxes.invite");
}

/* The form posts to where it stands: the path, which is the secret, never goes to the theme. */
enum outcome page_invite(struct page *p)
{
    struct invite now;
    enum outcome o = invite_find(p->desk->store, p->a, p->actor.invite, &now);
    if (o != OUT_OK)
        return o;
    p->name = "invite";
    value_set_text(p->vm, "email", address_display(p->a, p->mailbox.email));
    value_set_time(p->vm, "expires", now.expires);
    page_form(p, (struct form_plan){.action = "?",
                                    .change = ACTION_INVITE_ACCEPT,
                                    .submit = N_("Set password and sign in")});
    return OUT_OK;
}

/* The password that was just set counts as a log-in; not a second time. */
const char *after_invite(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = NULL;
    if (p->repeated || login_begin(p, c->object_id) != OUT_OK)
        return page_url(p, "login");
    session_flash(
        p->desk->store, p->session->row.token_hash,
        arena_printf(p->a, "done:%s", page_say(p, "Your password is set, and you are signed in.")));
    return page_url(p, "me.devices");
}
