/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/field.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/utf8.h"
#include "model/address.h"
#include "model/color.h"
#include "model/destinations.h"
#include "model/links.h"

const struct paste paste_fresh = {0};

size_t fields_count(const struct field *fields)
{
    size_t n = 0;
    if (fields != NULL)
        while (fields[n].name != NULL)
            n++;
    return n;
}

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

size_t field_options(const struct field *f, unsigned roles)
{
    return f->options_opened > 0 && (roles & SERVER_ADMIN) == 0 ? f->options_opened : f->options_n;
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

static void fail(struct input_value *v, enum text_key error, const char *arg)
{
    v->error = error;
    v->error_arg = arg;
}

static const char *decimal(struct arena *a, int64_t n)
{
    return arena_printf(a, "%lld", (long long)n);
}

static void trim(const char **text, size_t *n)
{
    while (*n > 0 && (**text == ' ' || **text == '\t')) {
        (*text)++;
        (*n)--;
    }
    while (*n > 0 && ((*text)[*n - 1] == ' ' || (*text)[*n - 1] == '\t'))
        (*n)--;
}

static const char *number_text(struct arena *a, const struct field *f, int64_t n)
{
    return f->type == FIELD_DECIMAL ? decimal_text(a, n) : decimal(a, n);
}

static void check_range(struct arena *a, const struct field *f, struct input_value *v)
{
    if (v->number < f->min)
        fail(v, TEXT_NUMBER_TOO_SMALL, number_text(a, f, f->min));
    else if (f->max > 0 && v->number > f->max && f->type == FIELD_SIZE)
        fail(v, TEXT_QUOTA_TOO_LARGE, size_text(a, f->max));
    else if (f->max > 0 && v->number > f->max)
        fail(v, TEXT_NUMBER_TOO_LARGE, number_text(a, f, f->max));
}

static void unset(const struct field *f, struct input_value *v)
{
    v->number = FIELD_IS_NUMBER(f->type) ? FIELD_UNSET : 0;
    v->text = NULL;
    v->text_n = 0;
}

static bool is_blank(const char *bytes, size_t n)
{
    trim(&bytes, &n);
    return n == 0;
}

/* People and columns count a line's characters; names of the mail world are counted in octets. */
static size_t length_of(struct arena *a, const struct field *f, const char *bytes, size_t n)
{
    return f->type == FIELD_TEXT ? utf8_length(arena_memdup(a, bytes, n)) : n;
}

static void read_text(struct arena *a, const struct field *f, struct input_value *v,
                      const char *bytes, size_t n)
{
    trim(&bytes, &n);
    if (!utf8_is_valid(bytes, n))
        fail(v, TEXT_NOT_UTF8, NULL);
    else if (utf8_has_control(bytes, n) || utf8_has_direction(bytes, n))
        fail(v, TEXT_CONTROL_CHARACTER, NULL);
    else if (f->max > 0 && length_of(a, f, bytes, n) > (size_t)f->max)
        fail(v, TEXT_TOO_LONG, decimal(a, f->max));
    else if (n > 0 && n < (size_t)f->min)
        fail(v, TEXT_TOO_SHORT, decimal(a, f->min));
    else {
        v->text = arena_memdup(a, bytes, n);
        v->text_n = n;
    }
}

static bool all_digits(const char *bytes, size_t n)
{
    size_t i = n > 0 && bytes[0] == '-' ? 1 : 0;
    if (i == n)
        return false;
    for (; i < n; i++)
        if (bytes[i] < '0' || bytes[i] > '9')
            return false;
    return true;
}

static void read_int(struct arena *a, const struct field *f, struct input_value *v,
                     const char *bytes, size_t n)
{
    trim(&bytes, &n);
    if (n > 0 && !all_digits(bytes, n)) {
        fail(v, TEXT_NOT_A_NUMBER, NULL);
        return;
    }
    bool minus = n > 0 && bytes[0] == '-', overflow = false;
    for (size_t i = minus; i < n; i++)
        overflow = overflow || __builtin_mul_overflow(v->number, 10, &v->number) ||
                   __builtin_add_overflow(v->number, bytes[i] - '0', &v->number);
    v->number = overflow ? INT64_MAX : v->number;
    v->number = minus ? -v->number : v->number;
    check_range(a, f, v);
}

static void read_bool(struct input_value *v, const char *bytes, size_t n)
{
    static const struct {
        const char *word;
        int truth;
    } words[] = {{"1", 1},    {"0", 0},     {"", 0},    {"on", 1}, {"off", 0},
                 {"true", 1}, {"false", 0}, {"yes", 1}, {"no", 0}};
    trim(&bytes, &n);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == n && strncasecmp(words[i].word, bytes, n) == 0) {
            v->number = words[i].truth;
            return;
        }
    fail(v, TEXT_NOT_A_TRUTH, NULL);
}

static void read_size(struct arena *a, const struct field *f, struct input_value *v,
                      const char *bytes, size_t n)
{
    enum text_key wrong;
    trim(&bytes, &n);
    if (n == 0)
        v->number = 0;
    else if ((wrong = size_parse(bytes, n, &v->number)) != TEXT_NONE)
        fail(v, wrong, wrong == TEXT_QUOTA_TOO_LARGE ? size_text(a, f->max) : NULL);
    check_range(a, f, v);
}

static void read_decimal(struct arena *a, const struct field *f, struct input_value *v,
                         const char *bytes, size_t n)
{
    trim(&bytes, &n);
    if (n > 0 && !decimal_parse(bytes, n, &v->number))
        fail(v, TEXT_NOT_A_DECIMAL, NULL);
    else
        check_range(a, f, v);
}

static void read_choice(struct arena *a, const struct field *f, struct input_value *v,
                        const char *bytes, size_t n)
{
    read_text(a, f, v, bytes, n);
    for (size_t i = 0; v->error == TEXT_NONE && i < f->options_n; i++)
        if (strcmp(f->options[i].value, v->text) == 0)
            return;
    if (v->error == TEXT_NONE)
        fail(v, TEXT_NOT_A_CHOICE, NULL);
}

static void read_color(struct arena *a, struct input_value *v, const char *bytes, size_t n)
{
    color c;
    trim(&bytes, &n);
    if (n > 0 && !color_parse(bytes, n, &c))
        fail(v, TEXT_NOT_A_COLOR, NULL);
    else
        v->text = n > 0 ? color_text(a, c) : "";
    v->text_n = v->text != NULL ? strlen(v->text) : 0;
}

/* The maximum is asked before anything looks at the bytes. */
static void read_password(struct arena *a, const struct field *f, struct input_value *v,
                          const char *bytes, size_t n)
{
    v->typed = NULL;
    if (n == 0)
        v->present = false;
    else if (n > (size_t)f->max)
        fail(v, TEXT_PASSWORD_LONG, NULL);
    else if (memchr(bytes, '\0', n) != NULL)
        fail(v, TEXT_PASSWORD_NUL, NULL);
    else if (n < (size_t)f->min)
        fail(v, TEXT_PASSWORD_SHORT, decimal(a, f->min));
    else {
        v->text = arena_memdup(a, bytes, n);
        v->text_n = n;
    }
}

static void read_name(struct arena *a, const struct field *f, struct input_value *v,
                      const char *bytes, size_t n)
{
    const char *name = NULL;
    struct address address;
    enum text_key error = TEXT_NONE;
    trim(&bytes, &n);
    if (n == 0) {
        v->text = "";
        return;
    }
    if (f->type == FIELD_DOMAIN) {
        error = domain_parse(a, bytes, n, &name);
    } else if (f->type == FIELD_LOCAL_PART) {
        error = local_part_parse(a, bytes, n, &name);
    } else {
        error = address_parse(a, bytes, n, &address);
        name = address.text;
    }
    if (error != TEXT_NONE) {
        fail(v, error, name);
        return;
    }
    v->text = name;
    v->text_n = strlen(name);
}

/* Lines, fit to be shown in the form again. */
static const char *lines_again(struct arena *a, const char *bytes, size_t n)
{
    enum { SHOWN_MAX = 4096 };
    const char *text = n <= SHOWN_MAX && utf8_is_valid(bytes, n) ? links_text(a, bytes, n) : "";
    for (const char *at = text; *at != '\0'; at++)
        if (*at != '\n' && utf8_has_control(at, 1))
            return "";
    return text;
}

/* Line breaks are this field's own; each line is held to its form. */
static void read_links(struct arena *a, const struct field *f, struct input_value *v,
                       const char *bytes, size_t n)
{
    const char *wrong = NULL;
    struct link rows[LINKS_MAX];
    v->typed = lines_again(a, bytes, n);
    if (f->max > 0 && n > (size_t)f->max) {
        fail(v, TEXT_TOO_LONG, decimal(a, f->max));
    } else if (links_parse(a, bytes, n, rows, &wrong) == SIZE_MAX) {
        fail(v, TEXT_NOT_LINKS, wrong);
    } else {
        v->text = links_text(a, bytes, n);
        v->text_n = strlen(v->text);
    }
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* To be shown in the form again. */
static const char *without_controls(struct arena *a, const char *bytes, size_t n)
{
    struct str s;
    str_init(&s, a, n + 1);
    for (size_t i = 0, step; i < n; i += step) {
        step = utf8_step(bytes + i, n - i);
        bool fine = is_line_end(bytes[i]) || bytes[i] == '\t' || !utf8_has_control(bytes + i, step);
        if (fine)
            str_append_n(&s, bytes + i, step);
        else
            str_append_c(&s, '?');
    }
    return s.data;
}

static void line_read(struct arena *a, struct input_line *line, const char *bytes, size_t n)
{
    enum { LINE_MAX_BYTES = 1000 };
    *line = (struct input_line){.typed = "?", .verdict = LINE_WRONG};
    if (!utf8_is_valid(bytes, n))
        line->why = TEXT_NOT_UTF8;
    else if (utf8_has_control(bytes, n) || utf8_has_direction(bytes, n))
        line->why = TEXT_CONTROL_CHARACTER;
    else if (n > LINE_MAX_BYTES) {
        line->why = TEXT_TOO_LONG;
        line->why_arg = decimal(a, LINE_MAX_BYTES);
    } else {
        *line = (struct input_line){.typed = arena_memdup(a, bytes, n)};
    }
}

/* Empty lines are nobody's; tabs come with what is copied out of tables. */
static size_t lines_split(struct arena *a, const char *bytes, size_t n, size_t most,
                          struct input_line *lines)
{
    size_t count = 0;
    for (size_t i = 0; i < n;) {
        size_t start = i;
        while (i < n && !is_line_end(bytes[i]))
            i++;
        const char *line = bytes + start;
        size_t length = i - start;
        trim(&line, &length);
        i += i < n;
        if (length == 0)
            continue;
        if (count == most)
            return SIZE_MAX;
        line_read(a, &lines[count++], line, length);
    }
    return count;
}

static void read_lines(struct arena *a, const struct field *f, struct input_value *v,
                       const char *bytes, size_t n)
{
    if (n > (size_t)f->max) {
        fail(v, TEXT_TOO_LONG, decimal(a, f->max));
        return;
    }
    v->typed = utf8_is_valid(bytes, n) ? without_controls(a, bytes, n) : "";
    size_t most = 1;
    for (size_t i = 0; i < n && most < f->lines; i++)
        most += is_line_end(bytes[i]);
    v->lines = arena_array(a, most, sizeof *v->lines);
    v->lines_n = lines_split(a, bytes, n, most, v->lines);
    if (v->lines_n == SIZE_MAX) {
        v->lines_n = 0;
        fail(v, TEXT_TOO_MANY_LINES, decimal(a, (int64_t)f->lines));
    }
    v->text = v->lines_n > 0 ? v->typed : "";
    v->text_n = strlen(v->text);
}

static void read_destinations(struct arena *a, const struct field *f, struct input_value *v,
                              const char *bytes, size_t n)
{
    enum { DESTINATION_SHOWN = 256 };
    const char *arg = NULL;
    v->typed = "";
    if (n <= (size_t)f->max * DESTINATION_SHOWN && utf8_is_valid(bytes, n))
        v->typed = without_controls(a, bytes, n);
    enum text_key error =
        destinations_parse(a, bytes, n, (size_t)f->max, &v->text, &v->lines, &v->lines_n, &arg);
    v->text_n = strlen(v->text);
    if (error != TEXT_NONE)
        fail(v, error, arg);
}

/* What was typed, fit to be shown in the form again. */
static const char *typed_again(struct arena *a, const char *bytes, size_t n)
{
    enum { SHOWN_MAX = 4096 };
    return n <= SHOWN_MAX && utf8_is_valid(bytes, n) && !utf8_has_control(bytes, n)
               ? arena_memdup(a, bytes, n)
               : "";
}

#define EMPTY_ON_PURPOSE "-"

static void make_empty(struct input_value *v)
{
    v->typed = EMPTY_ON_PURPOSE;
    v->text = "";
    v->text_n = 0;
}

void input_read_typed(struct arena *a, struct input *in, const char *name, const char *bytes,
                      size_t n)
{
    struct input_value *v = input_at(in, name);
    if (v == NULL) {
        input_fail(in, NULL, TEXT_UNKNOWN_FIELD, typed_again(a, name, strnlen(name, 64)));
        return;
    }
    const struct field *f = &in->fields[v - in->values];
    *v = (struct input_value){.present = true, .typed = typed_again(a, bytes, n)};
    if (f->nullable && is_blank(bytes, n)) {
        unset(f, v);
        return;
    }
    switch (f->type) {
    case FIELD_TEXT: read_text(a, f, v, bytes, n); break;
    case FIELD_INT: read_int(a, f, v, bytes, n); break;
    case FIELD_BOOL: read_bool(v, bytes, n); break;
    case FIELD_SIZE: read_size(a, f, v, bytes, n); break;
    case FIELD_DECIMAL: read_decimal(a, f, v, bytes, n); break;
    case FIELD_PASSWORD: read_password(a, f, v, bytes, n); break;
    case FIELD_ADDRESS:
    case FIELD_DOMAIN:
    case FIELD_LOCAL_PART: read_name(a, f, v, bytes, n); break;
    case FIELD_CHOICE: read_choice(a, f, v, bytes, n); break;
    case FIELD_COLOR: read_color(a, v, bytes, n); break;
    case FIELD_LINKS: read_links(a, f, v, bytes, n); break;
    case FIELD_LINES: read_lines(a, f, v, bytes, n); break;
    case FIELD_DESTINATIONS: read_destinations(a, f, v, bytes, n); break;
    }
    if (f->nullable && v->text != NULL && strcmp(v->text, EMPTY_ON_PURPOSE) == 0)
        make_empty(v);
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
    fail(v, TEXT_WRONG_TYPE, text_english(kinds[wanted]));
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
        make_empty(input_at(in, name)); /* "" is a text; null is none */
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
    v->typed = decimal(a, number);
    v->number = type == FIELD_SIZE && number > 0 ? number / 1024 + (number % 1024 > 0) : number;
    if (type == FIELD_SIZE)
        v->typed = size_text(a, v->number);
    check_range(a, f, v);
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
    v->typed = text;
    read_decimal(a, &in->fields[v - in->values], v, text, strlen(text));
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
    unset(&in->fields[v - in->values], v);
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
            fail(v, TEXT_REQUIRED, NULL);
    }
}

static const void *member(const struct field *f, const void *entity)
{
    assert(f->offset != SIZE_MAX);
    return (const char *)entity + f->offset;
}

int64_t field_number(const struct field *f, const void *entity)
{
    if (f->offset == SIZE_MAX || !FIELD_IS_NUMBER(f->type))
        return 0;
    return *(const int64_t *)member(f, entity);
}

bool field_is_set(const struct field *f, const void *entity)
{
    if (!f->nullable || f->offset == SIZE_MAX)
        return true;
    return FIELD_IS_NUMBER(f->type) ? field_number(f, entity) != FIELD_UNSET
                                    : *(const char *const *)member(f, entity) != NULL;
}

static void *member_of(const struct field *f, void *entity)
{
    return (char *)entity + f->offset;
}

void fields_unset(const struct field *fields, void *entity)
{
    for (const struct field *f = fields; f->name != NULL; f++) {
        if (!f->nullable || f->offset == SIZE_MAX)
            continue;
        if (FIELD_IS_NUMBER(f->type))
            *(int64_t *)member_of(f, entity) = FIELD_UNSET;
        else
            *(const char **)member_of(f, entity) = NULL;
    }
}

void fields_apply(const struct input *in, void *entity)
{
    for (size_t i = 0; i < in->n; i++) {
        const struct field *f = &in->fields[i];
        if (!in->values[i].present || f->offset == SIZE_MAX)
            continue;
        if (FIELD_IS_NUMBER(f->type))
            *(int64_t *)member_of(f, entity) = in->values[i].number;
        else
            *(const char **)member_of(f, entity) = in->values[i].text;
    }
}

static bool field_equal(const struct field *f, const void *x, const void *y)
{
    if (FIELD_IS_NUMBER(f->type))
        return field_number(f, x) == field_number(f, y);
    const char *a = *(const char *const *)member(f, x), *b = *(const char *const *)member(f, y);
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool fields_equal(const struct field *fields, const void *x, const void *y)
{
    for (const struct field *f = fields; f->name != NULL; f++)
        if (f->offset != SIZE_MAX && !field_equal(f, x, y))
            return false;
    return true;
}

static const char *field_text(const struct field *f, const void *entity)
{
    const char *text = *(const char *const *)member(f, entity);
    return text != NULL ? text : "";
}

void input_read_display(struct arena *a, struct input *in, const char *name, const char *text)
{
    const struct input_value *v = input_at(in, name);
    bool none = v != NULL && in->fields[v - in->values].type == FIELD_SIZE &&
                strcmp(text, text_english(TEXT_NO_LIMIT)) == 0;
    input_read_typed(a, in, name, none ? "0" : text, strlen(none ? "0" : text));
}

const char *field_display(struct arena *a, const struct field *f, const void *entity)
{
    if (f->offset == SIZE_MAX)
        return "";
    if (f->type == FIELD_SIZE && field_number(f, entity) == 0)
        return text_english(TEXT_NO_LIMIT);
    if (f->type == FIELD_DOMAIN)
        return domain_display(a, field_text(f, entity));
    if (f->type == FIELD_ADDRESS)
        return address_display(a, field_text(f, entity));
    return field_edit_text(a, f, entity);
}

const char *field_edit_text(struct arena *a, const struct field *f, const void *entity)
{
    if (f->offset == SIZE_MAX || f->type == FIELD_PASSWORD || !field_is_set(f, entity))
        return "";
    if (f->type == FIELD_SIZE)
        return size_text(a, field_number(f, entity));
    if (FIELD_IS_NUMBER(f->type))
        return number_text(a, f, field_number(f, entity));
    if (f->nullable && field_text(f, entity)[0] == '\0')
        return EMPTY_ON_PURPOSE;
    if (f->type == FIELD_DOMAIN)
        return domain_display(a, field_text(f, entity));
    return field_text(f, entity);
}
