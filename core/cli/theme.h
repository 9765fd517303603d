/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands for authors of themes share: none needs a database, and a configuration only
 * to find a theme by its name. */
#ifndef CLI_THEME_H
#define CLI_THEME_H

#include "cli/cli.h"
#include "view/studio.h"

/* The statuses of `theme check`. */
enum { CHECK_FINDINGS = 1, CHECK_TROUBLE = 2 };

struct theme_place {
    const char *themes_dir, *name;
};

/* Call it before a configuration is read: the renderer comes of a process that knows no secret. The
 * caller destroys it. */
struct studio *theme_studio(struct shell *sh);
/* "base", a name in themes_dir, or a folder (with a '/', or "."). EXIT_DONE, or what was said. */
int theme_find(struct shell *sh, const char *operand, struct theme_place *place_r);
/* A line each, and one below it that says how to mend it. */
void theme_print_findings(const struct studio_findings *f, enum studio_level least);

/* For an upgrade: what base brings is another now. Where a folder for assets was never made, nothing is to
 * be done; else this process becomes `theme build`. */
int themes_publish(struct shell *sh);
/* For an upgrade: checks every installed theme; EXIT_DONE, or the status of one with errors. */
int themes_examine(struct shell *sh, struct studio *s);

#endif
