/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `mailboy theme dev`: the gallery of one theme on a port of 127.0.0.1, for a browser on this
 * machine, until Ctrl-C. It only reads, and answers to its own name alone (a page elsewhere could
 * otherwise reach it by a name that leads here). When a file is saved, the browser is told by an
 * event stream. */
#ifndef STUDIO_DEV_H
#define STUDIO_DEV_H

#include "base/arena.h"
#include "studio/tools.h"

/* A tool as studio_tool.run. */
int dev_run(struct arena *a, const struct studio_order *order);

#endif
