/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read here was written by writer.c: attributes are quoted, '<' in text is a reference, and
 * elements are closed. It is still a theme's page: nothing is believed beyond its end. */
#include "render/fragment.h"

#include <string.h>

struct part {
    size_t from, to;
};

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/* Behind the tag that begins at `at`: past its '>', quoted ones not counted. */
static size_t tag_end(const struct writer *w, size_t at)
{
    char quote = '\0';
    for (; at < w->len; at++) {
        char c = w->data[at];
        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return at + 1;
    }
    return w->len;
}

static bool tag_has_id(const char *tag, size_t n, struct span id)
{
    for (size_t i = 0; i + id.n + 6 <= n; i++)
        if ((tag[i] == ' ' || tag[i] == '\n') && memcmp(tag + i + 1, "id=\"", 4) == 0 &&
            memcmp(tag + i + 5, id.at, id.n) == 0 && tag[i + 5 + id.n] == '"')
            return true;
    return false;
}

static size_t next_tag(const struct writer *w, size_t at)
{
    const char *found = at < w->len ? memchr(w->data + at, '<', w->len - at) : NULL;
    return found == NULL ? w->len : (size_t)(found - w->data);
}

static size_t name_length(const struct writer *w, size_t at)
{
    size_t n = 0;
    while (at + n < w->len && is_name(w->data[at + n]))
        n++;
    return n;
}

/* Is at `at`, behind '<' or "</", exactly this name? */
static bool name_is(const struct writer *w, size_t at, struct span name)
{
    return name_length(w, at) == name.n && memcmp(w->data + at, name.at, name.n) == 0;
}

/* Where the element ends whose start tag is [from, past): behind its end tag, or at `past` where it
 * has none (a void element). */
static size_t element_end(const struct writer *w, size_t from, size_t past)
{
    struct span name = {w->data + from + 1, name_length(w, from + 1)};
    size_t depth = 1;
    for (size_t at = next_tag(w, past); at < w->len; at = next_tag(w, tag_end(w, at))) {
        if (name_is(w, at + 1, name))
            depth++;
        else if (at + 1 < w->len && w->data[at + 1] == '/' && name_is(w, at + 2, name) &&
                 --depth == 0)
            return tag_end(w, at);
    }
    return past;
}

static bool find(const struct writer *w, struct span id, struct part *part_r)
{
    for (size_t at = next_tag(w, 0); at < w->len;) {
        size_t past = tag_end(w, at);
        if (tag_has_id(w->data + at, past - at, id)) {
            *part_r = (struct part){at, element_end(w, at, past)};
            return true;
        }
        at = next_tag(w, past);
    }
    return false;
}

static bool is_inside(const struct part *parts, size_t n, struct part p)
{
    for (size_t i = 0; i < n; i++)
        if (p.from >= parts[i].from && p.to <= parts[i].to)
            return true;
    return false;
}

static size_t find_all(const struct writer *w, struct span ids, struct part parts[FRAGMENT_IDS])
{
    size_t n = 0;
    for (size_t from = 0, seen = 0; from < ids.n && seen < FRAGMENT_IDS;) {
        const char *blank = memchr(ids.at + from, ' ', ids.n - from);
        size_t to = blank == NULL ? ids.n : (size_t)(blank - ids.at);
        struct part p;
        if (to > from) {
            seen++;
            if (find(w, (struct span){ids.at + from, to - from}, &p) && !is_inside(parts, n, p))
                parts[n++] = p;
        }
        from = to + 1;
    }
    return n;
}

void fragment_keep(struct writer *w, struct arena *a, struct span ids)
{
    struct part parts[FRAGMENT_IDS];
    size_t n = find_all(w, ids, parts);
    if (n == 0)
        return;
    struct writer page = *w; /* its slots; the bytes are copied below */
    page.data = arena_memdup(a, w->data, w->len);
    writer_reset(w);
    for (size_t i = 0; i < n; i++) {
        size_t at = parts[i].from;
        for (size_t k = 0; k < page.slots_n; k++) {
            if (page.slots[k].offset < at || page.slots[k].offset > parts[i].to)
                continue;
            writer_raw(w, page.data + at, page.slots[k].offset - at);
            writer_slot(w, page.slots[k].slot);
            at = page.slots[k].offset;
        }
        writer_raw(w, page.data + at, parts[i].to - at);
    }
}
