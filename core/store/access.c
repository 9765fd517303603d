/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/access.h"

#include "store/db.h"

#define ACCESS(kind, column, table)                                                        \
    "SELECT e.id AS id, e.version AS version, UNIX_TIMESTAMP(e.created) AS created, " kind \
    " AS kind, e." column " AS pattern, e.state AS state, e.comment AS comment FROM " table " e"
#define CLIENT ACCESS("0", "ip", "ip_access")
#define SENDER ACCESS("1", "domain", "domain_access")
STATEMENT(access_client_by_id_sql, CLIENT " WHERE e.id = ?")
STATEMENT(access_sender_by_id_sql, SENDER " WHERE e.id = ?")
STATEMENT(access_client_lock_sql, CLIENT " WHERE e.id = ? FOR UPDATE")
STATEMENT(access_sender_lock_sql, SENDER " WHERE e.id = ? FOR UPDATE")

static const struct column access_columns[] = {
    COLUMN(access_entry, id, "id"),           COLUMN(access_entry, version, "version"),
    COLUMN(access_entry, created, "created"), COLUMN(access_entry, kind, "kind"),
    COLUMN(access_entry, pattern, "pattern"), COLUMN(access_entry, state, "state"),
    COLUMN(access_entry, comment, "comment"),
};
static const struct row access_row = ROW(access_entry, access_columns);

/* The statements of each kind. */
static const struct {
    const struct statement *by_id, *lock;
} sql[ACCESS_KINDS] = {
    [ACCESS_CLIENT] = {&access_client_by_id_sql, &access_client_lock_sql},
    [ACCESS_SENDER] = {&access_sender_by_id_sql, &access_sender_lock_sql},
};

enum outcome access_by_id(struct store *s, struct arena *a, enum access_kind kind, int64_t id,
                          struct access_entry *entry_r)
{
    return db_row(s, a, sql[kind].by_id, VALUES(bind_int(id)), &access_row, entry_r);
}

enum outcome access_lock(struct store *s, struct arena *a, enum access_kind kind, int64_t id,
                         struct access_entry *entry_r)
{
    return db_row(s, a, sql[kind].lock, VALUES(bind_int(id)), &access_row, entry_r);
}
