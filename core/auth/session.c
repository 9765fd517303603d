/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/session.h"

#include <string.h>

#include "base/str.h"

enum { TOUCH_S = 60 };

/* A log-in is a confirmation too. */
static bool recently_confirmed(const struct session_row *row)
{
    int64_t last = row->reauth_at > row->created ? row->reauth_at : row->created;
    return row->now - last <= SESSION_REAUTH_S && row->now >= last;
}

enum outcome session_open(struct store *s, struct arena *a, const char *cookie, int64_t idle_s,
                          struct session *session_r)
{
    unsigned char token[SESSION_TOKEN_BYTES], hash[SHA256_BYTES];
    *session_r = (struct session){0};
    if (cookie == NULL || !base64url_decode(cookie, token, sizeof token))
        return OUT_ABSENT;
    sha256(token, sizeof token, hash);
    explicit_bzero(token, sizeof token);
    enum outcome o = session_find(s, a, hash, idle_s, &session_r->row, &session_r->account,
                                  &session_r->theme, &session_r->generation);
    if (o != OUT_OK)
        return o;
    session_r->reauthenticated = recently_confirmed(&session_r->row);
    if (session_r->row.now - session_r->row.last_seen >= TOUCH_S)
        session_touch(s, hash); /* if it fails, the next request touches it */
    return OUT_OK;
}

enum outcome session_start(struct store *s, struct arena *a, int64_t user_id, const char *remote,
                           const char *agent, const char **cookie_r)
{
    unsigned char token[SESSION_TOKEN_BYTES];
    struct session_row row = {.user_id = user_id, .remote = remote, .agent = agent};
    random_bytes(token, sizeof token);
    random_bytes(row.csrf, sizeof row.csrf);
    sha256(token, sizeof token, row.token_hash);
    *cookie_r = base64url(a, token, sizeof token);
    explicit_bzero(token, sizeof token);
    return session_insert(s, &row, SESSION_LIFETIME_S);
}

const char *session_form_token(struct arena *a, const struct session *session)
{
    unsigned char bytes[2 * SHA256_BYTES];
    random_bytes(bytes, SHA256_BYTES);
    for (size_t i = 0; i < SHA256_BYTES; i++)
        bytes[SHA256_BYTES + i] = bytes[i] ^ session->row.csrf[i];
    return base64url(a, bytes, sizeof bytes);
}

bool session_form_token_fits(const struct session *session, const char *token)
{
    unsigned char bytes[2 * SHA256_BYTES];
    if (token == NULL || !base64url_decode(token, bytes, sizeof bytes))
        return false;
    for (size_t i = 0; i < SHA256_BYTES; i++)
        bytes[i] ^= bytes[SHA256_BYTES + i];
    return bytes_equal(bytes, session->row.csrf, SHA256_BYTES);
}
