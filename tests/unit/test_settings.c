/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "settings/settings.h"

static struct arena *arena;
static char path[64];

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(16 * 1024 * 1024);
    snprintf(path, sizeof path, "/tmp/settings.%d.conf", (int)getpid());
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    arena_destroy(arena);
    return 0;
}

/* The mistakes that this text makes, without the path; NULL: none. */
static const char *load_n(const char *text, size_t n, mode_t mode, struct settings *settings_r)
{
    struct str mistakes;
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
    assert_int_equal(chmod(path, mode), 0);
    str_init(&mistakes, arena, 65536);
    bool fine = settings_load(arena, path, settings_r, &mistakes);
    assert_int_equal(fine, mistakes.len == 0);
    return fine ? NULL : mistakes.data;
}

static const char *load(const char *text, struct settings *settings_r)
{
    return load_n(text, strlen(text), 0600, settings_r);
}

static void refused(const char *text, const char *word)
{
    struct settings s;
    const char *mistakes = load(arena_printf(arena, "hosts = a.example\n%s\n", text), &s);
    if (mistakes == NULL || strstr(mistakes, word) == NULL || strstr(mistakes, ":2: ") == NULL)
        fail_msg("%s: %s", text, mistakes != NULL ? mistakes : "was taken");
}

static void test_values(void **state)
{
    (void)state;
    struct settings s;
    assert_null(load(
        "\xef\xbb\xbf# a comment\n; another\n\nhosts = Mail.Example.org\t[::1]\r\nworkers=8\n"
        "session_idle = 2 h\nmax_upload =\t8 MB\ninsecure_http = on\nlog_level = debug\n"
        "site_name = \"A; B ; C\"\ndatabase_password = pw;x\nmailboy_root = /mail/box\n"
        "site_url = https://[::1]:8443\nimap_host = Imap.example.org\nsmtp_security = starttls\n"
        "trusted_proxies = 192.0.2.1 2001:db8::/32\nlisten = 127.0.0.1:9000\ndatabase_socket =\n"
        "mailuser_password = aZ9+/=~:,-._\ndatabase_host = 2001:db8::1\nmail_root = "
        "/srv/v-mail_1.d",
        &s));
    assert_int_equal(s.hosts.n, 2);
    assert_string_equal(s.hosts.at[0], "mail.example.org");
    assert_int_equal(s.workers, 8);
    assert_int_equal(s.session_idle, 7200000);
    assert_int_equal(s.max_upload, 8 << 20);
    assert_true(s.insecure_http);
    assert_int_equal(s.log_level, LOG_DEBUG_LEVEL);
    assert_string_equal(s.site_name, "A; B ; C");
    assert_string_equal(s.database_password, "pw;x");
    assert_string_equal(s.site_url, "https://[::1]:8443");
    assert_string_equal(s.imap_host.at[0], "imap.example.org");
    assert_string_equal(s.imap_security, "tls");
    assert_string_equal(s.smtp_security, "starttls");
    assert_string_equal(s.mailboy_root, "/mail/box");
    assert_int_equal(s.trusted_proxies.n, 2);
    assert_string_equal(s.database_socket, "");
    assert_int_equal(s.argon2_memory, 19456);
    assert_string_equal(s.database_name, "mailboy");
    assert_string_equal(s.mailuser_password, "aZ9+/=~:,-._");
    assert_string_equal(s.database_host, "2001:db8::1");
    assert_string_equal(s.mail_root, "/srv/v-mail_1.d");
}

static void test_refused(void **state)
{
    (void)state;
    refused("worksers = 4", "did you mean \"workers\"?");
    refused("completely_else = 4", "there is no option \"completely_else\"");
    refused("hosts = b.example", "a second time (first in line 1)");
    refused("workers = 65", "workers = 65: has to be a whole number from 1 to 64 (default: 4)");
    refused("workers = 0", "1 to 64");
    refused("workers = ", "1 to 64");
    refused("workers = 99999999999999999999", "1 to 64");
    refused("workers = 4 ; four", "a blank before a semicolon");
    refused("workers = ;", "a blank before a semicolon");
    refused("workers = 4 # four", "1 to 64");
    refused("  workers = 4", "indented");
    refused("\tand more", "indented");
    refused("[mailboy]", "sections");
    refused("workers: 4", "key = value");
    refused("workers", "key = value");
    refused("= 4", "key = value");
    refused("Workers = 4", "key = value");
    refused("session_idle = 30", "a time from 1min to 12h");
    refused("session_idle = 30m", "ms, s, min or h");
    refused("session_idle = 13h", "1min to 12h");
    refused("max_upload = 1TB", "B, kB, MB or GB");
    refused("insecure_http = yes", "on or off");
    refused("log_level = all", "debug, info, warn or error");
    refused("privacy_level = 5", "0 to 4");
    refused("mailboy_root = mail", "such as /mail");
    refused("mailboy_root = /mail/", "such as /mail");
    refused("mailboy_root = /", "such as /mail");
    refused("mailboy_root = //x", "such as /mail");
    refused("mailboy_root = /a/../b", "such as /mail");
    refused("mailboy_root = /a?b", "such as /mail");
    refused("site_url = mail.example.org", "https:// and a name");
    refused("site_url = https://b.example/mail", "no path");
    refused("site_url = https://b.example:0", "https:// and a name");
    refused("site_url = https://b.example:70000", "https:// and a name");
    refused("site_url = https://[::1", "https:// and a name");
    refused("site_url = https://", "https:// and a name");
    refused("site_url = ftp://b.example", "https:// and a name");
    refused("site_url = https://b.example.evil.test", "not among the hosts");
    refused("imap_security = ssl", "tls, starttls or none");
    refused("imap_host = a.example b.example", "at most 1");
    refused("smtp_port = 0", "1 to 65535");
    refused("listen = 0.0.0.0:9000", "127.0.0.1:PORT");
    refused("listen = 127.0.0.1:0", "127.0.0.1:PORT");
    refused("listen = 127.0.0.1:70000", "127.0.0.1:PORT");
    refused("listen = mailboy.sock", "127.0.0.1:PORT");
    refused("themes_dir = themes", "starts with /");
    refused("mail_root = /var/mail's", "letters, digits and - . _ + /");
    refused("mail_root = /var/%d", "letters, digits");
    refused("mail_root = vmail", "starts with /");
    refused("assets_dir = /srv/my assets", "letters, digits");
    refused("database_socket = /run/it's.sock", "or nothing");
    refused("database_name = mail`box", "1 to 64 letters, digits, - and _");
    refused("database_host = db host", "a name in small letters, or an address");
    refused("database_host = [::1]", "or an address");
    refused("listen = /run/a;b", "127.0.0.1:PORT");
    refused("mailuser_password = pass word", "(hidden)");
    refused("mailuser_password = p\xc3\xbc", "letters, digits");
    for (const char *c = "'\"#$%\\@;`!*()"; *c != '\0'; c++)
        refused(arena_printf(arena, "mailpostfix_password = a%cb", *c),
                "letters, digits and - . _");
    refused("trusted_proxies = 192.0.2.0/33", "networks");
    refused("trusted_proxies = proxy.example", "networks");
    refused("argon2_memory = 1024", "19456 to 65536");
    refused("request_timeout = 1s", "longer than statement_timeout");
    refused("render_cpu = 2s", "render_wall (600ms) is shorter than render_cpu (2000ms)");
}

static void test_lines_that_would_be_cut(void **state)
{
    (void)state;
    struct settings s;
    char *line = arena_alloc(arena, 400);
    memset(line, 'x', 300);
    memcpy(line, "site_name = ", 12);
    line[80] = '\0';
    assert_null(load(arena_printf(arena, "hosts = a.example\n%s\n", line), &s));
    line[80] = 'x';
    for (size_t n = 198; n < 300; n++) {
        line[n + 1] = '\0';
        refused(line, "longer than 198 bytes");
        line[n + 1] = 'x';
    }
    line[0] = '#';
    memcpy(line + 195, "\nx = y", 7);
    assert_non_null(load(line, &s));
    memcpy(line + 205, "workers = 99",
           13); /* the tail of a long comment must not become an option */
    line[195] = 'x';
    line[201] = 'x';
    const char *mistakes = load(arena_printf(arena, "hosts = a\n%s\n", line), &s);
    assert_non_null(strstr(mistakes, "longer than 198"));
    assert_null(strstr(mistakes, "workers"));
}

static void test_all_mistakes_together(void **state)
{
    (void)state;
    struct settings s;
    const char *mistakes =
        load("workers = x\n\nwrokers = 4\nlisten = y\ndatabase_password = \x01\n", &s);
    assert_non_null(strstr(mistakes, ":1: workers = x"));
    assert_non_null(strstr(mistakes, ":3: there is no option \"wrokers\""));
    assert_non_null(strstr(mistakes, ":4: listen = y"));
    assert_non_null(strstr(mistakes, ":5: the line holds a control character"));
    assert_non_null(strstr(mistakes, "hosts is missing"));
    mistakes = load_n("hosts = a\0\n", 11, 0600, &s);
    assert_non_null(strstr(mistakes, "control character"));
    mistakes = load("hosts = a\nsite_name = \xff\n", &s);
    assert_non_null(strstr(mistakes, "UTF-8"));
}

static void test_secrets(void **state)
{
    (void)state;
    struct settings s;
    static const char with[] = "hosts = a\ndatabase_password = pw\n", without[] = "hosts = a\n";
    assert_null(load_n(with, strlen(with), 0600, &s));
    assert_non_null(strstr(load_n(with, strlen(with), 0640, &s), "others can read"));
    assert_non_null(strstr(load_n(with, strlen(with), 0604, &s), "others can read"));
    assert_null(load_n(without, strlen(without), 0644, &s));
    assert_non_null(strstr(load_n(without, strlen(without), 0622, &s), "others can write"));
    char *line = arena_alloc(arena, 300);
    memset(line, 'q', 180);
    memcpy(line, "database_password = ", 20);
    const char *mistakes = load(arena_printf(arena, "hosts = a\n%s\n", line), &s);
    assert_non_null(strstr(mistakes, "(hidden)"));
    assert_null(strstr(mistakes, "qqq"));
}

static void test_files(void **state)
{
    (void)state;
    struct settings s;
    struct str mistakes;
    str_init(&mistakes, arena, 4096);
    assert_false(settings_load(arena, "/nowhere/mailboy.conf", &s, &mistakes));
    assert_non_null(strstr(mistakes.data, "/nowhere/mailboy.conf: cannot be read: No such file"));
    assert_false(settings_load(arena, "/tmp", &s, &mistakes));
    assert_string_equal(settings_path("x"), "x");
    assert_int_equal(setenv("MAILBOY_CONF", "/y", 1), 0);
    assert_string_equal(settings_path(NULL), "/y");
    unsetenv("MAILBOY_CONF");
    assert_string_equal(settings_path(NULL), SETTINGS_PATH);
    assert_null(load("insecure_http = on\n", &s));
    assert_int_equal(s.hosts.n, 3);
}

/* The manual with every # before an option taken away is a file that loads, and so it is with
 * them. */
static void test_manual(void **state)
{
    (void)state;
    struct settings s, defaults;
    struct str manual;
    str_init(&manual, arena, 65536);
    settings_print_manual(&manual);
    assert_false(manual.overflow);
    assert_null(load(arena_printf(arena, "%s\nhosts = a\n", manual.data), &s));
    char *text = arena_memdup(arena, manual.data, manual.len);
    for (char *c = text; (c = strstr(c, "\n#")) != NULL; c++) {
        if (c[2] >= 'a' && c[2] <= 'z')
            c[1] = ' ';
    }
    struct str bare;
    str_init(&bare, arena, 65536);
    char *rest;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
        str_printf(&bare, "%s\n", line[0] == ' ' ? line + 1 : line);
    const char *mistakes = load(bare.data, &s);
    assert_non_null(mistakes); /* hosts is the one thing that has no default */
    assert_non_null(strstr(mistakes, "hosts is missing"));
    assert_null(strchr(strchr(mistakes, '\n') + 1, '\n'));
    settings_defaults(arena, &defaults);
    assert_int_equal(defaults.workers, 4);
    assert_string_equal(defaults.listen, s.listen);
}

static int print_manual(void)
{
    struct str manual;
    arena = arena_create(1 << 20);
    str_init(&manual, arena, 65536);
    settings_print_manual(&manual);
    fputs(manual.data, stdout);
    arena_destroy(arena);
    return 0;
}

int main(int n, char **words)
{
    if (n > 1 && strcmp(words[1], "manual") == 0)
        return print_manual();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_lines_that_would_be_cut),
        cmocka_unit_test(test_all_mistakes_together),
        cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_manual),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
