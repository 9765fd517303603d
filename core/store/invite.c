/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/invite.h"

#include "store/db.h"

#define INVITE_SELECT                                                                      \
    "SELECT i.user_id AS user_id, i.maker_id AS maker_id, COALESCE(m.email, '') AS maker," \
    " UNIX_TIMESTAMP(i.created) AS created, UNIX_TIMESTAMP(i.expires) AS expires"          \
    " FROM invite i LEFT JOIN virtual_users m ON m.id = i.maker_id"
STATEMENT(invite_find_sql, INVITE_SELECT " WHERE i.token_hash = ? AND i.expires > UTC_TIMESTAMP()")
STATEMENT(invite_of_sql, INVITE_SELECT " WHERE i.user_id = ? AND i.expires > UTC_TIMESTAMP()")
STATEMENT(invite_insert_sql,
          "INSERT INTO invite (token_hash, user_id, maker_id, expires)"
          " VALUES (?, ?, ?, UTC_TIMESTAMP() + INTERVAL ? SECOND)"
          " ON DUPLICATE KEY UPDATE token_hash = VALUES(token_hash), maker_id = VALUES(maker_id),"
          " created = UTC_TIMESTAMP(), expires = VALUES(expires)")
STATEMENT(invite_take_sql, "DELETE FROM invite WHERE token_hash = ? AND user_id = ?"
                           " AND expires > UTC_TIMESTAMP()")
STATEMENT(invite_withdraw_sql, "DELETE FROM invite WHERE user_id = ?")
STATEMENT(purge_invites, "DELETE FROM invite WHERE expires <= UTC_TIMESTAMP() LIMIT 5000")

static const struct column invite_columns[] = {
    COLUMN(invite, user_id, "user_id"), COLUMN(invite, maker_id, "maker_id"),
    COLUMN(invite, maker, "maker"),     COLUMN(invite, created, "created"),
    COLUMN(invite, expires, "expires"),
};
static const struct row invite_row = ROW(invite, invite_columns);

static struct bind digest(const unsigned char *bytes)
{
    return bind_bytes(bytes, SHA256_BYTES);
}

enum outcome invite_find(struct store *s, struct arena *a,
                         const unsigned char token_hash[SHA256_BYTES], struct invite *invite_r)
{
    return db_row(s, a, &invite_find_sql, VALUES(digest(token_hash)), &invite_row, invite_r);
}

enum outcome invite_of(struct store *s, struct arena *a, int64_t user_id, struct invite *invite_r)
{
    return db_row(s, a, &invite_of_sql, VALUES(bind_int(user_id)), &invite_row, invite_r);
}

enum outcome invite_insert(struct store *s, const unsigned char token_hash[SHA256_BYTES],
                           int64_t user_id, int64_t maker_id, int64_t lifetime_s)
{
    return db_change(
        s, &invite_insert_sql,
        VALUES(digest(token_hash), bind_int(user_id), value_id(maker_id), bind_int(lifetime_s)),
        NULL, NULL);
}

enum outcome invite_take(struct store *s, const unsigned char token_hash[SHA256_BYTES],
                         int64_t user_id)
{
    int64_t gone = 0;
    enum outcome o =
        db_change(s, &invite_take_sql, VALUES(digest(token_hash), bind_int(user_id)), &gone, NULL);
    return o == OUT_OK && gone != 1 ? OUT_ABSENT : o;
}

enum outcome invite_withdraw(struct store *s, int64_t user_id)
{
    return db_change(s, &invite_withdraw_sql, VALUES(bind_int(user_id)), NULL, NULL);
}
