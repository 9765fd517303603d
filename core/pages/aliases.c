/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of aliases: aliases.list, .form, .show, .delete; and what the pages of mailboxes tell of them. */
#include <string.h>

#include "pages/page.h"
#include "store/alias.h"

enum { AROUND_MOST = 20 };

enum outcome alias_around_fill(struct page *p, struct value *vm, const struct mailbox *m)
{
    struct reach reach = actor_reach(&p->actor);
    struct keyset_ends ends;
    struct alias *rows, own;
    size_t n;
    const struct domain d = {.id = m->domain_id, .name = m->domain};
    enum outcome o = alias_find(p->desk->store, p->a, m->email, &own);
    if (o == OUT_OK)
        alias_fill(p, value_set_map(vm, "alias"), &own, NULL);
    else if (o == OUT_ABSENT && page_permits(p, ACTION_ALIAS_ADD, &(struct object){.domain = &d}))
        value_set_url(
            vm, "forward",
            url_with(p->a, page_domain_url(p, "aliases.new", m->domain), "source", m->local_part));
    if (o != OUT_OK && o != OUT_ABSENT)
        return o;
    o = alias_list(p->desk->store, p->a, &reach,
                   &(struct alias_filter){.target = m->email, .active = -1},
                   &(struct keyset){.limit = AROUND_MOST}, &rows, &n, &ends);
    struct value *list = value_set_list(vm, "aliases");
    for (size_t i = 0; o == OUT_OK && i < n; i++)
        alias_fill(p, value_add_map(list), &rows[i], NULL);
    if (o == OUT_OK && ends.more_after)
        value_set_url(vm, "all_aliases",
                      url_with(p->a, page_url(p, "aliases.all"), "to", m->email));
    return o;
}

/* --- the list --- */

struct wanted {
    struct alias_filter filter;
    const char *q, *to, *state, *kind;
};

static const char *text_of(struct page *p, const char *name)
{
    const char *text = pairs_text(&p->request->query, name);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

static int state_of(const char *word)
{
    if (word == NULL)
        return -1;
    return strcmp(word, "on") == 0 ? 1 : strcmp(word, "off") == 0 ? 0 : -1;
}

static struct wanted wanted_of(struct page *p, int64_t domain_id, struct keyset *k)
{
    struct wanted w = {.q = text_of(p, "q"),
                       .to = text_of(p, "to"),
                       .state = text_of(p, "state"),
                       .kind = text_of(p, "kind")};
    k->prefix = search_prefix(p, w.q);
    if (k->prefix == NULL)
        w.q = NULL;
    w.filter = (struct alias_filter){
        .domain_id = domain_id,
        .target = w.to != NULL ? alias_target_of(p->desk->store, p->a, w.to) : NULL,
        .active = state_of(w.state),
        .catch_all = w.kind != NULL && strcmp(w.kind, "catchall") == 0};
    if (k->prefix != NULL && alias_is_keyed_by_source(&w.filter))
        k->prefix = arena_memdup(p->a, k->prefix, strcspn(k->prefix, "@"));
    return w;
}

static const char *extra_of(struct page *p, const struct wanted *w)
{
    const char *const pairs[][2] = {
        {"q", w->q}, {"to", w->to}, {"state", w->state}, {"kind", w->kind}};
    const char *text = "";
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][1] != NULL)
            text = url_with(p->a, text, pairs[i][0], pairs[i][1]);
    return text[0] != '\0' ? text + 1 : NULL;
}

static const struct filter_option kinds[] = {
    {"", N_("Any")}, {"catchall", N_("Catch-all")}, {NULL, NULL}};

static struct value *alias_filter_value(struct page *p, const char *url, const struct wanted *w)
{
    struct value *filter = filter_value(p, url, N_("Address"), w->q, 1, w->filter.active);
    struct value *fields = value_get(filter, "fields");
    struct value *to = filter_field(fields, "to", page_say(p, "Leads to"), "text");
    value_set_text(to, "value", w->to);
    value_set_text(to, "hint", page_say(p, "An address, or @domain."));
    value_set_list(to, "options");
    filter_choice(p, filter, "kind", N_("Kind"), kinds, w->filter.catch_all ? "catchall" : "");
    return filter;
}

static enum outcome list_fill(struct page *p, int64_t domain_id, const char *url, const char *where,
                              int64_t total)
{
    struct reach reach = actor_reach(&p->actor);
    struct keyset k = page_keyset(p);
    struct keyset_ends ends;
    struct alias *rows;
    size_t n;
    struct wanted w = wanted_of(p, domain_id, &k);
    sort_fill(p, url, extra_of(p, &w), &k);
    enum outcome o = alias_list(p->desk->store, p->a, &reach, &w.filter, &k, &rows, &n, &ends);
    if (o == OUT_OK)
        o = aliases_mark_circles(p->desk->store, p->a, rows, n);
    if (o != OUT_OK)
        return o;
    p->name = "aliases.list";
    const char *back = return_query(p, where);
    struct value *list = value_set_list(p->vm, "rows");
    for (size_t i = 0; i < n; i++)
        alias_fill(p, value_add_map(list), &rows[i], back);
    const char *first = n > 0 ? alias_key(&w.filter, &rows[0]) : "",
               *last = n > 0 ? alias_key(&w.filter, &rows[n - 1]) : "";
    value_set(p->vm, "pager",
              value_page_only(pager_value(p, url, extra_of(p, &w), &k, &ends, first, last, n)));
    value_set(p->vm, "filter", alias_filter_value(p, url, &w));
    value_set_bool(p->vm, "filtered", extra_of(p, &w) != NULL);
    if (n > 0)
        bulk_fill(p, "aliases");
    count_fill(p->vm, "total", total);
    next_fill(p, p->vm, &ends, n > 0 ? last : NULL);
    return OUT_OK;
}

enum outcome page_aliases_all(struct page *p)
{
    struct reach reach = actor_reach(&p->actor);
    struct site_numbers numbers;
    const struct mailbox *me = p->actor.account;
    bool one = !reach.everything && me->administers_n == 1; /* all of one domain, by its own key */
    enum outcome o = site_numbers(p->desk->store, &reach, &numbers);
    return o != OUT_OK ? o
                       : list_fill(p, one ? me->administers[0] : 0, page_url(p, "aliases.all"),
                                   "all", numbers.aliases);
}

enum outcome page_aliases(struct page *p)
{
    domain_ref_fill(p, value_set_map(p->vm, "domain"), p->domain.name);
    if (page_permits(p, ACTION_ALIAS_ADD, &p->on))
        value_set_url(p->vm, "add", page_domain_url(p, "aliases.new", p->domain.name));
    return list_fill(p, p->domain.id, page_domain_url(p, "aliases.list", p->domain.name), "list",
                     p->domain.aliases);
}

/* --- one --- */

static void form_fill(struct page *p, struct form_plan plan)
{
    p->name = "aliases.form";
    domain_ref_fill(p, value_set_map(p->vm, "domain"), p->domain.name);
    plan.suffix_field = "source";
    plan.suffix = arena_printf(p->a, "@%s", domain_display(p->a, p->domain.name));
    page_form(p, plan);
}

/* ?source= fills in the name: where a mailbox's page offers to send its mail on, a copy is kept. */
enum outcome page_alias_new(struct page *p)
{
    const char *source = text_of(p, "source"), *name = "";
    if (source == NULL || local_part_parse(p->a, source, strlen(source), &name) != TEXT_NONE)
        name = "";
    const struct alias fresh = {.active = 1,
                                .source = name,
                                .email = "",
                                .domain = "",
                                .destinations = "",
                                .description = "",
                                .keep_copy = name[0] != '\0'};
    form_fill(p, (struct form_plan){.action = page_domain_url(p, "aliases.new", p->domain.name),
                                    .change = ACTION_ALIAS_ADD,
                                    .entity = &fresh,
                                    .submit = N_("Add alias"),
                                    .cancel = page_domain_url(p, "aliases.list", p->domain.name)});
    return OUT_OK;
}

static const char *own_url(struct page *p, const char *route)
{
    return page_alias_url(p, route, p->alias.domain, p->alias.id);
}

enum outcome page_alias_edit(struct page *p)
{
    alias_fill(p, value_set_map(p->vm, "alias"), &p->alias, NULL);
    form_fill(p, (struct form_plan){.action = own_url(p, "aliases.edit"),
                                    .change = ACTION_ALIAS_EDIT,
                                    .entity = &p->alias,
                                    .version = p->version > 0 ? p->version : p->alias.version,
                                    .submit = N_("Save"),
                                    .cancel = own_url(p, "aliases.show")});
    return OUT_OK;
}

static void head_fill(struct page *p)
{
    alias_fill(p, value_set_map(p->vm, "alias"), &p->alias, NULL);
    domain_ref_fill(p, value_set_map(p->vm, "domain"), p->alias.domain);
}

/* The mailbox of the same name gets nothing: the mend as one press. */
static void keep_fill(struct page *p)
{
    const struct alias *alias = &p->alias;
    if (alias->account_id != 0 && alias->keep_copy == 0 && alias_is_editable(p, alias))
        alias_button_fill(p, value_set_map(p->vm, "keep"), alias, "keep_copy", "1",
                          N_("Keep a copy"), NULL);
}

enum outcome page_alias(struct page *p)
{
    const struct alias *alias = &p->alias;
    p->name = "aliases.show";
    head_fill(p);
    keep_fill(p);
    value_set_bool(p->vm, "protected", !alias_is_editable(p, alias));
    if (alias->account_id != 0)
        value_set_url(p->vm, "mailbox",
                      page_mailbox_url(p, "mailboxes.show", alias->domain, alias->source));
    if (alias_is_editable(p, alias)) {
        value_set_url(p->vm, "edit", own_url(p, "aliases.edit"));
        value_set_url(p->vm, "delete", own_url(p, "aliases.delete"));
    }
    enum outcome o = alias_targets_fill(p, p->vm, alias);
    return o != OUT_OK
               ? o
               : recent_fill(p, p->vm, "recent",
                             &(struct audit_filter){.object_id = alias->id, .object_kind = "alias"},
                             8);
}

/* Who gets the mail then. */
static enum outcome then_fill(struct page *p)
{
    struct alias catch_all;
    const struct alias *alias = &p->alias;
    enum outcome o = alias->catch_all
                         ? OUT_ABSENT
                         : alias_find(p->desk->store, p->a,
                                      arena_printf(p->a, "@%s", alias->domain), &catch_all);
    if (o != OUT_OK && o != OUT_ABSENT)
        return o;
    value_set_text(p->vm, "next",
                   alias->account_id != 0                 ? "mailbox"
                   : o == OUT_OK && catch_all.active != 0 ? "catchall"
                                                          : "nobody");
    return OUT_OK;
}

enum outcome page_alias_delete(struct page *p)
{
    p->name = "aliases.delete";
    head_fill(p);
    page_form(p, (struct form_plan){.action = own_url(p, "aliases.delete"),
                                    .change = ACTION_ALIAS_DELETE,
                                    .version = p->alias.version,
                                    .submit = N_("Delete alias"),
                                    .danger = true,
                                    .cancel = own_url(p, "aliases.show")});
    return then_fill(p);
}

const char *after_alias_add(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say_of(p, "The alias %s was added.", address_display(p->a, c->object_name));
    return page_alias_url(p, "aliases.show", p->domain.name, c->object_id);
}

const char *after_alias_edit(struct page *p, const struct change *c, const char **flash_r)
{
    const char *email = address_display(p->a, c->object_name);
    bool alone = c->input != NULL && input_has(c->input, "active") && p->request->form.n <= 4;
    *flash_r = page_say_of(p,
                           !alone ? N_("%s was saved.")
                           : input_number(c->input, "active", 1)
                               ? N_("%s is enabled.")
                               : N_("%s is disabled: it sends nothing on."),
                           email);
    const char *url = return_url(p, page_domain_url(p, "aliases.list", p->domain.name),
                                 page_url(p, "aliases.all"), p->alias.id);
    return url != NULL ? url : own_url(p, "aliases.show");
}

const char *after_alias_delete(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say_of(p, "The alias %s was deleted.", address_display(p->a, c->object_name));
    return page_domain_url(p, "aliases.list", p->domain.name);
}
