/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/str.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

void str_init(struct str *s, struct arena *a, size_t max)
{
    *s = (struct str){.arena = a, .max = max, .size = 0};
    s->data = arena_alloc(a, 1);
}

/* Many are a URL: the first room is for one. */
static void grow(struct str *s, size_t need)
{
    size_t size = s->size < 64 ? 64 : s->size * 2;
    if (size < need)
        size = need;
    if (size > s->max)
        size = s->max;
    char *data = arena_raw(s->arena, size + 1);
    memcpy(data, s->data, s->len + 1);
    s->data = data;
    s->size = size;
}

void str_reserve(struct str *s, size_t size)
{
    if (size > s->size && size <= s->max)
        grow(s, size);
}

void str_clear(struct str *s)
{
    str_truncate(s, 0);
    s->overflow = false;
}

void str_truncate(struct str *s, size_t len)
{
    if (len < s->len) {
        s->len = len;
        s->data[len] = '\0';
    }
}

void str_append_n(struct str *s, const void *bytes, size_t n)
{
    if (n > s->max - s->len) {
        n = s->max - s->len;
        s->overflow = true;
    }
    if (n == 0)
        return;
    if (s->len + n > s->size)
        grow(s, s->len + n);
    memcpy(s->data + s->len, bytes, n);
    s->len += n;
    s->data[s->len] = '\0';
}

void str_append(struct str *s, const char *text)
{
    str_append_n(s, text, strlen(text));
}

void str_append_c(struct str *s, char c)
{
    str_append_n(s, &c, 1);
}

void str_vprintf(struct str *s, const char *format, va_list args)
{
    char small[256];
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(small, sizeof small, format, args);
    if (n >= 0 && (size_t)n < sizeof small)
        str_append_n(s, small, (size_t)n);
    else
        str_append(s, arena_vprintf(s->arena, format, again));
    va_end(again);
}

void str_printf(struct str *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str_vprintf(s, format, args);
    va_end(args);
}

static const char *html_reference(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void str_append_html(struct str *s, const char *text, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        const char *reference = html_reference(text[i]);
        if (reference == NULL)
            continue;
        str_append_n(s, text + from, i - from);
        str_append(s, reference);
        from = i + 1;
    }
    str_append_n(s, text + from, n - from);
}

static bool is_unreserved(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void str_append_url(struct str *s, const char *text, size_t n)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        char code[3] = {'%', hex[c >> 4], hex[c & 15]};
        if (is_unreserved(c))
            continue;
        str_append_n(s, text + from, i - from);
        str_append_n(s, code, sizeof code);
        from = i + 1;
    }
    str_append_n(s, text + from, n - from);
}

bool bytes_equal(const void *a, const void *b, size_t n)
{
    return CRYPTO_memcmp(a, b, n) == 0;
}

bool text_equal(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a, b) == 0;
}

bool text_starts(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}
