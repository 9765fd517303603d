/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/bulk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "actions/object.h"

enum noun {
#define NOUN(id, word, kind, which, one, many) NOUN_##id,
#define BULK(noun, word, action, field, value, label, ask, done, head, effect)
#include "actions/bulk.def"
#undef NOUN
#undef BULK
};

static const struct bulk_noun nouns[] = {
#define NOUN(id, word, kind, which, one, many) [NOUN_##id] = {word, kind, which, one, many},
#define BULK(noun, word, action, field, value, label, ask, done, head, effect)
#include "actions/bulk.def"
#undef NOUN
#undef BULK
};

const struct bulk bulks[] = {
#define NOUN(id, word, kind, which, one, many)
#define BULK(noun, word, action, field, value, label, ask, done, head, effect) \
    {&nouns[NOUN_##noun], word, ACTION_##action, field, value, label, ask, done, head, effect},
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

static const struct field *field_called(const struct bulk *b, const char *name, size_t n)
{
    const struct field *f = actions[b->action].fields;
    while (strlen(f->name) != n || memcmp(f->name, name, n) != 0)
        f++;
    return f;
}

static size_t fields_named(const struct bulk *b, const struct field **fields_r)
{
    size_t n = 0;
    for (const char *at = b->field; at != NULL && *at != '\0'; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        assert(n < BULK_ASKED);
        fields_r[n++] = field_called(b, at, length);
        at += length;
    }
    return n;
}

size_t bulk_asks(const struct bulk *b, const struct field **fields_r)
{
    return b->value == NULL ? fields_named(b, fields_r) : 0;
}

bool bulk_sets_for(const struct bulk *b, unsigned roles)
{
    const struct field *fields[BULK_ASKED];
    size_t n = fields_named(b, fields);
    for (size_t i = 0; i < n; i++)
        if ((fields[i]->edit & roles) == 0)
            return false;
    return true;
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

/* Nothing was typed where the object itself cannot have nothing. */
static bool is_left(const struct input *given, const struct input *in,
                    const struct input_value *from, const struct input_value *to)
{
    return given->fields[from - given->values].nullable && from->number == FIELD_UNSET &&
           !in->fields[to - in->values].nullable;
}

/* Each change has an input of its own: what may be set depends on the object. */
static struct input *input_of(struct arena *a, const struct bulk *b, struct input *given)
{
    const struct field *fields = actions[b->action].fields;
    struct input *in = fields != NULL ? input_create(a, fields) : NULL;
    if (b->value != NULL)
        input_read_typed(a, in, b->field, b->value, strlen(b->value));
    for (size_t i = 0; in != NULL && given != NULL && i < given->n; i++) {
        const struct input_value *from = &given->values[i];
        struct input_value *to = input_at(in, given->fields[i].name);
        if (to != NULL && from->present && !is_left(given, in, from, to))
            *to = *from;
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
