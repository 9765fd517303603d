/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of domains: domains.list, domains.names, domains.form, domains.show, domains.delete, domains.admins. */
#include <string.h>

#include "pages/page.h"

enum outcome page_domains(struct page *p)
{
    struct reach reach = actor_reach(&p->actor);
    struct keyset k = page_keyset(p);
    struct keyset_ends ends;
    struct domain *rows;
    struct site_numbers numbers;
    size_t n;
    const char *q = pairs_text(&p->request->query, "q"), *url = page_url(p, "domains.list");
    k.prefix = search_prefix(p, q);
    const char *extra = k.prefix != NULL ? url_with(p->a, "", "q", q) + 1 : NULL;
    sort_fill(p, url, extra, &k);
    enum outcome o = domain_list(p->desk->store, p->a, &reach, &k, &rows, &n, &ends);
    if (o == OUT_OK)
        o = site_numbers(p->desk->store, &reach, &numbers);
    if (o != OUT_OK)
        return o;
    p->name = "domains.list";
    struct value *list = value_set_list(p->vm, "rows");
    for (size_t i = 0; i < n; i++)
        domain_fill(p, value_add_map(list), &rows[i]);
    if (n > 0)
        bulk_fill(p, "domains");
    value_set(p->vm, "pager",
              value_page_only(pager_value(p, url, extra, &k, &ends, n > 0 ? rows[0].name : "",
                                          n > 0 ? rows[n - 1].name : "", n)));
    value_set(p->vm, "filter",
              filter_value(p, url, N_("Domain"), k.prefix != NULL ? q : NULL, 0, -1));
    value_set_bool(p->vm, "filtered", k.prefix != NULL);
    count_fill(p->vm, "total", numbers.domains);
    next_fill(p, p->vm, &ends, n > 0 ? rows[n - 1].name : NULL);
    if (page_permits(p, ACTION_DOMAIN_ADD, &(struct object){0}))
        value_set_url(p->vm, "add", page_url(p, "domains.new"));
    if (!reach.everything && page_permits(p, ACTION_DOMAIN_NAMES, &(struct object){0}))
        value_set_url(p->vm, "names", page_url(p, "domains.names"));
    return OUT_OK;
}

/* What privacy_level 1 opens: the names, and nothing else of any domain. */
enum outcome page_domain_names(struct page *p)
{
    struct keyset k = page_keyset(p);
    struct keyset_ends ends;
    const char **rows;
    size_t n;
    const char *q = pairs_text(&p->request->query, "q"), *url = page_url(p, "domains.names");
    k.prefix = search_prefix(p, q);
    enum outcome o = domain_name_list(p->desk->store, p->a, &k, &rows, &n, &ends);
    if (o != OUT_OK)
        return o;
    p->name = "domains.names";
    struct value *list = value_set_list(p->vm, "rows");
    for (size_t i = 0; i < n; i++) {
        struct value *v = value_add_map(list);
        const char *name = domain_display(p->a, rows[i]);
        value_set_text(v, "domain", rows[i]);
        value_set_text(v, "name", name);
        value_set_bool(v, "idn", strcmp(name, rows[i]) != 0);
    }
    const char *extra = k.prefix != NULL ? url_with(p->a, "", "q", q) + 1 : NULL;
    value_set(p->vm, "pager",
              value_page_only(pager_value(p, url, extra, &k, &ends, n > 0 ? rows[0] : "",
                                          n > 0 ? rows[n - 1] : "", n)));
    value_set(p->vm, "filter",
              filter_value(p, url, N_("Domain"), k.prefix != NULL ? q : NULL, 0, -1));
    value_set_bool(p->vm, "filtered", k.prefix != NULL);
    next_fill(p, p->vm, &ends, n > 0 ? rows[n - 1] : NULL);
    return OUT_OK;
}

enum outcome page_domain_new(struct page *p)
{
    p->name = "domains.form";
    page_form(p, (struct form_plan){.action = page_url(p, "domains.new"),
                                    .change = ACTION_DOMAIN_ADD,
                                    .submit = N_("Add domain"),
                                    .cancel = page_url(p, "domains.list")});
    return OUT_OK;
}

enum outcome page_domain_edit(struct page *p)
{
    p->name = "domains.form";
    domain_fill(p, value_set_map(p->vm, "domain"), &p->domain);
    page_form(p, (struct form_plan){.action = page_domain_url(p, "domains.edit", p->domain.name),
                                    .change = ACTION_DOMAIN_EDIT,
                                    .entity = &p->domain,
                                    .version = p->version > 0 ? p->version : p->domain.version,
                                    .submit = N_("Save"),
                                    .cancel = page_domain_url(p, "domains.show", p->domain.name)});
    return OUT_OK;
}

static void admin_fill(struct page *p, struct value *v, const struct domain_admin *d)
{
    value_set_int(v, "id", d->id);
    value_set_text(v, "email", address_display(p->a, d->email));
    value_set_text(v, "name", d->name[0] != '\0' ? d->name : NULL);
    value_set_bool(v, "active", d->active != 0);
    value_set_time(v, "last_seen", d->last_seen);
    const char *at = strrchr(d->email, '@');
    struct domain home = {.name = at + 1};
    bool near = strcmp(home.name, p->domain.name) == 0 || actor_reach(&p->actor).everything;
    if (near)
        value_set_url(v, "url",
                      page_mailbox_url(p, "mailboxes.show", home.name,
                                       arena_memdup(p->a, d->email, (size_t)(at - d->email))));
    if (!page_permits(p, ACTION_DOMAIN_ADMIN_REMOVE, &p->on))
        return;
    struct value *remove = value_page_only(value_set_map(v, "remove"));
    value_set_url(remove, "url", page_domain_url(p, "domains.admins.remove", p->domain.name));
    value_set_text(remove, "label", page_say(p, "Remove"));
    value_set_text(remove, "name", "address");
    value_set_text(remove, "value", d->email);
}

static enum outcome admins_fill(struct page *p, const char *key)
{
    struct domain_admin *rows;
    size_t n;
    enum outcome o = domain_admins(p->desk->store, p->a, p->domain.id, &rows, &n);
    if (o != OUT_OK)
        return o;
    struct value *list = value_set_list(p->vm, key);
    for (size_t i = 0; i < n; i++)
        admin_fill(p, value_add_map(list), &rows[i]);
    return OUT_OK;
}

static void link_if(struct page *p, const char *key, enum action_id what, const char *route)
{
    if (page_permits(p, what, &p->on))
        value_set_url(p->vm, key, page_domain_url(p, route, p->domain.name));
}

enum outcome page_domain(struct page *p)
{
    p->name = "domains.show";
    domain_fill(p, value_set_map(p->vm, "domain"), &p->domain);
    link_if(p, "add_mailbox", ACTION_MAILBOX_ADD, "mailboxes.new");
    link_if(p, "add_alias", ACTION_ALIAS_ADD, "aliases.new");
    link_if(p, "edit", ACTION_DOMAIN_EDIT, "domains.edit");
    link_if(p, "delete", ACTION_DOMAIN_DELETE, "domains.delete");
    link_if(p, "administrators", ACTION_DOMAIN_ADMINS, "domains.admins");
    link_if(p, "activity", ACTION_AUDIT_DOMAIN, "domains.activity");
    link_if(p, "policy", ACTION_DOMAIN_POLICY, "domains.policy");
    enum outcome o = admins_fill(p, "admins");
    if (o == OUT_OK)
        o = policy_in_force_fill(p);
    return o != OUT_OK ? o
                       : recent_fill(p, p->vm, "recent",
                                     &(struct audit_filter){.domain_id = p->domain.id}, 8);
}

enum outcome page_domain_delete(struct page *p)
{
    struct domain_admin *rows;
    size_t n;
    enum outcome o = domain_admins(p->desk->store, p->a, p->domain.id, &rows, &n);
    if (o != OUT_OK)
        return o;
    p->name = "domains.delete";
    domain_fill(p, value_set_map(p->vm, "domain"), &p->domain);
    value_set_int(p->vm, "mailboxes", p->domain.mailboxes);
    value_set_int(p->vm, "aliases", p->domain.aliases);
    value_set_int(p->vm, "admins", (int64_t)n);
    page_form(p, (struct form_plan){.action = page_domain_url(p, "domains.delete", p->domain.name),
                                    .change = ACTION_DOMAIN_DELETE,
                                    .version = p->domain.version,
                                    .submit = N_("Delete domain"),
                                    .danger = true,
                                    .cancel = page_domain_url(p, "domains.show", p->domain.name)});
    return OUT_OK;
}

enum outcome page_domain_admins(struct page *p)
{
    p->name = "domains.admins";
    domain_fill(p, value_set_map(p->vm, "domain"), &p->domain);
    if (page_permits(p, ACTION_DOMAIN_ADMIN_ADD, &p->on))
        page_form(p,
                  (struct form_plan){.action = page_domain_url(p, "domains.admins", p->domain.name),
                                     .change = ACTION_DOMAIN_ADMIN_ADD,
                                     .submit = N_("Add administrator")});
    return admins_fill(p, "rows");
}

/* Shown when the removal asks for the password again, or was mistyped. */
enum outcome page_domain_admin_remove(struct page *p)
{
    p->name = "domains.admins";
    domain_fill(p, value_set_map(p->vm, "domain"), &p->domain);
    page_form(
        p, (struct form_plan){.action = page_domain_url(p, "domains.admins.remove", p->domain.name),
                              .change = ACTION_DOMAIN_ADMIN_REMOVE,
                              .submit = N_("Remove administrator"),
                              .danger = true,
                              .cancel = page_domain_url(p, "domains.admins", p->domain.name)});
    return admins_fill(p, "rows");
}

const char *after_domain_add(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say_of(p, "The domain %s was added.", domain_display(p->a, c->object_name));
    return page_domain_url(p, "domains.show", c->object_name);
}

const char *after_domain_edit(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say(p, "The domain was saved.");
    return page_domain_url(p, "domains.show", c->object_name);
}

const char *after_domain_delete(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say_of(p, "The domain %s was deleted.", domain_display(p->a, c->object_name));
    return page_url(p, "domains.list");
}

const char *after_domain_admin(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say_of(p,
                           c->action == ACTION_DOMAIN_ADMIN_ADD
                               ? N_("%s administers this domain now.")
                               : N_("%s does not administer this domain any more."),
                           input_text(c->input, "address"));
    return page_domain_url(p, "domains.admins", p->domain.name);
}
