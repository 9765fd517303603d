/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing string, born with its maximum: what does not fit is cut and `overflow` says so, which
 * the owner asks once at the end. `data` always ends with a NUL that `len` does not count. It
 * grows in an arena; nobody frees it. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct str {
    char *data;
    size_t len, size, max;
    bool overflow;
    struct arena *arena;
};

void str_init(struct str *s, struct arena *a, size_t max);
/* Room for so many bytes, asked for once instead of by growing. */
void str_reserve(struct str *s, size_t size);
void str_clear(struct str *s);
/* Drops what lies behind `len`. */
void str_truncate(struct str *s, size_t len);

void str_append(struct str *s, const char *text);
void str_append_n(struct str *s, const void *bytes, size_t n);
void str_append_c(struct str *s, char c);
void str_printf(struct str *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void str_vprintf(struct str *s, const char *format, va_list args);
/* Escaped for HTML text and quoted attributes: & < > " ' become references. */
void str_append_html(struct str *s, const char *text, size_t n);
/* Percent-encoded but for the unreserved characters of RFC 3986 2.3. */
void str_append_url(struct str *s, const char *text, size_t n);

/* Constant time whatever the bytes: for tokens and hashes. */
bool bytes_equal(const void *a, const void *b, size_t n);
bool text_equal(const char *a, const char *b);
bool text_starts(const char *text, const char *start);

#endif
