/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the renderer is made of, without its process: the writer, forms of URLs, filters, the
 * environment of themes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/decode.h"
#include "render/handle.h"
#include "render/fragment.h"
#include "render/environment.h"
#include "render/library.h"
#include "render/print.h"
#include "render/render.h"
#include "render/sandbox.h"

static struct writer out;

static const char *written(void)
{
    writer_raw(&out, "", 1);
    return out.data;
}

static void text_is_escaped(void **state)
{
    (void)state;
    static const char hostile[] = "<a href='x'>\"&amp;";
    writer_reset(&out);
    writer_html(&out, hostile, sizeof hostile - 1);
    writer_int(&out, INT64_MIN);
    assert_string_equal(written(), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;amp;-9223372036854775808");
    writer_reset(&out);
    writer_json_text(&out, "</script>\"\n\xe2\x80\xa8", 15 - 1);
    assert_string_equal(written(), "\"\\u003c/script\\u003e\\u0022\\u000a\\u2028\"");
}

enum { LONGEST = 40 };

/* "/aaa...", n bytes of it and none behind, with another in one place. */
static char *text_with(int c, size_t at, size_t n)
{
    char *text = memset(malloc(n), 'a', n);
    text[0] = '/';
    text[at] = (char)c;
    return text;
}

/* Texts are looked at sixteen bytes at a time, what is left over in other ways. */
static void each_byte_is_escaped_wherever_it_stands(void **state)
{
    (void)state;
    static const char *const escaped[256] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};
    for (int c = 1; c < 256; c++) {
        for (size_t n = 1; n < LONGEST; n++) {
            for (size_t at = 0; at < n; at++) {
                char *text = text_with(c, at, n), one[2] = {(char)c, '\0'}, wanted[LONGEST + 8];
                snprintf(wanted, sizeof wanted, "%.*s%s%.*s", (int)at, text,
                         escaped[c] != NULL ? escaped[c] : one, (int)(n - at - 1), text + at + 1);
                writer_reset(&out);
                writer_html(&out, text, n);
                free(text);
                assert_string_equal(written(), wanted);
            }
        }
    }
}

static void no_url_holds_a_foreign_byte(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        for (size_t n = 1; n < LONGEST; n++) {
            for (size_t at = 1; at < n; at++) {
                char *text = text_with(c, at, n);
                bool bad = c <= ' ' || c == 0x7f || c == '\\' || (c == '/' && at == 1);
                assert_int_equal(url_kind(text, n), bad ? URL_BAD : URL_LOCAL);
                free(text);
            }
        }
    }
}

static void what_goes_back_is_forgotten(void **state)
{
    (void)state;
    writer_reset(&out);
    writer_text(&out, "kept");
    struct writer_mark mark = writer_mark(&out);
    writer_text(&out, "gone");
    writer_slot(&out, 3);
    writer_back(&out, mark);
    assert_int_equal(out.slots_n, 0);
    assert_string_equal(written(), "kept");
}

static void a_page_has_an_end(void **state)
{
    (void)state;
    char line[1000] = {0};
    writer_reset(&out);
    for (int i = 0; i < 3000; i++)
        writer_raw(&out, line, sizeof line);
    assert_true(out.overflow);
    assert_true(out.len <= WRITER_MAX);
}

static void urls(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        enum url_kind kind;
    } rows[] = {{"/domains", URL_LOCAL},
                {"", URL_LOCAL},
                {"?a=b:c", URL_LOCAL},
                {"#x:y", URL_LOCAL},
                {"a/b:c", URL_LOCAL},
                {"https://example.org/", URL_WEB},
                {"HTTP://x", URL_WEB},
                {"mailto:a@b", URL_MAIL},
                {"javascript:alert(1)", URL_BAD},
                {"JaVaScRiPt:x", URL_BAD},
                {"java\tscript:x", URL_BAD},
                {" javascript:x", URL_BAD},
                {"\x01javascript:x", URL_BAD},
                {"data:text/html,x", URL_BAD},
                {"vbscript:x", URL_BAD},
                {"//evil", URL_BAD},
                {"/\\evil", URL_BAD},
                {"\\\\evil", URL_BAD},
                {"https:evil", URL_BAD},
                {"https:/evil", URL_BAD},
                {"blob:x", URL_BAD},
                {"x y", URL_BAD},
                {":x", URL_BAD}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (url_kind(rows[i].url, strlen(rows[i].url)) != rows[i].kind)
            fail_msg("%s", rows[i].url);
}

static char why[512];

static int run_text(lua_State *L)
{
    const char *text = lua_touserdata(L, 1);
    environment_push(L);
    int env = lua_gettop(L);
    print_functions(L, env);
    environment_load(L, text, strlen(text), "=test", env);
    lua_call(L, 0, 1);
    snprintf(why, sizeof why, "%s", luaL_tolstring(L, -1, NULL));
    return 0;
}

/* What the chunk returns, as text; or its error, after "!". */
static enum locale spoken = LOCALE_EN;

static const char *lua(const char *text)
{
    struct render render = {.out = &out,
                            .locale = spoken,
                            .now = 1700003600,
                            .shell = {.prefix = {"", 0}, .token = -1, .operation = -1}};
    struct sandbox *s = sandbox_create(&theme_limits);
    s->render = &render;
    char problem[512];
    if (!sandbox_run(s, run_text, (void *)(uintptr_t)text, problem, sizeof problem))
        snprintf(why, sizeof why, "!%.500s", problem);
    sandbox_destroy(s);
    return why;
}

static void filters(void **state)
{
    (void)state;
    static const struct {
        const char *code, *result;
    } rows[] = {
        {"F.bytes(0)", "0 bytes"},
        {"F.bytes(1)", "1 byte"},
        {"F.bytes(1023)", "1023 bytes"},
        {"F.bytes(1024)", "1 KB"},
        {"F.bytes(1536)", "1.5 KB"},
        {"F.bytes(10485760)", "10 MB"},
        {"F.bytes(1100)", "1.1 KB"},
        {"F.bytes(1048575)", "1 MB"},
        {"F.bytes(123456789)", "118 MB"},
        {"F.bytes(1073741824)", "1 GB"},
        {"F.bytes(4611686018427387904)", "4 EB"},
        {"F.bytes(9223372036854775807)", "8 EB"},
        {"F.bytes(nil)", "nil"},
        {"F.number(1234567)", "1,234,567"},
        {"F.number(-12)", "-12"},
        {"F.number(-123456)", "-123,456"},
        {"F.number(999)", "999"},
        {"F.upper('a\xc3\xa4')", "A\xc3\xa4"},
        {"F.truncate('abcdef', 4)", "abc\xe2\x80\xa6"},
        {"F.truncate('abcd', 4)", "abcd"},
        {"F.truncate('\xc3\xa4\xc3\xa4\xc3\xa4', 2)", "\xc3\xa4\xe2\x80\xa6"},
        {"F.join({'a', 'b'}, '-')", "a-b"},
        {"F.date({seconds=1700000000, offset=3600, zone='CET'}, 'iso')",
         "2023-11-14T23:13:20+01:00"},
        {"F.date({seconds=1700000000, offset=-12600, zone='X'}, 'iso')",
         "2023-11-14T18:43:20-03:30"},
        {"F.date({seconds=1700000000, offset=0, zone='UTC'}, 'short')", "14 Nov 2023, 22:13"},
        {"F.date({seconds=951782400, offset=0, zone='UTC'}, 'day')", "29 February 2000"},
        {"F.date({seconds=-1, offset=0, zone='UTC'}, 'day')", "31 December 1969"},
        {"F.date({seconds=1700000000, offset=0, zone='UTC'}, 'long')",
         "14 November 2023, 22:13:20 UTC"},
        {"F.relative({seconds=1700003590, offset=0, zone=''})", "just now"},
        {"F.relative({seconds=1700000000, offset=0, zone=''})", "1 hour ago"},
        {"F.relative({seconds=1700003600 - 120, offset=0, zone=''})", "2 minutes ago"},
        {"F.relative({seconds=1700003600 + 3 * 86400, offset=0, zone=''})", "in 3 days"},
        {"tn('%d box', '%d boxes', 1)", "1 box"},
        {"tn('%d box', '%d boxes', 7)", "7 boxes"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char code[200];
        snprintf(code, sizeof code, "return %s", rows[i].code);
        assert_string_equal(lua(code), rows[i].result);
    }
}

#define MOMENT "{seconds=1700000000, offset=3600, zone='CET'}"
#define FIRST "{seconds=1709251200, offset=0, zone='UTC'}"
#define NBSP "\xc2\xa0"
#define NARROW "\xe2\x80\xaf"

/* Numbers, sizes and dates after CLDR's de and fr. */
static void filters_speak(void **state)
{
    (void)state;
    static const struct {
        enum locale locale;
        const char *code, *result;
    } rows[] = {{LOCALE_DE, "F.number(1234567)", "1.234.567"},
                {LOCALE_FR, "F.number(1234567)", "1" NARROW "234" NARROW "567"},
                {LOCALE_FR, "F.number(-1234)", "-1" NARROW "234"},
                {LOCALE_DE, "F.bytes(1610612736)", "1,5" NBSP "GB"},
                {LOCALE_FR, "F.bytes(1610612736)", "1,5" NBSP "Go"},
                {LOCALE_FR, "F.bytes(1)", "1" NBSP "octet"},
                {LOCALE_DE, "F.bytes(0)", "0" NBSP "Byte"},
                {LOCALE_DE, "F.date(" MOMENT ", 'short')", "14. Nov. 2023, 23:13"},
                {LOCALE_FR, "F.date(" MOMENT ", 'short')", "14 nov. 2023, 23:13"},
                {LOCALE_DE, "F.date(" MOMENT ", 'long')", "14. November 2023, 23:13:20 CET"},
                {LOCALE_FR, "F.date(" MOMENT ", 'day')", "14 novembre 2023"},
                {LOCALE_FR, "F.date(" FIRST ", 'day')", "1er mars 2024"},
                {LOCALE_DE, "F.date(" FIRST ", 'day')", "1. März 2024"},
                {LOCALE_FR, "F.date(" MOMENT ", 'iso')", "2023-11-14T23:13:20+01:00"},
                {LOCALE_DE, "F.relative({seconds=1700003590})", "gerade eben"},
                {LOCALE_FR, "F.relative({seconds=1700003590})", "à l’instant"},
                {LOCALE_DE, "F.relative({seconds=1700003600 - 3 * 3600})", "vor 3 Stunden"},
                {LOCALE_FR, "F.relative({seconds=1700003600 - 3 * 3600})", "il y a 3 heures"},
                {LOCALE_DE, "F.relative({seconds=1700003600 + 86400})", "in 1 Tag"},
                {LOCALE_FR, "F.relative({seconds=1700003600 + 2 * 86400})", "dans 2 jours"},
                {LOCALE_FR, "plural(1, 12345, '%d boîte', '%d boîtes')", "12" NARROW "345 boîtes"},
                {LOCALE_FR, "plural(0, 0, '%d boîte', '%d boîtes')", "0 boîte"},
                {LOCALE_FR, "plural(9, 3, 'une', '%d boîtes')", "3 boîtes"},
                {LOCALE_EN, "tn('%d box', '%d boxes', 12345)", "12,345 boxes"},
                {LOCALE_XA, "F.number(1234)", "1,234"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char code[200];
        snprintf(code, sizeof code, "return %s", rows[i].code);
        spoken = rows[i].locale;
        assert_string_equal(lua(code), rows[i].result);
    }
    spoken = LOCALE_EN;
}

static void the_language_is_narrow(void **state)
{
    (void)state;
    static const char *const absent[] = {"load",
                                         "loadstring",
                                         "dofile",
                                         "loadfile",
                                         "require",
                                         "print",
                                         "warn",
                                         "next",
                                         "rawget",
                                         "rawset",
                                         "rawequal",
                                         "rawlen",
                                         "setmetatable",
                                         "getmetatable",
                                         "collectgarbage",
                                         "xpcall",
                                         "coroutine",
                                         "io",
                                         "os",
                                         "debug",
                                         "package",
                                         "_G",
                                         "string.dump",
                                         "string.pack",
                                         "string.unpack",
                                         "string.match",
                                         "string.gmatch",
                                         "string.gsub",
                                         "table.move",
                                         "math.random",
                                         "math.randomseed",
                                         "utf8.charpattern",
                                         "(''):len() and (''):rep(0).gsub",
                                         "(''):rep(0).dump"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        char code[200];
        snprintf(code, sizeof code, "return %s", absent[i]);
        if (strcmp(lua(code), "nil") != 0)
            fail_msg("%s is there: %s", absent[i], why);
    }
}

static void our_own_functions(void **state)
{
    (void)state;
    static const struct {
        const char *code, *result;
    } rows[] = {
        {"local s = '' for k, v in pairs({b=1, a=2, [10]=3, [9]=4, [2.5]=5}) do s = s .. k .. v "
         "end return s",
         "2.5594103a2b1"},
        {"local s = '' for k in pairs({}) do s = s .. k end return s .. '.'", "."},
        {"return tostring({}) .. tostring(pairs) .. tostring(nil) .. tostring(1.5) .. "
         "tostring(true)",
         "tablefunctionnil1.5true"},
        {"return string.format('%5.1f|%-4d|%s|%s|%%|%x', 2.25, 7, {}, nil, 255)",
         "  2.2|7   |table|nil|%|ff"},
        {"return string.format('%p', {})", "!test:1: format: %p is not known here"},
        {"return string.format('%q', 1)", "!test:1: format: %q is not known here"},
        {"return string.format('%99999s', 1) ", "!invalid conversion specification: '%99999s'"},
        {"return ('a.b.c'):find('.', 1) .. ',' .. ('a.b.c'):find('.', 3)", "2,4"},
        {"return ('abc'):find('') .. ',' .. tostring(('abc'):find('x'))", "1,nil"},
        {"return table.concat(string.split('a,b,,c', ','), '|')", "a|b||c"},
        {"return string.starts('abc', 'ab') and not string.starts('abc', 'b')", "true"},
        {"return string.rep('ab', 3, '-') .. string.rep('x', -1)", "ab-ab-ab"},
        {"local t = {5, 3, 9, 1} table.sort(t) return table.concat(t, ' ')", "1 3 5 9"},
        {"local t = {5, 3, 9, 1} table.sort(t, function(a, b) return a > b end) return "
         "table.concat(t, ' ')",
         "9 5 3 1"},
        {"local t = {} for i = 1, 100 do t[i] = {i % 3, i} end table.sort(t, function(a, b) return "
         "a[1] < b[1] end)"
         " return t[1][2] .. ' ' .. t[33][2] .. ' ' .. t[34][2]",
         "3 99 1"},
        {"local ok, e = pcall(error, 'x') return tostring(ok) .. e", "falsex"},
        {"return (pcall(string.rep, 'x', 1 << 40))", "!test:1: the theme uses too much memory"},
        {"pcall(function() while true do end end) return 'on'",
         "!test:1: the theme ran too long (instructions)"},
        {"string.upper = nil return ('x'):upper()", "X"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = lua(rows[i].code);
        if (strcmp(got, rows[i].result) != 0)
            fail_msg("%s\n  gives %s\n  not   %s", rows[i].code, got, rows[i].result);
    }
}

static void walk(lua_State *L, const struct model *m, const struct node *v)
{
    static struct name token = NAME("token");
    handle_push(L, v);
    lua_pop(L, 1);
    if (v->tag == WIRE_MAP)
        model_field(m, v, &token);
    for (uint32_t i = 0; i < v->n && (v->tag == WIRE_LIST || v->tag == WIRE_MAP); i++)
        walk(L, m, &v->nodes[i]);
}

static int decode(lua_State *L)
{
    struct wire_reader r = *(struct wire_reader *)lua_touserdata(L, 1);
    static const struct span names[] = {{"site", 4}, {"token", 5}, {"", 0}};
    static const struct keys keys = {.n = 3, .at = names};
    struct arena *a = arena_create(1 << 20);
    struct model m;
    decode_facts(r, &keys);
    if (model_read(&m, a, r, r, &keys))
        walk(L, &m, m.vm);
    arena_destroy(a);
    decode_push(L, &r, &keys);
    return 0;
}

static void put_text(struct str *s, const char *text)
{
    wire_put_u8(s, WIRE_TEXT);
    wire_put_text(s, text, strlen(text));
}

static void put_int(struct str *s, int64_t n)
{
    wire_put_u8(s, WIRE_INT);
    wire_put_i64(s, n);
}

static void put_many(struct str *s, enum wire_tag tag, size_t n)
{
    wire_put_u8(s, tag);
    wire_put_u32(s, n);
}

/* {rows = {{name = NAME, used = 2048}, {used = 7, name = "<b>"}}, at = a time, pass = a secret,
 * gone = nil, form = {url = "/x", version = 3}} with the keys' numbers counted from `first`. */
static struct wire_reader model_bytes(struct str *s, const char *name, unsigned first)
{
    enum { ROWS, MODEL_NAME, USED, AT, PASS, GONE, FORM, URL, VERSION, USED_TOO, KEYS };
    static const unsigned char order[] = {MODEL_NAME, USED, USED_TOO, MODEL_NAME};
    put_many(s, WIRE_MAP, 5);
    wire_put_u16(s, (ROWS + first) % KEYS);
    put_many(s, WIRE_LIST, 2);
    for (size_t i = 0; i < sizeof order; i++) {
        if (i % 2 == 0)
            put_many(s, WIRE_MAP, 2);
        wire_put_u16(s, (order[i] + first) % KEYS);
        if (order[i] == MODEL_NAME)
            put_text(s, i == 0 ? name : "<b>");
        else
            put_int(s, i == 1 ? 2048 : 7);
    }
    wire_put_u16(s, (AT + first) % KEYS);
    wire_put_u8(s, WIRE_TIME);
    wire_put_i64(s, 1700000000);
    wire_put_i64(s, 3600);
    wire_put_text(s, "CET", 3);
    wire_put_u16(s, (PASS + first) % KEYS);
    wire_put_u8(s, WIRE_SECRET);
    wire_put_u32(s, 9);
    wire_put_u16(s, (GONE + first) % KEYS);
    wire_put_u8(s, WIRE_NIL);
    wire_put_u16(s, (FORM + first) % KEYS);
    put_many(s, WIRE_MAP, 2);
    wire_put_u16(s, (URL + first) % KEYS);
    put_text(s, "/x");
    wire_put_u16(s, (VERSION + first) % KEYS);
    put_int(s, 3);
    return wire_reader(s->data, s->len);
}

/* One is there under two numbers. */
static struct keys model_keys(struct span at[10], unsigned first)
{
    static const char *const names[] = {"rows", "name", "used", "at",      "pass",
                                        "gone", "form", "url",  "version", "used"};
    for (unsigned i = 0; i < 10; i++)
        at[(i + first) % 10] = (struct span){names[i], strlen(names[i])};
    return (struct keys){.n = 10, .at = at};
}

struct model_case {
    struct render render;
    const char *code;
};

static int run_model(lua_State *L)
{
    const struct model_case *c = lua_touserdata(L, 1);
    environment_push(L);
    int env = lua_gettop(L);
    print_functions(L, env);
    handle_prepare(L);
    lua_pushfstring(L, "local vm = ... %s", c->code);
    environment_load(L, lua_tostring(L, -1), strlen(lua_tostring(L, -1)), "=test", env);
    handle_push(L, c->render.model.vm);
    lua_call(L, 1, 0);
    return 0;
}

/* What the chunk, which is given the model as `...`, prints; or its error, after "!". */
static const char *of_model(const char *code, const char *name, unsigned first)
{
    struct arena *a = arena_create(1 << 20);
    struct span at[10];
    struct str s;
    struct model_case c = {.code = code};
    struct sandbox *box = sandbox_create(&theme_limits);
    char problem[512];
    str_init(&s, a, 65536);
    writer_reset(&out);
    struct wire_reader r = model_bytes(&s, name, first);
    r.end = r.at + s.len;
    c.render = (struct render){.out = &out,
                               .now = 1700003600,
                               .shell = {.prefix = {"", 0}, .token = 4, .operation = -1},
                               .keys = model_keys(at, first)};
    bool read = model_read(&c.render.model, a, r, r, &c.render.keys);
    assert_true(read);
    box->render = &c.render;
    if (sandbox_run(box, run_model, &c, problem, sizeof problem))
        snprintf(why, sizeof why, "%.*s", (int)out.len, out.data);
    else
        snprintf(why, sizeof why, "!%.500s", problem);
    sandbox_destroy(box);
    arena_destroy(a);
    return why;
}

static void templates_read_the_model_where_it_lies(void **state)
{
    (void)state;
    static const struct {
        const char *code, *result;
    } rows[] = {
        {"for i = 1, #vm.rows do local m = vm.rows[i] emit('\\0e1.name;:\\0b1.used; ', m) end",
         "a&amp;:2 KB &lt;b&gt;:7 bytes "},
        {"local m = vm.rows[2] emit('\\0e1;\\0e2.name;\\0e3;\\0e2.used;\\0e4;', 1, m, 2, m.name)",
         "1&lt;b&gt;27&lt;b&gt;"},
        {"emit('\\0e1;', vm.rows[1].name .. vm.rows[2].used .. #vm.rows)", "a&amp;72"},
        {"emit('\\0i1.at;, \\0a2;, \\0s1.at;', vm, vm.at)",
         "2023-11-14T23:13:20+01:00, 1 hour ago, 14 Nov 2023, 23:13"},
        {"emit('<\\0e1.pass;|\\0e2;|\\0e1.gone;|\\0e1.none;|\\0n1.gone;>', vm, vm.pass)", "<||||>"},
        {"emit('\\0e1;', F.date(vm.at, 'day') .. tostring(vm.gone) .. tostring(vm.rows[3]))",
         "14 November 2023nilnil"},
        {"emit('\\0f1.form;\\0u1.none;', vm)",
         "<form method=\"post\" action=\"/x\"><input type=\"hidden\" name=\"token\" value=\"\">"
         "<input type=\"hidden\" name=\"version\" value=\"3\">"},
        {"emit('\\0e1.name;\\0b1.used;\\0e2;\\0u1.name;', {name='/<', used=1024}, 'x')",
         "/&lt;1 KBx/&lt;"},
        {"emit('\\0?1.at;a\\0|b\\0.\\0?1.gone;c\\0|d\\0.\\0!1.none;e\\0.\\0?2;f\\0.\\0!2;g\\0.', "
         "vm, "
         "false)",
         "adeg"},
        {"local m = vm.rows[2] emit('\\0=1.name,2;a\\0|\\0~1.name,3;b\\0?4;c\\0.\\0.\\0.d', m, "
         "'<', "
         "'<b>', true)",
         "d"},
        {"local m = vm.rows[2] "
         "emit('\\0<1.used,2;a\\0.\\0>1.used,3;b\\0.\\0(1.used,4;c\\0.\\0)1.used,4;d\\0.\\0=1.used,"
         "4;e"
         "\\0.\\0=5,4;f\\0.',"
         " m, 8, 6, 7, 7)",
         "abcdef"},
        {"emit('\\0<1.used,2;a\\0.\\0~1.name,3;b\\0.', {used = 1, name = 'x'}, 2, 'y')", "ab"},
        {"emit('\\0e1.name;', vm.gone)",
         "!test:1: bad argument #2 to 'emit' (table expected, got nil)"},
        {"emit('\\0e1.rows;', vm)", "!test:1: cannot print a list, a record, a truth or a time"},
        {"emit('\\0u1.at;', vm)", "!test:1: emit: a text is needed"},
        {"emit('\\0b1.at;', vm)",
         "!test:1: emit: the value is of another kind than the filter 'b' takes"},
        {"emit('\\0<1.at,2;\\0.', vm, 1)", "!test:1: a number is needed to compare"},
        {"emit('\\0z1.at;', vm)", "!test:1: emit: there is no hole 'z'"},
        {"return vm.pass.x", "!test:1: it has no fields"},
        {"return #vm.form", "!test:1: it is no list"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned first = 0; first < 3; first++) { /* the same names by other numbers */
            const char *got = of_model(rows[i].code, "a&", first);
            if (strcmp(got, rows[i].result) != 0)
                fail_msg("%s\n  gives %s\n  not   %s", rows[i].code, got, rows[i].result);
        }
    of_model("emit('<\\0e1.pass;|\\0e2;|>', vm, vm.pass)", "", 0);
    assert_int_equal(out.slots_n, 2);
    assert_int_equal(out.slots[0].slot + out.slots[1].slot, 18);
}

static void a_format_is_whole_or_refused(void **state)
{
    (void)state;
    static const char *const formats[] = {"\\0",
                                          "\\0e",
                                          "\\0e1",
                                          "\\0e;",
                                          "\\0e0;",
                                          "\\0e201;",
                                          "\\0e1.;",
                                          "\\0e1,2;",
                                          "\\0=1;",
                                          "\\0=1,;",
                                          "\\0=1,2",
                                          "\\0.",
                                          "\\0|",
                                          "\\0?1;",
                                          "\\0?1;\\0|",
                                          "\\0e1.a-b;",
                                          "\\0?1;\\0|\\0."
                                          "\\0.",
                                          "\\0e99999999999;"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        char code[128];
        snprintf(code, sizeof code, "emit('%s', vm)", formats[i]);
        const char *got = of_model(code, "x", 0);
        if (strcmp(got, "!test:1: emit: it is no format") != 0)
            fail_msg("%s gives %s", formats[i], got);
    }
}

static void a_broken_model_is_refused(void **state)
{
    (void)state;
    struct arena *a = arena_create(1 << 20);
    struct span at[10];
    struct keys keys = model_keys(at, 0), few = {.n = 3, .at = at};
    struct str s;
    struct model m;
    str_init(&s, a, 65536);
    struct wire_reader whole = model_bytes(&s, "x", 0);
    assert_true(model_read(&m, a, whole, whole, &keys));
    assert_false(model_read(&m, a, whole, whole, &few));
    for (size_t n = 0; n < s.len; n++) {
        struct wire_reader cut = wire_reader(s.data, n);
        assert_false(model_read(&m, a, cut, whole, &keys));
        assert_false(model_read(&m, a, whole, cut, &keys));
    }
    arena_destroy(a);
}

/* Any bytes give a value or an error, never a crash (the build has sanitizers). */
static void any_bytes_can_be_decoded(void **state)
{
    (void)state;
    char problem[256];
    struct sandbox *s = sandbox_create(&theme_limits);
    srand(2);
    for (int i = 0; i < 20000; i++) {
        unsigned char bytes[64];
        size_t n = (size_t)rand() % sizeof bytes;
        for (size_t k = 0; k < n; k++)
            bytes[k] = (unsigned char)(rand() % 4 == 0 ? rand() : rand() % 8);
        struct wire_reader r = wire_reader(bytes, n);
        sandbox_arm(s);
        sandbox_run(s, decode, &r, problem, sizeof problem);
    }
    sandbox_destroy(s);
}

/* What stays of a page with a secret in it when these ids are asked for. */
static const char *kept(const char *ids)
{
    static const char page[] = "<main id=\"m\"><div title='>' id=\"a\">1<div>2</div></div>"
                               "<input id=\"i\" value=\"\"><p data-id=\"q\">x</p></main>";
    struct arena *a = arena_create(1 << 20);
    size_t before = (size_t)(strstr(page, "value=\"") + 7 - page);
    writer_reset(&out);
    writer_raw(&out, page, before);
    writer_slot(&out, 4);
    writer_text(&out, page + before);
    fragment_keep(&out, a, (struct span){ids, strlen(ids)});
    arena_destroy(a);
    return written();
}

static void fragments_are_whole_elements(void **state)
{
    (void)state;
    assert_string_equal(kept("a"), "<div title='>' id=\"a\">1<div>2</div></div>");
    assert_int_equal(out.slots_n, 0);
    assert_string_equal(kept(" i  a none"), "<input id=\"i\" value=\"\">"
                                            "<div title='>' id=\"a\">1<div>2</div></div>");
    assert_int_equal(out.slots_n, 1);
    assert_int_equal(out.slots[0].slot, 4);
    assert_int_equal(out.slots[0].offset, strlen("<input id=\"i\" value=\""));
}

static void fragments_that_are_not_there_leave_the_page(void **state)
{
    (void)state;
    const size_t whole = strlen(kept(""));
    assert_int_equal(strlen(kept("q")), whole);
    assert_int_equal(strlen(kept("zz ")), whole);
    assert_int_equal(strlen(kept("m")), whole);
    assert_int_equal(strlen(kept("m a i")), whole); /* inside, so once */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(what_goes_back_is_forgotten),
        cmocka_unit_test(a_page_has_an_end),
        cmocka_unit_test(urls),
        cmocka_unit_test(no_url_holds_a_foreign_byte),
        cmocka_unit_test(filters),
        cmocka_unit_test(filters_speak),
        cmocka_unit_test(the_language_is_narrow),
        cmocka_unit_test(our_own_functions),
        cmocka_unit_test(any_bytes_can_be_decoded),
        cmocka_unit_test(fragments_are_whole_elements),
        cmocka_unit_test(fragments_that_are_not_there_leave_the_page),
        cmocka_unit_test(each_byte_is_escaped_wherever_it_stands),
        cmocka_unit_test(templates_read_the_model_where_it_lies),
        cmocka_unit_test(a_format_is_whole_or_refused),
        cmocka_unit_test(a_broken_model_is_refused),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(out.data - WRITER_HEAD);
    return failed;
}
