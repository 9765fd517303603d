/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/destinations.h"

#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "model/address.h"

enum { SHOWN_MOST = 300, NUMBERS_MOST = 1000 };

struct reader {
    struct arena *a;
    struct str list, wrong; /* what is good; the numbers of what is not */
    struct input_line *lines;
    size_t n, most;
};

static const char *shown(struct arena *a, const char *bytes, size_t n)
{
    bool good = n <= SHOWN_MOST && utf8_is_valid(bytes, n) && !utf8_has_control(bytes, n);
    return good ? arena_memdup(a, bytes, n) : "?";
}

const char *destinations_next(struct arena *a, const char **at)
{
    size_t n = strcspn(*at, "\n");
    if (n == 0)
        return NULL;
    const char *one = arena_memdup(a, *at, n);
    *at += n + ((*at)[n] == '\n');
    return one;
}

bool destinations_have(const char *list, const char *address)
{
    size_t n = strlen(address);
    while (*list != '\0') {
        size_t length = strcspn(list, "\n");
        if (length == n && memcmp(list, address, n) == 0)
            return true;
        list += length + (list[length] == '\n');
    }
    return false;
}

static void put(struct str *list, const char *between, const char *text)
{
    str_printf(list, "%s%s", list->len > 0 ? between : "", text);
}

static void take_one(struct reader *r, const char *bytes, size_t n)
{
    struct address address;
    if (r->n++ >= r->most)
        return;
    struct input_line *line = &r->lines[r->n - 1];
    *line = (struct input_line){.typed = shown(r->a, bytes, n)};
    line->why = foreign_address_parse(r->a, bytes, n, &address);
    if (line->why == TEXT_NONE) {
        line->text = address.text;
        if (!destinations_have(r->list.data, address.text))
            put(&r->list, "\n", address.text);
        return;
    }
    line->verdict = LINE_WRONG;
    line->why_arg = address.text;
    put(&r->wrong, ", ", arena_printf(r->a, "%zu", r->n));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void take_all(struct reader *r, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t from = i;
        while (i < n && bytes[i] != '\n' && bytes[i] != ',')
            i++;
        size_t to = i;
        while (from < to && is_blank(bytes[from]))
            from++;
        while (to > from && is_blank(bytes[to - 1]))
            to--;
        if (to > from)
            take_one(r, bytes + from, to - from);
    }
}

enum text_key destinations_parse(struct arena *a, const char *bytes, size_t n, size_t most,
                                 const char **text_r, struct input_line **lines_r,
                                 size_t *lines_n_r, const char **arg_r)
{
    struct reader r = {.a = a, .most = most};
    str_init(&r.list, a, (most + 1) * 256);
    str_init(&r.wrong, a, NUMBERS_MOST);
    r.lines = arena_array(a, most, sizeof *r.lines);
    take_all(&r, bytes, n);
    *text_r = r.list.data;
    if (r.n > most) {
        *arg_r = arena_printf(a, "%zu", most);
        return TEXT_ALIAS_TOO_MANY;
    }
    if (r.wrong.len == 0)
        return TEXT_NONE;
    *lines_r = r.lines;
    *lines_n_r = r.n;
    *arg_r = r.wrong.data;
    return TEXT_LINES_WRONG;
}
