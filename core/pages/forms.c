/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forms from field tables: drawn for a theme, and read from what was posted. What the actor may not
 * edit is neither drawn nor read. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "pages/page.h"

/* What the page reads itself. */
static bool is_beside(const struct page *p, const char *name)
{
    for (const char *const *own = p->beside; own != NULL && *own != NULL; own++)
        if (strcmp(*own, name) == 0)
            return true;
    return false;
}

/* Members of every form that are no fields. */
static bool is_reserved(const struct page *p, const char *name)
{
    static const char *const names[] = {"token", "operation", "version", "generate", "return"};
    if (is_beside(p, name))
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_asked(const struct page *p, const struct action *action, const struct field *f)
{
    unsigned when = action->flags & CREATES ? ON_CREATE : ON_EDIT;
    if ((f->when & when) == 0)
        return false;
    if ((action->flags & CONFIRMS) != 0 && strcmp(f->name, "current") == 0 && p->actor.confirmed)
        return false;
    return (f->edit & actor_roles(&p->actor, &p->on)) != 0;
}

static const char *control_type(const struct field *f)
{
    static const char *const types[] = {
        [FIELD_TEXT] = "text",         [FIELD_INT] = "number",
        [FIELD_BOOL] = "checkbox",     [FIELD_SIZE] = "text",
        [FIELD_PASSWORD] = "password", [FIELD_ADDRESS] = "email",
        [FIELD_DECIMAL] = "text",      [FIELD_DOMAIN] = "text",
        [FIELD_LOCAL_PART] = "text",   [FIELD_CHOICE] = "select",
        [FIELD_COLOR] = "color",       [FIELD_LINKS] = "textarea",
        [FIELD_LINES] = "textarea",    [FIELD_DESTINATIONS] = "textarea",
    };
    bool chosen = f->options_n > 0 || (f->type == FIELD_BOOL && f->nullable);
    return chosen ? "select" : types[f->type];
}

/* Yes, no, or what stands below it. */
static const struct field_option truths[] = {
    {"", N_("Not set")}, {"1", N_("Yes")}, {"0", N_("No")}};

static const struct field_option *options_of(const struct page *p, const struct field *f,
                                             size_t *n_r)
{
    bool three = f->type == FIELD_BOOL && f->nullable;
    *n_r = three ? sizeof truths / sizeof *truths
                 : field_options(f, actor_roles(&p->actor, &p->on));
    return three ? truths : f->options;
}

static const struct field *fields_of(const struct page *p, const struct action *action)
{
    return p->fields != NULL ? p->fields : action->fields;
}

static const char *label_of(const struct page *p, const struct field *f)
{
    return f->words != NULL ? f->words : page_text(p, f->label);
}

static const char *hint_of(const struct page *p, const struct field *f)
{
    return f->help != NULL ? f->help : f->hint != TEXT_NONE ? page_text(p, f->hint) : NULL;
}

static void options_fill(const struct page *p, struct value *v, const struct field *f,
                         const char *value)
{
    struct value *list = value_set_list(v, "options");
    size_t n;
    const struct field_option *options = options_of(p, f, &n);
    for (size_t i = 0; i < n; i++) {
        struct value *o = value_add_map(list);
        value_set_text(o, "value", options[i].value);
        value_set_text(o, "label",
                       f->words != NULL ? options[i].label : page_say(p, options[i].label));
        value_set_bool(o, "selected", value != NULL && strcmp(value, options[i].value) == 0);
    }
}

/* What was typed last, else what is stored; nothing of passwords. */
static const char *control_value(struct page *p, const struct form_plan *plan,
                                 const struct field *f)
{
    const struct input_value *typed = p->input != NULL ? input_at(p->input, f->name) : NULL;
    if (f->type == FIELD_PASSWORD)
        return NULL;
    if (typed != NULL && typed->typed != NULL)
        return typed->typed;
    return plan->entity != NULL && f->offset != SIZE_MAX ? field_edit_text(p->a, f, plan->entity)
                                                         : NULL;
}

static void control_fill(struct page *p, struct value *v, const struct form_plan *plan,
                         const struct field *f)
{
    const struct input_value *typed = p->input != NULL ? input_at(p->input, f->name) : NULL;
    const char *value = control_value(p, plan, f);
    value_set_text(v, "name", f->name);
    value_set_text(v, "label", label_of(p, f));
    value_set_text(v, "type", control_type(f));
    bool ticked = f->type == FIELD_BOOL && !f->nullable;
    value_set_text(v, "value", ticked ? "1" : value);
    value_set_bool(v, "checked", ticked && (value == NULL || strcmp(value, "0") != 0));
    options_fill(p, v, f, value);
    if (f->group != NULL)
        value_set_text(v, "group", page_say(p, f->group));
    bool other = plan->hint_field != NULL && strcmp(plan->hint_field, f->name) == 0;
    value_set_text(v, "hint", other ? plan->hint : hint_of(p, f));
    if (typed != NULL && typed->error != TEXT_NONE)
        value_set_text(v, "error", page_format(p, typed->error, typed->error_arg));
    if (typed != NULL) {
        value_set_text(v, "offer", typed->offer);
        lines_fill(p, v, typed);
    }
    value_set_bool(v, "required", f->required && !(f->type == FIELD_PASSWORD && plan->generate));
    value_set_text(v, "autocomplete", f->autocomplete);
    value_set_bool(v, "autofocus", false);
    if (f->type == FIELD_INT && f->options_n == 0) {
        value_set_int(v, "min", f->min);
        value_set_int(v, "max", f->max);
    }
    if (plan->suffix_field != NULL && strcmp(plan->suffix_field, f->name) == 0)
        value_set_text(v, "suffix", plan->suffix);
}

static void error_add(struct page *p, struct value *errors, const struct field *f,
                      const struct input_value *typed)
{
    struct value *v = value_add_map(errors);
    value_set_text(v, "name", f->name);
    value_set_text(v, "label", label_of(p, f));
    value_set_text(v, "text", page_format(p, typed->error, typed->error_arg));
}

static void fields_fill(struct page *p, struct value *form, const struct form_plan *plan)
{
    const struct action *action = &actions[plan->change];
    struct value *fields = value_set_list(form, "fields"), *errors = value_set_list(form, "errors");
    for (const struct field *f = fields_of(p, action); f != NULL && f->name != NULL; f++) {
        if (!is_asked(p, action, f))
            continue;
        const struct input_value *typed = p->input != NULL ? input_at(p->input, f->name) : NULL;
        control_fill(p, value_add_map(fields), plan, f);
        if (typed != NULL && typed->error != TEXT_NONE)
            error_add(p, errors, f, typed);
    }
}

void page_form(struct page *p, struct form_plan plan)
{
    struct value *form = value_page_only(value_set_map(p->vm, "form"));
    value_set_url(form, "action", plan.action);
    value_set_text(form, "method", "post");
    if (plan.version > 0)
        value_set_int(form, "version", plan.version);
    fields_fill(p, form, &plan);
    if (p->problem != TEXT_NONE)
        value_set_text(form, "error", page_format(p, p->problem, p->problem_arg));
    value_set_text(form, "submit", page_say(p, plan.submit));
    value_set_url(form, "cancel", plan.cancel);
    value_set_bool(form, "danger", plan.danger);
    value_set_bool(form, "generate", plan.generate);
}

void hidden_add(struct value *form, const char *name, const char *value)
{
    struct value *v = value_add_map(value_get(form, "fields"));
    value_set_text(v, "name", name);
    value_set_text(v, "label", "");
    value_set_text(v, "type", "hidden");
    value_set_text(v, "value", value);
    value_set_bool(v, "checked", false);
    value_set_bool(v, "required", false);
    value_set_bool(v, "autofocus", false);
    value_set_list(v, "options");
}

static const struct field *field_named(const struct field *fields, const char *name)
{
    for (; fields != NULL && fields->name != NULL; fields++)
        if (strcmp(fields->name, name) == 0)
            return fields;
    return NULL;
}

/* A field that may be set here, else NULL with the reason at the form. A field the reader may not
 * edit is not read from a form; JSON is told. */
static const struct field *field_for(struct page *p, const struct action *action, struct input *in,
                                     const char *name)
{
    const struct field *f = field_named(fields_of(p, action), name);
    if (f != NULL && is_asked(p, action, f))
        return f;
    bool confirmed = f != NULL && strcmp(name, "current") == 0;
    if (in->error == TEXT_NONE && !confirmed && (f == NULL || p->request->body_is_json)) {
        in->error = TEXT_UNKNOWN_FIELD;
        in->error_arg = in->error_member = utf8_is_valid(name, strlen(name)) ? name : "that";
    }
    return NULL;
}

/* Members beside the fields: the version that was read, and the wish for a password. The rest of
 * what forms carry goes into headers. */
static bool read_beside(struct page *p, enum action_id change, struct input *in,
                        const struct json_member *m, bool *generate_r)
{
    bool version = strcmp(m->name, "version") == 0 && action_is_about_version(change);
    bool generate = strcmp(m->name, "generate") == 0 && action_sets_password(change);
    bool fits = version ? m->kind == JSON_WHOLE && m->number > 0 : m->kind == JSON_TRUTH;
    if (!version && !generate)
        return false;
    if (!fits && in->error == TEXT_NONE) {
        in->error = TEXT_WRONG_TYPE;
        in->error_arg = text_english(version ? TEXT_KIND_NUMBER : TEXT_KIND_TRUTH);
        in->error_member = m->name;
    } else if (version) {
        p->version = m->number;
    } else {
        *generate_r = m->number != 0;
    }
    return true;
}

/* What is no text in it stands for a line that cannot be taken. */
static void read_list(struct page *p, struct input *in, const struct json_member *m)
{
    const char **texts = arena_array(p->a, m->items_n + 1, sizeof *texts);
    size_t *lengths = arena_array(p->a, m->items_n + 1, sizeof *lengths);
    for (size_t i = 0; i < m->items_n; i++) {
        bool text = m->items[i].kind == JSON_TEXT;
        texts[i] = text ? m->items[i].text : "\1";
        lengths[i] = text ? m->items[i].text_n : 1;
    }
    input_read_list(p->a, in, m->name, texts, lengths, m->items_n);
}

static void read_member(struct page *p, const struct action *action, struct input *in,
                        const struct json_member *m)
{
    if (field_for(p, action, in, m->name) == NULL)
        return;
    if (m->kind == JSON_TEXT)
        input_read_text(p->a, in, m->name, m->text, m->text_n);
    else if (m->kind == JSON_WHOLE)
        input_read_number(p->a, in, m->name, m->number);
    else if (m->kind == JSON_TRUTH)
        input_read_bool(p->a, in, m->name, m->number != 0);
    else if (m->kind == JSON_FRACTION)
        input_read_real(p->a, in, m->name, m->real);
    else if (m->kind == JSON_NOTHING)
        input_read_nothing(in, m->name);
    else if (m->kind == JSON_LIST)
        read_list(p, in, m);
    else
        input_fail_type(in, m->name);
}

struct input *form_read(struct page *p, enum action_id change, bool *generate_r)
{
    static const struct field none[] = {{0}};
    const struct action *action = &actions[change];
    const struct http_request *r = p->request;
    const struct field *fields = fields_of(p, action);
    struct input *in = input_create(p->a, fields != NULL ? fields : none);
    for (size_t i = 0; i < r->form.n; i++) {
        const struct pair *pair = &r->form.rows[i];
        if (!is_reserved(p, pair->name) && field_for(p, action, in, pair->name) != NULL &&
            pair == pairs_find(&r->form, pair->name))
            input_read_typed(p->a, in, pair->name, pair->value, pair->value_n);
    }
    const char *version = pairs_text(&r->form, "version");
    p->version = version != NULL ? strtoll(version, NULL, 10) : 0;
    *generate_r = pairs_find(&r->form, "generate") != NULL;
    for (size_t i = 0; i < r->json.n; i++)
        if (!is_beside(p, r->json.rows[i].name) &&
            !read_beside(p, change, in, &r->json.rows[i], generate_r))
            read_member(p, action, in, &r->json.rows[i]);
    return in;
}

static void hash_part(struct str *s, const char *name, const char *bytes, size_t n)
{
    str_printf(s, "%zu:%s=%zu:", strlen(name), name, n);
    str_append_n(s, bytes, n);
}

static void hash_member(struct page *p, struct str *s, const char *name,
                        const struct json_member *m)
{
    const char *text = m->kind == JSON_TEXT ? m->text
                                            : arena_printf(p->a, "%d %lld %a", m->kind,
                                                           (long long)m->number, m->real);
    hash_part(s, name, text, m->kind == JSON_TEXT ? m->text_n : strlen(text));
}

struct operation form_operation(struct page *p)
{
    const struct http_request *r = p->request;
    struct operation op = {.id = r->operation != NULL ? r->operation
                                                      : pairs_text(&r->form, "operation")};
    struct str s;
    str_init(&s, p->a, WIRE_MAX);
    hash_part(&s, "path", r->path, strlen(r->path));
    for (size_t i = 0; i < r->form.n; i++) {
        const struct pair *pair = &r->form.rows[i];
        if (strcmp(pair->name, "token") != 0 && strcmp(pair->name, "operation") != 0)
            hash_part(&s, pair->name, pair->value, pair->value_n);
    }
    for (size_t i = 0; i < r->json.n; i++) {
        const struct json_member *m = &r->json.rows[i];
        hash_member(p, &s, m->name, m);
        for (size_t k = 0; k < m->items_n; k++)
            hash_member(p, &s, "", &m->items[k]);
    }
    hmac_sha256(p->desk->key, sizeof p->desk->key, s.data, s.len, op.fields_hash);
    if (op.id != NULL &&
        (op.id[0] == '\0' || strlen(op.id) > 64 || !utf8_is_valid(op.id, strlen(op.id))))
        op.id = NULL;
    return op;
}

struct value *filter_field(struct value *fields, const char *name, const char *label,
                           const char *type)
{
    struct value *f = value_add_map(fields);
    value_set_text(f, "name", name);
    value_set_text(f, "label", label);
    value_set_text(f, "type", type);
    value_set_bool(f, "checked", false);
    value_set_bool(f, "required", false);
    value_set_bool(f, "autofocus", false);
    return f;
}

void filter_choice(struct page *p, struct value *filter, const char *name, const char *label,
                   const struct filter_option *options, const char *chosen)
{
    struct value *fields = value_get(filter, "fields");
    struct value *list =
        value_set_list(filter_field(fields, name, page_say(p, label), "select"), "options");
    for (; options->label != NULL; options++) {
        struct value *o = value_add_map(list);
        value_set_text(o, "value", options->value);
        value_set_text(o, "label", page_say(p, options->label));
        value_set_bool(o, "selected", strcmp(options->value, chosen) == 0);
    }
}

static const struct filter_option state_options[] = {
    {"", N_("Any")}, {"on", N_("On")}, {"off", N_("Off")}, {NULL, NULL}};

struct value *filter_value(struct page *p, const char *action, const char *label, const char *q,
                           int states, int active)
{
    struct value *v = value_page_only(value_map(p->a));
    value_set_url(v, "action", action);
    value_set_text(v, "method", "get");
    struct value *fields = value_set_list(v, "fields");
    struct value *search = filter_field(fields, "q", page_say(p, label), "search");
    value_set_text(search, "value", q);
    value_set_list(search, "options");
    if (states)
        filter_choice(p, v, "state", N_("State"), state_options,
                      active < 0 ? ""
                      : active   ? "on"
                                 : "off");
    value_set_list(v, "errors");
    value_set_text(v, "submit", page_say(p, "Filter"));
    value_set_bool(v, "danger", false);
    value_set_bool(v, "generate", false);
    return v;
}
