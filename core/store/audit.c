/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/audit.h"

#include <stdlib.h>

#include "store/db.h"
#include "store/keyset.h"

STATEMENT(
    audit_insert_sql,
    "INSERT INTO audit (actor_id, actor, via, action, object_kind, object, object_id, domain_id,"
    " object_version, outcome, before_json, after_json, request_id, remote, unix_user)"
    " VALUES (?, LEFT(?, 254), ?, LEFT(?, 64), LEFT(?, 32), LEFT(?, 512), ?, ?, ?, ?, NULLIF(?, "
    "''),"
    " NULLIF(?, ''), LEFT(?, 64), LEFT(?, 64), LEFT(?, 64))")

#define AUDIT_COLUMNS                                                                              \
    "a.id AS id, UNIX_TIMESTAMP(a.at) AS at, a.actor_id AS actor_id, a.actor AS actor, a.via AS "  \
    "via,"                                                                                         \
    " a.action AS action, a.object_kind AS object_kind, a.object AS object, a.object_id AS "       \
    "object_id,"                                                                                   \
    " a.domain_id AS domain_id, a.object_version AS version,"                                      \
    " TIMESTAMPDIFF(SECOND, a.at, UTC_TIMESTAMP()) AS age, a.outcome AS outcome, a.before_json "   \
    "AS before_json,"                                                                              \
    " a.after_json AS after_json, a.request_id AS request_id, a.remote AS remote, a.unix_user AS " \
    "unix_user"
/* A filter that is not set is a constant truth to the optimizer, which then takes the best
 * index. */
#define AUDIT_FILTER                                                                        \
    " AND (? = 0 OR a.domain_id = ?) AND (? = 0 OR a.actor_id = ?)"                         \
    " AND (? = '' OR (a.object_kind = ? AND a.object_id = ?)) AND (? = '' OR a.action = ?)" \
    " AND (? = '' OR a.actor = ?)"
STATEMENT(audit_by_id_sql, "SELECT " AUDIT_COLUMNS " FROM audit a WHERE a.id = ?")
STATEMENT(audit_list_forwards, "SELECT " AUDIT_COLUMNS " FROM audit a WHERE a.id < ?" AUDIT_FILTER
                               " ORDER BY a.id DESC LIMIT ?")
STATEMENT(audit_list_backwards, "SELECT " AUDIT_COLUMNS " FROM audit a WHERE a.id > ?" AUDIT_FILTER
                                " ORDER BY a.id LIMIT ?")
#define AUDIT_REACH(compare, order)                                                             \
    "SELECT " AUDIT_COLUMNS " FROM (SELECT a.id FROM domain_admins r"                           \
    " STRAIGHT_JOIN audit a ON a.domain_id = r.domain_id WHERE r.user_id = ? AND a.id " compare \
    " ?" AUDIT_FILTER " ORDER BY a.id" order                                                    \
    " LIMIT ?) page STRAIGHT_JOIN audit a ON a.id = page.id"                                    \
    " ORDER BY a.id" order
STATEMENT(audit_reach_forwards, AUDIT_REACH("<", " DESC"))
STATEMENT(audit_reach_backwards, AUDIT_REACH(">", ""))

/* What an account did, and what was done to it: a range of an index for each, then the newest of
 * both. Of others only what was done, not what they were refused. */
#define AUDIT_OWN(compare, order)                                                         \
    "SELECT " AUDIT_COLUMNS " FROM ("                                                     \
    "(SELECT o.id AS id FROM audit o WHERE o.object_kind = 'mailbox' AND o.object_id = ?" \
    " AND o.id " compare " ? AND (o.outcome = 'done' OR o.actor_id = ?)"                  \
    " ORDER BY o.id" order " LIMIT ?)"                                                    \
    " UNION (SELECT m.id AS id FROM audit m WHERE m.actor_id = ? AND m.id " compare " ?"  \
    " ORDER BY m.id" order " LIMIT ?)) page STRAIGHT_JOIN audit a ON a.id = page.id"      \
    " ORDER BY a.id" order " LIMIT ?"
STATEMENT(audit_own_forwards, AUDIT_OWN("<", " DESC"))
STATEMENT(audit_own_backwards, AUDIT_OWN(">", ""))

#define ENTRY(member) COLUMN(audit_entry, member, #member)
static const struct column audit_columns[] = {
    ENTRY(id),
    ENTRY(at),
    ENTRY(actor_id),
    ENTRY(actor),
    ENTRY(via),
    ENTRY(action),
    ENTRY(object_kind),
    ENTRY(object),
    ENTRY(object_id),
    ENTRY(domain_id),
    ENTRY(version),
    ENTRY(age),
    ENTRY(outcome),
    COLUMN(audit_entry, before, "before_json"),
    COLUMN(audit_entry, after, "after_json"),
    ENTRY(request_id),
    ENTRY(remote),
    ENTRY(unix_user),
};
static const struct row audit_row = ROW(audit_entry, audit_columns);

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static struct bind text_or_empty(const char *text)
{
    return bind_text(or_empty(text));
}

enum outcome audit_insert(struct store *s, const struct audit_entry *e, int64_t *id_r)
{
    return db_change(
        s, &audit_insert_sql,
        VALUES(value_id(e->actor_id), text_or_empty(e->actor), text_or_empty(e->via),
               text_or_empty(e->action), text_or_empty(e->object_kind), text_or_empty(e->object),
               value_id(e->object_id), value_id(e->domain_id), value_id(e->version),
               text_or_empty(e->outcome), text_or_empty(e->before), text_or_empty(e->after),
               text_or_empty(e->request_id), text_or_empty(e->remote), text_or_empty(e->unix_user)),
        NULL, id_r);
}

enum outcome audit_by_id(struct store *s, struct arena *a, int64_t id, struct audit_entry *entry_r)
{
    return db_row(s, a, &audit_by_id_sql, VALUES(bind_int(id)), &audit_row, entry_r);
}

/* Ids fall from page to page; turned round (`descending`) they rise. */
static int64_t edge_id(const struct keyset *k)
{
    const char *key = k->before != NULL ? k->before : k->after;
    return key != NULL ? strtoll(key, NULL, 10) : k->descending ? 0 : INT64_MAX;
}

#define FILTER_VALUES(f)                                                                           \
    bind_int((f)->domain_id), bind_int((f)->domain_id), bind_int((f)->actor_id),                   \
        bind_int((f)->actor_id), text_or_empty((f)->object_kind), text_or_empty((f)->object_kind), \
        bind_int((f)->object_id), text_or_empty((f)->action), text_or_empty((f)->action),          \
        text_or_empty((f)->actor), text_or_empty((f)->actor)

enum outcome audit_list(struct store *s, struct arena *a, const struct reach *reach,
                        const struct audit_filter *f, const struct keyset *k,
                        struct audit_entry **rows_r, size_t *n_r, struct keyset_ends *ends_r)
{
    struct keyset_range r = keyset_range(a, k);
    enum outcome o;
    if (reach->everything)
        o = db_rows(s, a, r.backwards ? &audit_list_backwards : &audit_list_forwards,
                    VALUES(bind_int(edge_id(k)), FILTER_VALUES(f), bind_int(r.limit)), &audit_row,
                    rows_r, n_r);
    else
        o = db_rows(s, a, r.backwards ? &audit_reach_backwards : &audit_reach_forwards,
                    VALUES(bind_int(reach->account), bind_int(edge_id(k)), FILTER_VALUES(f),
                           bind_int(r.limit)),
                    &audit_row, rows_r, n_r);
    if (o == OUT_OK)
        keyset_finish(k, *rows_r, sizeof **rows_r, n_r, ends_r);
    return o;
}

enum outcome audit_own(struct store *s, struct arena *a, int64_t account, const struct keyset *k,
                       struct audit_entry **rows_r, size_t *n_r, struct keyset_ends *ends_r)
{
    struct keyset_range r = keyset_range(a, k);
    struct bind id = bind_int(account), edge = bind_int(edge_id(k)), limit = bind_int(r.limit);
    enum outcome o = db_rows(s, a, r.backwards ? &audit_own_backwards : &audit_own_forwards,
                             VALUES(id, edge, id, limit, id, edge, limit, limit), &audit_row,
                             rows_r, n_r);
    if (o == OUT_OK)
        keyset_finish(k, *rows_r, sizeof **rows_r, n_r, ends_r);
    return o;
}
