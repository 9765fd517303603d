/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/mailbox.h"

#include "store/db.h"
#include "store/keyset.h"
#include "store/mailbox_row.h"

STATEMENT(mailbox_by_email_sql, "SELECT " MAILBOX_COLUMNS MAILBOX_ADMINISTERS
                                " FROM virtual_users u" MAILBOX_QUOTA " WHERE u.email = ?")
STATEMENT(mailbox_by_id_sql, "SELECT " MAILBOX_COLUMNS MAILBOX_ADMINISTERS
                             " FROM virtual_users u" MAILBOX_QUOTA " WHERE u.id = ?")
/* First the domain, so that its deletion or rename and a change of rights inside wait for each
 * other; then the account, which rights refer to: none is added while it is locked. */
STATEMENT(
    mailbox_lock_domain,
    "SELECT d.id AS id FROM virtual_domains d"
    " WHERE d.id = (SELECT u.domain_id FROM virtual_users u WHERE u.id = ?) LOCK IN SHARE MODE")
STATEMENT(mailbox_lock_account, "SELECT u.id AS id FROM virtual_users u WHERE u.id = ? FOR UPDATE")

/* Lists: the page's ids first, by an index alone; what else is shown, for these only. */
#define PAGE_OF(ids, order)                 \
    "SELECT " MAILBOX_COLUMNS " FROM (" ids \
    ") page STRAIGHT_JOIN virtual_users u ON u.id = page.id" MAILBOX_QUOTA " ORDER BY " order
#define RANGE(key, compare) " AND u." key " " compare " ? AND u." key " >= ? AND u." key " < ?"
#define PAGE_BY(key, from, where, compare, order)                                                 \
    PAGE_OF("SELECT u.id FROM " from " WHERE " where RANGE(key, compare) " ORDER BY u." key order \
                                                                         " LIMIT ?",              \
            "u." key order)
/* Each with an index of its own for those that are on, or off: few of many may be. */
#define BY_USER "virtual_users u FORCE INDEX (uq_users_domain_user)"
#define BY_USER_IN_STATE "virtual_users u FORCE INDEX (k_users_domain_active)"
#define BY_EMAIL "virtual_users u FORCE INDEX (uq_users_email)"
#define BY_EMAIL_IN_STATE "virtual_users u FORCE INDEX (k_users_active)"
#define IN_DOMAIN "u.domain_id = ?"
#define IN_STATE " AND u.active = ?"
STATEMENT(mailbox_domain_forwards, PAGE_BY("user", BY_USER, IN_DOMAIN, ">", ""))
STATEMENT(mailbox_domain_backwards, PAGE_BY("user", BY_USER, IN_DOMAIN, "<", " DESC"))
STATEMENT(mailbox_domain_state_forwards,
          PAGE_BY("user", BY_USER_IN_STATE, IN_DOMAIN IN_STATE, ">", ""))
STATEMENT(mailbox_domain_state_backwards,
          PAGE_BY("user", BY_USER_IN_STATE, IN_DOMAIN IN_STATE, "<", " DESC"))
#define REACHED "domain_admins r STRAIGHT_JOIN "
#define IN_REACHED_DOMAIN "r.user_id = ? AND r.domain_id = ? AND u.domain_id = ?"
STATEMENT(mailbox_domain_reach_forwards,
          PAGE_BY("user", REACHED BY_USER, IN_REACHED_DOMAIN, ">", ""))
STATEMENT(mailbox_domain_reach_backwards,
          PAGE_BY("user", REACHED BY_USER, IN_REACHED_DOMAIN, "<", " DESC"))
STATEMENT(mailbox_domain_reach_state_forwards,
          PAGE_BY("user", REACHED BY_USER_IN_STATE, IN_REACHED_DOMAIN IN_STATE, ">", ""))
STATEMENT(mailbox_domain_reach_state_backwards,
          PAGE_BY("user", REACHED BY_USER_IN_STATE, IN_REACHED_DOMAIN IN_STATE, "<", " DESC"))
STATEMENT(mailbox_all_forwards, PAGE_BY("email", BY_EMAIL, "TRUE", ">", ""))
STATEMENT(mailbox_all_backwards, PAGE_BY("email", BY_EMAIL, "TRUE", "<", " DESC"))
STATEMENT(mailbox_all_state_forwards, PAGE_BY("email", BY_EMAIL_IN_STATE, "u.active = ?", ">", ""))
STATEMENT(mailbox_all_state_backwards,
          PAGE_BY("email", BY_EMAIL_IN_STATE, "u.active = ?", "<", " DESC"))
/* All that one administrator reaches is read and sorted: he looks after a few domains. */
#define IN_REACH "r.user_id = ? AND (? < 0 OR u.active = ?)"
#define REACHED_ACCOUNTS REACHED BY_USER " ON u.domain_id = r.domain_id"
STATEMENT(mailbox_reach_forwards, PAGE_BY("email", REACHED_ACCOUNTS, IN_REACH, ">", ""))
STATEMENT(mailbox_reach_backwards, PAGE_BY("email", REACHED_ACCOUNTS, IN_REACH, "<", " DESC"))

/* By what Dovecot writes: no index has it. How far to look, first, by the index of the keys alone;
 * then those that fit among these, in the same order, as many as a page has. */
#define NEARLY_FULL                                      \
    "(u.quota_kb > 0 AND q.bytes >= u.quota_kb * 921.6)" \
    " OR (u.quota_messages > 0 AND q.messages >= u.quota_messages * 0.9)"
#define NEVER_SIGNED_IN                                                                        \
    "COALESCE((SELECT MAX(l.last_login) FROM last_login l WHERE l.username = u.email), 0) = 0" \
    " AND (SELECT MIN(n.user_id) FROM session n WHERE n.user_id = u.id) IS NULL"
#define IN_USE                                                         \
    " AND (? < 0 OR u.active = ?) AND CASE ? WHEN 1 THEN " NEARLY_FULL \
    " WHEN 2 THEN " NEVER_SIGNED_IN " END"
#define USED_BY(key, from, where, compare, order)                                           \
    PAGE_OF("SELECT u.id FROM " from MAILBOX_QUOTA                                          \
            " WHERE " where IN_USE RANGE(key, compare) " ORDER BY u." key order " LIMIT ?", \
            "u." key order)
#define LOOK_BY(key, from, where, compare, order)                     \
    "SELECT u." key " AS looked_to FROM " from " WHERE " where RANGE( \
        key, compare) " ORDER BY u." key order " LIMIT 4999, 1"
_Static_assert(MAILBOXES_LOOKED == 5000, "the statements say so too");
_Static_assert(USE_NEARLY_FULL == 1 && USE_NEVER_SIGNED_IN == 2, "so do they this");
STATEMENT(mailbox_domain_look_forwards, LOOK_BY("user", BY_USER, IN_DOMAIN, ">", ""))
STATEMENT(mailbox_domain_look_backwards, LOOK_BY("user", BY_USER, IN_DOMAIN, "<", " DESC"))
STATEMENT(mailbox_all_look_forwards, LOOK_BY("email", BY_EMAIL, "TRUE", ">", ""))
STATEMENT(mailbox_all_look_backwards, LOOK_BY("email", BY_EMAIL, "TRUE", "<", " DESC"))
STATEMENT(mailbox_reach_look_forwards, LOOK_BY("email", REACHED_ACCOUNTS, "r.user_id = ?", ">", ""))
STATEMENT(mailbox_reach_look_backwards,
          LOOK_BY("email", REACHED_ACCOUNTS, "r.user_id = ?", "<", " DESC"))
STATEMENT(mailbox_domain_use_forwards, USED_BY("user", BY_USER, IN_DOMAIN, ">", ""))
STATEMENT(mailbox_domain_use_backwards, USED_BY("user", BY_USER, IN_DOMAIN, "<", " DESC"))
STATEMENT(mailbox_domain_reach_use_forwards,
          USED_BY("user", REACHED BY_USER, IN_REACHED_DOMAIN, ">", ""))
STATEMENT(mailbox_domain_reach_use_backwards,
          USED_BY("user", REACHED BY_USER, IN_REACHED_DOMAIN, "<", " DESC"))
STATEMENT(mailbox_all_use_forwards, USED_BY("email", BY_EMAIL, "TRUE", ">", ""))
STATEMENT(mailbox_all_use_backwards, USED_BY("email", BY_EMAIL, "TRUE", "<", " DESC"))
STATEMENT(mailbox_reach_use_forwards, USED_BY("email", REACHED_ACCOUNTS, "r.user_id = ?", ">", ""))
STATEMENT(mailbox_reach_use_backwards,
          USED_BY("email", REACHED_ACCOUNTS, "r.user_id = ?", "<", " DESC"))

STATEMENT(
    mailbox_insert_sql,
    "INSERT INTO virtual_users (domain_id, user, password, name, quota_kb, quota_messages, active,"
    " password_changed) VALUES (?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP())")
STATEMENT(mailbox_update_sql,
          "UPDATE virtual_users SET name = ?, quota_kb = ?, quota_messages = ?, active = ?,"
          " version = version + 1 WHERE id = ? AND version = ?")
STATEMENT(mailbox_delete_sql, "DELETE FROM virtual_users WHERE id = ? AND version = ?")
STATEMENT(mailbox_set_password_sql, "UPDATE virtual_users SET password = ?, password_changed = "
                                    "UTC_TIMESTAMP(), version = version + 1"
                                    " WHERE id = ? AND version = ?")
STATEMENT(mailbox_set_language_sql, "UPDATE virtual_users SET language = ?, version = version + 1"
                                    " WHERE id = ? AND version = ?")
STATEMENT(mailbox_set_level_sql,
          "UPDATE virtual_users SET admin = ?, version = version + 1 WHERE id = ? AND version = ?")
STATEMENT(mailbox_rehash_sql, "UPDATE virtual_users SET password = ? WHERE id = ? AND password = ?")
STATEMENT(mailbox_alias_count_sql,
          "SELECT COUNT(*) AS n FROM virtual_aliases a WHERE a.destination = ?")
STATEMENT(mailbox_super_lock, "SELECT u.id AS id FROM virtual_users u FORCE INDEX (k_users_admin)"
                              " WHERE u.admin = 2 AND u.active = 1 FOR UPDATE")
STATEMENT(credential_by_email_sql,
          "SELECT u.id AS id, u.version AS version, u.password AS hash FROM virtual_users u"
          " WHERE u.email = ? AND u.active = 1")
STATEMENT(credential_by_id_sql,
          "SELECT u.id AS id, u.version AS version, u.password AS hash FROM virtual_users u"
          " WHERE u.id = ? AND u.active = 1")

_Static_assert(offsetof(struct mailbox, administers_n) ==
                   offsetof(struct mailbox, administers) + sizeof(const int64_t *),
               "COLUMN_IDS writes both");

#define MEMBER(member) COLUMN(mailbox, member, #member)
static const struct column list_columns[] = {MAILBOX_MEMBERS(MEMBER)};
static const struct row list_row = ROW(mailbox, list_columns);
static const struct column mailbox_columns[] = {MAILBOX_MEMBERS(MEMBER),
                                                COLUMN(mailbox, administers, "administers")};
static const struct row mailbox_row = ROW(mailbox, mailbox_columns);

struct number {
    int64_t n;
};
static const struct column number_columns[] = {COLUMN(number, n, "n")};
static const struct row number_row = ROW(number, number_columns);
static const struct column id_columns[] = {COLUMN(number, n, "id")};
static const struct row id_row = ROW(number, id_columns);

enum outcome mailbox_find(struct store *s, struct arena *a, const char *email,
                          struct mailbox *mailbox_r)
{
    return db_row(s, a, &mailbox_by_email_sql, VALUES(bind_text(email)), &mailbox_row, mailbox_r);
}

enum outcome mailbox_by_id(struct store *s, struct arena *a, int64_t id, struct mailbox *mailbox_r)
{
    return db_row(s, a, &mailbox_by_id_sql, VALUES(bind_int(id)), &mailbox_row, mailbox_r);
}

enum outcome mailbox_lock(struct store *s, struct arena *a, int64_t id, struct mailbox *mailbox_r)
{
    struct number locked;
    enum outcome o = db_row(s, a, &mailbox_lock_domain, VALUES(bind_int(id)), &id_row, &locked);
    if (o == OUT_OK)
        o = db_row(s, a, &mailbox_lock_account, VALUES(bind_int(id)), &id_row, &locked);
    return o == OUT_OK ? mailbox_by_id(s, a, id, mailbox_r) : o;
}

#define RANGE_VALUES(r) \
    bind_text((r)->edge), bind_text((r)->from), bind_text((r)->below), bind_int((r)->limit)

static enum outcome list_in_domain(struct store *s, struct arena *a, int64_t domain_id, int active,
                                   const struct keyset_range *r, struct mailbox **rows_r,
                                   size_t *n_r)
{
    if (active < 0)
        return db_rows(s, a, r->backwards ? &mailbox_domain_backwards : &mailbox_domain_forwards,
                       VALUES(bind_int(domain_id), RANGE_VALUES(r)), &list_row, rows_r, n_r);
    return db_rows(
        s, a, r->backwards ? &mailbox_domain_state_backwards : &mailbox_domain_state_forwards,
        VALUES(bind_int(domain_id), bind_int(active), RANGE_VALUES(r)), &list_row, rows_r, n_r);
}

static enum outcome list_in_reached_domain(struct store *s, struct arena *a, int64_t account,
                                           int64_t domain_id, int active,
                                           const struct keyset_range *r, struct mailbox **rows_r,
                                           size_t *n_r)
{
    if (active < 0)
        return db_rows(
            s, a, r->backwards ? &mailbox_domain_reach_backwards : &mailbox_domain_reach_forwards,
            VALUES(bind_int(account), bind_int(domain_id), bind_int(domain_id), RANGE_VALUES(r)),
            &list_row, rows_r, n_r);
    return db_rows(s, a,
                   r->backwards ? &mailbox_domain_reach_state_backwards
                                : &mailbox_domain_reach_state_forwards,
                   VALUES(bind_int(account), bind_int(domain_id), bind_int(domain_id),
                          bind_int(active), RANGE_VALUES(r)),
                   &list_row, rows_r, n_r);
}

static enum outcome list_everywhere(struct store *s, struct arena *a, int active,
                                    const struct keyset_range *r, struct mailbox **rows_r,
                                    size_t *n_r)
{
    if (active < 0)
        return db_rows(s, a, r->backwards ? &mailbox_all_backwards : &mailbox_all_forwards,
                       VALUES(RANGE_VALUES(r)), &list_row, rows_r, n_r);
    return db_rows(s, a, r->backwards ? &mailbox_all_state_backwards : &mailbox_all_state_forwards,
                   VALUES(bind_int(active), RANGE_VALUES(r)), &list_row, rows_r, n_r);
}

static enum outcome list_in_reach(struct store *s, struct arena *a, int64_t account, int active,
                                  const struct keyset_range *r, struct mailbox **rows_r,
                                  size_t *n_r)
{
    return db_rows(s, a, r->backwards ? &mailbox_reach_backwards : &mailbox_reach_forwards,
                   VALUES(bind_int(account), bind_int(active), bind_int(active), RANGE_VALUES(r)),
                   &list_row, rows_r, n_r);
}

static enum outcome list_all(struct store *s, struct arena *a, const struct reach *reach,
                             const struct mailbox_filter *f, const struct keyset_range *r,
                             struct mailbox **rows_r, size_t *n_r)
{
    if (f->domain_id != 0)
        return reach->everything ? list_in_domain(s, a, f->domain_id, f->active, r, rows_r, n_r)
                                 : list_in_reached_domain(s, a, reach->account, f->domain_id,
                                                          f->active, r, rows_r, n_r);
    return reach->everything ? list_everywhere(s, a, f->active, r, rows_r, n_r)
                             : list_in_reach(s, a, reach->account, f->active, r, rows_r, n_r);
}

/* --- by use --- */

struct look {
    const char *looked_to;
};
static const struct column look_columns[] = {COLUMN(look, looked_to, "looked_to")};
static const struct row look_row = ROW(look, look_columns);

/* The key of the last to look at; NULL: all are looked at. */
static enum outcome look_ahead(struct store *s, struct arena *a, const struct reach *reach,
                               const struct mailbox_filter *f, const struct keyset_range *r,
                               const char **looked_to_r)
{
    static const struct statement *const statements[][2] = {
        {&mailbox_domain_look_forwards, &mailbox_domain_look_backwards},
        {&mailbox_all_look_forwards, &mailbox_all_look_backwards},
        {&mailbox_reach_look_forwards, &mailbox_reach_look_backwards}};
    size_t which = f->domain_id != 0 ? 0 : reach->everything ? 1 : 2;
    const struct bind values[] = {bind_int(f->domain_id != 0 ? f->domain_id : reach->account),
                                  bind_text(r->edge), bind_text(r->from), bind_text(r->below)};
    size_t without = which == 1;
    struct look look = {NULL};
    *looked_to_r = NULL;
    if (f->of > 0 && f->of <= MAILBOXES_LOOKED)
        return OUT_OK;
    enum outcome o =
        db_row(s, a, statements[which][r->backwards],
               (struct values){values + without, sizeof values / sizeof *values - without},
               &look_row, &look);
    *looked_to_r = look.looked_to;
    return o == OUT_ABSENT ? OUT_OK : o;
}

#define USE_VALUES(f, r) \
    bind_int((f)->active), bind_int((f)->active), bind_int((f)->use), RANGE_VALUES(r)

static enum outcome list_by_use(struct store *s, struct arena *a, const struct reach *reach,
                                const struct mailbox_filter *f, const struct keyset_range *r,
                                struct mailbox **rows_r, size_t *n_r)
{
    struct bind domain = bind_int(f->domain_id), account = bind_int(reach->account);
    if (f->domain_id != 0 && reach->everything)
        return db_rows(s, a,
                       r->backwards ? &mailbox_domain_use_backwards : &mailbox_domain_use_forwards,
                       VALUES(domain, USE_VALUES(f, r)), &list_row, rows_r, n_r);
    if (f->domain_id != 0)
        return db_rows(s, a,
                       r->backwards ? &mailbox_domain_reach_use_backwards
                                    : &mailbox_domain_reach_use_forwards,
                       VALUES(account, domain, domain, USE_VALUES(f, r)), &list_row, rows_r, n_r);
    if (reach->everything)
        return db_rows(s, a, r->backwards ? &mailbox_all_use_backwards : &mailbox_all_use_forwards,
                       VALUES(USE_VALUES(f, r)), &list_row, rows_r, n_r);
    return db_rows(s, a, r->backwards ? &mailbox_reach_use_backwards : &mailbox_reach_use_forwards,
                   VALUES(account, USE_VALUES(f, r)), &list_row, rows_r, n_r);
}

enum outcome mailbox_list(struct store *s, struct arena *a, const struct reach *reach,
                          const struct mailbox_filter *filter, const struct keyset *k,
                          struct mailbox **rows_r, size_t *n_r, struct keyset_ends *ends_r)
{
    struct keyset_range r = keyset_range(a, k);
    const char *looked_to = NULL;
    enum outcome o;
    if (filter->use == USE_ANY) {
        o = list_all(s, a, reach, filter, &r, rows_r, n_r);
    } else {
        o = look_ahead(s, a, reach, filter, &r, &looked_to);
        keyset_look_to(a, &r, looked_to);
        if (o == OUT_OK)
            o = list_by_use(s, a, reach, filter, &r, rows_r, n_r);
    }
    if (o == OUT_OK)
        keyset_finish_look(k, looked_to, *rows_r, sizeof **rows_r, n_r, ends_r);
    return o;
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

enum outcome mailbox_insert(struct store *s, const struct mailbox *m, const char *hash,
                            int64_t *id_r)
{
    return db_change(s, &mailbox_insert_sql,
                     VALUES(bind_int(m->domain_id), bind_text(m->local_part),
                            bind_text(or_empty(hash)), bind_text(or_empty(m->name)),
                            bind_int(m->quota_kb), bind_int(m->quota_messages),
                            bind_int(m->active)),
                     NULL, id_r);
}

enum outcome mailbox_update(struct store *s, const struct mailbox *before,
                            const struct mailbox *after)
{
    return db_change_one(s, &mailbox_update_sql,
                         VALUES(bind_text(or_empty(after->name)), bind_int(after->quota_kb),
                                bind_int(after->quota_messages), bind_int(after->active),
                                bind_int(before->id), bind_int(before->version)));
}

enum outcome mailbox_delete(struct store *s, int64_t id, int64_t version)
{
    return db_change_one(s, &mailbox_delete_sql, VALUES(bind_int(id), bind_int(version)));
}

enum outcome mailbox_set_password(struct store *s, int64_t id, int64_t version, const char *hash)
{
    return db_change_one(s, &mailbox_set_password_sql,
                         VALUES(bind_text(hash), bind_int(id), bind_int(version)));
}

enum outcome mailbox_set_language(struct store *s, int64_t id, int64_t version,
                                  const char *language)
{
    return db_change_one(s, &mailbox_set_language_sql,
                         VALUES(bind_text(language), bind_int(id), bind_int(version)));
}

enum outcome mailbox_set_level(struct store *s, int64_t id, int64_t version, int64_t level)
{
    return db_change_one(s, &mailbox_set_level_sql,
                         VALUES(bind_int(level), bind_int(id), bind_int(version)));
}

enum outcome mailbox_rehash(struct store *s, int64_t id, const char *old, const char *hash)
{
    return db_change_one(s, &mailbox_rehash_sql,
                         VALUES(bind_text(hash), bind_int(id), bind_text(old)));
}

enum outcome mailbox_alias_count(struct store *s, const char *email, int64_t *n_r)
{
    struct number number = {0};
    enum outcome o =
        db_row(s, NULL, &mailbox_alias_count_sql, VALUES(bind_text(email)), &number_row, &number);
    *n_r = number.n;
    return o;
}

enum outcome mailbox_count_super(struct store *s, int64_t *n_r)
{
    struct number *ids;
    size_t n;
    enum outcome o = db_rows(s, NULL, &mailbox_super_lock, NO_VALUES, &id_row, &ids, &n);
    *n_r = (int64_t)n;
    return o;
}

static const struct column credential_columns[] = {
    COLUMN(credential, id, "id"),
    COLUMN(credential, version, "version"),
    COLUMN(credential, hash, "hash"),
};
static const struct row credential_row = ROW(credential, credential_columns);

enum outcome credential_find(struct store *s, struct arena *a, const char *email,
                             struct credential *credential_r)
{
    return db_row(s, a, &credential_by_email_sql, VALUES(bind_text(email)), &credential_row,
                  credential_r);
}

enum outcome credential_by_id(struct store *s, struct arena *a, int64_t id,
                              struct credential *credential_r)
{
    return db_row(s, a, &credential_by_id_sql, VALUES(bind_int(id)), &credential_row, credential_r);
}
