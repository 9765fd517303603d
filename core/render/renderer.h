/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The renderer process: takes themes and view models from one worker over a socket pair, and
 * gives pages back (base/wire.h). It is the only place where Lua runs. What a theme may do there is
 * limited twice: by a narrow language (render/sandbox.h) and by a process that owns nothing and may
 * make a handful of system calls (render/confine.h). Nothing here ever holds a secret: those are
 * slots, filled in by the worker. */
#ifndef RENDER_RENDERER_H
#define RENDER_RENDERER_H

#include <stdbool.h>

#include "base/embed.h"
#include "base/locale.h"
#include "base/str.h"
#include "render/route.h"

/* While the program is built: what the compiler makes of base in that language, and of which units that consists
 * (lua/theme/units.lua). False: base or the contract has mistakes, which are logged. */
bool renderer_bake(const struct renderer_route *routes, enum locale locale, struct str *product_r,
                   struct str *units_r);

/* In the zygote, once: loads the compiler and the contract and `base` in English, so that all
 * renderers share them. `baked` has what renderer_bake made, by the language's tag ("de", "de.units"); a language that it
 * has not, or all where it is NULL, is compiled when it is asked for. Both tables live as long as the
 * process. Mistakes in `base` or the contract end the process with a log line: they are the
 * program's own. The result belongs to the process. */
void *renderer_prepare(const struct renderer_route *routes, const struct embedded *baked);

/* In the zygote of a server, afterwards: base in the other languages that were baked, so that no
 * reader waits for it and all renderers share that too. */
void renderer_warm(void *prepared);

/* In a renderer: confines the process and serves `fd`, which is 3, until the worker closes it (0) or breaks the
 * rules of the wire (65). */
int renderer_main(void *prepared, int fd);

#endif
