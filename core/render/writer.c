/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "render/walls.h"

enum { WRITER_FIRST = 64 * 1024 };

void writer_reset(struct writer *w)
{
    w->len = 0;
    w->slots_n = 0;
    w->overflow = false;
}

struct writer_mark writer_mark(const struct writer *w)
{
    return (struct writer_mark){.len = w->len, .slots_n = w->slots_n};
}

void writer_back(struct writer *w, struct writer_mark mark)
{
    w->len = mark.len;
    w->slots_n = mark.slots_n;
    w->overflow = false;
}

static void grow(struct writer *w, size_t n)
{
    size_t size = w->size == 0 ? WRITER_FIRST : w->size;
    while (size < w->len + n)
        size *= 2;
    char *block = realloc(w->data != NULL ? w->data - WRITER_HEAD : NULL, WRITER_HEAD + size);
    if (block == NULL)
        _exit(71);
    w->data = block + WRITER_HEAD;
    w->size = size;
}

bool writer_room(struct writer *w, size_t n)
{
    if (w->overflow || ((w->len > WRITER_MAX || n > WRITER_MAX - w->len) && wall(WALL_OUTPUT))) {
        w->overflow = true;
        return false;
    }
    grow(w, n);
    return true;
}

void writer_tail(struct writer *w, const void *bytes, size_t n)
{
    if (w->size - w->len < n)
        grow(w, n);
    memcpy(w->data + w->len, bytes, n);
    w->len += n;
}

enum { REFERENCE_MAX = 6 };

static const struct {
    char text[REFERENCE_MAX + 2];
    size_t n;
} references[] = {{"", 0}, {"&amp;", 5}, {"&lt;", 4}, {"&gt;", 4}, {"&quot;", 6}, {"&#39;", 5}};
static const unsigned char reference_of[256] = {
    ['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5};

/* Sixteen bytes of a text, looked at together. */
enum { CHUNK = 16 };
typedef unsigned char chunk __attribute__((vector_size(CHUNK)));

/* All bits of a byte that has to be escaped: & and ' differ in one bit, < and > in another. */
static inline chunk is_special(chunk v)
{
    return (chunk)((v | ('&' ^ '\'')) == ('&' | '\'')) | (chunk)((v | ('<' ^ '>')) == ('<' | '>')) |
           (chunk)(v == '"');
}

/* All bits of a byte that no URL has. Browsers drop tabs and newlines inside of one and read '\\' as
 * '/'. */
static inline chunk is_foreign(chunk v)
{
    return (chunk)(v <= 0x20) | (chunk)(v == 0x7f) | (chunk)(v == '\\');
}

/* Fewer than CHUNK: some twice where the halves overlap, and what is neither special nor foreign. */
static inline chunk load_short(const char *text, size_t n)
{
    unsigned char bytes[CHUNK] = "aaaaaaaaaaaaaaaa";
    chunk v;
    if (n >= 8) {
        memcpy(bytes, text, 8);
        memcpy(bytes + 8, text + n - 8, 8);
    } else if (n >= 4) {
        memcpy(bytes, text, 4);
        memcpy(bytes + 4, text + n - 4, 4);
    } else if (n > 0) {
        memcpy(bytes, text, 1);
        memcpy(bytes + 1, text + n / 2, 1);
        memcpy(bytes + 2, text + n - 1, 1);
    }
    memcpy(&v, bytes, sizeof v);
    return v;
}

static inline chunk load(const char *text)
{
    chunk v;
    memcpy(&v, text, sizeof v);
    return v;
}

static inline bool is_any(chunk found)
{
    uint64_t half[2];
    memcpy(half, &found, sizeof half);
    return (half[0] | half[1]) != 0;
}

static inline bool has_any(const char *text, size_t n, chunk (*what)(chunk))
{
    chunk found;
    if (n < CHUNK) {
        found = what(load_short(text, n));
    } else {
        found = what(load(text + n - CHUNK));
        for (size_t i = 0; i + CHUNK < n; i += CHUNK)
            found |= what(load(text + i));
    }
    return is_any(found);
}

static char *put_escaped(char *to, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char reference = reference_of[(unsigned char)text[i]];
        if (reference == 0) {
            *to++ = text[i];
        } else {
            memcpy(to, references[reference].text, REFERENCE_MAX);
            to += references[reference].n;
        }
    }
    return to;
}

void writer_html(struct writer *w, const char *text, size_t n)
{
    if (!has_any(text, n, is_special)) {
        writer_raw(w, text, n);
        return;
    }
    if (n < SIZE_MAX / REFERENCE_MAX && w->size - w->len >= REFERENCE_MAX * n) {
        w->len = (size_t)(put_escaped(w->data + w->len, text, n) - w->data);
        return;
    }
    size_t from = 0, i = 0;
    for (;;) {
        while (i < n && reference_of[(unsigned char)text[i]] == 0)
            i++;
        writer_raw(w, text + from, i - from);
        if (i == n)
            return;
        writer_text(w, references[reference_of[(unsigned char)text[i]]].text);
        from = ++i;
    }
}

/* All bits of the first n of sixteen bytes. */
static inline chunk first_of(size_t n)
{
    static const unsigned char ones_and_zeros[2 * CHUNK] = {255, 255, 255, 255, 255, 255, 255, 255,
                                                            255, 255, 255, 255, 255, 255, 255, 255};
    return load((const char *)ones_and_zeros + CHUNK - n);
}

/* Copied while it is looked at: what was copied for nothing is written over. */
void writer_html_within(struct writer *w, const char *text, size_t n, const char *end)
{
    chunk found = {0};
    size_t i = 0;
    char *to = w->data + w->len;
    if (end - text < (ptrdiff_t)(n + CHUNK) || w->size - w->len < n + CHUNK) {
        writer_html(w, text, n);
        return;
    }
    for (; i + CHUNK <= n; i += CHUNK) {
        chunk v = load(text + i);
        found |= is_special(v);
        memcpy(to + i, &v, sizeof v);
    }
    chunk v = load(text + i);
    found |= is_special(v) & first_of(n - i);
    memcpy(to + i, &v, sizeof v);
    if (is_any(found))
        writer_html(w, text, n);
    else
        w->len += n;
}

void writer_int(struct writer *w, int64_t n)
{
    if (n >= 0 && n < 10 && w->size > w->len) {
        w->data[w->len++] = (char)('0' + n);
        return;
    }
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t v = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do
        *--at = (char)('0' + v % 10);
    while ((v /= 10) > 0);
    if (n < 0)
        *--at = '-';
    writer_raw(w, at, (size_t)(digits + sizeof digits - at));
}

void writer_slot(struct writer *w, uint32_t slot)
{
    if (w->slots_n == WRITER_SLOTS || w->overflow) {
        w->overflow = true;
        return;
    }
    w->slots[w->slots_n++] = (struct writer_slot){.offset = (uint32_t)w->len, .slot = slot};
}

static bool scheme_is(const char *url, size_t n, const char *scheme)
{
    size_t m = strlen(scheme);
    return n > m && strncasecmp(url, scheme, m) == 0;
}

enum url_kind url_kind(const char *url, size_t n)
{
    size_t colon = 0;
    if (has_any(url, n, is_foreign))
        return URL_BAD;
    if (n > 0 && url[0] == '/')
        return n > 1 && url[1] == '/' ? URL_BAD : URL_LOCAL;
    while (colon < n && memchr(":/?#", url[colon], 4) == NULL)
        colon++;
    if (colon == n || url[colon] != ':')
        return URL_LOCAL;
    if (scheme_is(url, n, "https://") || scheme_is(url, n, "http://"))
        return URL_WEB;
    return scheme_is(url, n, "mailto:") ? URL_MAIL : URL_BAD;
}

void writer_url(struct writer *w, const char *url, size_t n)
{
    if (url_kind(url, n) == URL_BAD && wall(WALL_URLS))
        writer_raw(w, "#", 1);
    else
        writer_html(w, url, n);
}

static bool is_unreserved(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void writer_segment(struct writer *w, const char *text, size_t n)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0, from; i < n; i++) {
        for (from = i; i < n && is_unreserved((unsigned char)text[i]); i++) {
        }
        writer_raw(w, text + from, i - from);
        if (i == n)
            return;
        unsigned char c = (unsigned char)text[i];
        char code[3] = {'%', hex[c >> 4], hex[c & 15]};
        writer_raw(w, code, 3);
    }
}

/* U+2028 and U+2029 end a line in old scripts' strings. */
static size_t json_step(const char *text, size_t n, unsigned *code_r)
{
    unsigned char c = (unsigned char)text[0];
    *code_r = 0;
    if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == '"' || c == '\\' || c == 0x7f)
        *code_r = c;
    if (n >= 3 && memcmp(text, "\xe2\x80", 2) == 0 && (text[2] == '\xa8' || text[2] == '\xa9')) {
        *code_r = text[2] == '\xa8' ? 0x2028 : 0x2029;
        return 3;
    }
    return 1;
}

void writer_json_text(struct writer *w, const char *text, size_t n)
{
    size_t from = 0;
    writer_raw(w, "\"", 1);
    for (size_t i = 0; i < n;) {
        unsigned code;
        size_t step = json_step(text + i, n - i, &code);
        if (code != 0) {
            char escape[8];
            snprintf(escape, sizeof escape, "\\u%04x", code & 0xffff);
            writer_raw(w, text + from, i - from);
            writer_text(w, escape);
            from = i + step;
        }
        i += step;
    }
    writer_raw(w, text + from, n - from);
    writer_raw(w, "\"", 1);
}
