/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names: address_samples.csv (kind,input,expect,reason; \r \n \\ \xHH \uHHHH in the input are
 * escapes) and the corners it has not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "model/address.h"

static struct arena *a;

static enum text_key parse_domain(const char *text, const char **out)
{
    return domain_parse(a, text, strlen(text), out);
}

/* One CSV field, quotes taken off; moves `at` behind it. */
static char *csv_field(const char **at)
{
    struct str s;
    str_init(&s, a, 4096);
    bool quoted = **at == '"';
    if (quoted)
        (*at)++;
    for (; **at != '\0' && **at != '\n'; (*at)++) {
        if (quoted && **at == '"') {
            if ((*at)[1] != '"') {
                (*at)++;
                break;
            }
            (*at)++;
        } else if (!quoted && **at == ',') {
            break;
        }
        str_append_c(&s, **at);
    }
    if (**at == ',')
        (*at)++;
    return s.data;
}

static void append_utf8(struct str *s, unsigned c)
{
    if (c < 0x80)
        str_append_c(s, (char)c);
    else if (c < 0x800)
        str_printf(s, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 0x3f)));
    else
        str_printf(s, "%c%c%c", (int)(0xe0 | c >> 12), (int)(0x80 | (c >> 6 & 0x3f)),
                   (int)(0x80 | (c & 0x3f)));
}

static struct str unescape(const char *text)
{
    struct str s;
    str_init(&s, a, 4096);
    for (; *text != '\0'; text++) {
        if (*text != '\\') {
            str_append_c(&s, *text);
            continue;
        }
        char hex[5] = {0};
        switch (*++text) {
        case 'r': str_append_c(&s, '\r'); break;
        case 'n': str_append_c(&s, '\n'); break;
        case 'x':
            memcpy(hex, text + 1, 2);
            text += 2;
            str_append_c(&s, (char)strtoul(hex, NULL, 16));
            break;
        case 'u':
            memcpy(hex, text + 1, 4);
            text += 4;
            append_utf8(&s, (unsigned)strtoul(hex, NULL, 16));
            break;
        default: str_append_c(&s, *text);
        }
    }
    return s;
}

static void one_sample(const char *kind, const char *typed, const char *expect)
{
    struct str input = unescape(typed);
    struct address address = {0};
    const char *out = NULL;
    enum text_key error = strcmp(kind, "domain") == 0
                              ? domain_parse(a, input.data, input.len, &out)
                              : address_parse(a, input.data, input.len, &address);
    if (strcmp(kind, "mailbox") == 0)
        out = address.text;
    if (strcmp(expect, "reject") == 0) {
        if (error == TEXT_NONE)
            fail_msg("%s %s: accepted as %s", kind, typed, out);
        return;
    }
    if (error != TEXT_NONE)
        fail_msg("%s %s: refused: %s", kind, typed, text_english(error));
    const char *want = text_starts(expect, "normalize:") ? expect + strlen("normalize:")
                                                         : input.data;
    assert_string_equal(out, want);
}

static void test_samples(void **state)
{
    (void)state;
    char line[4096];
    int n = 0;
    FILE *file = fopen(SAMPLES, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        const char *at = line;
        char *kind = csv_field(&at), *typed = csv_field(&at), *expect = csv_field(&at);
        one_sample(kind, typed, expect);
        n++;
    }
    fclose(file);
    assert_true(n > 30);
}

static void test_domain_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum text_key error;
    } rows[] = {
        {"", TEXT_REQUIRED},
        {" \t ", TEXT_REQUIRED},
        {"localhost", TEXT_DOMAIN_ONE_LABEL},
        {"com.", TEXT_DOMAIN_ONE_LABEL},
        {".", TEXT_DOMAIN_EMPTY_LABEL},
        {"..", TEXT_DOMAIN_EMPTY_LABEL},
        {"a..b", TEXT_DOMAIN_EMPTY_LABEL},
        {".a.b", TEXT_DOMAIN_EMPTY_LABEL},
        {"a.b..", TEXT_DOMAIN_EMPTY_LABEL},
        {"-a.b", TEXT_DOMAIN_HYPHEN},
        {"a-.b", TEXT_DOMAIN_HYPHEN},
        {"a.1", TEXT_DOMAIN_NUMERIC},
        {"1.2.3.4", TEXT_DOMAIN_NUMERIC},
        {"[1.2.3.4]", TEXT_DOMAIN_LITERAL},
        {"a_b.example", TEXT_DOMAIN_CHARACTER},
        {"a b.example", TEXT_DOMAIN_CHARACTER},
        {"*.example.org", TEXT_DOMAIN_CHARACTER},
        {"a\nb.example", TEXT_CONTROL_CHARACTER},
        {"example.org\n", TEXT_CONTROL_CHARACTER},
        {"a\xc2\x85.example", TEXT_CONTROL_CHARACTER},
        {"\xff.example", TEXT_NOT_UTF8},
        {"\xed\xa0\x80.example", TEXT_NOT_UTF8},
        {"a\xe2\x80\x8b"
         "b.example",
         TEXT_DOMAIN_IDN},
        {"a\xe2\x80\xae"
         "b.example",
         TEXT_DOMAIN_IDN},
        {"\xf0\x9f\x98\x80.example", TEXT_DOMAIN_IDN},
        {"xn--\x7f.example", TEXT_CONTROL_CHARACTER},
        {"xn--a-0000000000000000.example", TEXT_DOMAIN_IDN},
        {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg.example",
         TEXT_DOMAIN_LABEL_TOO_LONG},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *out;
        enum text_key error = parse_domain(rows[i].text, &out);
        if (error != rows[i].error)
            fail_msg("\"%s\": %s, not %s", rows[i].text, text_code(error),
                     text_code(rows[i].error));
    }
}

static void test_domain_forms(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {" Example.ORG. ", "example.org"},
        {"stra\xc3\x9f"
         "e.example",
         "xn--strae-oqa.example"},
        {"example\xe3\x80\x82org", "example.org"},
        {"example.org\xe3\x80\x82", "example.org"},
        {"B\xc3\x9c"
         "CHER.example",
         "xn--bcher-kva.example"},
        {"xn--BCHER-KVA.example", "xn--bcher-kva.example"},
        {"bu\xcc\x88"
         "cher.example",
         "xn--bcher-kva.example"},
        {"r3---sn-x.example", "r3---sn-x.example"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *out = NULL, *again = NULL;
        assert_int_equal(parse_domain(rows[i][0], &out), TEXT_NONE);
        assert_string_equal(out, rows[i][1]);
        assert_int_equal(parse_domain(out, &again), TEXT_NONE);
        assert_string_equal(again, out);
    }
}

static void test_domain_lengths(void **state)
{
    (void)state;
    struct str s;
    const char *out;
    str_init(&s, a, 4096);
    for (int i = 0; i < 31; i++)
        str_append(&s, "abcdefg.");
    str_append(&s, "abcde"); /* 253 */
    assert_int_equal(domain_parse(a, s.data, s.len, &out), TEXT_NONE);
    str_append(&s, "f");
    assert_int_equal(domain_parse(a, s.data, s.len, &out), TEXT_DOMAIN_TOO_LONG);
    for (int i = 0; i < 300; i++)
        str_append(&s, "\xc3\xbc.");
    assert_int_equal(domain_parse(a, s.data, s.len, &out), TEXT_DOMAIN_TOO_LONG);
    assert_int_equal(domain_parse(a, "a.b\0c", 5, &out), TEXT_CONTROL_CHARACTER);
}

static void test_domain_display(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"example.org", "example.org"},
        {"xn--bcher-kva.example", "b\xc3\xbc"
                                  "cher.example"},
        {"xn--exmple-4nf.com", "xn--exmple-4nf.com"}, /* Cyrillic a among Latin letters */
        {"xn--80ak6aa92e.com", "xn--80ak6aa92e.com"}, /* all Cyrillic, reads as a Latin word */
        {"xn--e1afmkfd.example", "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.example"},
        {"xn--wgv71a119e.jp", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e.jp"},
        {"xn--i-7iq.ws", "xn--i-7iq.ws"},
        {"xn--a.example", "xn--a.example"},
        {"a.xn--pa.xn--p1ai", "a.xn--pa.xn--p1ai"}, /* in letters, its second label is refused */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(domain_display(a, rows[i][0]), rows[i][1]);
    assert_string_equal(address_display(a, "ada@xn--bcher-kva.example"), "ada@b\xc3\xbc"
                                                                         "cher.example");
    assert_string_equal(address_display(a, "@example.org"), "@example.org");
}

static void test_local_part(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum text_key error;
    } rows[] = {
        {"ada", TEXT_NONE},
        {" Ada ", TEXT_NONE},
        {"a.b-c_d", TEXT_NONE},
        {"o'brien", TEXT_NONE},
        {"", TEXT_REQUIRED},
        {"a+b", TEXT_LOCAL_PART_DELIMITER},
        {"a%b", TEXT_LOCAL_PART_CHARACTER},
        {"a!b", TEXT_LOCAL_PART_CHARACTER},
        {"a/b", TEXT_LOCAL_PART_CHARACTER},
        {"a*", TEXT_LOCAL_PART_CHARACTER},
        {"a b", TEXT_LOCAL_PART_CHARACTER},
        {"a,b", TEXT_LOCAL_PART_CHARACTER},
        {"a\\b", TEXT_LOCAL_PART_CHARACTER},
        {"..", TEXT_LOCAL_PART_DOT},
        {".a", TEXT_LOCAL_PART_DOT},
        {"a.", TEXT_LOCAL_PART_DOT},
        {"a..b", TEXT_LOCAL_PART_DOT},
        {"\"a b\"", TEXT_LOCAL_PART_QUOTED},
        {"a@b", TEXT_LOCAL_PART_HAS_AT},
        {"j\xc3\xbcrgen", TEXT_LOCAL_PART_NOT_ASCII},
        {"a\x01", TEXT_CONTROL_CHARACTER},
        {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg", TEXT_NONE},
        {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggh",
         TEXT_LOCAL_PART_TOO_LONG},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *out;
        enum text_key error = local_part_parse(a, rows[i].text, strlen(rows[i].text), &out);
        if (error != rows[i].error)
            fail_msg("\"%s\": %s, not %s", rows[i].text, text_code(error),
                     text_code(rows[i].error));
    }
}

static void test_address(void **state)
{
    (void)state;
    struct address at;
    assert_int_equal(address_parse(a, " <Ada@Example.ORG> ", 19, &at), TEXT_NONE);
    assert_string_equal(at.local_part, "ada");
    assert_string_equal(at.domain, "example.org");
    assert_string_equal(at.text, "ada@example.org");
    assert_int_equal(address_parse(a, "ada", 3, &at), TEXT_ADDRESS_NO_AT);
    assert_int_equal(address_parse(a, "@example.org", 12, &at), TEXT_ADDRESS_NO_NAME);
    assert_int_equal(address_parse(a, "ada@", 4, &at), TEXT_ADDRESS_NO_DOMAIN);
    assert_int_equal(address_parse(a, "a+b@example.org", 15, &at), TEXT_LOCAL_PART_DELIMITER);
    assert_string_equal(at.text, "\"+\"");
    assert_int_equal(address_parse(a, "a@b@example.org", 15, &at), TEXT_LOCAL_PART_CHARACTER);
    assert_int_equal(address_parse(a, "a@\0", 3, &at), TEXT_CONTROL_CHARACTER);
    assert_int_equal(address_parse(a, "a@ example.org", 14, &at), TEXT_DOMAIN_CHARACTER);
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
        cmocka_unit_test(test_samples),        cmocka_unit_test(test_domain_refusals),
        cmocka_unit_test(test_domain_forms),   cmocka_unit_test(test_domain_lengths),
        cmocka_unit_test(test_domain_display), cmocka_unit_test(test_local_part),
        cmocka_unit_test(test_address),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
