/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request's target: path, query, the row of the routes it leads to. A URL made from what the
 * row's names stood for leads to the same row; a search that was cleaned stays as it is. */
#include "base/utf8.h"
#include "fuzz.h"
#include "pages/page.h"

static bool same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool parse(struct arena *a, const char *prefix, const char *uri, struct http_request *r)
{
    static const char *const hosts[] = {"mail.example.org"};
    const struct http_place place = {.prefix = prefix, .hosts = hosts, .hosts_n = 1};
    char *const params[] = {arena_strdup(a, "REQUEST_METHOD=GET"),
                            arena_strdup(a, "HTTP_HOST=mail.example.org"),
                            arena_printf(a, "REQUEST_URI=%s", uri), NULL};
    return http_request_parse(a, &place, "fuzz", params, NULL, 0, false, r) == HTTP_FINE;
}

static void check_route(struct arena *a, const struct http_request *r)
{
    struct route_match m, again;
    struct http_request s;
    bool hidden = route_hides_path(r);
    if (!route_find(r, &m))
        return;
    assert(hidden == (m.token != NULL));
    const char *url = route_url_of(a, "/mail", m.route->name, &m);
    assert(route_named(m.route->name) == m.route);
    if (strlen(url) > PATH_MAX_BYTES)
        return;
    assert(parse(a, "/mail", url, &s) && route_find(&s, &again) && again.route == m.route);
    assert(same(m.domain, again.domain) && same(m.mailbox, again.mailbox) &&
           same(m.entry, again.entry) && same(m.theme, again.theme));
}

static void check_query(struct arena *a, const struct http_request *r)
{
    struct page p = {.a = a, .request = r};
    const char *q = pairs_text(&r->query, "q"), *clean = search_prefix(&p, q);
    if (clean != NULL) {
        assert(utf8_is_valid(clean, strlen(clean)) && !utf8_has_control(clean, strlen(clean)));
        assert(same(search_prefix(&p, clean), clean));
        assert(strncmp(url_with(a, "/x", "q", q), "/x?q=", 5) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    struct http_request r;
    if (parse(a, "", fuzz_text(a, data, n), &r)) {
        check_route(a, &r);
        check_query(a, &r);
    }
    return 0;
}
