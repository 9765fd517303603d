/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values on the wire and as JSON, and replies of a renderer that lies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/wire.h"
#include "view/plain.h"
#include "view/markup.h"
#include "view/reply.h"
#include "view/theme.h"
#include "view/value.h"

static struct arena *a;

static int set_up(void **state)
{
    (void)state;
    a = arena_create((size_t)16 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(a);
    return 0;
}

static struct value *sample(void)
{
    struct value *m = value_map(a);
    value_set_text(m, "name", "Ada \"x\" \\ \n\x01");
    value_set_text(m, "absent", NULL);
    value_set_int(m, "n", -5);
    value_set_bool(m, "yes", true);
    value_set_url(m, "url", "/x");
    value_set_time(m, "at", 1700000000);
    value_set_time(m, "never", 0);
    value_set_secret(m, "token", "s");
    value_add_text(value_set_list(m, "list"), "one");
    value_page_only(value_set_map(m, "form"));
    return m;
}

static void json_leaves_out_what_is_the_pages(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, a, 4096);
    value_json(&s, sample());
    assert_string_equal(s.data,
                        "{\"name\":\"Ada \\\"x\\\" \\\\ \\n\\u0001\",\"n\":-5,\"yes\":true,"
                        "\"at\":\"2023-11-14T22:13:20Z\",\"token\":\"s\",\"list\":[\"one\"]}");
}

static void absent_values_are_not_there(void **state)
{
    (void)state;
    struct value *m = sample();
    assert_null(value_get(m, "absent"));
    assert_null(value_get(m, "never"));
    assert_int_equal(value_kind(value_get(m, "no")), VALUE_NIL);
    assert_int_equal(value_as_int(value_get(m, "n")), -5);
    assert_string_equal(value_as_text(value_at(value_get(m, "list"), 0)), "one");
    assert_null(value_at(value_get(m, "list"), 1));
    assert_string_equal(value_key(m, 0), "name");
}

static void secrets_stay_here(void **state)
{
    (void)state;
    struct str s;
    struct value_secrets secrets = {0};
    struct value_keys keys;
    struct value *m = value_map(a);
    value_set_secret(m, "a", "UNSEEN1");
    value_set_secret(m, "b", "UNSEEN2");
    str_init(&s, a, 4096);
    value_keys_begin(&keys);
    value_wire(&s, m, &secrets, &keys);
    value_wire_keys(&s, &keys);
    assert_null(memmem(s.data, s.len, "UNSEEN", 6));
    assert_int_equal(secrets.n, 2);
    assert_string_equal(secrets.text[1], "UNSEEN2");
}

/* Texts of every length about those that are copied in another way, by a buffer that has to grow; and
 * one that may not. */
static void texts_arrive_as_they_are(void **state)
{
    (void)state;
    enum { LONGEST = 70 };
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.,;:+*/";
    struct value_secrets secrets = {0};
    struct value_keys keys;
    struct str s, tight;
    struct value *list = value_list(a);
    for (size_t n = 0; n <= LONGEST; n++)
        value_set_text_n(value_add_map(list), "text", letters + LONGEST - n, n);
    str_init(&s, a, 65536);
    value_keys_begin(&keys);
    value_wire(&s, list, &secrets, &keys);
    assert_false(s.overflow);
    assert_int_equal(s.data[s.len], '\0');
    struct wire_reader r = wire_reader(s.data, s.len);
    assert_int_equal(wire_u8(&r), WIRE_LIST);
    assert_int_equal(wire_u32(&r), LONGEST + 1);
    for (size_t n = 0; n <= LONGEST; n++) {
        size_t got;
        assert_int_equal(wire_u8(&r), WIRE_MAP);
        assert_int_equal(wire_u32(&r), 1);
        assert_int_equal(wire_u16(&r), 0);
        assert_int_equal(wire_u8(&r), WIRE_TEXT);
        const char *text = wire_text(&r, &got);
        assert_int_equal(got, n);
        assert_memory_equal(text, letters + LONGEST - n, n);
    }
    assert_false(r.broken);
    assert_ptr_equal(r.at, r.end);
    str_init(&tight, a, s.len / 2);
    value_wire(&tight, list, &secrets, &keys);
    assert_true(tight.overflow);
}

/* As many as there may be, each by its own number, and the same again. */
static void keys_are_found_again(void **state)
{
    (void)state;
    static char names[WIRE_KEYS][16];
    struct value_secrets secrets = {0};
    struct value_keys keys;
    struct str s;
    struct value *list = value_list(a), *up = value_add_map(list), *down = value_add_map(list);
    for (int i = 0; i < WIRE_KEYS; i++) {
        snprintf(names[i], sizeof names[i], "k%d", i);
        value_set_bool(up, names[i], true);
    }
    for (int i = WIRE_KEYS; i-- > 0;)
        value_set_bool(down, names[i], false);
    str_init(&s, a, 65536);
    value_keys_begin(&keys);
    value_wire(&s, list, &secrets, &keys);
    assert_int_equal(keys.n, WIRE_KEYS);
    struct wire_reader r = wire_reader(s.data, s.len);
    wire_u8(&r);
    wire_u32(&r);
    for (int turn = 0; turn < 2; turn++) {
        wire_u8(&r);
        assert_int_equal(wire_u32(&r), WIRE_KEYS);
        for (int i = 0; i < WIRE_KEYS; i++) {
            assert_string_equal(keys.text[wire_u16(&r)], names[turn == 0 ? i : WIRE_KEYS - 1 - i]);
            assert_int_equal(wire_u8(&r), turn == 0 ? WIRE_TRUE : WIRE_FALSE);
        }
    }
}

static struct str page_reply(const char *html, size_t n, const struct reply_slot *slots)
{
    struct str s;
    str_init(&s, a, 65536);
    wire_put_u8(&s, WIRE_PAGE);
    wire_put_text(&s, html, strlen(html));
    wire_put_u32(&s, n);
    for (size_t i = 0; i < n; i++) {
        wire_put_u32(&s, slots[i].offset);
        wire_put_u32(&s, slots[i].slot);
    }
    wire_put_u32(&s, 0);
    wire_put_text(&s, "", 0);
    return s;
}

static bool reads(const char *html, size_t n, const struct reply_slot *slots,
                  struct reply_page *page_r)
{
    struct value_secrets secrets = {.n = 2, .text = {"<1>", "2"}};
    struct str s = page_reply(html, n, slots);
    return reply_read_page(wire_reader(s.data, s.len), a, &secrets, page_r);
}

static void secrets_are_put_in_escaped(void **state)
{
    (void)state;
    struct reply_page page;
    struct value_secrets secrets = {.n = 2, .text = {"<1>", "2"}};
    struct reply_slot slots[] = {{3, 0}, {23, 1}};
    struct str html;
    str_init(&html, a, 4096);
    assert_true(reads("<p></p><input value=\"\">", 1, slots, &page));
    slots[1].offset = 5;
    assert_false(reads("<p>a<b", 2, slots, &page));
    assert_true(reads("<p>abc</p>", 2, slots, &page)); /* both in one text */
    slots[1].offset = 21;
    assert_true(reads("<p></p><input value=\"\">", 2, slots, &page));
    reply_splice(&page, &secrets, &html);
    assert_string_equal(html.data, "<p>&lt;1&gt;</p><input value=\"2\">");
}

static void lying_slots_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *html;
        struct reply_slot slots[2];
        size_t n;
    } lies[] = {
        {"<p></p>", {{99, 0}}, 1},                   /* behind the page */
        {"<p></p>", {{3, 7}}, 1},                    /* no such secret */
        {"<p></p><p></p>", {{10, 0}, {3, 1}}, 2},    /* not ascending */
        {"<a href=\"/?\">", {{12, 0}}, 1},           /* in an address */
        {"<p class=\"x\">", {{10, 0}}, 1},           /* in another attribute */
        {"<p>", {{1, 0}}, 1},                        /* in a name */
        {"text", {{2, 0}}, 1},                       /* before any element */
        {"<input value=\"x\">", {{15, 0}}, 1},       /* not alone in its attribute */
        {"<p>", {{0}}, 3000},                        /* too many */
        {"<p>x<b y", {{4, 0}, {8, 1}}, 2},           /* the second in a tag */
        {"<i value=\"\" x>", {{10, 0}, {13, 1}}, 2}, /* the second behind a value, in its tag */
    };
    struct reply_page page;
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct reply_slot many[3000] = {lies[i].slots[0], lies[i].slots[1]};
        assert_false(reads(lies[i].html, lies[i].n, many, &page));
    }
}

static bool stays(const char *html, const char *told)
{
    struct str s, page;
    str_init(&s, a, 4096);
    str_init(&page, a, 4096);
    wire_put_text(&s, "mailboxes.list", 14);
    wire_put_text(&s, told, strlen(told));
    str_append(&page, html);
    for (int i = 0; i < 12; i++) { /* anywhere: in what is looked at together, and behind it */
        bool whole = markup_stays(page.data, page.len, &s);
        for (int k = 0; k < 12; k++)
            str_append(&page, "<p>text</p>");
        assert_int_equal(whole, markup_stays(page.data, page.len, &s));
        str_clear(&page);
        for (int k = 0; k <= i; k++)
            str_append(&page, "<p>0123</p>x");
        str_append(&page, html);
    }
    return markup_stays(html, strlen(html), &s);
}

static void pages_stay_on_the_site(void **state)
{
    (void)state;
    static const char *const good[] = {
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>x</title></head>",
        "<h1>x</h1><blockquote>x</blockquote><figcaption>x</figcaption><textarea></textarea>",
        "<a href=\"/\">x</a><a class=\"b c\" data-x1 href=\"/domains?a=1&amp;b=//x\">x</a><a>x</a>",
        "<a href=\"\">x</a><a href=\"#main\">x</a><a href=\"?q=:\">x</a><a href=\"help/x:y\">x</a>",
        "<a\nhref=\"mailto:a@example.org?subject=x\">x</a>",
        "<a href=\"https://example.org/?a&amp;b=&#39;\">x</a>",
        "<link rel=\"icon\" href=\"/i.svg\"><svg><use href=\"/i.svg#x\"/></svg>",
        "",
    };
    static const char *const bad[] = {
        "<meta http-equiv=\"refresh\" content=\"0;url=/\">",
        "<meta name=\"x\" http-equiv=\"refresh\">",
        "<meta name='x' charset=\"utf-8\">",
        "<meta/http-equiv=refresh>",
        "<META charset=\"utf-8\">",
        "<base target=\"x\">",
        "<link rel=\"preconnect\" href=\"https://example.net\">",
        "<link rel=dns-prefetch href=//example.net>",
        "<a href=\"https://example.org/\">x</a>", /* only the whole text */
        "<a href=\"https://example.org/?a&amp;b=&#39;&amp;c\">x</a>",
        "<a href=\"//example.net\">x</a>",
        "<a href=\"/\\example.net\">x</a>",
        "<a href=\"/\t/example.net\">x</a>",
        "<a href=\"/&sol;example.net\">x</a>",
        "<a href=\" //example.net\">x</a>",
        "<a href=\"&#104;ttps://example.net\">x</a>",
        "<a href=\"javascript:x\">x</a>",
        "<a HREF=\"/\">x</a>",
        "<a xlink:href=\"https://example.net\">x</a>",
        "<a title=x href=\"/\">x</a>",
        "<a title=\"x\"href=\"//example.net\">x</a>",
        "<a href=\"/",
        "<a",
        "<animate attributeName=\"href\">",
        "<math href=\"/\">",
        "<iframe>",
        "<!-- x -->",
        "<?x?>",
        "<>",
        "<",
    };
    static const char told[] = "https://example.org/?a&b='";
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(stays(good[i], told) || (print_error("%s\n", good[i]), false));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(stays(bad[i], told) && (print_error("%s\n", bad[i]), true));
}

/* Many links, each of which was told: what is searched for them has an end. */
static void links_to_elsewhere_are_bounded(void **state)
{
    (void)state;
    enum { MEGABYTE = 1024 * 1024 };
    struct str told, page;
    str_init(&told, a, 2 * MEGABYTE);
    str_init(&page, a, MEGABYTE);
    while (told.len < MEGABYTE)
        str_append(&told, "0123456789abcdef");
    wire_put_text(&told, "https://x.y", 11);
    for (int i = 0; i < 20; i++)
        str_append(&page, "<a href=\"https://x.y\">x</a>");
    assert_true(markup_stays(page.data, page.len, &told));
    for (int i = 0; i < 20; i++)
        str_append(&page, "<a href=\"https://x.y\">x</a>");
    assert_false(markup_stays(page.data, page.len, &told));
}

/* Any cut and any changed byte of a good reply is either read or refused, never a crash (the build
 * has sanitizers). */
static void any_bytes_can_be_read(void **state)
{
    (void)state;
    struct reply_slot slots[] = {{3, 0}};
    struct value_secrets secrets = {.n = 1, .text = {"x"}};
    struct str good = page_reply("<p></p>", 1, slots);
    struct reply_page page;
    struct reply_ready ready;
    srand(1);
    for (int i = 0; i < 20000; i++) {
        size_t n = i < (int)good.len ? (size_t)i : good.len;
        char *bytes = malloc(n + 1);
        memcpy(bytes, good.data, n);
        for (int k = rand() % 4; k > 0 && n > 0; k--)
            bytes[(size_t)rand() % n] = (char)rand();
        struct arena *scratch = arena_create((size_t)16 * 1024 * 1024);
        if (reply_read_page(wire_reader(bytes, n), scratch, &secrets, &page)) {
            struct str html;
            str_init(&html, scratch, 4096);
            reply_splice(&page, &secrets, &html);
        }
        reply_read_ready(wire_reader(bytes, n), scratch, &ready);
        reply_reason(wire_reader(bytes, n), scratch);
        arena_destroy(scratch);
        free(bytes);
    }
}

static void the_plain_page_escapes(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, a, 4096);
    plain_page(&s, LOCALE_EN, 503, "<h>", "a & b", "id", "/mail");
    assert_non_null(strstr(s.data, "<h1>&lt;h&gt;</h1>"));
    assert_non_null(strstr(s.data, "a &amp; b"));
    assert_non_null(strstr(s.data, "href=\"/mail/\""));
    assert_non_null(strstr(s.data, "href=\"/mail/assets/base/app-"));
    assert_non_null(strstr(s.data, "<title>&lt;h&gt;</title>"));
}

static void the_plain_page_speaks(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, a, 4096);
    plain_page(&s, LOCALE_DE, 503, "h", "t", "id", "");
    assert_non_null(strstr(s.data, "<html lang=\"de\" dir=\"ltr\">"));
    assert_non_null(strstr(s.data, "Zurück zum Anfang"));
    assert_null(strstr(s.data, "reference"));
}

static void names_of_themes(void **state)
{
    (void)state;
    assert_true(theme_name_is_valid("purple-haze2"));
    assert_false(theme_name_is_valid(""));
    assert_false(theme_name_is_valid("../etc"));
    assert_false(theme_name_is_valid("a/b"));
    assert_false(theme_name_is_valid("Purple"));
    assert_true(theme_exists("/nowhere", "base"));
    assert_false(theme_exists("/nowhere", "other"));
}

/* Offset and name of the zone, as the wire has them. */
static void assert_zone(int64_t seconds)
{
    struct value_secrets secrets = {0};
    struct value_keys keys;
    struct str s;
    time_t t = (time_t)seconds;
    struct tm local = {0};
    size_t n;
    struct value *m = value_map(a), *v = value_set_time(m, "at", seconds);
    str_init(&s, a, 4096);
    value_keys_begin(&keys);
    value_wire(&s, v, &secrets, &keys);
    localtime_r(&t, &local);
    struct wire_reader r = wire_reader(s.data, s.len);
    assert_int_equal(wire_u8(&r), WIRE_TIME);
    assert_int_equal(wire_i64(&r), seconds);
    assert_int_equal(wire_i64(&r), local.tm_gmtoff);
    const char *zone = wire_text(&r, &n);
    assert_int_equal(n, strlen(local.tm_zone));
    assert_memory_equal(zone, local.tm_zone, n);
}

/* A zone that puts its clocks back for a month and forth again, in another month each year. */
static void times_have_their_own_offset(void **state)
{
    (void)state;
    for (int64_t seconds = -86400 * 3; seconds < 86400 * 3; seconds += 3607)
        assert_zone(seconds == 0 ? 1 : seconds);
    for (int64_t seconds = 1525000000; seconds < 1530000000; seconds += 3607)
        assert_zone(seconds);
    for (int64_t seconds = 1; seconds < 4000000000; seconds += 400009)
        assert_zone(seconds);
}

int main(void)
{
    setenv("TZ", "Africa/Casablanca", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(json_leaves_out_what_is_the_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(absent_values_are_not_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(secrets_stay_here, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_arrive_as_they_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keys_are_found_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(secrets_are_put_in_escaped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lying_slots_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pages_stay_on_the_site, set_up, tear_down),
        cmocka_unit_test_setup_teardown(links_to_elsewhere_are_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_bytes_can_be_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_plain_page_escapes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_plain_page_speaks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(times_have_their_own_offset, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_of_themes, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
