/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy audit list|show|undo */
#include <stdio.h>
#include <stdlib.h>

#include "actions/undo.h"
#include "cli/cli.h"

static void print_entry(struct shell *sh, const struct audit_entry *e, bool whole)
{
    struct value *v = value_map(sh->arena);
    if (!sh->json) {
        printf("%8lld  %s  %-8s %-22s %-34s %s\n", (long long)e->id, shell_time(sh, e->at),
               e->outcome, e->action, e->object, e->actor);
        if (whole)
            printf("          before %s\n          after  %s\n          via %s, request %s\n",
                   e->before, e->after, e->via, e->request_id);
        return;
    }
    record_audit(v, e);
    if (whole) {
        value_set_text(v, "before", e->before);
        value_set_text(v, "after", e->after);
        value_set_text(v, "request_id", e->request_id);
    }
    shell_print(sh, v);
}

static int filter(struct shell *sh, struct audit_filter *f)
{
    struct domain d;
    f->actor = sh->actor;
    if (sh->domain == NULL)
        return shell_permit(sh, ACTION_AUDIT_LIST, &(struct object){0});
    int status = shell_find_domain(sh, sh->domain, &d);
    f->domain_id = d.id;
    return status != EXIT_DONE
               ? status
               : shell_permit(sh, ACTION_AUDIT_DOMAIN, &(struct object){.domain = &d});
}

int command_audit_list(struct shell *sh)
{
    struct audit_filter f = {0};
    if (sh->operands_n > 0)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = filter(sh, &f)) != EXIT_DONE)
        return status;
    struct reach reach = actor_reach(&sh->who);
    struct keyset k = {.after = sh->after, .limit = sh->all ? 500 : 50};
    struct keyset_ends ends;
    do {
        struct audit_entry *rows;
        size_t n;
        enum outcome o = audit_list(sh->store, sh->arena, &reach, &f, &k, &rows, &n, &ends);
        if (o != OUT_OK)
            return shell_outcome(sh, o);
        for (size_t i = 0; i < n; i++)
            print_entry(sh, &rows[i], false);
        k.after = n > 0 ? arena_printf(sh->arena, "%lld", (long long)rows[n - 1].id) : NULL;
    } while (sh->all && ends.more_after);
    if (ends.more_after && !sh->json)
        printf("There are more: --after %s, or --all.\n", k.after);
    return EXIT_DONE;
}

int command_audit_show(struct shell *sh)
{
    struct audit_entry e;
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE)
        return status;
    enum outcome o = audit_by_id(sh->store, sh->arena, atoll(sh->operands[0]), &e);
    if (o != OUT_OK ||
        (o = permit(&sh->who, ACTION_AUDIT_SHOW, &(struct object){.entry = &e})) != OUT_OK)
        return shell_outcome(sh, o);
    print_entry(sh, &e, true);
    return EXIT_DONE;
}

static int plan_undo(struct shell *sh, const char *id, struct change *c)
{
    struct audit_entry *e = ARENA_NEW(sh->arena, struct audit_entry);
    struct object on = {.entry = e};
    enum text_key why = TEXT_NOT_ALLOWED;
    enum outcome o = audit_by_id(sh->store, sh->arena, atoll(id), e);
    if (o == OUT_OK)
        o = permit_why(&sh->who, ACTION_UNDO, &on, &why);
    if (o == OUT_DENIED || o == OUT_ABSENT)
        audit_refusal(&sh->desk->workshop, sh->arena, &sh->who, ACTION_UNDO,
                      on.entry->id > 0 ? &on : NULL);
    if (o == OUT_DENIED)
        return shell_fail(sh, EXIT_NOT_ALLOWED, id, text_english(why));
    if (o != OUT_OK)
        return shell_outcome(sh, o);
    o = undo_change(sh->store, sh->arena, e, c);
    return o == OUT_ABSENT ? shell_fail(sh, EXIT_THERE, id, text_english(TEXT_UNDO_CHANGED))
                           : shell_outcome(sh, o);
}

int command_audit_undo(struct shell *sh)
{
    size_t n = sh->operands_n;
    if (n == 0 || n > UNDO_MOST)
        return EXIT_USAGE;
    struct change *changes = arena_array(sh->arena, n, sizeof *changes);
    int status = shell_open(sh);
    for (size_t i = 0; status == EXIT_DONE && i < n; i++)
        status = plan_undo(sh, sh->operands[i], &changes[i]);
    if (status == EXIT_DONE)
        status = shell_perform_all(sh, changes, n, sh->operands);
    for (size_t i = 0; status == EXIT_DONE && i < n; i++) {
        struct value *v = value_map(sh->arena);
        value_set_int(v, "id", changes[i].object_id);
        value_set_text(v, "name", changes[i].object_name);
        value_set_int(v, "version", changes[i].object_version);
        if (sh->json)
            shell_print(sh, v);
        else
            printf("%s undone\n", changes[i].object_name);
    }
    return status;
}
