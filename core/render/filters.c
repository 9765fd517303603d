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
#include "render/library.h"
#include "render/render.h"

/* A short text being put together; these filters run for each row of a list, where printf shows. */
struct text {
    size_t n;
    char at[128];
};

static void put(struct text *t, const char *word)
{
    size_t n = t->n;
    while (*word != '\0' && n < sizeof t->at)
        t->at[n++] = *word++;
    t->n = n;
}

static inline void put_char(struct text *t, char c)
{
    t->at[t->n++] = c;
}

#define TEN(d) d "0" d "1" d "2" d "3" d "4" d "5" d "6" d "7" d "8" d "9"
static const char two_digits[] = TEN("0") TEN("1") TEN("2") TEN("3") TEN("4") TEN("5") TEN("6")
    TEN("7") TEN("8") TEN("9");

/* 0 to 99. */
static inline void put_two(struct text *t, int v)
{
    memcpy(t->at + t->n, two_digits + 2 * v, 2);
    t->n += 2;
}

/* At least `width` digits. */
static void put_int(struct text *t, int64_t v, int width)
{
    char digits[24];
    int at = sizeof digits;
    uint64_t u = (uint64_t)v;
    for (; u > 0 || at > (int)sizeof digits - width; u /= 10)
        digits[--at] = (char)('0' + u % 10);
    memcpy(t->at + t->n, digits + at, sizeof digits - (size_t)at);
    t->n += sizeof digits - (size_t)at;
}

/* Most are of one or two digits. */
static inline void put_small(struct text *t, int64_t v)
{
    if (v < 0 || v > 99)
        put_int(t, v, 1);
    else if (v > 9)
        put_two(t, (int)v);
    else
        put_char(t, (char)('0' + v));
}

static inline void put_year(struct text *t, int year, int width)
{
    if (year < 1000 || year > 9999) {
        put_int(t, year, width);
        return;
    }
    put_two(t, year / 100);
    put_two(t, year % 100);
}

static const struct formats *formats(lua_State *L)
{
    return formats_of(sandbox_of(L)->render->locale);
}

static void put_bytes(lua_State *L, struct text *t, int64_t v)
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
    put_small(t, tenths / 10);
    if (tenths % 10 != 0) {
        put(t, f->point);
        put_char(t, (char)('0' + tenths % 10));
    }
    put(t, f->unit_blank);
    put(t, unit > 0 ? f->units[unit] : v == 1 ? f->byte : f->bytes);
}

static void put_grouped(struct text *t, int64_t n, const struct formats *f)
{
    struct text digits = {0};
    put_int(&digits, (int64_t)(n < 0 ? 0 - (uint64_t)n : (uint64_t)n), 1);
    if (n < 0)
        put_char(t, '-');
    for (size_t i = 0; i < digits.n; i++) {
        if (i > 0 && (digits.n - i) % 3 == 0)
            put(t, f->group);
        put_char(t, digits.at[i]);
    }
}

/* plural(i, n, form, ...): the form that its rule has chosen, counted from 0; %d in it is n. */
int library_plural_of(lua_State *L)
{
    lua_Integer i = luaL_checkinteger(L, 1), n = luaL_checkinteger(L, 2), forms = lua_gettop(L) - 2;
    luaL_argcheck(L, forms > 0, 3, "is missing");
    if (i < 0 || i >= forms)
        i = forms - 1;
    const char *form = luaL_checkstring(L, (int)i + 3), *hole = strstr(form, "%d");
    struct text t = {0};
    if (hole == NULL) {
        lua_pushvalue(L, (int)i + 3);
        return 1;
    }
    put_grouped(&t, n, formats(L));
    lua_pushlstring(L, form, (size_t)(hole - form));
    lua_pushlstring(L, t.at, t.n);
    lua_pushstring(L, hole + 2);
    lua_concat(L, 3);
    return 1;
}

/* tn(one, many, n): English has two forms. */
int library_plural(lua_State *L)
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
    return library_plural_of(L);
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

static void put_clock(struct text *t, const struct moment *m, bool seconds)
{
    put_two(t, m->hour);
    put_char(t, ':');
    put_two(t, m->minute);
    if (!seconds)
        return;
    put_char(t, ':');
    put_two(t, m->second);
}

static void put_day(struct text *t, const struct moment *m, const struct formats *f, bool is_long)
{
    put_small(t, m->day);
    put(t, m->day == 1 ? f->first_end : f->day_end);
    put_char(t, ' ');
    put(t, (is_long ? f->months : f->short_months)[m->month - 1]);
    put_char(t, ' ');
    put_year(t, m->year, 1);
}

static void put_iso(struct text *t, const struct moment *m)
{
    int zone = (int)m->offset / 60, away = zone < 0 ? -zone : zone;
    put_year(t, m->year, 4);
    put_char(t, '-');
    put_two(t, m->month);
    put_char(t, '-');
    put_two(t, m->day);
    put_char(t, 'T');
    put_clock(t, m, true);
    put_char(t, zone < 0 ? '-' : '+');
    put_two(t, away / 60);
    put_char(t, ':');
    put_two(t, away % 60);
}

static void put_long(struct text *t, const struct moment *m, const char *zone,
                     const struct formats *f)
{
    put_day(t, m, f, true);
    put(t, ", ");
    put_clock(t, m, true);
    put_char(t, ' ');
    put(t, zone);
}

static void put_short(struct text *t, const struct moment *m, const struct formats *f)
{
    put_day(t, m, f, false);
    put(t, ", ");
    put_clock(t, m, false);
}

static void put_moment(lua_State *L, struct text *t, const struct instant *at, char style)
{
    const struct moment *m = moment_at(at);
    switch (style) {
    case 'i': put_iso(t, m); break;
    case 't': put_clock(t, m, false); break;
    case 'l': put_long(t, m, at->zone, formats(L)); break;
    case 's': put_short(t, m, formats(L)); break;
    default: put_day(t, m, formats(L), true);
    }
}

static const struct {
    int64_t below, unit;
    size_t words;
} spans[] = {{3600, 60, offsetof(struct formats, minute)},
             {86400, 3600, offsetof(struct formats, hour)},
             {30 * 86400, 86400, offsetof(struct formats, day)}};

static void put_span(struct text *t, const struct formats *f, int64_t n, size_t words, bool past)
{
    const struct span_words *w = (const struct span_words *)((const char *)f + words);
    put(t, past ? f->ago_before : f->in_before);
    put_small(t, n);
    put_char(t, ' ');
    put(t, n == 1 ? w->one : w->many);
    put(t, past ? f->ago_behind : f->in_behind);
}

static void put_relative(lua_State *L, struct text *t, const struct instant *at)
{
    int64_t past = sandbox_of(L)->render->now - at->seconds, away = past < 0 ? -past : past;
    const struct formats *f = formats(L);
    if (away < 60) {
        put(t, f->now);
        return;
    }
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        if (away >= spans[i].below)
            continue;
        put_span(t, f, away / spans[i].unit, spans[i].words, past > 0);
        return;
    }
    put_moment(L, t, at, 'd');
}

static void check_range(lua_State *L, const struct instant *t)
{
    luaL_argcheck(L,
                  t->seconds > -62135596800 && t->seconds < 253402300800 && t->offset > -86400 &&
                      t->offset < 86400,
                  1, "is no time");
}

/* A filter by the letter of its hole: of a number, or of a time. */
static void put_filter(lua_State *L, struct text *t, char hole, int64_t n, const struct instant *at)
{
    if (hole == 'b') {
        put_bytes(L, t, n);
    } else if (hole == 'n') {
        put_grouped(t, n, formats(L));
    } else {
        check_range(L, at);
        if (hole == 'a')
            put_relative(L, t, at);
        else
            put_moment(L, t, at, hole);
    }
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

static void put_value(lua_State *L, struct text *t, int index, char hole)
{
    struct instant at = {0};
    int64_t n = 0;
    if (is_of_number(L, hole))
        n = luaL_checkinteger(L, index);
    else
        at = check_instant(L, index);
    put_filter(L, t, hole, n, &at);
}

void library_filter_print(lua_State *L, struct writer *w, int index, char hole)
{
    struct text t;
    t.n = 0;
    if (lua_isnoneornil(L, index))
        return;
    put_value(L, &t, index, hole);
    writer_html(w, t.at, t.n);
}

void library_filter_node(lua_State *L, struct writer *w, const struct node *v, char hole)
{
    struct text t;
    t.n = 0;
    if (v->tag != (is_of_number(L, hole) ? WIRE_INT : WIRE_TIME))
        luaL_error(L, "emit: the value is of another kind than the filter '%c' takes", hole);
    put_filter(L, &t, hole, v->number, v->time);
    writer_html(w, t.at, t.n);
}

static int push_filtered(lua_State *L, char hole)
{
    struct text t;
    t.n = 0;
    if (lua_isnoneornil(L, 1))
        return 0;
    put_value(L, &t, 1, hole);
    lua_pushlstring(L, t.at, t.n);
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

void library_filters(lua_State *L, int table)
{
    static const luaL_Reg filters[] = {
        {"bytes", filter_bytes},       {"date", filter_date},   {"number", filter_number},
        {"relative", filter_relative}, {"upper", filter_upper}, {"lower", filter_lower},
        {"truncate", filter_truncate}, {"join", filter_join},   {NULL, NULL}};
    lua_pushvalue(L, table);
    luaL_setfuncs(L, filters, 0);
    lua_pop(L, 1);
}
