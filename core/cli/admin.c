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

/* The right over one domain, or a level of the whole server. */
static int aim(struct shell *sh, struct change *c, struct mailbox *m, struct domain *d, bool add)
{
    int status = shell_find_mailbox(sh, sh->operands[0], m, d);
    if (status != EXIT_DONE)
        return status;
    if (sh->domain == NULL) {
        c->action = sh->super ? (add ? ACTION_SUPER_ADMIN_ADD : ACTION_SUPER_ADMIN_REMOVE)
                              : (add ? ACTION_SERVER_ADMIN_ADD : ACTION_SERVER_ADMIN_REMOVE);
        c->on = (struct object){.domain = d, .mailbox = m};
        if (actions[c->action].fields != NULL)
            c->input = input_create(sh->arena, actions[c->action].fields);
        return EXIT_DONE;
    }
    if ((status = shell_find_domain(sh, sh->domain, d)) != EXIT_DONE)
        return status;
    c->action = add ? ACTION_DOMAIN_ADMIN_ADD : ACTION_DOMAIN_ADMIN_REMOVE;
    c->on = (struct object){.domain = d};
    c->input = input_create(sh->arena, actions[c->action].fields);
    input_read_typed(sh->arena, c->input, "address", m->email, strlen(m->email));
    return EXIT_DONE;
}

static int change_right(struct shell *sh, bool add)
{
    struct change c = {0};
    struct mailbox m;
    struct domain d;
    if (sh->operands_n != 1 || (sh->super && sh->domain != NULL))
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = aim(sh, &c, &m, &d, add)) != EXIT_DONE ||
        (status = shell_perform(sh, &c)) != EXIT_DONE)
        return status;
    if (sh->json) {
        struct value *v = value_map(sh->arena);
        value_set_text(v, "email", m.email);
        value_set_text(v, "action", actions[c.action].name);
        shell_print(sh, v);
    } else {
        printf("%s %s %s\n", m.email, add ? "is now" : "is no longer",
               sh->domain != NULL ? "administrator of the domain"
               : sh->super        ? "super admin"
                                  : "server admin");
    }
    return EXIT_DONE;
}

int command_admin_add(struct shell *sh)
{
    return change_right(sh, true);
}

int command_admin_delete(struct shell *sh)
{
    if (!sh->yes && sh->operands_n == 1)
        return shell_fail(sh, EXIT_USAGE, NULL,
                          "This takes a right away. Say --yes if that is meant.");
    return change_right(sh, false);
}
