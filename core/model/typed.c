/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/typed.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/utf8.h"
#include "model/address.h"
#include "model/color.h"
#include "model/decimal.h"
#include "model/destinations.h"
#include "model/links.h"
#include "model/size.h"

void typed_fail(struct input_value *v, enum text_key error, const char *arg)
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

void typed_check_range(struct arena *a, const struct field *f, struct input_value *v)
{
    if (v->number < f->min)
        typed_fail(v, TEXT_NUMBER_TOO_SMALL, field_number_text(a, f, f->min));
    else if (f->max > 0 && v->number > f->max && f->type == FIELD_SIZE)
        typed_fail(v, TEXT_QUOTA_TOO_LARGE, size_text(a, f->max));
    else if (f->max > 0 && v->number > f->max)
        typed_fail(v, TEXT_NUMBER_TOO_LARGE, field_number_text(a, f, f->max));
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
        typed_fail(v, TEXT_NOT_UTF8, NULL);
    else if (utf8_has_control(bytes, n) || utf8_has_direction(bytes, n))
        typed_fail(v, TEXT_CONTROL_CHARACTER, NULL);
    else if (f->max > 0 && length_of(a, f, bytes, n) > (size_t)f->max)
        typed_fail(v, TEXT_TOO_LONG, decimal(a, f->max));
    else if (n > 0 && n < (size_t)f->min)
        typed_fail(v, TEXT_TOO_SHORT, decimal(a, f->min));
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
        typed_fail(v, TEXT_NOT_A_NUMBER, NULL);
        return;
    }
    bool minus = n > 0 && bytes[0] == '-', overflow = false;
    for (size_t i = minus; i < n; i++)
        overflow = overflow || __builtin_mul_overflow(v->number, 10, &v->number) ||
                   __builtin_add_overflow(v->number, bytes[i] - '0', &v->number);
    v->number = overflow ? INT64_MAX : v->number;
    v->number = minus ? -v->number : v->number;
    typed_check_range(a, f, v);
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
    typed_fail(v, TEXT_NOT_A_TRUTH, NULL);
}

static void read_size(struct arena *a, const struct field *f, struct input_value *v,
                      const char *bytes, size_t n)
{
    enum text_key wrong;
    trim(&bytes, &n);
    if (n == 0)
        v->number = 0;
    else if ((wrong = size_parse(bytes, n, &v->number)) != TEXT_NONE)
        typed_fail(v, wrong, wrong == TEXT_QUOTA_TOO_LARGE ? size_text(a, f->max) : NULL);
    typed_check_range(a, f, v);
}

static void read_decimal(struct arena *a, const struct field *f, struct input_value *v,
                         const char *bytes, size_t n)
{
    trim(&bytes, &n);
    if (n > 0 && !decimal_parse(bytes, n, &v->number))
        typed_fail(v, TEXT_NOT_A_DECIMAL, NULL);
    else
        typed_check_range(a, f, v);
}

static void read_choice(struct arena *a, const struct field *f, struct input_value *v,
                        const char *bytes, size_t n)
{
    read_text(a, f, v, bytes, n);
    for (size_t i = 0; v->error == TEXT_NONE && i < f->options_n; i++)
        if (strcmp(f->options[i].value, v->text) == 0)
            return;
    if (v->error == TEXT_NONE)
        typed_fail(v, TEXT_NOT_A_CHOICE, NULL);
}

static void read_color(struct arena *a, struct input_value *v, const char *bytes, size_t n)
{
    color c;
    trim(&bytes, &n);
    if (n > 0 && !color_parse(bytes, n, &c))
        typed_fail(v, TEXT_NOT_A_COLOR, NULL);
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
        typed_fail(v, TEXT_PASSWORD_LONG, NULL);
    else if (memchr(bytes, '\0', n) != NULL)
        typed_fail(v, TEXT_PASSWORD_NUL, NULL);
    else if (n < (size_t)f->min)
        typed_fail(v, TEXT_PASSWORD_SHORT, decimal(a, f->min));
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
        typed_fail(v, error, name);
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
        typed_fail(v, TEXT_TOO_LONG, decimal(a, f->max));
    } else if (links_parse(a, bytes, n, rows, &wrong) == SIZE_MAX) {
        typed_fail(v, TEXT_NOT_LINKS, wrong);
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
        typed_fail(v, TEXT_TOO_LONG, decimal(a, f->max));
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
        typed_fail(v, TEXT_TOO_MANY_LINES, decimal(a, (int64_t)f->lines));
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
        typed_fail(v, error, arg);
}

const char *typed_again(struct arena *a, const char *bytes, size_t n)
{
    enum { SHOWN_MAX = 4096 };
    return n <= SHOWN_MAX && utf8_is_valid(bytes, n) && !utf8_has_control(bytes, n)
               ? arena_memdup(a, bytes, n)
               : "";
}

void typed_empty(struct input_value *v)
{
    v->typed = FIELD_EMPTY;
    v->text = "";
    v->text_n = 0;
}

void typed_nothing(const struct field *f, struct input_value *v)
{
    v->number = FIELD_IS_NUMBER(f->type) ? FIELD_UNSET : 0;
    v->text = NULL;
    v->text_n = 0;
}

static void read_kind(struct arena *a, const struct field *f, struct input_value *v,
                      const char *bytes, size_t n)
{
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
}

void typed_read(struct arena *a, const struct field *f, struct input_value *v, const char *bytes,
                size_t n)
{
    *v = (struct input_value){.present = true, .typed = typed_again(a, bytes, n)};
    if (f->nullable && is_blank(bytes, n)) {
        typed_nothing(f, v);
        return;
    }
    read_kind(a, f, v, bytes, n);
    if (f->nullable && v->text != NULL && strcmp(v->text, FIELD_EMPTY) == 0)
        typed_empty(v);
}
