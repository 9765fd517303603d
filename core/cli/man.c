/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy man: the manual pages, from the tables that the program itself goes by. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/roff.h"
#include "cli/cli.h"
#include "cli/command.h"

/* A usage's words: names of options bold, what stands for something else slanted. */
static void usage_append(struct str *s, const char *usage)
{
    while (*usage != '\0') {
        size_t plain = strspn(usage, " []|<>(),"), word = strcspn(usage + plain, " []|<>(),");
        bool option = strncmp(usage + plain, "--", 2) == 0;
        bool stands = isupper((unsigned char)usage[plain]);
        roff_append(s, usage, plain);
        str_append(s, option ? "\\fB" : stands && word > 0 ? "\\fI" : "");
        roff_append(s, usage + plain, word);
        str_append(s, option || (stands && word > 0) ? "\\fR" : "");
        usage += plain + word;
    }
}

static void command_append(struct str *s, const struct command *c)
{
    str_printf(s, ".It Nm Cm %s", c->noun);
    if (c->verb != NULL)
        str_printf(s, " %s", c->verb);
    if (c->usage[0] != '\0') {
        str_append(s, " No ");
        usage_append(s, c->usage);
        str_append(s, "\\&"); /* a bracket here is no end of a sentence */
    }
    str_append_c(s, '\n');
    roff_append_prose(s, c->help);
}

static void exits_append(struct str *s)
{
    static const struct {
        int status;
        const char *prose;
    } rows[] = {
#define LEAVE(name, status, prose) {status, prose},
#include "cli/exits.def"
#undef LEAVE
    };
    str_append(s, ".Sh EXIT STATUS\n.Bl -tag -width Ds\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        str_printf(s, ".It %d\n", rows[i].status);
        roff_append_prose(s, rows[i].prose);
    }
    str_append(s, ".El\n");
}

static void options_append(struct str *s)
{
    str_append(s, ".Pp\nEverywhere:\n.Bl -tag -width Ds\n");
    for (const struct common *o = common_options; o->name != NULL; o++) {
        str_append(s, ".It \\fB");
        roff_append(s, o->name, strlen(o->name));
        str_append(s, "\\fR");
        if (o->value != NULL)
            str_printf(s, " Ar %s", o->value);
        str_append_c(s, '\n');
        roff_append_prose(s, o->prose);
    }
    str_append(s, ".El\n");
}

static void program_append(struct str *s)
{
    roff_append_head(s, "mailboy", 8, "administrate e-mail accounts that live in MariaDB");
    str_append(s, ".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Ar operand ...\n.Op Ar option ...\n"
                  ".Nm\n.Op Ar command\n.Fl \\-help\n.Sh DESCRIPTION\n");
    roff_append_prose(
        s, "Mailboy administrates domains, mailboxes and their administrators for Postfix and "
           "Dovecot. It is the pool behind a web server (serve) and the same on the command line: "
           "what a command changes goes through the same rights, rules and audit log as a page.");
    options_append(s);
    str_append(s, ".Sh COMMANDS\n.Bl -tag -width Ds\n");
    for (const struct command *c = commands; c->noun != NULL; c++)
        if (c->help != NULL)
            command_append(s, c);
    str_append(s, ".El\n.Sh FILES\n.Bl -tag -width Ds\n.It Pa " SETTINGS_PATH
                  "\nThe configuration:\n.Xr mailboy.conf 5 .\n.El\n");
    exits_append(s);
    str_append(s, ".Sh SEE ALSO\n.Xr doveadm 1 ,\n.Xr postfix 1 ,\n.Xr mailboy.conf 5\n");
}

int command_man(struct shell *sh)
{
    struct str s;
    str_init(&s, sh->arena, 1 << 20);
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    if (strcmp(sh->operands[0], "mailboy") == 0)
        program_append(&s);
    else if (strcmp(sh->operands[0], "mailboy.conf") == 0)
        settings_print_man(&s);
    else
        return EXIT_USAGE;
    fputs(s.data, stdout);
    return EXIT_DONE;
}
