/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each command is called and used. cli.c has what it does: one of them prints this table. */
#include "cli/command.h"

const struct command commands[] = {
#define COMMAND(noun, verb, run, usage, help) {noun, verb, usage, help},
#include "cli/commands.def"
#undef COMMAND
    {0},
};

const struct common common_options[] = {
    {"--config", "FILE", "Another configuration than " SETTINGS_PATH "."},
    {"--as", "ADDRESS", "Acts as that account, with its rights. Else it is the console's."},
    {"--json", NULL, "Answers in JSON."},
    {"--help", NULL, "Tells how a command is used."},
    {"--", NULL, "Ends the options."},
    {0},
};
