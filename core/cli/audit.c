/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy audit list|show */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/cli.h"

static void print_entry(struct shell *sh, const struct audit_entry *e, bool whole)
{
    struct value *v = value_map(sh->arena);
    char at[32];
    time_t t = (time_t)e->at;
    struct tm tm;
    strftime(at, sizeof at, "%Y-%m-%d %H:%M:%S", localtime_r(&t, &tm));
    if (!sh->json) {
        printf("%8lld  %s  %-8s %-22s %-34s %s\n", (long long)e->id, at, e->outcome, e->action,
               e->object, e->actor);
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
