/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy admin list|show|add|delete */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "store/admin.h"

static void print_row(struct shell *sh, const struct admin *d)
{
    struct value *v = value_map(sh->arena);
    record_admin(sh->arena, v, d);
    const struct mailbox m = {.id = d->id, .level = d->level};
    if (sh->json)
        shell_print(sh, v);
    else
        printf("%-8s %s%s\n", role_word(account_level(&m), d->domains > 0), d->email,
               d->active ? "" : " (off)");
}

int command_admin_list(struct shell *sh)
{
    int status = shell_open(sh);
    if (status != EXIT_DONE ||
        (status = shell_permit(sh, ACTION_ADMIN_LIST, &(struct object){0})) != EXIT_DONE)
        return status;
    struct keyset k = {.after = sh->after, .prefix = sh->prefix, .limit = sh->all ? 500 : 50};
    struct keyset_ends ends;
    do {
        struct admin *rows;
        size_t n;
        enum outcome o = admin_list(sh->store, sh->arena, &k, &rows, &n, &ends);
        if (o != OUT_OK)
            return shell_outcome(sh, o);
        for (size_t i = 0; i < n; i++)
            print_row(sh, &rows[i]);
        k.after = n > 0 ? admin_key(sh->arena, &rows[n - 1]) : NULL;
    } while (sh->all && ends.more_after);
    if (ends.more_after && !sh->json)
        printf("There are more: --after %s, or --all.\n", k.after);
    return EXIT_DONE;
}

int command_admin_show(struct shell *sh)
{
    struct mailbox m;
    struct domain d, *rows;
    size_t n;
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE ||
        (status = shell_find_mailbox(sh, sh->operands[0], &m, &d)) != EXIT_DONE ||
        (status = shell_permit(sh, ACTION_ADMIN_LIST, &(struct object){0})) != EXIT_DONE)
        return status;
    enum outcome o = domains_of_admin(sh->store, sh->arena, m.id, &rows, &n);
    if (o != OUT_OK)
        return shell_outcome(sh, o);
    struct value *v = value_map(sh->arena);
    value_set_text(v, "email", m.email);
    value_set_text(v, "role", role_word(account_level(&m), n > 0));
    struct value *domains = value_set_list(v, "domains");
    if (!sh->json)
        printf("%-8s %s\n", role_word(account_level(&m), n > 0), m.email);
    for (size_t i = 0; i < n; i++) {
        value_add_text(domains, rows[i].name);
        if (!sh->json)
            printf("  administers %s\n", rows[i].name);
    }
    if (sh->json)
        shell_print(sh, v);
    return EXIT_DONE;
}

static const char *over(const struct shell *sh)
{
    return sh->domain != NULL || sh->operands_n > 1 ? "administrator of the domain"
           : sh->super                              ? "super admin"
                                                    : "server admin";
}

/* The right over a domain, or (NULL) a level of the whole server. */
static int aim(struct shell *sh, struct change *c, const struct object *account, const char *domain,
               bool add)
{
    struct domain *d = ARENA_NEW(sh->arena, struct domain);
    c->action = domain != NULL ? (add ? ACTION_DOMAIN_ADMIN_ADD : ACTION_DOMAIN_ADMIN_REMOVE)
                : sh->super    ? (add ? ACTION_SUPER_ADMIN_ADD : ACTION_SUPER_ADMIN_REMOVE)
                               : (add ? ACTION_SERVER_ADMIN_ADD : ACTION_SERVER_ADMIN_REMOVE);
    c->on = *account;
    if (actions[c->action].fields != NULL)
        c->input = input_create(sh->arena, actions[c->action].fields);
    if (domain == NULL)
        return EXIT_DONE;
    const char *email = account->mailbox->email;
    c->on = (struct object){.domain = d};
    input_read_typed(sh->arena, c->input, "address", email, strlen(email));
    return shell_find_domain(sh, domain, d);
}

static void print_change(struct shell *sh, const struct change *c, const char *email, bool add)
{
    if (!sh->json) {
        printf("%s %s %s%s%s\n", email, add ? "is now" : "is no longer", over(sh),
               sh->operands_n > 1 ? " " : "", sh->operands_n > 1 ? c->on.domain->name : "");
        return;
    }
    struct value *v = value_map(sh->arena);
    value_set_text(v, "email", email);
    value_set_text(v, "action", actions[c->action].name);
    if (sh->operands_n > 1)
        value_set_text(v, "domain", c->on.domain->name);
    shell_print(sh, v);
}

/* The first operand is whom, the others are domains. */
static int change_right(struct shell *sh, bool add)
{
    bool many = sh->operands_n > 1;
    size_t n = many ? sh->operands_n - 1 : 1;
    struct object account;
    if (sh->operands_n == 0 || (sh->super + (sh->domain != NULL) + many) > 1)
        return EXIT_USAGE;
    struct change *changes = arena_array(sh->arena, n, sizeof *changes);
    int status = shell_open(sh);
    if (status == EXIT_DONE)
        status = shell_find_account(sh, sh->operands[0], &account);
    for (size_t i = 0; status == EXIT_DONE && i < n; i++)
        status = aim(sh, &changes[i], &account, many ? sh->operands[i + 1] : sh->domain, add);
    if (status == EXIT_DONE)
        status = shell_perform_all(sh, changes, n, many ? sh->operands + 1 : NULL);
    for (size_t i = 0; status == EXIT_DONE && i < n; i++)
        print_change(sh, &changes[i], account.mailbox->email, add);
    return status;
}

int command_admin_add(struct shell *sh)
{
    return change_right(sh, true);
}

int command_admin_delete(struct shell *sh)
{
    if (!sh->yes && sh->operands_n > 0)
        return shell_fail(sh, EXIT_USAGE, NULL,
                          "This takes a right away. Say --yes if that is meant.");
    return change_right(sh, false);
}
