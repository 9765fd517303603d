/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of access entries, clients and senders: lists.list, .form, .show, .delete, .paste. */
#include <string.h>

#include "pages/page.h"
#include "store/access.h"

enum { INSIDE_MOST = 10 };

static void entries_fill(struct page *p, const char *key, const struct access_entry *rows, size_t n)
{
    struct value *list = value_set_list(p->vm, key);
    for (size_t i = 0; i < n; i++)
        access_fill(p, value_add_map(list), &rows[i]);
}

/* --- the list --- */

static void kinds_fill(struct page *p, int64_t kind)
{
    value_set_text(p->vm, "kind", access_kind_word(kind));
    value_set_url(p->vm, "clients", page_access_list_url(p, ACCESS_CLIENT));
    value_set_url(p->vm, "senders", page_access_list_url(p, ACCESS_SENDER));
}

/* Other filters keep the kind. */
static void keep_kind(struct page *p)
{
    struct value *f = value_add_map(value_get(value_get(p->vm, "filter"), "fields"));
    value_set_text(f, "name", "kind");
    value_set_text(f, "label", "");
    value_set_text(f, "type", "hidden");
    value_set_text(f, "value", "senders");
    value_set_bool(f, "checked", false);
    value_set_list(f, "options");
    value_set_bool(f, "required", false);
    value_set_bool(f, "autofocus", false);
}

static void adding_fill(struct page *p, int64_t kind)
{
    const struct object nothing = {0};
    const char *word = access_kind_word(kind);
    if (page_permits(p, ACTION_ACCESS_ADD, &nothing))
        value_set_url(p->vm, "add", url_with(p->a, page_url(p, "lists.new"), "kind", word));
    if (page_permits(p, ACTION_ACCESS_PASTE, &nothing))
        value_set_url(p->vm, "paste", url_with(p->a, page_url(p, "lists.paste"), "kind", word));
}

enum outcome page_lists(struct page *p)
{
    const char *word = pairs_text(&p->request->query, "kind");
    bool senders = word != NULL && strcmp(word, "senders") == 0;
    enum access_kind kind = senders ? ACCESS_SENDER : ACCESS_CLIENT;
    const char *q = pairs_text(&p->request->query, "q"), *url = page_url(p, "lists.list");
    const char *of_kind = senders ? "kind=senders" : NULL;
    struct keyset k = page_keyset(p);
    struct keyset_ends ends;
    struct access_entry *rows;
    size_t n;
    int64_t total = 0;
    k.prefix = search_prefix(p, q);
    struct list_tail tail = {.url = url,
                             .label = senders ? N_("Sender") : N_("Client"),
                             .q = k.prefix != NULL ? q : NULL,
                             .hint = senders ? N_("Its start; or @domain for the addresses of a "
                                                  "domain, *.domain for all below one.")
                                             : NULL,
                             .extra = of_kind,
                             .keyset = &k,
                             .ends = &ends};
    sort_fill(p, url, list_query(p, &tail), &k);
    enum outcome o = access_list(p->desk->store, p->a, kind, &k, &rows, &n, &ends);
    if (o == OUT_OK)
        o = access_count(p->desk->store, kind, &total);
    if (o != OUT_OK)
        return o;
    p->name = "lists.list";
    kinds_fill(p, kind);
    entries_fill(p, "rows", rows, n);
    tail.first = n > 0 ? rows[0].pattern : NULL;
    tail.last = n > 0 ? rows[n - 1].pattern : NULL;
    tail.shown = n;
    tail.total = total;
    list_tail_fill(p, &tail);
    if (senders)
        keep_kind(p);
    adding_fill(p, kind);
    if (n > 0)
        bulk_fill(p, senders ? "senders" : "clients");
    return OUT_OK;
}

/* --- forms --- */

static int64_t kind_asked(const struct page *p)
{
    const char *word = pairs_text(&p->request->query, "kind");
    return word != NULL && access_kind_of(word) == ACCESS_SENDER ? ACCESS_SENDER : ACCESS_CLIENT;
}

enum outcome page_access_new(struct page *p)
{
    int64_t kind = kind_asked(p);
    struct access_entry *fresh = ARENA_NEW(p->a, struct access_entry);
    *fresh = (struct access_entry){.pattern = "",
                                   .state = "",
                                   .comment = "",
                                   .kind_word = access_kind_word(kind),
                                   .word = "REJECT",
                                   .text = ""};
    p->name = "lists.form";
    page_form(p, (struct form_plan){.action = page_url(p, "lists.new"),
                                    .change = ACTION_ACCESS_ADD,
                                    .entity = fresh,
                                    .submit = N_("Add entry"),
                                    .cancel = page_access_list_url(p, kind)});
    return OUT_OK;
}

enum outcome page_access_paste(struct page *p)
{
    struct access_paste *fresh = ARENA_NEW(p->a, struct access_paste);
    *fresh = (struct access_paste){.kind = access_kind_word(kind_asked(p)), .state = "REJECT"};
    p->name = "lists.paste";
    page_form(p, (struct form_plan){.action = page_url(p, "lists.paste"),
                                    .change = ACTION_ACCESS_PASTE,
                                    .entity = fresh,
                                    .submit = N_("Add entries"),
                                    .cancel = page_access_list_url(p, kind_asked(p))});
    return OUT_OK;
}

enum outcome page_access_edit(struct page *p)
{
    p->name = "lists.form";
    access_fill(p, value_set_map(p->vm, "entry"), &p->access);
    page_form(p, (struct form_plan){.action = page_access_url(p, "edit", &p->access),
                                    .change = ACTION_ACCESS_EDIT,
                                    .entity = &p->access,
                                    .version = p->version > 0 ? p->version : p->access.version,
                                    .submit = N_("Save"),
                                    .cancel = page_access_url(p, "show", &p->access)});
    return OUT_OK;
}

enum outcome page_access_delete(struct page *p)
{
    p->name = "lists.delete";
    access_fill(p, value_set_map(p->vm, "entry"), &p->access);
    page_form(p, (struct form_plan){.action = page_access_url(p, "delete", &p->access),
                                    .change = ACTION_ACCESS_DELETE,
                                    .version = p->access.version,
                                    .submit = N_("Delete entry"),
                                    .danger = true,
                                    .cancel = page_access_url(p, "show", &p->access)});
    return OUT_OK;
}

/* --- one entry, and what else speaks of the same mail --- */

static enum outcome wider_find(struct page *p, const struct access_entry *e,
                               struct access_entry **rows_r, size_t *n_r)
{
    const char *wider[ACCESS_WIDER_MOST];
    struct access_pattern pattern;
    access_pattern_of(p->a, e, &pattern);
    size_t n = access_wider(p->a, &pattern, wider, ACCESS_WIDER_MOST);
    return access_covering(p->desk->store, p->a, (enum access_kind)e->kind, wider, n, rows_r, n_r);
}

/* What a search for senders is that finds what lies inside; NULL: nothing can. */
static const char *search_inside(struct page *p, const struct access_pattern *pattern)
{
    return pattern->form == IS_NAME    ? arena_printf(p->a, "@%s", pattern->text)
           : pattern->form == IS_BELOW ? arena_printf(p->a, "*%s", pattern->text)
           : pattern->form == IS_USER  ? pattern->text
                                       : NULL;
}

static enum outcome senders_inside_fill(struct page *p, const struct access_entry *e,
                                        const struct access_pattern *pattern)
{
    const char *search = search_inside(p, pattern);
    struct keyset k = {.prefix = search, .limit = INSIDE_MOST + 1}; /* it may be found itself */
    struct keyset_ends ends = {0};
    struct access_entry *rows = NULL;
    size_t found = 0, n = 0;
    enum outcome o =
        search != NULL ? access_list(p->desk->store, p->a, ACCESS_SENDER, &k, &rows, &found, &ends)
                       : OUT_OK;
    for (size_t i = 0; i < found; i++)
        if (rows[i].id != e->id)
            rows[n++] = rows[i];
    entries_fill(p, "inside", rows, n < INSIDE_MOST ? n : INSIDE_MOST);
    if (n > INSIDE_MOST || ends.more_after)
        value_set_url(p->vm, "all_inside",
                      url_with(p->a, page_access_list_url(p, ACCESS_SENDER), "q", search));
    return o;
}

static enum outcome inside_fill(struct page *p, const struct access_entry *e)
{
    struct access_pattern pattern;
    struct access_entry *rows = NULL;
    size_t n = 0;
    access_pattern_of(p->a, e, &pattern);
    bool network = pattern.form == IS_NETWORK || pattern.form == IS_OCTETS;
    if (e->kind == ACCESS_SENDER)
        return senders_inside_fill(p, e, &pattern);
    enum outcome o = network ? access_inside(p->desk->store, p->a, &pattern.network, e->id,
                                             INSIDE_MOST, &rows, &n)
                             : OUT_OK;
    entries_fill(p, "inside", rows, n);
    return o;
}

enum outcome page_access(struct page *p)
{
    struct access_entry *wider;
    size_t n;
    enum outcome o = wider_find(p, &p->access, &wider, &n);
    if (o != OUT_OK)
        return o;
    p->name = "lists.show";
    access_fill(p, value_set_map(p->vm, "entry"), &p->access);
    entries_fill(p, "wider", wider, n);
    if ((o = inside_fill(p, &p->access)) != OUT_OK)
        return o;
    if (page_permits(p, ACTION_ACCESS_EDIT, &p->on))
        value_set_url(p->vm, "edit", page_access_url(p, "edit", &p->access));
    if (page_permits(p, ACTION_ACCESS_DELETE, &p->on))
        value_set_url(p->vm, "delete", page_access_url(p, "delete", &p->access));
    return recent_fill(p, p->vm, "recent",
                       &(struct audit_filter){.object_id = p->access.id,
                                              .object_kind = access_kind_word(p->access.kind)},
                       8);
}

/* --- afterwards --- */

const char *after_access_add(struct page *p, const struct change *c, const char **flash_r)
{
    const char *kind = input_text(c->input, "kind");
    struct access_entry e = {.id = c->object_id, .pattern = c->object_name, .state = ""}, *wider;
    size_t n;
    e.kind = kind != NULL ? access_kind_of(kind) : ACCESS_CLIENT;
    *flash_r = page_say_of(p, "%s was added.", access_display(p->a, c->object_name));
    if (wider_find(p, &e, &wider, &n) == OUT_OK && n > 0)
        *flash_r = arena_printf(
            p->a, "%s %s", *flash_r,
            page_format(p, TEXT_ACCESS_WITHIN,
                        arena_printf(p->a, "%s %s", wider[0].pattern, wider[0].state)));
    return page_access_url(p, "show", &e);
}

const char *after_access_paste(struct page *p, const struct change *c, const char **flash_r)
{
    const char *kind = input_text(c->input, "kind");
    *flash_r = lines_said(p, c->input, "lines");
    return page_access_list_url(p, kind != NULL ? access_kind_of(kind) : ACCESS_CLIENT);
}

const char *after_access_edit(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say_of(p, "%s was saved.", access_display(p->a, c->object_name));
    return page_access_url(p, "show", &p->access);
}

const char *after_access_delete(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say_of(p, "%s was deleted.", access_display(p->a, c->object_name));
    return page_access_list_url(p, p->access.kind);
}
