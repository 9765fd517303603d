/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The theme tools that read strangers' archives, listen or compress. They and their libraries are
 * in a program of their own, mailboy-studio, which `mailboy theme ...` becomes; no process of the
 * pool ever holds that code. */
#ifndef STUDIO_TOOLS_H
#define STUDIO_TOOLS_H

#include <stdbool.h>

#include "base/arena.h"

/* What was asked for. Texts are NULL where nothing was said. */
struct studio_order {
    const char *themes_dir, *assets_dir; /* from the settings, or their defaults */
    const char *operand;                 /* a theme's name, a folder, an archive */
    const char *port, *out;
    bool json;
    int zygote;           /* the door to renderers; -1 if the tool needs none */
    const void *prepared; /* by studio_tool.prepare */
};

struct studio_tool {
    const char *verb;
    unsigned operands; /* as many, exactly */
    bool renders;      /* wants a zygote */
    bool names_theme;  /* the operand is a theme's name or folder, split into themes_dir and it */
    /* NULL, or what can be done before anything else: reading what a stranger made while no secret is
     * in this process and no renderer started. 0, or a status to leave with. */
    int (*prepare)(struct arena *a, struct studio_order *order);
    /* Says what it did or what is wrong; the status to leave with (sysexits.h). */
    int (*run)(struct arena *a, const struct studio_order *order);
};

/* Ends with a row whose verb is NULL. */
extern const struct studio_tool studio_tools[];

#endif
