/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a theme's file is called in a URL: its name with the first eight hex digits of its
 * SHA-256, so that a browser may keep it for ever. The list of types is closed: what is not in
 * it is not served. */
#ifndef BASE_ASSET_H
#define BASE_ASSET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* The content type of a theme's file, NULL if it is no asset. Scripts come from `base` alone. */
const char *asset_type(const char *path, bool is_base);
/* NULL: the bytes are what the name's ending says (by their first bytes; a text by being UTF-8, an SVG
 * by svg.h), so that no browser takes a stranger's file for something else. Else a sentence, in the
 * arena. Of what is no asset: that it is none. */
const char *asset_problem(struct arena *a, const char *path, const void *bytes, size_t n,
                          bool is_base);
/* Does it shrink when it is compressed? */
bool asset_is_text(const char *path);
/* "assets/logo.svg" and "logo.svg" are both called "logo.svg". */
const char *asset_name(const char *path);
/* "app.css" -> "app-1a2b3c4d.css". */
char *asset_file(struct arena *a, const char *name, const void *bytes, size_t n);

#endif
