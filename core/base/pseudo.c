/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pseudo.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

/* A to Z and a to z. */
static const char *const accented[] = {
    "Å", "Ɓ", "Ç", "Ð", "É", "Ƒ", "Ĝ", "Ĥ", "Î", "Ĵ", "Ķ", "Ļ", "Ṁ", "Ñ", "Ö", "Þ", "Ǫ", "Ŕ",
    "Š", "Ţ", "Û", "Ṽ", "Ŵ", "Ẋ", "Ý", "Ž", "å", "ƀ", "ç", "đ", "é", "ƒ", "ĝ", "ĥ", "î", "ĵ",
    "ķ", "ļ", "ɱ", "ñ", "ö", "þ", "ǫ", "ŕ", "š", "ţ", "û", "ṽ", "ŵ", "ẋ", "ý", "ž",
};

struct output {
    char *to;
    size_t n;
};

static void put(struct output *o, const char *bytes, size_t n)
{
    memcpy(o->to + o->n, bytes, n);
    o->n += n;
}

static void put_text(struct output *o, const char *text)
{
    put(o, text, strlen(text));
}

/* The length of what stays as it is at the start of this text: 0 for plain text. */
static size_t kept(const char *text, size_t n)
{
    size_t i = 1;
    const char *stop = NULL;
    if (text[0] == '%') {
        while (i < n && (isdigit((unsigned char)text[i]) || text[i] == '$'))
            i++;
        return i < n && (text[i] == 's' || text[i] == 'd') ? i + 1 : 0;
    }
    if (text[0] == '<')
        stop = memchr(text, '>', n);
    else if (text[0] == '{')
        stop = memchr(text, '}', n);
    else if (text[0] == '&' && n > 1 && (isalpha((unsigned char)text[1]) || text[1] == '#'))
        stop = memchr(text, ';', n < 12 ? n : 12);
    return stop != NULL ? (size_t)(stop - text) + 1 : 0;
}

static void put_accented(struct output *o, char c)
{
    if (c >= 'A' && c <= 'Z')
        put_text(o, accented[c - 'A']);
    else if (c >= 'a' && c <= 'z')
        put_text(o, accented[26 + c - 'a']);
    else
        put(o, &c, 1);
}

static void write_longer(struct output *o, const char *text, size_t n)
{
    size_t letters = 0;
    put_text(o, "[");
    for (size_t i = 0; i < n;) {
        size_t as_it_is = kept(text + i, n - i);
        if (as_it_is > 0) {
            put(o, text + i, as_it_is);
        } else {
            put_accented(o, text[i]);
            letters++;
        }
        i += as_it_is > 0 ? as_it_is : 1;
    }
    for (size_t i = 0; i < letters * 4 / 10; i++)
        put_text(o, i % 7 == 0 ? " " : "~");
    put_text(o, "]");
}

/* Each word between RIGHT-TO-LEFT OVERRIDE and POP DIRECTIONAL FORMATTING. */
static void write_mirrored(struct output *o, const char *text, size_t n)
{
    bool inside = false;
    for (size_t i = 0; i <= n;) {
        size_t as_it_is = i < n ? kept(text + i, n - i) : 0;
        bool word = i < n && as_it_is == 0 && !isspace((unsigned char)text[i]);
        if (word != inside)
            put_text(o, word ? "\xe2\x80\xae" : "\xe2\x80\xac");
        inside = word;
        size_t step = as_it_is > 0 ? as_it_is : 1;
        if (i < n)
            put(o, text + i, step);
        i += step;
    }
}

bool pseudo_is(enum locale l)
{
    return l == LOCALE_XA || l == LOCALE_XB;
}

size_t pseudo_room(size_t n)
{
    return 8 * n + 16;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): written through `o` */
size_t pseudo_write(enum locale l, const char *text, size_t n, char *to)
{
    struct output o = {.to = to};
    assert(pseudo_is(l));
    if (n == 0)
        return 0;
    if (l == LOCALE_XA)
        write_longer(&o, text, n);
    else
        write_mirrored(&o, text, n);
    assert(o.n <= pseudo_room(n));
    return o.n;
}
