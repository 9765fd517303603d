/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages audit.list and audit.show: who changed what. */
#include <stdlib.h>
#include <string.h>

#include "actions/undo.h"
#include "base/utf8.h"
#include "http/json.h"
#include "pages/page.h"

const char *action_words(const struct page *p, const char *action)
{
    enum action_id what = action_find(action);
    if (strcmp(action, "password.rehash") == 0) /* of the log-in, not somebody's action */
        return page_say(p, N_("The stored password was renewed"));
    return what < ACTION_COUNT ? page_say(p, actions[what].label) : action;
}

void audit_fill(struct page *p, struct value *v, const struct audit_entry *e)
{
    const char *id = arena_printf(p->a, "%lld", (long long)e->id);
    record_audit(v, e);
    value_page_only(value_set_text(v, "label", action_words(p, e->action)));
    value_set_url(v, "url", route_url(p->a, p->desk->place.prefix, "audit.show", NULL, NULL, id));
}

enum outcome recent_fill(struct page *p, struct value *vm, const char *key,
                         const struct audit_filter *f, unsigned n)
{
    struct audit_entry *rows;
    size_t count;
    struct keyset_ends ends;
    struct reach reach = actor_reach(&p->actor);
    enum outcome o = audit_list(p->desk->store, p->a, &reach, f, &(struct keyset){.limit = n},
                                &rows, &count, &ends);
    struct value *list = value_set_list(vm, key);
    for (size_t i = 0; o == OUT_OK && i < count; i++)
        audit_fill(p, value_add_map(list), &rows[i]);
    return o;
}

static const char *entry_key(struct page *p, const struct audit_entry *e)
{
    return arena_printf(p->a, "%lld", (long long)e->id);
}

/* Newest first, or by ?order=asc the oldest, as `sort`; more of the query. */
static const char *order_fill(struct page *p, const char *url, const char *q, struct keyset *k)
{
    const char *order = pairs_text(&p->request->query, "order");
    const char *plain = q != NULL ? url_with(p->a, url, "q", q) : url;
    k->descending = order != NULL && strcmp(order, "asc") == 0;
    struct value *v = value_page_only(value_set_map(p->vm, "sort"));
    const char *other = url_with(p->a, plain, "order", "asc");
    value_set_bool(v, "descending", !k->descending);
    value_set_url(v, "url", k->descending ? plain : other);
    const char *query = strchr(k->descending ? other : plain, '?');
    return query != NULL ? query + 1 : NULL;
}

static enum outcome list_fill(struct page *p, const char *url, struct audit_filter *f)
{
    struct audit_entry *rows;
    size_t n;
    struct keyset_ends ends;
    struct keyset k = page_keyset(p);
    struct reach reach = actor_reach(&p->actor);
    const char *q = pairs_text(&p->request->query, "q");
    f->actor = search_prefix(p, q);
    const char *extra = order_fill(p, url, f->actor != NULL ? q : NULL, &k);
    enum outcome o = audit_list(p->desk->store, p->a, &reach, f, &k, &rows, &n, &ends);
    if (o != OUT_OK)
        return o;
    p->name = "audit.list";
    struct value *list = value_set_list(p->vm, "rows");
    for (size_t i = 0; i < n; i++)
        audit_fill(p, value_add_map(list), &rows[i]);
    const char *first = n > 0 ? entry_key(p, &rows[0]) : "",
               *last = n > 0 ? entry_key(p, &rows[n - 1]) : "";
    k.descending = false; /* the query says it */
    value_set(p->vm, "pager",
              value_page_only(pager_value(p, url, extra, &k, &ends, first, last, n)));
    value_set(p->vm, "filter",
              filter_value(p, url, N_("Who (address)"), f->actor != NULL ? q : NULL, 0, -1));
    value_set_bool(p->vm, "filtered", f->actor != NULL);
    next_fill(p, p->vm, &ends, n > 0 ? last : NULL);
    return OUT_OK;
}

enum outcome page_audit(struct page *p)
{
    return list_fill(p, page_url(p, "audit.list"), &(struct audit_filter){0});
}

enum outcome page_domain_activity(struct page *p)
{
    domain_ref_fill(p, value_set_map(p->vm, "domain"), p->domain.name);
    return list_fill(p, page_domain_url(p, "domains.activity", p->domain.name),
                     &(struct audit_filter){.domain_id = p->domain.id});
}

static const char *member_text(struct page *p, const struct json_members *members, const char *name)
{
    const struct json_member *m = json_find(members, name);
    if (m == NULL)
        return NULL;
    return m->kind == JSON_TEXT ? m->text : arena_printf(p->a, "%lld", (long long)m->number);
}

static struct json_members members_of(struct page *p, const char *json)
{
    struct json_members m = {0};
    if (json != NULL && json[0] != '\0')
        json_parse(p->a, (const unsigned char *)json, strlen(json), &m);
    return m;
}

/* What actions write besides the values of their fields (actions/line.c). */
static const struct {
    const char *name, *label;
} beside[] = {
    {"administrator", N_("Administrator")},
    {"aliases", N_("Aliases")},
    {"entry", N_("Undoes entry")},
    {"level", N_("Rights")},
    {"link", N_("One-time link")},
    {"mailboxes", N_("Mailboxes")},
    {"password", N_("Password")},
    {"preview", N_("Preview")},
    {"reason", N_("Reason")},
    {"recipient", N_("Recipient")},
    {"theme", N_("Theme")},
};

/* In words; a theme's setting keeps its name. */
static const char *field_label(struct page *p, const char *action, const char *name)
{
    for (size_t i = 0; i < ACTION_COUNT; i++)
        if (strcmp(actions[i].name, action) == 0)
            for (const struct field *f = actions[i].fields; f != NULL && f->name != NULL; f++)
                if (strcmp(f->name, name) == 0)
                    return page_text(p, f->label);
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        if (strcmp(beside[i].name, name) == 0)
            return page_say(p, beside[i].label);
    return name;
}

/* Values that are the program's own words, not somebody's. */
static const char *value_said(struct page *p, const char *field, const char *value)
{
    static const char *const fields[] = {"level", "link", "password", "preview"};
    static const char *const words[] = {N_("(hidden)"),     N_("off"),         N_("on"),
                                        N_("server admin"), N_("super admin"), N_("user")};
    if (value == NULL || strcmp(field, "reason") == 0)
        return page_say(p, value);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        for (size_t k = 0; strcmp(fields[i], field) == 0 && k < sizeof words / sizeof *words; k++)
            if (strcmp(words[k], value) == 0)
                return page_say(p, words[k]);
    return value;
}

static void change_add(struct page *p, struct value *list, const char *field,
                       const struct json_members *before, const struct json_members *after)
{
    struct value *v = value_add_map(list);
    value_set_text(v, "field", field);
    value_page_only(value_set_text(v, "label", field_label(p, p->entry.action, field)));
    value_set_text(v, "before", value_said(p, field, member_text(p, before, field)));
    value_set_text(v, "after", value_said(p, field, member_text(p, after, field)));
}

static void entry_fill(struct page *p)
{
    const struct audit_entry *e = &p->entry;
    struct json_members before = members_of(p, e->before), after = members_of(p, e->after);
    audit_fill(p, value_set_map(p->vm, "entry"), e);
    struct value *list = value_set_list(p->vm, "changes");
    for (size_t i = 0; i < before.n; i++)
        change_add(p, list, before.rows[i].name, &before, &after);
    for (size_t i = 0; i < after.n; i++)
        if (json_find(&before, after.rows[i].name) == NULL)
            change_add(p, list, after.rows[i].name, &before, &after);
}

static const char *entry_url(struct page *p, const char *route)
{
    return route_url(p->a, p->desk->place.prefix, route, NULL, NULL, entry_key(p, &p->entry));
}

enum outcome page_audit_entry(struct page *p)
{
    const struct audit_entry *e = &p->entry;
    p->name = "audit.show";
    entry_fill(p);
    value_set_text(p->vm, "request_id", e->request_id);
    value_set_text(p->vm, "remote", e->remote != NULL && e->remote[0] != '\0' ? e->remote : NULL);
    if (page_permits(p, ACTION_UNDO, &p->on))
        value_set_url(p->vm, "undo", entry_url(p, "audit.undo"));
    return OUT_OK;
}

/* --- back again --- */

static const char *sent_with(struct page *p)
{
    const char *with = pairs_text(&p->request->form, "with");
    return with != NULL && utf8_is_valid(with, strlen(with)) ? with : NULL;
}

/* Page "audit.undo": asks, and says why it was not possible. */
enum outcome page_undo(struct page *p)
{
    const char *next = pairs_text(&p->request->query, "next"), *url = entry_url(p, "audit.undo");
    const char *back = page_there(p, next);
    p->name = "audit.undo";
    entry_fill(p);
    page_form(p,
              (struct form_plan){.action = back != NULL ? url_with(p->a, url, "next", next) : url,
                                 .change = ACTION_UNDO,
                                 .submit = N_("Undo"),
                                 .cancel = back != NULL ? back : entry_url(p, "audit.show")});
    if (sent_with(p) != NULL)
        hidden_add(value_get(p->vm, "form"), "with", sent_with(p));
    return OUT_OK;
}

/* The numbers of the other lines that are undone with it: a list, or "12,13". */
static size_t numbers_sent(struct page *p, int64_t *numbers, size_t most)
{
    const struct json_member *m = json_find(&p->request->json, "with");
    const char *text = sent_with(p);
    size_t n = 0;
    for (size_t i = 0; m != NULL && i < m->items_n && n < most; i++)
        numbers[n++] = m->items[i].number;
    for (char *end; text != NULL && *text != '\0' && n < most; text = end + (*end == ',')) {
        numbers[n++] = strtoll(text, &end, 10);
        if (end == text)
            break;
    }
    return n;
}

/* One line becomes its opposite. The reason, where it does not. */
static enum outcome undo_one(struct page *p, const struct audit_entry *e, struct change *c)
{
    struct object on = {.entry = e};
    enum outcome o = permit_why(&p->actor, ACTION_UNDO, &on, &c->refusal);
    enum text_key why = c->refusal;
    if (o != OUT_OK) {
        audit_refusal(&p->desk->workshop, p->a, &p->actor, ACTION_UNDO, &on);
        return o;
    }
    o = undo_change(p->desk->store, p->a, e, c);
    c->refusal = why;
    return o == OUT_ABSENT ? OUT_CONFLICT : o;
}

static enum outcome undo_all(struct page *p, struct change *changes, size_t *n_r)
{
    int64_t others[UNDO_MOST - 1];
    size_t n = numbers_sent(p, others, UNDO_MOST - 1);
    enum outcome o = undo_one(p, &p->entry, &changes[0]);
    *n_r = 1;
    for (size_t i = 0; o == OUT_OK && i < n; i++) {
        struct audit_entry *e = ARENA_NEW(p->a, struct audit_entry);
        o = audit_by_id(p->desk->store, p->a, others[i], e);
        if (o == OUT_OK)
            o = undo_one(p, e, &changes[(*n_r)++]);
    }
    return o;
}

static void send_undone(struct page *p, const struct change *changes, size_t n, bool repeated)
{
    if (page_is_json(p)) {
        struct value *v = value_map(p->a), *list = value_set_list(v, "undone");
        for (size_t i = 0; i < n; i++) {
            struct value *one = value_add_map(list);
            value_set_int(one, "id", changes[i].object_id);
            value_set_text(one, "name", changes[i].object_name);
            value_set_int(one, "version", changes[i].object_version);
        }
        page_send_json(p, 200, v);
        return;
    }
    const char *next = page_there(p, pairs_text(&p->request->query, "next"));
    const char *what = n == 1 ? address_display(p->a, changes[0].object_name)
                              : page_say_of(p, N_("%s changes"), arena_printf(p->a, "%zu", n));
    if (!repeated)
        page_flash(p, page_say_of(p, N_("Undone: %s."), what), NULL, 0);
    page_send_redirect(p, next != NULL ? next : entry_url(p, "audit.show"));
}

static void send_not_undone(struct page *p, const struct change *c, enum outcome o)
{
    enum text_key why = o == OUT_CONFLICT ? TEXT_UNDO_CHANGED : c->refusal;
    for (size_t i = 0; o == OUT_WRONG && c->input != NULL && i < c->input->n; i++)
        why = c->input->values[i].error != TEXT_NONE ? c->input->values[i].error : why;
    if (o == OUT_BUSY) {
        page_send_busy(p, c);
    } else if (why == TEXT_NONE || o == OUT_ABSENT) {
        page_send_outcome(p, o);
    } else if (page_is_json(p) || o == OUT_DENIED) {
        page_send_error(p, o == OUT_DENIED ? 403 : 409, why, c->refusal_arg);
    } else {
        p->problem = why;
        p->status = 409;
        page_show_now(p);
    }
}

void page_undo_run(struct page *p)
{
    struct change *changes = arena_array(p->a, UNDO_MOST, sizeof *changes);
    struct operation op = form_operation(p);
    bool repeated = false;
    size_t n = 0, failed;
    enum outcome o = undo_all(p, changes, &n);
    if (o == OUT_OK)
        o = perform(&p->desk->workshop, p->a, &p->actor, changes, n, &op, &repeated);
    else if (o == OUT_CONFLICT &&
             perform_repeated(&p->desk->workshop, p->a, &p->actor, &op, &changes[0]) == OUT_OK) {
        repeated = true;
        n = 1;
        o = OUT_OK;
    }
    for (failed = 0; failed + 1 < n && changes[failed].verdict == OUT_OK; failed++)
        ;
    if (o == OUT_OK)
        send_undone(p, changes, n, repeated);
    else
        send_not_undone(p, &changes[failed], o);
}
