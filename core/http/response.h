/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer, and the one place where its headers are written: every dynamic answer carries the
 * whole content security policy and its companions, whatever its status. Pure. */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include <stdbool.h>

#include "base/str.h"

struct http_response {
    int status;
    const char *content_type; /* NULL: no body */
    const char *location;     /* 3xx */
    const char *cookies[4];   /* whole Set-Cookie values */
    size_t cookies_n;
    unsigned retry_after; /* seconds, 0: none */
    const char *allow;    /* 405 */
    bool https;           /* adds HSTS */
    bool secret_path; /* the URL itself is a secret: no Referer tells it, not even our own pages' */
    bool immutable;   /* an asset under its fingerprint: cached for a year; else no-store */
    const char *body;
    size_t body_n;
    bool head; /* HEAD: headers alone */
};

extern const char http_policy[]; /* Content-Security-Policy, the same for all pages and themes */
/* That of what a theme brings (an immutable answer): opened by its link, it runs nothing. */
extern const char http_asset_policy[];

const char *http_reason(int status); /* "Not Found" */
void http_response_write(const struct http_response *r, struct str *to);

/* Set-Cookie value: over https `__Host-NAME` with Secure and Path=/, else NAME with Path=prefix
 * or "/". value NULL: delete it. HttpOnly and SameSite=Lax always. */
const char *http_cookie(struct arena *a, const char *name, const char *value, bool https,
                        const char *prefix);
/* Kept by the browser for so many seconds; else until it is closed. */
const char *http_cookie_kept(struct arena *a, const char *name, const char *value, bool https,
                             const char *prefix, long seconds);
/* The name under which it is sent back. */
const char *http_cookie_name(struct arena *a, const char *name, bool https);

#endif
