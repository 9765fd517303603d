/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the tools: where the blocks of the theme compiled last are written (lua/theme/blocks.lua). */
#ifndef RENDER_BLOCKS_H
#define RENDER_BLOCKS_H

#include "render/compile.h"

/* Appends the rows of a WIRE_SOURCES, with their number. False: why_r says why. */
bool blocks_list(struct compiler *c, struct span page, struct span block, struct str *s,
                 char *why_r, size_t n);

#endif
