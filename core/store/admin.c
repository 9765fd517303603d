/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/admin.h"

#include <stdlib.h>

#include "store/db.h"
#include "store/keyset.h"

#define ADMIN_COLUMNS                                                                        \
    "u.id AS id, u.admin AS level, u.active AS active,"                                      \
    " (SELECT MAX(l.last_login) FROM last_login l WHERE l.username = u.email) AS last_seen," \
    " (SELECT COUNT(*) FROM domain_admins c WHERE c.user_id = u.id) AS domains,"             \
    " u.email AS email, u.name AS name"
/* The page's ids first, each kind along its own index. */
#define LISTED(compare, order)                                                                  \
    "SELECT " ADMIN_COLUMNS                                                                     \
    " FROM ((SELECT 0 AS place, s.id AS id FROM virtual_users s FORCE INDEX (k_users_admin)"    \
    " WHERE s.admin IN (1, 2) AND s.id " compare                                                \
    " ? AND s.email >= ? AND s.email < ? ORDER BY s.id" order " LIMIT ?)"                       \
    " UNION ALL (SELECT 1 AS place, r.user_id AS id FROM domain_admins r FORCE INDEX (PRIMARY)" \
    " STRAIGHT_JOIN virtual_users v ON v.id = r.user_id AND v.admin = 0"                        \
    " AND v.email >= ? AND v.email < ? WHERE r.user_id " compare                                \
    " ? GROUP BY r.user_id ORDER BY r.user_id" order " LIMIT ?)"                                \
    " ORDER BY place" order ", id" order " LIMIT ?) page"                                       \
    " STRAIGHT_JOIN virtual_users u ON u.id = page.id ORDER BY page.place" order ", u.id" order
STATEMENT(admin_list_forwards, LISTED(">", ""))
STATEMENT(admin_list_backwards, LISTED("<", " DESC"))

#define MEMBER(member) COLUMN(admin, member, #member)
static const struct column admin_columns[] = {MEMBER(id),        MEMBER(level),   MEMBER(active),
                                              MEMBER(last_seen), MEMBER(domains), MEMBER(email),
                                              MEMBER(name)};
static const struct row admin_row = ROW(admin, admin_columns);

const char *admin_key(struct arena *a, const struct admin *row)
{
    return arena_printf(a, "%c%lld", row->level > 0 ? 's' : 'd', (long long)row->id);
}

/* Where each kind goes on: behind the edge lies all of the other kind, or nothing of it. */
static void edges_of(const struct keyset_range *r, int64_t *server_r, int64_t *domains_r)
{
    bool of_domains = r->edge[0] == 'd';
    int64_t id = r->edge[0] != '\0' ? strtoll(r->edge + 1, NULL, 10) : 0;
    *server_r = of_domains ? INT64_MAX : id;
    *domains_r = of_domains ? id : 0;
}

enum outcome admin_list(struct store *s, struct arena *a, const struct keyset *k,
                        struct admin **rows_r, size_t *n_r, struct keyset_ends *ends_r)
{
    struct keyset_range r = keyset_range(a, k);
    int64_t server, domains;
    edges_of(&r, &server, &domains);
    struct bind from = bind_text(r.from), below = bind_text(r.below);
    enum outcome o = db_rows(s, a, r.backwards ? &admin_list_backwards : &admin_list_forwards,
                             VALUES(bind_int(server), from, below, bind_int(r.limit), from, below,
                                    bind_int(domains), bind_int(r.limit), bind_int(r.limit)),
                             &admin_row, rows_r, n_r);
    if (o == OUT_OK)
        keyset_finish(k, *rows_r, sizeof **rows_r, n_r, ends_r);
    return o;
}
