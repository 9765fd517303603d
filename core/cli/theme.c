/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy theme activate */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

int command_theme_activate(struct shell *sh)
{
    struct change c = {.action = ACTION_THEME_ACTIVATE};
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    int status = shell_open(sh);
    if (status != EXIT_DONE)
        return status;
    c.input = input_create(sh->arena, actions[c.action].fields);
    input_read_typed(sh->arena, c.input, "theme", sh->operands[0], strlen(sh->operands[0]));
    if ((status = shell_perform(sh, &c)) != EXIT_DONE)
        return status;
    if (sh->json) {
        struct value *v = value_map(sh->arena);
        value_set_text(v, "theme", input_text(c.input, "theme"));
        shell_print(sh, v);
    } else {
        printf("The site wears %s.\n", input_text(c.input, "theme"));
    }
    return EXIT_DONE;
}
