/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of administrators: admins.list, admins.form, admins.show, admins.confirm. */
#include <string.h>

#include "pages/page.h"
#include "store/admin.h"

static const char *account_url(struct page *p, const char *route, int64_t id)
{
    const char *number = arena_printf(p->a, "%lld", (long long)id);
    return route_url_of(p->a, p->desk->place.prefix, route,
                        &(struct route_match){.account = number});
}

enum outcome page_admins(struct page *p)
{
    struct keyset k = page_keyset(p);
    struct keyset_ends ends;
    struct admin *rows;
    size_t n;
    const char *q = pairs_text(&p->request->query, "q"), *url = page_url(p, "admins.list");
    k.prefix = search_prefix(p, q);
    if (k.prefix == NULL)
        q = NULL;
    enum outcome o = admin_list(p->desk->store, p->a, &k, &rows, &n, &ends);
    if (o != OUT_OK)
        return o;
    p->name = "admins.list";
    struct value *list = value_set_list(p->vm, "rows");
    for (size_t i = 0; i < n; i++) {
        struct value *v = value_add_map(list);
        record_admin(p->a, v, &rows[i]);
        value_set_url(v, "url", account_url(p, "admins.show", rows[i].id));
    }
    const char *first = n > 0 ? admin_key(p->a, &rows[0]) : "",
               *last = n > 0 ? admin_key(p->a, &rows[n - 1]) : "";
    value_set(p->vm, "pager",
              value_page_only(pager_value(p, url, q != NULL ? url_with(p->a, "", "q", q) + 1 : NULL,
                                          &k, &ends, first, last, n)));
    value_set(p->vm, "filter", filter_value(p, url, N_("Address"), q, 0, -1));
    value_set_bool(p->vm, "filtered", q != NULL);
    next_fill(p, p->vm, &ends, n > 0 ? last : NULL);
    if (page_permits(p, ACTION_ADMIN_MAKE, &(struct object){0}))
        value_set_url(p->vm, "add", page_url(p, "admins.new"));
    return OUT_OK;
}

/* ?address=: whose page led here. */
static void address_take(struct page *p)
{
    const char *address = pairs_text(&p->request->query, "address");
    if (p->input != NULL || address == NULL)
        return;
    p->input = input_create(p->a, actions[ACTION_ADMIN_MAKE].fields);
    input_read_typed(p->a, p->input, "address", address, strlen(address));
}

enum outcome page_admin_new(struct page *p)
{
    p->name = "admins.form";
    address_take(p);
    bool all = (actor_roles(&p->actor, NULL) & actions[ACTION_SERVER_ADMIN_ADD].roles) != 0;
    page_form(p, (struct form_plan){.action = page_url(p, "admins.new"),
                                    .change = ACTION_ADMIN_MAKE,
                                    .submit = N_("Make administrator"),
                                    .hint_field = all ? NULL : "domain",
                                    .hint = page_text(p, TEXT_HINT_ADMIN_ONE_DOMAIN),
                                    .cancel = page_url(p, "admins.list")});
    return OUT_OK;
}

static enum outcome domains_fill(struct page *p)
{
    struct domain *rows;
    size_t n;
    enum outcome o = domains_of_admin(p->desk->store, p->a, p->mailbox.id, &rows, &n);
    struct value *list = value_set_list(p->vm, "domains");
    bool may = actor_covers(&p->actor, &p->mailbox);
    for (size_t i = 0; o == OUT_OK && i < n; i++) {
        struct value *v = value_add_map(list);
        domain_ref_fill(p, v, rows[i].name);
        if (!may)
            continue;
        struct value *remove = value_page_only(value_set_map(v, "remove"));
        value_set_url(remove, "url", page_domain_url(p, "domains.admins.remove", rows[i].name));
        value_set_text(remove, "label", page_say(p, "Remove"));
        value_set_text(remove, "name", "address");
        value_set_text(remove, "value", p->mailbox.email);
    }
    return o;
}

static void link_if(struct page *p, const char *key, enum action_id what, const char *route)
{
    if (page_permits(p, what, &p->on))
        value_set_url(p->vm, key, account_url(p, route, p->mailbox.id));
}

enum outcome page_admin(struct page *p)
{
    const struct mailbox *m = &p->mailbox;
    p->name = "admins.show";
    mailbox_fill(p, value_set_map(p->vm, "mailbox"), m, NULL);
    if (actor_covers(&p->actor, m))
        value_set_url(p->vm, "add", url_with(p->a, page_url(p, "admins.new"), "address", m->email));
    if (account_level(m) == LEVEL_SERVER_ADMIN)
        link_if(p, "remove", ACTION_SERVER_ADMIN_REMOVE, "admins.remove");
    link_if(p, "end_sessions", ACTION_SESSIONS_END, "admins.sessions");
    enum outcome o = domains_fill(p);
    if (o == OUT_OK)
        o = sessions_fill(p, m->id);
    return o != OUT_OK
               ? o
               : recent_fill(p, p->vm, "recent", &(struct audit_filter){.actor_id = m->id}, 8);
}

static enum outcome confirm(struct page *p, const char *task, enum action_id what,
                            const char *route, const char *submit)
{
    p->name = "admins.confirm";
    mailbox_fill(p, value_set_map(p->vm, "mailbox"), &p->mailbox, NULL);
    value_set_text(p->vm, "task", task);
    page_form(p, (struct form_plan){.action = account_url(p, route, p->mailbox.id),
                                    .change = what,
                                    .version = p->mailbox.version,
                                    .submit = submit,
                                    .danger = true,
                                    .cancel = account_url(p, "admins.show", p->mailbox.id)});
    return OUT_OK;
}

enum outcome page_admin_remove(struct page *p)
{
    return confirm(p, "remove", ACTION_SERVER_ADMIN_REMOVE, "admins.remove",
                   N_("Take the right away"));
}

enum outcome page_admin_sessions(struct page *p)
{
    return confirm(p, "sessions", ACTION_SESSIONS_END, "admins.sessions", N_("End sessions"));
}

const char *after_admin_make(struct page *p, const struct change *c, const char **flash_r)
{
    struct mailbox m;
    const char *address = input_text(c->input, "address");
    *flash_r = page_say_of(p, "%s is an administrator now.", address_display(p->a, address));
    return mailbox_find(p->desk->store, p->a, address, &m) == OUT_OK
               ? account_url(p, "admins.show", m.id)
               : page_url(p, "admins.list");
}

const char *after_admin(struct page *p, const struct change *c, const char **flash_r)
{
    bool sessions = c->action == ACTION_SESSIONS_END;
    *flash_r = page_say_of(
        p, sessions ? N_("The sessions of %s have ended.") : N_("%s is no server admin any more."),
        address_display(p->a, p->mailbox.email));
    return account_url(p, "admins.show", p->mailbox.id);
}
