/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy theme build|...: the tools of studio/. What needs its libraries runs in mailboy-studio,
 * which this process becomes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "server/zygote.h"

/* Beside this program (as it is built), or in libexec (as it is installed). */
static const char *const places[] = {"mailboy-studio", "../libexec/mailboy/mailboy-studio"};

static int become_studio(struct shell *sh)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(self, '/');
    if (slash != NULL)
        slash[1] = '\0';
    for (size_t i = 0; slash != NULL && i < sizeof places / sizeof *places; i++)
        execv(arena_printf(sh->arena, "%s%s", self, places[i]), sh->argv);
    return shell_fail(sh, EXIT_TROUBLE, NULL, "the program mailboy-studio is not installed");
}

int shell_configure_loosely(struct shell *sh)
{
    if (sh->config != NULL || access(settings_path(NULL), F_OK) == 0)
        return shell_configure(sh);
    settings_defaults(sh->arena, &sh->settings);
    return EXIT_DONE;
}

int command_theme_tool(struct shell *sh)
{
    if (sh->tools == NULL)
        return become_studio(sh);
    const struct studio_tool *tool = sh->tools;
    while (tool->verb != NULL && strcmp(tool->verb, sh->verb) != 0)
        tool++;
    if (tool->verb == NULL || sh->operands_n != tool->operands || sh->fields_n > 0)
        return EXIT_USAGE;
    struct studio_order order = {.operand = sh->operands_n > 0 ? sh->operands[0] : NULL,
                                 .port = sh->port,
                                 .out = sh->out,
                                 .json = sh->json,
                                 .zygote = -1};
    if (tool->renders)
        order.zygote = zygote_alone(sh->house); /* before a secret is read */
    int status = shell_configure_loosely(sh);
    order.themes_dir = sh->settings.themes_dir;
    order.assets_dir = sh->settings.assets_dir;
    return status != EXIT_DONE ? status : tool->run(sh->arena, &order);
}
