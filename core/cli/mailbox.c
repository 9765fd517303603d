/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy mailbox list|show|add|edit|enable|disable|password|invite|delete */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "model/address.h"

static struct value *mailbox_value(struct shell *sh, const struct mailbox *m)
{
    struct value *v = value_map(sh->arena);
    record_mailbox(sh->arena, v, m);
    return v;
}

static void print_row(struct shell *sh, const struct mailbox *m)
{
    if (sh->json)
        shell_print(sh, mailbox_value(sh, m));
    else
        printf("%-44s %-8s %-6s %12lld kB  %s\n", m->email, m->active ? "on" : "off",
               role_word(account_level(m), m->administers_n > 0 || m->administers_any),
               (long long)m->quota_kb, m->name);
}

static int list_scope(struct shell *sh, struct domain *d)
{
    if (sh->operands_n == 0)
        return shell_permit(sh, ACTION_MAILBOX_LIST_ALL, &(struct object){0});
    int status = shell_find_domain(sh, sh->operands[0], d);
    return status != EXIT_DONE
               ? status
               : shell_permit(sh, ACTION_MAILBOX_LIST, &(struct object){.domain = d});
}

/* Where the next page begins: behind the last that was looked at. */
static const char *last_key(struct shell *sh, const struct keyset_ends *ends, int64_t domain_id,
                            const struct mailbox *rows, size_t n, const char *before)
{
    if (ends->looked_to == NULL && n == 0)
        return before;
    return arena_strdup(sh->arena, ends->looked_to != NULL ? ends->looked_to
                                   : domain_id != 0        ? rows[n - 1].local_part
                                                           : rows[n - 1].email);
}

int command_mailbox_list(struct shell *sh)
{
    struct domain d = {0};
    struct mailbox_filter filter = {.active = -1};
    if (sh->operands_n > 1 || (sh->use != NULL && !mailbox_use_of(sh->use, &filter.use)))
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = list_scope(sh, &d)) != EXIT_DONE)
        return status;
    filter.domain_id = d.id;
    struct reach reach = actor_reach(&sh->who);
    struct keyset k = {.after = sh->after, .prefix = sh->prefix, .limit = sh->all ? 500 : 50};
    struct keyset_ends ends;
    struct arena *chunk = arena_create((size_t)64 << 20);
    bool looked = false;
    do {
        struct mailbox *rows;
        size_t n;
        enum outcome o = mailbox_list(sh->store, chunk, &reach, &filter, &k, &rows, &n, &ends);
        if (o != OUT_OK)
            return shell_outcome(sh, o);
        for (size_t i = 0; i < n; i++)
            print_row(sh, &rows[i]);
        k.after = last_key(sh, &ends, d.id, rows, n, k.after);
        looked = ends.looked_to != NULL;
        arena_reset(chunk);
    } while (sh->all && ends.more_after);
    arena_destroy(chunk);
    if (ends.more_after && !sh->json && looked)
        printf("Looked at %d mailboxes. To go on: --after %s, or --all.\n", MAILBOXES_LOOKED,
               k.after);
    else if (ends.more_after && !sh->json)
        printf("There are more: --after %s, or --all.\n", k.after);
    return EXIT_DONE;
}

static void print_invite(struct shell *sh, const struct invite *i)
{
    printf("one-time link: made %s by %s, works until %s\n", shell_time(sh, i->created),
           i->maker[0] != '\0' ? i->maker : "the console", shell_time(sh, i->expires));
}

/* With its one-time link, for who may withdraw that. */
static int print_one(struct shell *sh, const struct mailbox *m, const struct domain *d)
{
    struct invite i;
    const struct object on = {.domain = d, .mailbox = m};
    bool may = permit(&sh->who, ACTION_INVITE_WITHDRAW, &on) == OUT_OK;
    enum outcome o = may ? invite_of(sh->store, sh->arena, m->id, &i) : OUT_ABSENT;
    if (o != OUT_OK && o != OUT_ABSENT)
        return shell_outcome(sh, o);
    if (!sh->json)
        print_row(sh, m);
    if (!sh->json && o == OUT_OK)
        print_invite(sh, &i);
    if (!sh->json)
        return EXIT_DONE;
    struct value *v = mailbox_value(sh, m);
    if (o == OUT_OK)
        record_invite(sh->arena, value_set_map(v, "pending"), &i);
    shell_print(sh, v);
    return EXIT_DONE;
}

int command_mailbox_show(struct shell *sh)
{
    struct mailbox m;
    struct domain d;
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE ||
        (status = shell_find_mailbox(sh, sh->operands[0], &m, &d)) != EXIT_DONE ||
        (status = shell_permit(sh, ACTION_MAILBOX_SHOW,
                               &(struct object){.domain = &d, .mailbox = &m})) != EXIT_DONE)
        return status;
    return print_one(sh, &m, &d);
}

static void print_change(struct shell *sh, const struct change *c, const char *what)
{
    const char *link = c->link != NULL ? link_url(sh->arena, sh->desk, NULL, c->link) : NULL;
    if (sh->json) {
        struct value *v = value_map(sh->arena);
        value_set_text(v, "email", c->object_name);
        value_set_int(v, "id", c->object_id);
        value_set_int(v, "version", c->object_version);
        value_set_text(v, "password", c->secret);
        value_set_text(v, "link", link);
        shell_print(sh, v);
        return;
    }
    printf("%s %s\n", c->object_name, what);
    if (c->secret != NULL)
        printf("password: %s\n", c->secret);
    if (link != NULL)
        printf("link: %s\n", link);
}

static int change(struct shell *sh, struct change *c, const char *what)
{
    int status = shell_perform(sh, c);
    if (status == EXIT_DONE)
        print_change(sh, c, what);
    return status;
}

/* Of all that are named, or none. */
static int change_each(struct shell *sh, const struct change *pattern, const char *what)
{
    struct change *changes;
    int status = shell_perform_each(sh, pattern, shell_find_account, &changes);
    for (size_t i = 0; status == EXIT_DONE && i < sh->operands_n; i++)
        print_change(sh, &changes[i], what);
    return status;
}

int command_mailbox_add(struct shell *sh)
{
    struct change c = {.action = ACTION_MAILBOX_ADD};
    struct domain d;
    struct address at;
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE)
        return status;
    enum text_key wrong = address_parse(sh->arena, sh->operands[0], strlen(sh->operands[0]), &at);
    if (wrong != TEXT_NONE)
        return shell_fail(sh, EXIT_BAD_DATA, "address", text_format(sh->arena, wrong, at.text));
    if ((status = shell_find_domain(sh, at.domain, &d)) != EXIT_DONE ||
        (status = shell_read_fields(sh, &c)) != EXIT_DONE)
        return status;
    c.on.domain = &d;
    c.no_password = sh->no_password;
    input_read_typed(sh->arena, c.input, "local_part", at.local_part, strlen(at.local_part));
    if ((status = shell_read_password(sh, &c, "password", true)) != EXIT_DONE)
        return status;
    return change(sh, &c, "added");
}

/* The mailbox that the first operand names becomes the change's object. */
static int aim(struct shell *sh, struct change *c, struct mailbox *m, struct domain *d)
{
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE ||
        (status = shell_find_mailbox(sh, sh->operands[0], m, d)) != EXIT_DONE)
        return status;
    c->on = (struct object){.domain = d, .mailbox = m};
    if (actions[c->action].fields != NULL)
        c->input = input_create(sh->arena, actions[c->action].fields);
    return EXIT_DONE;
}

int command_mailbox_edit(struct shell *sh)
{
    struct change c = {.action = ACTION_MAILBOX_EDIT};
    if (sh->fields_n == 0 || sh->operands_n == 0)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = shell_read_fields(sh, &c)) != EXIT_DONE)
        return status;
    return change_each(sh, &c, "saved");
}

static int set_active(struct shell *sh, bool active)
{
    struct change c = {.action = ACTION_MAILBOX_EDIT};
    if (sh->operands_n == 0)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE)
        return status;
    c.input = input_create(sh->arena, mailbox_fields);
    input_read_bool(sh->arena, c.input, "active", active);
    return change_each(sh, &c, active ? "enabled" : "disabled");
}

int command_mailbox_enable(struct shell *sh)
{
    return set_active(sh, true);
}

int command_mailbox_disable(struct shell *sh)
{
    return set_active(sh, false);
}

int command_mailbox_password(struct shell *sh)
{
    struct change c = {.action = ACTION_PASSWORD_SET};
    struct mailbox m;
    struct domain d;
    int status = aim(sh, &c, &m, &d);
    if (status != EXIT_DONE ||
        (status = shell_read_password(sh, &c, "password", false)) != EXIT_DONE)
        return status;
    return change(sh, &c, "has a new password");
}

int command_mailbox_invite(struct shell *sh)
{
    struct change c = {.action = sh->withdraw ? ACTION_INVITE_WITHDRAW : ACTION_MAILBOX_INVITE};
    struct mailbox m;
    struct domain d;
    int status = aim(sh, &c, &m, &d);
    return status != EXIT_DONE
               ? status
               : change(sh, &c,
                        sh->withdraw ? "has no one-time link any more"
                                     : "can set its password once, within 24 hours");
}

int command_mailbox_signout(struct shell *sh)
{
    struct change c = {.action = ACTION_SESSIONS_END};
    struct mailbox m;
    struct domain d;
    int status = aim(sh, &c, &m, &d);
    return status != EXIT_DONE ? status : change(sh, &c, "is signed out");
}

int command_mailbox_delete(struct shell *sh)
{
    struct change c = {.action = ACTION_MAILBOX_DELETE};
    if (sh->operands_n == 0)
        return EXIT_USAGE;
    if (!sh->yes)
        return shell_fail(sh, EXIT_USAGE, NULL,
                          "This is final (the mail on disk stays). Say --yes if that is meant.");
    int status = shell_open(sh);
    return status != EXIT_DONE ? status : change_each(sh, &c, "deleted");
}
