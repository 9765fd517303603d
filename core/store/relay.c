/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/relay.h"

#include "store/db.h"
#include "store/keyset.h"

#define RELAY_COLUMNS                                                                \
    "SELECT r.id AS id, r.version AS version, UNIX_TIMESTAMP(r.created) AS created," \
    " r.domain AS domain, r.description AS description, r.recipients AS recipients," \
    " r.transport AS transport,"
#define RELAY                                       \
    RELAY_COLUMNS " c.recipients AS listed"         \
                  " FROM relay_domains r LEFT JOIN" \
                  " relay_counts c ON c.relay_domain_id = r.id"
STATEMENT(relay_by_domain_sql, RELAY " WHERE r.domain = ?")
STATEMENT(relay_by_id_sql, RELAY " WHERE r.id = ?")
/* The count is not locked: whoever adds a recipient need not wait. */
STATEMENT(relay_lock_sql,
          RELAY_COLUMNS " 0 AS listed FROM relay_domains r WHERE r.id = ? FOR UPDATE")

#define RELAY_LIST                                                                \
    RELAY_COLUMNS " c.recipients AS listed FROM relay_domains r"                  \
                  " FORCE INDEX (uq_relay_domains_domain) LEFT JOIN relay_counts" \
                  " c ON c.relay_domain_id = r.id"
#define RELAY_RANGE(compare) " WHERE r.domain " compare " ? AND r.domain >= ? AND r.domain < ?"
STATEMENT(relay_list_forwards, RELAY_LIST RELAY_RANGE(">") " ORDER BY r.domain LIMIT ?")
STATEMENT(relay_list_backwards, RELAY_LIST RELAY_RANGE("<") " ORDER BY r.domain DESC LIMIT ?")
STATEMENT(relay_count_sql, "SELECT SUM(k.n) AS n FROM site_counts k WHERE k.kind = 'relays'")

STATEMENT(relay_insert_sql, "INSERT INTO relay_domains (domain, recipients, transport, description)"
                            " VALUES (?, ?, ?, ?)")
STATEMENT(relay_update_sql,
          "UPDATE relay_domains SET domain = ?, recipients = ?, transport = ?, description = ?,"
          " version = version + 1 WHERE id = ? AND version = ?")
STATEMENT(relay_delete_sql, "DELETE FROM relay_domains WHERE id = ? AND version = ?")

#define RECIPIENT                                                                    \
    "SELECT r.id AS id, r.version AS version, UNIX_TIMESTAMP(r.created) AS created," \
    " r.relay_domain_id AS relay_id, r.email AS email, r.user AS user"               \
    " FROM relay_recipients r FORCE INDEX (uq_relay_recipients_domain_user)"         \
    " WHERE r.relay_domain_id = ?"
#define RECIPIENT_RANGE(compare) " AND r.user " compare " ? AND r.user >= ? AND r.user < ?"
STATEMENT(relay_recipients_forwards, RECIPIENT RECIPIENT_RANGE(">") " ORDER BY r.user LIMIT ?")
STATEMENT(relay_recipients_backwards,
          RECIPIENT RECIPIENT_RANGE("<") " ORDER BY r.user DESC LIMIT ?")
STATEMENT(relay_recipient_by_user_sql, RECIPIENT " AND r.user = ?")
STATEMENT(relay_recipient_insert_sql,
          "INSERT INTO relay_recipients (relay_domain_id, user) VALUES (?, ?)")
STATEMENT(relay_recipient_delete_sql,
          "DELETE FROM relay_recipients WHERE relay_domain_id = ? AND user = ?")

static const struct column relay_columns[] = {
    COLUMN(relay, id, "id"),
    COLUMN(relay, version, "version"),
    COLUMN(relay, created, "created"),
    COLUMN(relay, domain, "domain"),
    COLUMN(relay, description, "description"),
    COLUMN(relay, recipients, "recipients"),
    COLUMN(relay, transport, "transport"),
    COLUMN(relay, listed, "listed"),
};
static const struct row relay_row = ROW(relay, relay_columns);

static const struct column recipient_columns[] = {
    COLUMN(relay_recipient, id, "id"),           COLUMN(relay_recipient, version, "version"),
    COLUMN(relay_recipient, created, "created"), COLUMN(relay_recipient, relay_id, "relay_id"),
    COLUMN(relay_recipient, email, "email"),     COLUMN(relay_recipient, user, "user"),
};
static const struct row recipient_row = ROW(relay_recipient, recipient_columns);

static enum outcome one(struct store *s, struct arena *a, const struct statement *sql,
                        struct values values, struct relay *relay_r)
{
    enum outcome o = db_row(s, a, sql, values, &relay_row, relay_r);
    if (o == OUT_OK)
        relay_r->next_hop = next_hop_of(relay_r->transport);
    return o;
}

enum outcome relay_find(struct store *s, struct arena *a, const char *domain, struct relay *relay_r)
{
    return one(s, a, &relay_by_domain_sql, VALUES(bind_text(domain)), relay_r);
}

enum outcome relay_by_id(struct store *s, struct arena *a, int64_t id, struct relay *relay_r)
{
    return one(s, a, &relay_by_id_sql, VALUES(bind_int(id)), relay_r);
}

enum outcome relay_lock(struct store *s, struct arena *a, int64_t id, struct relay *relay_r)
{
    return one(s, a, &relay_lock_sql, VALUES(bind_int(id)), relay_r);
}

enum outcome relay_list(struct store *s, struct arena *a, const struct keyset *k,
                        struct relay **rows_r, size_t *n_r, struct keyset_ends *ends_r)
{
    struct keyset_range r = keyset_range(a, k);
    enum outcome o =
        db_rows(s, a, r.backwards ? &relay_list_backwards : &relay_list_forwards,
                VALUES(bind_text(r.edge), bind_text(r.from), bind_text(r.below), bind_int(r.limit)),
                &relay_row, rows_r, n_r);
    if (o == OUT_OK)
        keyset_finish(k, *rows_r, sizeof **rows_r, n_r, ends_r);
    for (size_t i = 0; i < *n_r; i++)
        (*rows_r)[i].next_hop = next_hop_of((*rows_r)[i].transport);
    return o;
}

struct number {
    int64_t n;
};
static const struct column number_columns[] = {COLUMN(number, n, "n")};
static const struct row number_row = ROW(number, number_columns);

enum outcome relay_count(struct store *s, int64_t *n_r)
{
    struct number number = {0};
    enum outcome o = db_row(s, NULL, &relay_count_sql, NO_VALUES, &number_row, &number);
    *n_r = number.n;
    return o;
}

enum outcome relay_insert(struct store *s, const struct relay *r, int64_t *id_r)
{
    return db_change(s, &relay_insert_sql,
                     VALUES(bind_text(r->domain), bind_text(r->recipients), bind_text(r->transport),
                            bind_text(r->description)),
                     NULL, id_r);
}

/* The triggers carry a rename on to recipients, destinations and access entries. */
enum outcome relay_update(struct store *s, const struct relay *before, const struct relay *after)
{
    return db_change_one(s, &relay_update_sql,
                         VALUES(bind_text(after->domain), bind_text(after->recipients),
                                bind_text(after->transport), bind_text(after->description),
                                bind_int(before->id), bind_int(before->version)));
}

enum outcome relay_delete(struct store *s, int64_t id, int64_t version)
{
    return db_change_one(s, &relay_delete_sql, VALUES(bind_int(id), bind_int(version)));
}

enum outcome relay_recipients(struct store *s, struct arena *a, int64_t relay_id,
                              const struct keyset *k, struct relay_recipient **rows_r, size_t *n_r,
                              struct keyset_ends *ends_r)
{
    struct keyset_range r = keyset_range(a, k);
    enum outcome o = db_rows(s, a,
                             r.backwards ? &relay_recipients_backwards : &relay_recipients_forwards,
                             VALUES(bind_int(relay_id), bind_text(r.edge), bind_text(r.from),
                                    bind_text(r.below), bind_int(r.limit)),
                             &recipient_row, rows_r, n_r);
    if (o == OUT_OK)
        keyset_finish(k, *rows_r, sizeof **rows_r, n_r, ends_r);
    return o;
}

enum outcome relay_recipient_find(struct store *s, struct arena *a, int64_t relay_id,
                                  const char *user, struct relay_recipient *recipient_r)
{
    return db_row(s, a, &relay_recipient_by_user_sql, VALUES(bind_int(relay_id), bind_text(user)),
                  &recipient_row, recipient_r);
}

enum outcome relay_recipient_insert(struct store *s, int64_t relay_id, const char *user,
                                    int64_t *id_r)
{
    return db_change(s, &relay_recipient_insert_sql, VALUES(bind_int(relay_id), bind_text(user)),
                     NULL, id_r);
}

enum outcome relay_recipient_delete(struct store *s, int64_t relay_id, const char *user)
{
    return db_change_one(s, &relay_recipient_delete_sql,
                         VALUES(bind_int(relay_id), bind_text(user)));
}
