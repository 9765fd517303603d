/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A form field's value: the first byte says which field of which table, the rest was typed. What
 * was taken is in its limits, and its normal form is taken again as itself. */
#include "base/utf8.h"
#include "fuzz.h"
#include "model/address.h"
#include "model/alias.h"
#include "model/destinations.h"
#include "model/domain.h"
#include "model/input.h"
#include "model/links.h"
#include "model/mailbox.h"
#include "model/policy.h"

/* As the program's own tables have them not. */
static const struct field_option options[] = {{"left", "Left"}, {"right", "Right"}};
static const struct field made[] = {
    {.name = "side",
     .type = FIELD_CHOICE,
     .offset = SIZE_MAX,
     .max = 20,
     .options = options,
     .options_n = 2,
     .when = ON_EDIT},
    {.name = "accent", .type = FIELD_COLOR, .offset = SIZE_MAX, .max = 7, .when = ON_EDIT},
    {.name = "links", .type = FIELD_LINKS, .offset = SIZE_MAX, .max = 2000, .when = ON_EDIT},
    {.name = "motto", .type = FIELD_TEXT, .offset = SIZE_MAX, .min = 3, .max = 10, .when = ON_EDIT},
    {0}};
static const struct field numbers[] = {
    {.name = "least", .type = FIELD_INT, .offset = SIZE_MAX, .min = -5, .max = 5, .when = ON_EDIT},
    {.name = "most",
     .type = FIELD_INT,
     .offset = SIZE_MAX,
     .min = INT64_MIN,
     .max = INT64_MAX,
     .when = ON_EDIT},
    {0}};
static const struct field nullable[] = {
    {.name = "flag", .type = FIELD_BOOL, .offset = SIZE_MAX, .max = 1, .nullable = true},
    {.name = "score",
     .type = FIELD_DECIMAL,
     .offset = SIZE_MAX,
     .min = -9999000,
     .max = 9999000,
     .nullable = true},
    {.name = "size", .type = FIELD_SIZE, .offset = SIZE_MAX, .max = 4194303, .nullable = true},
    {.name = "tag", .type = FIELD_TEXT, .offset = SIZE_MAX, .max = 64, .nullable = true},
    {0}};
static const struct field *const tables[] = {mailbox_fields,
                                             password_set_fields,
                                             password_change_fields,
                                             domain_admin_fields,
                                             login_fields,
                                             confirm_fields,
                                             typed_name_fields,
                                             theme_preview_fields,
                                             domain_fields,
                                             alias_fields,
                                             numbers,
                                             made,
                                             nullable,
                                             policy_fields,
                                             policy_choice_fields};

/* The field of that number over all tables, round and round. */
static const struct field *pick(unsigned number, const struct field **table_r)
{
    size_t all = 0;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        all += fields_count(tables[i]);
    size_t left = number % all;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        *table_r = tables[i];
        if (left < fields_count(tables[i]))
            return &tables[i][left];
        left -= fields_count(tables[i]);
    }
    abort();
}

/* Each is an address, and there once. */
static void check_destinations(struct arena *a, const struct field *f, const char *list)
{
    struct address address;
    int64_t n = 0;
    for (const char *one; (one = destinations_next(a, &list)) != NULL; n++) {
        assert(foreign_address_parse(a, one, strlen(one), &address) == TEXT_NONE);
        assert(strcmp(one, address.text) == 0 && !destinations_have(list, one));
    }
    assert(n <= f->max);
}

static void check_plain(const char *text)
{
    assert(utf8_is_valid(text, strlen(text)) && !utf8_has_control(text, strlen(text)));
}

/* A link each line, of plain texts. */
static void check_links(struct arena *a, const char *lines)
{
    struct link rows[LINKS_MAX];
    const char *wrong;
    size_t n = links_parse(a, lines, strlen(lines), rows, &wrong);
    assert(n <= LINKS_MAX);
    for (size_t i = 0; i < n; i++) {
        check_plain(rows[i].words);
        check_plain(rows[i].url);
    }
}

static void check_text(struct arena *a, const struct field *f, const struct field *table,
                       const struct input_value *v)
{
    struct input *in = input_create(a, table);
    if (f->nullable && (v->text == NULL || v->text[0] == '\0'))
        return;
    assert(v->text != NULL &&
           strlen(v->text) == (f->type == FIELD_PASSWORD ? v->text_n : strlen(v->text)));
    if (f->type == FIELD_DESTINATIONS)
        check_destinations(a, f, v->text);
    else if (f->type == FIELD_LINKS)
        check_links(a, v->text);
    else if (f->type != FIELD_PASSWORD)
        check_plain(v->text);
    if (f->max > 0 && !FIELD_IS_LIST(f->type))
        assert((int64_t)(f->type == FIELD_TEXT ? utf8_length(v->text) : strlen(v->text)) <= f->max);
    input_read_typed(a, in, f->name, v->text, strlen(v->text));
    assert(input_at(in, f->name)->error == TEXT_NONE);
    assert(!input_has(in, f->name) || strcmp(input_text(in, f->name), v->text) == 0);
}

static void check_number(struct arena *a, const struct field *f, const struct field *table,
                         int64_t number)
{
    struct input *in = input_create(a, table);
    if (f->nullable && number == FIELD_UNSET)
        return;
    assert(number >= f->min && number <= f->max);
    assert(f->type != FIELD_BOOL || number == 0 || number == 1);
    if (f->type == FIELD_BOOL)
        input_read_bool(a, in, f->name, number != 0);
    else if (f->type == FIELD_INT)
        input_read_number(a, in, f->name, number);
    else if (f->type == FIELD_DECIMAL)
        input_read_real(a, in, f->name, (double)number / 1000);
    else
        input_read_number(a, in, f->name, number * 1024);
    assert(input_at(in, f->name)->error == TEXT_NONE && input_number(in, f->name, -1) == number);
}

/* What a form would show of the value, once stored, is read as that value. */
static void check_shown(struct arena *a, const struct field *f, const struct field *table,
                        const struct input_value *v)
{
    union {
        struct mailbox mailbox;
        struct domain domain;
        struct policy policy;
        struct alias alias;
    } entity = {0};
    if (f->offset == SIZE_MAX)
        return;
    bool number = FIELD_IS_NUMBER(f->type);
    if (number)
        memcpy((char *)&entity + f->offset, &v->number, sizeof v->number);
    else
        memcpy((char *)&entity + f->offset, &v->text, sizeof v->text);
    const char *display = field_display(a, f, &entity);
    assert(display != NULL);
    input_read_display(a, input_create(a, table), f->name, display);
    const char *text = field_edit_text(a, f, &entity);
    struct input *in = input_create(a, table);
    input_read_typed(a, in, f->name, text, strlen(text));
    assert(input_at(in, f->name)->error == TEXT_NONE);
    if (number)
        assert(field_number(f, &entity) == v->number && input_number(in, f->name, 0) == v->number);
    else if (input_has(in, f->name) && v->text != NULL)
        assert(strcmp(input_text(in, f->name), v->text) == 0);
    else if (input_has(in, f->name))
        assert(input_text(in, f->name) == NULL);
}

/* The same bytes as a JSON member of each kind, and under a name that no field has. */
static void check_json(struct arena *a, const struct field *f, const struct field *table,
                       const char *bytes, size_t n)
{
    struct input *in = input_create(a, table);
    int64_t number = 0;
    memcpy(&number, bytes, n < sizeof number ? n : sizeof number);
    input_read_text(a, in, f->name, bytes, n);
    bool other = FIELD_IS_NUMBER(f->type) || FIELD_IS_LIST(f->type);
    assert(!other || input_at(in, f->name)->error == TEXT_WRONG_TYPE);
    input_read_list(a, in, f->name, (const char *const[]){bytes, "x@y.example"},
                    (const size_t[]){n, 11}, 2);
    assert(FIELD_IS_LIST(f->type) || input_at(in, f->name)->error == TEXT_WRONG_TYPE);
    input_read_number(a, in, f->name, number);
    const struct input_value *v = input_at(in, f->name);
    assert(f->type == FIELD_INT || f->type == FIELD_SIZE || f->type == FIELD_DECIMAL ||
           v->error == TEXT_WRONG_TYPE);
    assert(v->error != TEXT_NONE || (v->number >= f->min && v->number <= f->max));
    input_read_bool(a, in, f->name, number != 0);
    assert((f->type == FIELD_BOOL) == (input_at(in, f->name)->error == TEXT_NONE));
    input_read_display(a, input_create(a, table), f->name, fuzz_text(a, (const uint8_t *)bytes, n));
    double real = 0;
    memcpy(&real, bytes, n < sizeof real ? n : sizeof real);
    input_read_real(a, in, f->name, real);
    v = input_at(in, f->name);
    assert(f->type == FIELD_DECIMAL || v->error == TEXT_WRONG_TYPE);
    assert(v->error != TEXT_NONE || (v->number >= f->min && v->number <= f->max));
    input_read_nothing(in, f->name);
    assert(f->nullable == (input_at(in, f->name)->error == TEXT_NONE));
    input_fail_type(in, f->name);
    assert(input_at(in, f->name)->error == TEXT_WRONG_TYPE && in->error == TEXT_NONE);
    const char *unknown = fuzz_text(a, (const uint8_t *)bytes, n);
    if (input_at(in, unknown) != NULL)
        return;
    input_read_typed(a, in, unknown, "x", 1);
    input_read_bool(a, in, unknown, true);
    input_fail_type(in, unknown);
    assert(in->error == TEXT_UNKNOWN_FIELD && !input_is_clean(in) && !input_has(in, unknown));
}

/* Many at once: each line by itself. */
static void check_lines(struct arena *a, const char *bytes, size_t n)
{
    static const struct field lines[] = {{.name = "lines",
                                          .type = FIELD_LINES,
                                          .offset = SIZE_MAX,
                                          .max = 20,
                                          .lines = 4,
                                          .when = ON_EDIT},
                                         {0}};
    struct input *in = input_create(a, lines);
    input_read_typed(a, in, "lines", bytes, n);
    input_is_clean(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    const struct field *table;
    if (n == 0)
        return 0;
    const struct field *f = pick(data[0], &table);
    struct input *in = input_create(a, table);
    input_read_typed(a, in, f->name, (const char *)data + 1, n - 1);
    const struct input_value *v = input_at(in, f->name);
    assert((f->type == FIELD_PASSWORD) == (v->typed == NULL) || n == 1);
    if (v->present && v->error == TEXT_NONE && FIELD_IS_NUMBER(f->type))
        check_number(a, f, table, v->number);
    else if (v->present && v->error == TEXT_NONE)
        check_text(a, f, table, v);
    if (v->present && v->error == TEXT_NONE)
        check_shown(a, f, table, v);
    input_check_required(in, ON_CREATE);
    input_is_clean(in);
    check_json(a, f, table, (const char *)data + 1, n - 1);
    check_lines(a, (const char *)data + 1, n - 1);
    return 0;
}
