/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/locale.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *tag, *dir, *name;
    bool offered;
} locales[] = {
#define LOCALE(id, tag, dir, name, offered) {tag, dir, name, offered},
#include "base/locale.def"
#undef LOCALE
};

const char *locale_tag(enum locale l)
{
    assert(l < LOCALE_COUNT);
    return locales[l].tag;
}

const char *locale_dir(enum locale l)
{
    assert(l < LOCALE_COUNT);
    return locales[l].dir;
}

const char *locale_name(enum locale l)
{
    assert(l < LOCALE_COUNT);
    return locales[l].name;
}

bool locale_is_offered(enum locale l)
{
    assert(l < LOCALE_COUNT);
    return locales[l].offered;
}

bool locale_find(const char *tag, size_t n, enum locale *locale_r)
{
    for (size_t length = n; length > 0;) {
        for (size_t i = 0; i < LOCALE_COUNT; i++)
            if (strlen(locales[i].tag) == length && strncasecmp(locales[i].tag, tag, length) == 0) {
                *locale_r = (enum locale)i;
                return true;
            }
        while (length > 0 && tag[length - 1] != '-')
            length--;
        length -= length > 0; /* without its last subtag */
    }
    return false;
}
