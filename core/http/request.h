/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request as the house sees it: made from the web server's parameters and the body, every byte
 * of it a stranger's. Pure: who asks and what it means is decided above. Everything lives in the
 * arena. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/locale.h"
#include "http/form.h"
#include "http/json.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OTHER };

enum { PATH_SEGMENTS_MAX = 12, PATH_MAX_BYTES = 2048 };

/* How requests reach this installation. */
struct http_place {
    const char *prefix;       /* '' or "/mail" */
    const char *const *hosts; /* names it answers for, lower case, without port */
    size_t hosts_n;
    const char *const *trusted_proxies; /* networks whose X-Forwarded-For and -Proto count */
    size_t trusted_proxies_n;
};

struct http_request {
    const char *id;
    enum http_method method;
    const char *const *segments; /* the path below the prefix, each decoded; "/" has none */
    size_t segments_n;
    const char *path; /* below the prefix, as sent, without query */
    struct pairs query, cookies, form;
    bool body_is_json, body_is_form;
    struct json_members json;
    const char *host;                /* as sent, mostly with port */
    const char *port;                /* that the web server took it on; NULL: unknown */
    const char *origin, *fetch_site; /* NULL: not sent */
    const char *token, *operation;   /* headers Mailboy-Token and Idempotency-Key */
    const char *fragment;       /* header Fragment: ids of the elements wanted, NULL: the page */
    const char *remote, *agent; /* client address; User-Agent cut to 255 bytes of UTF-8 */
    enum locale language;       /* that the browser asks for; English if it does not */
    bool https, wants_json;
    unsigned body_bytes_too_many; /* the body was over max_upload */
};

enum http_problem {
    HTTP_FINE,
    HTTP_BAD,          /* 400 */
    HTTP_BAD_JSON,     /* 400: the body is called JSON and is no object that json_parse takes */
    HTTP_BAD_KIND,     /* 400: the body is neither a form nor JSON */
    HTTP_WRONG_HOST,   /* 421 */
    HTTP_TOO_LARGE,    /* 413 */
    HTTP_NO_SUCH_PLACE /* 404: outside the prefix, or too deep */
};

/* params: "NAME=value", NULL-terminated. The request is usable for an error page whatever is
 * returned. */
enum http_problem http_request_parse(struct arena *a, const struct http_place *place,
                                     const char *id, char *const *params, const unsigned char *body,
                                     size_t body_n, bool body_too_large,
                                     struct http_request *request_r);

/* Does the request come from our own pages, by what the browser says of it? Refused: Origin of
 * elsewhere, Origin "null", Sec-Fetch-Site other than same-origin or none. A missing Origin
 * passes only when Sec-Fetch-Site is same-origin or absent (then the token alone decides). */
bool http_request_is_ours(const struct http_request *r);

#endif
