/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/access.h"

#include <stdlib.h>
#include <string.h>

#include "store/db.h"
#include "store/keyset.h"

enum { PATTERNS = 128 }; /* of one statement */

#define ACCESS(kind, column, table)                                                        \
    "SELECT e.id AS id, e.version AS version, UNIX_TIMESTAMP(e.created) AS created, " kind \
    " AS kind, e." column " AS pattern, e.state AS state, e.comment AS comment FROM " table " e"
#define CLIENT ACCESS("0", "ip", "ip_access")
#define SENDER ACCESS("1", "domain", "domain_access")
#define CLIENTS CLIENT " FORCE INDEX (uq_ip_access_ip)"
#define SENDERS SENDER " FORCE INDEX (uq_domain_access_domain)"
STATEMENT(access_client_by_id_sql, CLIENT " WHERE e.id = ?")
STATEMENT(access_sender_by_id_sql, SENDER " WHERE e.id = ?")
STATEMENT(access_client_lock_sql, CLIENT " WHERE e.id = ? FOR UPDATE")
STATEMENT(access_sender_lock_sql, SENDER " WHERE e.id = ? FOR UPDATE")
STATEMENT(access_client_find_sql, CLIENT " WHERE e.ip = ?")
STATEMENT(access_sender_find_sql, SENDER " WHERE e.domain = ?")

#define RANGE(key, compare, order)                                        \
    " WHERE e." key " " compare " ? AND e." key " >= ? AND e." key " < ?" \
    " ORDER BY e." key order " LIMIT ?"
STATEMENT(access_clients_forwards, CLIENTS RANGE("ip", ">", ""))
STATEMENT(access_clients_backwards, CLIENTS RANGE("ip", "<", " DESC"))
STATEMENT(access_senders_forwards, SENDERS RANGE("domain", ">", ""))
STATEMENT(access_senders_backwards, SENDERS RANGE("domain", "<", " DESC"))
#define INSIDE(compare, order) \
    SENDER " FORCE INDEX (k_domain_access_from_end)" RANGE("from_end", compare, order)
STATEMENT(access_senders_inside_forwards, INSIDE(">", ""))
STATEMENT(access_senders_inside_backwards, INSIDE("<", " DESC"))
STATEMENT(access_count_sql, "SELECT SUM(k.n) AS n FROM site_counts k WHERE k.kind = ?")

#define EIGHT "?, ?, ?, ?, ?, ?, ?, ?"
#define THIRTY_TWO EIGHT ", " EIGHT ", " EIGHT ", " EIGHT
#define ANY_OF "(" THIRTY_TWO ", " THIRTY_TWO ", " THIRTY_TWO ", " THIRTY_TWO ")"
STATEMENT(access_clients_of_sql, CLIENTS " WHERE e.ip IN " ANY_OF)
STATEMENT(access_senders_of_sql, SENDERS " WHERE e.domain IN " ANY_OF)
STATEMENT(access_addresses_inside_sql,
          CLIENT " FORCE INDEX (k_ip_access_address)"
                 " WHERE e.address BETWEEN ? AND ? AND e.id <> ? ORDER BY e.address LIMIT ?")
STATEMENT(access_networks_inside_sql,
          CLIENT " FORCE INDEX (k_ip_access_range)"
                 " WHERE e.ip_first BETWEEN ? AND ? AND e.ip_last <= ? AND e.id <> ?"
                 " ORDER BY e.ip_first, e.ip_last LIMIT ?")

STATEMENT(access_client_insert_sql, "INSERT INTO ip_access (ip, ip_first, ip_last, state, comment)"
                                    " VALUES (?, ?, ?, ?, ?)")
STATEMENT(access_sender_insert_sql,
          "INSERT INTO domain_access (domain, state, comment) VALUES (?, ?, ?)")
STATEMENT(access_client_update_sql,
          "UPDATE ip_access SET state = ?, comment = ?, version = version + 1"
          " WHERE id = ? AND version = ?")
STATEMENT(access_sender_update_sql,
          "UPDATE domain_access SET state = ?, comment = ?, version = version + 1"
          " WHERE id = ? AND version = ?")
STATEMENT(access_client_delete_sql, "DELETE FROM ip_access WHERE id = ? AND version = ?")
STATEMENT(access_sender_delete_sql, "DELETE FROM domain_access WHERE id = ? AND version = ?")

static const struct column access_columns[] = {
    COLUMN(access_entry, id, "id"),           COLUMN(access_entry, version, "version"),
    COLUMN(access_entry, created, "created"), COLUMN(access_entry, kind, "kind"),
    COLUMN(access_entry, pattern, "pattern"), COLUMN(access_entry, state, "state"),
    COLUMN(access_entry, comment, "comment"),
};
static const struct row access_row = ROW(access_entry, access_columns);

/* The statements of each kind. */
static const struct {
    const char *counted;
    const struct statement *by_id, *lock, *find, *forwards, *backwards, *any_of, *update, *remove;
} sql[ACCESS_KINDS] = {
    [ACCESS_CLIENT] = {"clients", &access_client_by_id_sql, &access_client_lock_sql,
                       &access_client_find_sql, &access_clients_forwards, &access_clients_backwards,
                       &access_clients_of_sql, &access_client_update_sql,
                       &access_client_delete_sql},
    [ACCESS_SENDER] = {"senders", &access_sender_by_id_sql, &access_sender_lock_sql,
                       &access_sender_find_sql, &access_senders_forwards, &access_senders_backwards,
                       &access_senders_of_sql, &access_sender_update_sql,
                       &access_sender_delete_sql},
};

static enum outcome one(struct store *s, struct arena *a, const struct statement *st,
                        struct values values, struct access_entry *entry_r)
{
    enum outcome o = db_row(s, a, st, values, &access_row, entry_r);
    if (o == OUT_OK)
        access_split(a, entry_r);
    return o;
}

static enum outcome many(struct store *s, struct arena *a, const struct statement *st,
                         struct values values, struct access_entry **rows_r, size_t *n_r)
{
    enum outcome o = db_rows(s, a, st, values, &access_row, rows_r, n_r);
    for (size_t i = 0; i < *n_r; i++)
        access_split(a, &(*rows_r)[i]);
    return o;
}

enum outcome access_by_id(struct store *s, struct arena *a, enum access_kind kind, int64_t id,
                          struct access_entry *entry_r)
{
    return one(s, a, sql[kind].by_id, VALUES(bind_int(id)), entry_r);
}

enum outcome access_lock(struct store *s, struct arena *a, enum access_kind kind, int64_t id,
                         struct access_entry *entry_r)
{
    return one(s, a, sql[kind].lock, VALUES(bind_int(id)), entry_r);
}

enum outcome access_find(struct store *s, struct arena *a, enum access_kind kind,
                         const char *pattern, struct access_entry *entry_r)
{
    return one(s, a, sql[kind].find, VALUES(bind_text(pattern)), entry_r);
}

/* By its characters, as SQL's REVERSE(). */
static void reverse(char *to_r, const char *text, size_t n)
{
    size_t at = n;
    for (size_t i = 0, size; i < n; i += size) {
        for (size = 1; i + size < n && ((unsigned char)text[i + size] & 0xC0) == 0x80; size++)
            ;
        memcpy(to_r + (at -= size), text + i, size);
    }
}

/* As the column from_end: the domain turned round, then the name before it. */
static const char *from_end(struct arena *a, const char *text)
{
    size_t n = strlen(text);
    const char *sign = strrchr(text, '@');
    size_t name = sign != NULL ? (size_t)(sign - text) : 0, domain = n - name - (sign != NULL);
    char *turned = arena_alloc(a, n + 1);
    reverse(turned, text + n - domain, domain);
    if (sign != NULL)
        turned[domain] = '@';
    memcpy(turned + n - name, text, name);
    turned[n] = '\0';
    return turned;
}

static bool is_inside(enum access_kind kind, const char *prefix)
{
    return kind == ACCESS_SENDER && prefix != NULL &&
           (prefix[0] == '@' || (prefix[0] == '*' && prefix[1] == '.'));
}

/* "@domain", "*.domain": the range of what ends so, from its end. */
static struct keyset inside(struct arena *a, const struct keyset *k)
{
    struct keyset turned = *k;
    turned.prefix = from_end(a, k->prefix + (k->prefix[0] == '*'));
    turned.after = k->after != NULL ? from_end(a, k->after) : NULL;
    turned.before = k->before != NULL ? from_end(a, k->before) : NULL;
    return turned;
}

enum outcome access_list(struct store *s, struct arena *a, enum access_kind kind,
                         const struct keyset *k, struct access_entry **rows_r, size_t *n_r,
                         struct keyset_ends *ends_r)
{
    bool within = is_inside(kind, k->prefix);
    struct keyset turned = within ? inside(a, k) : *k;
    struct keyset_range r = keyset_range(a, &turned);
    const struct statement *forwards = within ? &access_senders_inside_forwards
                                              : sql[kind].forwards,
                           *backwards = within ? &access_senders_inside_backwards
                                               : sql[kind].backwards;
    enum outcome o =
        many(s, a, r.backwards ? backwards : forwards,
             VALUES(bind_text(r.edge), bind_text(r.from), bind_text(r.below), bind_int(r.limit)),
             rows_r, n_r);
    if (o == OUT_OK)
        keyset_finish(k, *rows_r, sizeof **rows_r, n_r, ends_r);
    return o;
}

struct number {
    int64_t n;
};
static const struct column number_columns[] = {COLUMN(number, n, "n")};
static const struct row number_row = ROW(number, number_columns);

enum outcome access_count(struct store *s, enum access_kind kind, int64_t *n_r)
{
    struct number number = {0};
    enum outcome o = db_row(s, NULL, &access_count_sql, VALUES(bind_text(sql[kind].counted)),
                            &number_row, &number);
    *n_r = number.n;
    return o;
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static int by_pattern(const void *x, const void *y)
{
    const struct access_entry *a = x, *b = y;
    return strcmp(a->pattern, b->pattern);
}

const struct access_entry *access_named(const struct access_entry *rows, size_t n,
                                        const char *pattern)
{
    struct access_entry key = {.pattern = pattern};
    return n > 0 ? bsearch(&key, rows, n, sizeof *rows, by_pattern) : NULL;
}

/* One statement: up to PATTERNS of them. */
static enum outcome portion_find(struct store *s, struct arena *a, enum access_kind kind,
                                 const char *const *patterns, size_t n,
                                 struct access_entry **rows_r, size_t *n_r)
{
    struct bind binds[PATTERNS];
    for (size_t i = 0; i < PATTERNS; i++)
        binds[i] = bind_text(i < n ? patterns[i] : "");
    return many(s, a, sql[kind].any_of, (struct values){binds, PATTERNS}, rows_r, n_r);
}

enum outcome access_find_all(struct store *s, struct arena *a, enum access_kind kind,
                             const char **patterns, size_t patterns_n, struct access_entry **rows_r,
                             size_t *n_r)
{
    enum outcome o = OUT_OK;
    size_t once = 0, most = 0;
    *n_r = 0;
    *rows_r = NULL;
    if (patterns_n > 0)
        qsort(patterns, patterns_n, sizeof *patterns, by_text);
    for (size_t i = 0; i < patterns_n; i++)
        if (once == 0 || strcmp(patterns[once - 1], patterns[i]) != 0)
            patterns[once++] = patterns[i];
    for (size_t at = 0; o == OUT_OK && at < once; at += PATTERNS) {
        struct access_entry *found;
        size_t n;
        o = portion_find(s, a, kind, patterns + at, once - at < PATTERNS ? once - at : PATTERNS,
                         &found, &n);
        if (o != OUT_OK || n == 0)
            continue;
        if (*n_r + n > most) {
            struct access_entry *more = arena_array(a, most = 2 * (*n_r + n), sizeof *more);
            memcpy(more, *n_r > 0 ? *rows_r : found, *n_r * sizeof *more);
            *rows_r = more;
        }
        memcpy(*rows_r + *n_r, found, n * sizeof *found);
        *n_r += n;
    }
    if (*n_r > 0)
        qsort(*rows_r, *n_r, sizeof **rows_r, by_pattern);
    return o;
}

enum outcome access_covering(struct store *s, struct arena *a, enum access_kind kind,
                             const char *const *patterns, size_t patterns_n,
                             struct access_entry **rows_r, size_t *n_r)
{
    struct access_entry *found;
    size_t n;
    const char **sorted = arena_array(a, patterns_n > 0 ? patterns_n : 1, sizeof *sorted);
    memcpy(sorted, patterns, patterns_n * sizeof *sorted);
    enum outcome o = access_find_all(s, a, kind, sorted, patterns_n, &found, &n);
    *n_r = 0;
    *rows_r = arena_array(a, patterns_n > 0 ? patterns_n : 1, sizeof **rows_r);
    for (size_t i = 0; o == OUT_OK && i < patterns_n; i++) {
        const struct access_entry *e = access_named(found, n, patterns[i]);
        if (e != NULL)
            (*rows_r)[(*n_r)++] = *e;
    }
    return o;
}

enum outcome access_inside(struct store *s, struct arena *a, const struct network *network,
                           int64_t itself, size_t most, struct access_entry **rows_r, size_t *n_r)
{
    struct access_entry *addresses, *networks;
    size_t addresses_n, networks_n;
    struct bind first = bind_bytes(network->first, ADDRESS_BYTES),
                last = bind_bytes(network->last, ADDRESS_BYTES), limit = bind_int((int64_t)most);
    enum outcome o = many(s, a, &access_addresses_inside_sql,
                          VALUES(first, last, bind_int(itself), limit), &addresses, &addresses_n);
    if (o == OUT_OK)
        o = many(s, a, &access_networks_inside_sql,
                 VALUES(first, last, last, bind_int(itself), limit), &networks, &networks_n);
    if (o != OUT_OK)
        return o;
    *n_r = addresses_n + networks_n;
    *rows_r = arena_array(a, *n_r > 0 ? *n_r : 1, sizeof **rows_r);
    for (size_t i = 0; i < *n_r; i++)
        (*rows_r)[i] = i < addresses_n ? addresses[i] : networks[i - addresses_n];
    return OUT_OK;
}

/* A single address has no ends: see schema.sql. */
enum outcome access_insert(struct store *s, const struct access_entry *e,
                           const struct network *network, int64_t *id_r)
{
    bool ends = network != NULL && !network->single;
    struct bind first = ends ? bind_bytes(network->first, ADDRESS_BYTES) : bind_text(NULL),
                last = ends ? bind_bytes(network->last, ADDRESS_BYTES) : bind_text(NULL);
    if (e->kind == ACCESS_SENDER)
        return db_change(s, &access_sender_insert_sql,
                         VALUES(bind_text(e->pattern), bind_text(e->state), bind_text(e->comment)),
                         NULL, id_r);
    return db_change(
        s, &access_client_insert_sql,
        VALUES(bind_text(e->pattern), first, last, bind_text(e->state), bind_text(e->comment)),
        NULL, id_r);
}

enum outcome access_update(struct store *s, const struct access_entry *before,
                           const struct access_entry *after)
{
    return db_change_one(s, sql[before->kind].update,
                         VALUES(bind_text(after->state), bind_text(after->comment),
                                bind_int(before->id), bind_int(before->version)));
}

enum outcome access_delete(struct store *s, const struct access_entry *e)
{
    return db_change_one(s, sql[e->kind].remove, VALUES(bind_int(e->id), bind_int(e->version)));
}
