/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of commands, from commands.def: what `--help` and the manual print. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/cli.h"

struct command {
    const char *noun, *verb;  /* verb NULL: the noun alone */
    const char *usage, *help; /* help NULL: nowhere shown */
};

/* In the order of commands.def; ends with a row whose noun is NULL. */
extern const struct command commands[];

/* What every command knows; value NULL: a switch. Ends with a row whose name is NULL. */
struct common {
    const char *name, *value, *prose;
};
extern const struct common common_options[];

#endif
