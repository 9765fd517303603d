/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every action by every actor on every kind of object, against expectations written by hand. In the
 * tables: o may, d may not but knows, - may not know. An action without a row fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "actions/permit.h"

enum { A = 1, B = 2 }; /* domains */
static const int64_t only_a[] = {A}, both[] = {A, B};

static const struct mailbox user_a = {.id = 10, .domain_id = A, .email = "user@a"},
                            user_b = {.id = 11, .domain_id = B, .email = "user@b"},
                            admin_a = {.id = 12,
                                       .domain_id = A,
                                       .email = "admin@a",
                                       .administers = only_a,
                                       .administers_n = 1},
                            other_a = {.id = 13,
                                       .domain_id = A,
                                       .email = "other@a",
                                       .administers = only_a,
                                       .administers_n = 1},
                            both_a = {.id = 14,
                                      .domain_id = A,
                                      .email = "both@a",
                                      .administers = both,
                                      .administers_n = 2},
                            server_a = {.id = 15, .domain_id = A, .email = "server@a", .level = 1},
                            server_b = {.id = 16, .domain_id = B, .email = "server@b", .level = 1},
                            super_a = {.id = 17, .domain_id = A, .email = "super@a", .level = 2},
                            super_b = {.id = 18, .domain_id = B, .email = "super@b", .level = 2};

static const struct actor actors[] = {
    {0},
    {.account = &user_a},
    {.account = &admin_a},
    {.account = &both_a},
    {.account = &server_a},
    {.account = &super_a},
    {.console = true, .unix_user = "root"},
};
enum { ACTORS = sizeof actors / sizeof *actors };
#define ACTOR_NAMES "nobody, user@a, admin@a, both@a, server@a, super@a, console"

static const struct domain domain_a = {.id = A, .name = "a"}, domain_b = {.id = B, .name = "b"};
static const struct audit_entry entry_a = {.id = 1, .domain_id = A},
                                entry_b = {.id = 2, .domain_id = B}, entry_site = {.id = 3};
/* What can be undone, by its actor alone, for a time. */
#define DONE(number, who, what, seconds)                                                  \
    {                                                                                     \
        .id = number, .domain_id = A, .actor_id = who, .action = what, .outcome = "done", \
        .age = seconds, .unix_user = who == 0 ? "root" : ""                               \
    }
static const struct audit_entry by_user = DONE(4, 10, "mailbox.edit", 600),
                                by_admin = DONE(5, 12, "mailbox.edit", 0),
                                by_console = DONE(6, 0, "mailbox.edit", 0),
                                late = DONE(7, 12, "mailbox.edit", 601),
                                final = DONE(8, 12, "mailbox.delete", 0),
                                undone = DONE(9, 12, "undo", 0);
static const struct audit_entry refused = {
    .id = 10, .domain_id = A, .actor_id = 12, .action = "mailbox.edit", .outcome = "refused"};

static const struct policy policy_plain = {.id = 1, .name = "p"},
                           policy_default = {.id = 2, .name = "d", .server_default = 1};
static const struct relay relay = {.id = 1, .domain = "r"};
static const struct alias
    alias_a = {.id = 1, .domain_id = A, .source = "sales"},
    alias_b = {.id = 2, .domain_id = B, .source = "sales"},
    catch_all_a = {.id = 3, .domain_id = A, .source = ""},
    at_admin = {.id = 4,
                .domain_id = A,
                .source = "admin",
                .account_id = 12,
                .account_administers = only_a,
                .account_administers_n = 1},
    at_both = {.id = 5,
               .domain_id = A,
               .source = "both",
               .account_id = 14,
               .account_administers = both,
               .account_administers_n = 2},
    at_server = {.id = 6, .domain_id = A, .source = "server", .account_id = 15, .account_level = 1},
    at_super = {.id = 7, .domain_id = A, .source = "super", .account_id = 17, .account_level = 2};
static const struct access_entry refusing = {.id = 1, .pattern = "c", .state = "REJECT"},
                                 holding = {.id = 2, .pattern = "d", .state = "HOLD"};

/* The answers of the actors, in the order above. */
struct expectation {
    enum action_id what;
    const struct object on;
    const char *answers;
};
#define SITE(id, answers)         \
    {                             \
        ACTION_##id, {0}, answers \
    }
#define DOMAIN(id, d, answers)              \
    {                                       \
        ACTION_##id, {.domain = d}, answers \
    }
#define MAILBOX(id, m, answers)              \
    {                                        \
        ACTION_##id, {.mailbox = m}, answers \
    }
#define ENTRY(id, e, answers)              \
    {                                      \
        ACTION_##id, {.entry = e}, answers \
    }
#define POLICY(id, p, answers)              \
    {                                       \
        ACTION_##id, {.policy = p}, answers \
    }
#define EACH_POLICY(id, answers)                                              \
    POLICY(id, &policy_plain, answers), POLICY(id, &policy_default, answers), \
        POLICY(id, NULL, "d------")
#define RELAY(id, r, answers)              \
    {                                      \
        ACTION_##id, {.relay = r}, answers \
    }
#define ACCESS(id, e, answers)              \
    {                                       \
        ACTION_##id, {.access = e}, answers \
    }
#define EACH_ACCESS(id, there) \
    ACCESS(id, &refusing, there), ACCESS(id, &holding, there), ACCESS(id, NULL, "d------")
#define EACH_RELAY(id, there) RELAY(id, &relay, there), RELAY(id, NULL, "d------")
#define ALIAS(id, al, answers)              \
    {                                       \
        ACTION_##id, {.alias = al}, answers \
    }
/* An ordinary one here and there, a catch-all, and those at the addresses of accounts. */
#define EACH_ALIAS(id, in_a, in_b, catch_all, own, two, server, super)                        \
    ALIAS(id, &alias_a, in_a), ALIAS(id, &alias_b, in_b), ALIAS(id, &catch_all_a, catch_all), \
        ALIAS(id, &at_admin, own), ALIAS(id, &at_both, two), ALIAS(id, &at_server, server),   \
        ALIAS(id, &at_super, super), ALIAS(id, NULL, "d------")
#define EACH_DOMAIN(id, in_a, in_b, missing) \
    DOMAIN(id, &domain_a, in_a), DOMAIN(id, &domain_b, in_b), DOMAIN(id, NULL, missing)
#define READ_DOMAIN(id) EACH_DOMAIN(id, "d-ooooo", "d--oooo", "d------")
#define TOUCHED(id, user_in_a, user_in_b, admin, other, two, server, server2, super, super2)   \
    MAILBOX(id, &user_a, user_in_a), MAILBOX(id, &user_b, user_in_b),                          \
        MAILBOX(id, &admin_a, admin), MAILBOX(id, &other_a, other), MAILBOX(id, &both_a, two), \
        MAILBOX(id, &server_a, server), MAILBOX(id, &server_b, server2),                       \
        MAILBOX(id, &super_a, super), MAILBOX(id, &super_b, super2), MAILBOX(id, NULL, "d------")

static const struct expectation expected[] = {
    SITE(OVERVIEW, "ddooooo"),
    SITE(DOMAIN_LIST, "ddooooo"),
    SITE(DOMAIN_NAMES, "ddddooo"),
    SITE(MAILBOX_LIST_ALL, "ddooooo"),
    SITE(AUDIT_LIST, "ddooooo"),
    SITE(STATUS, "ddddooo"),
    SITE(ADMIN_LIST, "ddddooo"),
    SITE(ADMIN_MAKE, "ddddooo"),
    SITE(DOMAIN_ADD, "ddddooo"),
    SITE(THEME_LIST, "ddddooo"),
    SITE(THEME_SHOW, "ddddooo"),
    SITE(THEME_ACTIVATE, "ddddooo"),
    SITE(THEME_PREVIEW, "ddddooo"),
    SITE(THEME_SETTINGS, "ddddooo"),
    SITE(THEME_RETRY, "ddddooo"),
    SITE(BULK, "doooooo"),
    SITE(ME_SHOW, "doooood"),
    SITE(PASSWORD_CHANGE, "doooood"),
    SITE(LANGUAGE_CHOOSE, "doooood"),
    SITE(INVITE_SHOW, "d------"), /* those who hold a link: test_invited */
    SITE(INVITE_ACCEPT, "d------"),
    MAILBOX(INVITE_ACCEPT, &user_a, "d------"),
    SITE(SESSION_END, "doooood"),
    SITE(POLICY_LIST, "ddddooo"),
    SITE(POLICY_ADD, "ddddooo"),
    SITE(POLICY_CHOOSE, "doooood"),
    EACH_POLICY(POLICY_SHOW, "d---ooo"),
    EACH_POLICY(POLICY_EDIT, "d---ooo"),
    EACH_POLICY(POLICY_DELETE, "d---ooo"),
    /* one's own account, named; and another's */
    MAILBOX(ME_SHOW, &user_a, "do-----"),
    MAILBOX(PASSWORD_CHANGE, &user_a, "do-----"),
    MAILBOX(LANGUAGE_CHOOSE, &user_a, "do-----"),
    MAILBOX(SESSION_END, &user_a, "do-----"),
    MAILBOX(PASSWORD_CHANGE, &super_a, "d----o-"),

    /* privacy_level 0: nothing of these is a domain admin's */
    SITE(RELAY_LIST, "ddddooo"),
    SITE(RELAY_ADD, "ddddooo"),
    SITE(ACCESS_LIST, "ddddooo"),
    SITE(ACCESS_ADD, "ddddooo"),
    SITE(ACCESS_PASTE, "ddddooo"),
    EACH_ACCESS(ACCESS_SHOW, "d---ooo"),
    EACH_ACCESS(ACCESS_EDIT, "d---ooo"),
    EACH_ACCESS(ACCESS_DELETE, "d---ooo"),
    EACH_RELAY(RELAY_SHOW, "d---ooo"),
    EACH_RELAY(RELAY_EDIT, "d---ooo"),
    EACH_RELAY(RELAY_DELETE, "d---ooo"),
    EACH_RELAY(RELAY_RECIPIENT_ADD, "d---ooo"),
    EACH_RELAY(RELAY_RECIPIENT_REMOVE, "d---ooo"),

    READ_DOMAIN(DOMAIN_SHOW),
    READ_DOMAIN(DOMAIN_ADMINS),
    READ_DOMAIN(MAILBOX_LIST),
    READ_DOMAIN(AUDIT_DOMAIN),
    READ_DOMAIN(DOMAIN_EDIT),
    READ_DOMAIN(MAILBOX_ADD),
    READ_DOMAIN(DOMAIN_POLICY),
    EACH_DOMAIN(DOMAIN_DELETE, "d-ddooo", "d--dooo", "d------"),
    EACH_DOMAIN(DOMAIN_ADMIN_ADD, "d-ddooo", "d--dooo", "d------"),
    EACH_DOMAIN(DOMAIN_ADMIN_REMOVE, "d-ddooo", "d--dooo", "d------"),

    SITE(ALIAS_LIST_ALL, "ddooooo"),
    READ_DOMAIN(ALIAS_LIST),
    READ_DOMAIN(ALIAS_ADD),
    EACH_DOMAIN(ALIAS_CATCH_ALL, "d-ddooo", "d--dooo", "d------"),
    EACH_ALIAS(ALIAS_SHOW, "d-ooooo", "d--oooo", "d-ooooo", "d-ooooo", "d-ooooo", "d-ooooo",
               "d-ooooo"),
    EACH_ALIAS(ALIAS_EDIT, "d-ooooo", "d--oooo", "d-ddooo", "d-ooooo", "d-doooo", "d-ddooo",
               "d-dddod"),
    EACH_ALIAS(ALIAS_DELETE, "d-ooooo", "d--oooo", "d-ddooo", "d-ooooo", "d-doooo", "d-ddooo",
               "d-dddod"),

    ENTRY(AUDIT_SHOW, &entry_a, "d-ooooo"),
    ENTRY(AUDIT_SHOW, &entry_b, "d--oooo"),
    ENTRY(AUDIT_SHOW, &entry_site, "d---ooo"),
    ENTRY(AUDIT_SHOW, NULL, "d------"),
    ENTRY(AUDIT_SHOW, &by_user, "ddooooo"),
    ENTRY(UNDO, &entry_a, "d-ddddd"),
    ENTRY(UNDO, &entry_b, "d--dddd"),
    ENTRY(UNDO, &entry_site, "d---ddd"),
    ENTRY(UNDO, NULL, "d------"),
    ENTRY(UNDO, &by_user, "doddddd"),
    ENTRY(UNDO, &by_admin, "d-odddd"),
    ENTRY(UNDO, &by_console, "d-ddddo"),
    ENTRY(UNDO, &late, "d-ddddd"),
    ENTRY(UNDO, &final, "d-ddddd"),
    ENTRY(UNDO, &undone, "d-ddddd"),
    ENTRY(UNDO, &refused, "d-ddddd"),

    TOUCHED(MAILBOX_SHOW, "ddooooo", "d--oooo", "d-ooooo", "d-ooooo", "d-ooooo", "d-ooooo",
            "d--oooo", "d-ooooo", "d--oooo"),
    TOUCHED(MAILBOX_EDIT, "ddooooo", "d--oooo", "d-ooooo", "d-ooooo", "d-doooo", "d-ddooo",
            "d--ddoo", "d-dddod", "d--dddd"),
    TOUCHED(MAILBOX_POLICY, "ddooooo", "d--oooo", "d-ooooo", "d-ooooo", "d-doooo", "d-ddooo",
            "d--ddoo", "d-dddod", "d--dddd"),
    MAILBOX(POLICY_CHOOSE, &user_a, "do-----"),
    TOUCHED(MAILBOX_DELETE, "ddooooo", "d--oooo", "d-doooo", "d-ooooo", "d-ddooo", "d-dddoo",
            "d--ddoo", "d-ddddd", "d--dddd"),
    TOUCHED(PASSWORD_SET, "ddooooo", "d--oooo", "d-doooo", "d-ooooo", "d-ddooo", "d-dddoo",
            "d--ddoo", "d-ddddo", "d--dddo"),
    TOUCHED(MAILBOX_INVITE, "ddooooo", "d--oooo", "d-doooo", "d-ooooo", "d-ddooo", "d-dddoo",
            "d--ddoo", "d-ddddo", "d--dddo"),
    TOUCHED(INVITE_WITHDRAW, "ddooooo", "d--oooo", "d-doooo", "d-ooooo", "d-ddooo", "d-dddoo",
            "d--ddoo", "d-ddddo", "d--dddo"),
    TOUCHED(ADMIN_SHOW, "ddddooo", "d--dooo", "d-ddooo", "d-ddooo", "d-ddooo", "d-ddooo", "d--dooo",
            "d-ddooo", "d--dooo"),
    TOUCHED(SESSIONS_END, "ddddooo", "d--dooo", "d-ddooo", "d-ddooo", "d-ddooo", "d-ddooo",
            "d--ddoo", "d-dddod", "d--dddd"),
    TOUCHED(SERVER_ADMIN_ADD, "dddddoo", "d--ddoo", "d-dddoo", "d-dddoo", "d-dddoo", "d-dddoo",
            "d--ddoo", "d-ddddd", "d--dddd"),
    TOUCHED(SERVER_ADMIN_REMOVE, "dddddoo", "d--ddoo", "d-dddoo", "d-dddoo", "d-dddoo", "d-dddoo",
            "d--ddoo", "d-ddddd", "d--dddd"),
    TOUCHED(SUPER_ADMIN_ADD, "ddddddo", "d--dddo", "d-ddddo", "d-ddddo", "d-ddddo", "d-ddddo",
            "d--dddo", "d-ddddo", "d--dddo"),
    TOUCHED(SUPER_ADMIN_REMOVE, "ddddddo", "d--dddo", "d-ddddo", "d-ddddo", "d-ddddo", "d-ddddo",
            "d--dddo", "d-ddddo", "d--dddo"),
};
enum { EXPECTED = sizeof expected / sizeof *expected };

static char answer(const struct actor *who, enum action_id what, const struct object *on)
{
    switch (permit(who, what, on)) {
    case OUT_OK: return 'o';
    case OUT_DENIED: return 'd';
    case OUT_ABSENT: return '-';
    default: return '?';
    }
}

static void test_matrix(void **state)
{
    (void)state;
    for (size_t i = 0; i < EXPECTED; i++) {
        const struct expectation *e = &expected[i];
        char got[ACTORS + 1] = "";
        for (size_t k = 0; k < ACTORS; k++)
            got[k] = answer(&actors[k], e->what, &e->on);
        if (strcmp(got, e->answers) != 0)
            fail_msg("%s on %s: %s, expected %s (" ACTOR_NAMES ")", actions[e->what].name,
                     e->on.mailbox != NULL  ? e->on.mailbox->email
                     : e->on.alias != NULL  ? e->on.alias->source
                     : e->on.domain != NULL ? e->on.domain->name
                                            : "-",
                     got, e->answers);
    }
}

static void test_every_action_has_a_row(void **state)
{
    (void)state;
    for (int what = 0; what < ACTION_COUNT; what++) {
        bool there = false;
        for (size_t i = 0; i < EXPECTED; i++)
            there = there || expected[i].what == (enum action_id)what;
        if (!there)
            fail_msg("no expectation for %s", actions[what].name);
        assert_non_null(actions[what].label);
        assert_int_equal(action_find(actions[what].name), what);
        assert_int_equal((actions[what].flags & READS) != 0 && actions[what].fields != NULL, 0);
    }
    assert_int_equal(action_find("no.such"), ACTION_COUNT);
}

/* What is foreign looks like what is missing, whoever asks for whatever. */
static void test_existence_is_not_shown(void **state)
{
    (void)state;
    static const struct object missing = {0};
    const struct object foreign[] = {{.domain = &domain_b},
                                     {.mailbox = &user_b},
                                     {.mailbox = &super_b},
                                     {.alias = &alias_b},
                                     {.entry = &entry_b}};
    const enum object_kind kinds[] = {ON_DOMAIN, ON_MAILBOX, ON_MAILBOX, ON_ALIAS, ON_AUDIT_ENTRY};
    for (int what = 0; what < ACTION_COUNT; what++) {
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            if (actions[what].on != kinds[i])
                continue;
            for (size_t k = 0; k < 3; k++) /* nobody, a user, another domain's admin */
                assert_int_equal(permit(&actors[k], (enum action_id)what, &foreign[i]),
                                 permit(&actors[k], (enum action_id)what, &missing));
        }
    }
}

/* Whoever holds a one-time link may use it, and nothing else: whatever the account itself may do. */
static void test_invited(void **state)
{
    (void)state;
    static const unsigned char hash[32];
    static const struct mailbox *const accounts[] = {&user_a, &admin_a, &server_a, &super_a};
    const struct object others[] = {{0},
                                    {.domain = &domain_a},
                                    {.mailbox = &user_b},
                                    {.mailbox = &other_a},
                                    {.entry = &entry_a},
                                    {.entry = &entry_site}};
    for (size_t k = 0; k < sizeof accounts / sizeof *accounts; k++) {
        const struct actor holder = {.account = accounts[k], .invite = hash};
        const struct object own = {.mailbox = accounts[k]};
        for (int what = 0; what < ACTION_COUNT; what++) {
            bool door = what == ACTION_INVITE_SHOW || what == ACTION_INVITE_ACCEPT;
            assert_int_equal(permit(&holder, (enum action_id)what, &own) == OUT_OK, door);
            for (size_t i = 0; i < sizeof others / sizeof *others; i++)
                assert_int_not_equal(permit(&holder, (enum action_id)what, &others[i]), OUT_OK);
        }
        assert_false(actor_covers(&holder, accounts[k]));
        assert_false(actor_reach(&holder).everything);
        assert_int_equal(actor_reach(&holder).account, 0);
    }
}

/* What privacy_level 0 to 4 and beyond opens to a domain admin, and to nobody below. */
static void test_privacy_levels(void **state)
{
    (void)state;
    static const struct {
        struct expectation of;
    } rows[] = {
        {SITE(RELAY_LIST, "doooo")},
        {SITE(RELAY_ADD, "ddooo")},
        {RELAY(RELAY_SHOW, &relay, "-oooo")},
        {RELAY(RELAY_EDIT, &relay, "-ddoo")},
        {RELAY(RELAY_DELETE, &relay, "-dddo")},
        {RELAY(RELAY_RECIPIENT_ADD, &relay, "-dooo")},
        {RELAY(RELAY_RECIPIENT_REMOVE, &relay, "-dddo")},
        {SITE(ACCESS_LIST, "doooo")},
        {SITE(ACCESS_ADD, "ddooo")},
        {SITE(ACCESS_PASTE, "ddooo")},
        {ACCESS(ACCESS_SHOW, &holding, "-oooo")},
        {ACCESS(ACCESS_EDIT, &refusing, "-ddoo")},
        {ACCESS(ACCESS_DELETE, &refusing, "-dddo")},
        {ACCESS(ACCESS_EDIT, &holding, "-dddd")},
        {ACCESS(ACCESS_DELETE, &holding, "-dddd")},
    };
    const struct actor admin = {.account = &admin_a}, user = {.account = &user_a};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct expectation *e = &rows[i].of;
        char got[6] = "";
        for (int level = 0; level <= 4; level++) {
            privacy_honour(level);
            got[level] = answer(&admin, e->what, &e->on);
            assert_int_not_equal(permit(&user, e->what, &e->on), OUT_OK);
        }
        privacy_honour(0);
        if (strcmp(got, e->answers) != 0)
            fail_msg("%s: %s, expected %s", actions[e->what].name, got, e->answers);
    }
}

/* Whoever may touch an account may do all that it may do. */
static void test_cover(void **state)
{
    (void)state;
    const struct actor nobody = {0}, both_admin = {.account = &both_a},
                       super_of_b = {.account = &super_b};
    assert_false(actor_covers(&nobody, &user_a));
    assert_true(actor_covers(&both_admin, &other_a));
    assert_false(actor_covers(&super_of_b, &super_a));
    assert_true(actor_covers(&super_of_b, &super_b));
    /* lives in the reach, administers beyond it */
    static const int64_t beyond[] = {A, 3};
    const struct mailbox wide = {
        .id = 30, .domain_id = A, .administers = beyond, .administers_n = 2};
    assert_false(actor_covers(&both_admin, &wide));
    /* administers only what is in the reach, but lives elsewhere */
    const struct mailbox foreign = {
        .id = 31, .domain_id = 3, .administers = only_a, .administers_n = 1};
    assert_false(actor_covers(&both_admin, &foreign));
}

static void test_super_admin_of_the_configuration(void **state)
{
    (void)state;
    super_admin_honour(user_a.id);
    assert_int_equal(account_level(&user_a), LEVEL_SUPER_ADMIN);
    for (size_t k = 0; k < ACTORS; k++) {
        assert_int_equal(
            permit(&actors[k], ACTION_MAILBOX_DELETE, &(struct object){.mailbox = &user_a}),
            OUT_DENIED);
        if (!actors[k].console)
            assert_int_not_equal(
                permit(&actors[k], ACTION_PASSWORD_SET, &(struct object){.mailbox = &user_a}),
                OUT_OK);
    }
    assert_int_equal(
        permit(&actors[1], ACTION_SERVER_ADMIN_ADD, &(struct object){.mailbox = &user_b}), OUT_OK);
    super_admin_honour(0);
    assert_int_equal(account_level(&user_a), LEVEL_USER);
}

/* What each privacy_level opens to whoever administers a domain, and to nobody else. */
static void test_levels_open_policies(void **state)
{
    (void)state;
    static const struct {
        enum action_id what;
        int from;      /* the level that opens it */
        bool made;     /* it is about one that is there */
        bool reserved; /* not on the server's default */
    } rows[] = {{ACTION_POLICY_LIST, 1, false, false},
                {ACTION_POLICY_SHOW, 1, true, false},
                {ACTION_POLICY_ADD, 2, false, false},
                {ACTION_POLICY_EDIT, 3, true, true},
                {ACTION_POLICY_DELETE, 4, true, true}};
    for (int level = 0; level <= 4; level++) {
        privacy_honour(level);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            struct object plain = {.policy = rows[i].made ? &policy_plain : NULL},
                          preset = {.policy = rows[i].made ? &policy_default : NULL};
            char open = level >= rows[i].from ? 'o' : level >= 1 || !rows[i].made ? 'd' : '-';
            assert_int_equal(answer(&actors[1], rows[i].what, &plain), rows[i].made ? '-' : 'd');
            assert_int_equal(answer(&actors[2], rows[i].what, &plain), open);
            assert_int_equal(answer(&actors[2], rows[i].what, &preset),
                             open == 'o' && rows[i].reserved ? 'd' : open);
            assert_int_equal(answer(&actors[4], rows[i].what, &preset), 'o');
        }
    }
    enum text_key why;
    permit_why(&actors[2], ACTION_POLICY_EDIT, &(struct object){.policy = &policy_default}, &why);
    assert_int_equal(why, TEXT_POLICY_OF_SERVER);
    privacy_honour(0);
    for (const struct field *f = actions[ACTION_POLICY_EDIT].fields; f->name != NULL; f++) {
        static const char *const kept[] = {"quarantine", "admin",   "rulenames", "sa_",
                                           "forward",    "default", "disclaimer"};
        bool ours = false;
        for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
            ours = ours || strstr(f->name, kept[i]) != NULL;
        ours = ours && strcmp(f->name, "spam_quarantine_cutoff_level") != 0;
        assert_int_equal(f->edit == SERVER_ADMIN, ours);
    }
}

static void test_reasons_and_reach(void **state)
{
    (void)state;
    enum text_key why;
    permit_why(&actors[4], ACTION_PASSWORD_SET, &(struct object){.mailbox = &server_b}, &why);
    assert_int_equal(why, TEXT_MAILBOX_PROTECTED);
    permit_why(&actors[5], ACTION_MAILBOX_DELETE, &(struct object){.mailbox = &super_a}, &why);
    assert_int_equal(why, TEXT_SUPER_ADMIN_STAYS);
    permit_why(&actors[2], ACTION_PASSWORD_SET, &(struct object){.mailbox = &admin_a}, &why);
    assert_int_equal(why, TEXT_OWN_ACCOUNT);
    permit_why(&actors[2], ACTION_STATUS, NULL, &why);
    assert_int_equal(why, TEXT_NOT_ALLOWED);
    permit_why(&actors[0], ACTION_STATUS, NULL, &why);
    assert_int_equal(why, TEXT_SIGN_IN_FIRST);
    assert_false(actor_reach(&actors[0]).everything);
    assert_int_equal(actor_reach(&actors[0]).account, 0);
    assert_int_equal(actor_reach(&actors[2]).account, admin_a.id);
    assert_true(actor_reach(&actors[4]).everything);
    assert_true(actor_reach(&actors[6]).everything);
    struct arena *a = arena_create(1 << 20);
    assert_string_equal(actor_name(a, &actors[6]), "console (root)");
    assert_string_equal(actor_name(a, &actors[2]), "admin@a");
    assert_string_equal(actor_name(a, &actors[0]), "");
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matrix),
        cmocka_unit_test(test_every_action_has_a_row),
        cmocka_unit_test(test_existence_is_not_shown),
        cmocka_unit_test(test_privacy_levels),
        cmocka_unit_test(test_cover),
        cmocka_unit_test(test_invited),
        cmocka_unit_test(test_super_admin_of_the_configuration),
        cmocka_unit_test(test_levels_open_policies),
        cmocka_unit_test(test_reasons_and_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
