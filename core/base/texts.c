/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/texts.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

static const struct {
    const char *code, *english;
} texts[] = {
    {"NONE", ""},
#define TEXT(key, english) {#key, english},
#include "base/texts.def"
#undef TEXT
};

const char *text_english(enum text_key key)
{
    assert(key < TEXT_COUNT);
    return texts[key].english;
}

const char *text_code(enum text_key key)
{
    static char codes[TEXT_COUNT][48];
    assert(key < TEXT_COUNT);
    char *code = codes[key];
    const char *from = texts[key].code;
    for (size_t i = 0; i + 1 < sizeof codes[0] && from[i] != '\0'; i++)
        code[i] = (char)tolower((unsigned char)from[i]);
    return code;
}

const char *text_format(struct arena *a, enum text_key key, const char *arg)
{
    const char *english = text_english(key), *at = strstr(english, "%s");
    if (at == NULL)
        return english;
    return arena_printf(a, "%.*s%s%s", (int)(at - english), english, arg != NULL ? arg : "",
                        at + 2);
}
