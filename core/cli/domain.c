/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy domain list|show|add|edit|delete */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "model/address.h"

static struct value *domain_value(struct shell *sh, const struct domain *d)
{
    struct value *v = value_map(sh->arena);
    record_domain(sh->arena, v, d);
    return v;
}

static const char *of_limit(struct arena *a, int64_t n, int64_t limit)
{
    return limit > 0 ? arena_printf(a, "%lld of %lld", (long long)n, (long long)limit)
                     : arena_printf(a, "%lld", (long long)n);
}

static void print_row(struct shell *sh, const struct domain *d)
{
    if (sh->json)
        shell_print(sh, domain_value(sh, d));
    else
        printf("%-40s %12s mailboxes %12s aliases  %s\n", d->name,
               of_limit(sh->arena, d->mailboxes, d->limit_mailboxes),
               of_limit(sh->arena, d->aliases, d->limit_aliases),
               d->description != NULL ? d->description : "");
}

int command_domain_list(struct shell *sh)
{
    int status = shell_open(sh);
    if (status != EXIT_DONE ||
        (status = shell_permit(sh, ACTION_DOMAIN_LIST, &(struct object){0})) != EXIT_DONE)
        return status;
    struct reach reach = actor_reach(&sh->who);
    struct keyset k = {.after = sh->after,
                       .prefix = sh->operands_n > 0 ? sh->operands[0] : NULL,
                       .limit = sh->all ? 500 : 50};
    struct keyset_ends ends;
    do {
        struct domain *rows;
        size_t n;
        enum outcome o = domain_list(sh->store, sh->arena, &reach, &k, &rows, &n, &ends);
        if (o != OUT_OK)
            return shell_outcome(sh, o);
        for (size_t i = 0; i < n; i++)
            print_row(sh, &rows[i]);
        k.after = n > 0 ? rows[n - 1].name : NULL;
    } while (sh->all && ends.more_after);
    if (ends.more_after && !sh->json)
        printf("There are more: --after %s, or --all.\n", k.after);
    return EXIT_DONE;
}

static void print_name(struct shell *sh, const char *name)
{
    if (!sh->json) {
        printf("%s\n", name);
        return;
    }
    struct value *v = value_map(sh->arena);
    value_set_text(v, "domain", name);
    value_set_text(v, "name", domain_display(sh->arena, name));
    shell_print(sh, v);
}

int command_domain_names(struct shell *sh)
{
    int status = shell_open(sh);
    if (status != EXIT_DONE ||
        (status = shell_permit(sh, ACTION_DOMAIN_NAMES, &(struct object){0})) != EXIT_DONE)
        return status;
    struct keyset k = {.after = sh->after,
                       .prefix = sh->operands_n > 0 ? sh->operands[0] : NULL,
                       .limit = sh->all ? 500 : 50};
    struct keyset_ends ends;
    do {
        const char **rows;
        size_t n;
        enum outcome o = domain_name_list(sh->store, sh->arena, &k, &rows, &n, &ends);
        if (o != OUT_OK)
            return shell_outcome(sh, o);
        for (size_t i = 0; i < n; i++)
            print_name(sh, rows[i]);
        k.after = n > 0 ? rows[n - 1] : NULL;
    } while (sh->all && ends.more_after);
    if (ends.more_after && !sh->json)
        printf("There are more: --after %s, or --all.\n", k.after);
    return EXIT_DONE;
}

int command_domain_show(struct shell *sh)
{
    struct domain d;
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = shell_find_domain(sh, sh->operands[0], &d)) != EXIT_DONE ||
        (status = shell_permit(sh, ACTION_DOMAIN_SHOW, &(struct object){.domain = &d})) !=
            EXIT_DONE)
        return status;
    struct domain_admin *rows;
    size_t n;
    enum outcome o = domain_admins(sh->store, sh->arena, d.id, &rows, &n);
    if (o != OUT_OK)
        return shell_outcome(sh, o);
    if (sh->json) {
        struct value *v = domain_value(sh, &d), *admins = value_set_list(v, "admins");
        for (size_t i = 0; i < n; i++)
            value_add_text(admins, rows[i].email);
        shell_print(sh, v);
        return EXIT_DONE;
    }
    print_row(sh, &d);
    for (size_t i = 0; i < n; i++)
        printf("  administered by %s\n", rows[i].email);
    return EXIT_DONE;
}

static int change(struct shell *sh, struct change *c, const char *what)
{
    int status = shell_perform(sh, c);
    return status == EXIT_DONE ? shell_done(sh, c, "domain", what) : status;
}

int command_domain_add(struct shell *sh)
{
    struct change c = {.action = ACTION_DOMAIN_ADD};
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = shell_read_fields(sh, &c)) != EXIT_DONE)
        return status;
    input_read_typed(sh->arena, c.input, "name", sh->operands[0], strlen(sh->operands[0]));
    return change(sh, &c, "added");
}

static int find(struct shell *sh, const char *name, struct object *on_r)
{
    struct domain *d = ARENA_NEW(sh->arena, struct domain);
    on_r->domain = d;
    return shell_find_domain(sh, name, d);
}

int command_domain_edit(struct shell *sh)
{
    struct change c = {.action = ACTION_DOMAIN_EDIT}, *changes;
    if (sh->operands_n == 0 || sh->fields_n == 0)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = shell_read_fields(sh, &c)) != EXIT_DONE)
        return status;
    status = shell_perform_each(sh, &c, find, &changes);
    for (size_t i = 0; status == EXIT_DONE && i < sh->operands_n; i++)
        shell_done(sh, &changes[i], "domain", "saved");
    return status;
}

int command_domain_delete(struct shell *sh)
{
    struct change c = {.action = ACTION_DOMAIN_DELETE};
    struct domain d;
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    if (!sh->yes)
        return shell_fail(sh, EXIT_USAGE, NULL,
                          "This deletes the domain with all its mailboxes and aliases. Say --yes "
                          "if that is meant.");
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = shell_find_domain(sh, sh->operands[0], &d)) != EXIT_DONE)
        return status;
    c.on.domain = &d;
    c.input = input_create(sh->arena, actions[c.action].fields);
    input_read_typed(sh->arena, c.input, "name", d.name, strlen(d.name));
    return change(sh, &c, "deleted");
}
