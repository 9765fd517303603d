/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts a struct compiled together from what the compiler gives: its product, of which base's are made while
 * the program is built (core/bake.c), so that nobody waits for the compiler at start. A product is, by the rules of
 * base/wire.h:
 *     text code | u32 n x (texts page, theme, path, text): scripts | u32 n x (texts theme, text): helpers
 *     | u32 n x (u32 line of the code, text place) | u32 style levels, 0: all | u8 is base's script left out */
#ifndef RENDER_BUILD_H
#define RENDER_BUILD_H

#include "base/locale.h"
#include "render/compiled.h"
#include "render/messages.h"
#include "render/source.h"

enum { BUILD_LINES_MAX = 100000 };

/* The theme of that chain (the child first, without base), with base's assets. NULL if it cannot be used;
 * messages_r says why, and which scripts do not load. */
struct compiled *build_theme(struct span name, enum locale locale, const struct source *chain,
                             size_t n, struct span product, struct messages *messages_r);

#endif
