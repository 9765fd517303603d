/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "cli/command.h"

/* What each command does: the other half of each row of commands.def, in the same order. */
static command_run *const runs[] = {
#define COMMAND(noun, verb, run, usage, help) run,
#include "cli/commands.def"
#undef COMMAND
};
enum { COMMANDS = sizeof runs / sizeof *runs };

/* Switches; everything else that starts with -- is an option or a field. */
static const struct {
    const char *name;
    size_t offset;
} switches[] = {
    {"json", offsetof(struct shell, json)},
    {"yes", offsetof(struct shell, yes)},
    {"dry-run", offsetof(struct shell, dry_run)},
    {"all", offsetof(struct shell, all)},
    {"generate", offsetof(struct shell, generate)},
    {"invite", offsetof(struct shell, invite)},
    {"withdraw", offsetof(struct shell, withdraw)},
    {"no-password", offsetof(struct shell, no_password)},
    {"password-stdin", offsetof(struct shell, password_stdin)},
    {"super", offsetof(struct shell, super)},
    {"check", offsetof(struct shell, check)},
    {"force", offsetof(struct shell, force)},
    {"null-sender", offsetof(struct shell, null_sender)},
};

/* Options with a value, which is empty by mistake alone (a variable of a script that was never set), unless it says where
 * a list begins. */
static const struct {
    const char *name;
    size_t offset;
    bool may_be_empty;
} options[] = {
    {"config", offsetof(struct shell, config), false},
    {"as", offsetof(struct shell, as), false},
    {"domain", offsetof(struct shell, domain), false},
    {"actor", offsetof(struct shell, actor), false},
    {"after", offsetof(struct shell, after), true},
    {"prefix", offsetof(struct shell, prefix), true},
    {"use", offsetof(struct shell, use), false},
    {"defaults-file", offsetof(struct shell, defaults_file), false},
    {"socket", offsetof(struct shell, socket), false},
    {"admin", offsetof(struct shell, admin), false},
    {"to", offsetof(struct shell, to), false},
    {"format", offsetof(struct shell, format), false},
    {"level", offsetof(struct shell, level), false},
    {"role", offsetof(struct shell, role), false},
    {"locale", offsetof(struct shell, locale), false},
    {"scheme", offsetof(struct shell, scheme), false},
    {"extends", offsetof(struct shell, extends), false},
    {"theme", offsetof(struct shell, theme), false},
    {"port", offsetof(struct shell, port), false},
    {"out", offsetof(struct shell, out), false},
    {"preset", offsetof(struct shell, preset), false},
    {"etc", offsetof(struct shell, etc), false},
    {"client-host", offsetof(struct shell, client_host), false},
    {"client", offsetof(struct shell, client), false},
    {"sender", offsetof(struct shell, sender), false},
};

/* Options that may stand without their value. */
static const struct {
    const char *name;
    size_t offset;
} loose[] = {
    {"write", offsetof(struct shell, write)},
    {"undo", offsetof(struct shell, undo)},
};

static void print_usage(FILE *to, const struct command *c)
{
    const char *const words[] = {"mailboy", c->noun, c->verb != NULL ? c->verb : "", c->usage};
    fputc(' ', to);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i][0] != '\0')
            fprintf(to, " %s", words[i]);
    fputc('\n', to);
}

static void print_command(const struct command *c, bool whole)
{
    print_usage(stdout, c);
    if (!whole)
        return;
    printf("\n%s\n", c->help);
}

static int print_help(const char *noun, const char *verb)
{
    bool found = false;
    if (noun == NULL)
        printf("Mailboy %s: e-mail accounts that live in MariaDB, administrated.\n\nUsage:\n",
               MAILBOY_VERSION);
    for (size_t i = 0; i < COMMANDS; i++) {
        const struct command *c = &commands[i];
        bool fits =
            c->help != NULL &&
            (noun == NULL || (strcmp(c->noun, noun) == 0 &&
                              (verb == NULL || c->verb == NULL || strcmp(c->verb, verb) == 0)));
        if (fits)
            print_command(c, noun != NULL);
        found |= fits;
    }
    if (noun == NULL || found)
        printf("\nEverywhere: --config FILE, --as ADDRESS (act as that account), --json, --help; "
               "-- ends the options.\n");
    return found ? EXIT_DONE : EXIT_USAGE;
}

static const struct command *find(const char *noun, const char *verb)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].noun, noun) == 0 &&
            (commands[i].verb == NULL || (verb != NULL && strcmp(commands[i].verb, verb) == 0)))
            return &commands[i];
    return NULL;
}

static bool noun_is_known(const char *noun)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].noun, noun) == 0)
            return true;
    return false;
}

static bool take_switch(struct shell *sh, const char *name)
{
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (strcmp(switches[i].name, name) == 0)
            return *(bool *)((char *)sh + switches[i].offset) = true;
    return false;
}

static bool set_loose(struct shell *sh, const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof loose / sizeof *loose; i++)
        if (strcmp(loose[i].name, name) == 0) {
            memcpy((char *)sh + loose[i].offset, &value, sizeof value);
            return true;
        }
    return false;
}

static bool take_option(struct shell *sh, const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (strcmp(options[i].name, name) == 0) {
            if (value[0] == '\0' && !options[i].may_be_empty)
                fprintf(stderr, "mailboy: --%s wants a value\n", name);
            memcpy((char *)sh + options[i].offset, &value, sizeof value);
            return value[0] != '\0' || options[i].may_be_empty;
        }
    if (set_loose(sh, name, value))
        return true;
    if (sh->fields_n == sizeof sh->fields / sizeof *sh->fields)
        return false;
    char *field = arena_strdup(sh->arena, name);
    for (char *c = field; *c != '\0'; c++)
        *c = *c == '-' ? '_' : *c;
    sh->fields[sh->fields_n][0] = field;
    sh->fields[sh->fields_n++][1] = value;
    return true;
}

static bool is_common(const char *name)
{
    for (const struct common *c = common_options; c->name != NULL; c++)
        if (strcmp(c->name + 2, name) == 0)
            return true;
    return false;
}

/* Of the shell itself, not of a field. */
static bool is_option(const char *name)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (strcmp(options[i].name, name) == 0)
            return true;
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (strcmp(switches[i].name, name) == 0)
            return true;
    return false;
}

/* The usage of a command names every option that it takes; --SETTING stands for those of a long
 * field table, which its input is asked for. */
static bool is_in_usage(const char *usage, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = usage; (at = strstr(at, "--")) != NULL; at += 2)
        if (strncmp(at + 2, name, n) == 0 && strchr(" ]|", at[2 + n]) != NULL)
            return true;
    return false;
}

static bool takes_all(const struct shell *sh, const struct command *c)
{
    for (size_t i = 0; i < sh->given_n; i++)
        if (!is_common(sh->given[i]) && !is_in_usage(c->usage, sh->given[i]) &&
            (is_option(sh->given[i]) || !is_in_usage(c->usage, "SETTING"))) {
            fprintf(stderr, "mailboy: there is no option --%s here\n", sh->given[i]);
            return false;
        }
    return true;
}

static bool note_option(struct shell *sh, const char *name)
{
    if (sh->given_n == sizeof sh->given / sizeof *sh->given)
        return false;
    sh->given[sh->given_n++] = name;
    return true;
}

/* One argument; the number of arguments it took, 0 for a mistake. */
static int take(struct shell *sh, char **argv)
{
    const char *name = argv[0] + 2, *equals = strchr(name, '=');
    if (equals != NULL)
        name = arena_memdup(sh->arena, name, (size_t)(equals - name));
    if (!note_option(sh, name))
        return 0;
    if (equals == NULL && take_switch(sh, name))
        return 1;
    bool last = argv[1] == NULL || text_starts(argv[1], "--");
    if (equals == NULL && last && set_loose(sh, name, ""))
        return 1;
    if (equals != NULL)
        return take_option(sh, name, equals + 1);
    if (argv[1] == NULL) {
        fprintf(stderr, "mailboy: --%s wants a value\n", name);
        return 0;
    }
    return take_option(sh, name, argv[1]) ? 2 : 0;
}

static int parse(struct shell *sh, char **argv, const char **words, size_t *n_r, bool *help_r)
{
    bool options_ended = false;
    for (char **at = argv; *at != NULL;) {
        if (!options_ended && strcmp(*at, "--") == 0) {
            options_ended = true;
            at++;
        } else if (!options_ended && (strcmp(*at, "--help") == 0 || strcmp(*at, "-h") == 0)) {
            *help_r = true;
            at++;
        } else if (!options_ended && (*at)[0] == '-' && (*at)[1] == '-') {
            int used = take(sh, at);
            if (used == 0)
                return EXIT_USAGE;
            at += used;
        } else {
            words[(*n_r)++] = *at++;
        }
    }
    return EXIT_DONE;
}

/* What was meant among the nouns, or the verbs of one; "" if none is near. */
static const char *hint(struct shell *sh, const char *noun, const char *wrong)
{
    struct nearest n = nearest_to(wrong);
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].help != NULL && noun == NULL)
            nearest_try(&n, commands[i].noun);
        else if (commands[i].verb != NULL && noun != NULL && strcmp(commands[i].noun, noun) == 0)
            nearest_try(&n, commands[i].verb);
    if (n.name == NULL)
        return "";
    return arena_printf(sh->arena, " - did you mean `%s`?", n.name);
}

static int refuse(struct shell *sh, const char **words, size_t n)
{
    if (!noun_is_known(words[0]))
        fprintf(stderr, "mailboy: there is no command `%s`%s; see mailboy --help\n", words[0],
                hint(sh, NULL, words[0]));
    else
        fprintf(stderr, "mailboy: `%s` wants one of its verbs%s; see mailboy %s --help\n", words[0],
                n > 1 ? hint(sh, words[0], words[1]) : "", words[0]);
    return EXIT_USAGE;
}

static int run(struct shell *sh, const char **words, size_t n)
{
    const struct command *c = find(words[0], n > 1 ? words[1] : NULL);
    if (c == NULL)
        return refuse(sh, words, n);
    size_t taken = c->verb != NULL ? 2 : 1;
    sh->verb = c->verb;
    sh->operands = words + taken;
    sh->operands_n = n - taken;
    int status = takes_all(sh, c) ? runs[c - commands](sh) : EXIT_USAGE;
    if (status == EXIT_USAGE) {
        fputs("Usage:\n", stderr);
        print_usage(stderr, c);
    }
    return status;
}

static int parse_and_run(struct shell *sh, int argc, char **argv)
{
    const char **words = arena_array(sh->arena, (size_t)argc + 1, sizeof *words);
    size_t n = 0;
    bool help = false;
    int status = parse(sh, argv + 1, words, &n, &help);
    if (status != EXIT_DONE)
        return status;
    if (help || n == 0) {
        int known = print_help(n > 0 ? words[0] : NULL, n > 1 ? words[1] : NULL);
        return help ? known : EXIT_USAGE;
    }
    return run(sh, words, n);
}

/* What was printed has to have arrived: on a full disk it is no answer. */
static int leave(int status)
{
    bool written = fflush(stdout) == 0 && !ferror(stdout);
    if (!written)
        fprintf(stderr, "mailboy: the output could not be written: %s\n", strerror(errno));
    return written || status != EXIT_DONE ? status : EXIT_THERE;
}

int cli_main(int argc, char **argv, const struct house *house, const struct studio_tool *tools)
{
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        printf("mailboy %s\n", MAILBOY_VERSION);
        return leave(EXIT_DONE);
    }
    struct arena *a = arena_create((size_t)1 << 30);
    struct shell *sh = ARENA_NEW(a, struct shell);
    sh->arena = a;
    sh->argv = argv;
    sh->house = house;
    sh->tools = tools;
    int status = parse_and_run(sh, argc, argv);
    store_destroy(sh->store);
    arena_wipe(a); /* passwords went through it */
    arena_destroy(a);
    return leave(status);
}
