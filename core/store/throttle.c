/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/db.h"
#include "store/session.h"

/* Count and answer in one statement, so that a thousand guesses at once are a thousand counts.
 * Each assignment sees those above it. LAST_INSERT_ID(x) carries the wait out: seconds still to
 * wait as it was before this attempt. An attempt within the wait is not counted, so that nobody
 * can lock another out for longer by knocking. */

/* From the 5th attempt in a row on, the next has to wait 2, 4, 8 ... 900 seconds. */
STATEMENT(
    throttle_account_sql,
    "INSERT INTO throttle (key_hash, kind, failures, expires)"
    " VALUES (?, 'account', 1, UTC_TIMESTAMP() + INTERVAL 1 HOUR)"
    " ON DUPLICATE KEY UPDATE"
    " kind = IF(LAST_INSERT_ID(GREATEST(0, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), next_at))) > 0,"
    " kind, 'account'),"
    " failures = IF(next_at > UTC_TIMESTAMP(), failures, IF(expires <= UTC_TIMESTAMP(), 1, "
    "failures + 1)),"
    " expires = IF(next_at > UTC_TIMESTAMP(), expires, UTC_TIMESTAMP() + INTERVAL 1 HOUR),"
    " last_at = UTC_TIMESTAMP(),"
    " next_at = IF(next_at > UTC_TIMESTAMP() OR failures < 5, next_at,"
    " UTC_TIMESTAMP() + INTERVAL LEAST(900, POW(2, LEAST(failures, 20) - 4)) SECOND)")
/* 30 attempts within 10 minutes of the first; then the rest of the 10 minutes. */
STATEMENT(
    throttle_remote_sql,
    "INSERT INTO throttle (key_hash, kind, failures, expires)"
    " VALUES (?, 'remote', 1, UTC_TIMESTAMP() + INTERVAL 10 MINUTE)"
    " ON DUPLICATE KEY UPDATE"
    " kind = IF(LAST_INSERT_ID(GREATEST(0, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), next_at))) > 0,"
    " kind, 'remote'),"
    " failures = IF(next_at > UTC_TIMESTAMP(), failures, IF(expires <= UTC_TIMESTAMP(), 1, "
    "failures + 1)),"
    " first_at = IF(expires <= UTC_TIMESTAMP(), UTC_TIMESTAMP(), first_at),"
    " expires = IF(expires <= UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 10 MINUTE, expires),"
    " last_at = UTC_TIMESTAMP(),"
    " next_at = IF(next_at > UTC_TIMESTAMP() OR failures < 30, next_at, expires)")
/* One attempt less, as if it had not been made. */
STATEMENT(throttle_uncount_sql, "UPDATE throttle SET next_at = IF(failures <= 30, UTC_TIMESTAMP(), "
                                "next_at), failures = failures - 1"
                                " WHERE key_hash = ? AND kind = 'remote' AND failures > 0")
STATEMENT(throttle_forget_sql, "DELETE FROM throttle WHERE key_hash = ? AND kind = ?")

enum outcome throttle_count(struct store *s, enum throttle_kind kind,
                            const unsigned char key[SHA256_BYTES], int64_t *wait_s_r)
{
    const struct statement *st = kind == THROTTLE_ACCOUNT ? &throttle_account_sql
                                                          : &throttle_remote_sql;
    return db_change(s, st, VALUES(bind_bytes(key, SHA256_BYTES)), NULL, wait_s_r);
}

enum outcome throttle_uncount(struct store *s, const unsigned char key[SHA256_BYTES])
{
    return db_change(s, &throttle_uncount_sql, VALUES(bind_bytes(key, SHA256_BYTES)), NULL, NULL);
}

enum outcome throttle_forget(struct store *s, enum throttle_kind kind,
                             const unsigned char key[SHA256_BYTES])
{
    const char *word = kind == THROTTLE_ACCOUNT ? "account" : "remote";
    return db_change(s, &throttle_forget_sql,
                     VALUES(bind_bytes(key, SHA256_BYTES), bind_text(word)), NULL, NULL);
}
