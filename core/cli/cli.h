/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: the same rights, rules, audit and texts as the pages. The actor is --as
 * ADDRESS, else the console: a server admin's rights, and the making and unmaking of server and
 * super admins. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "pages/pages.h"
#include "pages/records.h"
#include "server/server.h"
#include "store/domain.h"
#include "studio/tools.h"
#include "store/mailbox.h"
#include "base/wire.h"
#include "view/value.h"

/* Exit statuses: EXIT_DONE, EXIT_USAGE ... */
enum {
#define LEAVE(name, status, prose) EXIT_##name = status,
#include "cli/exits.def"
#undef LEAVE
};

/* What one run of the program has. */
struct shell {
    struct arena *arena;
    char **argv; /* the program's own, for serve */
    const char *config, *as;
    bool force, null_sender;
    const char *client, *sender; /* of access entries */
    bool json, yes, dry_run, all, generate, invite, withdraw, no_password, password_stdin, super,
        check;
    const char *extends, *theme, *port, *out, *preset;
    const char *write, *undo; /* "": without a folder */
    const char *client_host;  /* from where the programs log in to the database; NULL: localhost */
    const char *etc;          /* stands in for /etc */
    const char *domain, *actor, *after, *prefix, *use, *defaults_file, *socket, *admin, *to;
    const char *format, *level, *role, *locale, *scheme; /* of the commands for themes */
    const char *verb;                                    /* as it was given; NULL */
    const char *const *operands;                         /* behind the noun and the verb */
    size_t operands_n;
    const char *given[80]; /* every option by its name, without its dashes */
    size_t given_n;
    const char *fields[64][2]; /* --name TEXT of field tables: {name, value} */
    size_t fields_n;
    const struct house *house;       /* for serve and page */
    const struct studio_tool *tools; /* NULL: they are in mailboy-studio */

    struct settings settings;
    struct store *store;
    struct reception *desk;
    struct actor who;
    struct mailbox account; /* of --as */
};

/* `tools` NULL: another program has them. */
int cli_main(int argc, char **argv, const struct house *house, const struct studio_tool *tools);

/* console.c. Each returns EXIT_DONE or the status to leave with; what is the matter has been
 * said. */
int shell_configure(struct shell *sh); /* settings */
/* The same, or the defaults where there is no configuration: for a themer's own machine. */
int shell_configure_loosely(struct shell *sh);
int shell_open(struct shell *sh); /* settings, store, actor */
/* A connection as the database's root, by --socket or --defaults-file; to be destroyed. */
struct store *shell_root(struct shell *sh, const char *database);
/* The host part of the programs' accounts: --client-host, else localhost. */
const char *shell_client_host(const struct shell *sh);
int shell_outcome(struct shell *sh, enum outcome o); /* says it */
int shell_fail(struct shell *sh, int status, const char *field, const char *text);
/* Does one change; prints errors with their field and mend. */
int shell_perform(struct shell *sh, struct change *c);
/* Asks on a terminal; EXIT_DONE if the answer is yes, or --yes was said. */
int shell_confirm(struct shell *sh, const char *question);
/* Finds what an operand names; says why not. */
typedef int shell_find(struct shell *sh, const char *operand, struct object *on_r);
shell_find shell_find_account;
/* The same change of everything that the operands name, all or none: `pattern` has the action and its
 * input. changes_r: as many as there are operands. */
int shell_perform_each(struct shell *sh, const struct change *pattern, shell_find *find,
                       struct change **changes_r);
/* Does all of them or none; says which one kept it from being done, by its name. */
int shell_perform_all(struct shell *sh, struct change *changes, size_t n, const char *const *names);
/* --name TEXT options of the action's fields into its input. */
int shell_read_fields(struct shell *sh, struct change *c);
/* Password by --password-stdin, --generate, --no-password or prompt, into the field of that
 * name. */
int shell_read_password(struct shell *sh, struct change *c, const char *field, bool may_lack);
int shell_find_domain(struct shell *sh, const char *name, struct domain *domain_r);
int shell_find_mailbox(struct shell *sh, const char *address, struct mailbox *mailbox_r,
                       struct domain *domain_r);
/* Of a list: says that there is more behind `last`, and how to get it. */
void shell_more(struct shell *sh, const struct keyset_ends *ends, const char *last);
/* Says that a change was done: as JSON its object under `member`, id and version. */
int shell_done(struct shell *sh, const struct change *c, const char *member, const char *what);
/* Lines of the operands from the `from`th on; of standard input where there is none, or "-". */
int shell_read_lines(struct shell *sh, size_t from, const char **text_r);
/* What became of each line of a FIELD_LINES. */
void shell_say_lines(struct shell *sh, struct input *in, const char *field);
/* In the time zone of who asks: "2026-05-01 09:30:00". */
const char *shell_time(struct shell *sh, int64_t at);
int shell_permit(struct shell *sh, enum action_id what, const struct object *on);
void shell_print(struct shell *sh, const struct value *v); /* JSON, one line */

/* tables.c: routes, actions and field tables as one JSON object: what a client may be made from. */
int tables_print(struct shell *sh);

typedef int command_run(struct shell *sh);
#define COMMAND(noun, verb, run, usage, help) command_run run;
#include "cli/commands.def"
#undef COMMAND

#endif
