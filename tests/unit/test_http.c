/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of strangers to a request, a response to bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "http/form.h"
#include "http/json.h"
#include "http/language.h"
#include "http/network.h"
#include "http/request.h"
#include "http/response.h"

static struct arena *a;

static int begin(void **state)
{
    (void)state;
    a = arena_create((size_t)8 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_destroy(a);
    return 0;
}

#define FORM(text, pairs_r) form_parse(a, text, sizeof(text) - 1, pairs_r)

static void test_form(void **state)
{
    (void)state;
    struct pairs p;
    assert_true(FORM("a=1&b=x+y%21&c&=d&&a=2&e=%C3%A9&f=a=b", &p));
    assert_string_equal(pairs_text(&p, "a"), "2"); /* the last one */
    assert_string_equal(pairs_text(&p, "b"), "x y!");
    assert_string_equal(pairs_text(&p, "c"), "");
    assert_string_equal(pairs_text(&p, ""), "d");
    assert_string_equal(pairs_text(&p, "e"), "\xc3\xa9");
    assert_string_equal(pairs_text(&p, "f"), "a=b");
    assert_null(pairs_find(&p, "g"));
    assert_true(FORM("", &p));
    assert_int_equal(p.n, 0);
    assert_true(FORM("p=%ff%80", &p)); /* a password may hold any byte */
    assert_int_equal(pairs_find(&p, "p")->value_n, 2);
}

static void test_form_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {"a=%",   "a=%4", "a=%zz", "a=%00", "%00=a",
                                         "%ff=a", "a=b%", "%=",    "a=%+1"};
    struct pairs p;
    char many[2 * (PAIRS_MAX + 1)];
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_false(form_parse(a, broken[i], strlen(broken[i]), &p));
    memset(many, '&', sizeof many);
    assert_true(form_parse(a, many, PAIRS_MAX - 1, &p));
    assert_false(form_parse(a, many, PAIRS_MAX, &p));
    assert_false(form_parse(a, "a=\0b", 4, &p));
}

static void test_percent(void **state)
{
    (void)state;
    const char *text;
    size_t n;
    assert_true(percent_decode(a, "a+b%2Bc", 7, false, &text, &n));
    assert_string_equal(text, "a+b+c");
    assert_int_equal(n, 5);
    assert_true(percent_decode(a, "%41", 3, true, &text, &n));
    assert_string_equal(text, "A");
    assert_false(percent_decode(a, "%41", 2, true, &text, &n)); /* cut inside */
}

static void test_cookies(void **state)
{
    (void)state;
    struct pairs p;
    assert_true(cookie_parse(a, "a=1; mailboy=x=y;b=\"q\";  ; =no; nothing;c=", &p));
    assert_string_equal(pairs_text(&p, "mailboy"), "x=y");
    assert_string_equal(pairs_text(&p, "b"), "\"q\"");
    assert_string_equal(pairs_text(&p, "c"), "");
    assert_int_equal(p.n, 4);
    assert_true(cookie_parse(a, "", &p));
    assert_true(cookie_parse(a, ";;;", &p));
    assert_int_equal(p.n, 0);
    char many[PAIRS_MAX + 2];
    memset(many, ';', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    assert_false(cookie_parse(a, many, &p));
}

static bool json(const char *text, struct json_members *m)
{
    return json_parse(a, (const unsigned char *)text, strlen(text), m);
}

static void test_json(void **state)
{
    (void)state;
    struct json_members m;
    assert_true(json(" {\"t\":\"\\u00e9\\n\",\"n\":-7,\"y\":true,\"z\":null,\"o\":{\"a\":1},\"l\":["
                     "1],\"f\":1.5} ",
                     &m));
    assert_int_equal(json_find(&m, "t")->kind, JSON_TEXT);
    assert_string_equal(json_find(&m, "t")->text, "\xc3\xa9\n");
    assert_int_equal(json_find(&m, "n")->number, -7);
    assert_int_equal(json_find(&m, "y")->kind, JSON_TRUTH);
    assert_int_equal(json_find(&m, "y")->number, 1);
    assert_int_equal(json_find(&m, "z")->kind, JSON_NOTHING);
    assert_int_equal(json_find(&m, "o")->kind, JSON_OTHER);
    assert_int_equal(json_find(&m, "l")->kind, JSON_LIST);
    assert_int_equal(json_find(&m, "f")->kind, JSON_FRACTION);
    assert_true(json_find(&m, "f")->real == 1.5);
    assert_null(json_find(&m, "none"));
    assert_true(json("{\"l\":[7,\"x\",true,[1],{}],\"e\":[]}", &m));
    const struct json_member *l = json_find(&m, "l");
    assert_int_equal(l->items_n, 5);
    assert_int_equal(l->items[0].number, 7);
    assert_string_equal(l->items[1].text, "x");
    assert_int_equal(l->items[2].kind, JSON_TRUTH);
    assert_int_equal(l->items[3].kind, JSON_OTHER);
    assert_int_equal(l->items[4].kind, JSON_OTHER);
    assert_int_equal(json_find(&m, "e")->items_n, 0);
    assert_true(json("{}", &m));
    assert_int_equal(m.n, 0);
}

static void test_json_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum json_trouble trouble;
        const char *at;
    } broken[] = {
        {"", JSON_NO_OBJECT, ""},
        {"[]", JSON_NO_OBJECT, ""},
        {"1", JSON_NO_OBJECT, ""},
        {"\"a\"", JSON_NO_OBJECT, ""},
        {"null", JSON_NO_OBJECT, ""},
        {"\xef\xbb\xbf{}", JSON_NO_OBJECT, ""},
        {"{", JSON_BROKEN, "1:1"},
        {"{\"a\":1}x", JSON_BROKEN, "1:8"},
        {"{a:1}", JSON_BROKEN, "1:2"},
        {"{\"a\":01}", JSON_BROKEN, "1:6 (a)"},
        {"{\"a\":\"\\ud800\"}", JSON_BROKEN, "1:13 (a)"},
        {"{\"a\":1,}", JSON_BROKEN, "1:8"},
        {"{\"a\":\"\n\"}", JSON_BROKEN, "1:6 (a)"},
        {"{\"a\":\"\\\"}\",\n \"b\":[1,\n  x]}", JSON_BROKEN, "3:3 (b)"},
        {"{\"a\":\"\\u0000\"}", JSON_HAS_NUL, "1:13 (a)"},
        {"{\"\\u0000\":1}", JSON_HAS_NUL, "1:9 (\\u0000)"},
        {"{\"a\":[{\"c\":\"\\u0000\"}]}", JSON_HAS_NUL, "1:19 (a)"},
        {"{\"a\":\"\xff\"}", JSON_NOT_UTF8, "1:6 (a)"},
        {"{\"\xff\":1}", JSON_NOT_UTF8, "1:2"},
        {"{\"na\xc3\xa9\n\":1}", JSON_BROKEN, "1:5"},
        {"{\"b\":0,\"a\":99999999999999999999}", JSON_TOO_LARGE, "1:31 (a)"},
        {"{\"a\":-9223372036854775809}", JSON_TOO_LARGE, "1:25 (a)"},
        {"{\"a\":1e999}", JSON_TOO_LARGE, "1:10 (a)"},
        {"{\"b\":0,\"a\":1,\"a\":2}", JSON_TWICE, "1:16 (a)"},
    };
    struct json_members m;
    char deep[100000];
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        assert_false(json(broken[i].text, &m));
        assert_int_equal(m.trouble, broken[i].trouble);
        assert_string_equal(m.at, broken[i].at);
    }
    memset(deep, '[', sizeof deep);
    memcpy(deep, "{\"a\":", 5);
    assert_false(json_parse(a, (const unsigned char *)deep, sizeof deep, &m));
    assert_int_equal(m.trouble, JSON_TOO_DEEP);
}

static void test_json_text(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, a, 1000);
    json_append_text(&s, "a\"\\\n\x01\x1f/\xc3\xa9", 9);
    assert_string_equal(s.data, "\"a\\\"\\\\\\n\\u0001\\u001f/\xc3\xa9\"");
}

static void test_network(void **state)
{
    (void)state;
    assert_true(network_holds("192.0.2.0/24", "192.0.2.255"));
    assert_false(network_holds("192.0.2.0/24", "192.0.3.0"));
    assert_true(network_holds("192.0.2.7", "192.0.2.7"));
    assert_false(network_holds("192.0.2.7", "192.0.2.8"));
    assert_true(network_holds("0.0.0.0/0", "8.8.8.8"));
    assert_true(network_holds("192.0.2.128/25", "192.0.2.200"));
    assert_false(network_holds("192.0.2.128/25", "192.0.2.100"));
    assert_true(network_holds("2001:db8::/33", "2001:db8:7fff::1"));
    assert_false(network_holds("2001:db8::/33", "2001:db8:8000::1"));
    assert_true(network_holds("::1", "0:0:0:0:0:0:0:1"));
    assert_false(network_holds("192.0.2.0/33", "192.0.2.0"));
    assert_false(network_holds("192.0.2.0/24", "::ffff:192.0.2.1"));
    assert_false(network_holds("192.0.2.0/24", "192.0.2.1 "));
    assert_false(network_holds("nonsense", "192.0.2.1"));
    assert_false(network_holds("192.0.2.0/24", ""));
}

static const char *const hosts[] = {"mail.example.org", "[::1]"}, *const proxies[] = {"10.0.0.0/8"};
static const struct http_place place = {"/mail", hosts, 2, proxies, 1};

static enum http_problem ask(struct http_request *r, char **params)
{
    return http_request_parse(a, &place, "id", params, NULL, 0, false, r);
}
#define ASK(r, ...) \
    ask(r, (char *[]){"REQUEST_METHOD=GET", "HTTP_HOST=mail.example.org", __VA_ARGS__, NULL})

static void test_request(void **state)
{
    (void)state;
    struct http_request r;
    assert_int_equal(
        ASK(&r, "REQUEST_URI=/mail/domains/a%2Eb/x%20y?q=1&q=2", "REMOTE_ADDR=192.0.2.1"),
        HTTP_FINE);
    assert_int_equal(r.method, HTTP_GET);
    assert_string_equal(r.path, "/domains/a%2Eb/x%20y");
    assert_int_equal(r.segments_n, 3);
    assert_string_equal(r.segments[1], "a.b");
    assert_string_equal(r.segments[2], "x y");
    assert_string_equal(pairs_text(&r.query, "q"), "2");
    assert_string_equal(r.remote, "192.0.2.1");
    assert_false(r.https || r.wants_json);
    assert_int_equal(ASK(&r, "REQUEST_URI=/mail"), HTTP_FINE);
    assert_int_equal(r.segments_n, 0);
    assert_int_equal(ASK(&r, "REQUEST_URI=/mail/", "HTTP_ACCEPT=application/json"), HTTP_FINE);
    assert_true(r.wants_json);
    assert_int_equal(ASK(&r, "REQUEST_URI=/mail/", "HTTP_ACCEPT=text/html, application/json"),
                     HTTP_FINE);
    assert_false(r.wants_json);
}

static void test_request_places(void **state)
{
    (void)state;
    static char *const nowhere[] = {
        "REQUEST_URI=/",         "REQUEST_URI=/other",
        "REQUEST_URI=/mailbox",  "REQUEST_URI=/mail//a",
        "REQUEST_URI=/mail/a/",  "REQUEST_URI=/mail/%00",
        "REQUEST_URI=/mail/%ff", "REQUEST_URI=/mail/%0a",
        "REQUEST_URI=/mail/%",   "REQUEST_URI=/mail/a/b/c/d/e/f/g/h/i/j/k/l/m",
        "REQUEST_URI=mail",      "REQUEST_URI="};
    struct http_request r;
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        assert_int_not_equal(ASK(&r, nowhere[i]), HTTP_FINE);
    assert_int_equal(ASK(&r, "REQUEST_URI=/mail/?a=%"), HTTP_BAD);
    assert_int_equal(ASK(&r, "X=Y"), HTTP_BAD);
    assert_int_equal(ask(&r, (char *[]){"REQUEST_METHOD=GET", "REQUEST_URI=/mail/", NULL}),
                     HTTP_WRONG_HOST);
    static char *const strange[] = {"HTTP_HOST=",
                                    "HTTP_HOST=evil.example",
                                    "HTTP_HOST=mail.example.org.evil",
                                    "HTTP_HOST=mail.example.org@evil",
                                    "HTTP_HOST=[::1",
                                    "HTTP_HOST=::1",
                                    "HTTP_HOST= mail.example.org"};
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        assert_int_equal(
            ask(&r, (char *[]){"REQUEST_METHOD=GET", "REQUEST_URI=/mail/", strange[i], NULL}),
            HTTP_WRONG_HOST);
    static char *const ours[] = {"HTTP_HOST=MAIL.example.org", "HTTP_HOST=mail.example.org:8080",
                                 "HTTP_HOST=[::1]", "HTTP_HOST=[::1]:80"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        assert_int_equal(
            ask(&r, (char *[]){"REQUEST_METHOD=GET", "REQUEST_URI=/mail/", ours[i], NULL}),
            HTTP_FINE);
}

static void test_request_peer(void **state)
{
    (void)state;
    struct http_request r;
    ASK(&r, "REQUEST_URI=/mail/", "REMOTE_ADDR=192.0.2.1", "HTTP_X_FORWARDED_FOR=1.2.3.4",
        "HTTP_X_FORWARDED_PROTO=https");
    assert_string_equal(r.remote, "192.0.2.1"); /* not from a proxy of ours */
    assert_false(r.https);
    ASK(&r, "REQUEST_URI=/mail/", "REMOTE_ADDR=10.0.0.1", "HTTP_X_FORWARDED_FOR=6.6.6.6, 1.2.3.4",
        "HTTP_X_FORWARDED_PROTO=https");
    assert_string_equal(r.remote, "1.2.3.4"); /* what the proxy saw, not what was sent to it */
    assert_true(r.https);
    ASK(&r, "REQUEST_URI=/mail/", "REMOTE_ADDR=1.1.1.1", "HTTPS=off");
    assert_false(r.https);
    ASK(&r, "REQUEST_URI=/mail/", "REMOTE_ADDR=1.1.1.1", "HTTPS=on",
        "HTTP_USER_AGENT=a\xc3\xa9\x01rest");
    assert_true(r.https);
    assert_string_equal(r.agent, "a\xc3\xa9");
}

static enum http_problem post(struct http_request *r, char *type, const char *body, size_t n,
                              bool too_large)
{
    char *params[] = {"REQUEST_METHOD=POST", "HTTP_HOST=mail.example.org", "REQUEST_URI=/mail/x",
                      type, NULL};
    return http_request_parse(a, &place, "id", params, (const unsigned char *)body, n, too_large,
                              r);
}

static void test_request_body(void **state)
{
    (void)state;
    struct http_request r;
    assert_int_equal(
        post(&r, "CONTENT_TYPE=application/x-www-form-urlencoded; charset=utf-8", "a=b", 3, false),
        HTTP_FINE);
    assert_true(r.body_is_form);
    assert_string_equal(pairs_text(&r.form, "a"), "b");
    assert_int_equal(post(&r, "CONTENT_TYPE=application/json", "{\"a\":1}", 7, false), HTTP_FINE);
    assert_true(r.body_is_json && r.wants_json);
    assert_int_equal(post(&r, "CONTENT_TYPE=application/json", "", 0, false), HTTP_BAD_JSON);
    assert_int_equal(post(&r, "CONTENT_TYPE=application/jsonx", "{}", 2, false), HTTP_BAD_KIND);
    assert_int_equal(post(&r, "CONTENT_TYPE=text/plain", "a=b", 3, false), HTTP_BAD_KIND);
    assert_int_equal(post(&r, "X=Y", "a=b", 3, false), HTTP_BAD_KIND);
    assert_int_equal(post(&r, "X=Y", "", 0, false), HTTP_FINE);
    assert_int_equal(post(&r, "CONTENT_TYPE=application/json", "", 0, true), HTTP_TOO_LARGE);
}

static bool is_ours(char *origin, char *site)
{
    struct http_request r;
    ASK(&r, "REQUEST_URI=/mail/", origin, site);
    return http_request_is_ours(&r);
}

static void test_request_origin(void **state)
{
    (void)state;
    char *none = "X=Y", *own = "HTTP_ORIGIN=http://mail.example.org";
    assert_true(is_ours(own, none));
    assert_true(is_ours(own, "HTTP_SEC_FETCH_SITE=same-origin"));
    assert_true(is_ours(none, none));
    assert_true(is_ours(none, "HTTP_SEC_FETCH_SITE=same-origin"));
    assert_false(is_ours(none, "HTTP_SEC_FETCH_SITE=cross-site"));
    assert_false(is_ours(none, "HTTP_SEC_FETCH_SITE=same-site"));
    assert_false(is_ours(none, "HTTP_SEC_FETCH_SITE=none"));
    assert_false(is_ours(own, "HTTP_SEC_FETCH_SITE=cross-site"));
    assert_false(is_ours("HTTP_ORIGIN=null", none));
    assert_false(is_ours("HTTP_ORIGIN=", none));
    assert_false(is_ours("HTTP_ORIGIN=https://mail.example.org", none));
    assert_false(is_ours("HTTP_ORIGIN=http://mail.example.org.evil", none));
    assert_false(is_ours("HTTP_ORIGIN=http://evil.example", "HTTP_SEC_FETCH_SITE=same-origin"));
}

static const char *written(const struct http_response *r)
{
    struct str s;
    str_init(&s, a, 100000);
    http_response_write(r, &s);
    return s.data;
}

static void test_response(void **state)
{
    (void)state;
    const char *text = written(&(struct http_response){
        .status = 200, .content_type = "text/html", .body = "hello", .body_n = 5});
    assert_memory_equal(text, "Status: 200 OK\r\n", 16);
    assert_non_null(strstr(text, http_policy));
    assert_non_null(strstr(text, "\r\nCache-Control: no-store\r\n"));
    assert_non_null(strstr(text, "\r\nPragma: no-cache\r\n"));
    assert_non_null(strstr(text, "\r\nContent-Length: 5\r\n\r\nhello"));
    assert_null(strstr(text, "Strict-Transport"));
    text = written(&(struct http_response){.status = 200,
                                           .content_type = "text/html",
                                           .body = "hello",
                                           .body_n = 5,
                                           .head = true,
                                           .https = true});
    assert_non_null(strstr(text, "\r\nStrict-Transport-Security: "));
    assert_string_equal(strstr(text, "\r\n\r\n"), "\r\n\r\n");
    text = written(&(struct http_response){
        .status = 303, .location = "/x", .cookies = {"a=b", "c=d"}, .cookies_n = 2});
    assert_non_null(strstr(text, "\r\nLocation: /x\r\n"));
    assert_non_null(strstr(text, "\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n"));
    assert_non_null(strstr(text, http_policy));
    text = written(&(struct http_response){.status = 503, .retry_after = 5, .allow = "GET"});
    assert_non_null(strstr(text, "\r\nRetry-After: 5\r\n"));
    assert_non_null(strstr(text, "\r\nAllow: GET\r\n"));
    assert_string_equal(http_reason(999), "Status");
}

static void test_cookie_written(void **state)
{
    (void)state;
    assert_string_equal(http_cookie(a, "mailboy", "v", true, "/mail"),
                        "__Host-mailboy=v; Path=/; HttpOnly; SameSite=Lax; Secure");
    assert_string_equal(http_cookie(a, "mailboy", "v", false, "/mail"),
                        "mailboy=v; Path=/mail; HttpOnly; SameSite=Lax");
    assert_string_equal(http_cookie(a, "mailboy", NULL, false, ""),
                        "mailboy=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
}

static void test_language(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        enum locale wanted;
    } rows[] = {{NULL, LOCALE_EN},
                {"", LOCALE_EN},
                {"fr", LOCALE_FR},
                {"FR-ca", LOCALE_FR},
                {"de-AT-1901", LOCALE_DE},
                {"fr;q=0.4, de;q=0.5", LOCALE_DE},
                {"fr;q=0.4,de;q=0.40", LOCALE_FR},
                {"da, en-gb;q=0.8, fr;q=0.7", LOCALE_EN},
                {"es, *;q=0.5, fr;q=0.1", LOCALE_EN},
                {"fr;q=0", LOCALE_EN},
                {"fr;q=0,*", LOCALE_EN},
                {"en;q=0, *", LOCALE_DE},
                {"*;q=0.5, en;q=0.1, de;q=0", LOCALE_FR},
                {"*;q=0, fr;q=0.1", LOCALE_FR},
                {"*;q=0", LOCALE_EN},
                {"en;q=0", LOCALE_EN},
                {"fr;q=0, fr-CA;q=0.2", LOCALE_FR},
                {"fr;q=1.001", LOCALE_EN},
                {"fr;q=x, de", LOCALE_DE},
                {"fr;level=1, de;q=0.1", LOCALE_DE},
                {" \tfr ; q=0.3 ,, de ; q=0.2", LOCALE_FR},
                {"fr;q=0.0001", LOCALE_EN},
                {"frx, f, -, fr-", LOCALE_FR},
                {"fr_CA", LOCALE_EN},
                {";;;=,q", LOCALE_EN}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(language_wanted(rows[i].header), rows[i].wanted);
    char many[2 * 40 + 3];
    for (size_t i = 0; i < 40; i++)
        memcpy(many + 2 * i, "x,", 2);
    memcpy(many + 2 * 40, "fr", 3);
    assert_int_equal(language_wanted(many), LOCALE_EN); /* too far behind */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_form, begin, end),
        cmocka_unit_test_setup_teardown(test_form_refused, begin, end),
        cmocka_unit_test_setup_teardown(test_percent, begin, end),
        cmocka_unit_test_setup_teardown(test_cookies, begin, end),
        cmocka_unit_test_setup_teardown(test_json, begin, end),
        cmocka_unit_test_setup_teardown(test_json_refused, begin, end),
        cmocka_unit_test_setup_teardown(test_json_text, begin, end),
        cmocka_unit_test_setup_teardown(test_network, begin, end),
        cmocka_unit_test_setup_teardown(test_request, begin, end),
        cmocka_unit_test_setup_teardown(test_request_places, begin, end),
        cmocka_unit_test_setup_teardown(test_request_peer, begin, end),
        cmocka_unit_test_setup_teardown(test_request_body, begin, end),
        cmocka_unit_test_setup_teardown(test_request_origin, begin, end),
        cmocka_unit_test_setup_teardown(test_response, begin, end),
        cmocka_unit_test_setup_teardown(test_cookie_written, begin, end),
        cmocka_unit_test_setup_teardown(test_language, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
