/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/value.h"

#include <assert.h>
#include <endian.h>
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

struct table {
    struct arena *arena;
    size_t size;
    struct entry entries[];
};

/* A page has thousands of them: what only lists and maps need lies with their entries. */
struct value {
    unsigned char kind;
    bool page_only;
    uint32_t n; /* bytes of a text; entries of a list or a map */
    union {
        int64_t number;
        const char *text;
        struct table *table;
    };
};

static struct value *make(struct arena *a, enum value_kind kind)
{
    struct value *v = ARENA_NEW(a, struct value);
    v->kind = (unsigned char)kind;
    return v;
}

static struct table *table_make(struct arena *a, size_t size)
{
    struct table *t = arena_raw(a, sizeof *t + size * sizeof *t->entries);
    t->arena = a;
    t->size = size;
    return t;
}

static struct value *make_table(struct arena *a, enum value_kind kind)
{
    struct value *v = make(a, kind);
    v->table = table_make(a, FIRST);
    return v;
}

static struct arena *arena_of(const struct value *table)
{
    assert(table->kind == VALUE_MAP || table->kind == VALUE_LIST);
    return table->table->arena;
}

static struct value *make_text(struct arena *a, enum value_kind kind, const char *text, size_t n)
{
    struct value *v = make(a, kind);
    assert(n <= UINT32_MAX);
    v->text = text;
    v->n = (uint32_t)n;
    return v;
}

struct value *value_map(struct arena *a)
{
    return make_table(a, VALUE_MAP);
}

struct value *value_list(struct arena *a)
{
    return make_table(a, VALUE_LIST);
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
    struct table *t = to->table;
    if (to->n == t->size) {
        t = table_make(t->arena, 2 * t->size);
        memcpy(t->entries, to->table->entries, to->n * sizeof *t->entries);
        to->table = t;
    }
    t->entries[to->n++] = (struct entry){.key = key, .value = v};
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
    return value_set(map, key, make_text(arena_of(map), VALUE_TEXT, text, n));
}

struct value *value_set_text(struct value *map, const char *key, const char *text)
{
    return value_set(map, key, value_text(arena_of(map), text));
}

struct value *value_set_decimal(struct value *map, const char *key, const char *text)
{
    if (text == NULL)
        return NULL;
    return value_set(map, key, make_text(arena_of(map), VALUE_DECIMAL, text, strlen(text)));
}

struct value *value_set_int(struct value *map, const char *key, int64_t n)
{
    return value_set(map, key, value_int(arena_of(map), n));
}

struct value *value_set_bool(struct value *map, const char *key, bool b)
{
    struct value *v = make(arena_of(map), VALUE_BOOL);
    v->number = b;
    return value_set(map, key, v);
}

struct value *value_set_url(struct value *map, const char *key, const char *url)
{
    if (url == NULL)
        return NULL;
    return value_set(map, key, make_text(arena_of(map), VALUE_URL, url, strlen(url)));
}

struct value *value_set_time(struct value *map, const char *key, int64_t utc_seconds)
{
    if (utc_seconds == 0)
        return NULL;
    struct value *v = make(arena_of(map), VALUE_TIME);
    v->number = utc_seconds;
    return value_set(map, key, v);
}

struct value *value_set_secret(struct value *map, const char *key, const char *text)
{
    if (text == NULL)
        return NULL;
    return value_set(map, key, make_text(arena_of(map), VALUE_SECRET, text, strlen(text)));
}

struct value *value_set_map(struct value *map, const char *key)
{
    return value_set(map, key, value_map(arena_of(map)));
}

struct value *value_set_list(struct value *map, const char *key)
{
    return value_set(map, key, value_list(arena_of(map)));
}

void value_add(struct value *list, struct value *v)
{
    assert(list->kind == VALUE_LIST && v != NULL);
    append(list, NULL, v);
}

void value_add_text(struct value *list, const char *text)
{
    value_add(list, value_text(arena_of(list), text));
}

struct value *value_add_map(struct value *list)
{
    struct value *map = value_map(arena_of(list));
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
        if (strcmp(v->table->entries[i].key, key) == 0)
            return v->table->entries[i].value;
    return NULL;
}

size_t value_count(const struct value *v)
{
    return value_kind(v) == VALUE_LIST || value_kind(v) == VALUE_MAP ? v->n : 0;
}

struct value *value_at(const struct value *list, size_t i)
{
    return i < value_count(list) ? list->table->entries[i].value : NULL;
}

const char *value_key(const struct value *map, size_t i)
{
    return value_kind(map) == VALUE_MAP && i < map->n ? map->table->entries[i].key : NULL;
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

void value_keys_begin(struct value_keys *keys)
{
    keys->n = keys->next = 0;
    memset(keys->taken, 0, sizeof keys->taken);
}

static size_t key_number(const char *key, struct value_keys *keys)
{
    enum { PLACES = sizeof keys->number / sizeof *keys->number, BITS = 64 };
    size_t place = ((uintptr_t)key * 0x9e3779b97f4a7c15u >> 32) % PLACES;
    while ((keys->taken[place / BITS] >> place % BITS & 1) != 0) {
        if (keys->text[keys->number[place]] == key)
            return keys->number[place];
        place = (place + 1) % PLACES;
    }
    assert(keys->n < WIRE_KEYS);
    keys->taken[place / BITS] |= UINT64_C(1) << place % BITS;
    keys->number[place] = (unsigned short)keys->n;
    keys->text[keys->n] = key;
    return keys->n++;
}

static inline uint16_t key_next(const char *key, struct value_keys *keys)
{
    size_t number = keys->next;
    if (number >= keys->n || keys->text[number] != key)
        number = key_number(key, keys);
    keys->next = number + 1;
    return (uint16_t)number;
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

/* Room for so many bytes more; false: there is none, and `overflow` says so. */
static inline bool has_room(struct str *s, size_t n)
{
    if (s->size - s->len >= n)
        return true;
    s->overflow = s->overflow || n > s->max - s->len;
    if (!s->overflow)
        str_reserve(s, s->len + n);
    return !s->overflow;
}

static inline char *put_le(char *at, uint64_t v, size_t bytes)
{
    uint64_t le = htole64(v);
    memcpy(at, &le, bytes);
    return at + bytes;
}

/* Most are shorter than a call of memcpy is worth: two loads that may overlap. */
static inline char *put_bytes(char *at, const char *text, size_t n)
{
    if (n >= 8 && n <= 16) {
        uint64_t first, last;
        memcpy(&first, text, 8);
        memcpy(&last, text + n - 8, 8);
        memcpy(at, &first, 8);
        memcpy(at + n - 8, &last, 8);
    } else if (n >= 4 && n < 8) {
        uint32_t first, last;
        memcpy(&first, text, 4);
        memcpy(&last, text + n - 4, 4);
        memcpy(at, &first, 4);
        memcpy(at + n - 4, &last, 4);
    } else {
        memcpy(at, text, n);
    }
    return at + n;
}

static inline bool is_text(const struct value *v)
{
    return v->kind == VALUE_TEXT || v->kind == VALUE_URL || v->kind == VALUE_DECIMAL;
}

enum { SMALL = 1 + 8 };

/* Most values are of these and take SMALL bytes at most, and their text; NULL: it is another. */
static inline char *put_small(char *at, const struct value *v)
{
    switch (v->kind) {
    case VALUE_NIL: return put_le(at, WIRE_NIL, 1);
    case VALUE_BOOL: return put_le(at, v->number != 0 ? WIRE_TRUE : WIRE_FALSE, 1);
    case VALUE_INT: return put_le(put_le(at, WIRE_INT, 1), (uint64_t)v->number, 8);
    case VALUE_TEXT:
    case VALUE_DECIMAL:
    case VALUE_URL: return put_bytes(put_le(put_le(at, WIRE_TEXT, 1), v->n, 4), v->text, v->n);
    default: return NULL;
    }
}

static void wire_large(struct str *s, const struct value *v, struct value_secrets *secrets,
                       struct value_keys *keys);

/* One look for room at each, and then no other. */
static void wire_entries(struct str *s, const struct value *v, struct value_secrets *secrets,
                         struct value_keys *keys)
{
    bool map = v->kind == VALUE_MAP;
    wire_put_u8(s, map ? WIRE_MAP : WIRE_LIST);
    wire_put_u32(s, v->n);
    for (size_t i = 0; i < v->n; i++) {
        const struct entry *e = &v->table->entries[i];
        if (!has_room(s, 2 + SMALL + (is_text(e->value) ? e->value->n : 0)))
            return;
        char *at = s->data + s->len;
        if (map)
            at = put_le(at, key_next(e->key, keys), 2);
        char *end = put_small(at, e->value);
        s->len = (size_t)((end != NULL ? end : at) - s->data);
        if (end == NULL)
            wire_large(s, e->value, secrets, keys);
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
    static const struct value nothing = {.kind = VALUE_NIL};
    const struct value *root = v != NULL ? v : &nothing;
    if (!has_room(s, SMALL + (is_text(root) ? root->n : 0)))
        return;
    char *end = put_small(s->data + s->len, root);
    if (end == NULL)
        wire_large(s, root, secrets, keys);
    else
        s->len = (size_t)(end - s->data);
    s->data[s->len] = '\0';
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
        if (!is_in_json(v->table->entries[i].value))
            continue;
        if (!first)
            str_append_c(s, ',');
        first = false;
        if (map) {
            json_append_text(s, v->table->entries[i].key, strlen(v->table->entries[i].key));
            str_append_c(s, ':');
        }
        value_json(s, v->table->entries[i].value);
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
