/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/form.h"

#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool percent_decode(struct arena *a, const char *bytes, size_t n, bool plus, const char **text_r,
                    size_t *n_r)
{
    char *text = arena_alloc(a, n + 1);
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        char c = bytes[i];
        if (c == '%') {
            int high = i + 2 < n ? hex_digit(bytes[i + 1]) : -1;
            int low = i + 2 < n ? hex_digit(bytes[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c == '\0')
            return false;
        text[len++] = c;
    }
    *text_r = text;
    *n_r = len;
    return true;
}

static size_t count(const char *bytes, size_t n, char c)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        found += bytes[i] == c;
    return found;
}

static bool pair_parse(struct arena *a, const char *bytes, size_t n, struct pair *pair_r)
{
    const char *equals = memchr(bytes, '=', n);
    size_t name_n = equals != NULL ? (size_t)(equals - bytes) : n, len;
    size_t value_n = equals != NULL ? n - name_n - 1 : 0;
    return percent_decode(a, bytes, name_n, true, &pair_r->name, &len) &&
           utf8_is_valid(pair_r->name, len) &&
           percent_decode(a, equals != NULL ? equals + 1 : "", value_n, true, &pair_r->value,
                          &pair_r->value_n);
}

bool form_parse(struct arena *a, const char *bytes, size_t n, struct pairs *pairs_r)
{
    size_t most = count(bytes, n, '&') + 1;
    *pairs_r = (struct pairs){0};
    if (most > PAIRS_MAX)
        return false;
    pairs_r->rows = arena_array(a, most, sizeof *pairs_r->rows);
    for (size_t at = 0; at < n;) {
        const char *end = memchr(bytes + at, '&', n - at);
        size_t len = end != NULL ? (size_t)(end - bytes) - at : n - at;
        if (len > 0 && !pair_parse(a, bytes + at, len, &pairs_r->rows[pairs_r->n++]))
            return false;
        at += len + 1;
    }
    return true;
}

bool cookie_parse(struct arena *a, const char *header, struct pairs *pairs_r)
{
    size_t most = count(header, strlen(header), ';') + 1;
    *pairs_r = (struct pairs){0};
    if (most > PAIRS_MAX)
        return false;
    pairs_r->rows = arena_array(a, most, sizeof *pairs_r->rows);
    for (const char *at = header; *at != '\0';) {
        at += strspn(at, " \t;");
        size_t n = strcspn(at, ";");
        const char *equals = memchr(at, '=', n);
        if (equals != NULL && equals > at) {
            size_t name_n = (size_t)(equals - at);
            struct pair *p = &pairs_r->rows[pairs_r->n++];
            p->name = arena_memdup(a, at, name_n);
            p->value_n = n - name_n - 1;
            p->value = arena_memdup(a, equals + 1, p->value_n);
        }
        at += n;
    }
    return true;
}

const struct pair *pairs_find(const struct pairs *p, const char *name)
{
    for (size_t i = p->n; i > 0; i--)
        if (text_equal(p->rows[i - 1].name, name))
            return &p->rows[i - 1];
    return NULL;
}

const char *pairs_text(const struct pairs *p, const char *name)
{
    const struct pair *pair = pairs_find(p, name);
    return pair != NULL ? pair->value : NULL;
}
