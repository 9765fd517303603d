/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of sessions, throttle and operation ids. Only hashes are kept: a stolen table opens no
 * door. */
#ifndef STORE_SESSION_H
#define STORE_SESSION_H

#include "base/digest.h"
#include "model/mailbox.h"
#include "store/store.h"

struct session_row {
    unsigned char token_hash[SHA256_BYTES];
    unsigned char csrf[SHA256_BYTES]; /* secret of the form token */
    int64_t user_id, created, last_seen, reauth_at,
        expires;                        /* seconds since 1970, the database's clock */
    int64_t now;                        /* the database's clock when the row was read */
    const char *remote, *agent, *flash; /* flash: "kind:text" or NULL */
    const char *preview;                /* the theme that this session alone wears, NULL: none */
};

/* The session, its account with rights and state, and the site's row (theme and generation): ONE
 * statement, asked at each request. OUT_ABSENT: no such session, or its account is disabled or
 * gone, or it rested longer than idle_s or is past its end. */
enum outcome session_find(struct store *s, struct arena *a,
                          const unsigned char token_hash[SHA256_BYTES], int64_t idle_s,
                          struct session_row *session_r, struct mailbox *account_r,
                          const char **theme_r, int64_t *generation_r);
enum outcome session_insert(struct store *s, const struct session_row *row, int64_t lifetime_s);
/* last_seen, at most once a minute; flash NULL clears it. */
enum outcome session_touch(struct store *s, const unsigned char token_hash[SHA256_BYTES]);
enum outcome session_flash(struct store *s, const unsigned char token_hash[SHA256_BYTES],
                           const char *flash);
/* theme NULL: the site's again. */
enum outcome session_preview(struct store *s, const unsigned char token_hash[SHA256_BYTES],
                             const char *theme);
enum outcome session_reauth(struct store *s, const unsigned char token_hash[SHA256_BYTES]);
enum outcome session_delete(struct store *s, const unsigned char token_hash[SHA256_BYTES]);
/* All of an account but `keep` (NULL: all). Inside the transaction of a change of the
 * password or of rights over domains; what else ends sessions the database does (sql/README.md). */
enum outcome sessions_end(struct store *s, int64_t user_id, const unsigned char *keep);
enum outcome sessions_of(struct store *s, struct arena *a, int64_t user_id,
                         struct session_row **rows_r, size_t *n_r);
/* Without a session (log-in page): the site's theme and its generation. */
enum outcome site_theme(struct store *s, struct arena *a, const char **theme_r,
                        int64_t *generation_r);
enum outcome site_set_theme(struct store *s, const char *theme);
/* Another generation of the same theme: its settings or files are others now. */
enum outcome site_renew_theme(struct store *s);

/* Throttle: counts an attempt for `key` BEFORE the password is looked at and tells how long it
 * is still to wait (0: go on). Account: after 5 in a row 2^n seconds up to 15 min; address: 30
 * in 10 min. */
enum throttle_kind { THROTTLE_ACCOUNT = 1, THROTTLE_REMOTE = 2 };
enum outcome throttle_count(struct store *s, enum throttle_kind kind,
                            const unsigned char key[SHA256_BYTES], int64_t *wait_s_r);
/* An address's attempt that succeeded is no guess: a whole office may sign in through one. */
enum outcome throttle_uncount(struct store *s, const unsigned char key[SHA256_BYTES]);
enum outcome throttle_forget(struct store *s, enum throttle_kind kind,
                             const unsigned char key[SHA256_BYTES]);

/* Exactly once: inside the change's transaction. OUT_OK: first time, the row is written (and
 * locked, so that the same operation at the same moment waits). OUT_CONFLICT: done before,
 * result_r is what was kept. */
enum outcome operation_claim(struct store *s, struct arena *a, int64_t actor_id, const char *op_id,
                             const unsigned char fields_hash[SHA256_BYTES], const char **result_r);
enum outcome operation_result(struct store *s, int64_t actor_id, const char *op_id,
                              const unsigned char fields_hash[SHA256_BYTES], const char *result);
/* After a lost COMMIT: did it happen? OUT_OK with the result, OUT_ABSENT. */
enum outcome operation_find(struct store *s, struct arena *a, int64_t actor_id, const char *op_id,
                            const unsigned char fields_hash[SHA256_BYTES], const char **result_r);

/* The job runner's, each minute: ended sessions and one-time links, operation ids after 24 h,
 * throttle rows past their time. rows_r: how many went. */
enum outcome purge_ended(struct store *s, int64_t *rows_r);

#endif
