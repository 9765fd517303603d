/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view model: a finished tree of plain values which crosses to the renderer in one message, or
 * leaves as JSON. Values live in the arena of the tree; keys and texts are kept by pointer and
 * must live as long (literals, or text of the same arena). Texts are valid UTF-8. A setter given
 * nothing (NULL text, time 0) sets nothing, which a theme sees as an absent field. Each key is
 * set once. What a theme gets and what JSON gets is the same tree, but for what is marked. */
#ifndef VIEW_VALUE_H
#define VIEW_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/wire.h"

struct value;

enum value_kind {
    VALUE_NIL,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_TEXT,
    VALUE_DECIMAL, /* its spelling ("6.31"): a text for themes, a number in JSON */
    VALUE_URL,     /* as text, but the page's own: not in JSON */
    VALUE_TIME,    /* JSON: RFC 3339, UTC; theme: {seconds, offset, zone}, worked out here */
    VALUE_SECRET,  /* never enters the renderer: a slot there, the bytes are put in afterwards */
    VALUE_LIST,
    VALUE_MAP
};

struct value *value_map(struct arena *a);
struct value *value_list(struct arena *a);
struct value *value_text(struct arena *a, const char *text);
struct value *value_int(struct arena *a, int64_t n);

/* Setters return the value they made, NULL if there was nothing to set. */
struct value *value_set(struct value *map, const char *key, struct value *v);
struct value *value_set_text(struct value *map, const char *key, const char *text);
struct value *value_set_text_n(struct value *map, const char *key, const char *text, size_t n);
struct value *value_set_decimal(struct value *map, const char *key, const char *text);
struct value *value_set_int(struct value *map, const char *key, int64_t n);
struct value *value_set_bool(struct value *map, const char *key, bool b);
struct value *value_set_url(struct value *map, const char *key, const char *url);
struct value *value_set_time(struct value *map, const char *key, int64_t utc_seconds);
struct value *value_set_secret(struct value *map, const char *key, const char *text);
struct value *value_set_map(struct value *map, const char *key); /* a new, empty one */
struct value *value_set_list(struct value *map, const char *key);

void value_add(struct value *list, struct value *v);
void value_add_text(struct value *list, const char *text);
struct value *value_add_map(struct value *list); /* a new, empty one */

/* The JSON form leaves this value and all below it out (forms, labels, navigation). NULL is fine.
 * Returns v. */
struct value *value_page_only(struct value *v);

enum value_kind value_kind(const struct value *v); /* NULL: VALUE_NIL */
/* Of a map: the value under `key`, NULL if absent or v is no map. */
struct value *value_get(const struct value *v, const char *key);
/* Of a list: NULL past the end. */
struct value *value_at(const struct value *list, size_t i);
size_t value_count(const struct value *v);                /* entries of a list or a map, else 0 */
const char *value_key(const struct value *map, size_t i); /* NULL past the end */
const char *value_as_text(const struct value *v);         /* text, URL or secret, else NULL */
int64_t value_as_int(const struct value *v);              /* integer or time, else 0 */
bool value_as_bool(const struct value *v);                /* else false */

/* The secrets of one page in the order of their slots: the wire carries numbers only. */
enum { VALUE_SECRETS_MAX = 256 };
struct value_secrets {
    size_t n;
    const char *text[VALUE_SECRETS_MAX];
};

/* The keys of one page in the order of their numbers, found again by their address: they are
 * literals, and one spelled in two places may have two numbers. */
struct value_keys {
    size_t n, next; /* next: the number behind the one used last, since maps of a list are alike */
    uint64_t taken[2 * WIRE_KEYS / 64];   /* a bit for each place below: has it a number? */
    unsigned short number[2 * WIRE_KEYS]; /* by a hash of the address */
    const char *text[WIRE_KEYS];
};
void value_keys_begin(struct value_keys *keys);

/* Writes the wire form of base/wire.h; each secret met takes the next slot, each new key the next
 * number; value_wire_keys writes those behind the last value. */
void value_wire(struct str *s, const struct value *v, struct value_secrets *secrets,
                struct value_keys *keys);
void value_wire_keys(struct str *s, const struct value_keys *keys);
/* RFC 8259. Numbers above 2^53 are written as they are. Secrets are written out. */
void value_json(struct str *s, const struct value *v);

#endif
