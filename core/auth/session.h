/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session ties a browser to an account until it rests too long, reaches its end (12 h), or is
 * ended by log-out, disabling, a password or role change. Only SHA-256 of the cookie is stored,
 * so a stolen table opens no door. Rights are read anew with every request. Everything returned
 * lives in the arena. */
#ifndef AUTH_SESSION_H
#define AUTH_SESSION_H

#include "model/mailbox.h"
#include "store/session.h"

struct session {
    struct session_row row;
    struct mailbox account;
    const char *theme; /* the site's theme and its generation, read with the session */
    int64_t generation;
    bool reauthenticated; /* typed the password within the last 5 minutes */
};

enum { SESSION_TOKEN_BYTES = 32, SESSION_LIFETIME_S = 12 * 3600, SESSION_REAUTH_S = 300 };

/* cookie: the cookie's value, NULL for none. OUT_OK, OUT_ABSENT, OUT_UNAVAILABLE. Touches
 * last_seen. */
enum outcome session_open(struct store *s, struct arena *a, const char *cookie, int64_t idle_s,
                          struct session *session_r);
/* After a successful log-in: a new session, its cookie value in cookie_r. */
enum outcome session_start(struct store *s, struct arena *a, int64_t user_id, const char *remote,
                           const char *agent, const char **cookie_r);

/* The form token of this session, masked with fresh random bytes at each call (BREACH),
 * base64url. */
const char *session_form_token(struct arena *a, const struct session *session);
bool session_form_token_fits(const struct session *session, const char *token);
/* Before log-in there is no session: a token that is bound to a random cookie of the log-in form
 * is not needed; the log-in is protected by Origin and Sec-Fetch-Site alone
 * (http_request_is_ours). */

#endif
