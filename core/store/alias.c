/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/alias.h"

#include <string.h>

#include "base/str.h"
#include "model/address.h"
#include "model/destinations.h"
#include "store/db.h"
#include "store/domain.h"
#include "store/keyset.h"

/* The rows of one alias as one; `v` is its oldest row, the others have the same address. */
#define OF_ITS_ROWS(what)                                                                   \
    "(SELECT " what " FROM virtual_aliases w WHERE w.email = v.email AND w.destination <> " \
    "v.email)"
#define ACCOUNT_ADMINISTERS \
    "(SELECT GROUP_CONCAT(e.domain_id) FROM domain_admins e WHERE e.user_id = u.id)"
#define ALIAS_COLUMNS(destinations)                                                                       \
    "v.id AS id, v.domain_id AS domain_id,"                                                               \
    " (SELECT MAX(w.version) FROM virtual_aliases w WHERE w.email = v.email) AS version,"                 \
    " UNIX_TIMESTAMP(v.created) AS created, v.source AS source, v.email AS email,"                        \
    " SUBSTRING_INDEX(v.email, '@', -1) AS domain, " destinations " AS destinations,"                     \
    " v.description AS description,"                                                                      \
    " (SELECT MAX(w.active) FROM virtual_aliases w WHERE w.email = v.email) AS active,"                   \
    " v.source = '' AS catch_all,"                                                                        \
    " EXISTS (SELECT 1 FROM virtual_aliases w WHERE w.destination = v.email AND w.email = v.email"        \
    ") AS keep_copy, " OF_ITS_ROWS("COUNT(*)") " AS destinations_n, " OF_ITS_ROWS(                        \
        "COUNT(NULLIF(w.destination_domain, SUBSTRING_INDEX(v.email, '@', -1)))") " AS outside, "         \
                                                                                  "u.id AS "              \
                                                                                  "account_id, "          \
                                                                                  "u.admin AS "           \
                                                                                  "account_level,"        \
                                                                                  " " ACCOUNT_ADMINISTERS \
                                                                                  " AS "                  \
                                                                                  "account_"              \
                                                                                  "administers"
#define ITS_ACCOUNT " LEFT JOIN virtual_users u ON u.email = v.email"
#define ALL_DESTINATIONS OF_ITS_ROWS("GROUP_CONCAT(w.destination ORDER BY w.id SEPARATOR '\\n')")
#define FIRST_DESTINATIONS \
    OF_ITS_ROWS(           \
        "SUBSTRING_INDEX(GROUP_CONCAT(w.destination ORDER BY w.id SEPARATOR '\\n'), '\\n', 5)")
_Static_assert(LIST_DESTINATIONS == 5, "the statement says so too");

STATEMENT(alias_by_id_sql, "SELECT " ALIAS_COLUMNS(
                               ALL_DESTINATIONS) " FROM virtual_aliases one JOIN virtual_aliases v "
                                                 "ON v.domain_id = one.domain_id AND"
                                                 " v.source = one.source" ITS_ACCOUNT
                                                 " WHERE one.id = ? ORDER BY v.id LIMIT 1")
STATEMENT(alias_by_email_sql,
          "SELECT " ALIAS_COLUMNS(ALL_DESTINATIONS) " FROM virtual_aliases v" ITS_ACCOUNT
                                                    " WHERE v.email = ? ORDER BY v.id LIMIT 1")
STATEMENT(alias_lock_domain,
          "SELECT d.id AS id FROM virtual_aliases v JOIN virtual_domains d ON d.id = v.domain_id"
          " WHERE v.id = ? LOCK IN SHARE MODE")
STATEMENT(alias_lock_rows,
          "SELECT v.id AS id FROM virtual_aliases one"
          " JOIN virtual_aliases v ON v.domain_id = one.domain_id AND v.source = one.source"
          " WHERE one.id = ? ORDER BY v.id LIMIT 1 FOR UPDATE")
STATEMENT(alias_lock_account_sql,
          "SELECT u.id AS id FROM virtual_users u WHERE u.email = ? FOR UPDATE")
STATEMENT(alias_account_sql,
          "SELECT u.id AS account_id, u.admin AS account_level, " ACCOUNT_ADMINISTERS
          " AS account_administers FROM virtual_users u WHERE u.email = ?")
STATEMENT(routes_lock_sql, "INSERT INTO site (name) VALUES ('routes')"
                           " ON DUPLICATE KEY UPDATE name = name")

STATEMENT(aliases_around_sql,
          "(SELECT v.email AS source, v.destination AS destination FROM virtual_aliases v"
          " WHERE v.destination = ? AND v.email <> ? AND v.active = 1 ORDER BY v.id LIMIT 20)"
          " UNION ALL (SELECT v.email AS source, v.destination AS destination"
          " FROM virtual_aliases v WHERE v.email = ? AND v.active = 1 ORDER BY v.id LIMIT 20)")

/* Lists: the page's ids first, in the order of an index that has an alias's rows side by side; what
 * else is shown, for these only. */
#define PAGE_OF(ids, order)                                                                  \
    "SELECT " ALIAS_COLUMNS(                                                                 \
        FIRST_DESTINATIONS) " FROM (" ids ") page"                                           \
                            " STRAIGHT_JOIN virtual_aliases v ON v.id = page.id" ITS_ACCOUNT \
                            " ORDER BY v." order
#define IN_STATE " AND (? < 0 OR r.active = ?)"
#define IN_DOMAIN(compare, order)                                                         \
    PAGE_OF("SELECT MIN(r.id) AS id FROM virtual_aliases r FORCE INDEX (uq_aliases_pair)" \
            " WHERE r.domain_id = ? AND r.source " compare                                \
            " ? AND r.source >= ? AND r.source < ?" IN_STATE                              \
            " GROUP BY r.source ORDER BY r.source" order " LIMIT ?",                      \
            "source" order)
STATEMENT(alias_domain_forwards, IN_DOMAIN(">=", ""))
STATEMENT(alias_domain_backwards, IN_DOMAIN("<", " DESC"))
#define EVERYWHERE(compare, order)                                                        \
    PAGE_OF("SELECT MIN(r.id) AS id FROM virtual_aliases r FORCE INDEX (k_aliases_email)" \
            " WHERE r.email " compare " ? AND r.email >= ? AND r.email < ?" IN_STATE      \
            " GROUP BY r.email ORDER BY r.email" order " LIMIT ?",                        \
            "email" order)
STATEMENT(alias_all_forwards, EVERYWHERE(">", ""))
STATEMENT(alias_all_backwards, EVERYWHERE("<", " DESC"))
#define REACHED(compare, order)                                             \
    PAGE_OF("SELECT MIN(r.id) AS id FROM domain_admins e"                   \
            " STRAIGHT_JOIN virtual_aliases r ON r.domain_id = e.domain_id" \
            " WHERE e.user_id = ? AND r.email " compare                     \
            " ? AND r.email >= ? AND r.email < ?" IN_STATE                  \
            " GROUP BY r.email ORDER BY r.email" order " LIMIT ?",          \
            "email" order)
STATEMENT(alias_reach_forwards, REACHED(">", ""))
STATEMENT(alias_reach_backwards, REACHED("<", " DESC"))
/* The rows of an alias that leads there are told apart by their destination: one at most. */
#define LEADS_TO(compare, order)                                                             \
    PAGE_OF("SELECT (SELECT MIN(o.id) FROM virtual_aliases o WHERE o.email = r.email) AS id" \
            " FROM virtual_aliases r FORCE INDEX (k_aliases_destination)"                    \
            " WHERE r.destination = ? AND r.email <> r.destination AND r.email " compare     \
            " ? AND r.email >= ? AND r.email < ?" IN_STATE " AND (? = 0 OR r.domain_id = ?)" \
            " AND (? = 0 OR EXISTS (SELECT 1 FROM domain_admins e WHERE e.user_id = ?"       \
            " AND e.domain_id = r.domain_id)) ORDER BY r.email" order " LIMIT ?",            \
            "email" order)
STATEMENT(alias_target_forwards, LEADS_TO(">", ""))
STATEMENT(alias_target_backwards, LEADS_TO("<", " DESC"))
/* To any address of a domain: from everywhere, by address; from one domain, by source; from an
 * administrator's. */
#define INTO(from, where, compare, key, order)                                                     \
    PAGE_OF("SELECT (SELECT MIN(o.id) FROM virtual_aliases o WHERE o.email = r.email) AS id"       \
            " FROM " from " WHERE " where " r." key " " compare " ? AND r." key " >= ? AND r." key \
            " < ?" IN_STATE " AND r.destination_domain = ? AND r.destination <> r.email"           \
            " GROUP BY r." key " ORDER BY r." key order " LIMIT ?",                                \
            key order)
#define INTO_EVERYWHERE(compare, order)                                                        \
    INTO("virtual_aliases r FORCE INDEX (k_aliases_destination_domain)", "", compare, "email", \
         order)
#define INTO_IN_DOMAIN(compare, order)                                                     \
    INTO("virtual_aliases r FORCE INDEX (k_aliases_into)", "r.domain_id = ? AND", compare, \
         "source", order)
#define INTO_REACHED(compare, order)                                                        \
    INTO("domain_admins e STRAIGHT_JOIN virtual_aliases r FORCE INDEX (k_aliases_into) ON " \
         "r.domain_id = e.domain_id",                                                       \
         "e.user_id = ? AND", compare, "email", order)
STATEMENT(alias_into_forwards, INTO_EVERYWHERE(">", ""))
STATEMENT(alias_into_backwards, INTO_EVERYWHERE("<", " DESC"))
STATEMENT(alias_domain_into_forwards, INTO_IN_DOMAIN(">=", ""))
STATEMENT(alias_domain_into_backwards, INTO_IN_DOMAIN("<", " DESC"))
STATEMENT(alias_reach_into_forwards, INTO_REACHED(">", ""))
STATEMENT(alias_reach_into_backwards, INTO_REACHED("<", " DESC"))

/* Step by step from each of them; a step is the key by which Postfix finds what stands there: the
 * address, or the catch-all of its domain. UNION drops what was there before, so a circle ends. */
#define KEY_OF(destination)                                                                    \
    "CASE WHEN EXISTS (SELECT 1 FROM virtual_aliases o WHERE o.email = " destination           \
    " AND o.active = 1) OR EXISTS (SELECT 1 FROM virtual_users u WHERE u.email = " destination \
    ") THEN " destination " ELSE CONCAT('@', SUBSTRING_INDEX(" destination ", '@', -1)) END"
STATEMENT(
    alias_circles_sql,
    "WITH RECURSIVE way (id, start, at) AS ("
    "SELECT k.id, v.email, " KEY_OF(
        "w.destination") " FROM JSON_TABLE(?, '$[*]' COLUMNS (id INT UNSIGNED PATH '$')) k"
                         " STRAIGHT_JOIN virtual_aliases v ON v.id = k.id"
                         " STRAIGHT_JOIN virtual_aliases w ON w.email = v.email AND w.active = 1"
                         " AND w.destination <> w.email"
                         " UNION SELECT y.id, y.start, " KEY_OF(
                             "n.destination") " FROM way y STRAIGHT_JOIN virtual_aliases n ON "
                                              "n.email = y.at AND n.active = 1"
                                              " AND n.destination <> n.email AND y.at <> y.start)"
                                              " SELECT DISTINCT way.id AS id FROM way WHERE way.at "
                                              "= way.start"
                                              " LIMIT ROWS EXAMINED 50000")
_Static_assert(ALIASES_FOLLOWED == 50000, "the statement says so too");

STATEMENT(alias_insert_sql,
          "INSERT INTO virtual_aliases (domain_id, source, destination, active, description)"
          " VALUES (?, ?, ?, ?, ?)")
STATEMENT(alias_trim_sql,
          "DELETE FROM virtual_aliases WHERE domain_id = ? AND source = ? AND id <> ?")
STATEMENT(alias_first_sql, "UPDATE virtual_aliases SET destination = ? WHERE id = ?")
STATEMENT(alias_version_sql,
          "UPDATE virtual_aliases SET version = ? WHERE domain_id = ? AND source = ?")
STATEMENT(alias_level_sql, "UPDATE virtual_aliases SET source = ?, description = ?, active = ?,"
                           " version = ? WHERE domain_id = ? AND source = ?")
STATEMENT(alias_delete_sql, "DELETE FROM virtual_aliases WHERE domain_id = ? AND source = ?")
STATEMENT(alias_hops_sql,
          "SELECT v.email AS at, v.destination AS destination FROM virtual_aliases v"
          " WHERE v.email IN (?, ?, ?) AND v.active = 1"
          " UNION ALL SELECT u.email, '' FROM virtual_users u WHERE u.email IN (?, ?)")
STATEMENT(aliases_into_sql,
          "SELECT v.id AS id, v.domain_id AS domain_id, v.source AS source, v.email AS email"
          " FROM virtual_aliases v WHERE v.destination_domain = ? AND v.active = 1 LIMIT 1000")
STATEMENT(
    alias_targets_sql,
    "SELECT v.destination AS address, d.id AS domain_id, u.id AS mailbox, u.active AS active,"
    " (SELECT MIN(o.id) FROM virtual_aliases o WHERE o.email = v.destination AND o.active = 1)"
    " AS alias, EXISTS (SELECT 1 FROM virtual_aliases o WHERE o.email = d.at_name AND"
    " o.active = 1) AS catch_all"
    " FROM virtual_aliases v LEFT JOIN virtual_domains d ON d.name = v.destination_domain"
    " LEFT JOIN virtual_users u ON u.email = v.destination"
    " WHERE v.domain_id = ? AND v.source = ? AND v.destination <> v.email ORDER BY v.id")

_Static_assert(offsetof(struct alias, account_administers_n) ==
                   offsetof(struct alias, account_administers) + sizeof(const int64_t *),
               "COLUMN_IDS writes both");
#define MEMBER(member) COLUMN(alias, member, #member)
static const struct column alias_columns[] = {
    MEMBER(id),
    MEMBER(domain_id),
    MEMBER(version),
    MEMBER(created),
    MEMBER(source),
    MEMBER(email),
    MEMBER(domain),
    MEMBER(destinations),
    MEMBER(description),
    MEMBER(active),
    MEMBER(catch_all),
    MEMBER(keep_copy),
    MEMBER(destinations_n),
    MEMBER(outside),
    MEMBER(account_id),
    MEMBER(account_level),
    MEMBER(account_administers),
};
static const struct row alias_row = ROW(alias, alias_columns);
static const struct column id_columns[] = {MEMBER(id)};
static const struct row id_row = ROW(alias, id_columns);
static const struct column account_columns[] = {MEMBER(account_id), MEMBER(account_level),
                                                MEMBER(account_administers)};
static const struct row account_row = ROW(alias, account_columns);
static const struct column hop_columns[] = {COLUMN(hop, at, "at"),
                                            COLUMN(hop, destination, "destination")};
static const struct row hop_row = ROW(hop, hop_columns);
static const struct column into_columns[] = {MEMBER(id), MEMBER(domain_id), MEMBER(source),
                                             MEMBER(email)};
static const struct row into_row = ROW(alias, into_columns);
static const struct column target_columns[] = {
    COLUMN(alias_target, address, "address"), COLUMN(alias_target, domain_id, "domain_id"),
    COLUMN(alias_target, mailbox, "mailbox"), COLUMN(alias_target, active, "active"),
    COLUMN(alias_target, alias, "alias"),     COLUMN(alias_target, catch_all, "catch_all"),
};
static const struct row target_row = ROW(alias_target, target_columns);

enum outcome alias_by_id(struct store *s, struct arena *a, int64_t id, struct alias *alias_r)
{
    return db_row(s, a, &alias_by_id_sql, VALUES(bind_int(id)), &alias_row, alias_r);
}

enum outcome alias_find(struct store *s, struct arena *a, const char *email, struct alias *alias_r)
{
    return db_row(s, a, &alias_by_email_sql, VALUES(bind_text(email)), &alias_row, alias_r);
}

enum outcome alias_lock_account(struct store *s, struct arena *a, struct alias *alias)
{
    struct alias account = {0}, locked;
    enum outcome o =
        db_row(s, a, &alias_lock_account_sql, VALUES(bind_text(alias->email)), &id_row, &locked);
    if (o == OUT_OK)
        o = db_row(s, a, &alias_account_sql, VALUES(bind_text(alias->email)), &account_row,
                   &account);
    alias->account_id = account.account_id;
    alias->account_level = account.account_level;
    alias->account_administers = account.account_administers;
    alias->account_administers_n = account.account_administers_n;
    return o == OUT_ABSENT ? OUT_OK : o;
}

enum outcome alias_lock(struct store *s, struct arena *a, int64_t id, struct alias *alias_r)
{
    enum outcome o = db_row(s, a, &alias_lock_domain, VALUES(bind_int(id)), &id_row, alias_r);
    if (o == OUT_OK)
        o = db_row(s, a, &alias_lock_rows, VALUES(bind_int(id)), &id_row, alias_r);
    if (o == OUT_OK)
        o = alias_by_id(s, a, id, alias_r);
    return o == OUT_OK ? alias_lock_account(s, a, alias_r) : o;
}

enum outcome routes_lock(struct store *s)
{
    return db_change(s, &routes_lock_sql, NO_VALUES, NULL, NULL);
}

/* The target is "@domain". */
static enum outcome list_into(struct store *s, struct arena *a, const struct reach *reach,
                              const struct alias_filter *f, const struct keyset_range *r,
                              struct alias **rows_r, size_t *n_r)
{
    const struct statement *all = r->backwards ? &alias_into_backwards : &alias_into_forwards,
                           *domain = r->backwards ? &alias_domain_into_backwards
                                                  : &alias_domain_into_forwards,
                           *reached = r->backwards ? &alias_reach_into_backwards
                                                   : &alias_reach_into_forwards;
    const struct bind edge = bind_text(r->edge), from = bind_text(r->from),
                      below = bind_text(r->below), active = bind_int(f->active),
                      into = bind_text(f->target + 1), limit = bind_int(r->limit);
    if (f->domain_id == 0 && reach->everything)
        return db_rows(s, a, all, VALUES(edge, from, below, active, active, into, limit),
                       &alias_row, rows_r, n_r);
    int64_t of = f->domain_id != 0 ? f->domain_id : reach->account;
    return db_rows(s, a, f->domain_id != 0 ? domain : reached,
                   VALUES(bind_int(of), edge, from, below, active, active, into, limit), &alias_row,
                   rows_r, n_r);
}

static enum outcome list_to(struct store *s, struct arena *a, const struct reach *reach,
                            const struct alias_filter *f, const struct keyset_range *r,
                            struct alias **rows_r, size_t *n_r)
{
    if (f->target[0] == '@')
        return list_into(s, a, reach, f, r, rows_r, n_r);
    return db_rows(s, a, r->backwards ? &alias_target_backwards : &alias_target_forwards,
                   VALUES(bind_text(f->target), bind_text(r->edge), bind_text(r->from),
                          bind_text(r->below), bind_int(f->active), bind_int(f->active),
                          bind_int(f->domain_id), bind_int(f->domain_id),
                          bind_int(!reach->everything), bind_int(reach->account),
                          bind_int(r->limit)),
                   &alias_row, rows_r, n_r);
}

const char *alias_target_of(struct store *s, struct arena *a, const char *text)
{
    struct address address;
    struct domain d;
    const char *name;
    if (text[0] == '@')
        return domain_parse(a, text + 1, strlen(text + 1), &name) == TEXT_NONE
                   ? arena_printf(a, "@%s", name)
                   : text;
    if (foreign_address_parse(a, text, strlen(text), &address) != TEXT_NONE)
        return text;
    bool hosted = domain_find(s, a, address.domain, &d) == OUT_OK;
    return hosted ? lower_text(a, address.text) : address.text;
}

bool alias_is_keyed_by_source(const struct alias_filter *f)
{
    return f->domain_id != 0 && (f->target == NULL || f->target[0] == '@');
}

const char *alias_key(const struct alias_filter *filter, const struct alias *alias)
{
    return alias_is_keyed_by_source(filter) ? alias->source : alias->email;
}

/* Within a domain the catch-all, whose key is empty, is the first: forwards begins at the edge. */
static struct keyset_range range_of(struct arena *a, const struct alias_filter *f,
                                    const struct keyset *k)
{
    struct keyset_range r = keyset_range(a, k);
    bool by_source = alias_is_keyed_by_source(f);
    if (f->target != NULL && !by_source)
        return r;
    if (by_source && !r.backwards && (k->after != NULL || k->before != NULL))
        r.edge = arena_printf(a, "%s" NEXT_CHARACTER, r.edge);
    if (by_source && f->catch_all) {
        r.from = "";
        r.below = NEXT_CHARACTER;
    } else if (f->catch_all) {
        r.from = arena_printf(a, "@%s", r.from);
        r.below = arena_printf(a, "@%s", r.below);
    }
    return r;
}

/* Whoever lists a domain has been asked whether he may. */
static enum outcome list_in_domain(struct store *s, struct arena *a, const struct alias_filter *f,
                                   const struct keyset_range *r, struct alias **rows_r, size_t *n_r)
{
    return db_rows(s, a, r->backwards ? &alias_domain_backwards : &alias_domain_forwards,
                   VALUES(bind_int(f->domain_id), bind_text(r->edge), bind_text(r->from),
                          bind_text(r->below), bind_int(f->active), bind_int(f->active),
                          bind_int(r->limit)),
                   &alias_row, rows_r, n_r);
}

static enum outcome list_everywhere(struct store *s, struct arena *a, const struct reach *reach,
                                    const struct alias_filter *f, const struct keyset_range *r,
                                    struct alias **rows_r, size_t *n_r)
{
    if (reach->everything)
        return db_rows(s, a, r->backwards ? &alias_all_backwards : &alias_all_forwards,
                       VALUES(bind_text(r->edge), bind_text(r->from), bind_text(r->below),
                              bind_int(f->active), bind_int(f->active), bind_int(r->limit)),
                       &alias_row, rows_r, n_r);
    return db_rows(s, a, r->backwards ? &alias_reach_backwards : &alias_reach_forwards,
                   VALUES(bind_int(reach->account), bind_text(r->edge), bind_text(r->from),
                          bind_text(r->below), bind_int(f->active), bind_int(f->active),
                          bind_int(r->limit)),
                   &alias_row, rows_r, n_r);
}

enum outcome alias_list(struct store *s, struct arena *a, const struct reach *reach,
                        const struct alias_filter *filter, const struct keyset *k,
                        struct alias **rows_r, size_t *n_r, struct keyset_ends *ends_r)
{
    struct keyset_range r = range_of(a, filter, k);
    enum outcome o = filter->target != NULL ? list_to(s, a, reach, filter, &r, rows_r, n_r)
                     : filter->domain_id != 0
                         ? list_in_domain(s, a, filter, &r, rows_r, n_r)
                         : list_everywhere(s, a, reach, filter, &r, rows_r, n_r);
    if (o == OUT_OK)
        keyset_finish(k, *rows_r, sizeof **rows_r, n_r, ends_r);
    return o;
}

static const char *ids_json(struct arena *a, const struct alias *rows, size_t n)
{
    struct str s;
    str_init(&s, a, n * 21 + 3);
    for (size_t i = 0; i < n; i++)
        str_printf(&s, "%s%lld", i > 0 ? "," : "[", (long long)rows[i].id);
    str_append_c(&s, ']');
    return s.data;
}

enum outcome aliases_mark_circles(struct store *s, struct arena *a, struct alias *rows, size_t n)
{
    struct alias *found;
    size_t found_n = 0;
    if (n == 0)
        return OUT_OK;
    enum outcome o = db_rows(s, a, &alias_circles_sql, VALUES(bind_text(ids_json(a, rows, n))),
                             &id_row, &found, &found_n);
    for (size_t i = 0; o == OUT_OK && i < found_n; i++)
        for (size_t k = 0; k < n; k++)
            rows[k].circle |= rows[k].id == found[i].id;
    return o;
}

/* What the rows of an alias hold: its destinations, and its own address. */
static const char *rows_of(struct arena *a, const struct alias *alias)
{
    if (alias->keep_copy == 0)
        return alias->destinations;
    return alias->destinations[0] == '\0'
               ? alias->email
               : arena_printf(a, "%s\n%s", alias->destinations, alias->email);
}

static enum outcome insert_rows(struct store *s, struct arena *a, const struct alias *alias,
                                const char *at, int64_t *id_r)
{
    enum outcome o = OUT_OK;
    for (const char *one; o == OUT_OK && (one = destinations_next(a, &at)) != NULL; id_r = NULL)
        o = db_change(s, &alias_insert_sql,
                      VALUES(bind_int(alias->domain_id), bind_text(alias->source), bind_text(one),
                             bind_int(alias->active), bind_text(alias->description)),
                      NULL, id_r);
    return o;
}

/* Last of all: a row that joins an alias raises its version. */
static enum outcome set_version(struct store *s, const struct alias *alias, int64_t version)
{
    return db_change(
        s, &alias_version_sql,
        VALUES(bind_int(version), bind_int(alias->domain_id), bind_text(alias->source)), NULL,
        NULL);
}

enum outcome alias_insert(struct store *s, struct arena *a, struct alias *alias)
{
    enum outcome o = insert_rows(s, a, alias, rows_of(a, alias), &alias->id);
    return o == OUT_OK ? set_version(s, alias, alias->version) : o;
}

/* The oldest row stays, so the id does. */
static enum outcome replace_rows(struct store *s, struct arena *a, int64_t id,
                                 const struct alias *after)
{
    const char *at = rows_of(a, after), *first = destinations_next(a, &at);
    enum outcome o = db_change(
        s, &alias_trim_sql,
        VALUES(bind_int(after->domain_id), bind_text(after->source), bind_int(id)), NULL, NULL);
    if (o == OUT_OK)
        o = db_change(s, &alias_first_sql, VALUES(bind_text(first), bind_int(id)), NULL, NULL);
    return o == OUT_OK ? insert_rows(s, a, after, at, NULL) : o;
}

enum outcome alias_update(struct store *s, struct arena *a, const struct alias *before,
                          const struct alias *after)
{
    enum outcome o = db_change(s, &alias_level_sql,
                               VALUES(bind_text(after->source), bind_text(after->description),
                                      bind_int(after->active), bind_int(before->version + 1),
                                      bind_int(before->domain_id), bind_text(before->source)),
                               NULL, NULL);
    if (o == OUT_OK && strcmp(rows_of(a, before), rows_of(a, after)) != 0)
        o = replace_rows(s, a, before->id, after);
    return o == OUT_OK ? set_version(s, after, before->version + 1) : o;
}

enum outcome alias_delete(struct store *s, const struct alias *alias)
{
    return db_change(s, &alias_delete_sql,
                     VALUES(bind_int(alias->domain_id), bind_text(alias->source)), NULL, NULL);
}

/* "ada+notes@example.org": "ada@example.org". */
static const char *without_extension(struct arena *a, const char *address)
{
    const char *at = strrchr(address, '@'), *plus = strchr(address, '+');
    return plus == NULL || plus == address || plus > at
               ? address
               : arena_printf(a, "%.*s%s", (int)(plus - address), address, at);
}

enum outcome alias_hops(struct store *s, struct arena *a, const char *address, struct hop **hops_r,
                        size_t *n_r)
{
    const char *plain = without_extension(a, address), *domain = strrchr(address, '@');
    return db_rows(s, a, &alias_hops_sql,
                   VALUES(bind_text(address), bind_text(plain), bind_text(domain),
                          bind_text(address), bind_text(plain)),
                   &hop_row, hops_r, n_r);
}

enum outcome aliases_into(struct store *s, struct arena *a, const char *domain,
                          struct alias **rows_r, size_t *n_r)
{
    return db_rows(s, a, &aliases_into_sql, VALUES(bind_text(domain)), &into_row, rows_r, n_r);
}

enum outcome alias_targets(struct store *s, struct arena *a, const struct alias *alias,
                           struct alias_target **rows_r, size_t *n_r)
{
    return db_rows(s, a, &alias_targets_sql,
                   VALUES(bind_int(alias->domain_id), bind_text(alias->source)), &target_row,
                   rows_r, n_r);
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
