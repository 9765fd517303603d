/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store against a real server: MAILBOY_TEST_SOCKET names its socket, MAILBOY_TEST_PID its
 * process; its root has no password and the database `mailboy` is made here by setup_run.
 * Without them nothing is tested (tests/web/test_store.py sets them). */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/str.h"
#include "store/admin.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/domain.h"
#include "store/mailbox.h"
#include "store/migrate.h"
#include "store/invite.h"
#include "store/session.h"

static struct arena *a;
static struct store *s, *other, *root;
static struct store_options options, root_options, bare_options;
static const struct reach all = {.everything = true};

static void count_step(void *ctx, const char *step)
{
    (void)step;
    ++*(int *)ctx;
}

static struct setup_plan plan = {"mailboy",    "pwmailadmin", "pwmailpostfix",
                                 "pwmailuser", "pwmailquota", "localhost"};

static int64_t add_domain(const char *name)
{
    int64_t id = 0;
    struct domain d = {.name = name, .description = "d"};
    assert_int_equal(domain_insert(s, &d, &id), OUT_OK);
    assert_true(id > 0);
    return id;
}

static int64_t add_mailbox(int64_t domain_id, const char *local_part)
{
    int64_t id = 0;
    struct mailbox m = {.domain_id = domain_id,
                        .local_part = local_part,
                        .name = "N",
                        .active = 1,
                        .quota_kb = 1024};
    assert_int_equal(mailbox_insert(s, &m, "{X}hash", &id), OUT_OK);
    return id;
}

static int64_t schema_version_as(const char *user, const char *password)
{
    struct store_options as = options;
    int64_t version = -1;
    as.user = user;
    as.password = password;
    struct store *asked = store_create(&as);
    assert_int_equal(schema_version(asked, &version), OUT_OK);
    store_destroy(asked);
    return version;
}

static void test_setup(void **state)
{
    (void)state;
    struct store *bare = store_create(&bare_options);
    int steps = 0;
    int64_t version = -1;
    assert_int_equal(setup_run(bare, a, &plan, true, count_step, &steps), OUT_OK);
    assert_int_equal(steps, 3);
    assert_int_equal(setup_run(bare, a, &plan, false, count_step, &steps), OUT_OK);
    steps = 0;
    assert_int_equal(setup_run(bare, a, &plan, false, count_step, &steps), OUT_OK);
    assert_int_equal(steps, 1);
    struct setup_plan odd = plan;
    odd.mailadmin_password = "x' OR 1 \\ \" # %";
    assert_int_equal(setup_run(bare, a, &odd, false, count_step, &steps), OUT_OK);
    assert_int_equal(schema_version_as("mailadmin", odd.mailadmin_password), SCHEMA_VERSION);
    assert_int_equal(setup_run(bare, a, &plan, false, count_step, &steps), OUT_OK);
    assert_int_equal(upgrade_run(bare, a, "mailboy", SCHEMA_VERSION, false, count_step, &steps),
                     OUT_OK);
    assert_int_equal(upgrade_run(bare, a, "nothing_here", SCHEMA_VERSION, true, count_step, &steps),
                     OUT_ABSENT);
    store_destroy(bare);
    assert_int_equal(schema_version(s, &version), OUT_OK);
    assert_int_equal(version, SCHEMA_VERSION);
}

static void test_domains(void **state)
{
    (void)state;
    struct domain d, before;
    int64_t id = add_domain("first.example"), taken = 0;
    assert_int_equal(domain_find(s, a, "first.example", &d), OUT_OK);
    assert_int_equal(d.id, id);
    assert_int_equal(d.version, 1);
    assert_string_equal(d.description, "d");
    assert_true(labs((long)(d.created - clock_now())) < 120);
    assert_int_equal(domain_find(s, a, "none.example", &d), OUT_ABSENT);
    assert_int_equal(domain_insert(s, &(struct domain){.name = "first.example"}, &taken),
                     OUT_CONFLICT);
    assert_int_equal(domain_by_id(s, a, id, &before), OUT_OK);
    struct domain after = before;
    after.name = "renamed.example";
    add_mailbox(id, "ada");
    assert_int_equal(domain_update(s, a, &before, &after), OUT_OK);
    assert_int_equal(domain_update(s, a, &before, &after), OUT_CONFLICT);
    struct mailbox m;
    assert_int_equal(mailbox_find(s, a, "ada@renamed.example", &m), OUT_OK);
    assert_string_equal(m.domain, "renamed.example");
    assert_int_equal(domain_by_id(s, a, id, &d), OUT_OK);
    assert_int_equal(d.version, 2);
    assert_int_equal(d.mailboxes, 1);
    assert_int_equal(domain_delete(s, id, 1), OUT_CONFLICT);
    assert_int_equal(domain_delete(s, id, 2), OUT_OK);
    assert_int_equal(mailbox_find(s, a, "ada@renamed.example", &m), OUT_ABSENT);
}

static void test_relayed(void **state)
{
    (void)state;
    int64_t id;
    assert_int_equal(db_run(root, "INSERT INTO relay_domains (domain) VALUES ('relayed.example')"),
                     OUT_OK);
    assert_int_equal(domain_insert(s, &(struct domain){.name = "relayed.example"}, &id),
                     OUT_CONFLICT);
    assert_int_equal(store_errno(s), SIGNAL_RELAYED);
}

static void expect_page(const struct keyset *k, const struct reach *reach, const char *names,
                        bool before, bool after)
{
    struct domain *rows;
    struct keyset_ends ends;
    struct str got;
    size_t n;
    str_init(&got, a, 4096);
    assert_int_equal(domain_list(s, a, reach, k, &rows, &n, &ends), OUT_OK);
    for (size_t i = 0; i < n; i++)
        str_printf(&got, "%.1s", rows[i].name);
    assert_string_equal(got.data, names);
    assert_int_equal(ends.more_before, before);
    assert_int_equal(ends.more_after, after);
}

static void test_keyset(void **state)
{
    (void)state;
    int64_t ids[6];
    for (int i = 0; i < 6; i++)
        ids[i] = add_domain(arena_printf(a, "%c.keys.example", 'a' + i));
    expect_page(&(struct keyset){.limit = 10}, &all, "abcdef", false, false);
    expect_page(&(struct keyset){.limit = 4}, &all, "abcd", false, true);
    expect_page(&(struct keyset){.limit = 4, .after = "d.keys.example"}, &all, "ef", true, false);
    expect_page(&(struct keyset){.limit = 2, .before = "e.keys.example"}, &all, "cd", true, true);
    expect_page(&(struct keyset){.limit = 2, .before = "c.keys.example"}, &all, "ab", false, true);
    expect_page(&(struct keyset){.limit = 5, .prefix = "c"}, &all, "c", false, false);
    expect_page(&(struct keyset){.limit = 5, .prefix = "%"}, &all, "", false, false);
    expect_page(&(struct keyset){.limit = 5, .prefix = "_.keys"}, &all, "", false, false);
    int64_t admin = add_mailbox(ids[0], "adm");
    struct reach reach = {.account = admin};
    expect_page(&(struct keyset){.limit = 5}, &reach, "", false, false);
    for (int i = 1; i < 4; i++)
        assert_int_equal(domain_admin_insert(s, ids[i], admin), OUT_OK);
    assert_int_equal(domain_admin_insert(s, ids[1], admin), OUT_CONFLICT);
    expect_page(&(struct keyset){.limit = 2}, &reach, "bc", false, true);
    expect_page(&(struct keyset){.limit = 2, .after = "c.keys.example"}, &reach, "d", true, false);
    expect_page(&(struct keyset){.limit = 2, .before = "d.keys.example"}, &reach, "bc", false,
                true);
    struct mailbox m;
    assert_int_equal(mailbox_by_id(s, a, admin, &m), OUT_OK);
    assert_int_equal(m.administers_n, 3);
    assert_int_equal(m.administers[2], ids[3]);
    struct site_numbers numbers;
    assert_int_equal(site_numbers(s, &reach, &numbers), OUT_OK);
    assert_int_equal(numbers.domains, 3);
    assert_int_equal(site_numbers(s, &all, &numbers), OUT_OK);
    assert_int_equal(numbers.mailboxes, 1);
    struct mailbox_brief *brief;
    struct domain_admin *admins;
    size_t n;
    assert_int_equal(domain_privileged(s, a, ids[0], 10, &brief, &n), OUT_OK);
    assert_int_equal(n, 1);
    assert_true(brief[0].administers_elsewhere);
    assert_int_equal(domain_privileged(s, a, ids[1], 10, &brief, &n), OUT_OK);
    assert_int_equal(n, 0);
    assert_int_equal(domain_admins(s, a, ids[1], &admins, &n), OUT_OK);
    assert_int_equal(n, 1);
    assert_string_equal(admins[0].email, "adm@a.keys.example");
    assert_int_equal(domain_admin_delete(s, ids[1], admin), OUT_OK);
    assert_int_equal(domain_admin_delete(s, ids[1], admin), OUT_CONFLICT);
}

static void test_mailboxes(void **state)
{
    (void)state;
    struct mailbox m, after, *rows;
    struct keyset_ends ends;
    size_t n;
    int64_t domain = add_domain("box.example"), id = 0;
    for (int i = 0; i < 5; i++)
        id = add_mailbox(domain, arena_printf(a, "u%d", i));
    assert_int_equal(
        mailbox_insert(s, &(struct mailbox){.domain_id = domain, .local_part = "u1"}, "", &id),
        OUT_CONFLICT);
    assert_int_equal(
        mailbox_insert(s, &(struct mailbox){.domain_id = 999999, .local_part = "u1"}, "", &id),
        OUT_ABSENT);
    assert_int_equal(db_run(root, "INSERT INTO quota2 VALUES ('u0@box.example', 12345678901, 7)"),
                     OUT_OK);
    assert_int_equal(db_run(root, "INSERT INTO last_login VALUES ('u0@box.example', 'imap', 1000),"
                                  " ('u0@box.example', 'pop3', 2000)"),
                     OUT_OK);
    assert_int_equal(mailbox_find(s, a, "u0@box.example", &m), OUT_OK);
    assert_true(m.used_bytes == INT64_C(12345678901) && m.used_messages == 7 &&
                m.last_seen == 2000);
    assert_int_equal(m.quota_kb, 1024);
    after = m;
    after.active = 0;
    after.name = "Ünïcödé 😀";
    assert_int_equal(mailbox_update(s, &m, &after), OUT_OK);
    assert_int_equal(mailbox_update(s, &m, &after), OUT_CONFLICT);
    assert_int_equal(mailbox_find(s, a, "u0@box.example", &m), OUT_OK);
    assert_string_equal(m.name, "Ünïcödé 😀");
    struct credential c;
    assert_int_equal(credential_find(s, a, "u0@box.example", &c), OUT_ABSENT);
    assert_int_equal(credential_find(s, a, "u1@box.example", &c), OUT_OK);
    assert_string_equal(c.hash, "{X}hash");
    assert_int_equal(mailbox_rehash(s, c.id, "{X}other", "{Y}"), OUT_CONFLICT);
    assert_int_equal(mailbox_rehash(s, c.id, "{X}hash", "{Y}"), OUT_OK);
    assert_int_equal(mailbox_set_password(s, c.id, c.version, "{Z}"), OUT_OK);
    assert_int_equal(mailbox_set_password(s, c.id, c.version, "{Z}"), OUT_CONFLICT);
    const struct keyset page = {.limit = 2, .after = "u1"};
    assert_int_equal(mailbox_list(s, a, &all, &(struct mailbox_filter){domain, -1, USE_ANY, 0},
                                  &page, &rows, &n, &ends),
                     OUT_OK);
    assert_int_equal(n, 2);
    assert_string_equal(rows[0].local_part, "u2");
    assert_true(ends.more_before && ends.more_after);
    const struct keyset from = {.limit = 10, .prefix = "u"};
    assert_int_equal(mailbox_list(s, a, &all, &(struct mailbox_filter){domain, 0, USE_ANY, 0},
                                  &from, &rows, &n, &ends),
                     OUT_OK);
    assert_int_equal(n, 1);
    assert_int_equal(mailbox_list(s, a, &all, &(struct mailbox_filter){0, 1, USE_ANY, 0}, &from,
                                  &rows, &n, &ends),
                     OUT_OK);
    assert_int_equal(n, 4);
    struct reach reach = {.account = c.id};
    assert_int_equal(mailbox_list(s, a, &reach, &(struct mailbox_filter){domain, -1, USE_ANY, 0},
                                  &from, &rows, &n, &ends),
                     OUT_OK);
    assert_int_equal(n, 0);
    assert_int_equal(domain_admin_insert(s, domain, c.id), OUT_OK);
    assert_int_equal(mailbox_list(s, a, &reach, &(struct mailbox_filter){domain, -1, USE_ANY, 0},
                                  &from, &rows, &n, &ends),
                     OUT_OK);
    assert_int_equal(n, 5);
    const struct keyset back = {.limit = 2, .before = "u3@box.example"};
    assert_int_equal(mailbox_list(s, a, &reach, &(struct mailbox_filter){0, -1, USE_ANY, 0}, &back,
                                  &rows, &n, &ends),
                     OUT_OK);
    assert_int_equal(n, 2);
    assert_string_equal(rows[1].email, "u2@box.example");
    assert_int_equal(mailbox_alias_count(s, "u1@box.example", &id), OUT_OK);
    assert_int_equal(id, 0);
}

static void test_super_admin(void **state)
{
    (void)state;
    struct mailbox m, after;
    struct admin *rows;
    struct keyset_ends ends;
    int64_t domain = add_domain("super.example"), id = add_mailbox(domain, "root"), n = 0;
    size_t many;
    struct domain d;
    assert_int_equal(mailbox_set_level(s, id, 1, LEVEL_SUPER_ADMIN), OUT_OK);
    assert_int_equal(mailbox_by_id(s, a, id, &m), OUT_OK);
    assert_int_equal(m.level, LEVEL_SUPER_ADMIN);
    assert_int_equal(mailbox_count_super(s, &n), OUT_OK);
    assert_int_equal(n, 1);
    assert_int_equal(domain_admin_insert(s, domain, add_mailbox(domain, "keeper")), OUT_OK);
    assert_int_equal(admin_list(s, a, &(struct keyset){.limit = 1}, &rows, &many, &ends), OUT_OK);
    assert_int_equal(many, 1);
    assert_int_equal(rows[0].id, id);
    assert_true(ends.more_after);
    const char *key = admin_key(a, &rows[0]);
    assert_int_equal(
        admin_list(s, a, &(struct keyset){.limit = 5, .after = key}, &rows, &many, &ends), OUT_OK);
    assert_true(many > 0 && rows[0].level == LEVEL_USER && rows[0].domains > 0);
    key = admin_key(a, &rows[0]);
    assert_int_equal(
        admin_list(s, a, &(struct keyset){.limit = 5, .before = key}, &rows, &many, &ends), OUT_OK);
    assert_true(many > 0 && rows[many - 1].level > LEVEL_USER);
    assert_int_equal(mailbox_delete(s, id, m.version), OUT_DENIED);
    assert_int_equal(store_errno(s), SIGNAL_SUPER_ADMIN);
    after = m;
    after.active = 0;
    assert_int_equal(mailbox_update(s, &m, &after), OUT_DENIED);
    assert_int_equal(mailbox_set_level(s, id, m.version, LEVEL_USER), OUT_DENIED);
    assert_int_equal(store_errno(s), SIGNAL_LAST_SUPER_ADMIN);
    assert_int_equal(domain_by_id(s, a, domain, &d), OUT_OK);
    assert_int_equal(domain_delete(s, domain, d.version), OUT_DENIED);
}

static void test_sessions(void **state)
{
    (void)state;
    int64_t domain = add_domain("session.example"), id = add_mailbox(domain, "ada"), generation = 0,
            before;
    struct session_row row = {.user_id = id, .remote = "192.0.2.1", .agent = "bad\xff\x01 agent"},
                       got;
    struct mailbox account;
    const char *theme;
    memset(row.token_hash, 0xa1, sizeof row.token_hash);
    memset(row.csrf, 0xb2, sizeof row.csrf);
    assert_int_equal(session_insert(s, &row, 3600), OUT_OK);
    uint64_t sent = store_statements(s);
    assert_int_equal(session_find(s, a, row.token_hash, 1800, &got, &account, &theme, &generation),
                     OUT_OK);
    assert_int_equal(store_statements(s) - sent, 1);
    assert_memory_equal(got.csrf, row.csrf, sizeof got.csrf);
    assert_string_equal(got.agent, "bad?? agent");
    assert_string_equal(account.email, "ada@session.example");
    assert_true(labs((long)(got.now - clock_now())) < 120 && got.expires - got.created == 3600);
    assert_true(got.reauth_at >= got.created);
    assert_null(got.flash);
    before = generation;
    assert_int_equal(session_flash(s, row.token_hash, "ok:Done."), OUT_OK);
    assert_int_equal(site_set_theme(s, "plain"), OUT_OK);
    assert_int_equal(session_find(s, a, row.token_hash, 1800, &got, &account, &theme, &generation),
                     OUT_OK);
    assert_string_equal(got.flash, "ok:Done.");
    assert_string_equal(theme, "plain");
    assert_int_equal(generation, before + 1);
    assert_int_equal(session_touch(s, row.token_hash), OUT_OK);
    assert_int_equal(sessions_end(s, id, row.token_hash), OUT_OK);
    assert_int_equal(session_find(s, a, row.token_hash, 1800, &got, &account, &theme, &generation),
                     OUT_OK);
    assert_int_equal(sessions_end(s, id, NULL), OUT_OK);
    assert_int_equal(session_find(s, a, row.token_hash, 1800, &got, &account, &theme, &generation),
                     OUT_ABSENT);
    assert_int_equal(session_insert(s, &row, -1), OUT_OK);
    assert_int_equal(session_find(s, a, row.token_hash, 1800, &got, &account, &theme, &generation),
                     OUT_ABSENT);
    int64_t purged;
    assert_int_equal(purge_ended(s, &purged), OUT_OK);
    assert_int_equal(purged, 1);
}

static void test_invites(void **state)
{
    (void)state;
    int64_t domain = add_domain("invite.example"), ada = add_mailbox(domain, "ada"),
            bob = add_mailbox(domain, "bob"), purged;
    unsigned char first[SHA256_BYTES], second[SHA256_BYTES];
    struct invite got;
    memset(first, 0xc1, sizeof first);
    memset(second, 0xc2, sizeof second);
    assert_int_equal(invite_of(s, a, ada, &got), OUT_ABSENT);
    assert_int_equal(invite_insert(s, first, ada, bob, 3600), OUT_OK);
    assert_int_equal(invite_find(s, a, first, &got), OUT_OK);
    assert_true(got.user_id == ada && got.maker_id == bob && got.expires - got.created == 3600);
    assert_int_equal(invite_insert(s, second, ada, 0, 3600), OUT_OK);
    assert_int_equal(invite_find(s, a, first, &got), OUT_ABSENT); /* the newer took its place */
    assert_int_equal(invite_of(s, a, ada, &got), OUT_OK);
    assert_int_equal(got.maker_id, 0);
    assert_int_equal(invite_take(s, second, bob), OUT_ABSENT); /* another's */
    assert_int_equal(invite_take(s, first, ada), OUT_ABSENT);
    assert_int_equal(invite_take(s, second, ada), OUT_OK);
    assert_int_equal(invite_take(s, second, ada), OUT_ABSENT); /* once */
    assert_int_equal(invite_insert(s, first, ada, bob, 0), OUT_OK);
    assert_int_equal(invite_find(s, a, first, &got), OUT_ABSENT); /* past its time */
    assert_int_equal(invite_of(s, a, ada, &got), OUT_ABSENT);
    assert_int_equal(invite_take(s, first, ada), OUT_ABSENT);
    assert_int_equal(purge_ended(s, &purged), OUT_OK);
    assert_int_equal(purged, 1);
}

static void test_throttle(void **state)
{
    (void)state;
    unsigned char key[SHA256_BYTES], remote[SHA256_BYTES];
    int64_t wait = -1;
    memset(key, 1, sizeof key);
    memset(remote, 2, sizeof remote);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(throttle_count(s, THROTTLE_ACCOUNT, key, &wait), OUT_OK);
        assert_int_equal(wait, 0);
    }
    assert_int_equal(throttle_count(s, THROTTLE_ACCOUNT, key, &wait), OUT_OK);
    assert_true(wait >= 1 && wait <= 2);
    assert_int_equal(db_run(root, "UPDATE throttle SET next_at = UTC_TIMESTAMP(), failures = 30"),
                     OUT_OK);
    assert_int_equal(throttle_count(s, THROTTLE_ACCOUNT, key, &wait), OUT_OK);
    assert_int_equal(wait, 0);
    assert_int_equal(throttle_count(s, THROTTLE_ACCOUNT, key, &wait), OUT_OK);
    assert_true(wait >= 780 && wait <= 900);
    assert_int_equal(throttle_forget(s, THROTTLE_ACCOUNT, key), OUT_OK);
    assert_int_equal(throttle_count(s, THROTTLE_ACCOUNT, key, &wait), OUT_OK);
    assert_int_equal(wait, 0);
    for (int i = 0; i < 30; i++) {
        assert_int_equal(throttle_count(s, THROTTLE_REMOTE, remote, &wait), OUT_OK);
        assert_int_equal(wait, 0);
    }
    assert_int_equal(throttle_uncount(s, remote), OUT_OK); /* the 30th was no guess */
    assert_int_equal(throttle_count(s, THROTTLE_REMOTE, remote, &wait), OUT_OK);
    assert_int_equal(wait, 0);
    assert_int_equal(throttle_count(s, THROTTLE_REMOTE, remote, &wait), OUT_OK);
    assert_true(wait > 480 && wait <= 600);
}

static void test_operations(void **state)
{
    (void)state;
    unsigned char hash[SHA256_BYTES] = {7};
    const char *result;
    assert_int_equal(operation_find(s, a, 5, "op-1", hash, &result), OUT_ABSENT);
    assert_int_equal(store_begin(s), OUT_OK);
    assert_int_equal(operation_claim(s, a, 5, "op-1", hash, &result), OUT_OK);
    assert_int_equal(operation_result(s, 5, "op-1", hash, "ada@x"), OUT_OK);
    assert_int_equal(store_begin(other), OUT_OK); /* at the same moment: waits, then busy */
    assert_int_equal(operation_claim(other, a, 5, "op-1", hash, &result), OUT_BUSY);
    assert_int_equal(domain_find(other, a, "x", &(struct domain){0}), OUT_BUSY);
    assert_int_equal(store_commit(other), OUT_BUSY);
    assert_int_equal(store_commit(s), OUT_OK);
    assert_int_equal(store_begin(s), OUT_OK);
    assert_int_equal(operation_claim(s, a, 5, "op-1", hash, &result), OUT_CONFLICT);
    assert_string_equal(result, "ada@x");
    store_rollback(s);
    assert_int_equal(operation_find(other, a, 5, "op-1", hash, &result), OUT_OK);
}

static void test_audit(void **state)
{
    (void)state;
    struct audit_entry e = {.actor_id = 3,
                            .actor = "ada@x",
                            .via = "web",
                            .action = "mailbox.add",
                            .object_kind = "mailbox",
                            .object = "b@x",
                            .object_id = 9,
                            .domain_id = 4,
                            .outcome = "done",
                            .after = "{\"name\":\"x\"}",
                            .request_id = "r"},
                       *rows;
    struct keyset_ends ends;
    size_t n;
    for (int i = 0; i < 3; i++)
        assert_int_equal(audit_insert(s, &e, NULL), OUT_OK);
    e.actor_id = e.domain_id = e.object_id = 0;
    e.after = NULL;
    assert_int_equal(audit_insert(s, &e, NULL), OUT_OK);
    struct audit_filter none = {0}, by_domain = {.domain_id = 4},
                        by_object = {.object_kind = "mailbox", .object_id = 9};
    const struct keyset page = {.limit = 2};
    assert_int_equal(audit_list(s, a, &all, &none, &page, &rows, &n, &ends), OUT_OK);
    assert_int_equal(n, 2);
    assert_true(rows[0].id > rows[1].id && ends.more_after && !ends.more_before);
    assert_string_equal(rows[0].after, "");
    const char *key = arena_printf(a, "%lld", (long long)rows[1].id);
    const struct keyset next = {.limit = 5, .after = key}, back = {.limit = 5, .before = key};
    assert_int_equal(audit_list(s, a, &all, &by_domain, &next, &rows, &n, &ends), OUT_OK);
    assert_int_equal(n, 2);
    assert_int_equal(audit_list(s, a, &all, &none, &back, &rows, &n, &ends), OUT_OK);
    assert_int_equal(n, 1);
    const struct keyset wide = {.limit = 50};
    assert_int_equal(audit_list(s, a, &all, &by_object, &wide, &rows, &n, &ends), OUT_OK);
    assert_int_equal(n, 3);
    assert_string_equal(rows[2].after, "{\"name\":\"x\"}");
    assert_int_equal(
        audit_list(s, a, &(struct reach){.account = 3}, &none, &wide, &rows, &n, &ends), OUT_OK);
    assert_int_equal(n, 0);
    assert_int_equal(audit_by_id(s, a, 1, &e), OUT_OK);
    assert_int_equal(audit_by_id(s, a, 999999, &e), OUT_ABSENT);
}

/* faults */

static void kill_all(void)
{
    assert_int_equal(
        db_run(root,
               "BEGIN NOT ATOMIC DECLARE victim BIGINT;"
               " DECLARE CONTINUE HANDLER FOR 1094 BEGIN END;" /* it went by itself meanwhile */
               " FOR v IN (SELECT id FROM"
               " information_schema.processlist WHERE user = 'mailadmin') DO SET victim = v.id;"
               " KILL CONNECTION victim; END FOR; WHILE EXISTS (SELECT 1 FROM"
               " information_schema.processlist WHERE user = 'mailadmin') DO DO SLEEP(0.01);"
               " END WHILE; END"),
        OUT_OK);
}

static void test_killed_idle(void **state)
{
    (void)state;
    struct domain d;
    int64_t id;
    assert_int_equal(store_ping(s), OUT_OK);
    kill_all();
    assert_int_equal(domain_find(s, a, "none.example", &d), OUT_ABSENT);
    kill_all();
    assert_int_equal(domain_insert(s, &(struct domain){.name = "killed.example"}, &id), OUT_OK);
    kill_all();
    assert_int_equal(store_begin(s), OUT_OK);
    store_rollback(s);
}

static void test_killed_in_transaction(void **state)
{
    (void)state;
    struct domain d;
    int64_t id;
    assert_int_equal(store_begin(s), OUT_OK);
    assert_int_equal(domain_insert(s, &(struct domain){.name = "half.example"}, &id), OUT_OK);
    kill_all();
    assert_int_equal(domain_insert(s, &(struct domain){.name = "half2.example"}, &id),
                     OUT_UNAVAILABLE);
    assert_int_equal(domain_find(s, a, "half.example", &d), OUT_UNAVAILABLE);
    assert_int_equal(store_commit(s), OUT_UNAVAILABLE);
    assert_int_equal(domain_find(s, a, "half.example", &d), OUT_ABSENT);
    assert_int_equal(domain_find(s, a, "half2.example", &d), OUT_ABSENT);
    assert_int_equal(store_begin(s), OUT_OK);
    assert_int_equal(domain_insert(s, &(struct domain){.name = "half.example"}, &id), OUT_OK);
    kill_all();
    assert_int_equal(store_commit(s), OUT_UNAVAILABLE);
    assert_int_equal(domain_find(s, a, "half.example", &d), OUT_ABSENT);
    assert_int_equal(store_begin(s), OUT_OK);
    kill_all();
    store_rollback(s);
    assert_int_equal(domain_find(s, a, "half.example", &d), OUT_ABSENT);
}

static void test_deadlock(void **state)
{
    (void)state;
    struct domain d, x, y;
    int64_t one = add_domain("lock1.example"), two = add_domain("lock2.example");
    assert_int_equal(store_begin(s), OUT_OK);
    assert_int_equal(store_begin(other), OUT_OK);
    assert_int_equal(domain_lock(s, a, one, &x), OUT_OK);
    assert_int_equal(domain_lock(other, a, two, &y), OUT_OK);
    assert_int_equal(domain_lock(s, a, two, &d), OUT_BUSY);  /* lock wait: 2 s */
    assert_int_equal(domain_update(s, a, &x, &x), OUT_BUSY); /* nothing goes on in a doomed one */
    assert_int_equal(store_commit(s), OUT_BUSY);
    assert_int_equal(store_commit(other), OUT_OK);
    assert_int_equal(domain_by_id(s, a, one, &d), OUT_OK);
    assert_int_equal(d.version, x.version);
}

static pid_t server_pid(void)
{
    const char *pid = getenv("MAILBOY_TEST_PID");
    return pid != NULL ? (pid_t)atoi(pid) : 0;
}

static bool thread_stands_still(const char *name)
{
    char path[300], line[256];
    snprintf(path, sizeof path, "/proc/%d/task/%s/stat", (int)server_pid(), name);
    FILE *f = fopen(path, "re");
    bool there = f != NULL && fgets(line, sizeof line, f) != NULL;
    const char *comm_end = there ? strrchr(line, ')') : NULL;
    if (f != NULL)
        fclose(f);
    return comm_end == NULL || comm_end[2] == 'T';
}

static bool server_stands_still(void)
{
    char path[64];
    bool still = true;
    snprintf(path, sizeof path, "/proc/%d/task", (int)server_pid());
    DIR *d = opendir(path);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        still = still && (e->d_name[0] == '.' || thread_stands_still(e->d_name));
    closedir(d);
    return still;
}

/* The signal takes a moment until the last of its threads stands still. */
static void stop_server(void)
{
    assert_int_equal(kill(server_pid(), SIGSTOP), 0);
    while (!server_stands_still())
        usleep(1000);
}

/* Asks for some time; a server that was stopped has to catch up. */
static enum outcome domain_find_soon(struct store *from, const char *name, enum outcome wanted)
{
    struct domain d;
    int64_t start = clock_monotonic_ms();
    enum outcome o;
    while ((o = domain_find(from, a, name, &d)) != wanted && clock_monotonic_ms() - start < 60000)
        usleep(50000);
    return o;
}

static void test_hung_server(void **state)
{
    (void)state;
    struct domain d;
    if (server_pid() <= 1)
        skip();
    assert_int_equal(store_ping(s), OUT_OK);
    stop_server();
    int64_t start = clock_monotonic_ms();
    enum outcome first = domain_find(s, a, "none.example", &d);
    int64_t first_ms = clock_monotonic_ms() - start;
    enum outcome second = domain_find(s, a, "none.example", &d);
    int64_t second_ms = clock_monotonic_ms() - start - first_ms;
    int64_t third_at = clock_monotonic_ms();
    enum outcome third = domain_find(s, a, "none.example", &d);
    int64_t third_ms = clock_monotonic_ms() - third_at;
    assert_int_equal(kill(server_pid(), SIGCONT), 0);
    assert_int_equal(first, OUT_UNAVAILABLE);
    assert_int_equal(second, OUT_UNAVAILABLE);
    assert_int_equal(third, OUT_UNAVAILABLE);
    assert_true(first_ms < 15000 && second_ms < 15000);
    assert_true(third_ms < 900); /* does not even try: connecting would take 1000 */
    assert_int_equal(domain_find_soon(s, "none.example", OUT_ABSENT), OUT_ABSENT);
    assert_int_equal(domain_find(s, a, "box.example", &d), OUT_OK);
    assert_string_equal(d.name, "box.example");
}

static void test_hung_commit(void **state)
{
    (void)state;
    int64_t id;
    if (server_pid() <= 1)
        skip();
    assert_int_equal(store_begin(s), OUT_OK);
    assert_int_equal(domain_insert(s, &(struct domain){.name = "unsure.example"}, &id), OUT_OK);
    stop_server();
    enum outcome o = store_commit(s);
    assert_int_equal(kill(server_pid(), SIGCONT), 0);
    assert_int_equal(o, OUT_UNCERTAIN);
    assert_int_equal(domain_find_soon(other, "unsure.example", OUT_OK), OUT_OK); /* it arrived */
}

static void test_slow_statement(void **state)
{
    (void)state;
    struct domain d;
    int64_t start = clock_monotonic_ms();
    assert_int_equal(db_run(s, "SELECT SLEEP(10)"), OUT_UNAVAILABLE);
    assert_true(clock_monotonic_ms() - start < 9000);
    assert_int_equal(domain_find(s, a, "box.example", &d), OUT_OK);
}

static void test_away(void **state)
{
    (void)state;
    struct store_options none = options;
    struct domain d;
    none.socket = "/nonexistent/socket";
    struct store *away = store_create(&none);
    assert_int_equal(domain_find(away, a, "x.example", &d), OUT_UNAVAILABLE);
    assert_int_equal(store_begin(away), OUT_UNAVAILABLE);
    assert_int_equal(store_ping(away), OUT_UNAVAILABLE);
    store_rollback(away);
    assert_true(strlen(store_error(away)) > 0);
    store_destroy(away);
    store_destroy(NULL);
    none = options;
    none.password = "wrong";
    away = store_create(&none);
    assert_int_equal(store_ping(away), OUT_UNAVAILABLE);
    store_destroy(away);
}

static int set_up(void **state)
{
    (void)state;
    const char *socket = getenv("MAILBOY_TEST_SOCKET");
    options = (struct store_options){.socket = socket,
                                     .user = "mailadmin",
                                     .password = "pwmailadmin",
                                     .database = "mailboy",
                                     .connect_ms = 1000,
                                     .statement_ms = 2000};
    root_options = options;
    root_options.user = "root";
    root_options.password = "";
    root_options.statement_ms = 20000;
    bare_options = root_options;
    bare_options.database = NULL;
    a = arena_create(64 << 20);
    s = store_create(&options);
    other = store_create(&options);
    root = store_create(&root_options);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    store_destroy(s);
    store_destroy(other);
    store_destroy(root);
    arena_destroy(a);
    return 0;
}

int main(void)
{
    if (getenv("MAILBOY_TEST_SOCKET") == NULL) {
        puts("no MAILBOY_TEST_SOCKET: nothing tested (tests/web/test_store.py runs this)");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_setup),
        cmocka_unit_test(test_keyset),
        cmocka_unit_test(test_domains),
        cmocka_unit_test(test_relayed),
        cmocka_unit_test(test_mailboxes),
        cmocka_unit_test(test_sessions),
        cmocka_unit_test(test_invites),
        cmocka_unit_test(test_throttle),
        cmocka_unit_test(test_operations),
        cmocka_unit_test(test_audit),
        cmocka_unit_test(test_super_admin),
        cmocka_unit_test(test_killed_idle),
        cmocka_unit_test(test_killed_in_transaction),
        cmocka_unit_test(test_deadlock),
        cmocka_unit_test(test_hung_server),
        cmocka_unit_test(test_hung_commit),
        cmocka_unit_test(test_slow_statement),
        cmocka_unit_test(test_away),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
