/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/bulk.h"

#include <stdlib.h>
#include <string.h>

#include "actions/object.h"

enum noun {
#define NOUN(id, word, kind, which, one, many) NOUN_##id,
#define BULK(noun, word, action, field, value, label, ask, done, effect)
#include "actions/bulk.def"
#undef NOUN
#undef BULK
};

static const struct bulk_noun nouns[] = {
#define NOUN(id, word, kind, which, one, many) [NOUN_##id] = {word, kind, which, one, many},
#define BULK(noun, word, action, field, value, label, ask, done, effect)
#include "actions/bulk.def"
#undef NOUN
#undef BULK
};

const struct bulk bulks[] = {
#define NOUN(id, word, kind, which, one, many)
#define BULK(noun, word, action, field, value, label, ask, done, effect) \
    {&nouns[NOUN_##noun], word, ACTION_##action, field, value, label, ask, done, effect},
#include "actions/bulk.def"
#undef NOUN
#undef BULK
    {0},
};

const struct bulk *bulk_find(const char *noun, const char *word)
{
    for (const struct bulk *b = bulks; noun != NULL && word != NULL && b->word != NULL; b++)
        if (strcmp(b->noun->word, noun) == 0 && strcmp(b->word, word) == 0)
            return b;
    return NULL;
}

const struct field *bulk_field(const struct bulk *b)
{
    const struct field *f = actions[b->action].fields;
    if (b->field == NULL || b->value != NULL)
        return NULL;
    while (strcmp(f->name, b->field) != 0)
        f++;
    return f;
}

bool bulk_deletes(const struct bulk *b)
{
    const char *dot = strrchr(actions[b->action].name, '.');
    return strcmp(dot, ".delete") == 0;
}

static int by_id(const void *x, const void *y)
{
    const struct bulk_item *a = x, *b = y;
    return a->id < b->id ? -1 : a->id > b->id;
}

/* Each change has an input of its own: what may be set depends on the object. */
static struct input *input_of(struct arena *a, const struct bulk *b, struct input *given)
{
    const struct field *fields = actions[b->action].fields;
    struct input *in = fields != NULL ? input_create(a, fields) : NULL;
    if (b->value != NULL)
        input_read_typed(a, in, b->field, b->value, strlen(b->value));
    for (size_t i = 0; in != NULL && given != NULL && i < given->n; i++) {
        struct input_value *to = input_at(in, given->fields[i].name);
        if (to != NULL && given->values[i].present)
            *to = given->values[i];
    }
    return in;
}

enum outcome bulk_changes(struct store *s, struct arena *a, const struct bulk *b,
                          struct bulk_item *items, size_t n, struct input *given,
                          struct change **changes_r)
{
    struct change *changes = arena_array(a, n > 0 ? n : 1, sizeof *changes);
    qsort(items, n, sizeof *items, by_id);
    for (size_t i = 0; i < n; i++) {
        changes[i] = (struct change){
            .action = b->action, .version = items[i].version, .input = input_of(a, b, given)};
        enum outcome o =
            object_load(s, a, b->noun->kind, b->noun->which, items[i].id, &changes[i].on);
        if (o != OUT_OK && o != OUT_ABSENT)
            return o;
    }
    *changes_r = changes;
    return OUT_OK;
}
