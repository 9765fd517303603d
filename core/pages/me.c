/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages me.activity, me.devices and me.appearance, and what me.show tells of the reader's mail. */
#include <string.h>

#include "pages/page.h"
#include "store/alias.h"

/* Of others their name and the time, not from where and with which account of the machine. */
static void row_fill(struct page *p, struct value *v, const struct audit_entry *e)
{
    bool own = e->actor_id == p->actor.account->id;
    value_set_int(v, "id", e->id);
    value_set_time(v, "at", e->at);
    value_set_bool(v, "own", own);
    value_set_text(v, "actor",
                   e->actor_id != 0 ? address_display(p->a, e->actor) : page_say(p, N_("console")));
    value_set_text(v, "action", e->action);
    value_page_only(value_set_text(v, "label", action_words(p, e->action)));
    value_set_text(v, "object", e->object);
    value_set_text(v, "outcome", e->outcome);
    if (own && e->remote != NULL && e->remote[0] != '\0')
        value_set_text(v, "remote", e->remote);
}

static void rows_fill(struct page *p, struct value *vm, const char *key,
                      const struct audit_entry *rows, size_t n)
{
    struct value *list = value_set_list(vm, key);
    for (size_t i = 0; i < n; i++)
        row_fill(p, value_add_map(list), &rows[i]);
}

enum outcome activity_fill(struct page *p, struct value *vm, const char *key, unsigned n)
{
    struct audit_entry *rows;
    size_t count = 0;
    struct keyset_ends ends;
    enum outcome o = audit_own(p->desk->store, p->a, p->actor.account->id,
                               &(struct keyset){.limit = n}, &rows, &count, &ends);
    rows_fill(p, vm, key, rows, o == OUT_OK ? count : 0);
    return o;
}

static const char *key_of(struct page *p, const struct audit_entry *e)
{
    return arena_printf(p->a, "%lld", (long long)e->id);
}

enum outcome page_me_activity(struct page *p)
{
    struct audit_entry *rows;
    size_t n;
    struct keyset_ends ends;
    struct keyset k = page_keyset(p);
    enum outcome o = audit_own(p->desk->store, p->a, p->actor.account->id, &k, &rows, &n, &ends);
    if (o != OUT_OK)
        return o;
    p->name = "me.activity";
    rows_fill(p, p->vm, "rows", rows, n);
    const char *first = n > 0 ? key_of(p, &rows[0]) : "",
               *last = n > 0 ? key_of(p, &rows[n - 1]) : "";
    value_set(p->vm, "pager",
              value_page_only(
                  pager_value(p, page_url(p, "me.activity"), NULL, &k, &ends, first, last, n)));
    next_fill(p, p->vm, &ends, n > 0 ? last : NULL);
    return OUT_OK;
}

enum outcome mail_fill(struct page *p, struct value *vm)
{
    struct alias_pair *rows;
    size_t n;
    const char *email = p->actor.account->email;
    enum outcome o = aliases_around(p->desk->store, p->a, email, &rows, &n);
    if (o != OUT_OK)
        return o;
    struct value *v = value_set_map(vm, "mail"), *aliases = value_set_list(v, "aliases"),
                 *forwards = value_set_list(v, "forwards");
    bool away = false, home = false;
    for (size_t i = 0; i < n; i++) {
        bool from = strcmp(rows[i].source, email) == 0;
        bool to = strcmp(rows[i].destination, email) == 0;
        away = away || from;
        home = home || (from && to);
        if (from && !to)
            value_add_text(forwards, address_display(p->a, rows[i].destination));
        if (to && !from) /* "@example.org" is a catch-all */
            value_add_text(aliases, arena_printf(p->a, "%s%s", rows[i].source[0] == '@' ? "*" : "",
                                                 address_display(p->a, rows[i].source)));
    }
    value_set_bool(v, "kept", !away || home);
    return OUT_OK;
}

static void server_add(struct page *p, struct value *list, const char *service, struct words host,
                       int64_t port, const char *security)
{
    struct value *v = value_add_map(list);
    value_set_text(v, "service", service);
    value_set_text(v, "host", host.n > 0 ? host.at[0] : p->desk->place.hosts[0]);
    value_set_int(v, "port", port);
    value_set_text(v, "security", security);
}

enum outcome page_me_devices(struct page *p)
{
    const struct settings *s = p->desk->settings;
    const struct mailbox *m = p->actor.account;
    p->name = "me.devices";
    value_set_text(p->vm, "email", address_display(p->a, m->email));
    value_set_text(p->vm, "user", m->email);
    struct value *list = value_set_list(p->vm, "servers");
    server_add(p, list, "imap", s->imap_host, s->imap_port, s->imap_security);
    server_add(p, list, "smtp", s->smtp_host, s->smtp_port, s->smtp_security);
    value_set_url(p->vm, "password", page_url(p, "me.password"));
    return OUT_OK;
}

enum outcome page_me_appearance(struct page *p)
{
    p->name = "me.appearance";
    page_form(p, (struct form_plan){.action = page_url(p, "me.appearance"),
                                    .change = ACTION_LANGUAGE_CHOOSE,
                                    .entity = &p->session->account,
                                    .submit = N_("Save"),
                                    .cancel = page_url(p, "me.show")});
    return OUT_OK;
}

/* Said in the new language already. */
const char *after_me_appearance(struct page *p, const struct change *c, const char **flash_r)
{
    struct session *changed = ARENA_NEW(p->a, struct session);
    *changed = *p->session;
    if (c->input != NULL && input_has(c->input, "language"))
        changed->account.language = input_text(c->input, "language");
    p->session = changed;
    p->locale = page_locale(p);
    *flash_r = page_say(p, "Your language was saved.");
    return page_url(p, "me.show");
}
