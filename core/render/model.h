/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The view model of the page in hand, as templates see it: read from the message once, into nodes
 * that lie in an arena and point into the message. No text becomes a Lua string and no record a table
 * unless code asks for it. At most MODEL_NODES; what is broken or larger is refused. */
#ifndef RENDER_MODEL_H
#define RENDER_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wire.h"

enum { MODEL_NODES = 1024 * 1024, MODEL_ZONE = 32 };

struct keys;

struct instant {
    int64_t seconds, offset;
    char zone[MODEL_ZONE];
};

struct node {
    unsigned char tag;  /* enum wire_tag */
    unsigned short key; /* number of its key in this message, where it stands in a map */
    uint32_t n;         /* bytes of a text, entries of a list or map, number of a slot */
    union {
        int64_t number;
        const char *text; /* no NUL behind it */
        const struct node *nodes;
        const struct instant *time;
    };
};

struct model {
    const struct keys *keys;
    uint64_t generation; /* another for each other set of keys */
    const struct node *vm, *shell;
};

/* A field's name as code says it, with where it was found last: rows have the same fields in the same
 * order. Zeros but for the text (NAME). */
struct name {
    const char *text;
    size_t n;
    uint64_t generation;
    unsigned short key, guess;
};
#define NAME(literal)                               \
    {                                               \
        .text = (literal), .n = sizeof(literal) - 1 \
    }

bool model_read(struct model *m, struct arena *a, struct wire_reader vm, struct wire_reader shell,
                const struct keys *keys);
/* Makes name->key the number of that key in this message. */
void model_number(const struct model *m, struct name *name);
const struct node *model_find(const struct model *m, const struct node *map, struct name *name);

/* The field, where that is found by the first look. */
static inline const struct node *model_guess(const struct model *m, const struct node *map,
                                             const struct name *name)
{
    bool there = name->generation == m->generation && map->tag == WIRE_MAP &&
                 name->guess < map->n && map->nodes[name->guess].key == name->key;
    return there ? &map->nodes[name->guess] : NULL;
}

/* NULL: the map has no such field, or it is no map. */
static inline const struct node *model_field(const struct model *m, const struct node *map,
                                             struct name *name)
{
    const struct node *found = model_guess(m, map, name);
    return found != NULL ? found : model_find(m, map, name);
}

#endif
