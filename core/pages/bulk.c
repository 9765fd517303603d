/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several things at once: the form below a list, the page that says what would happen, and its doing. What
 * is sent: kind and action (of bulk.def), and `id` for each thing, "12" or "12:3" with the version that
 * was seen; as JSON the list `ids`. */
#include "actions/bulk.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "actions/object.h"
#include "actions/undo.h"
#include "base/str.h"
#include "pages/page.h"

enum {
    SAMPLES = 10,
    HELD_MOST = 1000,
    FIELDS_MOST = BULK_ASKED + 3
}; /* the number, the own password, the end */

static const char *const beside[] = {"kind", "action", "id", "ids", "next", NULL};

struct selection {
    const struct bulk *bulk; /* NULL: there is no such */
    const char *next;        /* the list it came from, NULL */
    struct bulk_item items[BULK_MOST];
    size_t n, sent;
};

/* --- what was sent --- */

static const char *member_text(const struct page *p, const char *name)
{
    const struct http_request *r = p->request;
    const struct json_member *m = json_find(&r->json, name);
    if (m != NULL)
        return m->kind == JSON_TEXT ? m->text : NULL;
    return pairs_text(r->method == HTTP_POST ? &r->form : &r->query, name);
}

static void item_add(struct selection *s, struct bulk_item item)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->items[i].id == item.id)
            return;
    if (s->n < BULK_MOST)
        s->items[s->n++] = item;
    s->sent++;
}

static void item_read(struct selection *s, const char *text)
{
    char *end;
    struct bulk_item item = {.id = strtoll(text, &end, 10)};
    if (*end == ':')
        item.version = strtoll(end + 1, NULL, 10);
    item_add(s, item);
}

static struct selection *selection_read(struct page *p)
{
    const struct http_request *r = p->request;
    const struct pairs *sent = r->method == HTTP_POST ? &r->form : &r->query;
    const struct json_member *ids = json_find(&r->json, "ids");
    struct selection *s = ARENA_NEW(p->a, struct selection);
    s->bulk = bulk_find(member_text(p, "kind"), member_text(p, "action"));
    s->next = member_text(p, "next");
    for (size_t i = 0; i < sent->n; i++)
        if (strcmp(sent->rows[i].name, "id") == 0)
            item_read(s, sent->rows[i].value);
    for (size_t i = 0; ids != NULL && i < ids->items_n; i++) {
        const struct json_member *m = &ids->items[i];
        if (m->kind == JSON_TEXT)
            item_read(s, m->text);
        else
            item_add(s, (struct bulk_item){.id = m->kind == JSON_WHOLE ? m->number : 0});
    }
    return s;
}

static enum text_key selection_problem(const struct selection *s)
{
    return s->n == 0             ? TEXT_BULK_EMPTY
           : s->bulk == NULL     ? TEXT_BULK_UNKNOWN
           : s->sent > BULK_MOST ? TEXT_BULK_MANY
                                 : TEXT_NONE;
}

static const char *decimal(struct page *p, size_t n)
{
    return arena_printf(p->a, "%zu", n);
}

static bool wants_count(const struct bulk *b, size_t n)
{
    return bulk_deletes(b) && n > BULK_FINAL;
}

/* A field whose value is asked for, alone or beside others; what may be chosen is read where its section
 * knows it. */
static struct field asked_field(struct page *p, const struct bulk *b, const struct field *asked,
                                bool alone)
{
    struct field f = *asked;
    if (actions[b->action].fields == policy_choice_fields && policy_choice_field(p, &f) != OUT_OK)
        f.options_n = 0; /* a number can be typed then */
    bool his = (f.edit & actor_roles(&p->actor, NULL)) != 0;
    if (his)
        f.edit |= SIGNED_IN; /* each object asks for itself */
    f.offset = SIZE_MAX;     /* of no single one */
    f.nullable |= !alone;
    f.required = his && !f.nullable;
    return f;
}

/* What is typed for all of them at once. */
static const struct field *fields_of(struct page *p, const struct bulk *b, size_t n)
{
    static const struct field count = {.name = "count",
                                       .type = FIELD_INT,
                                       .offset = SIZE_MAX,
                                       .max = BULK_MOST,
                                       .required = true,
                                       .when = ON_EDIT,
                                       .edit = SIGNED_IN | CONSOLE,
                                       .label = TEXT_LABEL_COUNT,
                                       .hint = TEXT_HINT_COUNT};
    struct field *fields = arena_array(p->a, FIELDS_MOST, sizeof *fields);
    size_t at = 0;
    const struct field *asked[BULK_ASKED];
    size_t asked_n = bulk_asks(b, asked);
    while (at < asked_n) {
        fields[at] = asked_field(p, b, asked[at], asked_n == 1);
        at++;
    }
    if (wants_count(b, n))
        fields[at++] = count;
    if ((actions[b->action].flags & CONFIRMS) != 0 && !p->actor.confirmed)
        fields[at++] = confirm_fields[0];
    return fields;
}

/* --- in words --- */

static const char *things(struct page *p, const struct bulk_noun *noun, size_t n)
{
    return n == 1 ? page_say(p, noun->one) : page_say_of(p, noun->many, decimal(p, n));
}

static const char *name_of(struct page *p, const struct bulk *b, const struct change *c, int64_t id)
{
    enum object_kind kind = b->noun->kind;
    if (object_entity(&c->on, kind) == NULL || c->verdict == OUT_ABSENT)
        return arena_printf(p->a, "#%lld", (long long)id);
    const char *name = object_name(p->a, &c->on, kind);
    return kind == ON_MAILBOX || kind == ON_ALIAS  ? address_display(p->a, name)
           : kind == ON_DOMAIN || kind == ON_RELAY ? domain_display(p->a, name)
                                                   : name;
}

/* Is it only that what is asked for is not typed yet, or not well? */
static bool is_typed_wrong(const struct bulk *b, const struct change *c)
{
    const struct field *asked[BULK_ASKED];
    bool some = false;
    for (size_t i = bulk_asks(b, asked); i > 0 && c->verdict == OUT_WRONG; i--)
        some |= input_at(c->input, asked[i - 1]->name)->error != TEXT_NONE;
    return some;
}

/* Not if it would do for others. */
static bool is_all_typed_wrong(const struct bulk *b, const struct change *changes, size_t n)
{
    bool some = false;
    for (size_t i = 0; i < n; i++) {
        if (changes[i].verdict == OUT_OK)
            return false;
        some |= is_typed_wrong(b, &changes[i]);
    }
    return some;
}

/* Why it stays as it is; NULL: it would be changed. */
static const char *reason_of(struct page *p, const struct bulk *b, const struct change *c,
                             bool typed_wrong)
{
    bool told = b->field == NULL || b->value != NULL ||
                (p->input != NULL && input_is_clean(p->input)); /* what it would be set to */
    if (c->verdict == OUT_OK)
        return c->unchanged && told ? page_text(p, TEXT_ALREADY_SO) : NULL;
    if (typed_wrong && is_typed_wrong(b, c))
        return NULL;
    for (size_t i = 0; c->input != NULL && i < c->input->n; i++)
        if (c->input->values[i].error != TEXT_NONE)
            return page_format(p, c->input->values[i].error, c->input->values[i].error_arg);
    if (c->verdict == OUT_ABSENT)
        return page_text(p, TEXT_NOT_FOUND);
    return c->refusal != TEXT_NONE ? page_format(p, c->refusal, c->refusal_arg)
                                   : page_text(p, TEXT_NOT_ALLOWED);
}

/* --- the page that says what would happen --- */

/* What its fields hold that are asked for, in words; NULL: they are none of its own. */
static const char *held_by(struct page *p, const struct bulk *b, const struct change *c)
{
    const struct field *asked[BULK_ASKED];
    size_t n = bulk_asks(b, asked);
    const void *entity = object_entity(&c->on, b->noun->kind);
    struct str s;
    str_init(&s, p->a, HELD_MOST);
    for (size_t i = 0; i < n && entity != NULL && asked[i]->column != NULL; i++)
        if (field_number(asked[i], entity) != 0)
            str_printf(&s, "%s%s: %s", s.len > 0 ? ", " : "", page_text(p, asked[i]->label),
                       field_display(p->a, asked[i], entity));
    return s.len > 0 ? s.data : NULL;
}

static void row_add(struct page *p, struct selection *s, size_t i, const struct change *c,
                    const char *reason)
{
    struct value *v = value_add_map(value_get(p->vm, reason != NULL ? "skipped" : "rows"));
    value_set_int(v, "id", s->items[i].id);
    value_set_text(v, "label", name_of(p, s->bulk, c, s->items[i].id));
    value_set_text(v, "reason", reason);
    value_set_text(v, "now", reason == NULL ? held_by(p, s->bulk, c) : NULL);
}

static size_t rows_fill(struct page *p, struct selection *s, const struct change *changes)
{
    size_t left = 0;
    bool typed_wrong = is_all_typed_wrong(s->bulk, changes, s->n);
    value_set_list(p->vm, "rows");
    value_set_list(p->vm, "skipped");
    for (size_t i = 0; i < s->n; i++) {
        const char *reason = reason_of(p, s->bulk, &changes[i], typed_wrong);
        int64_t seen = object_version(&changes[i].on, s->bulk->noun->kind);
        if (reason != NULL || left < SAMPLES || page_is_json(p))
            row_add(p, s, i, &changes[i], reason);
        if (reason == NULL) {
            s->items[left] = s->items[i];
            s->items[left++].version = seen;
        }
    }
    return left;
}

static void form_fill(struct page *p, const struct selection *s, size_t left, const char *back)
{
    p->fields = fields_of(p, s->bulk, left);
    page_form(p, (struct form_plan){.action = page_url(p, "bulk.run"),
                                    .change = ACTION_BULK,
                                    .submit = s->bulk->label,
                                    .danger = bulk_deletes(s->bulk),
                                    .cancel = back});
    struct value *form = value_get(p->vm, "form");
    hidden_add(form, "kind", s->bulk->noun->word);
    hidden_add(form, "action", s->bulk->word);
    if (s->next != NULL)
        hidden_add(form, "next", s->next);
    for (size_t i = 0; i < left; i++)
        hidden_add(form, "id",
                   arena_printf(p->a, "%lld:%lld", (long long)s->items[i].id,
                                (long long)s->items[i].version));
}

static void nothing_fill(struct page *p, enum text_key why)
{
    value_set_text(p->vm, "heading", page_say(p, N_("Change several at once")));
    value_set_text(p->vm, "problem", page_format(p, why, decimal(p, BULK_MOST)));
    value_set_bool(p->vm, "danger", false);
    value_set_int(p->vm, "count", 0);
    value_set_int(p->vm, "more", 0);
    value_set_list(p->vm, "rows");
    value_set_list(p->vm, "skipped");
}

/* Said above all, not at the form, which may not be there. */
static void problem_fill(struct page *p)
{
    if (p->problem == TEXT_NONE)
        return;
    value_set_text(p->vm, "problem", page_format(p, p->problem, p->problem_arg));
    if (page_is_json(p)) {
        value_set_text(p->vm, "error", text_code(p->problem));
        value_set_text(p->vm, "request_id", p->request->id);
    }
    p->problem = TEXT_NONE;
}

static enum outcome rehearse(struct page *p, struct selection *s, struct input *given,
                             struct change **changes_r)
{
    enum outcome o = bulk_changes(p->desk->store, p->a, s->bulk, s->items, s->n, given, changes_r);
    return o != OUT_OK ? o
                       : perform_rehearse(&p->desk->workshop, p->a, &p->actor, *changes_r, s->n);
}

/* Page "bulk.preview". */
enum outcome page_bulk(struct page *p)
{
    struct selection *s = selection_read(p);
    const char *there = page_there(p, s->next),
               *back = there != NULL ? there : page_url(p, "overview");
    struct change *changes;
    p->name = "bulk.preview";
    value_set_url(p->vm, "back", back);
    if (selection_problem(s) != TEXT_NONE) {
        nothing_fill(p, selection_problem(s));
        return OUT_OK;
    }
    enum outcome o = rehearse(p, s, p->input, &changes);
    if (o != OUT_OK)
        return o;
    size_t left = rows_fill(p, s, changes);
    value_set_text(p->vm, "heading", page_say_of(p, s->bulk->ask, things(p, s->bulk->noun, left)));
    value_set_text(p->vm, "effect", page_say(p, s->bulk->effect));
    value_set_text(p->vm, "rows_heading", page_say(p, s->bulk->head));
    value_set_bool(p->vm, "danger", bulk_deletes(s->bulk));
    value_set_int(p->vm, "count", (int64_t)left);
    value_set_int(p->vm, "more", left > SAMPLES ? (int64_t)left - SAMPLES : 0);
    problem_fill(p);
    if (left > 0)
        form_fill(p, s, left, back);
    return OUT_OK;
}

/* --- doing it --- */

static void send_done(struct page *p, const struct selection *s, const struct change *changes,
                      bool repeated)
{
    int64_t lines[BULK_MOST];
    size_t n = 0, altered = 0;
    for (size_t i = 0; i < s->n; i++) {
        altered += !changes[i].unchanged;
        if (undo_is_offered_after(&changes[i]))
            lines[n++] = changes[i].line;
    }
    if (page_is_json(p)) {
        struct value *v = value_map(p->a), *list = value_set_list(v, "changed");
        for (size_t i = 0; i < s->n; i++) {
            struct value *one = value_add_map(list);
            value_set_int(one, "id", s->items[i].id);
            value_set_text(one, "name", changes[i].object_name);
            if (changes[i].object_version > 0)
                value_set_int(one, "version", changes[i].object_version);
        }
        list = value_set_list(v, "undo");
        for (size_t i = 0; i < n; i++)
            value_add(list, value_int(p->a, lines[i]));
        page_send_json(p, 200, v);
        return;
    }
    if (!repeated)
        page_flash(p, page_say_of(p, s->bulk->done, things(p, s->bulk->noun, altered)), lines, n);
    const char *there = page_there(p, s->next);
    page_send_redirect(p, there != NULL ? there : page_url(p, "overview"));
}

static const struct change *failed_of(const struct change *changes)
{
    while (changes->verdict == OUT_OK)
        changes++;
    return changes;
}

/* What is wrong with what was typed for all of them. */
static bool take_errors(struct input *in, const struct input *from)
{
    bool some = false;
    for (size_t i = 0; from != NULL && i < from->n; i++) {
        struct input_value *to = input_at(in, from->fields[i].name);
        if (from->values[i].error == TEXT_NONE || to == NULL)
            continue;
        to->error = from->values[i].error;
        to->error_arg = from->values[i].error_arg;
        some = true;
    }
    return some;
}

/* What does for some of them is no mistake: the page says of which it does not, and why. */
static bool is_mistake(struct page *p, struct selection *s, struct input *in,
                       const struct change *failed)
{
    struct change *changes;
    if (!is_typed_wrong(s->bulk, failed))
        return true;
    enum outcome o = rehearse(p, s, in, &changes);
    return o != OUT_OK || is_all_typed_wrong(s->bulk, changes, s->n);
}

static void send_refused(struct page *p, struct selection *s, struct input *in,
                         const struct change *c, enum outcome o)
{
    if (o == OUT_DENIED && c->refusal == TEXT_REAUTHENTICATE)
        input_fail(in, "current", TEXT_REAUTHENTICATE, NULL);
    if (!input_is_clean(in) ||
        (o == OUT_WRONG && is_mistake(p, s, in, c) && take_errors(in, c->input))) {
        page_show_again(p, in, 422);
    } else if (o == OUT_BUSY) {
        page_send_busy(p, c);
    } else if (o != OUT_DENIED && o != OUT_ABSENT && o != OUT_CONFLICT && o != OUT_WRONG) {
        page_send_outcome(p, o);
    } else {
        p->status = o == OUT_ABSENT ? 404 : o == OUT_DENIED ? 403 : 409;
        p->problem = TEXT_BULK_STALE;
        p->input = in;
        page_show_now(p);
    }
}

/* As page_show_again() would, where nothing was selected rightly. */
static void send_problem(struct page *p, struct input *in, enum text_key why, const char *member)
{
    if (page_is_json(p)) {
        in->error = why;
        in->error_arg = why == TEXT_BULK_MANY ? decimal(p, BULK_MOST) : NULL;
        in->error_member = member;
        page_send_errors(p, 422, in);
        return;
    }
    p->status = 422;
    page_show_now(p);
}

static void check_count(struct page *p, struct input *in, const struct selection *s)
{
    if (wants_count(s->bulk, s->n) && input_is_clean(in) &&
        input_number(in, "count", 0) != (int64_t)s->n)
        input_fail(in, "count", TEXT_BULK_COUNT, decimal(p, s->n));
}

/* Of several that are asked for one has to be typed. */
static void check_given(struct input *in, const struct bulk *b)
{
    const struct field *asked[BULK_ASKED];
    size_t n = bulk_asks(b, asked);
    for (size_t i = 0; i < n; i++) {
        const struct input_value *v = input_at(in, asked[i]->name);
        if (n == 1 || v->error != TEXT_NONE || (v->present && v->number != FIELD_UNSET))
            return;
    }
    if (n > 0)
        input_fail(in, asked[0]->name, TEXT_BULK_NOTHING_TYPED, NULL);
}

void page_bulk_run(struct page *p)
{
    static const struct field none[] = {{0}};
    struct selection *s = selection_read(p);
    enum text_key problem = selection_problem(s);
    struct operation op = form_operation(p);
    struct change *changes;
    bool repeated = false, generate;
    p->beside = beside;
    if (problem != TEXT_NONE) {
        send_problem(p, input_create(p->a, none), problem,
                     problem == TEXT_BULK_UNKNOWN ? "action" : "ids");
        return;
    }
    p->fields = fields_of(p, s->bulk, s->n);
    struct input *in = form_read(p, ACTION_BULK, &generate);
    input_check_required(in, ON_EDIT);
    check_count(p, in, s);
    check_given(in, s->bulk);
    if (!input_is_clean(in)) {
        page_show_again(p, in, 422);
        return;
    }
    enum outcome o = bulk_changes(p->desk->store, p->a, s->bulk, s->items, s->n, in, &changes);
    if (o != OUT_OK) {
        page_send_outcome(p, o);
        return;
    }
    o = perform(&p->desk->workshop, p->a, &p->actor, changes, s->n, &op, &repeated);
    if (o == OUT_OK)
        send_done(p, s, changes, repeated);
    else
        send_refused(p, s, in, failed_of(changes), o);
}

/* --- the form below a list --- */

/* Could the reader do this to any of them? */
static bool is_offered(const struct page *p, const struct bulk *b, const char *noun)
{
    return strcmp(b->noun->word, noun) == 0 &&
           (actions[b->action].roles & actor_roles(&p->actor, NULL)) != 0 &&
           bulk_sets_for(b, actor_roles(&p->actor, NULL));
}

static struct value *choice_add(struct page *p, struct value *fields)
{
    struct value *choice = value_add_map(fields);
    value_set_text(choice, "name", "action");
    value_set_text(choice, "label", page_say(p, N_("With the selected")));
    value_set_text(choice, "type", "select");
    value_set_bool(choice, "checked", false);
    value_set_bool(choice, "required", true);
    value_set_bool(choice, "autofocus", false);
    return value_set_list(choice, "options");
}

void bulk_fill(struct page *p, const char *noun)
{
    struct value *options = NULL;
    for (const struct bulk *b = bulks; b->word != NULL; b++) {
        if (!is_offered(p, b, noun))
            continue;
        if (options == NULL) {
            struct value *form = value_page_only(value_set_map(p->vm, "bulk"));
            value_set_text(form, "id", "bulk");
            value_set_url(form, "action", page_url(p, "bulk.preview"));
            value_set_text(form, "method", "get");
            struct value *fields = value_set_list(form, "fields");
            hidden_add(form, "kind", noun);
            hidden_add(form, "next", page_here(p));
            options = choice_add(p, fields);
        }
        struct value *o = value_add_map(options);
        value_set_text(o, "value", b->word);
        value_set_text(o, "label", page_say(p, b->label));
        value_set_bool(o, "selected", false);
    }
}
