/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in: throttle first (counted before hashing), a free hash slot (at most workers/2 at
 * once, kept in shared memory; 50 ms), then one argon2id whatever is stored or missing. The same
 * answer and the same work for unknown, disabled and known accounts. Nothing here sleeps longer
 * than the wait for a slot. Somebody else's guesses do not shut the owner out: from a network
 * where the account has a living session, attempts are counted by themselves. */
#ifndef AUTH_LOGIN_H
#define AUTH_LOGIN_H

#include <stdatomic.h>

#include "auth/password.h"
#include "store/session.h"

struct login_rules {
    struct password_cost cost;
    _Atomic uint64_t
        *slots; /* a word of the scoreboard, zero at first, that counts hashes in flight (and
                                     forgets what killed workers held when nothing moved for 5 s); NULL: no
                                     limit */
    unsigned slots_max;
};

struct login_try {
    const char *email; /* as typed; normalised inside */
    const char *password;
    size_t password_n;
    const char *remote;     /* client address; throttled by /64 for IPv6 */
    const char *request_id; /* for the audit line of a renewed hash; may be NULL */
};

/* OUT_OK: account_r. OUT_DENIED: LOGIN_WRONG. OUT_BUSY: throttled (wait_s_r > 0) or no slot
 * (wait_s_r = 0). OUT_UNAVAILABLE. An old hash is renewed on the way (audited as
 * password.rehash). */
enum outcome login_attempt(struct store *s, struct arena *a, const struct login_rules *rules,
                           const struct login_try *t, int64_t *account_r, int64_t *wait_s_r);
/* Is this the account's own password? For changes that ask again; throttled as a log-in is, but
 * counted by itself: guesses of others at the log-in do not hinder the owner's session. */
enum outcome login_confirm(struct store *s, struct arena *a, const struct login_rules *rules,
                           int64_t account, const char *password, size_t password_n,
                           const char *remote, int64_t *wait_s_r);

/* One hash of a new password within the slots; OUT_OK or OUT_BUSY. */
enum outcome login_hash(struct arena *a, const struct login_rules *rules, const char *password,
                        size_t password_n, const char **hash_r);

#endif
