/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy relay list|show|add|edit|delete|recipients */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "model/address.h"
#include "store/relay.h"

static bool is_server_admin(const struct shell *sh)
{
    return (actor_roles(&sh->who, NULL) & SERVER_ADMIN) != 0;
}

static void print_row(struct shell *sh, const struct relay *r)
{
    struct value *v = value_map(sh->arena);
    bool whole = is_server_admin(sh);
    record_relay(sh->arena, v, r, whole);
    if (sh->json)
        shell_print(sh, v);
    else
        printf("%-40s %-4s %8lld listed  %-30s %s\n", r->domain, r->recipients,
               (long long)r->listed, whole ? r->next_hop : "", r->description);
}

int command_relay_list(struct shell *sh)
{
    int status = shell_open(sh);
    if (status != EXIT_DONE ||
        (status = shell_permit(sh, ACTION_RELAY_LIST, &(struct object){0})) != EXIT_DONE)
        return status;
    struct keyset k = {.after = sh->after,
                       .prefix = sh->operands_n > 0 ? sh->operands[0] : NULL,
                       .limit = sh->all ? 500 : 50};
    struct keyset_ends ends;
    do {
        struct relay *rows;
        size_t n;
        enum outcome o = relay_list(sh->store, sh->arena, &k, &rows, &n, &ends);
        if (o != OUT_OK)
            return shell_outcome(sh, o);
        for (size_t i = 0; i < n; i++)
            print_row(sh, &rows[i]);
        k.after = n > 0 ? rows[n - 1].domain : NULL;
    } while (sh->all && ends.more_after);
    shell_more(sh, &ends, k.after);
    return EXIT_DONE;
}

static int find(struct shell *sh, struct relay *r)
{
    const char *domain, *name = sh->operands[0];
    enum text_key wrong = domain_parse(sh->arena, name, strlen(name), &domain);
    if (wrong != TEXT_NONE)
        return shell_fail(sh, EXIT_BAD_DATA, "domain", text_format(sh->arena, wrong, domain));
    enum outcome o = relay_find(sh->store, sh->arena, domain, r);
    if (o == OUT_ABSENT)
        return shell_fail(sh, EXIT_NOT_FOUND, "domain", text_english(TEXT_RELAY_UNKNOWN));
    return shell_outcome(sh, o);
}

static int permit_show(struct shell *sh, const struct relay *r)
{
    return shell_permit(sh, ACTION_RELAY_SHOW, &(struct object){.relay = r});
}

int command_relay_show(struct shell *sh)
{
    struct relay r;
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status == EXIT_DONE && (status = find(sh, &r)) == EXIT_DONE &&
        (status = permit_show(sh, &r)) == EXIT_DONE)
        print_row(sh, &r);
    return status;
}

static int change(struct shell *sh, struct change *c, const char *what)
{
    int status = shell_perform(sh, c);
    return status == EXIT_DONE ? shell_done(sh, c, "domain", what) : status;
}

int command_relay_add(struct shell *sh)
{
    struct change c = {.action = ACTION_RELAY_ADD};
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = shell_read_fields(sh, &c)) != EXIT_DONE)
        return status;
    input_read_typed(sh->arena, c.input, "domain", sh->operands[0], strlen(sh->operands[0]));
    return change(sh, &c, "added");
}

/* The relay domain that the first operand names becomes the change's object. Whether it may be
 * changed is perform()'s to say, so that a refusal is written down. */
static int aim(struct shell *sh, struct change *c, struct relay *r)
{
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = find(sh, r)) != EXIT_DONE)
        return status;
    c->on.relay = r;
    c->input = input_create(sh->arena, actions[c->action].fields);
    return EXIT_DONE;
}

int command_relay_edit(struct shell *sh)
{
    struct change c = {.action = ACTION_RELAY_EDIT};
    struct relay r;
    if (sh->operands_n != 1 || sh->fields_n == 0)
        return EXIT_USAGE;
    int status = aim(sh, &c, &r);
    if (status != EXIT_DONE || (status = shell_read_fields(sh, &c)) != EXIT_DONE)
        return status;
    return change(sh, &c, "saved");
}

int command_relay_delete(struct shell *sh)
{
    struct change c = {.action = ACTION_RELAY_DELETE};
    struct relay r;
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    if (!sh->yes)
        return shell_fail(sh, EXIT_USAGE, NULL,
                          "This deletes the relay domain with its list of recipients. Say --yes if "
                          "that is meant.");
    int status = aim(sh, &c, &r);
    return status == EXIT_DONE ? change(sh, &c, "deleted") : status;
}

/* --- recipients --- */

static int list_recipients(struct shell *sh, const struct relay *r)
{
    int status = permit_show(sh, r);
    if (status != EXIT_DONE)
        return status;
    struct keyset k = {.after = sh->after, .prefix = sh->prefix, .limit = sh->all ? 500 : 50};
    struct keyset_ends ends;
    do {
        struct relay_recipient *rows;
        size_t n;
        enum outcome o = relay_recipients(sh->store, sh->arena, r->id, &k, &rows, &n, &ends);
        if (o != OUT_OK)
            return shell_outcome(sh, o);
        for (size_t i = 0; i < n; i++) {
            struct value *v = value_map(sh->arena);
            record_relay_recipient(sh->arena, v, &rows[i]);
            if (sh->json)
                shell_print(sh, v);
            else
                puts(rows[i].email);
        }
        k.after = n > 0 ? rows[n - 1].user : NULL;
    } while (sh->all && ends.more_after);
    shell_more(sh, &ends, k.after);
    return EXIT_DONE;
}

static int add_recipients(struct shell *sh, struct change *c)
{
    const char *text;
    int status = shell_read_fields(sh, c);
    if (status == EXIT_DONE)
        status = shell_read_lines(sh, 2, &text);
    if (status != EXIT_DONE)
        return status;
    input_read_typed(sh->arena, c->input, "addresses", text, strlen(text));
    status = shell_perform(sh, c);
    shell_say_lines(sh, c->input, "addresses");
    return status;
}

static int delete_recipients(struct shell *sh, struct change *c)
{
    for (size_t i = 2; i < sh->operands_n; i++) {
        c->input = input_create(sh->arena, relay_recipient_fields);
        input_read_typed(sh->arena, c->input, "address", sh->operands[i], strlen(sh->operands[i]));
        int status = shell_perform(sh, c);
        if (status != EXIT_DONE)
            return status;
        if (!sh->json)
            printf("%s removed\n", sh->operands[i]);
    }
    return EXIT_DONE;
}

int command_relay_recipients(struct shell *sh)
{
    const char *verb = sh->operands_n > 1 ? sh->operands[1] : "list";
    bool add = strcmp(verb, "add") == 0, remove = strcmp(verb, "delete") == 0;
    struct change c = {.action = remove ? ACTION_RELAY_RECIPIENT_REMOVE
                                        : ACTION_RELAY_RECIPIENT_ADD};
    struct relay r;
    bool lists = strcmp(verb, "list") == 0 && sh->operands_n <= 2;
    if (sh->operands_n == 0 || !(lists || add || (remove && sh->operands_n > 2)))
        return EXIT_USAGE;
    int status = aim(sh, &c, &r);
    if (status != EXIT_DONE)
        return status;
    return add      ? add_recipients(sh, &c)
           : remove ? delete_recipients(sh, &c)
                    : list_recipients(sh, &r);
}
