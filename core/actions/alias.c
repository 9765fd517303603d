/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "actions/task.h"
#include "model/address.h"
#include "model/destinations.h"
#include "store/alias.h"
#include "store/domain.h"

enum { ADDRESS_MOST = 254 };

/* Capitals mean nothing in a hosted domain. */
static enum outcome as_hosted(struct task *t, const char **one)
{
    struct domain d;
    enum outcome o = domain_find(t->store, t->arena, strrchr(*one, '@') + 1, &d);
    if (o == OUT_OK)
        *one = lower_text(t->arena, *one);
    return o == OUT_ABSENT ? OUT_OK : o;
}

/* As the database keeps them: hosted ones in small letters, each once, its own address taken out as
 * the wish for a copy. */
static enum outcome settle_destinations(struct task *t, struct alias *alias, const char *typed)
{
    struct str list;
    enum outcome o = OUT_OK;
    str_init(&list, t->arena, strlen(typed) + 2);
    for (const char *one; o == OUT_OK && (one = destinations_next(t->arena, &typed)) != NULL;) {
        if (strcmp(lower_text(t->arena, one), one) != 0)
            o = as_hosted(t, &one);
        if (strcmp(one, alias->email) == 0)
            alias->keep_copy = 1;
        else if (!destinations_have(list.data, one))
            str_printf(&list, "%s%s", list.len > 0 ? "\n" : "", one);
    }
    alias->destinations = list.data;
    return o;
}

/* The name, or none for a catch-all: by the box alone, so that an empty name never makes one. */
static enum outcome settle_source(struct task *t, struct alias *alias)
{
    const struct input *in = t->change->input;
    const char *source = input_has(in, "source") ? input_text(in, "source") : alias->source;
    bool catch_all = input_number(in, "catch_all", alias->catch_all) != 0;
    if (catch_all && input_has(in, "catch_all") && !input_has(in, "source"))
        source = "";
    if (catch_all && source[0] != '\0')
        return refuse_at(t, OUT_WRONG, "source", TEXT_CATCH_ALL_NAMED, NULL);
    if (!catch_all && source[0] == '\0')
        return refuse_at(t, OUT_WRONG, "source", TEXT_REQUIRED, NULL);
    alias->catch_all = catch_all;
    alias->source = source;
    alias->email = arena_printf(t->arena, "%s@%s", source, alias->domain);
    return strlen(alias->email) > ADDRESS_MOST
               ? refuse_at(t, OUT_WRONG, "source", TEXT_ADDRESS_TOO_LONG, NULL)
               : OUT_OK;
}

static enum outcome read_input(struct task *t, struct alias *alias)
{
    const struct input *in = t->change->input;
    enum outcome o = settle_source(t, alias);
    if (o != OUT_OK)
        return o;
    alias->keep_copy = input_number(in, "keep_copy", alias->keep_copy);
    if (input_has(in, "destinations"))
        o = settle_destinations(t, alias, input_text(in, "destinations"));
    if (input_has(in, "description"))
        alias->description = input_text(in, "description");
    alias->active = input_number(in, "active", alias->active);
    if (o == OUT_OK && alias->destinations[0] == '\0' && alias->keep_copy == 0)
        return refuse_at(t, OUT_WRONG, "destinations", TEXT_ALIAS_NO_DESTINATION, NULL);
    return o;
}

/* May the actor have it stand at that address? The account there, locked, is his to touch; the
 * domain's catch-all is a right of its own. */
static enum outcome may_stand(struct task *t, struct alias *alias)
{
    enum text_key why;
    struct domain d = {.id = alias->domain_id, .name = alias->domain};
    if (alias->catch_all != 0 &&
        permit_why(t->who, ACTION_ALIAS_CATCH_ALL, &(struct object){.domain = &d}, &why) != OUT_OK)
        return refuse(t, OUT_DENIED, TEXT_CATCH_ALL_RIGHT, NULL);
    enum outcome o = alias_lock_account(t->store, t->arena, alias);
    if (o == OUT_OK && permit_why(t->who, ACTION_ALIAS_EDIT,
                                  &(struct object){.domain = &d, .alias = alias}, &why) != OUT_OK)
        return refuse(t, OUT_DENIED, why, NULL);
    return o;
}

static enum outcome may_take_name(struct task *t, const struct alias *alias)
{
    struct alias other;
    enum outcome o = alias_find(t->store, t->arena, alias->email, &other);
    if (o != OUT_OK)
        return o == OUT_ABSENT ? OUT_OK : o;
    return refuse_at(t, OUT_CONFLICT, alias->catch_all ? "catch_all" : "source",
                     alias->catch_all ? TEXT_CATCH_ALL_TAKEN : TEXT_ALIAS_TAKEN, NULL);
}

/* A copy is asked for where nothing could keep it: by the box, or by its own address among the
 * destinations. */
static enum outcome may_keep_copy(struct task *t, const struct alias *alias)
{
    const struct input *in = t->change->input;
    if (alias->keep_copy == 0 || alias->account_id != 0)
        return OUT_OK;
    bool typed = input_has(in, "destinations") && input_number(in, "keep_copy", 0) == 0;
    return refuse_at(t, OUT_WRONG, typed ? "destinations" : "keep_copy",
                     typed ? TEXT_ALIAS_TO_ITSELF : TEXT_KEEP_COPY_NOWHERE, NULL);
}

enum outcome alias_add(struct task *t)
{
    struct alias alias = {.domain_id = t->domain.id,
                          .domain = t->domain.name,
                          .version = 1,
                          .source = "",
                          .email = "",
                          .destinations = "",
                          .description = "",
                          .active = 1};
    enum outcome o = read_input(t, &alias);
    if (o == OUT_OK)
        o = may_stand(t, &alias);
    if (o == OUT_OK)
        o = may_take_name(t, &alias);
    if (o == OUT_OK)
        o = may_keep_copy(t, &alias);
    if (o == OUT_OK)
        o = room_for_aliases(t, 1);
    if (o == OUT_OK)
        o = alias_insert(t->store, t->arena, &alias);
    if (o == OUT_OK)
        o = way_is_straight(t, alias.email, false, "destinations");
    line_about_alias(t, &alias);
    line_differences(t, alias_fields, NULL, &alias);
    t->change->object_version = alias.version;
    return o;
}

static bool is_same(const struct alias *x, const struct alias *y)
{
    return strcmp(x->source, y->source) == 0 && strcmp(x->destinations, y->destinations) == 0 &&
           strcmp(x->description, y->description) == 0 && x->keep_copy == y->keep_copy &&
           x->active == y->active;
}

/* At the old address mail goes on to the catch-all, at the new one to the destinations. */
static enum outcome is_straight(struct task *t, const struct alias *before,
                                const struct alias *after)
{
    enum outcome o = way_is_straight(t, after->email, after->active == 0, "destinations");
    return o == OUT_OK && strcmp(before->email, after->email) != 0
               ? way_is_straight(t, before->email, true, "source")
               : o;
}

static enum outcome may_become(struct task *t, const struct alias *before, struct alias *after)
{
    bool renamed = strcmp(before->source, after->source) != 0;
    enum outcome o = renamed ? may_stand(t, after) : OUT_OK;
    if (o == OUT_OK && renamed)
        o = may_take_name(t, after);
    return o == OUT_OK && (renamed || before->keep_copy == 0) ? may_keep_copy(t, after) : o;
}

enum outcome alias_edit(struct task *t)
{
    struct alias before = t->alias, after = before;
    t->change->object_version = before.version;
    line_about_alias(t, &before);
    enum outcome o = read_input(t, &after);
    if (o != OUT_OK)
        return o;
    line_about_alias(t, &after);
    t->unchanged = is_same(&before, &after);
    if (t->unchanged)
        return OUT_OK;
    o = may_become(t, &before, &after);
    if (o == OUT_OK)
        o = alias_update(t->store, t->arena, &before, &after);
    if (o == OUT_OK)
        o = is_straight(t, &before, &after);
    line_differences(t, alias_fields, &before, &after);
    t->change->object_version = before.version + 1;
    return o;
}

enum outcome alias_remove(struct task *t)
{
    line_about_alias(t, &t->alias);
    line_differences(t, alias_fields, &t->alias, NULL);
    enum outcome o = alias_delete(t->store, &t->alias);
    return o == OUT_OK ? way_is_straight(t, t->alias.email, true, NULL) : o;
}
