/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture as a theme brings it. What is let through holds none of the words by which a file does
 * more than draw, wherever they stand. */
#include <ctype.h>

#include "base/asset.h"
#include "base/svg.h"
#include "fuzz.h"

static bool holds(const char *text, size_t n, const char *word)
{
    size_t len = strlen(word);
    for (size_t at = 0; at + len <= n; at++) {
        size_t i = 0;
        while (i < len && tolower((unsigned char)text[at + i]) == word[i])
            i++;
        if (i == len)
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const never[] = {"<script", "<style", "<foreign",  "<set",     "<animate",
                                        "<a ",     "<image", "<!doctype", "<![cdata", "<?xml-"};
    struct arena *a = fuzz_arena();
    char *text = arena_memdup(a, data, n);
    const char *problem = svg_problem(a, text, n);
    assert(problem == NULL ||
           (isdigit((unsigned char)problem[0]) && strstr(problem, ": ") != NULL));
    const char *of_asset = asset_problem(a, "assets/logo.svg", text, n, false);
    assert((of_asset == NULL) == (problem == NULL));
    asset_problem(a, "logo.png", text, n, false);
    asset_problem(a, "app.css", text, n, false);
    /* comments may hold anything */
    for (size_t i = 0;
         problem == NULL && !holds(text, n, "<!--") && i < sizeof never / sizeof *never; i++)
        assert(!holds(text, n, never[i]));
    return 0;
}
