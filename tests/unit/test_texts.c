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

/* Each text of the table has words of its own in each language, with the same hole. */
static void test_translations(void **state)
{
    (void)state;
    struct arena *a = arena_create(1 << 20);
    for (int l = 0; l < LOCALE_COUNT; l++)
        for (enum text_key key = TEXT_NONE + 1; l != LOCALE_EN && key < TEXT_COUNT; key++) {
            const char *english = text_english(key), *text = text_in(a, (enum locale)l, key);
            if (text == english || text[0] == '\0')
                fail_msg("%s: %s", locale_tag((enum locale)l), english);
            assert_true((strstr(english, "%s") != NULL) == (strstr(text, "%s") != NULL));
        }
    assert_string_equal(text_say(a, LOCALE_DE, "Save"), "Speichern");
    assert_string_equal(text_say(a, LOCALE_DE, "no such text"), "no such text");
    assert_null(text_say(a, LOCALE_DE, NULL));
    assert_string_equal(text_say_of(a, LOCALE_FR, "%s was saved.", "x%s"),
                        "Modifications de x%s enregistrées.");
    assert_null(text_translation(LOCALE_FR, ""));
    assert_null(text_translation(LOCALE_EN, "Save"));
    arena_destroy(a);
}

static void test_pseudo(void **state)
{
    (void)state;
    struct arena *a = arena_create(1 << 20);
    assert_string_equal(text_say(a, LOCALE_XA, "Save %s of %1$s {name} <b>x</b> &amp; 5 %"),
                        "[Šåṽé %s öƒ %1$s {name} <b>ẋ</b> &amp; 5 % ~~~~~]");
    assert_string_equal(text_say(a, LOCALE_XB, "Save it %s"),
                        "\xe2\x80\xaeSave\xe2\x80\xac \xe2\x80\xaeit\xe2\x80\xac %s");
    assert_string_equal(text_say(a, LOCALE_XA, ""), "");
    arena_destroy(a);
}

static void test_locales(void **state)
{
    (void)state;
    enum locale l;
    assert_true(locale_find("FR-ca-x", 7, &l) && l == LOCALE_FR);
    assert_true(locale_find("en-xa", 5, &l) && l == LOCALE_XA);
    assert_true(locale_find("en-GB", 5, &l) && l == LOCALE_EN);
    assert_false(locale_find("e", 1, &l) || locale_find("", 0, &l) || locale_find("---", 3, &l));
    assert_string_equal(locale_dir(LOCALE_XB), "rtl");
    assert_false(locale_is_offered(LOCALE_XA) || locale_is_offered(LOCALE_XB));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_texts), cmocka_unit_test(test_format),
                                       cmocka_unit_test(test_translations),
                                       cmocka_unit_test(test_pseudo),
                                       cmocka_unit_test(test_locales)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
