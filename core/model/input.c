/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/input.h"

#include <string.h>

#include "base/str.h"
#include "model/decimal.h"
#include "model/size.h"
#include "model/typed.h"

struct input *input_create(struct arena *a, const struct field *fields)
{
    struct input *in = ARENA_NEW(a, struct input);
    in->fields = fields;
    in->n = fields_count(fields);
    in->values = arena_array(a, in->n > 0 ? in->n : 1, sizeof *in->values);
    return in;
}

struct input_value *input_at(struct input *in, const char *name)
{
    for (size_t i = 0; i < in->n; i++)
        if (strcmp(in->fields[i].name, name) == 0)
            return &in->values[i];
    return NULL;
}

static const struct input_value *present_at(const struct input *in, const char *name)
{
    for (size_t i = 0; i < in->n; i++)
        if (strcmp(in->fields[i].name, name) == 0)
            return in->values[i].present ? &in->values[i] : NULL;
    return NULL;
}

bool input_has(const struct input *in, const char *name)
{
    return present_at(in, name) != NULL;
}

const char *input_text(const struct input *in, const char *name)
{
    const struct input_value *v = present_at(in, name);
    return v != NULL ? v->text : NULL;
}

int64_t input_number(const struct input *in, const char *name, int64_t otherwise)
{
    const struct input_value *v = present_at(in, name);
    return v != NULL ? v->number : otherwise;
}

bool input_is_clean(const struct input *in)
{
    for (size_t i = 0; i < in->n; i++)
        if (in->values[i].error != TEXT_NONE)
            return false;
    return in->error == TEXT_NONE;
}

void input_fail(struct input *in, const char *name, enum text_key error, const char *arg)
{
    struct input_value *v = name != NULL ? input_at(in, name) : NULL;
    if (v != NULL) {
        v->error = error;
        v->error_arg = arg;
    } else {
        in->error = error;
        in->error_arg = arg;
    }
}

void input_offer(struct input *in, const char *name, enum text_key error, const char *arg,
                 const char *offer)
{
    struct input_value *v = input_at(in, name);
    input_fail(in, name, error, arg);
    if (v != NULL)
        v->offer = offer;
}

void input_read_typed(struct arena *a, struct input *in, const char *name, const char *bytes,
                      size_t n)
{
    struct input_value *v = input_at(in, name);
    if (v == NULL) {
        input_fail(in, NULL, TEXT_UNKNOWN_FIELD, typed_again(a, name, strnlen(name, 64)));
        return;
    }
    typed_read(a, &in->fields[v - in->values], v, bytes, n);
}

static struct input_value *fresh(struct arena *a, struct input *in, const char *name,
                                 enum field_type *type_r)
{
    struct input_value *v = input_at(in, name);
    if (v == NULL) {
        input_fail(in, NULL, TEXT_UNKNOWN_FIELD, typed_again(a, name, strnlen(name, 64)));
        return NULL;
    }
    *v = (struct input_value){.present = true};
    *type_r = in->fields[v - in->values].type;
    return v;
}

static void fail_type(struct input_value *v, enum field_type wanted)
{
    static const enum text_key kinds[] = {
        [FIELD_TEXT] = TEXT_KIND_TEXT,       [FIELD_INT] = TEXT_KIND_NUMBER,
        [FIELD_BOOL] = TEXT_KIND_TRUTH,      [FIELD_SIZE] = TEXT_KIND_BYTES,
        [FIELD_DECIMAL] = TEXT_KIND_DECIMAL, [FIELD_PASSWORD] = TEXT_KIND_TEXT,
        [FIELD_ADDRESS] = TEXT_KIND_TEXT,    [FIELD_DOMAIN] = TEXT_KIND_TEXT,
        [FIELD_LOCAL_PART] = TEXT_KIND_TEXT, [FIELD_CHOICE] = TEXT_KIND_TEXT,
        [FIELD_COLOR] = TEXT_KIND_TEXT,      [FIELD_LINKS] = TEXT_KIND_TEXT,
        [FIELD_LINES] = TEXT_KIND_LINES,     [FIELD_DESTINATIONS] = TEXT_KIND_LIST,
    };
    typed_fail(v, TEXT_WRONG_TYPE, text_english(kinds[wanted]));
}

void input_fail_type(struct input *in, const char *name)
{
    struct input_value *v = input_at(in, name);
    if (v == NULL)
        return;
    *v = (struct input_value){.present = true};
    fail_type(v, in->fields[v - in->values].type);
}

void input_read_text(struct arena *a, struct input *in, const char *name, const char *bytes,
                     size_t n)
{
    const struct input_value *v = input_at(in, name);
    const struct field *f = v != NULL ? &in->fields[v - in->values] : NULL;
    if (f != NULL && (FIELD_IS_NUMBER(f->type) || FIELD_IS_LIST(f->type)))
        input_fail_type(in, name);
    else
        input_read_typed(a, in, name, bytes, n);
    if (f != NULL && f->nullable && v->text == NULL && v->error == TEXT_NONE)
        typed_empty(input_at(in, name)); /* "" is a text; null is none */
}

/* As the lines that people would type; a text that has several is one that cannot be taken. */
void input_read_list(struct arena *a, struct input *in, const char *name, const char *const *texts,
                     const size_t *lengths, size_t n)
{
    const struct input_value *v = input_at(in, name);
    struct str lines;
    size_t all = 1;
    if (v == NULL || !FIELD_TAKES_LIST(in->fields[v - in->values].type)) {
        input_fail_type(in, name);
        return;
    }
    const char *breaks = FIELD_IS_LIST(in->fields[v - in->values].type) ? "\n," : "\r\n";
    for (size_t i = 0; i < n; i++)
        all += lengths[i] + 1;
    str_init(&lines, a, all);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < lengths[i]; k++) {
            bool several = texts[i][k] != '\0' && strchr(breaks, texts[i][k]) != NULL;
            str_append_c(&lines, several ? '\1' : texts[i][k]);
        }
        str_append_c(&lines, '\n');
    }
    input_read_typed(a, in, name, lines.data, lines.len);
}

void input_read_number(struct arena *a, struct input *in, const char *name, int64_t number)
{
    enum field_type type;
    struct input_value *v = fresh(a, in, name, &type);
    if (v == NULL)
        return;
    const struct field *f = &in->fields[v - in->values];
    if (type == FIELD_DECIMAL) {
        input_read_real(a, in, name, (double)number);
        return;
    }
    if (type != FIELD_INT && type != FIELD_SIZE) {
        fail_type(v, type);
        return;
    }
    v->typed = field_number_text(a, f, number);
    v->number = type == FIELD_SIZE && number > 0 ? number / 1024 + (number % 1024 > 0) : number;
    if (type == FIELD_SIZE)
        v->typed = size_text(a, v->number);
    typed_check_range(a, f, v);
}

void input_read_real(struct arena *a, struct input *in, const char *name, double real)
{
    enum field_type type;
    struct input_value *v = fresh(a, in, name, &type);
    if (v == NULL)
        return;
    if (type != FIELD_DECIMAL) {
        fail_type(v, type);
        return;
    }
    const char *text = arena_printf(a, "%.15g", real); /* 6.31 is 6.3099999999999996 */
    typed_read(a, &in->fields[v - in->values], v, text, strlen(text));
    if (v->error == TEXT_NONE)
        v->typed = decimal_text(a, v->number);
}

void input_read_nothing(struct input *in, const char *name)
{
    struct input_value *v = input_at(in, name);
    if (v == NULL || !in->fields[v - in->values].nullable) {
        input_fail_type(in, name);
        return;
    }
    *v = (struct input_value){.present = true, .typed = ""};
    typed_nothing(&in->fields[v - in->values], v);
}

void input_read_bool(struct arena *a, struct input *in, const char *name, bool truth)
{
    enum field_type type;
    struct input_value *v = fresh(a, in, name, &type);
    if (v == NULL)
        return;
    if (type != FIELD_BOOL) {
        fail_type(v, type);
        return;
    }
    v->number = truth;
    v->typed = truth ? "1" : "0";
}

void input_read_display(struct arena *a, struct input *in, const char *name, const char *text)
{
    const struct input_value *v = input_at(in, name);
    bool none = v != NULL && in->fields[v - in->values].type == FIELD_SIZE &&
                strcmp(text, text_english(TEXT_NO_LIMIT)) == 0;
    input_read_typed(a, in, name, none ? "0" : text, strlen(none ? "0" : text));
}

static bool is_empty(const struct field *f, const struct input_value *v)
{
    if (!v->present)
        return true;
    bool number = FIELD_IS_NUMBER(f->type);
    return number ? v->typed == NULL || v->typed[0] == '\0' : v->text == NULL || v->text[0] == '\0';
}

void input_check_required(struct input *in, unsigned when)
{
    for (size_t i = 0; i < in->n; i++) {
        const struct field *f = &in->fields[i];
        struct input_value *v = &in->values[i];
        bool excused = f->unless != NULL && input_number(in, f->unless, 0) != 0;
        bool asked = f->required && !excused && (f->when & when) != 0;
        if (!asked || v->error != TEXT_NONE || !is_empty(f, v))
            continue;
        /* an edit leaves alone what was not sent; a password has no value to leave */
        if (when == ON_CREATE || v->present || f->type == FIELD_PASSWORD || f->offset == SIZE_MAX)
            typed_fail(v, TEXT_REQUIRED, NULL);
    }
}

void input_apply(const struct input *in, void *entity)
{
    for (size_t i = 0; i < in->n; i++) {
        const struct field *f = &in->fields[i];
        if (!in->values[i].present || f->offset == SIZE_MAX)
            continue;
        field_put(f, entity, in->values[i].number, in->values[i].text);
    }
}
