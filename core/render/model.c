/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/model.h"

#include <string.h>

#include "base/arena.h"
#include "render/span.h"

enum { KEY_NONE = UINT16_MAX, KEY_ITEM = UINT16_MAX - 1, KEPT = 8192 };

/* The keys of the page before. */
static struct {
    uint64_t generation;
    size_t n;
    struct {
        unsigned short at, n;
    } keys[WIRE_KEYS];
    unsigned short first[WIRE_KEYS]; /* number of the first key that is spelled as this one */
    char bytes[KEPT];
} before;

static bool is_as_before(const struct keys *keys)
{
    bool same = before.generation > 0 && before.n == keys->n;
    for (size_t i = 0; same && i < keys->n; i++)
        same = before.keys[i].n == keys->at[i].n &&
               memcmp(before.bytes + before.keys[i].at, keys->at[i].at, keys->at[i].n) == 0;
    return same;
}

static bool keep(const struct keys *keys)
{
    size_t len = 0;
    for (size_t i = 0; i < keys->n; i++) {
        if (keys->at[i].n > KEPT - len)
            return false;
        memcpy(before.bytes + len, keys->at[i].at, keys->at[i].n);
        before.keys[i].at = (unsigned short)len;
        before.keys[i].n = (unsigned short)keys->at[i].n;
        len += keys->at[i].n;
    }
    return true;
}

static unsigned short key_of(const struct keys *keys, const char *text, size_t n)
{
    for (size_t i = 0; i < keys->n; i++)
        if (keys->at[i].n == n && memcmp(keys->at[i].at, text, n) == 0)
            return (unsigned short)i;
    return KEY_NONE;
}

/* The numbers of keys hold from page to page, while the messages end in the same keys. */
static uint64_t generation_of(const struct keys *keys)
{
    if (is_as_before(keys))
        return before.generation;
    before.n = keep(keys) ? keys->n : SIZE_MAX;
    for (size_t i = 0; i < keys->n; i++)
        before.first[i] = key_of(keys, keys->at[i].at, keys->at[i].n);
    return ++before.generation;
}

struct reading {
    struct wire_reader r;
    struct arena *arena;
    size_t keys_n, nodes_n;
};

static void read_large(struct reading *g, struct node *to, int depth);

/* Most values are of these; a reader of one's own stays in registers. False: it is another. */
static inline bool read_small(struct wire_reader *r, struct node *to)
{
    size_t n;
    to->tag = (unsigned char)wire_u8(r);
    to->n = 0;
    switch (to->tag) {
    case WIRE_NIL:
    case WIRE_FALSE:
    case WIRE_TRUE: return true;
    case WIRE_INT: to->number = wire_i64(r); return true;
    case WIRE_TEXT:
        to->text = wire_text(r, &n);
        to->n = (uint32_t)n;
        return true;
    default: return false;
    }
}

enum { SMALL_MAX = 2 + 1 + 8 }; /* a key, a tag, a number */

static inline uint64_t load_le(const unsigned char *at, size_t bytes)
{
    uint64_t v = 0;
    memcpy(&v, at, bytes);
    return le64toh(v);
}

/* As read_small, of an entry of a map whose SMALL_MAX bytes are there: one look at the end for all. */
static inline bool read_entry(struct wire_reader *r, struct node *to, size_t keys_n)
{
    const unsigned char *at = r->at + 3;
    size_t key = load_le(r->at, 2), n;
    if (key >= keys_n) {
        r->broken = true;
        return true;
    }
    to->key = before.first[key];
    to->tag = at[-1];
    to->n = 0;
    r->at = at;
    switch (to->tag) {
    case WIRE_NIL:
    case WIRE_FALSE:
    case WIRE_TRUE: return true;
    case WIRE_INT:
        to->number = (int64_t)load_le(at, 8);
        r->at = at + 8;
        return true;
    case WIRE_TEXT:
        n = load_le(at, 4);
        r->broken = (size_t)(r->end - at) - 4 < n;
        to->n = (uint32_t)n;
        to->text = (const char *)at + 4;
        r->at = r->broken ? at : at + 4 + n;
        return true;
    default: return false;
    }
}

static void read_value(struct reading *g, struct node *to, int depth)
{
    if (!read_small(&g->r, to))
        read_large(g, to, depth);
}

static void read_items(struct reading *g, struct node *to, int depth)
{
    bool map = to->tag == WIRE_MAP;
    to->n = wire_count(&g->r, map ? 3 : 1);
    g->nodes_n += to->n;
    if (g->nodes_n > MODEL_NODES || (to->n > 0 && depth >= WIRE_DEPTH))
        g->r.broken = true;
    if (g->r.broken)
        return;
    struct node *nodes = arena_raw(g->arena, to->n * sizeof *nodes + 1);
    struct wire_reader r = g->r;
    to->nodes = nodes;
    for (uint32_t i = 0; i < to->n && !r.broken; i++) {
        if (map && r.end - r.at >= SMALL_MAX) {
            if (read_entry(&r, &nodes[i], g->keys_n))
                continue;
        } else {
            unsigned key = map ? wire_u16(&r) : 0;
            r.broken = r.broken || (map && key >= g->keys_n);
            nodes[i].key = map && !r.broken ? before.first[key] : KEY_ITEM;
            if (read_small(&r, &nodes[i]))
                continue;
        }
        g->r = r;
        read_large(g, &nodes[i], depth + 1);
        r = g->r;
    }
    g->r = r;
}

static const struct instant *read_time(struct reading *g)
{
    struct instant *t = arena_raw(g->arena, sizeof *t);
    size_t n;
    t->seconds = wire_i64(&g->r);
    t->offset = wire_i64(&g->r);
    const char *zone = wire_text(&g->r, &n);
    if (n >= sizeof t->zone)
        g->r.broken = true;
    n = g->r.broken ? 0 : n;
    memcpy(t->zone, zone, n);
    t->zone[n] = '\0';
    return t;
}

static void read_large(struct reading *g, struct node *to, int depth)
{
    switch (to->tag) {
    case WIRE_SECRET: to->n = wire_u32(&g->r); break;
    case WIRE_TIME: to->time = read_time(g); break;
    case WIRE_LIST:
    case WIRE_MAP: read_items(g, to, depth); break;
    default: g->r.broken = true;
    }
}

bool model_read(struct model *m, struct arena *a, struct wire_reader vm, struct wire_reader shell,
                const struct keys *keys)
{
    struct reading g = {.r = vm, .arena = a, .keys_n = keys->n};
    struct node *roots = arena_array(a, 2, sizeof *roots);
    *m = (struct model){
        .keys = keys, .vm = &roots[0], .shell = &roots[1], .generation = generation_of(keys)};
    read_value(&g, &roots[0], 0);
    bool whole = !g.r.broken;
    g.r = shell;
    read_value(&g, &roots[1], 0);
    return whole && !g.r.broken;
}

void model_number(const struct model *m, struct name *name)
{
    if (name->generation == m->generation)
        return;
    name->generation = m->generation;
    name->key = key_of(m->keys, name->text, name->n);
}

const struct node *model_find(const struct model *m, const struct node *map, struct name *name)
{
    model_number(m, name);
    if (name->key == KEY_NONE || map->tag != WIRE_MAP)
        return NULL;
    for (uint32_t i = 0; i < map->n; i++)
        if (map->nodes[i].key == name->key) {
            name->guess = (unsigned short)i;
            return &map->nodes[i];
        }
    return NULL;
}
