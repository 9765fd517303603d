/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name of a language, as a browser, a form, a cookie or a theme's file gives it; and text made
 * strange by the pseudo-languages, which fits its room and stays UTF-8. */
#include "base/locale.h"
#include "base/pseudo.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "http/language.h"

static void check_pseudo(const char *text, size_t n)
{
    for (enum locale l = 0; l < LOCALE_COUNT; l++) {
        if (!pseudo_is(l))
            continue;
        size_t room = pseudo_room(n);
        char *to = malloc(room + 1);
        assert(to != NULL);
        size_t len = pseudo_write(l, text, n, to);
        assert(len <= room && (!utf8_is_valid(text, n) || utf8_is_valid(to, len)));
        free(to);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    enum locale l = LOCALE_COUNT;
    struct arena *a = fuzz_arena();
    if (locale_find((const char *)data, n, &l))
        assert(l < LOCALE_COUNT && strlen(locale_tag(l)) <= n);
    l = language_wanted(fuzz_text(a, data, n));
    assert(l < LOCALE_COUNT && locale_tag(l)[0] != '\0' && locale_name(l)[0] != '\0');
    assert(strcmp(locale_dir(l), "ltr") == 0 || strcmp(locale_dir(l), "rtl") == 0);
    check_pseudo((const char *)data, n);
    return 0;
}
