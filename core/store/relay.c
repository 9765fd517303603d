/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/relay.h"

#include "store/db.h"

#define RELAY                                                                        \
    "SELECT r.id AS id, r.version AS version, UNIX_TIMESTAMP(r.created) AS created," \
    " r.domain AS domain, r.description AS description, r.recipients AS recipients," \
    " r.transport AS transport FROM relay_domains r"
STATEMENT(relay_by_domain_sql, RELAY " WHERE r.domain = ?")
STATEMENT(relay_by_id_sql, RELAY " WHERE r.id = ?")
STATEMENT(relay_lock_sql, RELAY " WHERE r.id = ? FOR UPDATE")

static const struct column relay_columns[] = {
    COLUMN(relay, id, "id"),
    COLUMN(relay, version, "version"),
    COLUMN(relay, created, "created"),
    COLUMN(relay, domain, "domain"),
    COLUMN(relay, description, "description"),
    COLUMN(relay, recipients, "recipients"),
    COLUMN(relay, transport, "transport"),
};
static const struct row relay_row = ROW(relay, relay_columns);

enum outcome relay_find(struct store *s, struct arena *a, const char *domain, struct relay *relay_r)
{
    return db_row(s, a, &relay_by_domain_sql, VALUES(bind_text(domain)), &relay_row, relay_r);
}

enum outcome relay_by_id(struct store *s, struct arena *a, int64_t id, struct relay *relay_r)
{
    return db_row(s, a, &relay_by_id_sql, VALUES(bind_int(id)), &relay_row, relay_r);
}

enum outcome relay_lock(struct store *s, struct arena *a, int64_t id, struct relay *relay_r)
{
    return db_row(s, a, &relay_lock_sql, VALUES(bind_int(id)), &relay_row, relay_r);
}
