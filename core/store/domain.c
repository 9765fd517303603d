/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/domain.h"

#include "store/db.h"
#include "store/keyset.h"

#define DOMAIN_OWN                                                                            \
    "d.id AS id, d.version AS version, UNIX_TIMESTAMP(d.created) AS created, d.name AS name," \
    " d.description AS description, d.limit_mailboxes AS limit_mailboxes,"                    \
    " d.limit_aliases AS limit_aliases, d.limit_quota_kb AS limit_quota_kb,"                  \
    " d.quota_default_kb AS quota_default_kb, d.quota_most_kb AS quota_most_kb"
#define DOMAIN_COUNTS "c.mailboxes AS mailboxes, c.aliases AS aliases, c.quota_kb AS quota_kb"
#define DOMAIN_COLUMNS DOMAIN_OWN ", " DOMAIN_COUNTS
#define DOMAIN_FROM " FROM virtual_domains d LEFT JOIN domain_counts c ON c.domain_id = d.id"

STATEMENT(domain_by_name_sql, "SELECT " DOMAIN_COLUMNS DOMAIN_FROM " WHERE d.name = ?")
STATEMENT(domain_by_id_sql, "SELECT " DOMAIN_COLUMNS DOMAIN_FROM " WHERE d.id = ?")
/* The counts are not locked: whoever adds a mailbox elsewhere need not wait. */
STATEMENT(domain_lock_sql, "SELECT " DOMAIN_OWN " FROM virtual_domains d WHERE d.id = ? FOR UPDATE")
STATEMENT(domain_counts_sql, "SELECT " DOMAIN_COUNTS " FROM domain_counts c WHERE c.domain_id = ?")

#define DOMAIN_RANGE(compare) " d.name " compare " ? AND d.name >= ? AND d.name < ?"
/* Left to itself the server reads and sorts all domains for the first page. */
#define DOMAIN_BY_NAME                                      \
    " FROM virtual_domains d FORCE INDEX (uq_domains_name)" \
    " LEFT JOIN domain_counts c ON c.domain_id = d.id"
STATEMENT(domain_list_forwards, "SELECT " DOMAIN_COLUMNS DOMAIN_BY_NAME
                                " WHERE" DOMAIN_RANGE(">") " ORDER BY d.name LIMIT ?")
STATEMENT(domain_list_backwards, "SELECT " DOMAIN_COLUMNS DOMAIN_BY_NAME
                                 " WHERE" DOMAIN_RANGE("<") " ORDER BY d.name DESC LIMIT ?")
#define NAMES(compare, order)                                                     \
    "SELECT d.name AS name FROM virtual_domains d FORCE INDEX (uq_domains_name) " \
    "WHERE" DOMAIN_RANGE(compare) " ORDER BY d.name" order " LIMIT ?"
STATEMENT(domain_names_forwards, NAMES(">", ""))
STATEMENT(domain_names_backwards, NAMES("<", " DESC"))
/* The few domains of one administrator are looked up, then sorted. */
#define DOMAIN_REACH                                                              \
    " FROM domain_admins r STRAIGHT_JOIN virtual_domains d ON d.id = r.domain_id" \
    " LEFT JOIN domain_counts c ON c.domain_id = d.id WHERE r.user_id = ? AND"
STATEMENT(domain_reach_forwards,
          "SELECT " DOMAIN_COLUMNS DOMAIN_REACH DOMAIN_RANGE(">") " ORDER BY d.name LIMIT ?")
STATEMENT(domain_reach_backwards,
          "SELECT " DOMAIN_COLUMNS DOMAIN_REACH DOMAIN_RANGE("<") " ORDER BY d.name DESC LIMIT ?")
STATEMENT(domain_of_admin_sql,
          "SELECT " DOMAIN_COLUMNS
          " FROM domain_admins r STRAIGHT_JOIN virtual_domains d ON d.id = r.domain_id"
          " LEFT JOIN domain_counts c ON c.domain_id = d.id WHERE r.user_id = ? ORDER BY d.name "
          "LIMIT 1000")

STATEMENT(domain_insert_sql,
          "INSERT INTO virtual_domains (name, description, limit_mailboxes, limit_aliases,"
          " limit_quota_kb, quota_default_kb, quota_most_kb) VALUES (?, ?, ?, ?, ?, ?, ?)")
STATEMENT(domain_update_sql,
          "UPDATE virtual_domains SET name = ?, description = ?, limit_mailboxes = ?,"
          " limit_aliases = ?, limit_quota_kb = ?, quota_default_kb = ?, quota_most_kb = ?,"
          " version = version + 1 WHERE id = ? AND version = ?")
STATEMENT(domain_delete_sql, "DELETE FROM virtual_domains WHERE id = ? AND version = ?")

/* Two ways in, each by its index: accounts with a level, and accounts with rights elsewhere. */
#define PRIVILEGED_COLUMNS                                                              \
    "u.id AS id, u.admin AS level, u.email AS email,"                                   \
    " EXISTS (SELECT 1 FROM domain_admins e WHERE e.user_id = u.id AND e.domain_id <> " \
    "u.domain_id)"                                                                      \
    " AS administers_elsewhere"
#define PRIVILEGED(lock)                                                              \
    "(SELECT " PRIVILEGED_COLUMNS " FROM virtual_users u FORCE INDEX (k_users_admin)" \
    " WHERE u.admin IN (1, 2) AND u.domain_id = ?" lock ")"                           \
    " UNION (SELECT " PRIVILEGED_COLUMNS " FROM domain_admins r"                      \
    " JOIN virtual_users u ON u.id = r.user_id"                                       \
    " WHERE u.domain_id = ? AND r.domain_id <> u.domain_id" lock ")"                  \
    " ORDER BY level DESC, email LIMIT ?"
STATEMENT(domain_privileged_sql, PRIVILEGED(""))
STATEMENT(domain_privileged_lock, PRIVILEGED(" FOR UPDATE"))

STATEMENT(domain_admins_sql,
          "SELECT u.id AS id, u.admin AS level, u.active AS active,"
          " (SELECT MAX(l.last_login) FROM last_login l WHERE l.username = u.email) AS last_seen,"
          " u.email AS email, u.name AS name"
          " FROM domain_admins r STRAIGHT_JOIN virtual_users u ON u.id = r.user_id"
          " WHERE r.domain_id = ? ORDER BY u.email LIMIT 1000")
STATEMENT(domain_admin_insert_sql, "INSERT INTO domain_admins (domain_id, user_id) VALUES (?, ?)")
STATEMENT(domain_admin_delete_sql, "DELETE FROM domain_admins WHERE domain_id = ? AND user_id = ?")

STATEMENT(site_numbers_all, "SELECT SUM(IF(k.kind = 'domains', k.n, 0)) AS domains,"
                            " SUM(IF(k.kind = 'mailboxes', k.n, 0)) AS mailboxes, SUM(IF(k.kind = "
                            "'aliases', k.n, 0)) AS aliases"
                            " FROM site_counts k")
STATEMENT(
    site_numbers_reach,
    "SELECT COUNT(*) AS domains, SUM(c.mailboxes) AS mailboxes, SUM(c.aliases) AS aliases"
    " FROM domain_admins r JOIN domain_counts c ON c.domain_id = r.domain_id WHERE r.user_id = ?")

#define MEMBER(member) COLUMN(domain, member, #member)
#define OWN_MEMBERS                                                                  \
    MEMBER(id), MEMBER(version), MEMBER(created), MEMBER(name), MEMBER(description), \
        MEMBER(limit_mailboxes), MEMBER(limit_aliases), MEMBER(limit_quota_kb),      \
        MEMBER(quota_default_kb), MEMBER(quota_most_kb)
#define COUNT_MEMBERS MEMBER(mailboxes), MEMBER(aliases), MEMBER(quota_kb)
static const struct column domain_columns[] = {OWN_MEMBERS, COUNT_MEMBERS};
static const struct row domain_row = ROW(domain, domain_columns);
static const struct column own_columns[] = {OWN_MEMBERS};
static const struct row own_row = ROW(domain, own_columns);
static const struct column count_columns[] = {COUNT_MEMBERS};
static const struct row count_row = ROW(domain, count_columns);

enum outcome domain_find(struct store *s, struct arena *a, const char *name,
                         struct domain *domain_r)
{
    return db_row(s, a, &domain_by_name_sql, VALUES(bind_text(name)), &domain_row, domain_r);
}

enum outcome domain_by_id(struct store *s, struct arena *a, int64_t id, struct domain *domain_r)
{
    return db_row(s, a, &domain_by_id_sql, VALUES(bind_int(id)), &domain_row, domain_r);
}

enum outcome domain_lock(struct store *s, struct arena *a, int64_t id, struct domain *domain_r)
{
    struct domain counts;
    enum outcome o = db_row(s, a, &domain_lock_sql, VALUES(bind_int(id)), &own_row, domain_r);
    if (o == OUT_OK)
        o = db_row(s, a, &domain_counts_sql, VALUES(bind_int(id)), &count_row, &counts);
    if (o == OUT_OK) {
        domain_r->mailboxes = counts.mailboxes;
        domain_r->aliases = counts.aliases;
        domain_r->quota_kb = counts.quota_kb;
    }
    return o;
}

enum outcome domain_list(struct store *s, struct arena *a, const struct reach *reach,
                         const struct keyset *k, struct domain **rows_r, size_t *n_r,
                         struct keyset_ends *ends_r)
{
    struct keyset_range r = keyset_range(a, k);
    enum outcome o;
    if (reach->everything)
        o = db_rows(
            s, a, r.backwards ? &domain_list_backwards : &domain_list_forwards,
            VALUES(bind_text(r.edge), bind_text(r.from), bind_text(r.below), bind_int(r.limit)),
            &domain_row, rows_r, n_r);
    else
        o = db_rows(s, a, r.backwards ? &domain_reach_backwards : &domain_reach_forwards,
                    VALUES(bind_int(reach->account), bind_text(r.edge), bind_text(r.from),
                           bind_text(r.below), bind_int(r.limit)),
                    &domain_row, rows_r, n_r);
    if (o == OUT_OK)
        keyset_finish(k, *rows_r, sizeof **rows_r, n_r, ends_r);
    return o;
}

struct bare {
    const char *name;
};
static const struct column bare_columns[] = {COLUMN(bare, name, "name")};
static const struct row bare_row = ROW(bare, bare_columns);

enum outcome domain_name_list(struct store *s, struct arena *a, const struct keyset *k,
                              const char ***rows_r, size_t *n_r, struct keyset_ends *ends_r)
{
    struct keyset_range r = keyset_range(a, k);
    enum outcome o =
        db_rows(s, a, r.backwards ? &domain_names_backwards : &domain_names_forwards,
                VALUES(bind_text(r.edge), bind_text(r.from), bind_text(r.below), bind_int(r.limit)),
                &bare_row, rows_r, n_r);
    if (o == OUT_OK)
        keyset_finish(k, *rows_r, sizeof **rows_r, n_r, ends_r);
    return o;
}

enum outcome domains_of_admin(struct store *s, struct arena *a, int64_t user_id,
                              struct domain **rows_r, size_t *n_r)
{
    return db_rows(s, a, &domain_of_admin_sql, VALUES(bind_int(user_id)), &domain_row, rows_r, n_r);
}

enum outcome domain_insert(struct store *s, const struct domain *d, int64_t *id_r)
{
    const char *description = d->description != NULL ? d->description : "";
    return db_change(s, &domain_insert_sql,
                     VALUES(bind_text(d->name), bind_text(description),
                            bind_int(d->limit_mailboxes), bind_int(d->limit_aliases),
                            bind_int(d->limit_quota_kb), bind_int(d->quota_default_kb),
                            bind_int(d->quota_most_kb)),
                     NULL, id_r);
}

/* The triggers carry a rename on to addresses, destinations, quota2, last_login and lists. */
enum outcome domain_update(struct store *s, struct arena *a, const struct domain *before,
                           const struct domain *after)
{
    (void)a;
    const char *description = after->description != NULL ? after->description : "";
    return db_change_one(s, &domain_update_sql,
                         VALUES(bind_text(after->name), bind_text(description),
                                bind_int(after->limit_mailboxes), bind_int(after->limit_aliases),
                                bind_int(after->limit_quota_kb), bind_int(after->quota_default_kb),
                                bind_int(after->quota_most_kb), bind_int(before->id),
                                bind_int(before->version)));
}

enum outcome domain_delete(struct store *s, int64_t id, int64_t version)
{
    return db_change_one(s, &domain_delete_sql, VALUES(bind_int(id), bind_int(version)));
}

struct privileged {
    int64_t id, level, elsewhere;
    const char *email;
};

static const struct column privileged_columns[] = {
    COLUMN(privileged, id, "id"),
    COLUMN(privileged, level, "level"),
    COLUMN(privileged, email, "email"),
    COLUMN(privileged, elsewhere, "administers_elsewhere"),
};
static const struct row privileged_row = ROW(privileged, privileged_columns);

enum outcome domain_privileged(struct store *s, struct arena *a, int64_t id, size_t max,
                               struct mailbox_brief **rows_r, size_t *n_r)
{
    struct privileged *found;
    enum outcome o = db_rows(
        s, a, store_in_transaction(s) ? &domain_privileged_lock : &domain_privileged_sql,
        VALUES(bind_int(id), bind_int(id), bind_int((int64_t)max)), &privileged_row, &found, n_r);
    if (o != OUT_OK)
        return o;
    struct mailbox_brief *rows = arena_array(a, *n_r > 0 ? *n_r : 1, sizeof *rows);
    for (size_t i = 0; i < *n_r; i++)
        rows[i] = (struct mailbox_brief){found[i].id, found[i].level, found[i].email,
                                         found[i].elsewhere != 0};
    *rows_r = rows;
    return OUT_OK;
}

static const struct column admin_columns[] = {
    COLUMN(domain_admin, id, "id"),         COLUMN(domain_admin, level, "level"),
    COLUMN(domain_admin, active, "active"), COLUMN(domain_admin, last_seen, "last_seen"),
    COLUMN(domain_admin, email, "email"),   COLUMN(domain_admin, name, "name"),
};
static const struct row admin_row = ROW(domain_admin, admin_columns);

enum outcome domain_admins(struct store *s, struct arena *a, int64_t domain_id,
                           struct domain_admin **rows_r, size_t *n_r)
{
    return db_rows(s, a, &domain_admins_sql, VALUES(bind_int(domain_id)), &admin_row, rows_r, n_r);
}

enum outcome domain_admin_insert(struct store *s, int64_t domain_id, int64_t user_id)
{
    return db_change(s, &domain_admin_insert_sql, VALUES(bind_int(domain_id), bind_int(user_id)),
                     NULL, NULL);
}

enum outcome domain_admin_delete(struct store *s, int64_t domain_id, int64_t user_id)
{
    return db_change_one(s, &domain_admin_delete_sql,
                         VALUES(bind_int(domain_id), bind_int(user_id)));
}

static const struct column numbers_columns[] = {
    COLUMN(site_numbers, domains, "domains"),
    COLUMN(site_numbers, mailboxes, "mailboxes"),
    COLUMN(site_numbers, aliases, "aliases"),
};
static const struct row numbers_row = ROW(site_numbers, numbers_columns);

enum outcome site_numbers(struct store *s, const struct reach *reach,
                          struct site_numbers *numbers_r)
{
    if (reach->everything)
        return db_row(s, NULL, &site_numbers_all, NO_VALUES, &numbers_row, numbers_r);
    return db_row(s, NULL, &site_numbers_reach, VALUES(bind_int(reach->account)), &numbers_row,
                  numbers_r);
}
