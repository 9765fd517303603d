/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/undo.h"

#include <assert.h>
#include <string.h>

#include "actions/object.h"
#include "http/json.h"

enum way { RESTORES, REMOVES, ADDS };

static const struct undo {
    enum action_id what;
    enum way how;
    enum action_id by;
    int which;
} undos[] = {
#define UNDO(what, how, by, which) {ACTION_##what, how, ACTION_##by, which},
#include "actions/undo.def"
#undef UNDO
};

static const struct undo *undo_of(enum action_id what)
{
    for (size_t i = 0; i < sizeof undos / sizeof *undos; i++)
        if (undos[i].what == what)
            return &undos[i];
    return NULL;
}

bool undo_is_offered(const struct audit_entry *e)
{
    enum action_id what = e->action != NULL ? action_find(e->action) : ACTION_COUNT;
    return what != ACTION_COUNT && undo_of(what) != NULL;
}

bool undo_is_offered_after(const struct change *c)
{
    return c->line > 0 && c->undoes == NULL && undo_of(c->action) != NULL;
}

/* The members of `before` as input; what the action has no field for stays as it is. */
static bool read_before(struct arena *a, const struct audit_entry *e, struct input *in)
{
    struct json_members before;
    if (e->before == NULL || e->before[0] == '\0' ||
        !json_parse(a, (const unsigned char *)e->before, strlen(e->before), &before))
        return false;
    for (size_t i = 0; i < before.n; i++)
        if (before.rows[i].kind == JSON_TEXT && input_at(in, before.rows[i].name) != NULL)
            input_read_display(a, in, before.rows[i].name, before.rows[i].text);
    return true;
}

enum outcome undo_change(struct store *s, struct arena *a, const struct audit_entry *e,
                         struct change *change_r)
{
    enum action_id what = action_find(e->action);
    const struct undo *u = what != ACTION_COUNT ? undo_of(what) : NULL;
    if (u == NULL)
        return OUT_ABSENT;
    *change_r = (struct change){.action = u->by, .undoes = e};
    if (actions[u->by].fields != NULL)
        change_r->input = input_create(a, actions[u->by].fields);
    if (u->how != REMOVES && (change_r->input == NULL || !read_before(a, e, change_r->input)))
        return OUT_ABSENT;
    if (u->how == ADDS && actions[u->by].on == ON_SITE)
        return OUT_OK;
    if (u->how == ADDS)
        return object_load(s, a, actions[u->by].on, u->which, e->domain_id, &change_r->on);
    change_r->version = e->version;
    if (e->version == 0) /* nothing tells whether it has changed since */
        return OUT_ABSENT;
    assert(action_is_about_version(u->by));
    return actions[u->by].on == ON_SELF
               ? OUT_OK
               : object_load(s, a, actions[u->by].on, u->which, e->object_id, &change_r->on);
}
