/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters of the template language: text in the reader's language out of numbers and times. They
 * read no clock and no zone file: the worker sends the offset with each time, and its own time with
 * the page. */
#include <ctype.h>
#include <lauxlib.h>
#include <stddef.h>
#include <string.h>

#include "base/utf8.h"
#include "render/formats.h"
#include "render/handle.h"
#include "render/filters.h"
#include "render/render.h"

/* What a filter makes, a word's last store included; these run for each row of a list. Each put_ writes
 * at `to` and gives the end. */
enum { FILTERED_MAX = 128 };

static inline char *put(char *to, const struct word *word)
{
    memcpy(to, word, sizeof *word);
    return to + word->n;
}

static inline char *put_char(char *to, char c)
{
    *to = c;
    return to + 1;
}

#define TEN(d) d "0" d "1" d "2" d "3" d "4" d "5" d "6" d "7" d "8" d "9"
static const char two_digits[] = TEN("0") TEN("1") TEN("2") TEN("3") TEN("4") TEN("5") TEN("6")
    TEN("7") TEN("8") TEN("9");

/* 0 to 99. */
static inline char *put_two(char *to, int v)
{
    memcpy(to, two_digits + 2 * v, 2);
    return to + 2;
}

/* At least `width` digits. */
static char *put_int(char *to, int64_t v, int width)
{
    char digits[24];
    int at = sizeof digits;
    uint64_t u = (uint64_t)v;
    for (; u > 0 || at > (int)sizeof digits - width; u /= 10)
        digits[--at] = (char)('0' + u % 10);
    memcpy(to, digits + at, sizeof digits - (size_t)at);
    return to + (sizeof digits - (size_t)at);
}

/* Most are of one or two digits. */
static inline char *put_small(char *to, int64_t v)
{
    if (v < 0 || v > 99)
        return put_int(to, v, 1);
    return v > 9 ? put_two(to, (int)v) : put_char(to, (char)('0' + v));
}

static inline char *put_year(char *to, int year, int width)
{
    if (year < 1000 || year > 9999)
        return put_int(to, year, width);
    return put_two(put_two(to, year / 100), year % 100);
}

static const struct formats *formats(lua_State *L)
{
    return formats_of(sandbox_of(L)->render->locale);
}

static char *put_bytes(lua_State *L, char *to, int64_t v)
{
    const struct formats *f = formats(L);
    int64_t tenths = 0;
    size_t unit = 0;
    luaL_argcheck(L, v >= 0, 1, "is negative");
    for (; v > 1023 || (unit > 0 && tenths >= 10240); unit++) {
        tenths = v / 1024 * 10 + (v % 1024 * 10 + 512) / 1024;
        v /= 1024;
    }
    if (unit == 0)
        tenths = v * 10;
    else if (tenths >= 1000)
        tenths = (tenths + 5) / 10 * 10;
    to = put_small(to, tenths / 10);
    if (tenths % 10 != 0)
        to = put_char(put(to, &f->point), (char)('0' + tenths % 10));
    to = put(to, &f->unit_blank);
    return put(to, unit > 0 ? &f->units[unit] : v == 1 ? &f->byte : &f->bytes);
}

static char *put_grouped(char *to, int64_t n, const struct formats *f)
{
    char digits[24];
    size_t digits_n =
        (size_t)(put_int(digits, (int64_t)(n < 0 ? 0 - (uint64_t)n : (uint64_t)n), 1) - digits);
    if (n < 0)
        to = put_char(to, '-');
    for (size_t i = 0; i < digits_n; i++) {
        if (i > 0 && (digits_n - i) % 3 == 0)
            to = put(to, &f->group);
        to = put_char(to, digits[i]);
    }
    return to;
}

/* plural(i, n, form, ...): the form that its rule has chosen, counted from 0; %d in it is n. */
int filter_plural_of(lua_State *L)
{
    lua_Integer i = luaL_checkinteger(L, 1), n = luaL_checkinteger(L, 2), forms = lua_gettop(L) - 2;
    luaL_argcheck(L, forms > 0, 3, "is missing");
    if (i < 0 || i >= forms)
        i = forms - 1;
    const char *form = luaL_checkstring(L, (int)i + 3), *hole = strstr(form, "%d");
    char number[FILTERED_MAX];
    if (hole == NULL) {
        lua_pushvalue(L, (int)i + 3);
        return 1;
    }
    const char *end = put_grouped(number, n, formats(L));
    lua_pushlstring(L, form, (size_t)(hole - form));
    lua_pushlstring(L, number, (size_t)(end - number));
    lua_pushstring(L, hole + 2);
    lua_concat(L, 3);
    return 1;
}

/* tn(one, many, n): English has two forms. */
int filter_plural(lua_State *L)
{
    lua_Integer n = luaL_checkinteger(L, 3);
    luaL_checkstring(L, 1);
    luaL_checkstring(L, 2);
    lua_settop(L, 3);
    lua_pushinteger(L, n == 1 ? 0 : 1);
    lua_insert(L, 1);
    lua_pushinteger(L, n);
    lua_insert(L, 2);
    lua_settop(L, 4);
    return filter_plural_of(L);
}

struct moment {
    int64_t seconds, offset;
    int year, month, day, hour, minute, second;
};

/* Days since 1970 to a date, by Howard Hinnant's algorithm for the Gregorian calendar. */
static void civil(int64_t days, struct moment *m)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    m->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    m->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    m->year = (int)(yoe + era * 400 + (m->month <= 2));
}

static void moment_split(struct moment *m)
{
    int64_t local = m->seconds + m->offset, days = local / 86400, rest = local % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    civil(days, m);
    m->hour = (int)(rest / 3600);
    m->minute = (int)(rest / 60 % 60);
    m->second = (int)(rest % 60);
}

static struct instant instant_of_table(lua_State *L, int index)
{
    struct instant t;
    luaL_checktype(L, index, LUA_TTABLE);
    lua_getfield(L, index, "seconds");
    lua_getfield(L, index, "offset");
    lua_getfield(L, index, "zone");
    t.seconds = luaL_checkinteger(L, -3);
    t.offset = luaL_optinteger(L, -2, 0);
    const char *zone = luaL_optstring(L, -1, "UTC");
    luaL_argcheck(L, strlen(zone) < sizeof t.zone, index, "has no zone");
    memcpy(t.zone, zone, strlen(zone) + 1);
    lua_pop(L, 3);
    return t;
}

/* No theme can make a full userdata: one of that size is a time that a page script handed on. */
static struct instant check_instant(lua_State *L, int index)
{
    const struct node *v = handle_at(L, index);
    if (v != NULL && v->tag == WIRE_TIME)
        return *v->time;
    bool ours = lua_type(L, index) == LUA_TUSERDATA &&
                lua_rawlen(L, index) == sizeof(struct instant);
    return ours ? *(const struct instant *)lua_touserdata(L, index) : instant_of_table(L, index);
}

/* Of the moment that was asked for last: a row writes one in several ways. */
static const struct moment *moment_at(const struct instant *t)
{
    static struct moment m = {.month = 1, .day = 1, .year = 1970};
    if (m.seconds != t->seconds || m.offset != t->offset) {
        m.seconds = t->seconds;
        m.offset = t->offset;
        moment_split(&m);
    }
    return &m;
}

static char *put_clock(char *to, const struct moment *m, bool seconds)
{
    to = put_two(put_char(put_two(to, m->hour), ':'), m->minute);
    return seconds ? put_two(put_char(to, ':'), m->second) : to;
}

static char *put_day(char *to, const struct moment *m, const struct formats *f, bool is_long)
{
    to = put(put_small(to, m->day), m->day == 1 ? &f->first_end : &f->day_end);
    to = put(put_char(to, ' '), (is_long ? f->months : f->short_months) + m->month - 1);
    return put_year(put_char(to, ' '), m->year, 1);
}

static char *put_iso(char *to, const struct moment *m)
{
    int zone = (int)m->offset / 60, away = zone < 0 ? -zone : zone;
    to = put_char(put_year(to, m->year, 4), '-');
    to = put_char(put_two(to, m->month), '-');
    to = put_char(put_two(to, m->day), 'T');
    to = put_char(put_clock(to, m, true), zone < 0 ? '-' : '+');
    return put_two(put_char(put_two(to, away / 60), ':'), away % 60);
}

static char *put_comma(char *to)
{
    return put_char(put_char(to, ','), ' ');
}

/* The zone's name follows, which is the only text here that is not ours. */
static char *put_long(char *to, const struct moment *m, const struct formats *f)
{
    return put_char(put_clock(put_comma(put_day(to, m, f, true)), m, true), ' ');
}

static char *put_moment(lua_State *L, char *to, const struct instant *at, char style)
{
    const struct moment *m = moment_at(at);
    switch (style) {
    case 'i': return put_iso(to, m);
    case 't': return put_clock(to, m, false);
    case 'l': return put_long(to, m, formats(L));
    case 's': return put_clock(put_comma(put_day(to, m, formats(L), false)), m, false);
    default: return put_day(to, m, formats(L), true);
    }
}

static const struct {
    int64_t below, unit;
    size_t words;
} spans[] = {{3600, 60, offsetof(struct formats, minute)},
             {86400, 3600, offsetof(struct formats, hour)},
             {30 * 86400, 86400, offsetof(struct formats, day)}};

static char *put_span(char *to, const struct formats *f, int64_t n, size_t words, bool past)
{
    const struct span_words *w = (const struct span_words *)(const void *)((const char *)f + words);
    to = put_char(put_small(put(to, past ? &f->ago_before : &f->in_before), n), ' ');
    to = put(to, n == 1 ? &w->one : &w->many);
    return put(to, past ? &f->ago_behind : &f->in_behind);
}

static char *put_relative(lua_State *L, char *to, const struct instant *at)
{
    int64_t past = sandbox_of(L)->render->now - at->seconds, away = past < 0 ? -past : past;
    const struct formats *f = formats(L);
    if (away < 60)
        return put(to, &f->now);
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        if (away < spans[i].below)
            return put_span(to, f, away / spans[i].unit, spans[i].words, past > 0);
    return put_moment(L, to, at, 'd');
}

static void check_range(lua_State *L, const struct instant *t)
{
    luaL_argcheck(L,
                  t->seconds > -62135596800 && t->seconds < 253402300800 && t->offset > -86400 &&
                      t->offset < 86400,
                  1, "is no time");
}

/* A filter by the letter of its hole: of a number, or of a time. */
static char *put_filter(lua_State *L, char *to, char hole, int64_t n, const struct instant *at)
{
    if (hole == 'b')
        return put_bytes(L, to, n);
    if (hole == 'n')
        return put_grouped(to, n, formats(L));
    check_range(L, at);
    return hole == 'a' ? put_relative(L, to, at) : put_moment(L, to, at, hole);
}

static bool is_of_number(lua_State *L, char hole)
{
    switch (hole) {
    case 'b':
    case 'n': return true;
    case 'a':
    case 's':
    case 'l':
    case 'd':
    case 't':
    case 'i': return false;
    default: return luaL_error(L, "emit: there is no hole '%c'", hole) != 0;
    }
}

struct filtered {
    int64_t number;
    struct instant at;
};

static struct filtered check_filtered(lua_State *L, int index, char hole)
{
    struct filtered v = {0};
    if (is_of_number(L, hole))
        v.number = luaL_checkinteger(L, index);
    else
        v.at = check_instant(L, index);
    return v;
}

/* Into the page itself where there is room. */
static void write_filtered(lua_State *L, struct writer *w, char hole, int64_t n,
                           const struct instant *at)
{
    char apart[FILTERED_MAX];
    bool fits = w->size - w->len >= FILTERED_MAX;
    char *from = fits ? w->data + w->len : apart, *end = put_filter(L, from, hole, n, at);
    if (fits)
        w->len += (size_t)(end - from);
    else
        writer_raw(w, from, (size_t)(end - from));
    if (hole == 'l')
        writer_html(w, at->zone, strlen(at->zone));
}

void filter_print(lua_State *L, struct writer *w, int index, char hole)
{
    if (lua_isnoneornil(L, index))
        return;
    struct filtered v = check_filtered(L, index, hole);
    write_filtered(L, w, hole, v.number, &v.at);
}

void filter_print_node(lua_State *L, struct writer *w, const struct node *v, char hole)
{
    if (v->tag != (is_of_number(L, hole) ? WIRE_INT : WIRE_TIME))
        luaL_error(L, "emit: the value is of another kind than the filter '%c' takes", hole);
    write_filtered(L, w, hole, v->number, v->time);
}

static int push_filtered(lua_State *L, char hole)
{
    char text[FILTERED_MAX];
    if (lua_isnoneornil(L, 1))
        return 0;
    struct filtered v = check_filtered(L, 1, hole);
    const char *end = put_filter(L, text, hole, v.number, &v.at);
    lua_pushlstring(L, text, (size_t)(end - text));
    if (hole == 'l') {
        lua_pushstring(L, v.at.zone);
        lua_concat(L, 2);
    }
    return 1;
}

static int filter_bytes(lua_State *L)
{
    return push_filtered(L, 'b');
}

static int filter_number(lua_State *L)
{
    return push_filtered(L, 'n');
}

static int filter_relative(lua_State *L)
{
    return push_filtered(L, 'a');
}

static int filter_date(lua_State *L)
{
    static const char *const styles[] = {"short", "long", "day", "date", "time", "iso", NULL};
    static const char letters[] = "slddti";
    const char *style = luaL_optstring(L, 2, "short");
    size_t i = 0;
    while (styles[i] != NULL && strcmp(styles[i], style) != 0)
        i++;
    if (styles[i] == NULL)
        return luaL_error(L, "date: there is no style '%s'", style);
    return push_filtered(L, letters[i]);
}

static int change_case(lua_State *L, int (*change)(int))
{
    size_t n;
    if (lua_isnoneornil(L, 1))
        return 0;
    const char *text = luaL_checklstring(L, 1, &n);
    luaL_Buffer b;
    sandbox_charge(L, n / 8);
    char *to = luaL_buffinitsize(L, &b, n);
    for (size_t i = 0; i < n; i++)
        to[i] = (unsigned char)text[i] < 0x80 ? (char)change((unsigned char)text[i]) : text[i];
    luaL_pushresultsize(&b, n);
    return 1;
}

static int filter_upper(lua_State *L)
{
    return change_case(L, toupper);
}

static int filter_lower(lua_State *L)
{
    return change_case(L, tolower);
}

/* truncate(text, n): n characters at most, the last then being an ellipsis. */
static int filter_truncate(lua_State *L)
{
    size_t n, at = 0, kept = 0;
    if (lua_isnoneornil(L, 1))
        return 0;
    const char *text = luaL_checklstring(L, 1, &n);
    lua_Integer max = luaL_checkinteger(L, 2);
    sandbox_charge(L, n);
    for (lua_Integer i = 0; at < n; i++) {
        if (i == max) {
            lua_pushlstring(L, text, kept);
            lua_pushliteral(L, "\xe2\x80\xa6");
            lua_concat(L, 2);
            return 1;
        }
        size_t step = utf8_step(text + at, n - at);
        if (i < max - 1)
            kept = at + (step > 0 ? step : 1);
        at += step > 0 ? step : 1;
    }
    lua_settop(L, 1);
    return 1;
}

static int filter_join(lua_State *L)
{
    if (lua_isnoneornil(L, 1))
        return 0;
    if (handle_at(L, 1) == NULL)
        luaL_checktype(L, 1, LUA_TTABLE);
    size_t n;
    const char *between = luaL_optlstring(L, 2, ", ", &n);
    lua_Integer count = luaL_len(L, 1);
    sandbox_charge(L, (size_t)count);
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    for (lua_Integer i = 1; i <= count; i++) {
        if (i > 1)
            luaL_addlstring(&b, between, n);
        lua_geti(L, 1, i);
        luaL_addvalue(&b);
    }
    luaL_pushresult(&b);
    return 1;
}

void filters_put(lua_State *L, int table)
{
    static const luaL_Reg filters[] = {
        {"bytes", filter_bytes},       {"date", filter_date},   {"number", filter_number},
        {"relative", filter_relative}, {"upper", filter_upper}, {"lower", filter_lower},
        {"truncate", filter_truncate}, {"join", filter_join},   {NULL, NULL}};
    lua_pushvalue(L, table);
    luaL_setfuncs(L, filters, 0);
    lua_pop(L, 1);
}
