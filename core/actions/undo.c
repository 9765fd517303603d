/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/undo.h"

#include <string.h>

#include "actions/object.h"
#include "http/json.h"
#include "store/policy.h"

enum way { RESTORES, REMOVES, ADDS, DROPS, PUTS };

static const struct undo {
    enum action_id what;
    enum way how;
    enum action_id by;
    const char *member, *field;
} undos[] = {
#define UNDO(what, how, by, member, field) {ACTION_##what, how, ACTION_##by, member, field},
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

/* A policy is chosen by its number and told by its name. */
static enum outcome read_policy(struct store *s, struct arena *a, struct input *in,
                                const char *name)
{
    struct policy p;
    if (name[0] == '\0') {
        input_read_typed(a, in, "policy", "", 0);
        return OUT_OK;
    }
    enum outcome o = policy_find(s, a, name, &p);
    if (o == OUT_OK)
        input_read_number(a, in, "policy", p.id);
    return o;
}

static enum outcome read_member(struct store *s, struct arena *a, const struct undo *u,
                                struct input *in, const struct json_member *m)
{
    const char *field = u->field != NULL ? u->field : m->name;
    bool wanted = m->kind == JSON_TEXT && input_at(in, field) != NULL &&
                  (u->member == NULL || strcmp(u->member, m->name) == 0);
    if (!wanted)
        return OUT_OK;
    if (in->fields == policy_choice_fields)
        return read_policy(s, a, in, m->text);
    input_read_display(a, in, field, m->text);
    return OUT_OK;
}

/* The line's members as input; what the action has no field for stays as it is. */
static enum outcome read_line(struct store *s, struct arena *a, const struct undo *u,
                              const struct audit_entry *e, struct input *in)
{
    struct json_members members;
    const char *json = u->how == DROPS ? e->after : e->before;
    if (in == NULL || json == NULL || json[0] == '\0' ||
        !json_parse(a, (const unsigned char *)json, strlen(json), &members))
        return OUT_ABSENT;
    enum outcome o = OUT_OK;
    for (size_t i = 0; o == OUT_OK && i < members.n; i++)
        o = read_member(s, a, u, in, &members.rows[i]);
    return o;
}

enum outcome undo_change(struct store *s, struct arena *a, const struct audit_entry *e,
                         struct change *change_r)
{
    enum action_id what = action_find(e->action);
    const struct undo *u = what != ACTION_COUNT ? undo_of(what) : NULL;
    if (u == NULL)
        return OUT_ABSENT;
    enum object_kind kind = actions[u->by].on;
    bool about_version = u->how == RESTORES || u->how == REMOVES;
    *change_r = (struct change){.action = u->by, .undoes = e};
    if (actions[u->by].fields != NULL)
        change_r->input = input_create(a, actions[u->by].fields);
    enum outcome o = u->how == REMOVES ? OUT_OK : read_line(s, a, u, e, change_r->input);
    if (about_version && e->version == 0) /* nothing tells whether it has changed since */
        return OUT_ABSENT;
    change_r->version = about_version ? e->version : 0;
    if (o != OUT_OK || kind == ON_SITE || kind == ON_SELF)
        return o;
    return object_load(s, a, kind, object_which(e->object_kind),
                       u->how == ADDS ? e->domain_id : e->object_id, &change_r->on);
}
