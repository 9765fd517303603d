/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page "overview": what there is; while nothing is there, the next three steps. */
#include "pages/page.h"

static void number_add(struct value *list, const char *key, const char *label, int64_t n,
                       const char *url)
{
    struct value *v = value_add_map(list);
    value_set_text(v, "key", key);
    value_page_only(value_set_text(v, "label", label));
    value_set_int(v, "value", n);
    value_set_url(v, "url", url);
}

static void step_add(struct value *list, const char *label, const char *text, const char *url,
                     bool done)
{
    struct value *v = value_add_map(list);
    value_set_text(v, "label", label);
    value_set_text(v, "text", text);
    value_set_url(v, "url", url);
    value_set_bool(v, "done", done);
}

/* The first domain is the server's own; the steps show until there is a second mailbox. */
static void steps_fill(struct page *p, const struct site_numbers *n, const struct domain *first)
{
    struct value *list = value_page_only(value_set_list(p->vm, "steps"));
    if (!actor_reach(&p->actor).everything || n->mailboxes > 1)
        return;
    step_add(
        list, page_say(p, "Add a domain"),
        page_say(p, "The part behind the @ of the addresses that this server receives mail for."),
        page_url(p, "domains.new"), n->domains > 0);
    const char *boxes = first != NULL ? page_domain_url(p, "mailboxes.new", first->name)
                                      : page_url(p, "domains.list");
    step_add(list, page_say(p, "Add a mailbox"),
             page_say(p, "An address with a password; its mail can be read at once."), boxes,
             n->mailboxes > 1);
    step_add(list, page_say(p, "Say who looks after it"),
             page_say(p, "A domain may have an administrator of its own who needs nobody else."),
             first != NULL ? page_domain_url(p, "domains.admins", first->name)
                           : page_url(p, "domains.list"),
             false);
}

enum outcome page_overview(struct page *p)
{
    struct reach reach = actor_reach(&p->actor);
    struct site_numbers n = {0};
    struct domain *rows;
    size_t count;
    struct keyset_ends ends;
    enum outcome o = site_numbers(p->desk->store, &reach, &n);
    if (o == OUT_OK)
        o = domain_list(p->desk->store, p->a, &reach, &(struct keyset){.limit = 5}, &rows, &count,
                        &ends);
    if (o != OUT_OK)
        return o;
    p->name = "overview";
    struct value *numbers = value_set_list(p->vm, "numbers");
    number_add(numbers, "domains", page_say(p, "Domains"), n.domains, page_url(p, "domains.list"));
    number_add(numbers, "mailboxes", page_say(p, "Mailboxes"), n.mailboxes,
               page_url(p, "mailboxes.all"));
    number_add(numbers, "aliases", page_say(p, "Aliases"), n.aliases, page_url(p, "aliases.all"));
    steps_fill(p, &n, count > 0 ? &rows[0] : NULL);
    struct value *domains = value_set_list(p->vm, "domains");
    for (size_t i = 0; i < count; i++)
        domain_fill(p, value_add_map(domains), &rows[i]);
    if (page_permits(p, ACTION_DOMAIN_ADD, &(struct object){0}))
        value_set_url(p->vm, "add_domain", page_url(p, "domains.new"));
    return recent_fill(p, p->vm, "recent", &(struct audit_filter){0}, 8);
}
