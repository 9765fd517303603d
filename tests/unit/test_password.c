/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "auth/password.h"
#include "auth/throttle.h"
#include "base/str.h"

static struct arena *arena;
static const struct password_cost cheap = {256, 1};

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(16 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static bool matches_n(const char *stored, const char *bytes, size_t n, bool *renew_r)
{
    return password_verify(arena, &cheap, stored, bytes, n, renew_r) == PASSWORD_MATCHES;
}

static bool matches(const char *stored, const char *password)
{
    bool renew;
    return matches_n(stored, password, strlen(password), &renew);
}

/* All of "secret"; made by other programs (Dovecot, OpenSSL, mkpasswd, PHP). */
static const char *const known[] = {
#include "known_hashes.h"
};

static void test_known_hashes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        bool renew = false;
        if (!matches_n(known[i], "secret", 6, &renew))
            fail_msg("does not match: %s", known[i]);
        assert_true(renew);
        if (matches(known[i], "secreT") || matches(known[i], "") || matches(known[i], "secret "))
            fail_msg("matches what it should not: %s", known[i]);
        bool unused;
        assert_false(matches_n(known[i], "secret\0x", 8, &unused));
    }
}

static void test_own_hashes(void **state)
{
    (void)state;
    static const char odd[] = "\x01\xff\n\"'%s\\ \xc3\xa4{ARGON2ID}";
    const char *hash = password_hash(arena, &cheap, odd, sizeof odd - 1);
    bool renew = true;
    assert_true(text_starts(hash, "{ARGON2ID}$argon2id$v=19$m=256,t=1,p=1$"));
    assert_true(matches_n(hash, odd, sizeof odd - 1, &renew));
    assert_false(renew);
    assert_false(matches_n(hash, odd, sizeof odd - 2, &renew));
    assert_string_not_equal(hash, password_hash(arena, &cheap, odd, sizeof odd - 1));
    const struct password_cost dear = {512, 1};
    assert_int_equal(password_verify(arena, &dear, hash, odd, sizeof odd - 1, &renew),
                     PASSWORD_MATCHES);
    assert_true(renew);
    char *longest = arena_alloc(arena, PASSWORD_MAX + 2);
    memset(longest, 'x', PASSWORD_MAX + 1);
    hash = password_hash(arena, &cheap, longest, PASSWORD_MAX);
    assert_true(matches_n(hash, longest, PASSWORD_MAX, &renew));
    assert_false(matches_n(hash, longest, PASSWORD_MAX + 1, &renew));
}

#define SALT "c2FsdHNhbHRzYWx0c2FsdA"
#define HASH "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"

/* Whatever stands in the database: a refusal, soon, and no crash. */
static void test_hostile_hashes(void **state)
{
    (void)state;
    static const char *const hostile[] = {
        "",
        "x",
        "{",
        "}",
        "{}",
        "{ARGON2ID}",
        "{ARGON2ID",
        "{PLAIN}secret",
        "{CLEARTEXT}secret",
        "{CRYPT}",
        "{CRYPT}secret",
        "{CRYPT}*0",
        "{CRYPT}*1",
        "*0",
        "*",
        "!",
        "{UNKNOWN}5ebe2294ecd0e0f08eab7690d2a6ee69",
        "{SSHA}5ebe2294ecd0e0f08eab7690d2a6ee69",
        "{PLAIN-MD5}",
        "{PLAIN-MD5}5ebe2294ecd0e0f08eab7690d2a6ee6",
        "{PLAIN-MD5}5ebe2294ecd0e0f08eab7690d2a6ee6z",
        "5ebe2294ecd0e0f08eab7690d2a6ee690",
        "{LDAP-MD5}",
        "{LDAP-MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ",
        "{LDAP-MD5}!!!!!!!!!!!!!!!!!!!!!!==",
        "secret",
        "$",
        "$$",
        "$6$",
        "$6$$",
        "$6$rounds=999999999$salt$",
        "$6$rounds=0$x$y",
        "$6$rounds=-1$x$y",
        "$5$rounds=99999999999999999999$x$y",
        "$2y$31$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuabcdefghijklmno",
        "$2y$00$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuabcdefghijklmno",
        "$2y$05$",
        "$y$j9T$x$y",
        "$7$x",
        "$argon2id$v=19$m=262145,t=1,p=1$" SALT "$" HASH,
        "$argon2id$v=19$m=4294967295,t=1,p=1$" SALT "$" HASH,
        "$argon2id$v=19$m=99999999999,t=1,p=1$" SALT "$" HASH,
        "$argon2id$v=19$m=1024,t=11,p=1$" SALT "$" HASH,
        "$argon2id$v=19$m=1024,t=4294967295,p=1$" SALT "$" HASH,
        "$argon2id$v=19$m=1024,t=1,p=9$" SALT "$" HASH,
        "$argon2id$v=19$m=1024,t=0,p=1$" SALT "$" HASH,
        "$argon2id$v=19$m=1024,t=1,p=0$" SALT "$" HASH,
        "$argon2id$v=19$m=0,t=1,p=1$" SALT "$" HASH,
        "$argon2id$v=19$m=7,t=1,p=1$" SALT "$" HASH,
        "$argon2id$v=18$m=1024,t=1,p=1$" SALT "$" HASH,
        "$argon2id$v=19$m=-1,t=1,p=1$" SALT "$" HASH,
        "$argon2id$v=19$m=1024,t=1,p=1$$",
        "$argon2id$v=19$m=1024,t=1,p=1$" SALT "$",
        "$argon2id$v=19$m=1024,t=1,p=1",
        "$argon2id$v=19$m=1024,t=1,p=1$" SALT,
        "$argon2id$v=19$m=1024,t=1,p=1$!!$" HASH,
        "$argon2id$v=19$m=1024,t=1,p=1$" SALT "$" HASH "=",
        "$argon2id$v=19$m=1024,t=1,p=1$" SALT "$A",
        "$argon2id$v=19$m=1024,t=1,p=1$" SALT "$" HASH HASH HASH,
        "$argon2id$",
        "$argon2i$",
        "$argon2d$v=19$m=1024",
        "$argon2d$v=19$m=1024,t=1,p=1$" SALT "$" HASH,
        "{ARGON2I}$argon2id$v=19$m=1024,t=1,p=1$" SALT "$" HASH,
        "{SHA512-CRYPT}$1$salt$0vJLWW8bQO8R1vLd8BUGY1",
        "{MD5-CRYPT}5ebe2294ecd0e0f08eab7690d2a6ee69",
        "\x80\xff\xfe",
    };
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        if (matches(hostile[i], "secret") || matches(hostile[i], "") ||
            matches(hostile[i], hostile[i]))
            fail_msg("matches: %s", hostile[i]);
    }
    assert_false(matches(NULL, ""));
    assert_false(matches(NULL, "secret"));
    char *huge = arena_alloc(arena, 100001);
    memset(huge, 'a', 100000);
    assert_false(matches(huge, huge));
}

/* Each known hash cut anywhere, and with any one character changed: never a match. */
static void test_spoilt_hashes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        bool slow = strstr(known[i], "CRYPT}") != NULL || known[i][0] == '$' ||
                    strstr(known[i], "ARGON") != NULL;
        for (size_t n = 0; n < strlen(known[i]); n += slow ? 7 : 1)
            assert_false(matches(arena_memdup(arena, known[i], n), "secret"));
    }
}

static void test_judge(void **state)
{
    (void)state;
    static const struct {
        const char *password;
        enum text_key verdict;
    } samples[] = {
        {"", TEXT_PASSWORD_SHORT},
        {"1234567", TEXT_PASSWORD_SHORT},
        {"password", TEXT_PASSWORD_COMMON},
        {"P@ssw0rd", TEXT_PASSWORD_COMMON},
        {"Passwort1!", TEXT_PASSWORD_COMMON},
        {"12345678", TEXT_PASSWORD_COMMON},
        {"1234567890", TEXT_PASSWORD_COMMON},
        {"87654321", TEXT_PASSWORD_COMMON},
        {"aaaaaaaaaaa", TEXT_PASSWORD_COMMON},
        {"abcabcabc", TEXT_PASSWORD_COMMON},
        {"qwertz2024", TEXT_PASSWORD_COMMON},
        {"iloveyou!", TEXT_PASSWORD_COMMON},
        {"robinson", TEXT_PASSWORD_LIKE_ADDRESS},
        {"Robinson2024", TEXT_PASSWORD_LIKE_ADDRESS},
        {"robinson@crusoe.example", TEXT_PASSWORD_LIKE_ADDRESS},
        {"crusoe.example", TEXT_PASSWORD_LIKE_ADDRESS},
        {"a rather good one", TEXT_NONE},
        {"Tr0ub4dor&3", TEXT_NONE},
        {"\xc3\xa4\xc3\xb6\xc3\xbcxyzq", TEXT_NONE},
        {"\xff\xfe\x01\x02zqwv", TEXT_NONE},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        enum text_key got = password_judge(samples[i].password, strlen(samples[i].password),
                                           "robinson@crusoe.example");
        if (got != samples[i].verdict)
            fail_msg("%s: %s", samples[i].password, text_code(got));
    }
    char *longest = arena_alloc(arena, PASSWORD_MAX + 2);
    for (size_t i = 0; i <= PASSWORD_MAX; i++)
        longest[i] = (char)('!' + i * 7 % 90);
    assert_int_equal(password_judge(longest, PASSWORD_MAX, "a@b.example"), TEXT_NONE);
    assert_int_equal(password_judge(longest, PASSWORD_MAX + 1, "a@b.example"), TEXT_PASSWORD_LONG);
    assert_int_equal(password_judge("abc\0defgh", 9, "a@b.example"), TEXT_PASSWORD_NUL);
    for (int i = 0; i < 100; i++) {
        const char *made = password_generate(arena);
        assert_int_equal(strlen(made), 20);
        assert_int_equal(password_judge(made, 20, "a@b.example"), TEXT_NONE);
    }
}

static void test_networks(void **state)
{
    (void)state;
    assert_string_equal(throttle_network(arena, "192.0.2.1"), "192.0.2.1");
    assert_string_equal(throttle_network(arena, "2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    assert_string_equal(throttle_network(arena, "2001:db8:1:2::1"), "2001:db8:1:2::/64");
    assert_string_equal(throttle_network(arena, "::ffff:192.0.2.1"), "192.0.2.1");
    assert_string_equal(throttle_network(arena, NULL), "");
}

/* With arguments: verify HASH PASSWORD..., so that other programs' hashes can be tried. */
static int verify_arguments(int n, char **words)
{
    arena = arena_create(1 << 20);
    bool all = true;
    for (int i = 1; i + 1 < n; i += 2) {
        bool fits = matches(words[i], words[i + 1]);
        printf("%s %s\n", fits ? "fits" : "differs", words[i]);
        all = all && fits;
    }
    if (n == 2)
        printf("%s\n",
               password_hash(arena, &(struct password_cost){19456, 2}, words[1], strlen(words[1])));
    arena_destroy(arena);
    return all ? 0 : 1;
}

int main(int n, char **words)
{
    if (n > 1)
        return verify_arguments(n, words);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_hashes),   cmocka_unit_test(test_own_hashes),
        cmocka_unit_test(test_hostile_hashes), cmocka_unit_test(test_spoilt_hashes),
        cmocka_unit_test(test_judge),          cmocka_unit_test(test_networks),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
