/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy policy list|show|add|edit|delete|choose */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "model/decimal.h"
#include "store/policy.h"

static bool sees_all(const struct shell *sh)
{
    return (actor_roles(&sh->who, NULL) & SERVER_ADMIN) != 0;
}

static const char *counted(struct shell *sh, int64_t n, const char *one, const char *many)
{
    if (n > POLICY_COUNTED)
        return arena_printf(sh->arena, "%d+ %s", POLICY_COUNTED, many);
    return arena_printf(sh->arena, "%lld %s", (long long)n, n == 1 ? one : many);
}

static void print_row(struct shell *sh, const struct policy *p)
{
    if (sh->json) {
        struct value *v = value_map(sh->arena);
        record_policy(sh->arena, LOCALE_EN, v, p, sees_all(sh));
        shell_print(sh, v);
        return;
    }
    printf("%-32s %-11s %16s %14s%s  %s\n", p->name, p->offered ? "offered" : "not offered",
           counted(sh, p->mailboxes, "mailbox", "mailboxes"),
           counted(sh, p->domains, "domain", "domains"),
           p->server_default ? "  the server's default" : "", p->description);
}

int command_policy_list(struct shell *sh)
{
    if (sh->operands_n > 0)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE ||
        (status = shell_permit(sh, ACTION_POLICY_LIST, &(struct object){0})) != EXIT_DONE)
        return status;
    struct keyset k = {.after = sh->after, .prefix = sh->prefix, .limit = sh->all ? 500 : 50};
    struct keyset_ends ends;
    do {
        struct policy *rows;
        size_t n;
        enum outcome o = policy_list(sh->store, sh->arena, &k, &rows, &n, &ends);
        if (o != OUT_OK)
            return shell_outcome(sh, o);
        for (size_t i = 0; i < n; i++)
            print_row(sh, &rows[i]);
        k.after = n > 0 ? rows[n - 1].name : k.after;
    } while (sh->all && ends.more_after);
    if (ends.more_after && !sh->json)
        printf("There are more: --after '%s', or --all.\n", k.after);
    return EXIT_DONE;
}

/* By its name, else by its number. */
static int find(struct shell *sh, const char *name, struct policy *policy_r)
{
    enum outcome o = policy_find(sh->store, sh->arena, name, policy_r);
    char *end;
    long long id = strtoll(name, &end, 10);
    if (o == OUT_ABSENT && *end == '\0' && id > 0)
        o = policy_by_id(sh->store, sh->arena, id, policy_r);
    return o == OUT_ABSENT
               ? shell_fail(sh, EXIT_NOT_FOUND, "policy", text_english(TEXT_POLICY_UNKNOWN))
               : shell_outcome(sh, o);
}

static const char *words_of(struct shell *sh, const struct field *f, const struct policy *p)
{
    const char *text = field_display(sh->arena, f, p);
    if (f->type == FIELD_BOOL)
        return strcmp(text, "1") == 0 ? "yes" : "no";
    return f->type == FIELD_TEXT && strcmp(text, "-") == 0 ? "none" : text;
}

static void print_setting_json(struct shell *sh, const struct field *f, const struct policy *p)
{
    static const char *const words[] = {
        [LAYER_SERVER] = "server", [LAYER_DOMAIN] = "domain", [LAYER_OWN] = "own"};
    struct value *v = value_map(sh->arena);
    value_set_text(v, "field", f->name);
    record_field(sh->arena, v, "value", f, p);
    value_set_text(v, "source", words[p->layer]);
    value_set_text(v, "from", p->name);
    shell_print(sh, v);
}

static void print_settings(struct shell *sh, const struct policy *layers, size_t n, bool whose)
{
    static const char *const words[] = {
        [LAYER_SERVER] = "the server", [LAYER_DOMAIN] = "the domain", [LAYER_OWN] = "its own"};
    for (const struct field *f = policy_fields; f->name != NULL; f++) {
        const struct policy *p = policy_source(layers, n, f);
        if (!f->nullable || p == NULL || (policy_field_is_ours(f) && !sees_all(sh)))
            continue;
        int64_t low;
        enum text_key note = policy_level_note(layers, n, f, &low);
        if (note != TEXT_NONE)
            fprintf(stderr, "mailboy: %s: %s\n", f->name,
                    text_format(sh->arena, note, decimal_text(sh->arena, low)));
        if (sh->json) {
            print_setting_json(sh, f, p);
            continue;
        }
        printf("  %-28s %-24s", f->name, words_of(sh, f, p));
        if (whose)
            printf(" from %s: %s", words[p->layer], p->name);
        putchar('\n');
    }
}

int command_policy_show(struct shell *sh)
{
    struct policy p;
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = find(sh, sh->operands[0], &p)) != EXIT_DONE ||
        (status = shell_permit(sh, ACTION_POLICY_SHOW, &(struct object){.policy = &p})) !=
            EXIT_DONE)
        return status;
    print_row(sh, &p);
    if (!sh->json)
        print_settings(sh, &p, 1, false);
    return EXIT_DONE;
}

static void print_change(struct shell *sh, const struct change *c, const char *what)
{
    if (!sh->json) {
        printf("%s %s\n", c->object_name, what);
        return;
    }
    struct value *v = value_map(sh->arena);
    value_set_text(v, "name", c->object_name);
    value_set_int(v, "id", c->object_id);
    value_set_int(v, "version", c->object_version);
    shell_print(sh, v);
}

static int change(struct shell *sh, struct change *c, const char *what)
{
    int status = shell_perform(sh, c);
    if (status == EXIT_DONE)
        print_change(sh, c, what);
    return status;
}

static int read_preset(struct shell *sh, struct change *c)
{
    const struct policy_preset *preset = sh->preset != NULL ? policy_preset_find(sh->preset) : NULL;
    if (sh->preset == NULL)
        return EXIT_DONE;
    if (preset == NULL)
        return shell_fail(sh, EXIT_BAD_DATA, "preset",
                          "Choose relaxed, standard, strict, attachments or off.");
    policy_preset_apply(sh->arena, preset, c->input);
    return EXIT_DONE;
}

int command_policy_add(struct shell *sh)
{
    struct change c = {.action = ACTION_POLICY_ADD};
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = shell_read_fields(sh, &c)) != EXIT_DONE ||
        (status = read_preset(sh, &c)) != EXIT_DONE)
        return status;
    input_read_typed(sh->arena, c.input, "name", sh->operands[0], strlen(sh->operands[0]));
    return change(sh, &c, "added");
}

static int find_operand(struct shell *sh, const char *name, struct object *on_r)
{
    struct policy *p = ARENA_NEW(sh->arena, struct policy);
    on_r->policy = p;
    return find(sh, name, p);
}

/* Of all that are named, or none. */
static int change_each(struct shell *sh, const struct change *pattern, const char *what)
{
    struct change *changes;
    int status = shell_perform_each(sh, pattern, find_operand, &changes);
    for (size_t i = 0; status == EXIT_DONE && i < sh->operands_n; i++)
        print_change(sh, &changes[i], what);
    return status;
}

int command_policy_edit(struct shell *sh)
{
    struct change c = {.action = ACTION_POLICY_EDIT};
    if (sh->operands_n == 0 || (sh->fields_n == 0 && sh->preset == NULL))
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = shell_read_fields(sh, &c)) != EXIT_DONE ||
        (status = read_preset(sh, &c)) != EXIT_DONE)
        return status;
    return change_each(sh, &c, "saved");
}

int command_policy_delete(struct shell *sh)
{
    const struct change c = {.action = ACTION_POLICY_DELETE};
    if (sh->operands_n == 0)
        return EXIT_USAGE;
    if (!sh->yes)
        return shell_fail(sh, EXIT_USAGE, NULL, "This is final. Say --yes if that is meant.");
    int status = shell_open(sh);
    return status != EXIT_DONE ? status : change_each(sh, &c, "deleted");
}

/* Of whom: an address, a domain, or "me". */
struct chooser {
    struct mailbox mailbox;
    struct domain domain;
    struct policy *layers;
    size_t n;
};

static int find_chooser(struct shell *sh, const char *name, struct change *c, struct chooser *who)
{
    bool own = strcmp(name, "me") == 0;
    if (own && sh->who.account == NULL)
        return shell_fail(sh, EXIT_USAGE, NULL, "Say --as ADDRESS, or an address instead of me.");
    if (!own && strchr(name, '@') == NULL) {
        c->action = ACTION_DOMAIN_POLICY;
        c->on.domain = &who->domain;
        return shell_find_domain(sh, name, &who->domain);
    }
    c->action = own ? ACTION_POLICY_CHOOSE : ACTION_MAILBOX_POLICY;
    c->on = (struct object){.domain = &who->domain, .mailbox = &who->mailbox};
    return shell_find_mailbox(sh, own ? sh->who.account->email : name, &who->mailbox, &who->domain);
}

static int print_force(struct shell *sh, struct chooser *who)
{
    enum outcome o =
        who->mailbox.id != 0
            ? policy_layers_of_mailbox(sh->store, sh->arena, who->mailbox.id, &who->layers, &who->n)
            : policy_layers_of_domain(sh->store, sh->arena, who->domain.id, &who->layers, &who->n);
    if (o != OUT_OK)
        return shell_outcome(sh, o);
    policies_as_read(who->layers, who->n);
    print_settings(sh, who->layers, who->n, true);
    return EXIT_DONE;
}

/* Without a policy: what is in force, and who says so. */
static int show_force(struct shell *sh, const struct change *c, struct chooser *who)
{
    int status = shell_permit(sh, c->action, &c->on);
    return status != EXIT_DONE ? status : print_force(sh, who);
}

static int choice_for(struct shell *sh, const char *name, const struct policy *p, struct change *c)
{
    c->input = input_create(sh->arena, policy_choice_fields);
    if (p == NULL)
        input_read_nothing(c->input, "policy");
    else
        input_read_number(sh->arena, c->input, "policy", p->id);
    return find_chooser(sh, name, c, ARENA_NEW(sh->arena, struct chooser));
}

/* The last operand for all before it, or for none. */
static int choose_each(struct shell *sh)
{
    size_t n = sh->operands_n - 1;
    struct change *changes = arena_array(sh->arena, n, sizeof *changes);
    struct policy p;
    bool back = strcmp(sh->operands[n], "-") == 0;
    int status = back ? EXIT_DONE : find(sh, sh->operands[n], &p);
    for (size_t i = 0; status == EXIT_DONE && i < n; i++)
        status = choice_for(sh, sh->operands[i], back ? NULL : &p, &changes[i]);
    if (status != EXIT_DONE ||
        (status = shell_perform_all(sh, changes, n, sh->operands)) != EXIT_DONE)
        return status;
    for (size_t i = 0; i < n; i++)
        print_change(sh, &changes[i], "has its policy");
    return EXIT_DONE;
}

int command_policy_choose(struct shell *sh)
{
    struct change c = {0};
    struct chooser who = {0};
    if (sh->operands_n == 0)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || sh->operands_n > 1)
        return status != EXIT_DONE ? status : choose_each(sh);
    status = find_chooser(sh, sh->operands[0], &c, &who);
    return status != EXIT_DONE ? status : show_force(sh, &c, &who);
}
