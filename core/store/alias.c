/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/alias.h"

#include "store/db.h"

/* The rows of one alias as one; the pair (domain_id, source) leads its unique key. */
STATEMENT(alias_by_id_sql,
          "SELECT MIN(v.id) AS id, MAX(v.version) AS version,"
          " MIN(UNIX_TIMESTAMP(v.created)) AS created, MAX(v.domain_id) AS domain_id,"
          " MAX(v.source) AS source, MAX(v.email) AS email, MAX(d.name) AS domain,"
          " GROUP_CONCAT(v.destination ORDER BY v.id SEPARATOR '\\n') AS destinations,"
          " MAX(v.active) AS active"
          " FROM virtual_aliases one"
          " JOIN virtual_aliases v ON v.domain_id = one.domain_id AND v.source = one.source"
          " JOIN virtual_domains d ON d.id = one.domain_id WHERE one.id = ? GROUP BY one.id")
STATEMENT(alias_lock_domain,
          "SELECT d.id AS id FROM virtual_aliases v JOIN virtual_domains d ON d.id = v.domain_id"
          " WHERE v.id = ? LOCK IN SHARE MODE")
STATEMENT(alias_lock_rows,
          "SELECT v.id AS id FROM virtual_aliases one"
          " JOIN virtual_aliases v ON v.domain_id = one.domain_id AND v.source = one.source"
          " WHERE one.id = ? ORDER BY v.id LIMIT 1 FOR UPDATE")

STATEMENT(aliases_around_sql,
          "(SELECT v.email AS source, v.destination AS destination FROM virtual_aliases v"
          " WHERE v.destination = ? AND v.email <> ? AND v.active = 1 ORDER BY v.id LIMIT 20)"
          " UNION ALL (SELECT v.email AS source, v.destination AS destination"
          " FROM virtual_aliases v WHERE v.email = ? AND v.active = 1 ORDER BY v.id LIMIT 20)")

static const struct column alias_columns[] = {
    COLUMN(alias, id, "id"),           COLUMN(alias, version, "version"),
    COLUMN(alias, created, "created"), COLUMN(alias, domain_id, "domain_id"),
    COLUMN(alias, source, "source"),   COLUMN(alias, email, "email"),
    COLUMN(alias, domain, "domain"),   COLUMN(alias, destinations, "destinations"),
    COLUMN(alias, active, "active"),
};
static const struct row alias_row = ROW(alias, alias_columns);
static const struct column id_columns[] = {COLUMN(alias, id, "id")};
static const struct row id_row = ROW(alias, id_columns);

enum outcome alias_by_id(struct store *s, struct arena *a, int64_t id, struct alias *alias_r)
{
    return db_row(s, a, &alias_by_id_sql, VALUES(bind_int(id)), &alias_row, alias_r);
}

enum outcome alias_lock(struct store *s, struct arena *a, int64_t id, struct alias *alias_r)
{
    enum outcome o = db_row(s, a, &alias_lock_domain, VALUES(bind_int(id)), &id_row, alias_r);
    if (o == OUT_OK)
        o = db_row(s, a, &alias_lock_rows, VALUES(bind_int(id)), &id_row, alias_r);
    return o == OUT_OK ? alias_by_id(s, a, id, alias_r) : o;
}

static const struct column pair_columns[] = {
    COLUMN(alias_pair, source, "source"),
    COLUMN(alias_pair, destination, "destination"),
};
static const struct row pair_row = ROW(alias_pair, pair_columns);

enum outcome aliases_around(struct store *s, struct arena *a, const char *email,
                            struct alias_pair **rows_r, size_t *n_r)
{
    struct bind address = bind_text(email);
    return db_rows(s, a, &aliases_around_sql, VALUES(address, address, address), &pair_row, rows_r,
                   n_r);
}
