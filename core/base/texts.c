/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/texts.h"

#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/embed.h"
#include "base/pseudo.h"

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

/* A number of a file that msgfmt wrote, in the order of this machine or the other. */
static uint32_t mo_number(const struct embedded *mo, size_t at)
{
    uint32_t magic, n;
    assert(at + sizeof n <= mo->size);
    memcpy(&magic, mo->bytes, sizeof magic);
    memcpy(&n, mo->bytes + at, sizeof n);
    return magic == 0x950412de ? n : __builtin_bswap32(n);
}

/* Row i of a table: the file's texts are sorted by their bytes and end with NUL. */
static const char *mo_text(const struct embedded *mo, size_t table, size_t i)
{
    size_t from = mo_number(mo, mo_number(mo, table) + i * 8 + 4);
    assert(from < mo->size);
    return mo->bytes + from;
}

static const struct embedded *mo_of(enum locale l)
{
    static const struct embedded *files[LOCALE_COUNT];
    char name[16];
    if (l == LOCALE_EN || pseudo_is(l))
        return NULL;
    if (files[l] == NULL) {
        size_t n = strlen(locale_tag(l));
        assert(n + 4 < sizeof name);
        memcpy(name, locale_tag(l), n);
        memcpy(name + n, ".mo", 4);
        files[l] = embedded_find(embed_po, name);
    }
    return files[l];
}

const char *text_translation(enum locale l, const char *english)
{
    enum { COUNT = 8, TEXTS = 12, TRANSLATIONS = 16 };
    const struct embedded *mo = mo_of(l);
    if (mo == NULL || english[0] == '\0')
        return NULL;
    for (size_t low = 0, high = mo_number(mo, COUNT); low < high;) {
        size_t middle = low + (high - low) / 2;
        int side = strcmp(english, mo_text(mo, TEXTS, middle));
        if (side == 0)
            return mo_text(mo, TRANSLATIONS, middle);
        if (side < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static const char *pseudo(struct arena *a, enum locale l, const char *english)
{
    size_t n = strlen(english);
    char *text = arena_alloc(a, pseudo_room(n) + 1);
    text[pseudo_write(l, english, n, text)] = '\0';
    return text;
}

const char *text_say(struct arena *a, enum locale l, const char *english)
{
    if (l == LOCALE_EN || english == NULL)
        return english;
    if (pseudo_is(l))
        return pseudo(a, l, english);
    const char *text = text_translation(l, english);
    return text != NULL ? text : english;
}

static const char *fill(struct arena *a, const char *text, const char *arg)
{
    const char *at = strstr(text, "%s");
    if (at == NULL)
        return text;
    return arena_printf(a, "%.*s%s%s", (int)(at - text), text, arg != NULL ? arg : "", at + 2);
}

const char *text_say_of(struct arena *a, enum locale l, const char *english, const char *arg)
{
    return fill(a, text_say(a, l, english), arg);
}

const char *text_in(struct arena *a, enum locale l, enum text_key key)
{
    return text_say(a, l, text_english(key));
}

const char *text_format_in(struct arena *a, enum locale l, enum text_key key, const char *arg)
{
    return fill(a, text_in(a, l, key), arg);
}

const char *text_format(struct arena *a, enum text_key key, const char *arg)
{
    return text_format_in(a, LOCALE_EN, key, arg);
}
