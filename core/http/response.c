/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/response.h"

#include <assert.h>
#include <string.h>

const char http_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
    "'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types mailboy";

const char http_asset_policy[] = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {410, "Gone"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
    {507, "Insufficient Storage"},
};

const char *http_reason(int status)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Status";
}

static void header(struct str *to, const char *name, const char *value)
{
    assert(strpbrk(value, "\r\n") == NULL);
    str_append(to, name);
    str_append(to, ": ");
    str_append(to, value);
    str_append(to, "\r\n");
}

static const struct {
    const char *name, *value;
} always[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
};

void http_response_write(const struct http_response *r, struct str *to)
{
    str_printf(to, "Status: %d %s\r\n", r->status, http_reason(r->status));
    header(to, "Content-Security-Policy", r->immutable ? http_asset_policy : http_policy);
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        header(to, always[i].name, always[i].value);
    /* "no-referrer" would hide the origin of our own forms, too, which are refused without one. */
    header(to, "Referrer-Policy", r->secret_path ? "strict-origin" : "same-origin");
    header(to, "Cache-Control", r->immutable ? "public, max-age=31536000, immutable" : "no-store");
    if (!r->immutable) /* the word that old text browsers know: lynx showed a list as it was before a change */
        header(to, "Pragma", "no-cache");
    if (r->https)
        header(to, "Strict-Transport-Security", "max-age=31536000");
    if (r->location != NULL)
        header(to, "Location", r->location);
    if (r->allow != NULL)
        header(to, "Allow", r->allow);
    if (r->retry_after > 0)
        str_printf(to, "Retry-After: %u\r\n", r->retry_after);
    for (size_t i = 0; i < r->cookies_n; i++)
        header(to, "Set-Cookie", r->cookies[i]);
    if (r->content_type != NULL) {
        header(to, "Content-Type", r->content_type);
        str_printf(to, "Content-Length: %zu\r\n", r->body_n);
    } else {
        str_append(to, "Content-Length: 0\r\n");
    }
    str_append(to, "\r\n");
    if (r->content_type != NULL && !r->head)
        str_append_n(to, r->body, r->body_n);
}

const char *http_cookie_name(struct arena *a, const char *name, bool https)
{
    return https ? arena_printf(a, "__Host-%s", name) : name;
}

const char *http_cookie_kept(struct arena *a, const char *name, const char *value, bool https,
                             const char *prefix, long seconds)
{
    return arena_printf(a, "%s; Max-Age=%ld", http_cookie(a, name, value, https, prefix), seconds);
}

const char *http_cookie(struct arena *a, const char *name, const char *value, bool https,
                        const char *prefix)
{
    const char *path = https || prefix[0] == '\0' ? "/" : prefix;
    return arena_printf(a, "%s=%s; Path=%s; HttpOnly; SameSite=Lax%s%s",
                        http_cookie_name(a, name, https), value != NULL ? value : "", path,
                        https ? "; Secure" : "", value != NULL ? "" : "; Max-Age=0");
}
