/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks every field table: each field at its limit and one beyond; and reads sizes, numbers,
 * truths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/decimal.h"
#include "model/domain.h"
#include "model/mailbox.h"
#include "model/policy.h"
#include "model/size.h"

static struct arena *a;

static const struct field *const tables[] = {
    domain_fields,        mailbox_fields, password_set_fields,  password_change_fields,
    domain_admin_fields,  login_fields,   confirm_fields,       typed_name_fields,
    theme_preview_fields, policy_fields,  policy_choice_fields,
};

static enum text_key read_error(const struct field *fields, const char *name, const char *text,
                                size_t n)
{
    struct input *in = input_create(a, fields);
    input_read_typed(a, in, name, text, n);
    return input_at(in, name)->error;
}

static void text_limit(const struct field *table, const struct field *f)
{
    char *text = arena_alloc(a, (size_t)f->max + 2);
    memset(text, 'x', (size_t)f->max + 1);
    if (f->type == FIELD_TEXT || f->type == FIELD_PASSWORD) {
        assert_int_equal(read_error(table, f->name, text, (size_t)f->max), TEXT_NONE);
        enum text_key beyond = f->type == FIELD_TEXT ? TEXT_TOO_LONG : TEXT_PASSWORD_LONG;
        assert_int_equal(read_error(table, f->name, text, (size_t)f->max + 1), beyond);
    }
    if (f->type == FIELD_TEXT) { /* characters count, not their octets */
        char *umlauts = arena_alloc(a, 2 * (size_t)f->max + 3);
        for (size_t i = 0; i <= (size_t)f->max; i++)
            memcpy(umlauts + 2 * i, "\xc3\xbc", 2);
        assert_int_equal(read_error(table, f->name, umlauts, 2 * (size_t)f->max), TEXT_NONE);
        assert_int_equal(read_error(table, f->name, umlauts, 2 * (size_t)f->max + 2),
                         TEXT_TOO_LONG);
    }
    if (f->type != FIELD_PASSWORD) {
        assert_int_equal(read_error(table, f->name, "a\nb", 3), TEXT_CONTROL_CHARACTER);
        assert_int_equal(read_error(table, f->name, "a\0b", 3), TEXT_CONTROL_CHARACTER);
        assert_int_equal(read_error(table, f->name, "\xff", 1), TEXT_NOT_UTF8);
    } else {
        assert_int_equal(read_error(table, f->name, "aaaaaaaa\0b", 10), TEXT_PASSWORD_NUL);
        assert_int_equal(read_error(table, f->name, "\xff\xfe\n\r\x01\x02\x03\x04", 8), TEXT_NONE);
    }
}

static const char *number_typed(const struct field *f, int64_t n)
{
    return f->type == FIELD_SIZE      ? arena_printf(a, "%lld kB", (long long)n)
           : f->type == FIELD_DECIMAL ? decimal_text(a, n)
                                      : arena_printf(a, "%lld", (long long)n);
}

static void number_limit(const struct field *table, const struct field *f)
{
    const char *most = number_typed(f, f->max), *beyond = number_typed(f, f->max + 1),
               *below = number_typed(f, f->min - 1);
    assert_int_equal(read_error(table, f->name, most, strlen(most)), TEXT_NONE);
    assert_int_not_equal(read_error(table, f->name, beyond, strlen(beyond)), TEXT_NONE);
    assert_int_not_equal(read_error(table, f->name, below, strlen(below)), TEXT_NONE);
    assert_int_not_equal(read_error(table, f->name, "1x", 2), TEXT_NONE);
    assert_int_not_equal(read_error(table, f->name, "99999999999999999999999", 23), TEXT_NONE);
}

static void test_tables(void **state)
{
    (void)state;
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        assert_true(fields_count(tables[t]) > 0);
        for (const struct field *f = tables[t]; f->name != NULL; f++) {
            assert_int_not_equal(f->label, TEXT_NONE);
            assert_true(f->edit != 0 && f->when != 0 && f->max > 0);
            if (FIELD_IS_NUMBER(f->type))
                number_limit(tables[t], f);
            else
                text_limit(tables[t], f);
        }
    }
}

static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *back;
        int64_t kb;
    } rows[] = {
        {"0", "0", 0},
        {"500", "500 MB", 500 * 1024},
        {"500 MB", "500 MB", 500 * 1024},
        {"2048 kB", "2 MB", 2048},
        {"1.5 GB", "1.5 GB", 1536 * 1024},
        {"1,5GB", "1.5 GB", 1536 * 1024},
        {"2g", "2 GB", 2 << 20},
        {"1,5\xc2\xa0Go", "1.5 GB", 3 << 19},
        {"500\xe2\x80\xafMo", "500 MB", 500 << 10},
        {"2 ko", "2 kB", 2},
        {"1 TB", "1 TB", 1 << 30},
        {"1 B", "1 kB", 1},
        {"1025 B", "2 kB", 2},
        {"1048577 kB", "1048577 kB", 1048577},
        {"1 MiB", "1 MB", 1024},
        {"0.25 GB", "0.25 GB", 256 * 1024},
        {"1.25 GB", "1.25 GB", 1280 * 1024},
        {"0.125 GB", "128 MB", 128 * 1024},
        {"1.0625 GB", "1088 MB", 1088 * 1024},
        {"0.0001 MB", "1 kB", 1}, /* not 0, which means no limit */
        {"0.000000 GB", "0", 0},
        {"3 Gio", "3 GB", 3 << 20},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t kb = -1, again = -1;
        assert_int_equal(size_parse(rows[i].text, strlen(rows[i].text), &kb), TEXT_NONE);
        assert_int_equal(kb, rows[i].kb);
        const char *text = size_text(a, kb);
        if (kb != 256 * 1024)
            assert_string_equal(text, rows[i].back);
        assert_int_equal(size_parse(text, strlen(text), &again), TEXT_NONE);
        assert_int_equal(again, kb);
    }
    static const char *const wrong[] = {"",     "x",     "GB", "1.",  "1.5.5 GB", "-1",
                                        "1 XB", "1.1 B", ".5", "1e9", "0x10",     "1.1234567 GB",
                                        "1 G B"};
    static const char *const grouped[] = {"1,000 MB",
                                          "1.000 MB",
                                          "1,000,000 kB",
                                          "1 000 MB",
                                          "1\xc2\xa0"
                                          "000",
                                          "12.345"};
    static const char *const large[] = {"99999999999999999999 TB", "8193 TB", "9223372036854775808",
                                        "99999999999999999 B"};
    int64_t kb;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(size_parse(wrong[i], strlen(wrong[i]), &kb), TEXT_NOT_A_SIZE);
    for (size_t i = 0; i < sizeof grouped / sizeof *grouped; i++)
        assert_int_equal(size_parse(grouped[i], strlen(grouped[i]), &kb), TEXT_SIZE_THOUSANDS);
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        assert_int_equal(size_parse(large[i], strlen(large[i]), &kb), TEXT_QUOTA_TOO_LARGE);
}

static void test_sizes_come_back(void **state)
{
    (void)state;
    for (int64_t kb = 1; kb < INT64_C(1) << 42; kb = kb * 3 + 7) {
        int64_t again = 0;
        const char *text = size_text(a, kb);
        assert_int_equal(size_parse(text, strlen(text), &again), TEXT_NONE);
        assert_int_equal(again, kb);
    }
}

static void test_reading(void **state)
{
    (void)state;
    struct input *in = input_create(a, mailbox_fields);
    input_read_typed(a, in, "local_part", " Ada ", 5);
    input_read_typed(a, in, "name", "  Ada Lovelace ", 15);
    input_read_typed(a, in, "quota", "2 GB", 4);
    input_read_typed(a, in, "active", "on", 2);
    input_read_typed(a, in, "password", "", 0);
    input_check_required(in, ON_CREATE);
    assert_true(input_is_clean(in));
    assert_string_equal(input_text(in, "local_part"), "ada");
    assert_string_equal(input_text(in, "name"), "Ada Lovelace");
    assert_int_equal(input_number(in, "quota", -1), 2 << 20);
    assert_int_equal(input_number(in, "active", -1), 1);
    assert_int_equal(input_number(in, "quota_messages", 7), 7);
    assert_false(input_has(in, "password"));
    input_read_typed(a, in, "password", "secret secret", 13);
    assert_null(input_at(in, "password")->typed);
    input_read_typed(a, in, "admin", "2", 1);
    assert_int_equal(in->error, TEXT_UNKNOWN_FIELD);
}

static void test_json_kinds(void **state)
{
    (void)state;
    struct input *in = input_create(a, mailbox_fields);
    input_read_number(a, in, "quota", INT64_C(1073741825));
    assert_int_equal(input_number(in, "quota", 0), 1048577);
    input_read_bool(a, in, "active", true);
    assert_int_equal(input_number(in, "active", 0), 1);
    assert_true(input_is_clean(in));
    input_read_number(a, in, "name", 5);
    assert_int_equal(input_at(in, "name")->error, TEXT_WRONG_TYPE);
    input_read_bool(a, in, "quota", true);
    assert_int_equal(input_at(in, "quota")->error, TEXT_WRONG_TYPE);
    input_read_number(a, in, "quota", -5);
    assert_int_equal(input_at(in, "quota")->error, TEXT_NUMBER_TOO_SMALL);
}

static void test_required(void **state)
{
    (void)state;
    struct input *in = input_create(a, mailbox_fields);
    input_check_required(in, ON_CREATE);
    assert_int_equal(input_at(in, "local_part")->error, TEXT_REQUIRED);
    assert_int_equal(input_at(in, "name")->error, TEXT_NONE);
    in = input_create(a, domain_fields);
    input_check_required(in, ON_EDIT);
    assert_true(input_is_clean(in));
    input_read_typed(a, in, "name", "", 0);
    input_check_required(in, ON_EDIT);
    assert_int_equal(input_at(in, "name")->error, TEXT_REQUIRED);
}

struct shelf {
    int64_t flag, score, size, plain;
    const char *tag;
};
static const struct field shelf_fields[] = {
    FIELD_AS(shelf, flag, FIELD_BOOL, .max = 1, .nullable = true, .when = ON_EDIT),
    FIELD_AS(shelf, score, FIELD_DECIMAL, .min = -999000, .max = 9999000, .nullable = true,
             .when = ON_EDIT),
    FIELD_AS(shelf, size, FIELD_SIZE, .max = 4096, .nullable = true, .when = ON_EDIT),
    FIELD(shelf, tag, .max = 8, .nullable = true, .when = ON_EDIT),
    FIELD(shelf, plain, .max = 8, .when = ON_EDIT),
    {0},
};

static void test_decimals(void **state)
{
    (void)state;
    static const struct {
        const char *text, *back;
        int64_t thousandths;
    } rows[] = {
        {"6.31", "6.31", 6310},
        {"6,3", "6.3", 6300},
        {"-999", "-999", -999000},
        {"0", "0", 0},
        {"-0.5", "-0.5", -500},
        {"0.050", "0.05", 50},
        {"1.001", "1.001", 1001},
        {"007.5", "7.5", 7500},
        {"1000000", "1000000", 1000000000},
        {"\xe2\x88\x92"
         "2",
         "-2", -2000},
    };
    static const char *const wrong[] = {"",
                                        "-",
                                        ".",
                                        "1.",
                                        ".5",
                                        "1.2345",
                                        "1e3",
                                        "+1",
                                        "1 2",
                                        "0x10",
                                        "--1",
                                        "1.2.3",
                                        "nan",
                                        "inf",
                                        "1-",
                                        "1000001",
                                        "99999999999999999999"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t n = -1;
        assert_true(decimal_parse(rows[i].text, strlen(rows[i].text), &n));
        assert_int_equal(n, rows[i].thousandths);
        assert_string_equal(decimal_text(a, n), rows[i].back);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int64_t n;
        if (decimal_parse(wrong[i], strlen(wrong[i]), &n))
            fail_msg("%s was taken as a number", wrong[i]);
    }
    assert_string_equal(decimal_text(a, INT64_MIN), "-9223372036854775.808");
}

/* Not set is another thing than nothing, no, and an empty text. */
static void test_not_set(void **state)
{
    (void)state;
    struct shelf s = {1, 2, 3, 4, "x"}, set = s;
    struct input *in = input_create(a, shelf_fields);
    fields_unset(shelf_fields, &s);
    for (const struct field *f = shelf_fields; f->name != NULL; f++) {
        assert_int_equal(field_is_set(f, &s), !f->nullable);
        assert_string_equal(field_edit_text(a, f, &s), f->nullable ? "" : "4");
        input_read_typed(a, in, f->name, " ", 1);
    }
    assert_true(input_is_clean(in));
    input_apply(in, &set);
    assert_int_equal(set.plain, 0);
    set.plain = 4;
    assert_true(fields_equal(shelf_fields, &s, &set));
    input_read_typed(a, in, "flag", "0", 1);
    input_read_typed(a, in, "score", "-0", 2);
    input_read_typed(a, in, "size", "0", 1);
    input_read_typed(a, in, "tag", " - ", 3);
    input_apply(in, &set);
    assert_false(fields_equal(shelf_fields, &s, &set));
    assert_true(set.flag == 0 && set.score == 0 && set.size == 0 && set.tag[0] == '\0');
    assert_string_equal(field_edit_text(a, &shelf_fields[3], &set), "-");
    assert_string_equal(field_edit_text(a, &shelf_fields[1], &set), "0");
    input_read_typed(a, in, "score", "-999.001", 8);
    assert_int_equal(input_at(in, "score")->error, TEXT_NUMBER_TOO_SMALL);
    assert_string_equal(input_at(in, "score")->error_arg, "-999");
    input_read_typed(a, in, "score", "six", 3);
    assert_int_equal(input_at(in, "score")->error, TEXT_NOT_A_DECIMAL);
}

static void test_not_set_in_json(void **state)
{
    (void)state;
    struct input *in = input_create(a, shelf_fields);
    for (const struct field *f = shelf_fields; f->nullable; f++) {
        input_read_nothing(in, f->name);
        assert_true(input_has(in, f->name));
    }
    assert_true(input_is_clean(in));
    assert_true(input_number(in, "flag", 0) == FIELD_UNSET && input_text(in, "tag") == NULL);
    input_read_text(a, in, "tag", "", 0);
    assert_string_equal(input_text(in, "tag"), "");
    input_read_real(a, in, "score", 6.31);
    assert_int_equal(input_number(in, "score", 0), 6310);
    assert_string_equal(input_at(in, "score")->typed, "6.31");
    input_read_number(a, in, "score", -3);
    assert_int_equal(input_number(in, "score", 0), -3000);
    static const double wrong[] = {1.23456, 1e300, -1e300, 1e-9};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        input_read_real(a, in, "score", wrong[i]);
        assert_int_equal(input_at(in, "score")->error, TEXT_NOT_A_DECIMAL);
    }
    input_read_text(a, in, "score", "6.3", 3);
    assert_int_equal(input_at(in, "score")->error, TEXT_WRONG_TYPE);
    input_read_real(a, in, "size", 1.5);
    assert_int_equal(input_at(in, "size")->error, TEXT_WRONG_TYPE);
    input_read_nothing(in, "plain");
    assert_int_equal(input_at(in, "plain")->error, TEXT_WRONG_TYPE);
}

static const struct field *field_named(const struct field *fields, const char *name)
{
    for (; fields->name != NULL; fields++)
        if (strcmp(fields->name, name) == 0)
            return fields;
    return NULL;
}

static void test_display(void **state)
{
    (void)state;
    struct mailbox m = {.local_part = "ada", .name = NULL, .quota_kb = 1536, .active = 1};
    assert_string_equal(field_display(a, field_named(mailbox_fields, "name"), &m), "");
    assert_string_equal(field_display(a, field_named(mailbox_fields, "quota"), &m), "1.5 MB");
    assert_string_equal(field_edit_text(a, field_named(mailbox_fields, "active"), &m), "1");
    assert_string_equal(field_display(a, field_named(mailbox_fields, "password"), &m), "");
    m.quota_kb = 0;
    assert_string_equal(field_display(a, field_named(mailbox_fields, "quota"), &m), "no limit");
    struct input *in = input_create(a, mailbox_fields);
    input_read_display(a, in, "quota", "no limit");
    input_read_display(a, in, "name", "no limit");
    input_read_display(a, in, "quota_messages", "7");
    assert_true(input_is_clean(in) && input_has(in, "quota"));
    assert_int_equal(input_number(in, "quota", -1), 0);
    assert_string_equal(input_text(in, "name"), "no limit");
    assert_int_equal(input_number(in, "quota_messages", -1), 7);
    assert_string_equal(field_edit_text(a, field_named(mailbox_fields, "quota"), &m), "0");
    struct domain d = {.name = "xn--bcher-kva.example"};
    assert_string_equal(field_display(a, field_named(domain_fields, "name"), &d), "b\xc3\xbc"
                                                                                  "cher.example");
}

static void test_policies(void **state)
{
    (void)state;
    struct policy layers[2], *own = &layers[0], *server = &layers[1];
    const struct field *tag = field_named(policy_fields, "spam_subject_tag2"),
                       *kill = field_named(policy_fields, "spam_kill_level");
    policy_init(own);
    policy_init(server);
    assert_null(policy_source(layers, 2, kill));
    server->spam_kill_level = 6310;
    assert_ptr_equal(policy_source(layers, 2, kill), server);
    own->spam_kill_level = 0;
    assert_ptr_equal(policy_source(layers, 2, kill), own);
    const struct {
        int64_t own, server;
        const char *tag, *server_tag, *read; /* NULL: Amavis asks the server's */
    } marks[] = {{1, FIELD_UNSET, NULL, NULL, NULL},  {1, 1, NULL, "[s]", NULL},
                 {1, 0, NULL, NULL, "***SPAM***"},    {1, 0, NULL, "[s]", "[s]"},
                 {1, 0, "[o]", "[s]", "[o]"},         {0, 1, "[o]", "[s]", ""},
                 {FIELD_UNSET, 0, "[o]", NULL, ""},   {FIELD_UNSET, 0, NULL, NULL, NULL},
                 {FIELD_UNSET, 1, "[o]", NULL, "[o]"}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        own->spam_modifies_subj = marks[i].own, server->spam_modifies_subj = marks[i].server;
        own->spam_subject_tag2 = marks[i].tag, server->spam_subject_tag2 = marks[i].server_tag;
        policies_as_read(layers, 2);
        assert_int_equal(field_is_set(tag, own), marks[i].read != NULL);
        if (marks[i].read != NULL)
            assert_string_equal(own->spam_subject_tag2, marks[i].read);
        assert_int_equal(own->spam_modifies_subj, FIELD_UNSET);
    }
    for (size_t i = 0; i < POLICY_PRESETS; i++) {
        struct input *in = input_create(a, policy_fields);
        struct policy made;
        policy_init(&made);
        input_read_typed(a, in, "offered", "0", 1);
        policy_preset_apply(a, &policy_presets[i], in);
        input_apply(in, &made);
        policy_check(a, in, &made);
        assert_true(input_is_clean(in) && made.offered == 0);
        assert_ptr_equal(policy_preset_find(policy_presets[i].key), &policy_presets[i]);
    }
    assert_null(policy_preset_find("hard"));
}

static int set_up(void **state)
{
    (void)state;
    a = arena_create(64 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(a);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),          cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_sizes_come_back), cmocka_unit_test(test_reading),
        cmocka_unit_test(test_json_kinds),      cmocka_unit_test(test_required),
        cmocka_unit_test(test_display),         cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_policies),        cmocka_unit_test(test_not_set),
        cmocka_unit_test(test_not_set_in_json),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
