/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy alias list|show|add|edit|enable|disable|delete */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "model/address.h"
#include "model/destinations.h"
#include "store/alias.h"

/* Where it leads, in one line. */
static const char *leads_to(struct shell *sh, const struct alias *alias)
{
    struct str s;
    const char *at = alias->destinations, *one;
    int64_t n = 0;
    str_init(&s, sh->arena, strlen(at) * 2 + 300);
    for (; (one = destinations_next(sh->arena, &at)) != NULL; n++)
        str_printf(&s, "%s%s", n > 0 ? ", " : "", one);
    if (alias->destinations_n > n)
        str_printf(&s, ", and %lld more", (long long)(alias->destinations_n - n));
    if (alias->keep_copy)
        str_printf(&s, "%sa copy stays", s.len > 0 ? ", " : "");
    return s.data;
}

static struct value *alias_value(struct shell *sh, const struct alias *alias)
{
    struct value *v = value_map(sh->arena);
    record_alias(sh->arena, v, alias);
    return v;
}

static void print_row(struct shell *sh, const struct alias *alias)
{
    if (sh->json)
        shell_print(sh, alias_value(sh, alias));
    else
        printf("%-44s %-4s %s%s\n", alias->email, alias->active ? "on" : "off", leads_to(sh, alias),
               alias->circle ? " (in a circle)" : "");
}

static int list_scope(struct shell *sh, struct domain *d)
{
    if (sh->operands_n == 0)
        return shell_permit(sh, ACTION_ALIAS_LIST_ALL, &(struct object){0});
    int status = shell_find_domain(sh, sh->operands[0], d);
    return status != EXIT_DONE ? status
                               : shell_permit(sh, ACTION_ALIAS_LIST, &(struct object){.domain = d});
}

int command_alias_list(struct shell *sh)
{
    struct domain d = {0};
    if (sh->operands_n > 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = list_scope(sh, &d)) != EXIT_DONE)
        return status;
    struct reach reach = actor_reach(&sh->who);
    const char *to = sh->to != NULL ? alias_target_of(sh->store, sh->arena, sh->to) : NULL;
    struct alias_filter filter = {.domain_id = d.id, .target = to, .active = -1};
    struct keyset k = {.after = sh->after, .prefix = sh->prefix, .limit = sh->all ? 500 : 50};
    struct keyset_ends ends;
    struct arena *chunk = arena_create((size_t)64 << 20);
    do {
        struct alias *rows;
        size_t n;
        enum outcome o = alias_list(sh->store, chunk, &reach, &filter, &k, &rows, &n, &ends);
        if (o == OUT_OK)
            o = aliases_mark_circles(sh->store, chunk, rows, n);
        if (o != OUT_OK)
            return shell_outcome(sh, o);
        for (size_t i = 0; i < n; i++)
            print_row(sh, &rows[i]);
        if (n > 0)
            k.after = arena_strdup(sh->arena, alias_key(&filter, &rows[n - 1]));
        arena_reset(chunk);
    } while (sh->all && ends.more_after);
    arena_destroy(chunk);
    if (ends.more_after && !sh->json)
        printf("There are more: --after %s, or --all.\n", k.after);
    return EXIT_DONE;
}

/* Its parts in normal form; "@example.org" has no local part. */
static int parse_source(struct shell *sh, const char *text, struct address *at)
{
    enum text_key wrong;
    if (text[0] == '@') {
        *at = (struct address){.local_part = ""};
        wrong = domain_parse(sh->arena, text + 1, strlen(text + 1), &at->domain);
        at->text = wrong == TEXT_NONE ? arena_printf(sh->arena, "@%s", at->domain) : at->domain;
    } else {
        wrong = address_parse(sh->arena, text, strlen(text), at);
    }
    return wrong == TEXT_NONE
               ? EXIT_DONE
               : shell_fail(sh, EXIT_BAD_DATA, "source", text_format(sh->arena, wrong, at->text));
}

static int find(struct shell *sh, const char *operand, struct object *on_r)
{
    struct address at;
    struct alias *alias = ARENA_NEW(sh->arena, struct alias);
    struct domain *d = ARENA_NEW(sh->arena, struct domain);
    int status = parse_source(sh, operand, &at);
    *on_r = (struct object){.domain = d, .alias = alias};
    if (status != EXIT_DONE)
        return status;
    enum outcome o = alias_find(sh->store, sh->arena, at.text, alias);
    if (o == OUT_ABSENT)
        return shell_fail(sh, EXIT_NOT_FOUND, "source", text_english(TEXT_ALIAS_UNKNOWN));
    if (o != OUT_OK)
        return shell_outcome(sh, o);
    *d = (struct domain){.id = alias->domain_id, .name = alias->domain};
    return EXIT_DONE;
}

/* What is the matter with it, to stderr. */
static int warn(struct shell *sh, const struct alias *alias)
{
    struct alias_view view = {0};
    enum outcome o = alias_look(sh->store, sh->arena, &sh->who, alias, &view);
    for (size_t i = 0; i < view.warnings_n; i++)
        fprintf(stderr, "mailboy: %s\n",
                text_format(sh->arena, view.warnings[i].text, view.warnings[i].arg));
    return shell_outcome(sh, o);
}

int command_alias_show(struct shell *sh)
{
    struct object on;
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = find(sh, sh->operands[0], &on)) != EXIT_DONE ||
        (status = shell_permit(sh, ACTION_ALIAS_SHOW, &on)) != EXIT_DONE)
        return status;
    print_row(sh, on.alias);
    return warn(sh, on.alias);
}

/* Says that it was done, and what is the matter with the alias now. */
static int tell(struct shell *sh, const struct change *c, const char *what)
{
    struct alias alias;
    shell_done(sh, c, "email", what);
    return alias_by_id(sh->store, sh->arena, c->object_id, &alias) == OUT_OK ? warn(sh, &alias)
                                                                             : EXIT_DONE;
}

static int change(struct shell *sh, struct change *c, const char *what)
{
    int status = shell_perform(sh, c);
    return status != EXIT_DONE ? status : tell(sh, c, what);
}

/* Of all that are named, or none. */
static int change_each(struct shell *sh, const struct change *pattern, const char *what)
{
    struct change *changes;
    int status = shell_perform_each(sh, pattern, find, &changes);
    for (size_t i = 0; status == EXIT_DONE && i < sh->operands_n; i++)
        status = tell(sh, &changes[i], what);
    return status;
}

static void put_field(struct shell *sh, struct change *c, const char *name, const char *text)
{
    input_read_typed(sh->arena, c->input, name, text, strlen(text));
}

/* The operands from the second on: where it leads. */
static void read_destinations(struct shell *sh, struct change *c)
{
    const char **texts = arena_array(sh->arena, sh->operands_n, sizeof *texts);
    size_t *lengths = arena_array(sh->arena, sh->operands_n, sizeof *lengths);
    size_t n = sh->operands_n - 1;
    for (size_t i = 0; i < n; i++) {
        texts[i] = sh->operands[i + 1];
        lengths[i] = strlen(texts[i]);
    }
    if (n > 0)
        input_read_list(sh->arena, c->input, "destinations", texts, lengths, n);
}

/* Whoever may do that, but not with a catch-all, is told so. */
static int ask_catch_all(struct shell *sh, enum action_id what, const struct object *on)
{
    if (permit(&sh->who, what, on) != OUT_OK ||
        permit(&sh->who, ACTION_ALIAS_CATCH_ALL, on) == OUT_OK)
        return EXIT_DONE;
    return shell_fail(sh, EXIT_NOT_ALLOWED, NULL, text_english(TEXT_CATCH_ALL_RIGHT));
}

int command_alias_add(struct shell *sh)
{
    struct change c = {.action = ACTION_ALIAS_ADD};
    struct domain d;
    struct address at;
    if (sh->operands_n < 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = parse_source(sh, sh->operands[0], &at)) != EXIT_DONE ||
        (status = shell_find_domain(sh, at.domain, &d)) != EXIT_DONE ||
        (status = shell_read_fields(sh, &c)) != EXIT_DONE)
        return status;
    c.on.domain = &d;
    if (at.local_part[0] == '\0' &&
        (status = ask_catch_all(sh, ACTION_ALIAS_ADD, &c.on)) != EXIT_DONE)
        return status;
    put_field(sh, &c, at.local_part[0] != '\0' ? "source" : "catch_all",
              at.local_part[0] != '\0' ? at.local_part : "1");
    read_destinations(sh, &c);
    return change(sh, &c, "added");
}

int command_alias_edit(struct shell *sh)
{
    struct change c = {.action = ACTION_ALIAS_EDIT};
    if (sh->operands_n < 1 || (sh->operands_n == 1 && sh->fields_n == 0))
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = find(sh, sh->operands[0], &c.on)) != EXIT_DONE ||
        (status = shell_read_fields(sh, &c)) != EXIT_DONE)
        return status;
    if (input_number(c.input, "catch_all", 0) != 0 &&
        (status = ask_catch_all(sh, ACTION_ALIAS_EDIT, &c.on)) != EXIT_DONE)
        return status;
    read_destinations(sh, &c);
    return change(sh, &c, "saved");
}

static int set_active(struct shell *sh, bool active)
{
    struct change c = {.action = ACTION_ALIAS_EDIT};
    if (sh->operands_n == 0)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE)
        return status;
    c.input = input_create(sh->arena, actions[c.action].fields);
    input_read_bool(sh->arena, c.input, "active", active);
    return change_each(sh, &c, active ? "enabled" : "disabled");
}

int command_alias_enable(struct shell *sh)
{
    return set_active(sh, true);
}

int command_alias_disable(struct shell *sh)
{
    return set_active(sh, false);
}

int command_alias_delete(struct shell *sh)
{
    struct change c = {.action = ACTION_ALIAS_DELETE};
    if (sh->operands_n == 0)
        return EXIT_USAGE;
    if (!sh->yes)
        return shell_fail(sh, EXIT_USAGE, NULL,
                          "This deletes aliases with all their destinations. Say --yes if that is "
                          "meant.");
    int status = shell_open(sh);
    return status != EXIT_DONE ? status : change_each(sh, &c, "deleted");
}
