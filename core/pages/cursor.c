/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key of a row in a URL: base64url of the key and 8 bytes of HMAC over it and the route, so
 * that a cursor is only what we gave. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "pages/page.h"

enum { SEAL = 8, KEY_MAX = 320 };

static void seal(const struct page *p, const char *key, size_t n,
                 unsigned char seal_r[SHA256_BYTES])
{
    const char *route = p->route->name;
    char text[KEY_MAX + 64];
    size_t len = (size_t)snprintf(text, sizeof text, "cursor %s ", route);
    memcpy(text + len, key, n);
    hmac_sha256(p->desk->key, sizeof p->desk->key, text, len + n, seal_r);
}

const char *cursor_write(const struct page *p, const char *key)
{
    unsigned char bytes[KEY_MAX + SEAL], mac[SHA256_BYTES];
    size_t n = strlen(key);
    if (n > KEY_MAX)
        return NULL;
    seal(p, key, n, mac);
    memcpy(bytes, mac, SEAL);
    memcpy(bytes + SEAL, key, n);
    return base64url(p->a, bytes, n + SEAL);
}

const char *cursor_read(const struct page *p, const char *text)
{
    unsigned char bytes[KEY_MAX + SEAL], mac[SHA256_BYTES];
    size_t n = text != NULL ? strlen(text) * 6 / 8 : 0;
    if (n < SEAL || n > sizeof bytes || !base64url_decode(text, bytes, n))
        return NULL;
    seal(p, (const char *)bytes + SEAL, n - SEAL, mac);
    return bytes_equal(mac, bytes, SEAL) ? arena_memdup(p->a, bytes + SEAL, n - SEAL) : NULL;
}

static const char *const sizes[] = {"25", "50", "100"};
enum { SIZES = sizeof sizes / sizeof *sizes, KEPT_S = 365 * 24 * 3600 };

static unsigned size_read(const char *text)
{
    for (size_t i = 0; text != NULL && i < SIZES; i++)
        if (strcmp(text, sizes[i]) == 0)
            return (unsigned)atoi(text);
    return 0;
}

/* As asked for here, else as last time; programs say it each time. */
static unsigned page_rows(struct page *p)
{
    const struct http_request *r = p->request;
    const char *asked = pairs_text(&r->query, "rows"),
               *kept = pairs_text(&r->cookies, http_cookie_name(p->a, "rows", r->https));
    unsigned rows = size_read(asked);
    if (rows == 0 && !page_is_json(p))
        rows = size_read(kept);
    else if (rows != 0 && !page_is_json(p) && rows != size_read(kept))
        p->cookies[p->cookies_n++] =
            http_cookie_kept(p->a, "rows", asked, r->https, p->desk->place.prefix, KEPT_S);
    return rows != 0 ? rows : 50;
}

struct keyset page_keyset(struct page *p)
{
    const struct pairs *q = &p->request->query;
    return (struct keyset){.after = cursor_read(p, pairs_text(q, "after")),
                           .before = cursor_read(p, pairs_text(q, "before")),
                           .limit = page_rows(p)};
}

static const char *with_extra(struct page *p, const char *url, const char *extra)
{
    return extra != NULL && extra[0] != '\0' ? arena_printf(p->a, "%s?%s", url, extra) : url;
}

static void sizes_fill(struct page *p, struct value *pager, const char *base, unsigned now)
{
    struct value *list = value_set_list(pager, "sizes");
    for (size_t i = 0; i < SIZES; i++) {
        struct value *v = value_add_map(list);
        value_set_int(v, "rows", (int64_t)size_read(sizes[i]));
        value_set_url(v, "url", url_with(p->a, base, "rows", sizes[i]));
        value_set_bool(v, "current", size_read(sizes[i]) == now);
    }
}

static const char *in_order(struct page *p, const char *url, const char *extra,
                            const struct keyset *k)
{
    const char *base = with_extra(p, url, extra);
    return k->descending ? url_with(p->a, base, "order", "desc") : base;
}

static const char *in_size(struct page *p, const char *base, const struct keyset *k)
{
    bool asked = size_read(pairs_text(&p->request->query, "rows")) != 0;
    return asked ? url_with(p->a, base, "rows", arena_printf(p->a, "%u", k->limit)) : base;
}

/* Where the page ended before it was full, its way on is `looked`, not the neighbour of a row. */
struct value *pager_value(struct page *p, const char *url, const char *extra,
                          const struct keyset *k, const struct keyset_ends *ends, const char *first,
                          const char *last, size_t shown)
{
    struct value *v = value_map(p->a);
    const char *base = in_order(p, url, extra, k);
    bool looked = ends->looked_to != NULL, backwards = k->before != NULL;
    value_set_int(v, "shown", (int64_t)shown);
    if (ends->more_before || ends->more_after || shown > 25)
        sizes_fill(p, v, base, k->limit);
    base = in_size(p, base, k);
    if (ends->more_before)
        value_set_url(v, "first", base);
    if (ends->more_before && shown > 0 && !(looked && backwards))
        value_set_url(v, "previous", url_with(p->a, base, "before", cursor_write(p, first)));
    if (ends->more_after && shown > 0 && (backwards || !looked))
        value_set_url(v, "next", url_with(p->a, base, "after", cursor_write(p, last)));
    return v;
}

void looked_fill(struct page *p, const char *url, const char *extra, const struct keyset *k,
                 const struct keyset_ends *ends, int64_t rows, size_t found)
{
    if (ends->looked_to == NULL)
        return;
    const char *base = in_size(p, in_order(p, url, extra, k), k);
    struct value *v = value_set_map(p->vm, "looked");
    value_set_int(v, "rows", rows);
    value_set_int(v, "found", (int64_t)found);
    value_page_only(value_set_url(v, "on",
                                  url_with(p->a, base, k->before != NULL ? "before" : "after",
                                           cursor_write(p, ends->looked_to))));
}
