/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a theme's manifest says, read as data by lua/theme/facts.lua in the compiler's state. */
#ifndef RENDER_FACTS_H
#define RENDER_FACTS_H

#include "base/str.h"
#include "render/compile.h"

/* sources: a theme's name and the bytes of its theme.lua, the child first; base is added here.
 * Appends the payload of a WIRE_FACTS; false: why_r (n bytes) says what is wrong with it. */
bool facts_read(struct compiler *c, const struct source_file *sources, size_t sources_n,
                struct str *s, char *why_r, size_t n);

#endif
