/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One-time links: page mailboxes.invite makes one, page invite is where it leads. */
#include "pages/page.h"

enum outcome page_mailbox_invite(struct page *p)
{
    struct invite now;
    const struct mailbox *m = &p->mailbox;
    enum outcome o = invite_of(p->desk->store, p->a, m->id, &now);
    if (o != OUT_OK && o != OUT_ABSENT)
        return o;
    p->name = "mailboxes.invite";
    mailbox_fill(p, value_set_map(p->vm, "mailbox"), m, NULL);
    domain_ref_fill(p, value_set_map(p->vm, "domain"), m->domain);
    if (o == OUT_OK)
        value_set_time(p->vm, "expires", now.expires);
    page_form(p, (struct form_plan){
                     .action = page_mailbox_url(p, "mailboxes.invite", m->domain, m->local_part),
                     .change = ACTION_MAILBOX_INVITE,
                     .submit = N_("Make a one-time link"),
                     .cancel = page_mailbox_url(p, "mailboxes.show", m->domain, m->local_part)});
    return OUT_OK;
}

/* Of the same form sent twice: the link was shown to whoever got the first answer. */
const char *after_mailbox_invite(struct page *p, const struct change *c, const char **flash_r)
{
    (void)c;
    *flash_r = NULL;
    return page_mailbox_url(p, "mailboxes.invite", p->mailbox.domain, p->mailbox.local_part);
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
