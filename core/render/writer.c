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

#define EACH(byte) (UINT64_MAX / 255 * (byte))

/* The highest bit of some byte is set if one of the eight is zero. */
static inline uint64_t zeros(uint64_t v)
{
    return (v - EACH(0x01)) & ~v & EACH(0x80);
}

/* & and ' differ in one bit, < and > in another. */
static inline bool is_plain(uint64_t v)
{
    return (zeros((v | EACH('&' ^ '\'')) ^ EACH('&' | '\'')) |
            zeros((v | EACH('<' ^ '>')) ^ EACH('<' | '>')) | zeros(v ^ EACH('"'))) == 0;
}

static inline char *put_escaped(char *to, const char *text, size_t n)
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

/* There is room, whatever the text. */
static void html_short(struct writer *w, const char *text, size_t n)
{
    char *to = w->data + w->len;
    for (; n >= sizeof(uint64_t); text += sizeof(uint64_t), n -= sizeof(uint64_t)) {
        uint64_t v;
        memcpy(&v, text, sizeof v);
        if (is_plain(v)) {
            memcpy(to, &v, sizeof v);
            to += sizeof v;
        } else {
            to = put_escaped(to, text, sizeof v);
        }
    }
    w->len = (size_t)(put_escaped(to, text, n) - w->data);
}

void writer_html(struct writer *w, const char *text, size_t n)
{
    if (n < SIZE_MAX / REFERENCE_MAX && w->size - w->len >= REFERENCE_MAX * n) {
        html_short(w, text, n);
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

void writer_int(struct writer *w, int64_t n)
{
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

enum { MARK_BAD = 1, MARK_COLON, MARK_STOP };

static const unsigned char url_mark[256] = {
    [0 ... 0x20] = MARK_BAD, [0x7f] = MARK_BAD, ['\\'] = MARK_BAD, [':'] = MARK_COLON,
    ['/'] = MARK_STOP,       ['?'] = MARK_STOP, ['#'] = MARK_STOP};

/* Browsers drop tabs and newlines inside a URL and read '\' as '/': such bytes never pass. */
enum url_kind url_kind(const char *url, size_t n)
{
    size_t colon = n, stop = n;
    for (size_t i = 0; i < n; i++) {
        unsigned char mark = url_mark[(unsigned char)url[i]];
        if (mark == 0)
            continue;
        if (mark == MARK_BAD)
            return URL_BAD;
        if (mark == MARK_COLON && colon == n)
            colon = i;
        if (mark == MARK_STOP && stop == n)
            stop = i;
    }
    if (colon < stop) {
        if (scheme_is(url, n, "https://") || scheme_is(url, n, "http://"))
            return URL_WEB;
        return scheme_is(url, n, "mailto:") ? URL_MAIL : URL_BAD;
    }
    return n >= 2 && url[0] == '/' && url[1] == '/' ? URL_BAD : URL_LOCAL;
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
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        char code[3] = {'%', hex[c >> 4], hex[c & 15]};
        if (is_unreserved(c))
            writer_raw(w, text + i, 1);
        else
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
