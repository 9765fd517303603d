/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole request: lines NAME=value as the web server sends them, an empty line, the body. Once
 * at the root, once below a prefix and behind a proxy. */
#include "base/utf8.h"
#include "fuzz.h"
#include "http/request.h"

enum { PARAMS_MOST = 64 };

static void check(const struct http_request *r)
{
    assert(r->path[0] == '/' && r->segments_n <= PATH_SEGMENTS_MAX &&
           strlen(r->path) <= PATH_MAX_BYTES);
    for (size_t i = 0; i < r->segments_n; i++) {
        size_t n = strlen(r->segments[i]);
        assert(n > 0 && utf8_is_valid(r->segments[i], n) && !utf8_has_control(r->segments[i], n));
    }
    if (http_request_is_ours(r) && r->origin != NULL)
        assert(strstr(r->origin, r->https ? "https://" : "http://") == r->origin);
}

static void parse(struct arena *a, const struct http_place *place, char *const *params,
                  const uint8_t *body, size_t body_n)
{
    struct http_request r;
    bool fine = http_request_parse(a, place, "fuzz", params, body, body_n, false, &r) == HTTP_FINE;
    assert(strlen(r.remote) < 64 && strlen(r.agent) <= 255 &&
           utf8_is_valid(r.agent, strlen(r.agent)));
    assert(!utf8_has_control(r.agent, strlen(r.agent)) && r.path != NULL);
    if (fine)
        check(&r);
    assert(http_request_parse(a, place, "fuzz", params, NULL, 0, true, &r) != HTTP_FINE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const hosts[] = {"mail.example.org", "[::1]"};
    static const char *const proxies[] = {"192.0.2.0/24", "2001:db8::/32"};
    static const struct http_place root = {.prefix = "", .hosts = hosts, .hosts_n = 2};
    static const struct http_place below = {.prefix = "/mail",
                                            .hosts = hosts,
                                            .hosts_n = 2,
                                            .trusted_proxies = proxies,
                                            .trusted_proxies_n = 2};
    struct arena *a = fuzz_arena();
    const uint8_t *at = data, *line;
    char *params[PARAMS_MOST + 1] = {NULL};
    size_t len, params_n = 0;
    while (params_n < PARAMS_MOST && fuzz_line(&at, data + n, &line, &len) && len > 0)
        params[params_n++] = fuzz_text(a, line, len);
    uint8_t *body = arena_alloc(a, (size_t)(data + n - at));
    memcpy(body, at, (size_t)(data + n - at));
    parse(a, &root, params, body, (size_t)(data + n - at));
    parse(a, &below, params, body, (size_t)(data + n - at));
    return 0;
}
