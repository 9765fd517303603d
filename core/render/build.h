/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts a struct compiled together from what the compiler gives. */
#ifndef RENDER_BUILD_H
#define RENDER_BUILD_H

#include "render/compile.h"

/* Names, assets and stylesheets of the chain, to which base is added. NULL without memory. */
struct compiled *build_begin(struct span name, const struct source *chain, size_t n);
/* Drops the stylesheets of the themes behind the first `levels` of the chain (n themes and base). */
void build_keep_styles(struct compiled *t, const struct source *chain, size_t n, size_t levels);
/* Runs the generated code in a theme state, which is kept. False: why_r (n bytes). */
bool build_templates(struct compiled *t, struct span code, char *why_r, size_t n);
/* Line n of the generated code came from `place`. */
void build_line(struct compiled *t, size_t n, const char *place);
/* Compiles a page script and keeps its dump. */
bool build_script(struct compiled *t, const char *page, struct span owner, struct span path,
                  struct span text, char *why_r, size_t n);
/* The same for a helpers.lua, the next in order. */
bool build_helpers(struct compiled *t, struct span owner, struct span text, char *why_r, size_t n);

#endif
