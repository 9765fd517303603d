/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/session.h"

#include <string.h>

#include "base/utf8.h"
#include "store/db.h"
#include "store/invite.h"
#include "store/mailbox_row.h"
#include "store/theme.h"

/* All that a request needs to know about who asks; idle and ended ones are not found. */
STATEMENT(
    session_find_sql,
    "SELECT s.token_hash AS token_hash, s.csrf AS csrf, s.user_id AS user_id,"
    " UNIX_TIMESTAMP(s.created) AS session_created, UNIX_TIMESTAMP(s.last_seen) AS session_seen,"
    " UNIX_TIMESTAMP(s.reauth_at) AS reauth_at, UNIX_TIMESTAMP(s.expires) AS expires,"
    " UNIX_TIMESTAMP() AS now, s.remote AS remote, s.agent AS agent, s.flash AS flash,"
    " s.preview AS preview,"
    " COALESCE(t.value, 'base') AS theme, t.generation AS generation,"
    " " MAILBOX_COLUMNS MAILBOX_ADMINISTERS
    " FROM session s JOIN virtual_users u ON u.id = s.user_id" MAILBOX_QUOTA
    " LEFT JOIN site t ON t.name = 'theme'"
    " WHERE s.token_hash = ? AND u.active = 1 AND s.expires > UTC_TIMESTAMP()"
    " AND s.last_seen > UTC_TIMESTAMP() - INTERVAL ? SECOND")
STATEMENT(session_insert_sql,
          "INSERT INTO session (token_hash, user_id, csrf, remote, agent, reauth_at, expires)"
          " VALUES (?, ?, ?, LEFT(?, 64), LEFT(?, 255), UTC_TIMESTAMP(), UTC_TIMESTAMP() + "
          "INTERVAL ? SECOND)")
STATEMENT(session_touch_sql, "UPDATE session SET last_seen = UTC_TIMESTAMP() WHERE token_hash = ?"
                             " AND last_seen <= UTC_TIMESTAMP() - INTERVAL 60 SECOND")
STATEMENT(session_flash_sql, "UPDATE session SET flash = LEFT(?, 2000) WHERE token_hash = ?")
STATEMENT(session_preview_sql, "UPDATE session SET preview = ? WHERE token_hash = ?")
STATEMENT(session_reauth_sql, "UPDATE session SET reauth_at = UTC_TIMESTAMP() WHERE token_hash = ?")
STATEMENT(session_delete_sql, "DELETE FROM session WHERE token_hash = ?")
STATEMENT(sessions_end_sql, "DELETE FROM session WHERE user_id = ? AND token_hash <> ?")
STATEMENT(
    sessions_of_sql,
    "SELECT s.token_hash AS token_hash, s.csrf AS csrf, s.user_id AS user_id,"
    " UNIX_TIMESTAMP(s.created) AS session_created, UNIX_TIMESTAMP(s.last_seen) AS session_seen,"
    " UNIX_TIMESTAMP(s.reauth_at) AS reauth_at, UNIX_TIMESTAMP(s.expires) AS expires,"
    " UNIX_TIMESTAMP() AS now, s.remote AS remote, s.agent AS agent, s.flash AS flash,"
    " s.preview AS preview"
    " FROM session s WHERE s.user_id = ? AND s.expires > UTC_TIMESTAMP()"
    " ORDER BY s.last_seen DESC LIMIT 200")
STATEMENT(site_theme_sql,
          "SELECT t.value AS theme, t.generation AS generation FROM site t WHERE t.name = 'theme'")
STATEMENT(site_set_theme_sql,
          "INSERT INTO site (name, value) VALUES ('theme', ?)"
          " ON DUPLICATE KEY UPDATE value = VALUES(value), generation = generation + 1")
STATEMENT(site_renew_theme_sql, "UPDATE site SET generation = generation + 1 WHERE name = 'theme'")
STATEMENT(purge_sessions, "DELETE FROM session WHERE expires <= UTC_TIMESTAMP() LIMIT 5000")
STATEMENT(purge_throttle, "DELETE FROM throttle WHERE expires <= UTC_TIMESTAMP() LIMIT 5000")
STATEMENT(purge_operations,
          "DELETE FROM operation WHERE created < UTC_TIMESTAMP() - INTERVAL 24 HOUR LIMIT 5000")

struct found {
    struct session_row row;
    struct mailbox account;
    const char *theme;
    int64_t generation;
};

#define SESSION_COLUMNS(entity, path)                                                             \
    COLUMN(entity, path token_hash, "token_hash"), COLUMN(entity, path csrf, "csrf"),             \
        COLUMN(entity, path user_id, "user_id"), COLUMN(entity, path created, "session_created"), \
        COLUMN(entity, path last_seen, "session_seen"),                                           \
        COLUMN(entity, path reauth_at, "reauth_at"), COLUMN(entity, path expires, "expires"),     \
        COLUMN(entity, path now, "now"), COLUMN(entity, path remote, "remote"),                   \
        COLUMN(entity, path agent, "agent"), COLUMN_OR_NULL(entity, path flash, "flash"),         \
        COLUMN_OR_NULL(entity, path preview, "preview")
#define ACCOUNT(member) COLUMN(found, account.member, #member)

static const struct column found_columns[] = {
    SESSION_COLUMNS(found, row.),
    COLUMN(found, theme, "theme"),
    COLUMN(found, generation, "generation"),
    MAILBOX_MEMBERS(ACCOUNT),
    COLUMN(found, account.administers, "administers"),
};
static const struct row found_row = ROW(found, found_columns);
static const struct column session_columns[] = {SESSION_COLUMNS(session_row, )};
static const struct row session_row = ROW(session_row, session_columns);

static struct bind digest(const unsigned char *bytes)
{
    return bind_bytes(bytes, SHA256_BYTES);
}

enum outcome session_find(struct store *s, struct arena *a,
                          const unsigned char token_hash[SHA256_BYTES], int64_t idle_s,
                          struct session_row *session_r, struct mailbox *account_r,
                          const char **theme_r, int64_t *generation_r)
{
    struct found f;
    enum outcome o = db_row(s, a, &session_find_sql, VALUES(digest(token_hash), bind_int(idle_s)),
                            &found_row, &f);
    if (o != OUT_OK)
        return o;
    *session_r = f.row;
    *account_r = f.account;
    *theme_r = f.theme;
    *generation_r = f.generation;
    return OUT_OK;
}

/* What a browser calls itself may be any bytes; what is no text is kept as '?'. */
static const char *made_text(const char *from, char *to, size_t size)
{
    size_t n = from != NULL ? strnlen(from, size - 1) : 0, at = 0;
    for (size_t i = 0; i < n;) {
        size_t step = utf8_step(from + i, n - i);
        bool good = step > 0 && !utf8_has_control(from + i, step);
        memcpy(to + at, good ? from + i : "?", good ? step : 1);
        at += good ? step : 1;
        i += step > 0 ? step : 1;
    }
    to[at] = '\0';
    return to;
}

enum outcome session_insert(struct store *s, const struct session_row *row, int64_t lifetime_s)
{
    char remote[128], agent[512];
    return db_change(s, &session_insert_sql,
                     VALUES(digest(row->token_hash), bind_int(row->user_id), digest(row->csrf),
                            bind_text(made_text(row->remote, remote, sizeof remote)),
                            bind_text(made_text(row->agent, agent, sizeof agent)),
                            bind_int(lifetime_s)),
                     NULL, NULL);
}

enum outcome session_touch(struct store *s, const unsigned char token_hash[SHA256_BYTES])
{
    return db_change(s, &session_touch_sql, VALUES(digest(token_hash)), NULL, NULL);
}

enum outcome session_flash(struct store *s, const unsigned char token_hash[SHA256_BYTES],
                           const char *flash)
{
    return db_change(s, &session_flash_sql, VALUES(bind_text(flash), digest(token_hash)), NULL,
                     NULL);
}

enum outcome session_preview(struct store *s, const unsigned char token_hash[SHA256_BYTES],
                             const char *theme)
{
    return db_change(s, &session_preview_sql, VALUES(bind_text(theme), digest(token_hash)), NULL,
                     NULL);
}

enum outcome session_reauth(struct store *s, const unsigned char token_hash[SHA256_BYTES])
{
    return db_change(s, &session_reauth_sql, VALUES(digest(token_hash)), NULL, NULL);
}

enum outcome session_delete(struct store *s, const unsigned char token_hash[SHA256_BYTES])
{
    return db_change(s, &session_delete_sql, VALUES(digest(token_hash)), NULL, NULL);
}

enum outcome sessions_end(struct store *s, int64_t user_id, const unsigned char *keep)
{
    struct bind kept = keep != NULL ? digest(keep) : bind_bytes("", 0);
    return db_change(s, &sessions_end_sql, VALUES(bind_int(user_id), kept), NULL, NULL);
}

enum outcome sessions_of(struct store *s, struct arena *a, int64_t user_id,
                         struct session_row **rows_r, size_t *n_r)
{
    return db_rows(s, a, &sessions_of_sql, VALUES(bind_int(user_id)), &session_row, rows_r, n_r);
}

static const struct column theme_columns[] = {
    COLUMN(found, theme, "theme"),
    COLUMN(found, generation, "generation"),
};
static const struct row theme_row = ROW(found, theme_columns);

enum outcome site_theme(struct store *s, struct arena *a, const char **theme_r,
                        int64_t *generation_r)
{
    struct found f = {.theme = "base"};
    enum outcome o = db_row(s, a, &site_theme_sql, NO_VALUES, &theme_row, &f);
    *theme_r = f.theme;
    *generation_r = f.generation;
    return o == OUT_ABSENT ? OUT_OK : o;
}

enum outcome site_set_theme(struct store *s, const char *theme)
{
    return db_change(s, &site_set_theme_sql, VALUES(bind_text(theme)), NULL, NULL);
}

enum outcome site_renew_theme(struct store *s)
{
    return db_change(s, &site_renew_theme_sql, NO_VALUES, NULL, NULL);
}

enum outcome purge_ended(struct store *s, int64_t *rows_r)
{
    static const struct statement *const purges[] = {
        &purge_sessions, &purge_throttle, &purge_operations, &purge_invites, &purge_theme_faults};
    *rows_r = 0;
    for (size_t i = 0; i < sizeof purges / sizeof *purges; i++) {
        int64_t gone;
        enum outcome o = db_change(s, purges[i], NO_VALUES, &gone, NULL);
        if (o != OUT_OK)
            return o;
        *rows_r += gone;
    }
    return OUT_OK;
}
