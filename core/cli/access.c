/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy access list|show|add|paste|edit|delete */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "store/access.h"

static void print_row(struct shell *sh, const struct access_entry *e)
{
    struct value *v = value_map(sh->arena);
    record_access(sh->arena, v, e);
    if (sh->json)
        shell_print(sh, v);
    else
        printf("%8lld  %-44s %-30s %s\n", (long long)e->id, e->pattern, e->state, e->comment);
}

/* "clients" (the default) or "senders"; ACCESS_KINDS: neither. */
static enum access_kind kind_of(const struct shell *sh)
{
    if (sh->operands_n == 0 || strcmp(sh->operands[0], "clients") == 0)
        return ACCESS_CLIENT;
    return strcmp(sh->operands[0], "senders") == 0 ? ACCESS_SENDER : ACCESS_KINDS;
}

int command_access_list(struct shell *sh)
{
    enum access_kind kind = kind_of(sh);
    if (kind == ACCESS_KINDS || sh->operands_n > 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE ||
        (status = shell_permit(sh, ACTION_ACCESS_LIST, &(struct object){0})) != EXIT_DONE)
        return status;
    struct keyset k = {.after = sh->after, .prefix = sh->prefix, .limit = sh->all ? 500 : 50};
    struct keyset_ends ends;
    do {
        struct access_entry *rows;
        size_t n;
        enum outcome o = access_list(sh->store, sh->arena, kind, &k, &rows, &n, &ends);
        if (o != OUT_OK)
            return shell_outcome(sh, o);
        for (size_t i = 0; i < n; i++)
            print_row(sh, &rows[i]);
        k.after = n > 0 ? rows[n - 1].pattern : NULL;
    } while (sh->all && ends.more_after);
    shell_more(sh, &ends, k.after);
    return EXIT_DONE;
}

/* What --client, --sender or --null-sender names. */
static bool named(const struct shell *sh, enum access_kind *kind_r, const char **text_r)
{
    *kind_r = sh->client != NULL ? ACCESS_CLIENT : ACCESS_SENDER;
    *text_r = sh->client != NULL ? sh->client : sh->null_sender ? "<>" : sh->sender;
    return (sh->client != NULL) + (sh->sender != NULL) + sh->null_sender == 1;
}

static bool is_number(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Instead of the entry its number will do; what is stored may be older than the rules of entries. */
static int find(struct shell *sh, struct access_entry *e)
{
    enum access_kind kind;
    const char *text, *arg, *offer;
    struct access_pattern p;
    if (!named(sh, &kind, &text))
        return shell_fail(sh, EXIT_USAGE, NULL, "Say one of --client, --sender, --null-sender.");
    enum outcome o;
    if (is_number(text)) {
        o = access_by_id(sh->store, sh->arena, kind, atoll(text), e);
    } else {
        enum text_key wrong = access_parse(sh->arena, kind, text, strlen(text), &p, &arg, &offer);
        o = access_find(sh->store, sh->arena, kind, wrong == TEXT_NONE ? p.text : text, e);
    }
    if (o == OUT_ABSENT)
        return shell_fail(sh, EXIT_NOT_FOUND, "entry", text_english(TEXT_ACCESS_UNKNOWN));
    return shell_outcome(sh, o);
}

int command_access_show(struct shell *sh)
{
    struct access_entry e;
    if (sh->operands_n != 0)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status == EXIT_DONE && (status = find(sh, &e)) == EXIT_DONE &&
        (status = shell_permit(sh, ACTION_ACCESS_SHOW, &(struct object){.access = &e})) ==
            EXIT_DONE)
        print_row(sh, &e);
    return status;
}

static int change(struct shell *sh, struct change *c, const char *what)
{
    int status = shell_perform(sh, c);
    return status == EXIT_DONE ? shell_done(sh, c, "entry", what) : status;
}

static void read(struct shell *sh, struct change *c, const char *field, const char *text)
{
    input_read_typed(sh->arena, c->input, field, text, strlen(text));
}

/* STATE [TEXT]; a state that is a number is a code with its text. */
static void read_state(struct shell *sh, struct change *c)
{
    const char *state = sh->operands[0], *text = sh->operands_n > 1 ? sh->operands[1] : "";
    bool code = isdigit((unsigned char)state[0]);
    read(sh, c, "state", code ? "CODE" : state);
    if (code)
        read(sh, c, "text", arena_printf(sh->arena, "%s %s", state, text));
    else if (text[0] != '\0')
        read(sh, c, "text", text);
}

int command_access_add(struct shell *sh)
{
    struct change c = {.action = ACTION_ACCESS_ADD};
    enum access_kind kind;
    const char *text;
    if (sh->operands_n < 1 || sh->operands_n > 2 || !named(sh, &kind, &text))
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = shell_read_fields(sh, &c)) != EXIT_DONE)
        return status;
    read(sh, &c, "kind", access_kind_word(kind));
    if (sh->null_sender)
        input_read_bool(sh->arena, c.input, "null_sender", true);
    else
        read(sh, &c, "entry", text);
    read_state(sh, &c);
    return change(sh, &c, "added");
}

int command_access_paste(struct shell *sh)
{
    struct change c = {.action = ACTION_ACCESS_PASTE};
    enum access_kind kind = kind_of(sh);
    const char *text;
    if (kind == ACCESS_KINDS || sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE || (status = shell_read_fields(sh, &c)) != EXIT_DONE ||
        (status = shell_read_lines(sh, 1, &text)) != EXIT_DONE)
        return status;
    read(sh, &c, "kind", access_kind_word(kind));
    if (!input_has(c.input, "state"))
        read(sh, &c, "state", "REJECT");
    read(sh, &c, "lines", text);
    status = shell_perform(sh, &c);
    shell_say_lines(sh, c.input, "lines");
    return status;
}

static int aim(struct shell *sh, struct change *c, struct access_entry *e)
{
    int status = shell_open(sh);
    if (status == EXIT_DONE)
        status = find(sh, e);
    c->on.access = e;
    return status;
}

int command_access_edit(struct shell *sh)
{
    struct change c = {.action = ACTION_ACCESS_EDIT};
    struct access_entry e;
    if (sh->operands_n != 0 || sh->fields_n == 0)
        return EXIT_USAGE;
    int status = aim(sh, &c, &e);
    if (status != EXIT_DONE || (status = shell_read_fields(sh, &c)) != EXIT_DONE)
        return status;
    return change(sh, &c, "saved");
}

int command_access_delete(struct shell *sh)
{
    struct change c = {.action = ACTION_ACCESS_DELETE};
    struct access_entry e;
    if (sh->operands_n != 0)
        return EXIT_USAGE;
    if (!sh->yes)
        return shell_fail(sh, EXIT_USAGE, NULL, "Say --yes if that is meant.");
    int status = aim(sh, &c, &e);
    return status == EXIT_DONE ? change(sh, &c, "deleted") : status;
}
