/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours and who can read them, tokens of style sheets, lists of links, faults that wait to be
 * counted, themes that rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "model/color.h"
#include "model/links.h"
#include "view/faults.h"
#include "view/manifest.h"
#include "view/strikes.h"
#include "view/tokens.h"

static struct arena *a;

static color parsed(const char *text)
{
    color c = 0x1000000;
    assert_true(color_parse(text, strlen(text), &c));
    return c;
}

static void colors_are_read(void **state)
{
    static const char *const wrong[] = {"",       "#",      "#12",  "#1234", "#12345",  "#1234567",
                                        "abcdef", "#12 45", "#ggg", "red",   "# 12345", "#-1-1-1"};
    (void)state;
    assert_int_equal(parsed("#ABC"), 0xaabbcc);
    assert_int_equal(parsed("#00fF7f"), 0x00ff7f);
    assert_string_equal(color_text(a, 0x00ff7f), "#00ff7f");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        color c;
        assert_false(color_parse(wrong[i], strlen(wrong[i]), &c));
    }
}

/* WCAG 2.2's own examples of the ratio: black on white 21, the same 1; greys at the two limits. */
static void contrast_is_wcags(void **state)
{
    (void)state;
    assert_int_equal(color_contrast(0x000000, 0xffffff), 2100);
    assert_int_equal(color_contrast(0x123456, 0x123456), 100);
    assert_int_equal(color_contrast(0xffffff, 0x767676), 454);
    assert_int_equal(color_contrast(0x777777, 0xffffff), 447);
    assert_int_equal(color_contrast(0xff0000, 0xffffff), 399);
}

static void the_nearest_shade_fits(void **state)
{
    static const color asked[] = {0xffff00, 0xcccccc, 0xffffff, 0x000000, 0x5b2bbd, 0x00ffff};
    const struct color_rule on_white = {0xffffff, 450}, on_black = {0x000000, 450};
    const struct color_rule both[] = {on_white, {0x000000, 2000}};
    (void)state;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        color dark, light;
        assert_true(color_nearest(asked[i], &on_white, 1, &dark));
        assert_true(color_nearest(asked[i], &on_black, 1, &light));
        assert_true(color_fits(dark, &on_white, 1) && color_fits(light, &on_black, 1));
        if (color_fits(asked[i], &on_white, 1))
            assert_int_equal(dark, asked[i]);
        else
            assert_true(color_contrast(dark, 0xffffff) < 460);
    }
    color none;
    assert_false(color_nearest(0x808080, both, 2, &none));
    assert_true(color_nearest(0x123456, NULL, 0, &none) && none == 0x123456);
}

static void token_is(const char *css, color light, color dark)
{
    struct token t;
    const char *next;
    assert_true(token_in(a, css, strlen(css), "--ink", &t, &next));
    assert_null(next);
    assert_int_equal(t.light, light);
    assert_int_equal(t.dark, dark);
}

static void tokens_are_found(void **state)
{
    static const char *const none[] = {"",
                                       "--ink: red",
                                       "--ink:",
                                       "--inky: #fff",
                                       "-ink: #fff",
                                       "var(--ink)",
                                       "/* --ink: #fff; */",
                                       "--ink: light-dark(#fff)",
                                       "--ink: #ff",
                                       "x--ink:#fff"};
    struct token t;
    const char *next;
    (void)state;
    token_is(":root{--ink:#abc}", 0xaabbcc, 0xaabbcc);
    token_is("a{color:var(--ink)} :root { --ink : light-dark( #fff , /* x */ #1d1a29 ); }",
             0xffffff, 0x1d1a29);
    token_is("/* --ink: #000 */ --ink: blue; --ink: #123456", 0x123456, 0x123456);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(token_in(a, none[i], strlen(none[i]), "--ink", &t, &next));
    assert_true(token_in(a, "--ink: var(--paper)", 19, "--ink", &t, &next));
    assert_string_equal(next, "--paper");
    assert_true(token_find(a, NULL, "--surface", &t)); /* of base */
    assert_true(color_contrast(t.light, t.dark) > 1000);
    assert_false(token_find(a, NULL, "--no-such-token", &t));
}

static size_t links(const char *text, struct link *rows)
{
    const char *wrong;
    return links_parse(a, text, strlen(text), rows, &wrong);
}

static void links_are_read(void **state)
{
    static const char *const wrong[] = {"Words",         "/alone",   "x javascript:alert(1)",
                                        "x //elsewhere", "x data:,", "x https://",
                                        "x /a\"b",       "x /a<b",   "x y"};
    struct link rows[LINKS_MAX];
    (void)state;
    assert_int_equal(links("\n\n  Our site   https://example.org/?a=b \r\nHelp /help\n", rows), 2);
    assert_string_equal(rows[0].words, "Our site");
    assert_string_equal(rows[0].url, "https://example.org/?a=b");
    assert_string_equal(rows[1].url, "/help");
    assert_int_equal(links("", rows), 0);
    assert_string_equal(links_text(a, " a /b \r\n\n c /d", 15), "a /b\nc /d");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(links(wrong[i], rows), SIZE_MAX);
}

struct written {
    size_t n;
    int64_t sum;
    bool refuse;
};

static bool write_down(void *ctx, const char *theme, const char *text, int64_t n)
{
    struct written *w = ctx;
    assert_true(utf8_is_valid(text, strlen(text)) && !utf8_has_control(text, strlen(text)));
    assert_true(theme[0] != '\0' && n > 0);
    if (w->refuse)
        return false;
    w->n++;
    w->sum += n;
    return true;
}

static void faults_wait_and_are_counted(void **state)
{
    struct written w = {.refuse = true};
    char many[32];
    (void)state;
    faults_note("haze", "one\ntwo\n\n");
    faults_note("haze", "one");
    faults_note("other", "bad \xff\x01 bytes\x1b[31m");
    faults_flush(write_down, &w);
    assert_int_equal(w.n, 0);
    w.refuse = false;
    faults_flush(write_down, &w);
    assert_int_equal(w.n, 3);
    assert_int_equal(w.sum, 4);
    faults_note("haze", "one"); /* known: not before a minute has gone */
    faults_flush(write_down, &w);
    assert_int_equal(w.n, 3);
    for (int i = 0; i < 4 * FAULTS_WAITING; i++) {
        many[0] = (char)('a' + i % 26);
        many[1] = (char)('a' + i / 26);
        many[2] = '\0';
        faults_note("haze", many);
    }
    faults_flush(write_down, &w);
    assert_in_range(w.n, 4, 3 + FAULTS_WAITING);
}

static void a_generation_is_forgotten_once(void **state)
{
    (void)state;
    strikes_renew(7);
    assert_false(strikes_recent("haze") || strikes_set_aside("haze"));
    for (int i = 0; i < 2; i++)
        assert_false(strikes_add("haze", STRIKE_KILL));
    assert_true(strikes_recent("haze"));
    assert_true(strikes_add("haze", STRIKE_KILL) && strikes_set_aside("haze"));
    strikes_renew(7); /* another worker, later */
    assert_true(strikes_set_aside("haze"));
    strikes_renew(8);
    assert_false(strikes_set_aside("haze"));
}

static void one_worker_tries_what_is_new_or_was_killed(void **state)
{
    enum { LONG = 3600000 };
    uint64_t first, second, other;
    (void)state;
    strikes_renew(9);
    assert_true(strikes_is_new("new") && strikes_try("new", LONG, &first));
    assert_false(strikes_try("new", LONG, &second));
    strikes_tried("new", first, false); /* no page of its own came of it */
    assert_true(strikes_try("new", LONG, &first));
    assert_false(strikes_try("new", LONG, &second));
    strikes_tried("new", first, true);
    assert_true(strikes_try("new", LONG, &first) && strikes_try("new", LONG, &second));
    assert_false(strikes_is_new("new"));
    for (int i = 0; i < 1000; i++) /* told, and never set aside */
        assert_false(strikes_add("slow", STRIKE_SLOW));
    assert_true(strikes_recent("slow") && !strikes_is_new("slow") && !strikes_set_aside("slow"));
    assert_true(strikes_is_soon_known("long") && strikes_try("long", LONG, &second));
    strikes_prolong("long", 2 * LONG, &second);
    assert_false(strikes_is_soon_known("long") || strikes_try("long", LONG, &other));
    strikes_tried("long", second, false);
    assert_true(strikes_is_soon_known("long") && strikes_try("long", LONG, &second));
    strikes_clear("long");
    assert_true(strikes_try("slow", LONG, &second));
    assert_false(strikes_try("slow", LONG, &second));
    strikes_clear("slow");
    assert_true(strikes_is_new("slow"));
    strikes_add("new", STRIKE_ERROR);
    assert_true(strikes_try("new", LONG, &second));
    strikes_add("new", STRIKE_KILL);
    assert_true(strikes_try("new", LONG, &second));
    strikes_tried("new", first, true); /* it was free: another's claim stays */
    assert_false(strikes_try("new", LONG, &first));
    strikes_tried("new", second, true);
    assert_true(strikes_try("new", 0, &first)); /* and died */
    assert_true(strikes_try("new", LONG, &first));
    strikes_renew(10);
    assert_true(strikes_try("new", LONG, &first));
    strikes_clear("new");
}

static void a_manifest_is_decoded(void **state)
{
    struct manifest m;
    struct str s;
    (void)state;
    str_init(&s, a, 4096);
    wire_put_u8(&s, WIRE_FACTS);
    for (int i = 0; i < 9; i++)
        wire_put_text(&s, "x", 1);
    wire_put_u8(&s, 1);
    wire_put_u8(&s, 0);
    wire_put_u32(&s, 0);
    assert_true(manifest_decode(wire_reader(s.data, s.len), a, &m));
    assert_true(m.light && !m.dark && m.settings_n == 0);
    for (size_t n = 0; n < s.len; n++)
        assert_false(manifest_decode(wire_reader(s.data, n), a, &m));
}

static int setup(void **state)
{
    (void)state;
    a = arena_create((size_t)16 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_destroy(a);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colors_are_read),
        cmocka_unit_test(contrast_is_wcags),
        cmocka_unit_test(the_nearest_shade_fits),
        cmocka_unit_test(tokens_are_found),
        cmocka_unit_test(links_are_read),
        cmocka_unit_test(faults_wait_and_are_counted),
        cmocka_unit_test(a_generation_is_forgotten_once),
        cmocka_unit_test(one_worker_tries_what_is_new_or_was_killed),
        cmocka_unit_test(a_manifest_is_decoded),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
