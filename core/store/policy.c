/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/policy.h"

#include "model/decimal.h"
#include "store/db.h"
#include "store/keyset.h"

/* Each column as its member is kept: truths as 1 and 0, scores in thousandths, sizes in kB. */
#define READ_TRUTH(name) "CASE p." #name " WHEN 'Y' THEN 1 WHEN 'N' THEN 0 END AS " #name
#define READ_SCORE(name) \
    "CAST(ROUND(LEAST(GREATEST(p." #name ", -999999), 999999) * 1000) AS SIGNED) AS " #name
#define READ_BYTES(name) "CAST(CEIL(p." #name " / 1024) AS SIGNED) AS " #name
#define READ_LINE64(name) "p." #name " AS " #name
#define READ_LINE254(name) READ_LINE64(name)
#define READ(kind, name, ...) ", " READ_##kind(name)
#define POLICY_COLUMNS                                                            \
    "p.id AS id, p.version AS version, UNIX_TIMESTAMP(p.created) AS created,"     \
    " p.policy_name AS name, p.description AS description, p.offered AS offered," \
    " p.server_default AS server_default" POLICY_SETTINGS(READ)
/* Of what a million may have chosen, no more is counted than is told. */
#define COUNTED(table)                                                                     \
    "CASE WHEN (SELECT 1 FROM " table " c WHERE c.policy_id = p.id LIMIT 1000, 1) IS NULL" \
    " THEN (SELECT COUNT(*) FROM " table " c WHERE c.policy_id = p.id) ELSE 1001 END"
#define WITH_COUNTS                                          \
    ", " COUNTED("virtual_users") " AS mailboxes, " COUNTED( \
        "virtual_domains") " AS domains, 0 AS layer"
#define WITH_LAYER(layer) ", 0 AS mailboxes, 0 AS domains, " layer " AS layer"
#define POLICY "SELECT " POLICY_COLUMNS

STATEMENT(policy_by_id_sql, POLICY WITH_COUNTS " FROM policies p WHERE p.id = ?")
STATEMENT(policy_by_name_sql, POLICY WITH_COUNTS " FROM policies p WHERE p.policy_name = ?")
STATEMENT(policy_lock_sql, POLICY WITH_LAYER("0") " FROM policies p WHERE p.id = ? FOR UPDATE")
/* In small letters first, so that nobody has to know how a name is written. */
#define BY_NAME " FROM policies p FORCE INDEX (k_policies_sort)"
#define LIST(compare, order)                                                             \
    POLICY WITH_COUNTS BY_NAME " WHERE (p.sort_name " compare                            \
                               " LOWER(?) OR (p.sort_name = LOWER(?)"                    \
                               " AND p.policy_name " compare " ?))"                      \
                               " AND p.sort_name >= LOWER(?) AND p.sort_name < LOWER(?)" \
                               " ORDER BY p.sort_name" order ", p.policy_name" order " LIMIT ?"
STATEMENT(policy_list_forwards, LIST(">", ""))
STATEMENT(policy_list_backwards, LIST("<", " DESC"))
STATEMENT(policy_count_sql, "SELECT COUNT(*) AS n FROM policies")
STATEMENT(policy_choices_sql,
          POLICY WITH_LAYER("0") BY_NAME " WHERE p.offered = 1 OR ? = 1 OR p.id = ?"
                                         " ORDER BY p.sort_name, p.policy_name LIMIT ?")

#define OF_SERVER POLICY WITH_LAYER("1") " FROM policies p WHERE p.server_default = 1"
#define OF_DOMAIN(which)                                                                   \
    POLICY WITH_LAYER("5") " FROM virtual_domains d JOIN policies p ON p.id = d.policy_id" \
                           " WHERE d.id = " which
STATEMENT(
    policy_layers_mailbox_sql,
    POLICY WITH_LAYER(
        "9") " FROM virtual_users u JOIN policies p ON p.id = u.policy_id WHERE u.id = ?"
             " UNION ALL " OF_DOMAIN(
                 "(SELECT u.domain_id FROM virtual_users u WHERE u.id = ?)") " UNION ALL " OF_SERVER
                                                                             " ORDER BY layer DESC")
STATEMENT(policy_layers_domain_sql, OF_DOMAIN("?") " UNION ALL " OF_SERVER " ORDER BY layer DESC")

#define NAME(kind, name, ...) ", " #name
#define MARK(kind, name, ...) ", ?"
#define ASSIGN(kind, name, ...) ", " #name " = ?"
STATEMENT(policy_insert_sql,
          "INSERT INTO policies (policy_name, description, offered,"
          " server_default" POLICY_SETTINGS(NAME) ") VALUES"
                                                  " (?, ?, ?, ?" POLICY_SETTINGS(MARK) ")")
STATEMENT(policy_update_sql, "UPDATE policies SET policy_name = ?, description = ?, offered = ?,"
                             " server_default = ?" POLICY_SETTINGS(
                                 ASSIGN) ", version = version + 1 WHERE id = ? AND version = ?")
STATEMENT(policy_delete_sql, "DELETE FROM policies WHERE id = ? AND version = ?")
STATEMENT(policy_yield_default_sql, "UPDATE policies SET server_default = NULL,"
                                    " version = version + 1 WHERE server_default = 1 AND id <> ?")
STATEMENT(policy_users_sql, "(SELECT u.email AS name FROM virtual_users u FORCE INDEX "
                            "(k_users_policy) WHERE u.policy_id = ? LIMIT ?) UNION ALL"
                            " (SELECT d.name AS name FROM virtual_domains d FORCE INDEX "
                            "(k_domains_policy) WHERE d.policy_id = ? LIMIT ?)")
STATEMENT(policy_of_mailbox_sql, "SELECT u.policy_id AS n FROM virtual_users u WHERE u.id = ?")
STATEMENT(policy_of_domain_sql, "SELECT d.policy_id AS n FROM virtual_domains d WHERE d.id = ?")
STATEMENT(policy_choose_mailbox_sql, "UPDATE virtual_users SET policy_id = ?,"
                                     " version = version + 1 WHERE id = ? AND version = ?")
STATEMENT(policy_choose_domain_sql, "UPDATE virtual_domains SET policy_id = ?,"
                                    " version = version + 1 WHERE id = ? AND version = ?")

#define TAKE(kind, member, ...) COLUMN_OR_NULL(policy, member, #member),
static const struct column policy_columns[] = {
    COLUMN(policy, id, "id"),
    COLUMN(policy, version, "version"),
    COLUMN(policy, created, "created"),
    COLUMN(policy, name, "name"),
    COLUMN(policy, description, "description"),
    COLUMN(policy, offered, "offered"),
    COLUMN(policy, server_default, "server_default"),
    POLICY_SETTINGS(TAKE) COLUMN(policy, mailboxes, "mailboxes"),
    COLUMN(policy, domains, "domains"),
    COLUMN(policy, layer, "layer"),
};
static const struct row policy_row = ROW(policy, policy_columns);

struct number {
    int64_t n;
};
static const struct column number_columns[] = {COLUMN(number, n, "n")};
static const struct row number_row = ROW(number, number_columns);

struct named {
    const char *name;
};
static const struct column named_columns[] = {COLUMN(named, name, "name")};
static const struct row named_row = ROW(named, named_columns);

enum outcome policy_by_id(struct store *s, struct arena *a, int64_t id, struct policy *policy_r)
{
    return db_row(s, a, &policy_by_id_sql, VALUES(bind_int(id)), &policy_row, policy_r);
}

enum outcome policy_find(struct store *s, struct arena *a, const char *name,
                         struct policy *policy_r)
{
    return db_row(s, a, &policy_by_name_sql, VALUES(bind_text(name)), &policy_row, policy_r);
}

enum outcome policy_lock(struct store *s, struct arena *a, int64_t id, struct policy *policy_r)
{
    return db_row(s, a, &policy_lock_sql, VALUES(bind_int(id)), &policy_row, policy_r);
}

enum outcome policy_list(struct store *s, struct arena *a, const struct keyset *k,
                         struct policy **rows_r, size_t *n_r, struct keyset_ends *ends_r)
{
    struct keyset_range r = keyset_range(a, k);
    enum outcome o = db_rows(s, a, r.backwards ? &policy_list_backwards : &policy_list_forwards,
                             VALUES(bind_text(r.edge), bind_text(r.edge), bind_text(r.edge),
                                    bind_text(r.from), bind_text(r.below), bind_int(r.limit)),
                             &policy_row, rows_r, n_r);
    if (o == OUT_OK)
        keyset_finish(k, *rows_r, sizeof **rows_r, n_r, ends_r);
    return o;
}

static enum outcome number_read(struct store *s, const struct statement *st, struct values values,
                                int64_t *n_r)
{
    struct number number = {0};
    enum outcome o = db_row(s, NULL, st, values, &number_row, &number);
    *n_r = number.n;
    return o;
}

enum outcome policy_count(struct store *s, int64_t *n_r)
{
    return number_read(s, &policy_count_sql, NO_VALUES, n_r);
}

enum outcome policy_choices(struct store *s, struct arena *a, bool all, int64_t chosen,
                            struct policy **rows_r, size_t *n_r)
{
    return db_rows(s, a, &policy_choices_sql,
                   VALUES(bind_int(all), bind_int(chosen), bind_int(POLICY_CHOICES)), &policy_row,
                   rows_r, n_r);
}

enum outcome policy_layers_of_mailbox(struct store *s, struct arena *a, int64_t id,
                                      struct policy **rows_r, size_t *n_r)
{
    return db_rows(s, a, &policy_layers_mailbox_sql, VALUES(bind_int(id), bind_int(id)),
                   &policy_row, rows_r, n_r);
}

enum outcome policy_layers_of_domain(struct store *s, struct arena *a, int64_t id,
                                     struct policy **rows_r, size_t *n_r)
{
    return db_rows(s, a, &policy_layers_domain_sql, VALUES(bind_int(id)), &policy_row, rows_r, n_r);
}

static struct bind null_or(int64_t n, struct bind bind)
{
    return n == FIELD_UNSET ? bind_text(NULL) : bind;
}

#define BIND_TRUTH(n) null_or(n, bind_text((n) != 0 ? "Y" : "N"))
#define BIND_SCORE(n) null_or(n, bind_text(decimal_text(a, n)))
#define BIND_BYTES(n) null_or(n, bind_int((n) == FIELD_UNSET ? 0 : (n)*1024))
#define BIND_LINE64(text) bind_text(text)
#define BIND_LINE254(text) bind_text(text)
#define BIND(kind, name, ...) , BIND_##kind(p->name)
#define POLICY_VALUES                                                    \
    bind_text(p->name), bind_text(p->description), bind_int(p->offered), \
        value_id(p->server_default) POLICY_SETTINGS(BIND)

enum outcome policy_insert(struct store *s, struct arena *a, const struct policy *p, int64_t *id_r)
{
    return db_change(s, &policy_insert_sql, VALUES(POLICY_VALUES), NULL, id_r);
}

enum outcome policy_update(struct store *s, struct arena *a, const struct policy *before,
                           const struct policy *p)
{
    return db_change_one(s, &policy_update_sql,
                         VALUES(POLICY_VALUES, bind_int(before->id), bind_int(before->version)));
}

enum outcome policy_delete(struct store *s, int64_t id, int64_t version)
{
    return db_change_one(s, &policy_delete_sql, VALUES(bind_int(id), bind_int(version)));
}

enum outcome policy_yield_default(struct store *s, int64_t id)
{
    return db_change(s, &policy_yield_default_sql, VALUES(bind_int(id)), NULL, NULL);
}

enum outcome policy_users(struct store *s, struct arena *a, int64_t id, const char ***names_r,
                          size_t *n_r)
{
    struct named *rows;
    enum outcome o =
        db_rows(s, a, &policy_users_sql,
                VALUES(bind_int(id), bind_int(POLICY_USERS), bind_int(id), bind_int(POLICY_USERS)),
                &named_row, &rows, n_r);
    if (o != OUT_OK)
        return o;
    *names_r = arena_array(a, *n_r > 0 ? *n_r : 1, sizeof **names_r);
    for (size_t i = 0; i < *n_r; i++)
        (*names_r)[i] = rows[i].name;
    return OUT_OK;
}

enum outcome policy_of_mailbox(struct store *s, int64_t id, int64_t *policy_r)
{
    return number_read(s, &policy_of_mailbox_sql, VALUES(bind_int(id)), policy_r);
}

enum outcome policy_of_domain(struct store *s, int64_t id, int64_t *policy_r)
{
    return number_read(s, &policy_of_domain_sql, VALUES(bind_int(id)), policy_r);
}

enum outcome policy_choose_mailbox(struct store *s, int64_t id, int64_t version, int64_t policy)
{
    return db_change_one(s, &policy_choose_mailbox_sql,
                         VALUES(value_id(policy), bind_int(id), bind_int(version)));
}

enum outcome policy_choose_domain(struct store *s, int64_t id, int64_t version, int64_t policy)
{
    return db_change_one(s, &policy_choose_domain_sql,
                         VALUES(value_id(policy), bind_int(id), bind_int(version)));
}
