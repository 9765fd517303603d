/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/request.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/utf8.h"
#include "http/language.h"
#include "http/network.h"

static const char *param(char *const *params, const char *name)
{
    size_t n = strlen(name);
    for (; params != NULL && *params != NULL; params++)
        if (strncmp(*params, name, n) == 0 && (*params)[n] == '=')
            return *params + n + 1;
    return NULL;
}

static bool answers_for(const struct http_place *place, const char *host, size_t n)
{
    for (size_t i = 0; i < place->hosts_n; i++)
        if (strlen(place->hosts[i]) == n && strncasecmp(place->hosts[i], host, n) == 0)
            return true;
    return false;
}

static bool trusts(const struct http_place *place, const char *remote)
{
    for (size_t i = 0; i < place->trusted_proxies_n; i++)
        if (network_holds(place->trusted_proxies[i], remote))
            return true;
    return false;
}

/* The name without its port; "[::1]:8080" keeps its brackets. */
static size_t host_name_length(const char *host)
{
    const char *after = host[0] == '[' ? strchr(host, ']') : host;
    const char *colon = after != NULL ? strchr(after, ':') : NULL;
    return colon != NULL ? (size_t)(colon - host) : strlen(host);
}

static enum http_method method_of(const char *name)
{
    static const char *const names[] = {"GET", "HEAD", "POST"};
    for (size_t i = 0; name != NULL && i < 3; i++)
        if (strcmp(names[i], name) == 0)
            return (enum http_method)i;
    return HTTP_OTHER;
}

static const char *first_forwarded(struct arena *a, const char *list)
{
    const char *last = strrchr(list, ',');
    const char *at = last != NULL ? last + 1 : list;
    at += strspn(at, " ");
    size_t n = strcspn(at, " ,");
    return n > 0 && n < 64 ? arena_memdup(a, at, n) : NULL;
}

static void read_peer(struct arena *a, const struct http_place *place, char *const *params,
                      struct http_request *r)
{
    const char *remote = param(params, "REMOTE_ADDR"), *https = param(params, "HTTPS");
    r->remote = remote != NULL && strlen(remote) < 64 ? remote : "";
    r->https = https != NULL && https[0] != '\0' && strcasecmp(https, "off") != 0;
    if (!trusts(place, r->remote))
        return;
    const char *forwarded = param(params, "HTTP_X_FORWARDED_FOR");
    const char *proto = param(params, "HTTP_X_FORWARDED_PROTO");
    if (forwarded != NULL && first_forwarded(a, forwarded) != NULL)
        r->remote = first_forwarded(a, forwarded);
    if (proto != NULL)
        r->https = strcasecmp(proto, "https") == 0;
}

static const char *cut_text(struct arena *a, const char *text, size_t max)
{
    if (text == NULL)
        return "";
    size_t n = 0;
    for (size_t step; text[n] != '\0' && n < max; n += step) {
        step = utf8_step(text + n, strlen(text + n));
        if (step == 0 || n + step > max || utf8_has_control(text + n, step))
            break;
    }
    return arena_memdup(a, text, n);
}

static bool split_path(struct arena *a, const char *path, size_t n, struct http_request *r)
{
    const char **segments = arena_array(a, PATH_SEGMENTS_MAX, sizeof *segments);
    r->segments = segments;
    for (size_t at = 1; at < n;) {
        const char *slash = memchr(path + at, '/', n - at);
        size_t len = slash != NULL ? (size_t)(slash - path) - at : n - at, decoded;
        if (len == 0 || r->segments_n == PATH_SEGMENTS_MAX ||
            !percent_decode(a, path + at, len, false, &segments[r->segments_n], &decoded) ||
            !utf8_is_valid(segments[r->segments_n], decoded) ||
            utf8_has_control(segments[r->segments_n], decoded))
            return false;
        r->segments_n++;
        at += len + 1;
    }
    return n > 0 && path[0] == '/' && (n == 1 || path[n - 1] != '/');
}

static enum http_problem read_target(struct arena *a, const struct http_place *place,
                                     char *const *params, struct http_request *r)
{
    const char *uri = param(params, "REQUEST_URI");
    if (uri == NULL || strlen(uri) > PATH_MAX_BYTES * 4)
        return HTTP_BAD;
    size_t path_n = strcspn(uri, "?"), prefix_n = strlen(place->prefix);
    if (path_n > PATH_MAX_BYTES)
        return HTTP_BAD;
    if (strncmp(uri, place->prefix, prefix_n) != 0)
        return HTTP_NO_SUCH_PLACE;
    r->path = arena_memdup(a, uri + prefix_n, path_n - prefix_n);
    if (r->path[0] == '\0')
        r->path = "/";
    if (uri[path_n] == '?' && !form_parse(a, uri + path_n + 1, strlen(uri + path_n + 1), &r->query))
        return HTTP_BAD;
    return split_path(a, r->path, strlen(r->path), r) ? HTTP_FINE : HTTP_NO_SUCH_PLACE;
}

static bool is_type(const char *header, const char *type)
{
    size_t n = strlen(type);
    return header != NULL && strncasecmp(header, type, n) == 0 &&
           (header[n] == '\0' || header[n] == ';' || header[n] == ' ');
}

static enum http_problem read_body(struct arena *a, char *const *params, const unsigned char *body,
                                   size_t n, struct http_request *r)
{
    const char *type = param(params, "CONTENT_TYPE");
    r->body_is_json = is_type(type, "application/json");
    r->body_is_form = is_type(type, "application/x-www-form-urlencoded");
    if (r->body_is_json)
        return json_parse(a, body, n, &r->json) ? HTTP_FINE : HTTP_BAD_JSON;
    if (n == 0)
        return HTTP_FINE;
    if (r->body_is_form)
        return form_parse(a, (const char *)body, n, &r->form) ? HTTP_FINE : HTTP_BAD;
    return HTTP_BAD_KIND;
}

/* How much one media type is wanted (RFC 9110, 12.5.1), in thousandths; where in the list it
 * stands. */
struct wish {
    unsigned quality, precision, place;
};

static unsigned quality_of(const char *parameters, size_t n)
{
    for (size_t i = 0; i + 2 < n; i++) {
        if (parameters[i] != ';')
            continue;
        size_t at = i + 1 + strspn(parameters + i + 1, " \t");
        if (at + 2 >= n || (parameters[at] != 'q' && parameters[at] != 'Q') ||
            parameters[at + 1] != '=')
            continue;
        unsigned quality = parameters[at + 2] == '1' ? 1000 : 0, unit = 100;
        if (at + 3 < n && parameters[at + 3] == '.')
            for (size_t d = at + 4; d < n && parameters[d] >= '0' && parameters[d] <= '9';
                 d++, unit /= 10)
                quality += unit * (unsigned)(parameters[d] - '0');
        return quality < 1000 ? quality : 1000;
    }
    return 1000;
}

/* 3 for the type itself, 2 for "application/...", 1 for anything; 0: something else. */
static unsigned precision_of(const char *range, size_t n, const char *type)
{
    size_t main = strcspn(type, "/") + 1;
    if (n == strlen(type) && strncasecmp(range, type, n) == 0)
        return 3;
    if (n == main + 1 && range[main] == '*' && strncasecmp(range, type, main) == 0)
        return 2;
    return n == 3 && memcmp(range, "*/*", 3) == 0 ? 1 : 0;
}

static struct wish wish_for(const char *accept, const char *type)
{
    struct wish best = {0};
    for (unsigned place = 1; *accept != '\0'; place++) {
        accept += strspn(accept, " \t,");
        size_t n = strcspn(accept, ","), name = strcspn(accept, ",; \t");
        unsigned precision = precision_of(accept, name, type);
        if (precision > best.precision)
            best = (struct wish){quality_of(accept + name, n - name), precision, place};
        accept += n;
    }
    return best;
}

/* JSON where it is wanted more than HTML; wanted alike, the one named first; neither named, as
 * it was sent. */
static bool wants_json(const char *accept, bool body_is_json)
{
    if (accept == NULL)
        return body_is_json;
    struct wish json = wish_for(accept, "application/json"), html = wish_for(accept, "text/html");
    if (json.quality != html.quality)
        return json.quality > html.quality;
    if (json.quality == 0 || (json.precision < 3 && html.precision < 3))
        return body_is_json;
    return json.precision == 3 && (html.precision < 3 || json.place < html.place);
}

enum http_problem http_request_parse(struct arena *a, const struct http_place *place,
                                     const char *id, char *const *params, const unsigned char *body,
                                     size_t body_n, bool body_too_large,
                                     struct http_request *request_r)
{
    struct http_request *r = request_r;
    *r = (struct http_request){.id = id, .path = "/", .remote = "", .agent = ""};
    r->method = method_of(param(params, "REQUEST_METHOD"));
    r->body_is_json = is_type(param(params, "CONTENT_TYPE"), "application/json");
    r->wants_json = wants_json(param(params, "HTTP_ACCEPT"), r->body_is_json);
    r->language = language_wanted(param(params, "HTTP_ACCEPT_LANGUAGE"));
    r->host = param(params, "HTTP_HOST");
    r->port = param(params, "SERVER_PORT");
    r->origin = param(params, "HTTP_ORIGIN");
    r->fetch_site = param(params, "HTTP_SEC_FETCH_SITE");
    r->token = param(params, "HTTP_MAILBOY_TOKEN");
    r->operation = param(params, "HTTP_IDEMPOTENCY_KEY");
    r->fragment = param(params, "HTTP_FRAGMENT");
    r->agent = cut_text(a, param(params, "HTTP_USER_AGENT"), 255);
    read_peer(a, place, params, r);
    if (r->host == NULL || !answers_for(place, r->host, host_name_length(r->host)))
        return HTTP_WRONG_HOST;
    const char *cookies = param(params, "HTTP_COOKIE");
    if (cookies != NULL && !cookie_parse(a, cookies, &r->cookies))
        return HTTP_BAD;
    enum http_problem problem = read_target(a, place, params, r);
    if (problem != HTTP_FINE)
        return problem;
    if (body_too_large)
        return HTTP_TOO_LARGE;
    return r->method == HTTP_POST ? read_body(a, params, body, body_n, r) : HTTP_FINE;
}

/* host[:port] as the browser knows us. Some web servers hand on the host without its port
 * (nginx' $host in Debian's fastcgi_params); then the port is the one that the web server
 * listens on. */
static bool is_our_authority(const struct http_request *r, const char *authority)
{
    size_t n = strlen(r->host);
    if (strcasecmp(authority, r->host) == 0)
        return true;
    return r->host[host_name_length(r->host)] == '\0' && r->port != NULL &&
           strncasecmp(authority, r->host, n) == 0 && authority[n] == ':' &&
           strcmp(authority + n + 1, r->port) == 0;
}

bool http_request_is_ours(const struct http_request *r)
{
    if (r->fetch_site != NULL && strcmp(r->fetch_site, "same-origin") != 0 &&
        (strcmp(r->fetch_site, "none") != 0 || r->origin != NULL))
        return false;
    if (r->origin == NULL)
        return r->fetch_site == NULL || strcmp(r->fetch_site, "same-origin") == 0;
    const char *scheme = r->https ? "https://" : "http://";
    return text_starts(r->origin, scheme) && r->host != NULL &&
           is_our_authority(r, r->origin + strlen(scheme));
}
