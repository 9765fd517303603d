/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Themes handed on: packed into one file, and installed from one. What is installed was looked at
 * whole before anybody could wear it, and takes the place of what was there in one step; if its
 * assets cannot be published, the old one comes back. */
#ifndef STUDIO_INSTALL_H
#define STUDIO_INSTALL_H

#include "base/arena.h"
#include "studio/tools.h"

/* Tools as studio_tool.run; both say what they did. */
/* Reads the archive. */
int install_prepare(struct arena *a, struct studio_order *order);
int install_run(struct arena *a, const struct studio_order *order);
int pack_run(struct arena *a, const struct studio_order *order);

#endif
