/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/value.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "http/json.h"

enum { FIRST = 8 };

struct entry {
    const char *key; /* NULL in a list */
    struct value *value;
};

struct value {
    enum value_kind kind;
    bool page_only;
    size_t n, size; /* bytes of a text; entries of a list or a map */
    union {
        int64_t number;
        const char *text;
        struct entry *entries;
    };
    struct arena *arena;
};

static struct value *make(struct arena *a, enum value_kind kind)
{
    struct value *v = ARENA_NEW(a, struct value);
    v->kind = kind;
    v->arena = a;
    return v;
}

static struct value *make_text(struct arena *a, enum value_kind kind, const char *text, size_t n)
{
    struct value *v = make(a, kind);
    v->text = text;
    v->n = n;
    return v;
}

struct value *value_map(struct arena *a)
{
    return make(a, VALUE_MAP);
}

struct value *value_list(struct arena *a)
{
    return make(a, VALUE_LIST);
}

struct value *value_text(struct arena *a, const char *text)
{
    return text == NULL ? NULL : make_text(a, VALUE_TEXT, text, strlen(text));
}

struct value *value_int(struct arena *a, int64_t n)
{
    struct value *v = make(a, VALUE_INT);
    v->number = n;
    return v;
}

static void append(struct value *to, const char *key, struct value *v)
{
    if (to->n == to->size) {
        size_t size = to->size == 0 ? FIRST : to->size * 2;
        struct entry *entries = arena_array(to->arena, size, sizeof *entries);
        if (to->n > 0)
            memcpy(entries, to->entries, to->n * sizeof *entries);
        to->entries = entries;
        to->size = size;
    }
    to->entries[to->n++] = (struct entry){.key = key, .value = v};
}

struct value *value_set(struct value *map, const char *key, struct value *v)
{
    assert(map->kind == VALUE_MAP);
#ifdef MAILBOY_SANITIZED
    assert(value_get(map, key) == NULL);
#endif
    if (v != NULL)
        append(map, key, v);
    return v;
}

struct value *value_set_text_n(struct value *map, const char *key, const char *text, size_t n)
{
    if (text == NULL)
        return NULL;
    return value_set(map, key, make_text(map->arena, VALUE_TEXT, text, n));
}

struct value *value_set_text(struct value *map, const char *key, const char *text)
{
    return value_set(map, key, value_text(map->arena, text));
}

struct value *value_set_decimal(struct value *map, const char *key, const char *text)
{
    if (text == NULL)
        return NULL;
    return value_set(map, key, make_text(map->arena, VALUE_DECIMAL, text, strlen(text)));
}

struct value *value_set_int(struct value *map, const char *key, int64_t n)
{
    return value_set(map, key, value_int(map->arena, n));
}

struct value *value_set_bool(struct value *map, const char *key, bool b)
{
    struct value *v = make(map->arena, VALUE_BOOL);
    v->number = b;
    return value_set(map, key, v);
}

struct value *value_set_url(struct value *map, const char *key, const char *url)
{
    if (url == NULL)
        return NULL;
    return value_set(map, key, make_text(map->arena, VALUE_URL, url, strlen(url)));
}

struct value *value_set_time(struct value *map, const char *key, int64_t utc_seconds)
{
    if (utc_seconds == 0)
        return NULL;
    struct value *v = make(map->arena, VALUE_TIME);
    v->number = utc_seconds;
    return value_set(map, key, v);
}

struct value *value_set_secret(struct value *map, const char *key, const char *text)
{
    if (text == NULL)
        return NULL;
    return value_set(map, key, make_text(map->arena, VALUE_SECRET, text, strlen(text)));
}

struct value *value_set_map(struct value *map, const char *key)
{
    return value_set(map, key, value_map(map->arena));
}

struct value *value_set_list(struct value *map, const char *key)
{
    return value_set(map, key, value_list(map->arena));
}

void value_add(struct value *list, struct value *v)
{
    assert(list->kind == VALUE_LIST && v != NULL);
    append(list, NULL, v);
}

void value_add_text(struct value *list, const char *text)
{
    value_add(list, value_text(list->arena, text));
}

struct value *value_add_map(struct value *list)
{
    struct value *map = value_map(list->arena);
    value_add(list, map);
    return map;
}

struct value *value_page_only(struct value *v)
{
    if (v != NULL)
        v->page_only = true;
    return v;
}

enum value_kind value_kind(const struct value *v)
{
    return v == NULL ? VALUE_NIL : v->kind;
}

struct value *value_get(const struct value *v, const char *key)
{
    for (size_t i = 0; value_kind(v) == VALUE_MAP && i < v->n; i++)
        if (strcmp(v->entries[i].key, key) == 0)
            return v->entries[i].value;
    return NULL;
}

size_t value_count(const struct value *v)
{
    return value_kind(v) == VALUE_LIST || value_kind(v) == VALUE_MAP ? v->n : 0;
}

struct value *value_at(const struct value *list, size_t i)
{
    return i < value_count(list) ? list->entries[i].value : NULL;
}

const char *value_key(const struct value *map, size_t i)
{
    return value_kind(map) == VALUE_MAP && i < map->n ? map->entries[i].key : NULL;
}

const char *value_as_text(const struct value *v)
{
    enum value_kind kind = value_kind(v);
    bool text = kind == VALUE_TEXT || kind == VALUE_DECIMAL || kind == VALUE_URL;
    return text || kind == VALUE_SECRET ? v->text : NULL;
}

int64_t value_as_int(const struct value *v)
{
    return value_kind(v) == VALUE_INT || value_kind(v) == VALUE_TIME ? v->number : 0;
}

bool value_as_bool(const struct value *v)
{
    return value_kind(v) == VALUE_BOOL && v->number != 0;
}

static size_t key_number(const char *key, struct value_keys *keys)
{
    enum { PLACES = sizeof keys->number / sizeof *keys->number };
    size_t place = (uintptr_t)key * 0x9e3779b97f4a7c15u >> 32;
    while (keys->number[place % PLACES] != 0 && keys->text[keys->number[place % PLACES] - 1] != key)
        place++;
    unsigned short *number = &keys->number[place % PLACES];
    if (*number == 0) {
        assert(keys->n < WIRE_KEYS);
        keys->text[keys->n++] = key;
        *number = (unsigned short)keys->n;
    }
    return *number - 1u;
}

static inline void wire_key(struct str *s, const char *key, struct value_keys *keys)
{
    size_t number = keys->next;
    if (number >= keys->n || keys->text[number] != key)
        number = key_number(key, keys);
    keys->next = number + 1;
    wire_put_u16(s, (unsigned)number);
}

void value_wire_keys(struct str *s, const struct value_keys *keys)
{
    wire_put_u32(s, keys->n);
    for (size_t i = 0; i < keys->n; i++)
        wire_put_text(s, keys->text[i], strlen(keys->text[i]));
}

/* A few days in which the zone's offset is the same. */
struct days {
    int64_t number; /* since 1970, and one more; 0: none yet */
    int64_t offset;
    const char *zone; /* NULL: it changes */
};

enum { DAYS = 4, SECONDS = DAYS * 86400 };

static struct tm local_time(int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm local = {.tm_zone = "UTC"};
    localtime_r(&t, &local);
    return local;
}

/* Where both ends have the same offset, so has what lies between: no zone of the tz database has ever
 * changed and changed back within six days. */
static const struct days *days_of(int64_t seconds)
{
    enum { KEPT = 128 };
    static struct days kept[KEPT];
    int64_t number = seconds / SECONDS + 1;
    struct days *d = &kept[number % KEPT];
    if (d->number != number) {
        struct tm first = local_time((number - 1) * SECONDS);
        struct tm last = local_time(number * SECONDS - 1);
        bool same = first.tm_gmtoff == last.tm_gmtoff && strcmp(first.tm_zone, last.tm_zone) == 0;
        *d = (struct days){number, first.tm_gmtoff, same ? first.tm_zone : NULL};
    }
    return d;
}

/* The renderer has no zone file: it is told the offset in force then, and the zone's name. */
static void wire_time(struct str *s, int64_t seconds)
{
    struct days now = {0};
    if (seconds > 0)
        now = *days_of(seconds);
    if (now.zone == NULL) {
        struct tm local = local_time(seconds);
        now.offset = local.tm_gmtoff;
        now.zone = local.tm_zone;
    }
    wire_put_u8(s, WIRE_TIME);
    wire_put_i64(s, seconds);
    wire_put_i64(s, now.offset);
    wire_put_text(s, now.zone, strlen(now.zone));
}

static void wire_secret(struct str *s, const char *text, struct value_secrets *secrets)
{
    assert(secrets->n < VALUE_SECRETS_MAX);
    wire_put_u8(s, WIRE_SECRET);
    wire_put_u32(s, secrets->n);
    secrets->text[secrets->n++] = text;
}

static void wire_large(struct str *s, const struct value *v, struct value_secrets *secrets,
                       struct value_keys *keys);

/* Most values are of these; false: it is another. */
static inline bool wire_small(struct str *s, const struct value *v)
{
    switch (value_kind(v)) {
    case VALUE_NIL: wire_put_u8(s, WIRE_NIL); return true;
    case VALUE_BOOL: wire_put_u8(s, v->number != 0 ? WIRE_TRUE : WIRE_FALSE); return true;
    case VALUE_INT:
        wire_put_u8(s, WIRE_INT);
        wire_put_i64(s, v->number);
        return true;
    case VALUE_TEXT:
    case VALUE_DECIMAL:
    case VALUE_URL:
        wire_put_u8(s, WIRE_TEXT);
        wire_put_text(s, v->text, v->n);
        return true;
    default: return false;
    }
}

static void wire_entries(struct str *s, const struct value *v, struct value_secrets *secrets,
                         struct value_keys *keys)
{
    bool map = v->kind == VALUE_MAP;
    wire_put_u8(s, map ? WIRE_MAP : WIRE_LIST);
    wire_put_u32(s, v->n);
    for (size_t i = 0; i < v->n; i++) {
        if (map)
            wire_key(s, v->entries[i].key, keys);
        if (!wire_small(s, v->entries[i].value))
            wire_large(s, v->entries[i].value, secrets, keys);
    }
}

static void wire_large(struct str *s, const struct value *v, struct value_secrets *secrets,
                       struct value_keys *keys)
{
    if (v->kind == VALUE_TIME)
        wire_time(s, v->number);
    else if (v->kind == VALUE_SECRET)
        wire_secret(s, v->text, secrets);
    else
        wire_entries(s, v, secrets, keys);
}

void value_wire(struct str *s, const struct value *v, struct value_secrets *secrets,
                struct value_keys *keys)
{
    if (!wire_small(s, v))
        wire_large(s, v, secrets, keys);
}

static void json_time(struct str *s, int64_t seconds)
{
    char text[40];
    time_t t = (time_t)seconds;
    struct tm utc = {0};
    gmtime_r(&t, &utc);
    size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    json_append_text(s, text, n);
}

static bool is_in_json(const struct value *v)
{
    return value_kind(v) != VALUE_NIL && value_kind(v) != VALUE_URL && !v->page_only;
}

static void json_entries(struct str *s, const struct value *v)
{
    bool map = v->kind == VALUE_MAP, first = true;
    str_append_c(s, map ? '{' : '[');
    for (size_t i = 0; i < v->n; i++) {
        if (!is_in_json(v->entries[i].value))
            continue;
        if (!first)
            str_append_c(s, ',');
        first = false;
        if (map) {
            json_append_text(s, v->entries[i].key, strlen(v->entries[i].key));
            str_append_c(s, ':');
        }
        value_json(s, v->entries[i].value);
    }
    str_append_c(s, map ? '}' : ']');
}

void value_json(struct str *s, const struct value *v)
{
    switch (value_kind(v)) {
    case VALUE_NIL: str_append(s, "null"); break;
    case VALUE_BOOL: str_append(s, v->number != 0 ? "true" : "false"); break;
    case VALUE_INT: str_printf(s, "%" PRId64, v->number); break;
    case VALUE_DECIMAL: str_append_n(s, v->text, v->n); break;
    case VALUE_TEXT:
    case VALUE_URL:
    case VALUE_SECRET: json_append_text(s, v->text, v->n); break;
    case VALUE_TIME: json_time(s, v->number); break;
    case VALUE_LIST:
    case VALUE_MAP: json_entries(s, v); break;
    }
}
