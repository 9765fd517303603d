/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each message is plain, has at most one %s, and a code that fits JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/texts.h"

static void test_texts(void **state)
{
    (void)state;
    for (enum text_key key = TEXT_NONE + 1; key < TEXT_COUNT; key++) {
        const char *text = text_english(key), *percent = strchr(text, '%');
        assert_true(strlen(text) > 0 && strlen(text_code(key)) > 0);
        assert_true(strspn(text_code(key), "abcdefghijklmnopqrstuvwxyz0123456789_") ==
                    strlen(text_code(key)));
        if (percent != NULL) {
            assert_int_equal(percent[1], 's');
            assert_null(strchr(percent + 1, '%'));
        }
    }
}

static void test_format(void **state)
{
    (void)state;
    struct arena *a = arena_create(1 << 20);
    assert_string_equal(text_format(a, TEXT_THEME_UNKNOWN, "x"), "There is no theme named x.");
    assert_string_equal(text_format(a, TEXT_THEME_UNKNOWN, "%s%n"),
                        "There is no theme named %s%n.");
    assert_string_equal(text_format(a, TEXT_REQUIRED, NULL), "Fill this in.");
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_texts), cmocka_unit_test(test_format)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
